/*
 * What a timeline keeps of a tape: the same arrays however the rows are cut into chunks, and at every row the book of the naive oracle.
 */
import { describe, expect, it } from 'vitest'
import { ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { NONE, type Timeline } from '../../src/market/timeline.ts'
import { buildTimeline, timelineSteps } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { NaiveBook } from './naive-book.ts'
import { type RandomTapeOptions, randomTape, TEST_HEADER } from './random-tape.ts'

function builtIn(tape: Tape, chunkRows: number): { readonly timeline: Timeline; readonly shares: number[] } {
  const shares: number[] = []
  const steps = timelineSteps(tape, chunkRows)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return { timeline: step.value, shares }
    shares.push(step.value)
  }
}

/** Every level's total, anonymous rest and, from `oldestFrom` on, live known orders after a row, as the timeline has them. */
function bookOf(timeline: Timeline, row: number): string[] {
  const { levelTicks, levelStart, totalAfter, arrival, eventRow } = timeline.arrays
  const { kind, lots } = timeline.tape
  const lines: string[] = []
  for (let level = 0; level < levelTicks.length; level++) {
    const position = timeline.positionAt(level, row)
    if (position < levelStart[level] || totalAfter[position] === 0) continue
    const rests = new Map<number, number>()
    for (let p = timeline.oldestFrom(level, position); p <= position; p++) {
      const add = arrival[p]
      if (add === p && kind[eventRow[p]] === ROW_KIND.of.add) rests.set(p, lots[eventRow[p]])
      else if (rests.has(add)) rests.set(add, (rests.get(add) ?? 0) - (totalAfter[p - 1] - totalAfter[p]))
      else if (add > NONE - 2 && add !== NONE) rests.clear()
    }
    const known = [...rests.values()].filter((rest) => rest > 0)
    const side = level < timeline.bidLevelCount ? 1 : -1
    lines.push(
      `${side} ${levelTicks[level]}: ${timeline.anonymousAfter(position)} + ${known.join(' ')} = ${totalAfter[position]}`
    )
  }
  return lines.sort()
}

function naiveLines(book: NaiveBook): string[] {
  const levels = [...book.levels(1), ...book.levels(-1)]
  return levels
    .map(({ side, priceTicks, anonymous, orders }) => {
      const total = orders.reduce((sum, { rest }) => sum + rest, anonymous)
      return `${side} ${priceTicks}: ${anonymous} + ${orders.map(({ rest }) => rest).join(' ')} = ${total}`
    })
    .sort()
}

const WORLDS: readonly RandomTapeOptions[] = [
  {},
  { exceptional: 0.08, crossing: 0.2 },
  { spanTicks: 1, lotsMax: 2, rowCount: 600 },
  { spanTicks: 40, rowCount: 3000, sameTime: 0.8 }
]

describe('the arrays of a timeline', () => {
  it('are the same whatever the number of rows in a chunk', () => {
    for (const [index, options] of WORLDS.entries()) {
      for (let seed = 1; seed <= 12; seed++) {
        const tape = randomTape(seed, options)
        const whole = buildTimeline(tape)
        for (const chunkRows of [1, 2, 7, 63, 64, 65, tape.count - 1, tape.count, tape.count + 1]) {
          const { timeline, shares } = builtIn(tape, chunkRows)
          expect(timeline.arrays, `options ${index}, seed ${seed}, chunks of ${chunkRows}`).toEqual(whole.arrays)
          expect(timeline.bidLevelCount).toBe(whole.bidLevelCount)
          expect(shares.length).toBe(2 * Math.ceil(tape.count / chunkRows))
          expect(shares.at(-1)).toBe(1)
        }
      }
    }
  })

  it('hold the book of the naive oracle after every row, to the single order', () => {
    for (const [index, options] of WORLDS.entries()) {
      for (let seed = 21; seed <= 26; seed++) {
        const tape = randomTape(seed, options)
        const timeline = buildTimeline(tape)
        const book = new NaiveBook()
        for (let row = 0; row < Math.min(tape.count, 600); row++) {
          book.applyRow(tape, row)
          expect(bookOf(timeline, row), `options ${index}, seed ${seed}, row ${row}`).toEqual(naiveLines(book))
        }
      }
    }
  })

  it('lie in shared memory, all of them', () => {
    const { arrays, tape } = buildTimeline(randomTape(5, { exceptional: 0.05 }))
    const columns = [tape.tNs, tape.kind, tape.side, tape.flags, tape.priceTicks, tape.lots, tape.orderId]
    for (const array of [...Object.values(arrays), ...columns]) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})

describe('the timeline of next to nothing', () => {
  it('without rows has an empty book at any time', () => {
    const timeline = buildTimeline(new TapeBuilder().finish(TEST_HEADER))
    expect(timeline.arrays.levelStart).toEqual(Uint32Array.of(0))
    const market = new TimelineMarket(timeline)
    market.bind({ onFill: () => expect.unreachable('a fill'), onTouch: () => expect.unreachable('a touch') })
    market.advanceTo(5_000_000)
    expect(market.nextNs()).toBe(Number.POSITIVE_INFINITY)
    expect([market.offeredLots(1, 100), market.take(1, 1, 200, 5), market.join(2, 1, 100, 5)]).toEqual([0, 0, 0])
  })

  it.each(ROW_KIND.names.map((name) => [name] as const))('of one row, %s, says what the naive oracle says', (name) => {
    const builder = new TapeBuilder(1)
    const lots = ['clear', 'halt', 'resume'].includes(name) ? 0 : 3
    builder.push(7, ROW_KIND.of[name], 1, 100, lots, name === 'add' ? 9 : 0)
    const tape = builder.finish(TEST_HEADER)
    const timeline = buildTimeline(tape)
    const book = new NaiveBook()
    book.applyRow(tape, 0)
    expect(bookOf(timeline, -1)).toEqual([])
    expect(bookOf(timeline, 0)).toEqual(naiveLines(book))
    expect(timeline.haltedAt(0)).toBe(name === 'halt')
  })
})
