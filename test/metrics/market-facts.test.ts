/* Stylised facts against figures worked out by hand on tapes of ten rows, and against laws with closed forms. */
import { describe, expect, it } from 'vitest'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { type MarketFacts, marketFacts } from '../../src/metrics/market-facts.ts'
import { autocorrelation, decayExponent } from '../../src/metrics/take-flow.ts'
import { ThinnedSample } from '../../src/metrics/thinned-sample.ts'

type Row = readonly [second: number, kind: string, side: number, price: number, lots: number, id: number, flags?: number]

function tapeOf(rows: readonly Row[]): Tape {
  const builder = new TapeBuilder(16)
  for (const [second, kind, side, price, lots, id, flags] of rows) {
    builder.push(second * 1e9, ROW_KIND.names.indexOf(kind as 'add'), side, price, lots, id, flags ?? 0)
  }
  return builder.finish({
    symbol: 'HAND',
    venue: 'TEST',
    date: '2026-01-05',
    zone: 'UTC',
    tickUnits: 1,
    priceDecimals: 2,
    lotUnits: 1,
    lotDecimals: 0,
    openNs: 0,
    closeNs: 12e9,
    source: 'by hand',
    notes: {}
  })
}

const BID = 1
const ASK = -1

const HAND: readonly Row[] = [
  [0, 'add', BID, 100, 10, 1, ROW_FLAG.added],
  [0, 'add', ASK, 103, 20, 2, ROW_FLAG.added],
  [1, 'add', BID, 101, 5, 3],
  [2, 'add', BID, 101, 7, 4],
  [3, 'reduce', BID, 101, 1, 4],
  [4, 'execute', BID, 101, 5, 3],
  [4, 'execute', BID, 101, 2, 4],
  [6, 'delete', BID, 101, 4, 4],
  [8, 'add', ASK, 105, 100, 5],
  [8.5, 'execute-hidden', ASK, 101, 3, 0, ROW_FLAG.between],
  [11, 'delete', ASK, 105, 100, 5]
]

describe('facts of nine events on a seeded book', () => {
  const facts: MarketFacts = marketFacts(tapeOf(HAND))

  it('span the first event to the last', () => {
    expect([facts.fromNs, facts.toNs, facts.seconds]).toEqual([1e9, 11e9, 10])
  })

  it('book: a spread of 2 ticks for 5 s, of 3 for 5 s', () => {
    const { book } = facts
    expect(book.spreadTicksMean).toBeCloseTo(2.5)
    expect([book.spreadTicksP50, book.spreadTicksP95]).toEqual([2, 3])
    expect(book.spreadShares).toEqual([0, 0.5, 0.5, 0, 0])
    expect([book.twoSidedShare, book.crossedShare]).toEqual([1, 0])
    // Best bid: 5 for 1 s, 12, 11, then 4 for 2 s, then 10 for 5 s. Behind it 10 for 5 s. Second ask: 100 for 3 s.
    expect(book.bidLots[0]).toBeCloseTo((5 + 12 + 11 + 8 + 50) / 10)
    expect(book.bidLots[1]).toBeCloseTo(5)
    expect(book.askLots.slice(0, 3)).toEqual([20, 30, 0])
    // Second bid 1 tick away for 5 s, second ask 2 ticks away for 3 s.
    expect(book.levelTicks[0]).toBeCloseTo((5 + 6) / 8)
    expect(book.levelTicks[1]).toBeNull()
  })

  it('flow: rates, mix, what was cancelled and executed', () => {
    const { flow } = facts
    expect([flow.count, flow.perSecond]).toEqual([9, 0.9])
    const counts = Object.fromEntries(Object.entries(flow.kinds).map(([kind, { count }]) => [kind, count]))
    expect(counts).toEqual({ add: 3, reduce: 1, delete: 2, execute: 2, 'execute-hidden': 1 })
    expect(flow.kinds.add.share).toBeCloseTo(1 / 3)
    expect(flow.deletesPerAdd).toBeCloseTo(2 / 3)
    expect(flow.cancelledLotsShare).toBeCloseTo(105 / 112)
    expect(flow.executedLotsShare).toBeCloseTo(7 / 112)
    expect([flow.partialCancelShare, flow.hiddenShare]).toEqual([1 / 3, 1 / 3])
    expect([flow.commonLots, flow.hundredsShare]).toEqual([5, 1 / 3])
    expect(flow.addLots[2]).toBe(7)
  })

  it('flow: gaps 1 1 1 0 2 2 0.5 2.5 s; counts per second 1 1 1 2 0 1 0 2 0 0', () => {
    const { flow } = facts
    expect(flow.gapNsP50).toBe(1e9)
    expect(flow.gapMedianShare).toBeCloseTo(1 / 1.25)
    const square = (1 + 1 + 1 + 0 + 4 + 4 + 0.25 + 6.25) / 8
    const variation = Math.sqrt(square - 1.25 ** 2) / 1.25
    expect(flow.gapVariation).toBeCloseTo(variation)
    expect(flow.burstiness).toBeCloseTo((variation - 1) / (variation + 1))
    expect(flow.countDispersion[0]).toBeCloseTo((10 / 1000 - 0.008 ** 2) / 0.008)
    expect(flow.countDispersion[1]).toBeCloseTo((1.2 - 0.8 ** 2) / 0.8)
    expect(flow.countDispersion[2]).toBeNull()
    expect(flow.halfHours).toEqual([{ startNs: 0, rate: 1 }])
  })

  it('orders: lives of 4 s and 3 s to the cancel, of 3 s to the execution; who joined where and was filled', () => {
    const { lives } = facts
    expect([lives.cancelledCount, lives.cancelledNsMean, lives.cancelledNs[1]]).toEqual([2, 3.5e9, 3.5e9])
    expect(lives.cancelledWithin).toEqual([0, 0, 0, 0, 1])
    expect([lives.executedCount, lives.executedNsP50]).toEqual([1, 3e9])
    expect([lives.improvingShare, lives.atBestShare, lives.behindShare]).toEqual([1 / 3, 1 / 3, 1 / 3])
    expect(lives.behindTicks[1]).toBe(2)
    const [first, second, third] = lives.fillByRank
    expect(first).toEqual({ ordersAhead: 0, count: 1, lotsAheadMean: 0, filledShare: 1, filledWithin: [0, 1, 1] })
    expect(second).toEqual({ ordersAhead: 1, count: 1, lotsAheadMean: 5, filledShare: 1, filledWithin: [0, 1, 1] })
    expect(third).toMatchObject({ count: 0, filledShare: null })
  })

  it('takes: a sale of 7 in two executions, a purchase of 3 at the mid; the mid falls by half a tick after the sale', () => {
    const { takes } = facts
    expect([takes.count, takes.lotsMean, takes.perSecond]).toEqual([2, 5, 0.2])
    expect(takes.halfSpreadTicks).toBeCloseTo(7 / 10)
    expect(takes.impactTicks).toEqual([0.25, null, null])
    // 7 of 11 bid, 3 of 20 offered.
    expect(takes.takesBySize).toEqual([1, 1, 0])
    expect(takes.impactTicksBySize.map(([next]) => next)).toEqual([0, 0.5, null])
    expect(takes.signMemory).toEqual([null, null, null, null, null, null])
  })

  it('mid: 102 for five seconds, 101.5 for five: one move of half a tick in nine', () => {
    const { mid } = facts
    expect(mid.ticksPerRootSecond[0]).toBeCloseTo(Math.sqrt(0.25 / 9))
    expect(mid.ticksPerRootSecond[1]).toBeNull()
    expect([mid.meanMidTicks, mid.changesPerSecond]).toEqual([101.75, 0.1])
  })

  it('a span leaves out rows before and after it, and knows the book at its start', () => {
    const part = marketFacts(tapeOf(HAND), { fromNs: 2e9, untilNs: 7e9 })
    expect([part.fromNs, part.toNs, part.flow.count]).toEqual([2e9, 6e9, 5])
    expect(part.book.bidLots[0]).toBeCloseTo((12 + 11 + 8) / 4)
  })
})

describe('facts of other tapes', () => {
  it('a tape without rows has no figures', () => {
    const facts = marketFacts(tapeOf([]))
    expect([facts.fromNs, facts.flow.count, facts.book.spreadTicksMean, facts.mid.meanMidTicks]).toEqual([null, 0, null, null])
  })

  it('a level feed: rises and falls of levels, sizes of the rises, takes from the prints', () => {
    const facts = marketFacts(
      tapeOf([
        [0, 'level-set', BID, 100, 10, 0, ROW_FLAG.added],
        [0, 'level-set', ASK, 101, 10, 0, ROW_FLAG.added],
        [1, 'level-set', BID, 100, 15, 0],
        [2, 'trade', BID, 100, 4, 0],
        [2, 'level-set', BID, 100, 11, 0],
        [3, 'level-set', ASK, 101, 12, 0]
      ])
    )
    expect([facts.flow.riseCount, facts.flow.fallCount, facts.flow.addLotsMean]).toEqual([2, 1, 3.5])
    expect([facts.takes.count, facts.takes.halfSpreadTicks]).toEqual([1, 0.5])
    expect(facts.lives.cancelledCount).toBe(0)
  })

  it('time with a locked book counts as crossed and has no spread', () => {
    const facts = marketFacts(
      tapeOf([
        [0, 'add', BID, 100, 1, 1],
        [1, 'add', ASK, 102, 1, 2],
        [2, 'add', ASK, 100, 1, 3],
        [3, 'delete', ASK, 100, 1, 3],
        [4, 'delete', ASK, 102, 1, 2]
      ])
    )
    expect([facts.book.twoSidedShare, facts.book.crossedShare, facts.book.spreadTicksMean]).toEqual([0.5, 0.25, 2])
  })
})

describe('series', () => {
  it('autocorrelation of an alternating series is -1 at lag 1, 1 at lag 2, less what the ends lack', () => {
    const signs = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1))
    expect(autocorrelation(signs, 1)).toBeCloseTo(-0.99)
    expect(autocorrelation(signs, 2)).toBeCloseTo(0.98)
  })

  it('a power law gives its exponent; a value that is not positive has no logarithm and is left out', () => {
    const lags = [1, 2, 5, 10]
    expect(decayExponent(lags, [0.4, 0.4 * 2 ** -0.7, -0.1, 0.4 * 10 ** -0.7])).toBeCloseTo(0.7)
    expect(decayExponent(lags, [0.4, null, -0.1, 0.2])).toBeNull()
  })

  it('a thinned sample is exact up to its capacity and keeps every second, fourth … value beyond', () => {
    const exact = new ThinnedSample(8)
    for (let i = 1; i <= 8; i++) exact.add(i)
    expect(exact.quantiles([0, 0.5, 1])).toEqual([1, 4.5, 8])
    const thinned = new ThinnedSample(8)
    for (let i = 0; i <= 16; i++) thinned.add(i)
    // 0 2 4 … 14 fill it again; 16 halves it once more: 0 4 8 12 16.
    expect(thinned.quantiles([0, 0.25, 0.5, 0.75, 1])).toEqual([0, 4, 8, 12, 16])
    expect([thinned.count, thinned.mean()]).toEqual([17, 8])
  })
})
