import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger } from '../../src/ledger/ledger.ts'
import { completionFigures, parentCounts, parentResults, shortfallFigures } from '../../src/metrics/shortfall.ts'
import { addRow, CONTEXT, oneParentLedger } from './rows.ts'

const fill = (priceTicks: number, lots: number, parentId = 0) => ({ parentId, priceTicks, lots })

describe('implementation shortfall against the decision mid', () => {
  it('adds what was executed and the unfilled rest at the end mark', () => {
    // Buy 100, decision mid 100.00. 60 at 100.02 and 20 at 100.05: 60 * 2 + 20 * 5 = 220 tick lots = 440 half-tick lots.
    // 20 unfilled, end mid 100.10: 20 half ticks * 20 = 400. Notional 20000 * 100.
    const ledger = oneParentLedger({ endMidHalfTicks: 20020 })
    addRow(ledger.fills, fill(10002, 60))
    addRow(ledger.fills, fill(10005, 20))
    const results = parentResults(ledger, CONTEXT)
    expect(results.executedBps[0]).toBeCloseTo(2.2, 12)
    expect(results.opportunityBps[0]).toBeCloseTo(2, 12)
    expect(results.shortfallBps[0]).toBeCloseTo(4.2, 12)
    expect(results.filledLots[0]).toBe(80)
    // 100 lots at 100.00.
    expect(results.decisionNotional[0]).toBeCloseTo(10_000, 9)
  })

  it('turns its sign with the side: a sell above the mid gains', () => {
    // Sell 100 at 100.02 all: -(2 ticks) = -2 bps of 100.00.
    const ledger = oneParentLedger({ side: -1 })
    addRow(ledger.fills, fill(10002, 100))
    expect(parentResults(ledger, CONTEXT).shortfallBps[0]).toBeCloseTo(-2, 12)
  })

  it('takes half ticks of the mid: bid 99.99, ask 100.00, bought at the ask', () => {
    // Mid 99.995 = 19999 half ticks; price 20000: 1 half tick * 100 lots over 19999 * 100.
    const ledger = oneParentLedger({ decisionMidHalfTicks: 19999 })
    addRow(ledger.fills, fill(10000, 100))
    expect(parentResults(ledger, CONTEXT).shortfallBps[0]).toBeCloseTo(1e4 / 19999, 12)
  })

  it('prices nothing filled at the move of the mid alone', () => {
    // Buy; mid falls from 100.00 to 99.50: -50 bps of opportunity.
    const results = parentResults(oneParentLedger({ endMidHalfTicks: 19900 }), CONTEXT)
    expect(results.shortfallBps[0]).toBeCloseTo(-50, 12)
    expect(results.executedBps[0]).toBe(0)
  })

  it('sells an overfill at the end mark', () => {
    // 120 of 100 bought at 100.01; end mid 99.90 = 19980. Executed 120 * 2 = 240; excess 20 * -(−20)... s (E - M)(Q - F) = (-20)(-20) = 400.
    const ledger = oneParentLedger({ endMidHalfTicks: 19980 })
    addRow(ledger.fills, fill(10001, 120))
    const results = parentResults(ledger, CONTEXT)
    expect(results.shortfallBps[0]).toBeCloseTo((1e4 * 640) / 2_000_000, 12)
    expect(completionFigures([results])).toEqual({ mean: 1, ofLots: 1, fullShare: 1, overfilledLots: 20 })
  })

  it('does not drop parents that cannot be priced: it counts them and says why', () => {
    const ledger = createLedger()
    const parent = { venue: 0, side: 1, quantityLots: 10, startNs: 0, endNs: 1, endMidHalfTicks: 200, decisionMidHalfTicks: 200 }
    addRow(ledger.parents, { ...parent, parentId: 0 })
    addRow(ledger.parents, { ...parent, parentId: 1, decisionMidHalfTicks: Number.NaN })
    addRow(ledger.parents, { ...parent, parentId: 2, endMidHalfTicks: Number.NaN })
    addRow(ledger.parents, { ...parent, parentId: 3, endMidHalfTicks: Number.NaN })
    addRow(ledger.fills, fill(101, 10, 3))
    addRow(ledger.fills, fill(101, 5, 1))
    const results = parentResults(ledger, CONTEXT)
    expect(parentCounts([results])).toEqual({ count: 4, withoutDecisionMid: 1, withoutEndMark: 1 })
    // 0 unfilled at an unmoved mark: 0. 3 filled whole needs no mark: 2 half ticks over 200 = 100 bps.
    expect([...results.shortfallBps]).toEqual([0, Number.NaN, Number.NaN, 100])
    expect(shortfallFigures([results]).count).toBe(2)
    // Completion is of all four: 0, 5 of 10, 0, 10 of 10.
    expect(completionFigures([results]).mean).toBe(0.375)
  })

  it('refuses a fill of an unknown parent, and sums that are no longer exact', () => {
    const stray = oneParentLedger()
    addRow(stray.fills, fill(100, 1, 9))
    expect(() => parentResults(stray, CONTEXT)).toThrow(/names parent 9/)
    const huge = oneParentLedger({ quantityLots: 2 ** 50 })
    expect(() => parentResults(huge, CONTEXT)).toThrow(/larger lot/)
  })

  it('does not depend on how fills are split or ordered, and its parts add up', () => {
    const lots = fc.array(fc.tuple(fc.integer({ min: 9900, max: 10100 }), fc.integer({ min: 1, max: 20 })), { maxLength: 30 })
    fc.assert(
      fc.property(lots, fc.integer({ min: 19800, max: 20200 }), (fills, endMidHalfTicks) => {
        const whole = oneParentLedger({ quantityLots: 1000, endMidHalfTicks })
        for (const [price, count] of fills) addRow(whole.fills, fill(price, count))
        const split = oneParentLedger({ quantityLots: 1000, endMidHalfTicks })
        for (const [price, count] of [...fills].reverse()) for (let i = 0; i < count; i++) addRow(split.fills, fill(price, 1))
        const a = parentResults(whole, CONTEXT)
        expect(parentResults(split, CONTEXT).shortfallBps[0]).toBe(a.shortfallBps[0])
        expect(a.executedBps[0] + a.opportunityBps[0]).toBeCloseTo(a.shortfallBps[0], 9)
      })
    )
  })

  it('summarises with type 7 quantiles and Acerbi-Tasche CVaR95', () => {
    // Twenty parents paying 1..20 ticks of 100 half ticks... mid 20000 half ticks, so k ticks = k bps.
    const ledger = createLedger()
    for (let k = 1; k <= 20; k++) {
      const mid = 20000
      addRow(ledger.parents, { parentId: k, venue: 0, side: 1, quantityLots: 5, startNs: 0, endNs: 1, decisionMidHalfTicks: mid })
      addRow(ledger.fills, fill(10000 + k, 5, k))
    }
    const figures = shortfallFigures([parentResults(ledger, CONTEXT)])
    // h = 19 p: p50 = 10.5, p90 = 18.1, p95 = 19.05, p99 = 19.81; worst 5 % of 20 is one: 20.
    expect(figures.mean).toBeCloseTo(10.5, 9)
    expect(figures.p50).toBeCloseTo(10.5, 9)
    expect(figures.p90).toBeCloseTo(18.1, 9)
    expect(figures.p95).toBeCloseTo(19.05, 9)
    expect(figures.p99).toBeCloseTo(19.81, 9)
    expect(figures.cvar95).toBeCloseTo(20, 9)
  })
})
