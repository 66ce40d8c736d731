/*
 * The memory of signs that order splitting leaves (market/order-splitting.ts; Lillo, Mike and Farmer 2005), in closed form, and the splitting that
 * is nearest to a measured memory by least squares over a grid. A length L is at least k with probability k^-a, up to a cap; a take is
 * followed by j or more of its parent with probability sum over k > j of P(L >= k), over E[L]; of the next takes each is the parent's with 1 / parents.
 */
import { power } from '../kernel/elementary.ts'
import type { Figure } from '../metrics/quantile.ts'

export interface Splitting {
  readonly splitterCount: number
  readonly splitExponent: number
  readonly splitCountMax: number
}

const PARENTS = [1, 2, 3, 4, 6, 8]
const CAPS = [2, 3, 5, 8, 12, 20, 40, 80, 200]
const EXPONENTS = Array.from({ length: 22 }, (_, step) => (5 + step) / 10)

/** Autocorrelation of signs at each lag, in takes. */
export function splittingMemory({ splitterCount, splitExponent, splitCountMax }: Splitting, lags: readonly number[]): number[] {
  // left[j] = P(j or more takes of the parent are still to come).
  const left = new Float64Array(splitCountMax + 1)
  for (let k = splitCountMax; k >= 1; k--) left[k - 1] = (k === splitCountMax ? 0 : left[k]) + power(k, -splitExponent)
  const meanLength = left[0]
  const own = 1 / splitterCount
  return lags.map((lag) => {
    // Of the lag - 1 takes between, m are the parent's: binomial, from m = 0 up.
    let memory = 0
    let odds = splitterCount === 1 ? 0 : power(1 - own, lag - 1)
    for (let m = 0; m < lag; m++) {
      if (splitterCount === 1) odds = m === lag - 1 ? 1 : 0
      memory += m + 1 <= splitCountMax ? (odds * own * left[m + 1]) / meanLength : 0
      odds *= splitterCount === 1 ? 1 : ((lag - 1 - m) / (m + 1)) * (own / (1 - own))
    }
    return memory
  })
}

/** `otherwise` without at least three lags. */
export function fitSplitting(lags: readonly number[], memory: readonly Figure[], otherwise: Splitting): Splitting {
  const known = lags.map((_, i) => i).filter((i) => memory[i] !== null)
  if (known.length < 3) return otherwise
  const knownLags = known.map((i) => lags[i])
  let best = otherwise
  let least = Number.POSITIVE_INFINITY
  for (const splitterCount of PARENTS) {
    for (const splitCountMax of CAPS) {
      for (const splitExponent of EXPONENTS) {
        const splitting = { splitterCount, splitExponent, splitCountMax }
        const model = splittingMemory(splitting, knownLags)
        const error = known.reduce((sum, i, at) => sum + (model[at] - (memory[i] ?? 0)) ** 2, 0)
        if (error < least) {
          least = error
          best = splitting
        }
      }
    }
  }
  return best
}
