import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionalValueAtRisk, distribution, quantile } from '../../src/metrics/quantile.ts'

describe('quantile is type 7 of Hyndman and Fan: linear at h = (n - 1) p', () => {
  it('interpolates between order statistics', () => {
    // n = 5: h = 4 * 0.9 = 3.6, between 4 and 10: 4 + 0.6 * 6 = 7.6.
    expect(quantile([1, 2, 3, 4, 10], 0.9)).toBeCloseTo(7.6, 12)
    // n = 4: h = 1.5, between 2 and 3.
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
  })

  it('gives the ends at 0 and 1, and the value itself when there is one', () => {
    expect(quantile([3, 5, 9], 0)).toBe(3)
    expect(quantile([3, 5, 9], 1)).toBe(9)
    expect(quantile([7], 0.37)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('of 0..n is n p exactly enough, for any p (closed form)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        const ladder = Array.from({ length: n + 1 }, (_, i) => i)
        expect(quantile(ladder, p)).toBeCloseTo(n * p, 9)
      })
    )
  })
})

describe('CVaR is the mean of the worst share 1 - a with the border observation weighted (Acerbi-Tasche)', () => {
  it('of 1..100 at 95 % is the mean of 96..100', () => {
    // (96 + 97 + 98 + 99 + 100) / 5 = 98, with nothing of 95.
    expect(
      conditionalValueAtRisk(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.95
      )
    ).toBe(98)
  })

  it('weights the border observation by its fraction', () => {
    // n = 30 at 95 %: the worst 1.5 observations: (30 + 0.5 * 29) / 1.5 = 29.666...
    expect(
      conditionalValueAtRisk(
        Array.from({ length: 30 }, (_, i) => i + 1),
        0.95
      )
    ).toBeCloseTo(44.5 / 1.5, 12)
  })

  it('of fewer than 1 / (1 - a) observations is the worst one', () => {
    expect(conditionalValueAtRisk([1, 2, 8], 0.95)).toBeCloseTo(8, 12)
    expect(conditionalValueAtRisk([], 0.95)).toBeNaN()
  })

  it('at 0 is the mean, is at least the quantile, moves with a shift and scales', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 200 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b)
        const average = values.reduce((sum, value) => sum + value, 0) / values.length
        expect(conditionalValueAtRisk(sorted, 0)).toBeCloseTo(average, 9)
        const tail = conditionalValueAtRisk(sorted, 0.95)
        expect(tail).toBeGreaterThanOrEqual(average - 1e-9)
        expect(tail).toBeLessThanOrEqual(sorted[sorted.length - 1] + 1e-9)
        const moved = sorted.map((value) => 3 * value + 7)
        expect(conditionalValueAtRisk(moved, 0.95)).toBeCloseTo(3 * tail + 7, 6)
      })
    )
  })

  it('is subadditive: two costs together have at most the CVaR of each added', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), { minLength: 1 }),
        (pairs) => {
          const tail = (values: number[]): number =>
            conditionalValueAtRisk(
              [...values].sort((a, b) => a - b),
              0.8
            )
          const joint = tail(pairs.map(([a, b]) => a + b))
          expect(joint).toBeLessThanOrEqual(tail(pairs.map(([a]) => a)) + tail(pairs.map(([, b]) => b)) + 1e-9)
        }
      )
    )
  })
})

describe('the summary of a sample', () => {
  it('does not depend on the order and does not change the sample', () => {
    const values = Float64Array.of(5, 1, 4, 2, 3)
    expect(distribution(values)).toEqual(distribution([1, 2, 3, 4, 5]))
    expect([...values]).toEqual([5, 1, 4, 2, 3])
  })

  it('of nothing says null, not 0', () => {
    expect(distribution([])).toEqual({ count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null })
  })
})
