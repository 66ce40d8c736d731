/*
 * Poisson counts by inversion of one uniform number, so that a block's count is a keyed draw. A table serves a mean that
 * comes back (a block inside one regime) in a few ns; other means are inverted directly.
 */
import { exp, normalQuantile } from '../kernel/elementary.ts'

/** Above this mean the normal law stands in: its error is then far below the sampling noise of the count. */
const MEAN_MAX = 600
const GUIDE = 256

/** Count at the uniform number u for a mean >= 0. */
export function poissonCount(mean: number, u: number): number {
  if (mean <= 0) return 0
  if (mean > MEAN_MAX) {
    return Math.max(0, Math.floor(mean + Math.sqrt(mean) * normalQuantile(u < 2 ** -33 ? 2 ** -33 : u) + 0.5))
  }
  let count = 0
  let term = exp(-mean)
  let sum = term
  while (sum < u && count < 4 * MEAN_MAX) {
    count++
    term *= mean / count
    sum += term
  }
  return count
}

export class PoissonTable {
  private readonly mean: number
  private readonly cumulative: Float64Array
  private readonly guide: Uint16Array

  constructor(mean: number) {
    this.mean = mean
    const cumulative: number[] = []
    if (mean > 0 && mean <= MEAN_MAX) {
      let term = exp(-mean)
      let sum = term
      cumulative.push(sum)
      while (cumulative.length < 4 * MEAN_MAX && (sum < 1 - 1e-12 || cumulative.length <= mean) && term > 0) {
        term *= mean / cumulative.length
        sum += term
        cumulative.push(sum)
      }
    }
    this.cumulative = Float64Array.from(cumulative)
    this.guide = new Uint16Array(GUIDE)
    let count = 0
    for (let i = 0; i < GUIDE; i++) {
      while (count < cumulative.length - 1 && cumulative[count] < i / GUIDE) count++
      this.guide[i] = count
    }
  }

  /** The same count as poissonCount(mean, u). */
  count(u: number): number {
    if (this.mean <= 0) return 0
    if (this.mean > MEAN_MAX) return poissonCount(this.mean, u)
    const { cumulative } = this
    const last = cumulative.length - 1
    let count = this.guide[(u * GUIDE) | 0]
    while (count < last && cumulative[count] < u) count++
    return count
  }
}
