import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARKET_PHASE, type Touch } from '../../src/market/market.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { FILL_CAUSE } from '../../src/order/words.ts'
import { NaiveBook, totalOf } from './naive-book.ts'
import { type OwnAction, playScript, randomScript, randomTape, TEST_HEADER } from './random-tape.ts'

const KIND = ROW_KIND.of
const CAUSE = FILL_CAUSE.of

interface Fill {
  readonly own: number
  readonly lots: number
  readonly priceTicks: number
  readonly cause: number
  readonly row: number
}

/** Plays a script and keeps, beside the log, what was asked of the market and what it gave. */
function observe(tape: Tape, script: readonly OwnAction[]): { market: SequentialMarket; log: string[]; fills: Fill[] } {
  const fills: Fill[] = []
  const market = new SequentialMarket(tape)
  const bind = market.bind.bind(market)
  market.bind = (events) =>
    bind({
      onFill: (own, lots, priceTicks, cause, row) => {
        fills.push({ own, lots, priceTicks, cause, row })
        events.onFill(own, lots, priceTicks, cause, row)
      },
      onTouch: (row) => events.onTouch(row)
    })
  const log = playScript(market, script)
  return { market, log, fills }
}

const anySeed = fc.integer({ min: 0, max: 1e9 })

/** Half of the tapes have deep books and long lives, half are dense in what is rare. */
function tapeOf(seed: number): Tape {
  return randomTape(seed, seed % 2 === 0 ? { rowCount: 150 } : { rowCount: 250, crossing: 0.02, exceptional: 0.004, lotsMax: 30 })
}

describe('sequential market, on any tape and script', () => {
  it('says the same twice', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const tape = tapeOf(seed)
        const script = randomScript(seed, tape)
        expect(observe(tape, script).log).toEqual(observe(tape, script).log)
      }),
      { numRuns: 60, seed: 1 }
    )
  })

  it('fills a row no more than its budget, and each fill at a price the row reaches', () => {
    let rowFillCount = 0
    fc.assert(
      fc.property(anySeed, (seed) => {
        const tape = tapeOf(seed)
        const { fills } = observe(tape, randomScript(seed, tape, 120))
        const given = new Map<number, number>()
        for (const { lots, priceTicks, cause, row } of fills) {
          expect(lots).toBeGreaterThan(0)
          if (cause === CAUSE.take) continue
          rowFillCount++
          given.set(row, (given.get(row) ?? 0) + lots)
          const { kind, side, priceTicks: price, flags } = tape
          const ownSide = cause === CAUSE.crossed ? -side[row] : side[row]
          // A print between ticks stands half a tick above its row's price.
          const print = price[row] + ((flags[row] & ROW_FLAG.between) !== 0 ? 0.5 : 0)
          const better = ownSide * (priceTicks - print)
          if (cause === CAUSE.through) expect([kind[row], better > 0]).toEqual([KIND.execute, true])
          if (cause === CAUSE.behind) expect([kind[row], better === 0]).toEqual([KIND.execute, true])
          if (cause === CAUSE.hidden)
            expect([[KIND['execute-hidden'], KIND.trade].includes(kind[row]), better >= 0]).toEqual([true, true])
          if (cause === CAUSE.crossed)
            expect([[KIND.add, KIND['level-set']].includes(kind[row]), better >= 0]).toEqual([true, true])
        }
        const naive = new NaiveBook()
        for (let row = 0; row < tape.count; row++) {
          const level = naive.levels(tape.side[row]).find((one) => one.priceTicks === tape.priceTicks[row])
          const budget = tape.lots[row] - (tape.kind[row] === KIND['level-set'] && level !== undefined ? totalOf(level) : 0)
          expect(given.get(row) ?? 0, `row ${row}`).toBeLessThanOrEqual(Math.max(0, budget))
          naive.applyRow(tape, row)
        }
      }),
      { numRuns: 150, seed: 1 }
    )
    expect(rowFillCount).toBeGreaterThan(500)
  })

  it('fills no own order beyond its lots', () => {
    let fillCount = 0
    fc.assert(
      fc.property(anySeed, (seed) => {
        const tape = tapeOf(seed)
        const open = new Map<number, number>()
        // The log has joins, reductions and fills in their order: an account of each own order drawn from it alone.
        for (const line of observe(tape, randomScript(seed, tape, 120)).log) {
          const fill = /own (\d) gets (\d+) at -?\d+, cause ([1-4]);/.exec(line)
          if (fill !== null) {
            const rest = (open.get(Number(fill[1])) ?? 0) - Number(fill[2])
            expect(rest, line).toBeGreaterThanOrEqual(0)
            fillCount++
            open.set(Number(fill[1]), rest)
          }
          const action = /^-?\d+ (join|leave|take) (\d) -?1 (\d+)@-?\d+: (\S+)/.exec(line)
          if (action === null || Number.isNaN(Number(action[4]))) {
            if (/leave .*: left/.test(line)) open.set(Number(line.split(' ')[2]), 0)
          } else if (action[1] === 'join') {
            open.set(Number(action[2]), Number(action[3]))
          } else {
            expect(Number(action[4]), line).toBeLessThanOrEqual(Number(action[3]))
          }
        }
      }),
      { numRuns: 100, seed: 2 }
    )
    expect(fillCount).toBeGreaterThan(500)
  })

  it('takes no more from a level than ever rested there', () => {
    // Lots conserved: what is taken or crossed at a level is at most what history brought to it.
    fc.assert(
      fc.property(anySeed, (seed) => {
        const tape = tapeOf(seed)
        const market = new SequentialMarket(tape)
        let taken = 0
        market.bind({ onFill: (_own, lots) => (taken += lots), onTouch: () => {} })
        const naive = new NaiveBook()
        let brought = 0
        const totalAll = (): number => [...naive.levels(1), ...naive.levels(-1)].reduce((sum, level) => sum + totalOf(level), 0)
        for (let row = 0; row < tape.count; row++) {
          const before = totalAll()
          naive.applyRow(tape, row)
          brought += Math.max(0, totalAll() - before)
          market.step()
          if (market.nextNs() === tape.tNs[row]) continue
          market.advanceTo(tape.tNs[row])
          if (market.phase() !== MARKET_PHASE.of.open) continue
          // Greedy: after taking all there is at every instant, nothing is left to take.
          market.take(0, 1, 1000, 1e9)
          market.take(1, -1, -1000, 1e9)
          expect(market.takeableLots(1, 1000, 1e9) + market.takeableLots(-1, -1000, 1e9)).toBe(0)
          expect(taken).toBeLessThanOrEqual(brought)
        }
        expect(taken).toBeGreaterThan(0)
      }),
      { numRuns: 60, seed: 3 }
    )
  })

  it('takes what takeableLots says, and offers that much less', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 60 }), (seed, lots) => {
        const tape = tapeOf(seed)
        const market = new SequentialMarket(tape)
        market.bind({ onFill: () => {}, onTouch: () => {} })
        for (let row = 0; row < tape.count; row++) {
          market.step()
          if (market.nextNs() === tape.tNs[row] || row % 7 !== 0) continue
          market.advanceTo(tape.tNs[row])
          const side = row % 2 === 0 ? 1 : -1
          const all = market.takeableLots(side, 100 + side * 2, 1e9)
          const could = market.takeableLots(side, 100 + side * 2, lots)
          expect(could).toBe(Math.min(all, lots))
          expect(market.take(0, side, 100 + side * 2, lots)).toBe(could)
          expect(market.takeableLots(side, 100 + side * 2, 1e9)).toBe(all - could)
        }
      }),
      { numRuns: 60, seed: 4 }
    )
  })

  it('reads touches, now and delayed, as a naive book shows them', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 0, max: 80 }), (seed, delayNs) => {
        const tape = tapeOf(seed)
        const market = new SequentialMarket(tape)
        const now = new NaiveBook()
        const late = new NaiveBook()
        let lateRow = 0
        const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
        const touchOf = (book: NaiveBook): Touch => {
          const [bid] = book.levels(1)
          const [ask] = book.levels(-1)
          return {
            bidTicks: bid?.priceTicks ?? 0,
            bidLots: bid === undefined ? 0 : totalOf(bid),
            askTicks: ask?.priceTicks ?? 0,
            askLots: ask === undefined ? 0 : totalOf(ask)
          }
        }
        for (let row = 0; row < tape.count; row++) {
          market.step()
          now.applyRow(tape, row)
          if (market.nextNs() === tape.tNs[row]) continue
          market.advanceTo(tape.tNs[row])
          market.readTouch(touch)
          expect(touch).toEqual(touchOf(now))
          while (lateRow < tape.count && tape.tNs[lateRow] <= tape.tNs[row] - delayNs) late.applyRow(tape, lateRow++)
          market.readTouchAt(tape.tNs[row] - delayNs, touch)
          expect(touch).toEqual(touchOf(late))
        }
      }),
      { numRuns: 60, seed: 5 }
    )
  })

  it('gives a notice exactly for the rows after which a best price differs', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const tape = tapeOf(seed)
        const market = new SequentialMarket(tape)
        const noticed: number[] = []
        market.bind({ onFill: () => {}, onTouch: (row) => noticed.push(row) })
        market.watchTouch(true)
        const naive = new NaiveBook()
        const best = (): string => `${naive.levels(1)[0]?.priceTicks} ${naive.levels(-1)[0]?.priceTicks}`
        const expected: number[] = []
        for (let row = 0; row < tape.count; row++) {
          const before = best()
          naive.applyRow(tape, row)
          if (best() !== before) expected.push(row)
          market.step()
        }
        expect(noticed).toEqual(expected)
      }),
      { numRuns: 60, seed: 6 }
    )
  })

  it('is the same whether rows before the start are skipped or stepped', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const tape = tapeOf(seed)
        const startNs = tape.tNs[tape.count >> 1]
        const script = randomScript(seed, tape).filter((action) => action.tNs >= startNs)
        const skipped = new SequentialMarket(tape)
        skipped.skipTo(startNs)
        expect(playScript(skipped, script)).toEqual(playScript(new SequentialMarket(tape), script))
      }),
      { numRuns: 60, seed: 7 }
    )
  })
})

describe('sequential market, misused', () => {
  const builder = new TapeBuilder(4)
  builder.push(10, KIND.add, -1, 101, 5, 1)
  builder.push(20, KIND.add, -1, 101, 5, 2)
  const tape = builder.finish(TEST_HEADER)

  it('refuses an instant before the last one, or one whose rows have not been stepped', () => {
    const market = new SequentialMarket(tape)
    expect(() => market.advanceTo(10)).toThrow('rows due have been stepped')
    market.advanceTo(9)
    expect(() => market.advanceTo(8)).toThrow('never goes back')
  })

  it('refuses a delayed feed that goes back or is ahead of the market', () => {
    const market = new SequentialMarket(tape)
    const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
    market.step()
    market.readTouchAt(10, touch)
    expect(() => market.readTouchAt(9, touch)).toThrow('never goes back')
    expect(() => market.readTouchAt(20, touch)).toThrow('never ahead of the market')
  })

  it('refuses a second join, an enlargement, questions about an order that does not rest, and a skip over own orders', () => {
    const market = new SequentialMarket(tape)
    market.join(0, 1, 100, 5)
    expect(() => market.join(0, 1, 99, 5)).toThrow('joins once')
    expect(() => market.join(1, 1, 99, 0)).toThrow('joins with lots')
    expect(() => market.reduceTo(0, 6)).toThrow('never enlarged')
    expect(() => market.lotsAhead(1)).toThrow('rests')
    expect(() => market.skipTo(20)).toThrow('while no own order rests')
    market.leave(1)
    market.leave(0)
    market.skipTo(20)
    expect(market.nextNs()).toBe(Number.POSITIVE_INFINITY)
    expect(() => market.step()).toThrow('has a row left')
  })

  it('skips again once its own orders are filled or gone', () => {
    const market = new SequentialMarket(tape)
    market.bind({ onFill: () => {}, onTouch: () => {} })
    market.join(0, 1, 101, 5)
    expect(() => market.skipTo(10)).toThrow('while no own order rests')
    market.step()
    expect(market.openLots(0)).toBe(0)
    market.skipTo(20)
    expect(market.nextNs()).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses own actions from inside a fill', () => {
    const market = new SequentialMarket(tape)
    let act = (): void => {}
    market.bind({ onFill: () => act(), onTouch: () => {} })
    market.join(0, 1, 101, 2)
    market.join(1, 1, 100, 2)
    act = () => market.leave(1)
    expect(() => market.step()).toThrow('while fills are given out')
  })
})
