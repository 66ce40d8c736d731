/* tailtax's own CSV: rows by hand, what is refused, and that a tape comes back as it was. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CSV } from '../../src/formats/csv.ts'
import type { ImportOptions } from '../../src/formats/format.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { generateTape } from '../../src/market/generator.ts'
import { generatorOptions } from '../../src/market/generator-presets.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { TapeDays } from '../../src/market/tape-days.ts'
import { exportRows } from '../../src/node/tape-export.ts'
import { hashTape } from '../../src/node/tape-store.ts'
import { chunksOf } from './byte-chunks.ts'
import { rowsOf } from './tape-rows.ts'
import { TAPE_CSV } from './text-samples.ts'

function read(text: string, options: ImportOptions = {}): Promise<Tape> {
  return CSV.read([chunksOf('rows.csv', text)], options)
}

/** The tape that its exported rows make. */
async function there(tape: Tape): Promise<Tape> {
  const directory = mkdtempSync(join(tmpdir(), 'tape-csv-'))
  try {
    const path = join(directory, 'rows.csv')
    exportRows(tape, path)
    return await CSV.read([chunksOf('rows.csv', readFileSync(path), 4096)], {})
  } finally {
    rmSync(directory, { recursive: true })
  }
}

describe('rows', () => {
  const HEAD = 'tNs,kind,side,price,lots,orderId\n'
  it('are a tape as they stand', async () => {
    const tape = await read(TAPE_CSV)
    expect(rowsOf(tape)).toEqual([
      '0 add bid 1000 30 #11 +',
      '0 add ask 1003 40 #12 +',
      '1 reduce bid 1000 5 #11',
      '1 execute bid 1000 10 #11',
      '500000000 execute-hidden ask 1001 7 #0 ~',
      '600000000 level-set ask 1004 15 #0',
      '700000000 halt - 0 0 #0',
      '800000000 resume - 0 0 #0',
      '900000000 clear - 0 0 #0'
    ])
    expect(tape.header).toMatchObject({
      symbol: 'ABC',
      date: '2024-05-08',
      zone: 'America/New_York',
      tickUnits: 1,
      priceDecimals: 2
    })
  })

  it('columns may come in any order, with ticks for prices and quantities for lots; what is missing is derived', async () => {
    const tape = await read('quantity,side,kind,priceTicks,tNs\n0.5,bid,add,7,5\n0.75,1,add,9,6\n1,ask,level-set,11,7\n')
    expect(rowsOf(tape).map((row) => row.split(' ').slice(1).join(' '))).toEqual([
      'add bid 7 2 #0',
      'add bid 9 3 #0',
      'level-set ask 11 4 #0'
    ])
    expect(tape.header).toMatchObject({
      symbol: 'rows',
      lotUnits: 25,
      lotDecimals: 2,
      tickUnits: 1,
      priceDecimals: 0,
      openNs: 5,
      closeNs: 7
    })
  })

  it('instants may be dates; levels and trades alone make a tape by price', async () => {
    const tape = await read(
      'time,kind,side,price,lots\n2024-05-08T09:30:00Z,level-set,bid,1.25,5\n2024-05-08T09:30:00.000000001Z,trade,bid,1.2,2\n'
    )
    // 1.2 is finer than 0.25: the tick becomes 0.05 only for displayed prices; a print is floored and marked.
    expect(rowsOf(tape)).toEqual(['0 level-set bid 1 5 #0', '1 trade bid 0 2 #0 ~'])
    expect(tape.header).toMatchObject({ date: '2024-05-08', book: 'by-price' })
  })

  it('options go before what the file says', async () => {
    const tape = await read(TAPE_CSV, { symbol: 'XYZ', tick: '0.005', openNs: 5, closeNs: 9 })
    expect(tape.header).toMatchObject({ symbol: 'XYZ', tickUnits: 5, priceDecimals: 3, openNs: 5, closeNs: 9 })
    expect(tape.priceTicks[0]).toBe(2000)
  })

  it('an order is known again after a later row has made the steps of price and quantity finer', async () => {
    const rows = [
      '1,add,bid,10,3,1',
      '2,add,bid,9.5,2.5,2',
      '3,add,bid,9.25,1,3',
      '4,reduce,bid,10,1,1',
      '5,delete,bid,10,2,1',
      '6,delete,bid,9.5,2.5,2'
    ]
    const tape = await read(`tNs,kind,side,price,quantity,orderId\n${rows.join('\n')}\n`)
    expect(tape.header.notes.unknownIdRows).toBeUndefined()
    // The first is over, so its id may be used again; the third is not.
    const again = await read(`tNs,kind,side,price,quantity,orderId\n${rows.join('\n')}\n7,add,bid,10,1,1\n`)
    expect(again.count).toBe(7)
    await expect(read(`tNs,kind,side,price,quantity,orderId\n${rows.join('\n')}\n7,add,bid,10,1,3\n`)).rejects.toThrow(InputError)
  })

  it('a row of an order that is not live is kept and counted', async () => {
    const tape = await read(`${HEAD}1,level-set,bid,2.00,10,\n2,reduce,bid,2.00,3,77\n`, { tick: '0.01' })
    expect(tape.count).toBe(2)
    expect(tape.header.notes).toEqual({ unknownIdRows: 1 })
  })

  it.each([
    ['5,add,bid,1,2,3\n4,add,bid,1,2,4\n', 'rows.csv:3: the time 4 goes back, from 5'],
    ['5,add,bid,1,2,3\n6,add,bid,1,2,3\n', 'rows.csv:3: order 3 is added while it is live'],
    ['5,add,,1,2,3\n', 'rows.csv:2: the row has no side'],
    ['5,add,bid,,2,3\n', 'rows.csv:2: the row has no price'],
    ['5,add,bid,1,0,3\n', 'rows.csv:2: the row has no quantity'],
    ['5,add,bid,1,-2,3\n', 'rows.csv:2: the row has no quantity'],
    ['5,added,bid,1,2,3\n', 'rows.csv:2: the kind "added" is not one of add, reduce'],
    ['5,add,long,1,2,3\n', 'rows.csv:2: the side "long" is not one of ask'],
    ['5,add,bid,1,2,9007199254740992\n', 'rows.csv:2: the orderId is 2^53 or more'],
    ['5,add,bid,1,2147483648,3\n', 'rows.csv:2: the row has 2147483648 lots'],
    ['5,add,bid,1,2\n', 'rows.csv:2: the row ends before its orderId'],
    ['5,add,bid,1,2,3,4\n', 'rows.csv:2: the row has more than the 6 cells'],
    ['1.5,add,bid,1,2,3\n', 'rows.csv:2: the tNs "1.5" is not a whole number'],
    ['5,add,bid,1,2,3\n\n6,add,bid,1,2,4\n', 'rows.csv:3: the row is empty']
  ])('%j is refused', async (rows, message) => {
    await expect(read(HEAD + rows)).rejects.toThrow(message)
    await expect(read(HEAD + rows)).rejects.toThrow(InputError)
  })

  it.each([
    ['tNs,kind,side,price\n', 'has neither a column lots nor quantity'],
    ['tNs,kind,side,price,lots,quantity\n', 'has the columns lots and quantity'],
    ['tNs,kind,side,price,lots,size\n', 'has a column that is not known'],
    ['kind,kind\n', 'the column kind is there twice'],
    ['# tick: 0\ntNs,kind,side,price,lots\n', 'tick: "0" is not a tick size'],
    ['# open: early\n', 'rows.csv:1: open: "early" is neither ns since midnight nor a time'],
    ['# note.x: many\n', 'rows.csv:1: note.x: "many" is not a number'],
    ['# book: by-hand\n', 'rows.csv:1: book: "by-hand" is neither'],
    ['', 'rows.csv:1: has no head']
  ])('the head %j is refused', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  it('what a tape already is cannot be cut or mended', async () => {
    await expect(read(TAPE_CSV, { fromNs: 5 })).rejects.toThrow('rows.csv:1: the option fromNs is not for csv')
    await expect(read(TAPE_CSV, { gapRule: 'halt' })).rejects.toThrow('the option gapRule is not for csv')
  })
})

describe('a tape there and back has the same hash', () => {
  it('generated, order by order', async () => {
    const tape = generateTape({ ...generatorOptions('mid'), closeNs: generatorOptions('mid').openNs + 60e9 }, 3)
    expect(tape.count).toBeGreaterThan(500)
    expect(hashTape(await there(tape))).toBe(hashTape(tape))
  })

  it('of several days', async () => {
    const first = await read(TAPE_CSV)
    const second = await read(TAPE_CSV.replace('2024-05-08', '2024-05-09'))
    const days = new TapeDays()
    days.add(first)
    days.add(second)
    const tape = days.finish()
    expect(tape.header.days).toHaveLength(2)
    expect(hashTape(await there(tape))).toBe(hashTape(tape))
  })

  it('by price, with marks between ticks, notes and odd steps', async () => {
    const step = fc.record({ units: fc.constantFrom(1, 5, 10, 25, 250), decimals: fc.nat(6) })
    const row = fc.record({
      gapNs: fc.constantFrom(0, 1, 1_000_000_007),
      kind: fc.constantFrom(ROW_KIND.of['level-set'], ROW_KIND.of.trade, ROW_KIND.of.halt, ROW_KIND.of.resume, ROW_KIND.of.clear),
      side: fc.constantFrom(1, -1),
      priceTicks: fc.integer({ min: -1000, max: 2 ** 30 - 1 }),
      lots: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      between: fc.boolean()
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), step, step, fc.nat(99), async (rows, tick, lot, note) => {
        const builder = new TapeBuilder()
        let tNs = 0
        for (const { gapNs, kind, side, priceTicks, lots, between } of rows) {
          tNs += gapNs
          const isBare = kind >= ROW_KIND.of.clear
          const flags = kind === ROW_KIND.of.trade && between ? ROW_FLAG.between : 0
          builder.push(tNs, kind, isBare ? 0 : side, isBare ? 0 : priceTicks, isBare ? 0 : lots, 0, flags)
        }
        const tape = builder.finish({
          symbol: 'A B',
          venue: 'x, y',
          date: '2024-02-29',
          zone: 'UTC',
          tickUnits: tick.units,
          priceDecimals: tick.decimals,
          lotUnits: lot.units,
          lotDecimals: lot.decimals,
          openNs: 0,
          closeNs: tNs + 1,
          book: 'by-price',
          source: 'a: b, "c" é',
          notes: { zebra: note, ant: 0 }
        })
        expect(hashTape(await there(tape))).toBe(hashTape(tape))
      }),
      { numRuns: 100 }
    )
  })
})
