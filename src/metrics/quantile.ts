/*
 * The definitions of quantile, CVaR and the summary of a sample, once for the whole program. Quantile: type 7 of Hyndman and Fan (1996), The
 * American Statistician 50(4): linear between order statistics at h = (n - 1) p. CVaR: Acerbi and Tasche (2002), Journal of
 * Banking & Finance 26(7): the mean of the worst share 1 - a, the observation on the border counted by its fraction; it is
 * coherent also where the law has atoms. Larger is worse. An empty sample has no figure: null, never 0.
 */

/** A figure, or null where the sample is empty: safe to write as JSON. */
export type Figure = number | null

/** Summary of a sample, in the sample's unit. */
export interface Distribution {
  readonly count: number
  readonly mean: Figure
  readonly p50: Figure
  readonly p90: Figure
  readonly p95: Figure
  readonly p99: Figure
  readonly max: Figure
}

/** Type 7 quantile of an ascending sample at p in [0, 1]; NaN when empty. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const count = sorted.length
  if (count === 0) return Number.NaN
  const h = (count - 1) * p
  const below = Math.floor(h)
  if (below + 1 >= count) return sorted[count - 1]
  return sorted[below] + (h - below) * (sorted[below + 1] - sorted[below])
}

/** Mean of the worst (largest) share 1 - level of an ascending sample, the border observation weighted by its fraction; NaN when empty. */
export function conditionalValueAtRisk(sorted: ArrayLike<number>, level: number): number {
  const count = sorted.length
  if (count === 0) return Number.NaN
  const share = tailWeight(count, level)
  let left = share
  let sum = 0
  for (let row = count - 1; row >= 0 && left > 0; row--) {
    const weight = left < 1 ? left : 1
    sum += weight * sorted[row]
    left -= weight
  }
  return sum / share
}

/**
 * Observations in the worst share: n (1 - a). Rounded at 1e-9, because 0.05 is not a binary number: 100 (1 - 0.95) must be 5
 * and not 5 and a bit, or an observation that is not in the tail would enter by its rounding error.
 */
export function tailWeight(count: number, level: number): number {
  return Math.round(count * (1 - level) * 1e9) / 1e9
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let row = 0; row < values.length; row++) sum += values[row]
  return sum / values.length
}

/** NaN (no value) to null. */
export function figure(value: number): Figure {
  return Number.isFinite(value) ? value : null
}

/** An ascending copy. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort()
}

/** Summary of a sample in any order; the sample is not changed. */
export function distribution(values: ArrayLike<number>): Distribution {
  const sorted = ascending(values)
  return {
    count: sorted.length,
    mean: figure(mean(sorted)),
    p50: figure(quantile(sorted, 0.5)),
    p90: figure(quantile(sorted, 0.9)),
    p95: figure(quantile(sorted, 0.95)),
    p99: figure(quantile(sorted, 0.99)),
    max: figure(quantile(sorted, 1))
  }
}

/** First index of an ascending sample with a value >= `value`; its length when there is none. */
export function firstAt(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
