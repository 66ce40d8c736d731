/*
 * Days joined to one tape: the rows of each day at its time, a book that is empty over night, ids that may come again, and worlds that see
 * the same on the timeline as on the sequential replay.
 */
import { describe, expect, it } from 'vitest'
import { Book } from '../../src/market/book.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { checkTape, daysOf, ROW_FLAG, ROW_KIND, type Tape, TapeBuilder, type TapeHeader } from '../../src/market/tape.ts'
import { TapeDays } from '../../src/market/tape-days.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { NaiveBook } from './naive-book.ts'
import { playScript, randomScript, randomTape, TEST_HEADER } from './random-tape.ts'

const DAY_NS = 86_400_000_000_000
const { add: ADD, clear: CLEAR, halt: HALT, resume: RESUME, execute: EXECUTE } = ROW_KIND.of

function onDate(tape: Tape, date: string, header: Partial<TapeHeader> = {}): Tape {
  return { ...tape, header: { ...tape.header, date, ...header } }
}

function joined(...days: readonly Tape[]): Tape {
  const all = new TapeDays()
  for (const day of days) all.add(day)
  return all.finish()
}

/** Rows of [tNs, kind, side, priceTicks, lots, orderId]. */
function dayOf(date: string, rows: readonly (readonly [number, number, number, number, number, number])[], header = {}): Tape {
  const builder = new TapeBuilder(8)
  for (const [tNs, kind, side, priceTicks, lots, orderId] of rows) builder.push(tNs, kind, side, priceTicks, lots, orderId)
  return builder.finish({ ...TEST_HEADER, date, ...header })
}

function rowsOf(tape: Tape): number[][] {
  const { tNs, kind, side, priceTicks, lots, orderId, flags } = tape
  return Array.from({ length: tape.count }, (_, row) =>
    [tNs, kind, side, priceTicks, lots, orderId, flags].map((column) => column[row])
  )
}

describe('days joined to one tape', () => {
  it('keep their rows, moved by whole days, with a clear at the end of each session', () => {
    const friday = dayOf('2020-01-03', [[500, ADD, 1, 100, 5, 7]], { closeNs: 900, notes: { rows: 1, depth: 5 } })
    // The last row comes after the close of its day.
    const monday = dayOf(
      '2020-01-06',
      [
        [400, ADD, -1, 101, 2, 7],
        [950, HALT, 0, 0, 0, 0]
      ],
      { closeNs: 900, notes: { rows: 2, depth: 5 } }
    )
    const tuesday = dayOf('2020-01-07', [[300, ADD, 1, 99, 1, 8]], { closeNs: 800, notes: { gaps: 1 } })
    const tape = joined(friday, monday, tuesday)
    expect(rowsOf(tape)).toEqual([
      [500, ADD, 1, 100, 5, 7, 0],
      [900, CLEAR, 0, 0, 0, 0, ROW_FLAG.added],
      [3 * DAY_NS + 400, ADD, -1, 101, 2, 7, 0],
      [3 * DAY_NS + 950, HALT, 0, 0, 0, 0, 0],
      [3 * DAY_NS + 950, CLEAR, 0, 0, 0, 0, ROW_FLAG.added],
      // A halt ends with its day.
      [3 * DAY_NS + 950, RESUME, 0, 0, 0, 0, ROW_FLAG.added],
      [4 * DAY_NS + 300, ADD, 1, 99, 1, 8, 0]
    ])
    checkTape(tape)
    expect(tape.header.date).toBe('2020-01-03')
    expect([tape.header.openNs, tape.header.closeNs]).toEqual([0, 4 * DAY_NS + 800])
    expect(daysOf(tape.header)).toEqual([
      { date: '2020-01-03', openNs: 0, closeNs: 900 },
      { date: '2020-01-06', openNs: 3 * DAY_NS, closeNs: 3 * DAY_NS + 900 },
      { date: '2020-01-07', openNs: 4 * DAY_NS, closeNs: 4 * DAY_NS + 800 }
    ])
    expect(tape.header.notes).toEqual({ rows: 3, depth: 5, gaps: 1 })
  })

  it('may be joined in steps', () => {
    const [a, b, c] = [1, 2, 3].map((day) => onDate(randomTape(day), `2020-01-0${day}`))
    expect(rowsOf(joined(joined(a, b), c))).toEqual(rowsOf(joined(a, b, c)))
    expect(joined(joined(a, b), c).header).toEqual(joined(a, b, c).header)
  })

  it('of one are that day as it is', () => {
    const day = randomTape(3)
    expect(joined(day)).toBe(day)
  })

  it('cross a month, a leap day and a year by the calendar', () => {
    const row = [[500, ADD, 1, 100, 5, 7]] as const
    const shifts = [
      ['2020-02-28', '2020-03-01', 2],
      ['2019-02-28', '2019-03-01', 1],
      ['2019-12-31', '2020-01-02', 2]
    ] as const
    for (const [from, to, days] of shifts) expect(joined(dayOf(from, row), dayOf(to, row)).tNs[2]).toBe(days * DAY_NS + 500)
  })

  const day = randomTape(1)
  it.each([
    [
      'a day that is not later',
      '2020-01-02',
      {},
      'the day 2020-01-02: comes after 2020-01-02; give the days in order, each once'
    ],
    ['an earlier day', '2019-12-31', {}, 'the day 2019-12-31: comes after 2020-01-02'],
    ['another tick', '2020-01-03', { tickUnits: 5 }, 'the day 2020-01-03: its tickUnits is 5, that of 2020-01-02 is 1'],
    ['another symbol', '2020-01-03', { symbol: 'B' }, 'the day 2020-01-03: its symbol is B, that of 2020-01-02 is TEST'],
    [
      'a market by price',
      '2020-01-03',
      { book: 'by-price' as const },
      'the day 2020-01-03: is by order and 2020-01-02 by price, or the other way'
    ],
    ['no date', 'Friday', {}, 'date: "Friday" is not a date']
  ])('are refused: %s', (_what, date, header, message) => {
    expect(() => joined(day, onDate(day, date, header))).toThrow(message)
  })

  it('are refused where one begins before the other has ended', () => {
    const night = onDate(day, '2020-01-02', { closeNs: DAY_NS + 2000 })
    expect(() => joined(night, onDate(day, '2020-01-03'))).toThrow(
      'the day 2020-01-03: begins at 24:00:00, before 2020-01-02 ends at +1d 00:00:00.000002'
    )
    expect(() => new TapeDays().finish()).toThrow('there is no day to make a tape of')
  })
})

describe('a tape of several days', () => {
  // The second day uses every order id of the first again.
  const daysOfSeed = (seed: number): Tape =>
    joined(
      onDate(randomTape(seed, { exceptional: 0.02 }), '2020-01-02'),
      onDate(randomTape(seed, { exceptional: 0.02 }), '2020-01-03'),
      onDate(randomTape(seed + 500, { exceptional: 0.02 }), '2020-01-06')
    )

  it('has the book of each day alone, in the book, in the timeline and in the naive oracle', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const tape = daysOfSeed(seed)
      const alone = randomTape(seed, { exceptional: 0.02 })
      const timeline = buildTimeline(tape)
      const naive = new NaiveBook()
      const book = new Book()
      const second = alone.count + (tape.kind[alone.count + 1] === RESUME ? 2 : 1)
      const days = new Map([
        [0, new NaiveBook()],
        [second, new NaiveBook()]
      ])
      for (let row = 0; row < second + alone.count; row++) {
        naive.applyRow(tape, row)
        book.apply(tape, row)
        const from = row >= second ? second : 0
        const ofDay = days.get(from)
        if (row - from < alone.count) {
          ofDay?.applyRow(alone, row - from)
          expect(naive.levels(1).map(({ priceTicks }) => priceTicks)).toEqual(
            ofDay?.levels(1).map(({ priceTicks }) => priceTicks)
          )
        } else expect(naive.levels(1)).toEqual([])
        for (const side of [1, -1]) {
          const [best] = naive.levels(side)
          expect(book.isEmpty(side), `seed ${seed}, row ${row}`).toBe(best === undefined)
          if (best === undefined) continue
          const total = best.orders.reduce((sum, { rest }) => sum + rest, best.anonymous)
          expect([book.best(side), book.bestLots(side)]).toEqual([best.priceTicks, total])
          expect(timeline.totalAt(timeline.levelOf(side, best.priceTicks), row)).toBe(total)
        }
      }
    }
  })

  it('gives worlds on the timeline the answers of the sequential replay', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const tape = daysOfSeed(seed)
      const script = randomScript(seed, tape, 120)
      const indexed = playScript(new TimelineMarket(buildTimeline(tape)), script)
      expect(indexed, `seed ${seed}`).toEqual(playScript(new SequentialMarket(tape), script))
    }
  })

  it('lets an own order rest over night, ahead of all that comes on the next day', () => {
    const tape = joined(
      dayOf('2020-01-02', [[500, ADD, 1, 100, 5, 7]], { closeNs: 900 }),
      dayOf(
        '2020-01-03',
        [
          [400, ADD, 1, 100, 3, 7],
          [500, EXECUTE, 1, 100, 2, 7]
        ],
        { closeNs: 900 }
      )
    )
    const market = new TimelineMarket(buildTimeline(tape))
    const fills: number[][] = []
    market.bind({
      onFill: (own, lots, priceTicks, _cause, row) => fills.push([own, lots, priceTicks, row]),
      onTouch: () => undefined
    })
    market.advanceTo(600)
    expect(market.join(1, 1, 100, 4)).toBe(5)
    market.advanceTo(950)
    expect(market.lotsAhead(1)).toBe(0)
    while (market.nextNs() < Number.POSITIVE_INFINITY) market.step()
    expect(fills).toEqual([[1, 2, 100, 3]])
  })
})
