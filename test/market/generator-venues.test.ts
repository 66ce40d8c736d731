/* Venues around one efficient price: independent of each other's presence, fed by shares, following with their delays, rarely crossed. */
import { beforeAll, describe, expect, it } from 'vitest'
import { generateTape } from '../../src/market/generator.ts'
import { generatorOptions } from '../../src/market/generator-presets.ts'
import { type GeneratedVenue, generateVenues } from '../../src/market/generator-venues.ts'
import { checkTape, type Tape } from '../../src/market/tape.ts'
import { marketFacts } from '../../src/metrics/market-facts.ts'
import { NaiveBook, tapeFacts } from './tape-facts.ts'

const OPEN = 9.5 * 3600e9
const OPTIONS = generatorOptions('large-cap', { closeNs: OPEN + 1800e9 })
const VENUES: readonly GeneratedVenue[] = [
  { venue: 'A', marketShare: 0.5, followDelayNs: 0 },
  { venue: 'B', marketShare: 0.3, followDelayNs: 500_000 },
  { venue: 'C', marketShare: 0.2, followDelayNs: 2_000_000 }
]

function columns(tape: Tape): unknown[] {
  return [tape.count, tape.tNs, tape.kind, tape.side, tape.flags, tape.priceTicks, tape.lots, tape.orderId]
}

describe('venues of one market', () => {
  let tapes: Tape[]
  beforeAll(() => {
    tapes = generateVenues(OPTIONS, VENUES, 4)
  })

  it('have valid tapes, none crossed, locked or one-sided in itself', () => {
    for (const tape of tapes) {
      checkTape(tape)
      expect(tapeFacts(tape).rows).toBeGreaterThan(5000)
    }
    expect(tapes.map((tape) => tape.header.venue)).toEqual(['A', 'B', 'C'])
  })

  it('have each the same tape whichever others there are, in whatever order', () => {
    const [c, a] = generateVenues(OPTIONS, [VENUES[2], VENUES[0]], 4)
    expect(columns(a)).toEqual(columns(tapes[0]))
    expect(columns(c)).toEqual(columns(tapes[2]))
    // A venue of a scenario is made by itself, from its options and the common seed.
    expect(columns(generateTape({ ...OPTIONS, ...VENUES[1] }, 4))).toEqual(columns(tapes[1]))
  })

  it('follow one price: their mids differ by less than their spreads at the end of each minute', () => {
    const mids = tapes.map(midsByMinute)
    const spread = marketFacts(tapes[2]).book.spreadTicksMean ?? 0
    for (let minute = 0; minute < mids[0].length; minute++) {
      const at = mids.map((series) => series[minute])
      expect(Math.max(...at) - Math.min(...at), `minute ${minute}`).toBeLessThan(3 * spread)
    }
    // The price itself has gone much further than that.
    expect(Math.max(...mids[0]) - Math.min(...mids[0])).toBeGreaterThan(10 * spread)
  })

  it('meet the takes of the market by their shares', () => {
    const quiet = { ...OPTIONS, informedTakesPerSecond: 0, activitySigma: 0, burstCount: 0, quietShare: 0, stressShare: 0 }
    const [half, tenth] = generateVenues(
      quiet,
      [
        { venue: 'H', marketShare: 0.5, followDelayNs: 0 },
        { venue: 'T', marketShare: 0.1, followDelayNs: 0 }
      ],
      9
    ).map((tape) => marketFacts(tape).takes.count)
    // About 2000 and 400 of the same takes, each met or not by itself: standard error of the ratio 5 %.
    expect(half / tenth).toBeGreaterThan(4)
    expect(half / tenth).toBeLessThan(6.2)
  })

  it('are crossed with each other rarely and for a moment: below 0.5 % of the time, half of it over within 100 ms', () => {
    const spans = crossedSpans(tapes)
    const totalNs = spans.reduce((sum, ns) => sum + ns, 0)
    expect(totalNs / 1800e9).toBeLessThan(0.005)
    const sorted = spans.sort((a, b) => a - b)
    if (sorted.length > 0) expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100e6)
  })

  it('one name twice, no share, an option that is the market’s: told by name', () => {
    const one = VENUES[0]
    expect(() => generateVenues(OPTIONS, [one, one], 1)).toThrow('the venue A is there twice')
    expect(() => generateVenues(OPTIONS, [{ ...one, marketShare: 0 }], 1)).toThrow('marketShare of A is 0')
    const own = { impactTicks: 1 } as GeneratedVenue['options']
    expect(() => generateVenues(OPTIONS, [{ ...one, options: own ?? {} }], 1)).toThrow('impactTicks of A belongs to the market')
  })
})

function midsByMinute(tape: Tape): number[] {
  const book = new NaiveBook()
  const mids: number[] = []
  for (let row = 0; row < tape.count; row++) {
    while (tape.tNs[row] >= OPEN + (mids.length + 1) * 60e9) mids.push((book.bid + book.ask) / 2)
    book.apply(tape, row)
  }
  return mids.slice(0, 29)
}

/** How long the best bid of any stood above the best ask of any, ns each time. */
function crossedSpans(tapes: readonly Tape[]): number[] {
  const books = tapes.map(() => new NaiveBook())
  const next = tapes.map(() => 0)
  const spans: number[] = []
  let since = -1
  for (;;) {
    let first = -1
    for (let venue = 0; venue < tapes.length; venue++) {
      if (next[venue] === tapes[venue].count) continue
      if (first < 0 || tapes[venue].tNs[next[venue]] < tapes[first].tNs[next[first]]) first = venue
    }
    if (first < 0) return spans
    const row = next[first]++
    books[first].apply(tapes[first], row)
    const crossed = Math.max(...books.map((book) => book.bid)) > Math.min(...books.map((book) => book.ask))
    const tNs = tapes[first].tNs[row]
    if (crossed && since < 0) since = tNs
    if (!crossed && since >= 0) {
      spans.push(tNs - since)
      since = -1
    }
  }
}
