/* Each text format on a small file drawn by hand (text-samples.ts), row by row. Times are after 09:30 New York, which is 13:30 UTC. */
import { describe, expect, it } from 'vitest'
import { BITSTAMP } from '../../src/formats/bitstamp.ts'
import { BITSTAMP_LEVELS } from '../../src/formats/bitstamp-levels.ts'
import { COINBASE } from '../../src/formats/coinbase.ts'
import { DATABENTO_CSV } from '../../src/formats/databento-csv.ts'
import type { Format, ImportOptions } from '../../src/formats/format.ts'
import { TARDIS } from '../../src/formats/tardis.ts'
import type { Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'
import { rowsOf } from './tape-rows.ts'
import * as SAMPLES from './text-samples.ts'

const ZONE = 'America/New_York'

function read(format: Format, texts: readonly string[], options: ImportOptions = {}): Promise<Tape> {
  return format.read(
    texts.map((text, index) => chunksOf(`file${index}.csv`, text)),
    { zone: ZONE, ...options }
  )
}

describe('Databento CSV', () => {
  it('MBO: a fill waits for the cancel of its order and is an execution; a cancel of a part is a reduction', async () => {
    const tape = await read(DATABENTO_CSV, [SAMPLES.MBO_CSV])
    expect(rowsOf(tape)).toEqual([
      '1000 add bid 1000 30 #11',
      '2000 add bid 1000 20 #12',
      '3000 add ask 1003 40 #13',
      '1000000000 execute bid 1000 30 #11',
      '2000000000 reduce ask 1003 15 #13'
    ])
    expect(tape.header).toMatchObject({ symbol: 'ABC', venue: 'XNAS.ITCH', date: '2024-05-08', tickUnits: 1, priceDecimals: 2 })
    expect(tape.header.notes).toMatchObject({ receiveDelayNsMin: 100, receiveDelayNsMax: 100, liveOrdersAtEnd: 2 })
  })

  it('MBP in raw numbers: the levels after each record; the trade stands before them', async () => {
    const tape = await read(DATABENTO_CSV, [SAMPLES.MBP_CSV], { tick: '0.01' })
    expect(rowsOf(tape)).toEqual([
      '0 level-set bid 1000 30 #0',
      '1000 level-set ask 1003 40 #0',
      '1000000000 trade bid 1000 30 #0',
      '1000000000 level-set bid 1000 0 #0',
      '1000000000 level-set bid 999 5 #0'
    ])
    expect(tape.header.book).toBe('by-price')
  })

  it('columns may come in any order; prices may be written 10.0 or 10000000000', async () => {
    const lines = SAMPLES.MBO_CSV.trimEnd().split('\n')
    const reordered = lines.map((line) => line.split(',').reverse().join(',')).join('\n')
    const raw = SAMPLES.MBO_CSV.replaceAll('10.000000000', '10000000000').replaceAll('10.030000000', '10030000000')
    const expected = rowsOf(await read(DATABENTO_CSV, [SAMPLES.MBO_CSV]))
    expect(rowsOf(await read(DATABENTO_CSV, [reordered]))).toEqual(expected)
    expect(rowsOf(await read(DATABENTO_CSV, [raw]))).toEqual(expected)
  })

  it('with the clock of the receiver, rows are 100 ns later', async () => {
    const tape = await read(DATABENTO_CSV, [SAMPLES.MBO_CSV], { clock: 'receive' })
    expect(rowsOf(tape)[0]).toBe('1100 add bid 1000 30 #11')
  })

  it('several instruments need a symbol, a name or a number', async () => {
    const two = `${SAMPLES.MBO_CSV}${SAMPLES.MBO_CSV.trimEnd().split('\n')[2].replace(',7,A', ',8,A').replace('ABC', 'XYZ')}\n`
    await expect(read(DATABENTO_CSV, [two])).rejects.toThrow(
      'file0.csv:10: the file has several symbols; choose one, such as --symbol ABC or --symbol XYZ'
    )
    expect(rowsOf(await read(DATABENTO_CSV, [two], { symbol: 'XYZ' }))).toEqual(['1000 add bid 1000 30 #11'])
    expect(rowsOf(await read(DATABENTO_CSV, [two], { symbol: '8' }))).toEqual(['1000 add bid 1000 30 #11'])
    await expect(read(DATABENTO_CSV, [two], { symbol: 'Q' })).rejects.toThrow('has no Q; it has ABC, XYZ')
  })
})

describe('Tardis', () => {
  const BOOK = [SAMPLES.TARDIS_BOOK, SAMPLES.TARDIS_TRADES]
  it('a snapshot replaces the book; in an update ends come first; a trade stands before the change of its instant', async () => {
    const tape = await read(TARDIS, BOOK, { symbol: 'BTCUSDT' })
    expect(rowsOf(tape)).toEqual([
      '100000000 level-set bid 600001 1500 #0 +',
      '100000000 level-set ask 600003 2000 #0 +',
      '100000000 trade bid 600001 500 #0',
      '100000000 level-set bid 600001 0 #0',
      '100000000 level-set bid 600002 250 #0',
      '200000000 trade ask 600003 250 #0',
      '300000000 level-set bid 599990 1 #0 +',
      '300000000 level-set bid 600002 0 #0 +',
      '400000000 level-set ask 600000 125 #0',
      // Its side is not known: the mid is below 60000, so an ask.
      '500000000 trade ask 600000 125 #0'
    ])
    expect(tape.header).toMatchObject({ symbol: 'BTCUSDT', venue: 'binance', tickUnits: 1, priceDecimals: 1, lotDecimals: 3 })
    expect(tape.header.notes).toMatchObject({
      snapshots: 2,
      seededLevels: 2,
      tradeSidesInferred: 1,
      receiveDelayNsMax: 2_000_000
    })
  })

  it('with the clock of the collector, rows are a millisecond or two later', async () => {
    const rows = rowsOf(await read(TARDIS, BOOK, { symbol: 'btcusdt', clock: 'receive' }))
    expect(rows[2]).toBe('101000000 trade bid 600001 500 #0')
    expect(rows[8]).toBe('402000000 level-set ask 600000 125 #0')
  })

  it('the book alone is enough; several symbols need one to be chosen', async () => {
    const tape = await read(TARDIS, [SAMPLES.TARDIS_BOOK], { symbol: 'ETHUSDT' }).catch((error: Error) => error.message)
    expect(tape).toMatch(/there are no rows of ETHUSDT to make a tape of \(snapshots 1\)/)
    await expect(read(TARDIS, [SAMPLES.TARDIS_BOOK])).rejects.toThrow('choose one, such as --symbol BTCUSDT or --symbol ETHUSDT')
  })

  it.each([
    ['60000.2,0.25', '60000.2,', 'the amount is empty'],
    ['60000.2,0.25', '60000.2,-1', 'the amount "-1" is not a quantity'],
    ['false,bid,60000.2', 'maybe,bid,60000.2', 'the is_snapshot "maybe" is not one of false, true'],
    ['bid,60000.2', 'buy,60000.2', 'the side "buy" is not one of ask, bid'],
    [
      '1715175000100000,1715175000101000,false,bid,60000.2',
      'x,1715175000101000,false,bid,60000.2',
      'the timestamp "x" is not an instant'
    ]
  ])('%s as %s is an error at its line', async (right, wrong, message) => {
    await expect(read(TARDIS, [SAMPLES.TARDIS_BOOK.replace(right, wrong)], { symbol: 'BTCUSDT' })).rejects.toThrow(
      `file0.csv:5: ${message}`
    )
  })

  it('a price off the given tick is an error; with one of more decimals than the file is read with, the tick must be given', async () => {
    await expect(read(TARDIS, BOOK, { symbol: 'BTCUSDT', tick: '0.5' })).rejects.toThrow(
      'the price 60000.1 is not a whole number'
    )
    const fine = SAMPLES.TARDIS_BOOK.replace('bid,60000.2,', 'bid,60000.2000000001,')
    await expect(read(TARDIS, [fine], { symbol: 'BTCUSDT' })).rejects.toThrow('have no common tick')
  })
})

describe('Coinbase', () => {
  it('the snapshot is the seed; trade ids tell of trades that are not there', async () => {
    const tape = await read(COINBASE, [SAMPLES.COINBASE], { symbol: 'A-B' })
    expect(rowsOf(tape)).toEqual([
      '100000000 level-set bid 1000 4 #0 +',
      '100000000 level-set bid 999 8 #0 +',
      '100000000 level-set ask 1002 11 #0 +',
      '100000000 level-set ask 1003 2 #0 +',
      '100000000 level-set bid 1000 0 #0',
      '100000000 level-set bid 1001 6 #0',
      '300001000 trade ask 1002 2 #0',
      '300001000 level-set ask 1002 9 #0'
    ])
    // All sizes are multiples of 0.5.
    expect(tape.header).toMatchObject({ lotUnits: 5, lotDecimals: 1, priceDecimals: 2 })
    expect(tape.header.notes).toMatchObject({ trades: 1, missingTrades: 2, lastMatches: 1, tickers: 1, bookUpdates: 2 })
  })

  it('several products need a symbol', async () => {
    await expect(read(COINBASE, [SAMPLES.COINBASE])).rejects.toThrow('file0.csv:6: the file has several symbols')
    await expect(read(COINBASE, [SAMPLES.COINBASE], { symbol: 'E-F' })).rejects.toThrow('has no E-F; it has A-B, C-D')
  })
})

describe('Bitstamp by price', () => {
  it('the REST book is the seed, and updates of before it are dropped', async () => {
    const tape = await read(BITSTAMP_LEVELS, [SAMPLES.BITSTAMP_LEVELS, SAMPLES.BITSTAMP_ANSWERS], { symbol: 'ethusd' })
    expect(rowsOf(tape)).toEqual([
      '200000000 level-set bid 60000 6 #0 +',
      '200000000 level-set ask 60002 2 #0 +',
      '200000000 level-set ask 60004 28 #0 +',
      '200000000 level-set ask 60002 0 #0',
      '200000000 level-set bid 60001 8 #0',
      '250000000 trade bid 60001 1 #0'
    ])
    // Prices are multiples of 0.05, amounts of 0.25.
    expect(tape.header).toMatchObject({ tickUnits: 5, priceDecimals: 2, lotUnits: 25, lotDecimals: 2 })
    expect(tape.header.notes).toMatchObject({ updatesBeforeSnapshot: 1, bookUpdates: 1, trades: 1 })
  })

  it('without it the book builds up from updates', async () => {
    const tape = await read(BITSTAMP_LEVELS, [SAMPLES.BITSTAMP_LEVELS], { symbol: 'ethusd', tick: '0.01', lot: '0.01' })
    expect(rowsOf(tape)).toEqual([
      '100000000 level-set bid 299900 100 #0',
      '200000000 level-set bid 300005 200 #0',
      '250000000 trade bid 300005 25 #0'
    ])
    expect(tape.header.notes.startedWithoutSnapshot).toBe(1)
  })
})

describe('Bitstamp order by order', () => {
  const MIDNIGHT = { zone: 'UTC', clockOffsetNs: 34_200_000_000_000 }
  it('a taker joins with what its trade leaves; zombies go when a published book shows that they must have', async () => {
    const tape = await read(BITSTAMP, [SAMPLES.BITSTAMP_LOG], MIDNIGHT)
    const seed = 2 ** 52
    expect(rowsOf(tape)).toEqual([
      '0 add ask 23650 20000000 #11',
      '100000000 add bid 23600 10000000 #12',
      `200000000 add bid 23500 40000000 #${seed} +`,
      '400000000 execute ask 23650 20000000 #11',
      // Nothing meets it any more; its own reduction is the taker's part of the trade.
      '400000000 add bid 23660 30000000 #13',
      '401000000 reduce bid 23660 20000000 #13',
      `500000000 delete bid 23500 40000000 #${seed}`,
      '600000000 delete bid 23660 10000000 #13',
      '700000000 delete bid 23600 10000000 #12 +'
    ])
    expect(tape.header.notes).toMatchObject({
      trades: 1,
      matchedTrades: 1,
      counterpartReductions: 1,
      seededFromBook: 1,
      zombies: 1
    })
  })

  it('the table of orders tells the same of them', async () => {
    const tape = await read(BITSTAMP, [SAMPLES.BITSTAMP_TABLE], MIDNIGHT)
    expect(rowsOf(tape)).toEqual([
      '0 add ask 23650 20000000 #11',
      '400000000 execute ask 23650 20000000 #11',
      '400000000 add bid 23660 30000000 #13',
      '401000000 reduce bid 23660 20000000 #13'
    ])
  })

  it('an order that another meets for 3 s without trading is gone', async () => {
    const message = (ms: number, event: string, id: number, price: string, type: number): string =>
      `${1_430_438_400_000 + ms} ${event} {"price": "${price}", "amount": "1.0", "id": ${id}, "order_type": ${type}}\n`
    const log = [
      message(0, 'order_created', 1, '236.50', 1),
      message(100, 'order_created', 2, '236.60', 0),
      message(3100, 'order_created', 3, '230.00', 0),
      message(3101, 'order_created', 4, '230.01', 0)
    ].join('')
    const tape = await read(BITSTAMP, [log], MIDNIGHT)
    expect(rowsOf(tape)).toEqual([
      '0 add ask 23650 10000000 #1',
      '3100000000 add bid 23000 10000000 #3',
      '3101000000 delete ask 23650 10000000 #1 +',
      '3101000000 add bid 23660 10000000 #2',
      '3101000000 add bid 23001 10000000 #4'
    ])
    expect(tape.header.notes.zombies).toBe(1)
  })

  it('a trade without a reduction is a print', async () => {
    const log = `${SAMPLES.BITSTAMP_LOG}1430438401000 trade {"price": 236.1, "amount": 0.5, "id": 2}\n`
    const tape = await read(BITSTAMP, [log], MIDNIGHT)
    expect(rowsOf(tape).at(-1)).toBe('1000000000 trade bid 23610 5000000 #0')
    expect(tape.header.notes.unmatchedTrades).toBe(1)
  })
})
