/*
 * The U-shape of a day from the rates of its half hours: 1 + open e^(-x / l) + close e^(-(1 - x) / l), l as given, by least squares on the half hours'
 * means. A day seen for less than four half hours, or in part only, says too little: it is taken for flat.
 */
import { exp } from '../kernel/elementary.ts'

const HALF_HOURS_MIN = 4

export interface DayLifts {
  readonly openLift: number
  readonly closeLift: number
}

/** `rates[i]` is that of the i-th of equal parts of the day. */
export function fitDay(rates: readonly number[], liftShare: number): DayLifts {
  const count = rates.length
  if (count < HALF_HOURS_MIN) return { openLift: 0, closeLift: 0 }
  const part = (i: number): number => liftShare * count * (exp(-i / count / liftShare) - exp(-(i + 1) / count / liftShare))
  const columns = [rates.map(() => 1), rates.map((_, i) => part(i)), rates.map((_, i) => part(count - 1 - i))]
  const system = columns.map((row) => [...columns.map((column) => dot(row, column)), dot(row, rates)])
  const [base, open, close] = solve(system)
  if (!(base > 0)) return { openLift: 0, closeLift: 0 }
  return { openLift: Math.max(0, open / base), closeLift: Math.max(0, close / base) }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}

/** Gauss-Jordan elimination of a positive definite system; the last column is the right side. */
function solve(rows: number[][]): number[] {
  const size = rows.length
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const factor = rows[row][pivot] / rows[pivot][pivot]
      for (let column = pivot; column <= size; column++) rows[row][column] -= factor * rows[pivot][column]
    }
  }
  return rows.map((row, i) => row[size] / row[i])
}
