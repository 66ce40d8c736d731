import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Window } from '../../src/desk/window.ts'

const SPAN_NS = 100

/** Steps between instants and their values: many ties among both. */
const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -5, max: 5 })), { maxLength: 200 })

/** What a window of the last SPAN_NS holds at `nowNs`: by looking at everything. */
function kept(all: readonly (readonly [number, number])[], nowNs: number): number[] {
  return all.filter(([atNs]) => atNs > nowNs - SPAN_NS).map(([, value]) => value)
}

describe('a rolling window', () => {
  it('counts and sums what is younger than its span, and gives nearest-rank quantiles of that and of more', () => {
    const ranks = fc.constantFrom(0, 0.1, 0.5, 0.9, 0.95, 0.99, 1)
    fc.assert(
      fc.property(entries, fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 5 }), ranks, (steps, more, p) => {
        const window = new Window(SPAN_NS)
        const all: [number, number][] = []
        let nowNs = 0
        for (const [stepNs, value] of steps) {
          nowNs += stepNs
          window.add(nowNs, value)
          all.push([nowNs, value])
          const values = kept(all, nowNs)
          expect(window.trim(nowNs)).toBe(values.length)
          expect(window.sum()).toBe(values.reduce((sum, each) => sum + each, 0))
          const sorted = [...values, ...more].sort((a, b) => a - b)
          expect(window.quantile(p, more)).toBe(sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)])
        }
      })
    )
  })

  it('has no quantile of nothing', () => {
    expect(new Window(SPAN_NS).quantile(0.5)).toBeNaN()
    expect(new Window(SPAN_NS).quantile(0.5, [3])).toBe(3)
  })

  it('keeps its values when asked for a quantile', () => {
    const window = new Window(SPAN_NS)
    for (const [atNs, value] of [
      [1, 9],
      [60, 1],
      [61, 5]
    ]) {
      window.add(atNs, value)
    }
    expect([window.quantile(0.5), window.quantile(0.5), window.quantile(1)]).toEqual([5, 5, 9])
    // The 9 is the oldest, whatever a quantile made of the order.
    expect(window.trim(101)).toBe(2)
    expect(window.quantile(1)).toBe(5)
  })

  it('is bursty by its fullest cell of a fixed grid, over all', () => {
    const window = new Window(SPAN_NS)
    for (const atNs of [1, 9, 10, 11, 12, 25]) window.add(atNs, 0)
    // Cells of 10 ns: 1 and 9, then 10, 11 and 12, then 25.
    expect(window.burstiness(10, 1)).toBe(3 / 6)
    expect(window.burstiness(10, 7)).toBeNaN()
  })
})
