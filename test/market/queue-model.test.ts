/* Places in a queue known by its total only: bounds that hold for every model, and figures worked by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openStream } from '../../src/kernel/random.ts'
import { PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { createQueueModel, lotsBehind, type QueueModelOptions } from '../../src/market/queue-model.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { QUEUE_MODELS } from './random-price-tape.ts'
import { TEST_HEADER } from './random-tape.ts'

const PARTS = 2 ** 20
const RISK_AVERSE = createQueueModel({ model: 'risk-averse' })

/** A level and a place in it, and what it becomes: parts of a lot ahead, lots traded, totals before and after. */
const CHANGE = fc
  .tuple(
    fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    fc.double({ min: 0, max: 1, noNaN: true })
  )
  .chain(([before, after, share]) =>
    fc.record({
      before: fc.constant(before),
      after: fc.constant(after),
      ahead: fc.constant(Math.floor(before * share * PARTS) / PARTS),
      traded: fc.integer({ min: 0, max: before })
    })
  )

/** One bid level: its total goes up and down, now and then it trades. */
function oneLevel(seed: number): Tape {
  const { next } = openStream(seed, 'one-level')
  const builder = new TapeBuilder(256)
  for (let row = 0; row < 200; row++) {
    const lots = next() < 0.3 ? -1 : 40 + Math.floor(next() * 60)
    builder.push(row, lots < 0 ? ROW_KIND.of.trade : ROW_KIND.of['level-set'], 1, 99, lots < 0 ? 1 : lots, 0)
  }
  return builder.finish({ ...TEST_HEADER, book: 'by-price' })
}

/** Row that fills an order of three lots that joins after the first row; lots ahead are seen never to grow. */
function fillRow(tape: Tape, queue: QueueModelOptions): number {
  const market = new SequentialMarket(tape, { ...PLAIN_MATCHING, queue })
  let filled = tape.count
  market.bind({
    onFill: (_own, _lots, _ticks, _cause, row) => {
      filled = Math.min(filled, row)
    },
    onTouch: () => undefined
  })
  market.step()
  market.advanceTo(0)
  let ahead = market.join(0, 1, 99, 3)
  while (market.openLots(0) > 0 && market.nextNs() < Number.POSITIVE_INFINITY) {
    market.step()
    if (market.openLots(0) === 0) break
    const now = market.lotsAhead(0)
    expect(now, 'lots ahead').toBeLessThanOrEqual(ahead)
    ahead = now
  }
  return filled
}

describe('a queue model', () => {
  for (const options of QUEUE_MODELS) {
    it(`never moves back, below nothing, above the total or behind risk-averse: ${JSON.stringify(options)}`, () => {
      const model = createQueueModel(options)
      fc.assert(
        fc.property(CHANGE, ({ before, after, ahead, traded }) => {
          const next = model.aheadAfterSet(ahead, traded, before, after)
          expect(next).toBeGreaterThanOrEqual(0)
          expect(next).toBeLessThanOrEqual(RISK_AVERSE.aheadAfterSet(ahead, traded, before, after))
          expect(next).toBeLessThanOrEqual(Math.min(ahead, after))
          expect(Number.isSafeInteger(next * PARTS)).toBe(true)
          // Of the lots that went, no more can have been ahead than went.
          expect(next).toBeGreaterThanOrEqual(Math.min(after, ahead - Math.max(0, before - after - traded)))
          // A join by others, or a trade that is shown at last, moves nobody.
          expect(model.aheadAfterSet(ahead, traded, before, before - traded + 5)).toBe(Math.min(ahead, before - traded + 5))
        }),
        { numRuns: 400, seed: 3 }
      )
    })

    it(`fills an order no later than risk-averse: ${JSON.stringify(options)}`, () => {
      let earlier = 0
      for (let seed = 1; seed <= 100; seed++) {
        const tape = oneLevel(seed)
        const risk = fillRow(tape, { model: 'risk-averse' })
        const row = fillRow(tape, options)
        expect(row, `seed ${seed}`).toBeLessThanOrEqual(risk)
        if (row < risk) earlier++
      }
      expect(earlier > 0).toBe(options.model !== 'risk-averse')
    })
  }

  it('splits as its formula says', () => {
    // 30 ahead and 90 behind, 40 go: the share behind worked with a calculator.
    const cases = [
      [{ model: 'risk-averse' }, 1],
      [{ model: 'proportional' }, 0.75],
      [{ model: 'power', exponent: 2, form: 1 }, 0.9],
      [{ model: 'power', exponent: 2, form: 2 }, 0.5625],
      [{ model: 'power', exponent: 2, form: 3 }, 0.9375],
      [{ model: 'log', unitLots: 1, form: 1 }, 0.567_772],
      [{ model: 'log', unitLots: 1, form: 2 }, 0.940_587],
      [{ model: 'log', unitLots: 10, form: 1 }, 0.624_196]
    ] as const
    for (const [options, share] of cases) {
      const next = createQueueModel(options).aheadAfterSet(30, 0, 120, 80)
      expect(next, JSON.stringify(options)).toBeCloseTo(options.model === 'risk-averse' ? 30 : 30 - 40 * (1 - share), 3)
    }
  })

  it('refuses parameters without meaning', () => {
    for (const exponent of [0, -1, 21, Number.NaN]) {
      expect(() => createQueueModel({ model: 'power', exponent, form: 1 })).toThrow('the exponent is')
    }
    for (const unitLots of [0, -3, 2e9, Number.NaN]) {
      expect(() => createQueueModel({ model: 'log', unitLots, form: 1 })).toThrow('unitLots is')
    }
  })

  it('gives whole lots only to an order that is a part of a lot away', () => {
    expect([lotsBehind(2.25, 2), lotsBehind(2.25, 3), lotsBehind(2.25, 4), lotsBehind(0, 4)]).toEqual([0, 0, 1, 4])
  })
})
