/*
 * Recorded text files of ../shared/data (not part of the project), held against what they publish themselves (levels after each message, published
 * books) and against books that the test rebuilds from whole JSON messages.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BITSTAMP } from '../../src/formats/bitstamp.ts'
import { BITSTAMP_LEVELS } from '../../src/formats/bitstamp-levels.ts'
import { COINBASE } from '../../src/formats/coinbase.ts'
import { DATABENTO_CSV } from '../../src/formats/databento-csv.ts'
import { Book } from '../../src/market/book.ts'
import { formatPrice, ROW_KIND, type Tape } from '../../src/market/tape.ts'
import { importFiles } from '../../src/node/market-import.ts'
import { chunksOf } from './byte-chunks.ts'
import { checkRules } from './fuzz.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const HAVE_DATA = existsSync(DATA)
const SKIPPED = HAVE_DATA ? '' : ' (skipped: ../shared/data is absent)'

function linesOf(name: string): string[] {
  return gunzipSync(readFileSync(join(DATA, name)))
    .toString('latin1')
    .trimEnd()
    .split('\n')
}

/** Rows of a CSV by the names of its head. */
function recordsOf(lines: readonly string[]): Record<string, string>[] {
  const names = lines[0].split(',')
  return lines.slice(1).map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])))
}

describe.skipIf(!HAVE_DATA)(`Databento CSV, ARL${SKIPPED}`, () => {
  const MBO = 'databento_mbo_csv/ARL_mbo_first_part.csv.gz'
  const MBP = 'databento_mbo_csv/ARL_mbp10_first_part.csv.gz'
  const DEPTH = 10
  const keyOf = (record: Record<string, string>): string => `${record.ts_event} ${record.sequence}`

  /** `price size count` of the best ten levels, bids then asks. */
  function levelsOf(book: Book, header: Tape['header']): string[] {
    const levels: string[] = []
    for (const side of [1, -1]) {
      let level = book.bestLevel(side)
      for (let rank = 0; rank < DEPTH && level >= 0; rank++, level = book.worseLevel(level)) {
        let count = 0
        for (let order = book.firstOrder(level); order >= 0; order = book.nextOrder(order)) count++
        const priceTicks = book.priceTicks(level)
        levels.push(`${side} ${Number(formatPrice(header, priceTicks))} ${book.totalLots(side, priceTicks)} ${count}`)
      }
    }
    return levels
  }

  function publishedLevels(record: Record<string, string>): string[] {
    const levels: string[] = []
    for (const [side, name] of [
      [1, 'bid'],
      [-1, 'ask']
    ]) {
      for (let rank = 0; rank < DEPTH; rank++) {
        const [price, size, count] = ['px', 'sz', 'ct'].map((part) => record[`${name}_${part}_0${rank}`])
        if (price !== '') levels.push(`${side} ${Number(price)} ${size} ${count}`)
      }
    }
    return levels
  }

  it('the book of single orders equals MBP-10 in price, size and order count at every key; all fills meet the head of the queue', async () => {
    const lines = linesOf(MBO)
    const records = recordsOf(lines)
    const tape = await importFiles(DATABENTO_CSV, [join(DATA, MBO)], {})
    checkRules(tape)
    expect(tape.header.notes.unknownIdRows).toBeUndefined()

    // How many rows of the tape a key ends with: by its time, and where several keys share one by what the file up to there gives.
    const lastLine = new Map<string, number>()
    const keysAt = new Map<string, Set<string>>()
    for (const [index, record] of records.entries()) {
      lastLine.set(keyOf(record), index + 1)
      keysAt.set(record.ts_event, (keysAt.get(record.ts_event) ?? new Set()).add(keyOf(record)))
    }
    const rowsUpTo = async (record: Record<string, string>): Promise<number> => {
      const upTo = lines.slice(0, (lastLine.get(keyOf(record)) ?? 0) + 1).join('\n')
      return (await DATABENTO_CSV.read([chunksOf('part.csv', upTo)], {})).count
    }

    const published = new Map(recordsOf(linesOf(MBP)).map((record) => [keyOf(record), record]))
    const book = new Book()
    let row = 0
    let equal = 0
    let fills = 0
    const advance = (): void => {
      if (tape.kind[row] === ROW_KIND.of.execute) {
        fills++
        const level = book.levelOf(tape.side[row], tape.priceTicks[row])
        expect(book.orderAt(tape.side[row], tape.priceTicks[row], tape.orderId[row])).toBe(book.firstOrder(level))
      }
      book.apply(tape, row++)
    }
    for (const record of published.values()) {
      const tNs = nsOfDay(record.ts_event)
      const isShared = (keysAt.get(record.ts_event)?.size ?? 0) > 1
      const end = isShared ? await rowsUpTo(record) : Number.POSITIVE_INFINITY
      while (row < tape.count && row < end && tape.tNs[row] <= tNs) advance()
      if (levelsOf(book, tape.header).join() === publishedLevels(record).join()) equal++
    }
    expect(published.size).toBe(1909)
    expect(equal).toBe(1909)
    expect(fills).toBe(records.filter(({ action }) => action === 'F').length)
  }, 60_000)

  it('MBP-10 read as levels shows the same prices and sizes after its last record of every instant', async () => {
    const tape = await importFiles(DATABENTO_CSV, [join(DATA, MBP)], {})
    checkRules(tape)
    const records = recordsOf(linesOf(MBP))
    const last = new Map(records.map((record) => [record.ts_event, record]))
    const book = new Book()
    let row = 0
    let equal = 0
    for (const record of last.values()) {
      const tNs = nsOfDay(record.ts_event)
      while (row < tape.count && tape.tNs[row] <= tNs) book.apply(tape, row++)
      const sizes = (levels: readonly string[]): string => levels.map((level) => level.replace(/ \d+$/, '')).join()
      // Levels beyond the tenth, once shown, are kept: the best ten are compared.
      if (sizes(levelsOf(book, tape.header)) === sizes(publishedLevels(record))) equal++
    }
    expect(equal).toBe(last.size)
  })

  /** Ns after midnight in New York of a day in July, four hours behind UTC. */
  function nsOfDay(instant: string): number {
    const [, hours, minutes, seconds, ns] = /T(\d\d):(\d\d):(\d\d)\.(\d{9})Z$/.exec(instant) ?? []
    return ((Number(hours) - 4) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e9 + Number(ns)
  }
})

/** A tape's book after its last row, as `side price quantity`. */
function lastBook(tape: Tape): string[] {
  const book = new Book()
  let crossed = 0
  for (let row = 0; row < tape.count; row++) {
    book.apply(tape, row)
    const isLast = row + 1 === tape.count || tape.tNs[row + 1] !== tape.tNs[row]
    if (isLast && book.isCrossed()) crossed++
  }
  expect(crossed).toBe(0)
  const { header } = tape
  const lotOf = { ...header, tickUnits: header.lotUnits, priceDecimals: header.lotDecimals }
  const levels: string[] = []
  for (const side of [1, -1]) {
    for (let level = book.bestLevel(side); level >= 0; level = book.worseLevel(level)) {
      const ticks = book.priceTicks(level)
      levels.push(`${side} ${Number(formatPrice(header, ticks))} ${Number(formatPrice(lotOf, book.totalLots(side, ticks)))}`)
    }
  }
  return levels.sort()
}

const levelsAsText = (levels: ReadonlyMap<string, number>): string[] =>
  [...levels].map(([level, quantity]) => `${level} ${quantity}`).sort()

describe.skipIf(!HAVE_DATA)(`Coinbase capture${SKIPPED}`, () => {
  const FILE = 'crypto_ws/COINBASE.ws.28.0.gz'
  interface Message {
    readonly type: string
    readonly product_id: string
    readonly asks: readonly (readonly [string, string])[]
    readonly bids: readonly (readonly [string, string])[]
    readonly changes: readonly (readonly ['buy' | 'sell', string, string])[]
  }

  it('all ten products: every update, match and ticker counted, no crossed book, and the last book as rebuilt from whole messages', async () => {
    const books = new Map<string, Map<string, number>>()
    const counts = { bookUpdates: 0, trades: 0, tickers: 0, snapshotMessages: 0 }
    for (const line of linesOf(FILE)) {
      if (!/^\d/.test(line)) continue
      const message = JSON.parse(line.slice(line.indexOf('{'))) as Message
      if (message.type === 'snapshot') {
        const levels = new Map<string, number>()
        for (const [price, size] of message.bids) levels.set(`1 ${Number(price)}`, Number(size))
        for (const [price, size] of message.asks) levels.set(`-1 ${Number(price)}`, Number(size))
        books.set(message.product_id, levels)
      } else if (message.type === 'l2update') {
        const levels = books.get(message.product_id) ?? new Map<string, number>()
        for (const [side, price, size] of message.changes) {
          const key = `${side === 'buy' ? 1 : -1} ${Number(price)}`
          if (Number(size) === 0) levels.delete(key)
          else levels.set(key, Number(size))
        }
      }
    }
    expect(books.size).toBe(10)
    for (const [product, levels] of books) {
      const tape = await importFiles(COINBASE, [join(DATA, FILE)], { symbol: product })
      checkRules(tape)
      const { notes } = tape.header
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += notes[name] ?? 0
      // Far-off prices that a 32-bit tape cannot hold are left out, and far-off totals may be rounded.
      const isWhole = notes.pricesBeyondRange === undefined && notes.roundedQuantities === undefined
      if (isWhole) expect(lastBook(tape)).toEqual(levelsAsText(levels))
      else expect(lastBook(tape).length).toBe(levels.size - (notes.pricesBeyondRange ?? 0))
    }
    expect(counts).toEqual({ bookUpdates: 9719, trades: 97, tickers: 107, snapshotMessages: 10 })
  }, 60_000)
})

describe.skipIf(!HAVE_DATA)(`Bitstamp captures${SKIPPED}`, () => {
  it('by price: every message of every pair is counted', async () => {
    const files = ['crypto_ws/BITSTAMP.ws.1.0.gz', 'crypto_ws/BITSTAMP.http.0.0.gz']
    const messages = linesOf(files[0])
      .filter((line) => /^\d/.test(line))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { event: string; channel: string })
    for (const pair of ['ethusd', 'xrpeur', 'usdtusd', 'galaeur']) {
      const counted = (event: string, channel: string): number =>
        messages.filter((message) => message.event === event && message.channel === `${channel}_${pair}`).length
      const tape = await importFiles(
        BITSTAMP_LEVELS,
        files.map((file) => join(DATA, file)),
        { symbol: pair }
      )
      checkRules(tape)
      const { bookUpdates = 0, updatesBeforeSnapshot = 0, trades = 0, snapshots } = tape.header.notes
      expect(bookUpdates + updatesBeforeSnapshot).toBe(counted('data', 'diff_order_book'))
      expect(trades).toBe(counted('trade', 'live_trades'))
      expect(snapshots).toBe(1)
    }
  })

  it('order by order: never crossed, and the best prices are those of nearly every published book', async () => {
    const file = 'bitstamp_l3/2015-05-01_first_60pct.log.gz'
    const tape = await importFiles(BITSTAMP, [join(DATA, file)], {})
    checkRules(tape)
    const { notes } = tape.header
    expect(notes).toMatchObject({ trades: 359, publishedBooks: 3029 })
    expect(notes.matchedTrades + notes.unmatchedTrades).toBe(359)
    expect(notes.matchedTrades).toBeGreaterThanOrEqual(350)
    const book = new Book()
    let row = 0
    let compared = 0
    const equal = { bid: 0, ask: 0 }
    for (const [index, line] of linesOf(file).entries()) {
      const [ms, event] = line.split(' ', 2)
      if (event !== 'order_book') continue
      const tNs = (Number(ms) - 1_430_438_400_000) * 1e6
      while (row < tape.count && tape.tNs[row] <= tNs) book.apply(tape, row++)
      expect(book.isCrossed()).toBe(false)
      if (index < 2000) continue
      const { bids, asks } = JSON.parse(line.slice(line.indexOf('{'))) as { bids: string[][]; asks: string[][] }
      compared++
      if (formatPrice(tape.header, book.best(1)) === bids[0][0]) equal.bid++
      if (formatPrice(tape.header, book.best(-1)) === asks[0][0]) equal.ask++
    }
    // The whole file has 3011 such books; its provenance finds 17 asks that differ, and what differs here are orders on their way.
    expect(compared).toBe(2868)
    expect(compared - equal.bid).toBeLessThanOrEqual(3)
    expect(compared - equal.ask).toBeLessThanOrEqual(5)
  })

  it('order by order as a table: the same orders', async () => {
    const log = await importFiles(BITSTAMP, [join(DATA, 'bitstamp_l3/2015-05-01_first_60pct.log.gz')], {})
    const table = await importFiles(BITSTAMP, [join(DATA, 'bitstamp_l3/orders_first_60pct.csv.gz')], {})
    checkRules(table)
    const idsOf = (tape: Tape): Set<number> =>
      new Set(tape.orderId.subarray(0, tape.count).filter((id) => id > 0 && id < 2 ** 40))
    const [inLog, inTable] = [idsOf(log), idsOf(table)]
    const onlyInTable = [...inTable].filter((id) => !inLog.has(id))
    // Orders that met others all their life are in neither; a stale level on the way decides of a few.
    expect(onlyInTable.length).toBeLessThan(10)
    expect(inTable.size).toBeGreaterThan(14_000)
  })
})
