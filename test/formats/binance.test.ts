/* Binance's sequencing rules on messages drawn by hand, and its recordings of ../shared/data/binance_l2, where they are there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BINANCE } from '../../src/formats/binance.ts'
import type { ImportOptions } from '../../src/formats/format.ts'
import { Book } from '../../src/market/book.ts'
import { checkTape, ROW_FLAG, ROW_KIND, type Tape } from '../../src/market/tape.ts'
import { importFiles } from '../../src/node/market-import.ts'
import { chunksOf } from './byte-chunks.ts'
import { rowsOf } from './tape-rows.ts'
import { BINANCE_SPOT } from './text-samples.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/binance_l2/', import.meta.url))
const HAVE_DATA = existsSync(DATA)
const SKIPPED = HAVE_DATA ? '' : ' (skipped: ../shared/data/binance_l2 is absent)'
const ZONE = 'America/New_York'
const SECOND = '1715175000'

function read(text: string, options: ImportOptions = {}): Promise<Tape> {
  return BINANCE.read([chunksOf('capture.txt', text)], { zone: ZONE, ...options })
}

/** An update of futures: ids, the last one's u, and levels as `b60000=2` or `a60001=0`. */
function update(ms: number, first: number, last: number, previous: number, ...levels: string[]): string {
  const side = (letter: string): string =>
    levels
      .filter((level) => level.startsWith(letter))
      .map((level) => `["${level.slice(1).replace('=', '","')}"]`)
      .join()
  const fields = `"e":"depthUpdate","E":${SECOND}${ms + 1},"T":${SECOND}${ms},"s":"X","U":${first},"u":${last},"pu":${previous}`
  return `${SECOND}${ms}000000 {${fields},"b":[${side('b')}],"a":[${side('a')}]}\n`
}

function snapshot(ms: number, id: number, bids: string, asks: string): string {
  return `${SECOND}${ms}000000 {"lastUpdateId":${id},"E":${SECOND}${ms},"T":${SECOND}${ms},"bids":[${bids}],"asks":[${asks}]}\n`
}

describe('spot', () => {
  it('updates that a snapshot holds are dropped, those beyond go over it; a hole is counted', async () => {
    const tape = await read(BINANCE_SPOT)
    expect(rowsOf(tape)).toEqual([
      '260000000 level-set bid 60000 4 #0 +',
      '260000000 level-set bid 59999 2 #0 +',
      '260000000 level-set ask 60001 8 #0 +',
      '260000000 trade ask 60001 1 #0',
      '300000000 level-set ask 60001 7 #0',
      '400000000 level-set bid 60000 0 #0'
    ])
    expect(tape.header).toMatchObject({ symbol: 'BTCUSDT', venue: 'binance', lotUnits: 5, lotDecimals: 1, book: 'by-price' })
    expect(tape.header.notes).toMatchObject({
      updatesBeforeSnapshot: 2,
      depthUpdates: 2,
      gaps: 1,
      gapMessages: 3,
      trades: 1,
      aggTradesLeftOut: 1,
      bookTickers: 2,
      // After 104 all is as the ticker of 104 says; after 106 the ask has 3.5, and the last ticker before says 4.
      bookTickerChecks: 2,
      bookTickerMismatches: 1,
      // The trade was received at .270 and sent at .271.
      receivedBeforeSent: 2,
      receiveClockBehindNs: 999_500
    })
  })

  it.each([
    ['clear', ['400000000 clear - 0 0 #0']],
    ['halt', ['400000000 halt - 0 0 #0', '400000000 level-set bid 60000 0 #0']]
  ] as const)('after a hole by the rule %s', async (gapRule, rows) => {
    expect(rowsOf(await read(BINANCE_SPOT, { gapRule })).slice(5)).toEqual(rows)
  })

  it('with the clock of the recorder, mended by an offset', async () => {
    const rows = rowsOf(await read(BINANCE_SPOT, { clock: 'receive', clockOffsetNs: 1_000_000 }))
    expect(rows.slice(3, 5)).toEqual(['271000500 trade ask 60001 1 #0', '301000500 level-set ask 60001 7 #0'])
  })

  it('a symbol that is not there is an error that says what is', async () => {
    await expect(read(BINANCE_SPOT, { symbol: 'ETHUSDT' })).rejects.toThrow('capture.txt:9: has no ETHUSDT; it has BTCUSDT')
    const two = `${BINANCE_SPOT}${BINANCE_SPOT.replaceAll('BTCUSDT', 'ETHUSDT')}`
    await expect(read(two)).rejects.toThrow('capture.txt:10: the file has several symbols')
  })
})

describe('futures', () => {
  const START = `${update(100, 1, 10, 0, 'b100=1', 'a102=1')}${update(200, 12, 20, 10, 'b100=2')}`
  it('without a snapshot the book builds up from updates, which name the one before', async () => {
    const tape = await read(`${START}${update(300, 31, 40, 30, 'a102=3')}`)
    expect(rowsOf(tape)).toEqual([
      '100000000 level-set bid 50 1 #0',
      '100000000 level-set ask 51 1 #0',
      '200000000 level-set bid 50 2 #0',
      '300000000 level-set ask 51 3 #0'
    ])
    expect(tape.header.venue).toBe('binance-usd-m')
    expect(tape.header.notes).toMatchObject({ startedWithoutSnapshot: 1, depthUpdates: 3, gaps: 1, gapMessages: 10 })
  })

  it('a snapshot mends what a hole broke: levels it covers are its own or those of later updates; beyond its worst all stays', async () => {
    const text = [
      snapshot(100, 10, '["100","1"],["98","1"]', '["102","1"]'),
      update(200, 12, 20, 10, 'b96=5', 'b98=2'),
      update(300, 31, 40, 30, 'a101=3'),
      update(400, 41, 50, 40, 'b99=7'),
      snapshot(500, 45, '["100","1"],["97","1"]', '["101","3"],["102","1"]'),
      update(600, 51, 60, 50, 'b100=9')
    ].join('')
    const tape = await read(text, { gapRule: 'halt' })
    expect(rowsOf(tape)).toEqual([
      '200000000 level-set bid 100 1 #0 +',
      '200000000 level-set bid 98 1 #0 +',
      '200000000 level-set ask 102 1 #0 +',
      '200000000 level-set bid 96 5 #0',
      '200000000 level-set bid 98 2 #0',
      '300000000 halt - 0 0 #0',
      '300000000 level-set ask 101 3 #0',
      '400000000 level-set bid 99 7 #0',
      '500000000 level-set bid 97 1 #0 +',
      '500000000 level-set bid 98 0 #0 +',
      '500000000 resume - 0 0 #0',
      '600000000 level-set bid 100 9 #0'
    ])
    expect(tape.header.notes).toMatchObject({ snapshots: 2, gaps: 1 })
  })

  it('an update that is not newer is left out', async () => {
    const tape = await read(`${START}${update(300, 12, 20, 10, 'b100=5')}`)
    expect(tape.count).toBe(3)
    expect(tape.header.notes.repeatedUpdates).toBe(1)
  })

  it('trades that the trade stream brings late stand where they happened', async () => {
    const trade = `${SECOND}220000000 {"e":"trade","E":${SECOND}199,"T":${SECOND}150,"s":"X","p":"102","q":"1","X":"MARKET","m":false}\n`
    const fund = trade.replace('MARKET', 'INSURANCE_FUND')
    const tape = await read(`${START}${trade}${fund}`)
    expect(rowsOf(tape)).toEqual([
      '100000000 level-set bid 50 1 #0',
      '100000000 level-set ask 51 1 #0',
      '150000000 trade ask 51 1 #0',
      '200000000 level-set bid 50 2 #0'
    ])
    expect(tape.header.notes).toMatchObject({ trades: 1, tradesOffBook: 1 })
  })

  it.each([
    ['not a time', 'x {"e":"depthUpdate"}\n', 'capture.txt:1: the row does not begin with the time'],
    ['not JSON', `${START}1715175000300000000 {"e":"depthUpdate","E":1,\n`, 'capture.txt:3: the message is not JSON'],
    ['no ids', `${START}1715175000300000000 {"e":"depthUpdate","E":1715175000300}\n`, 'capture.txt:3: the depthUpdate lacks'],
    ['more behind', `${START.trimEnd()} {}\n`, 'capture.txt:2: the message is not JSON: more follows']
  ])('%s is an error at its line', async (_what, text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })
})

describe.skipIf(!HAVE_DATA)(`recordings${SKIPPED}`, () => {
  it.each([
    ['spot_btcusdt_20240808', { bookTickers: 28_040, trades: 9757 }, 3451],
    ['usdm_btcusdt_20240808', { bookTickers: 66_089, trades: 21_313 }, 6551],
    ['cm_btcusd_perp_20240808', { bookTickers: 19_136, trades: 2286 }, 26_847]
  ])(
    '%s: all messages, no hole, never crossed, and every book ticker agrees in price and quantity',
    async (name, notes, depths) => {
      const tape = await importFiles(BINANCE, [join(DATA, `${name}.gz`)], {})
      checkTape(tape)
      const found = tape.header.notes
      expect(found).toMatchObject({ ...notes, snapshots: 1 })
      expect(found.depthUpdates + found.updatesBeforeSnapshot).toBe(depths)
      for (const absent of ['gaps', 'crossedEvents', 'bookTickerMismatches', 'clampedTimeRows', 'otherMessages'])
        expect(found[absent]).toBeUndefined()
      // All but the first and last few books have tickers on both sides of them.
      expect(found.bookTickerChecks).toBeGreaterThan(depths - 60)
      // The recorder's clock is 1.27 s behind.
      expect(found.receiveClockBehindNs / 1e9).toBeGreaterThan(1.27)
      expect(found.receiveClockBehindNs / 1e9).toBeLessThan(1.28)
      const trades = tape.kind.reduce((count, kind) => count + (kind === ROW_KIND.of.trade ? 1 : 0), 0)
      expect(trades).toBe(found.trades - (found.tradesBeforeBook ?? 0))
      expect(crossedInstants(tape)).toBe(0)
    }
  )
})

/** Instants after whose last row the book is locked or crossed. */
function crossedInstants(tape: Tape): number {
  const book = new Book()
  let crossed = 0
  for (let row = 0; row < tape.count; row++) {
    book.apply(tape, row)
    const isLast = row + 1 === tape.count || tape.tNs[row + 1] !== tape.tNs[row]
    if (isLast && (tape.flags[row] & ROW_FLAG.added) === 0 && book.isCrossed()) crossed++
  }
  return crossed
}
