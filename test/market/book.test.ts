import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Book } from '../../src/market/book.ts'
import { LiveOrders } from '../../src/market/live-orders.ts'
import { SortedPrices } from '../../src/market/sorted-prices.ts'
import { checkTape, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { NaiveBook, totalOf } from './naive-book.ts'
import { randomTape, TEST_HEADER } from './random-tape.ts'

const KIND = ROW_KIND.of

/** Everything a book shows of one side, best level first. */
function picture(book: Book, side: number): unknown[] {
  const levels: unknown[] = []
  for (let level = book.bestLevel(side); level !== -1; level = book.worseLevel(level)) {
    const priceTicks = book.priceTicks(level)
    const orders: unknown[] = []
    for (let order = book.firstOrder(level); order !== -1; order = book.nextOrder(order)) {
      orders.push([book.idOf(order), book.rowOf(order), book.restLots(order)])
    }
    levels.push([priceTicks, book.totalLots(side, priceTicks), book.anonymousLots(side, priceTicks), orders])
  }
  return levels
}

function naivePicture(book: NaiveBook, side: number): unknown[] {
  return book
    .levels(side)
    .map((level) => [level.priceTicks, totalOf(level), level.anonymous, level.orders.map(({ id, row, rest }) => [id, row, rest])])
}

function tapeOf(...rows: [kind: keyof typeof KIND, side: number, priceTicks: number, lots: number, id: number][]): Tape {
  const builder = new TapeBuilder(16)
  for (const [kind, side, priceTicks, lots, id] of rows) builder.push(builder.count, KIND[kind], side, priceTicks, lots, id)
  return builder.finish(TEST_HEADER)
}

function bookOf(tape: Tape): Book {
  const book = new Book()
  for (let row = 0; row < tape.count; row++) book.apply(tape, row)
  return book
}

describe('book', () => {
  it('keeps a level as a FIFO of known orders behind the anonymous order', () => {
    const book = bookOf(
      tapeOf(['level-set', 1, 100, 5, 0], ['add', 1, 100, 3, 7], ['add', 1, 100, 4, 8], ['reduce', 1, 100, 1, 8])
    )
    expect(picture(book, 1)).toEqual([
      [
        100,
        11,
        5,
        [
          [7, 1, 3],
          [8, 2, 3]
        ]
      ]
    ])
    expect(book.best(1)).toBe(100)
    expect(book.bestLots(1)).toBe(11)
    expect(book.isEmpty(-1)).toBe(true)
  })

  it('takes rows of unknown orders off the anonymous order and counts what was not there', () => {
    // 5 anonymous: 3 + 4 are wanted, so 2 lots are missing; the row of id 9 has nothing to take at 101.
    const book = bookOf(
      tapeOf(['level-set', 1, 100, 5, 0], ['reduce', 1, 100, 3, 55], ['execute', 1, 100, 4, 0], ['delete', 1, 101, 2, 9])
    )
    expect(picture(book, 1)).toEqual([])
    expect(book.unknownCount).toBe(2)
    expect(book.missingLots).toBe(2 + 2)
  })

  it('does not touch a live order when the row names it at another price or side', () => {
    const book = bookOf(tapeOf(['add', 1, 100, 3, 7], ['execute', 1, 99, 3, 7], ['delete', -1, 100, 3, 7]))
    expect(picture(book, 1)).toEqual([[100, 3, 0, [[7, 0, 3]]]])
    expect(book.unknownCount).toBe(2)
  })

  it('drops the known orders when a level-set is below their total, and frees their ids', () => {
    const tape = tapeOf(['add', -1, 101, 3, 7], ['add', -1, 101, 4, 8], ['level-set', -1, 101, 6, 0], ['add', -1, 102, 2, 7])
    expect(picture(bookOf(tape), -1)).toEqual([
      [101, 6, 6, []],
      [102, 2, 0, [[7, 3, 2]]]
    ])
  })

  it('keeps the known orders when a level-set is at their total', () => {
    const book = bookOf(tapeOf(['level-set', -1, 101, 9, 0], ['add', -1, 101, 4, 8], ['level-set', -1, 101, 4, 0]))
    expect(picture(book, -1)).toEqual([[101, 4, 0, [[8, 1, 4]]]])
  })

  it('clears every level of both sides and keeps the halt', () => {
    const book = bookOf(
      tapeOf(['add', 1, 100, 3, 7], ['add', -1, 102, 3, 8], ['halt', 1, 0, 0, 0], ['clear', 1, 0, 0, 0], ['add', 1, 90, 1, 7])
    )
    expect(book.halted).toBe(true)
    expect(picture(book, 1)).toEqual([[90, 1, 0, [[7, 4, 1]]]])
    expect(book.isEmpty(-1)).toBe(true)
  })

  it('is crossed when the sides meet, and only when both hold something', () => {
    expect(bookOf(tapeOf(['add', 1, 100, 1, 1])).isCrossed()).toBe(false)
    expect(bookOf(tapeOf(['add', 1, 100, 1, 1], ['add', -1, 101, 1, 2])).isCrossed()).toBe(false)
    expect(bookOf(tapeOf(['add', 1, 100, 1, 1], ['add', -1, 100, 1, 2])).isCrossed()).toBe(true)
    expect(bookOf(tapeOf(['add', 1, 100, 1, 1], ['add', -1, 99, 1, 2])).isCrossed()).toBe(true)
  })

  it('refuses an add of an order that is live, and names the row', () => {
    const tape = tapeOf(['add', 1, 100, 3, 7], ['add', 1, 101, 3, 7])
    expect(() => bookOf(tape)).toThrow('tape TEST, row 1: order 7 is added while it is live')
  })

  it('gives levels in price order, no more than asked', () => {
    const book = bookOf(tapeOf(['add', 1, 98, 1, 1], ['add', 1, 100, 2, 2], ['add', 1, 99, 3, 3], ['add', -1, -4, 3, 4]))
    const out = { priceTicks: new Int32Array(2), lots: new Int32Array(2) }
    expect(book.levels(1, 10, out)).toBe(2)
    expect([...out.priceTicks, ...out.lots]).toEqual([100, 99, 2, 3])
    expect(book.levels(1, 1, out)).toBe(1)
    expect(book.best(-1)).toBe(-4)
  })

  it('equals a rebuild with plain objects after every row of any tape', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        const tape = randomTape(seed, { rowCount: 250, spanTicks: 3 + (seed % 20), crossing: seed % 3 === 0 ? 0.3 : 0.05 })
        checkTape(tape)
        const book = new Book()
        const naive = new NaiveBook()
        for (let row = 0; row < tape.count; row++) {
          book.apply(tape, row)
          naive.applyRow(tape, row)
          for (const side of [1, -1]) expect(picture(book, side)).toEqual(naivePicture(naive, side))
          expect(book.isCrossed()).toBe(naive.isCrossed())
          expect(book.halted).toBe(naive.halted)
        }
      }),
      { numRuns: 60, seed: 1 }
    )
  })
})

describe('random tapes', () => {
  it('hold every kind of row, ties, locked books and unknown orders', () => {
    const seen = new Set<number>()
    let ties = 0
    let crossed = 0
    let between = 0
    let unknown = 0
    for (let seed = 0; seed < 50; seed++) {
      const tape = randomTape(seed, { rowCount: 400 })
      checkTape(tape)
      const book = new Book()
      for (let row = 0; row < tape.count; row++) {
        seen.add(tape.kind[row])
        if (row > 0 && tape.tNs[row] === tape.tNs[row - 1]) ties++
        if ((tape.flags[row] & 2) !== 0) between++
        book.apply(tape, row)
        if (book.isCrossed()) crossed++
      }
      unknown += book.unknownCount
    }
    expect([...seen].sort((a, b) => a - b)).toEqual(ROW_KIND.names.map((_, index) => index))
    expect(Math.min(ties, crossed, between, unknown)).toBeGreaterThan(100)
  })
})

describe('sorted prices', () => {
  it('hold any set of prices in order, from either side, near or far', () => {
    const far = fc.integer({ min: -(2 ** 20), max: 2 ** 20 })
    const steps = fc.array(fc.oneof(fc.integer({ min: -600, max: 600 }), fc.integer({ min: 3000, max: 3040 }), far), {
      maxLength: 900
    })
    fc.assert(
      fc.property(steps, fc.constantFrom(1, -1), (prices, side) => {
        const sorted = new SortedPrices(side)
        const held = new Map<number, number>()
        prices.forEach((price, handle) => {
          if (held.delete(price)) {
            sorted.remove(price)
          } else {
            sorted.insert(price, handle)
            held.set(price, handle)
          }
        })
        const expected = [...held].sort(([a], [b]) => side * (b - a)).map(([, handle]) => handle)
        const inOrder: number[] = []
        for (let handle = sorted.best(); handle !== -1; handle = sorted.worse(prices[handle])) inOrder.push(handle)
        expect(inOrder).toEqual(expected)
        expect(sorted.count).toBe(expected.length)
        expect(sorted.bestTicks()).toBe(expected.length === 0 ? 0 : prices[expected[0]])
        for (const price of prices) expect(sorted.find(price)).toBe(held.get(price) ?? -1)
        sorted.clear()
        expect([sorted.best(), sorted.count, sorted.worse(700)]).toEqual([-1, 0, -1])
      }),
      { numRuns: 50, seed: 1 }
    )
  })
})

describe('live orders', () => {
  it('agree with a Map over any sequence of sets and deletes', () => {
    // Few ids and a small table: long probe runs, wraps and back shifts happen all the time.
    const id = fc.oneof(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 20 }).map((n) => n * 2 ** 40)
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), id), { maxLength: 400 }), (steps) => {
        const live = new LiveOrders(8)
        const map = new Map<number, number>()
        steps.forEach(([isSet, key], slot) => {
          if (isSet) {
            live.set(key, slot)
            map.set(key, slot)
          } else {
            live.delete(key)
            map.delete(key)
          }
          expect(live.count).toBe(map.size)
        })
        for (const [, key] of steps) expect(live.get(key)).toBe(map.get(key) ?? -1)
      }),
      { numRuns: 200, seed: 1 }
    )
  })
})

const dataPath = fileURLToPath(new URL('../../../shared/data/lobster/', import.meta.url))
const MESSAGES = `${dataPath}AAPL_2012-06-21_34200000_37800000_message_50.csv.gz`

describe.skipIf(!existsSync(MESSAGES))('book on an hour of AAPL (../shared/data/lobster; skipped where it is absent)', () => {
  it('conserves lots: what was added is what rests, left or was missing', () => {
    const kinds = [KIND.add, KIND.reduce, KIND.delete, KIND.execute, KIND['execute-hidden']]
    const builder = new TapeBuilder(100_000)
    for (const line of gunzipSync(readFileSync(MESSAGES)).toString().trimEnd().split('\n')) {
      const [seconds, type, id, lots, price, direction] = line.split(',').map(Number)
      if (type <= 5) builder.push(Math.round(seconds * 1e9), kinds[type - 1], direction, Math.floor(price / 100), lots, id)
    }
    const tape = builder.finish(TEST_HEADER)
    const book = bookOf(tape)
    let added = 0
    let taken = 0
    for (let row = 0; row < tape.count; row++) {
      if (tape.kind[row] === KIND.add) added += tape.lots[row]
      else if (tape.kind[row] <= KIND.execute) taken += tape.lots[row]
    }
    let resting = 0
    for (const side of [1, -1]) {
      for (let level = book.bestLevel(side); level !== -1; level = book.worseLevel(level)) {
        for (let order = book.firstOrder(level); order !== -1; order = book.nextOrder(order)) resting += book.restLots(order)
      }
    }
    expect(tape.count).toBeGreaterThan(90_000)
    expect(resting).toBe(added - taken + book.missingLots)
  })
})
