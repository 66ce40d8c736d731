import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Recordings of page faults and of a loop of 100 us ticks; outside the project. */
const folder = new URL('../../../shared/golden/host-stalls/', import.meta.url)
export const hasRecordings = existsSync(folder)

export function columns(file: string): Record<string, string[]> {
  const [head, ...rows] = gunzipSync(readFileSync(new URL(`${file}.csv.gz`, folder)))
    .toString()
    .trim()
    .split('\n')
  const cells = rows.map((row) => row.split(','))
  return Object.fromEntries(head.split(',').map((column, i) => [column, cells.map((row) => row[i])]))
}

/** Type 7. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1)
  const low = Math.floor(at)
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low])
}

/** Correlation of successive values. */
export function lagOne(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  let square = 0
  let product = 0
  for (let i = 0; i < values.length; i++) {
    square += (values[i] - mean) ** 2
    if (i > 0) product += (values[i] - mean) * (values[i - 1] - mean)
  }
  return (product / (values.length - 1) / square) * values.length
}

export function varianceToMean(counts: ArrayLike<number>): number {
  let sum = 0
  let squares = 0
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i]
    squares += counts[i] ** 2
  }
  return squares / sum - sum / counts.length
}
