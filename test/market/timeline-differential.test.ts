/*
 * The timeline against the sequential oracle, on random tapes and random own actions: every answer, fill and notice equal, in the
 * same order.
 */
import { describe, expect, it } from 'vitest'
import { type ImpactOptions, PLAIN_MATCHING, SELF_MATCH_RULES } from '../../src/market/matching-options.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { MATCHINGS_BY_PRICE, randomPriceTape } from './random-price-tape.ts'
import { playScript, type RandomTapeOptions, randomScript, randomTape } from './random-tape.ts'

const WORLDS: readonly { readonly title: string; readonly options: RandomTapeOptions; readonly seedCount: number }[] = [
  { title: 'dense tapes of 200 rows', options: {}, seedCount: 600 },
  {
    title: 'tapes with many locked and crossed books, halts and clears',
    options: { crossing: 0.3, exceptional: 0.06 },
    seedCount: 300
  },
  { title: 'tapes where most rows share their time', options: { sameTime: 0.9 }, seedCount: 200 },
  { title: 'tapes longer than a super-block of the hit index', options: { rowCount: 9000, spanTicks: 30 }, seedCount: 12 },
  { title: 'tapes with one price and small orders', options: { spanTicks: 1, lotsMax: 2 }, seedCount: 200 }
]

/** Half-lives of the length of a script, much shorter, and none. */
const IMPACTS: readonly (ImpactOptions | null)[] = [
  null,
  { halfLifeNs: 900, displacement: 0 },
  { halfLifeNs: 40, displacement: 1.5 },
  { halfLifeNs: Number.POSITIVE_INFINITY, displacement: 0.7 }
]

describe('a world on the timeline', () => {
  for (const { title, options, seedCount } of WORLDS) {
    it(`says what the sequential replay says: ${title}`, () => {
      let lineCount = 0
      for (let seed = 1; seed <= seedCount; seed++) {
        const tape = randomTape(seed, options)
        const script = randomScript(seed, tape, options.rowCount === undefined ? 60 : 800)
        const sequential = playScript(new SequentialMarket(tape), script)
        const indexed = playScript(new TimelineMarket(buildTimeline(tape)), script)
        expect(indexed, `seed ${seed}`).toEqual(sequential)
        lineCount += sequential.length
      }
      expect(lineCount).toBeGreaterThan(seedCount * 60)
    })
  }

  for (const selfMatch of SELF_MATCH_RULES) {
    for (const impact of IMPACTS) {
      it(`says what the sequential replay says: self-match ${selfMatch}, impact ${JSON.stringify(impact)}`, () => {
        const matching = {
          ...PLAIN_MATCHING,
          selfMatch,
          impact,
          fills: impact === null ? ('whole' as const) : ('partial' as const)
        }
        let cancelCount = 0
        for (let seed = 1; seed <= 80; seed++) {
          const byPrice = seed % 3 === 0
          const tape = byPrice ? randomPriceTape(seed) : randomTape(seed)
          const script = randomScript(seed, tape, 90)
          const sequential = playScript(new SequentialMarket(tape, matching), script)
          expect(playScript(new TimelineMarket(buildTimeline(tape), matching), script), `seed ${seed}`).toEqual(sequential)
          cancelCount += sequential.filter((line) => line.includes(' is cancelled')).length
        }
        expect(cancelCount > 0).toBe(selfMatch === 'cancel-oldest' || selfMatch === 'cancel-both')
      })
    }
  }

  it('says nothing else for an impact that takes nothing more and gives nothing back', () => {
    const still = { ...PLAIN_MATCHING, impact: { halfLifeNs: Number.POSITIVE_INFINITY, displacement: 0 } }
    for (let seed = 1; seed <= 100; seed++) {
      const tape = seed % 2 === 0 ? randomPriceTape(seed) : randomTape(seed)
      const script = randomScript(seed, tape)
      const plain = playScript(new TimelineMarket(buildTimeline(tape)), script)
      expect(playScript(new TimelineMarket(buildTimeline(tape), still), script), `seed ${seed}`).toEqual(plain)
      expect(playScript(new SequentialMarket(tape, still), script), `seed ${seed}`).toEqual(plain)
    }
  })

  for (const matching of MATCHINGS_BY_PRICE) {
    const { model } = matching.queue
    it(`says what the sequential replay says of a tape by price: ${model} ${JSON.stringify(matching)}`, () => {
      let fillCount = 0
      for (let seed = 1; seed <= 60; seed++) {
        const tape = randomPriceTape(seed, seed === 1 ? 9000 : 200)
        const script = randomScript(seed, tape, seed === 1 ? 800 : 60)
        const sequential = playScript(new SequentialMarket(tape, matching), script)
        expect(playScript(new TimelineMarket(buildTimeline(tape), matching), script), `seed ${seed}`).toEqual(sequential)
        fillCount += sequential.filter((line) => line.includes(' gets ')).length
      }
      expect(fillCount).toBeGreaterThan(300)
    })
  }
})
