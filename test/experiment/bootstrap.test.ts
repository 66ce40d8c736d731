import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapDifferences, type ClusteredSample, STATISTICS } from '../../src/experiment/bootstrap.ts'
import { openStream } from '../../src/kernel/random.ts'
import { ascending, conditionalValueAtRisk, mean, quantile } from '../../src/metrics/quantile.ts'

const sample = (values: readonly number[], cluster: readonly number[]): ClusteredSample => ({
  values: Float64Array.from(values),
  cluster: Uint32Array.from(cluster)
})

/** The plain way: copy the clusters out, sort, apply the definitions. */
function plainStatistics(values: readonly number[]): number[] {
  const sorted = ascending(values)
  const quantiles = [0.5, 0.9, 0.95, 0.99].map((p) => quantile(sorted, p))
  return [mean(sorted), ...quantiles, conditionalValueAtRisk(sorted, 0.95)]
}

function plainInterval(a: ClusteredSample, b: ClusteredSample, clusters: number, resamples: number, seed: number): number[][] {
  const stream = openStream(seed, 'bootstrap')
  const deltas: number[][] = STATISTICS.map(() => [])
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = Array.from({ length: clusters }, () => Math.floor(stream.next() * clusters))
    const pick = ({ values, cluster }: ClusteredSample): number[] =>
      drawn.flatMap((c) => [...values].filter((_, i) => cluster[i] === c))
    const control = plainStatistics(pick(a))
    for (const [i, value] of plainStatistics(pick(b)).entries()) deltas[i].push(value - control[i])
  }
  const outer = Math.floor(0.025 * (resamples - 1))
  return deltas.map((values) => [...values].sort((x, y) => x - y)).map((sorted) => [sorted[outer], sorted[resamples - 1 - outer]])
}

const arms = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 40
  })
  // Every cluster has at least one row, so that no resample is empty.
  .map((rows) => [...rows, ...[0, 1, 2, 3].map((c) => [c, 2 * c - 3, c] as [number, number, number])])

describe('the clustered bootstrap', () => {
  it('by weights over sorted values equals copying clusters, sorting and applying the definitions', () => {
    fc.assert(
      fc.property(arms, fc.integer({ min: 0, max: 1e6 }), (rows, seed) => {
        const cluster = rows.map(([, , c]) => c)
        const a = sample(
          rows.map(([x]) => x),
          cluster
        )
        const b = sample(
          rows.map(([, y]) => y),
          cluster
        )
        const plain = plainInterval(a, b, 4, 41, seed)
        const plainDelta = plainStatistics([...b.values]).map((value, i) => value - plainStatistics([...a.values])[i])
        const quick = bootstrapDifferences(a, b, 4, 41, seed)
        for (const [i, name] of STATISTICS.entries()) {
          expect(quick[name].delta).toBeCloseTo(plainDelta[i], 9)
          expect(quick[name].low).toBeCloseTo(plain[i][0], 9)
          expect(quick[name].high).toBeCloseTo(plain[i][1], 9)
        }
      }),
      { numRuns: 60 }
    )
  })

  it('of equal arms is exactly zero, interval and all', () => {
    fc.assert(
      fc.property(arms, (rows) => {
        const arm = sample(
          rows.map(([x]) => x / 7),
          rows.map(([, , c]) => c)
        )
        for (const difference of Object.values(bootstrapDifferences(arm, arm, 4, 50, 1))) {
          expect(difference).toEqual({ delta: 0, low: 0, high: 0 })
        }
      }),
      { numRuns: 30 }
    )
  })

  it('of exchanged arms is the exact negative, the interval mirrored', () => {
    fc.assert(
      fc.property(arms, (rows) => {
        const cluster = rows.map(([, , c]) => c)
        const a = sample(
          rows.map(([x]) => x / 7),
          cluster
        )
        const b = sample(
          rows.map(([, y]) => y / 3),
          cluster
        )
        const forth = bootstrapDifferences(a, b, 4, 200, 5)
        const back = bootstrapDifferences(b, a, 4, 200, 5)
        for (const name of STATISTICS) {
          // 0 - x instead of -x, which would make -0 of 0.
          const negative = (value: number | null): number => 0 - (value ?? Number.NaN)
          expect(back[name]).toEqual({
            delta: negative(forth[name].delta),
            low: negative(forth[name].high),
            high: negative(forth[name].low)
          })
        }
      }),
      { numRuns: 30 }
    )
  })

  it('has no interval from one cluster, and no figure from no data', () => {
    const one = bootstrapDifferences(sample([1, 2], [0, 0]), sample([3, 4], [0, 0]), 1, 100, 1)
    expect(one.mean).toEqual({ delta: 2, low: null, high: null })
    const none = bootstrapDifferences(sample([], []), sample([], []), 3, 100, 1)
    expect(none.p50).toEqual({ delta: null, low: null, high: null })
  })

  it('covers the true mean difference about 95 times in 100 when clusters are independent, and not when parents are redrawn singly', () => {
    // 40 clusters of 10 parents; a cluster shifts the difference of all its parents by a uniform in [-1, 1), true mean difference 0.5.
    // Percentile intervals from 40 clusters cover a little under 95 %. Over 200 trials the standard error is 1.5 %, so [0.88, 0.99] is 4 of them.
    // Parents as their own clusters ignore the common shift: the standard error comes out sqrt(10) too small, coverage near 46 %.
    const clusters = 40
    const size = 10
    let covered = 0
    let coveredSingly = 0
    for (let trial = 0; trial < 200; trial++) {
      const stream = openStream(trial, 'coverage')
      const control: number[] = []
      const treatment: number[] = []
      const cluster: number[] = []
      for (let c = 0; c < clusters; c++) {
        const shift = 2 * stream.next() - 1
        for (let i = 0; i < size; i++) {
          const common = stream.next()
          control.push(common)
          treatment.push(common + 0.5 + shift)
          cluster.push(c)
        }
      }
      const covers = ({ low, high }: { low: number | null; high: number | null }): boolean =>
        (low ?? 9) <= 0.5 && 0.5 <= (high ?? -9)
      if (covers(bootstrapDifferences(sample(control, cluster), sample(treatment, cluster), clusters, 199, trial).mean)) covered++
      const own = control.map((_, i) => i)
      if (covers(bootstrapDifferences(sample(control, own), sample(treatment, own), own.length, 199, trial).mean)) coveredSingly++
    }
    expect(covered / 200).toBeGreaterThan(0.88)
    expect(covered / 200).toBeLessThan(0.99)
    expect(coveredSingly / 200).toBeLessThan(0.7)
  })
})
