/*
 * Percentile bootstrap (Efron 1979) of the difference of a statistic between two arms, resampling whole clusters (seeds): parents of
 * one seed share its weather and its market, so they are not independent, and redrawing single parents would make
 * intervals too narrow (Cameron, Gelbach and Miller 2008). Both arms take the same clusters in each resample, so what a
 * seed does to both cancels (pairing). Guarantees: equal arms give exactly 0; exchanged arms give exactly the negative of
 * delta and interval; the same seed and data give the same interval. Cost per resample is one pass over each arm's sorted
 * values with the clusters' multiplicities as weights: no sort and no copy. With few clusters percentile intervals are too
 * narrow; with one there is none.
 */
import { openStream } from '../kernel/random.ts'
import { tailWeight } from '../metrics/quantile.ts'

/** One arm's values with the cluster each belongs to, in any order. */
export interface ClusteredSample {
  readonly values: Float64Array
  /** 0..clusterCount - 1; length = values.length. */
  readonly cluster: Uint32Array
}

export const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99', 'cvar95'] as const
export type Statistic = (typeof STATISTICS)[number]

/** Low and high are null where there is no interval (fewer than two clusters). */
export interface Difference {
  readonly delta: number | null
  readonly low: number | null
  readonly high: number | null
}

const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const
const CVAR_LEVEL = 0.95

/** One arm, sorted once. */
interface SortedArm {
  readonly values: Float64Array
  readonly cluster: Uint32Array
  readonly clusterSum: Float64Array
  readonly clusterCount: Float64Array
}

/** The statistics of a sample where each cluster counts `weights[cluster]` times; order as in STATISTICS. NaN when nothing is left. */
function weightedStatistics(arm: SortedArm, weights: Float64Array, out: Float64Array): void {
  const { values, cluster, clusterSum, clusterCount } = arm
  let total = 0
  let sum = 0
  for (let c = 0; c < weights.length; c++) {
    total += weights[c] * clusterCount[c]
    sum += weights[c] * clusterSum[c]
  }
  if (total === 0) {
    out.fill(Number.NaN)
    return
  }
  out[0] = sum / total
  let row = 0
  let seen = weights[cluster[0]]
  for (let i = 0; i < QUANTILES.length; i++) {
    const h = (total - 1) * QUANTILES[i]
    const below = Math.floor(h)
    while (seen <= below) seen += weights[cluster[++row]]
    let next = row
    let seenNext = seen
    if (h > below) while (seenNext <= below + 1) seenNext += weights[cluster[++next]]
    out[1 + i] = values[row] + (h - below) * (values[next] - values[row])
  }
  out[5] = weightedTail(values, cluster, weights, total)
}

function weightedTail(values: Float64Array, cluster: Uint32Array, weights: Float64Array, total: number): number {
  const share = tailWeight(total, CVAR_LEVEL)
  let left = share
  let sum = 0
  for (let row = values.length - 1; left > 0; row--) {
    const weight = Math.min(left, weights[cluster[row]])
    sum += weight * values[row]
    left -= weight
  }
  return sum / share
}

function sortArm(sample: ClusteredSample, clusterCount: number): SortedArm {
  const order = Uint32Array.from(sample.values.keys()).sort((a, b) => sample.values[a] - sample.values[b] || a - b)
  const arm = {
    values: Float64Array.from(order, (row) => sample.values[row]),
    cluster: Uint32Array.from(order, (row) => sample.cluster[row]),
    clusterSum: new Float64Array(clusterCount),
    clusterCount: new Float64Array(clusterCount)
  }
  for (let row = 0; row < arm.values.length; row++) {
    arm.clusterSum[arm.cluster[row]] += arm.values[row]
    arm.clusterCount[arm.cluster[row]]++
  }
  return arm
}

/**
 * Differences treatment - control of the six statistics, with 95 % intervals. `seed` is the scenario's. Memory: resampleCount * 6 doubles.
 */
export function bootstrapDifferences(
  control: ClusteredSample,
  treatment: ClusteredSample,
  clusterCount: number,
  resampleCount: number,
  seed: number
): Record<Statistic, Difference> {
  const arms = [sortArm(control, clusterCount), sortArm(treatment, clusterCount)] as const
  const a = new Float64Array(STATISTICS.length)
  const b = new Float64Array(STATISTICS.length)
  const weights = new Float64Array(clusterCount).fill(1)
  weightedStatistics(arms[0], weights, a)
  weightedStatistics(arms[1], weights, b)
  const deltas = STATISTICS.map((_, i) => b[i] - a[i])
  const resampled = STATISTICS.map(() => new Float64Array(clusterCount < 2 ? 0 : resampleCount))
  const stream = openStream(seed, 'bootstrap')
  for (let resample = 0; resample < resampled[0].length; resample++) {
    weights.fill(0)
    for (let draw = 0; draw < clusterCount; draw++) weights[Math.floor(stream.next() * clusterCount)]++
    weightedStatistics(arms[0], weights, a)
    weightedStatistics(arms[1], weights, b)
    for (let i = 0; i < resampled.length; i++) resampled[i][resample] = b[i] - a[i]
  }
  const differences = STATISTICS.map((name, i) => [name, interval(deltas[i], resampled[i])] as const)
  return Object.fromEntries(differences) as Record<Statistic, Difference>
}

/**
 * The central 95 % of the resampled deltas, rounded outwards to order statistics: k = floor(0.025 (B - 1)) from either end,
 * so exchanging the arms mirrors the interval exactly. Resamples in which nothing could be measured are left out.
 */
function interval(delta: number, resampled: Float64Array): Difference {
  const sorted = resampled.filter(Number.isFinite).sort()
  const outer = Math.floor(0.025 * (sorted.length - 1))
  const finite = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null)
  return { delta: finite(delta), low: finite(sorted[outer]), high: finite(sorted[sorted.length - 1 - outer]) }
}
