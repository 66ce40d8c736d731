/* hftbacktest's event arrays to a tape. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../src/formats/format.ts'
import { HFTBACKTEST } from '../../src/formats/hftbacktest.ts'
import type { Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'
import { type EventFields, eventArray, npz } from './event-array.ts'
import { checkRules } from './fuzz.ts'
import { rowsOf } from './tape-rows.ts'

async function read(bytes: Uint8Array, options: ImportOptions = {}, chunkBytes = 1 << 16): Promise<Tape> {
  const tape = await HFTBACKTEST.read([chunksOf('btcusdt.npz', bytes, chunkBytes)], options)
  checkRules(tape)
  return tape
}

/** Ten seconds after midnight UTC; rowsOf counts from 09:30. */
const lines = (tape: Tape): string[] =>
  rowsOf(tape).map((line) => line.replace(/^-?\d+/, (ns) => String(Number(ns) + 34_190_000_000_000)))

const BOOK: readonly EventFields[] = [
  { kind: 'depth', side: 1, at: 0, px: 100.5, qty: 0.25 },
  { kind: 'depth', side: -1, at: 1, px: 100.75, qty: 1.5 },
  { kind: 'depth', side: -1, at: 1, px: 101, qty: 2 }
]
const SEEN = ['0 level-set bid 402 1 #0', '1 level-set ask 403 6 #0', '1 level-set ask 404 8 #0']

describe('levels', () => {
  it('totals, ends, trades on the side that the aggressor met, and clears up to a price', async () => {
    const tape = await read(
      eventArray([
        ...BOOK,
        { kind: 'trade', side: 1, at: 2, px: 100.75, qty: 0.5 },
        { kind: 'trade', side: -1, at: 3, px: 100.5, qty: 0.25 },
        { kind: 'depth', side: 1, at: 3, px: 100.5, qty: 0 },
        { kind: 'clear', side: -1, at: 4, px: 100.75, qty: 0 },
        { kind: 'snapshot', side: -1, at: 4, px: 102, qty: 1 },
        { kind: 'best', side: 1, at: 5, px: 99, qty: 1 },
        { kind: 'clear', side: 0, at: 6, px: 0, qty: 0 }
      ])
    )
    expect(lines(tape)).toEqual([
      ...SEEN,
      '2 trade ask 403 2 #0',
      '3 trade bid 402 1 #0',
      '3 level-set bid 402 0 #0',
      '4 level-set ask 403 0 #0',
      '4 level-set ask 408 4 #0',
      '6 clear - 0 0 #0'
    ])
    expect(tape.header).toMatchObject({
      symbol: 'btcusdt',
      book: 'by-price',
      date: '2024-01-01',
      zone: 'UTC',
      tickUnits: 25,
      priceDecimals: 2,
      lotUnits: 25,
      lotDecimals: 2
    })
    expect(tape.header.notes).toMatchObject({ bestPriceRowsLeftOut: 1, receiveDelayNsMin: 500 })
  })

  it('rows of the local view are the same events seen later', async () => {
    const split = BOOK.flatMap((event): EventFields[] => [
      { ...event, view: 'exchange' },
      { ...event, at: event.at + 900, view: 'local' }
    ])
    const tape = await read(eventArray(split))
    expect(lines(tape)).toEqual(SEEN)
    expect(tape.header.notes).toMatchObject({ localOnlyRows: 3 })
  })

  it('a level that crosses ends the older side, unless crossed books are to be kept', async () => {
    const crossing = eventArray([...BOOK, { kind: 'depth', side: 1, at: 9, px: 100.75, qty: 1 }])
    const dropped = await read(crossing)
    expect(lines(dropped).slice(3)).toEqual(['9 level-set bid 403 4 #0', '9 level-set ask 403 0 #0 +'])
    expect(dropped.header.notes).toMatchObject({ crossedEvents: 1, droppedLevels: 1 })
    expect(lines(await read(crossing, { crossedRule: 'keep' })).slice(3)).toEqual(['9 level-set bid 403 4 #0'])
  })

  it('quantities finer than the first rows said are rounded, and counted', async () => {
    const tape = await read(eventArray([...BOOK, { kind: 'depth', side: 1, at: 9, px: 100, qty: 0.1234567 }]))
    expect(tape.header).toMatchObject({ lotDecimals: 7 })
    const fixed = await read(eventArray([...BOOK, { kind: 'depth', side: 1, at: 9, px: 100, qty: 0.1234567 }]), { lot: '0.01' })
    expect(lines(fixed).at(-1)).toBe('9 level-set bid 400 12 #0')
    expect(fixed.header.notes).toMatchObject({ roundedQuantities: 1 })
  })
})

describe('orders', () => {
  it('add, modify, fill with its change, cancel', async () => {
    const tape = await read(
      eventArray([
        { kind: 'add', side: 1, at: 0, px: 100, qty: 5, id: 1 },
        { kind: 'add', side: 1, at: 1, px: 100, qty: 3, id: 2n ** 60n },
        { kind: 'trade', side: -1, at: 2, px: 100, qty: 5 },
        { kind: 'fill', side: 1, at: 2, px: 100, qty: 5, id: 1 },
        { kind: 'cancel', side: 1, at: 2, px: 100, qty: 5, id: 1 },
        { kind: 'modify', side: 1, at: 3, px: 100, qty: 2, id: 2n ** 60n },
        { kind: 'cancel', side: 1, at: 4, px: 100, qty: 2, id: 2n ** 60n }
      ])
    )
    expect(lines(tape).map((line) => line.replace(/ \d+ (\d+) #/, ' $1 #'))).toEqual([
      '0 add bid 5 #1',
      '1 add bid 3 #4503599627370496',
      '2 execute bid 5 #1',
      '3 reduce bid 1 #4503599627370496',
      '4 delete bid 2 #4503599627370496'
    ])
    expect(tape.header.book).toBeUndefined()
  })
})

describe('the file', () => {
  it('plain, stored and deflated, in any chunks, is the same', async () => {
    const array = eventArray(BOOK)
    for (const bytes of [array, npz(array, null), npz(array, (plain) => deflateRawSync(plain))]) {
      for (const chunkBytes of [3, 1 << 16]) expect(lines(await read(bytes, {}, chunkBytes))).toEqual(SEEN)
    }
  })

  it('that is something else says so', async () => {
    await expect(read(new TextEncoder().encode('x'.repeat(100)))).rejects.toThrow(
      'btcusdt.npz: byte 0: this is neither .npz nor .npy'
    )
    const unnamed = new TextDecoder('latin1').decode(eventArray(BOOK)).replace('exch_ts', 'exch_tx')
    await expect(read(Uint8Array.from(unnamed, (letter) => letter.charCodeAt(0)))).rejects.toThrow(
      'the array has no field exch_ts'
    )
  })
})

describe('quantities', () => {
  it('that no lot can hold are capped, also when the lot becomes finer behind them', async () => {
    const tape = await read(
      eventArray([
        { kind: 'depth', side: 1, at: 0, px: 100, qty: 1e300 },
        ...BOOK,
        { kind: 'depth', side: 1, at: 9, px: 99, qty: 3 }
      ])
    )
    expect([tape.lots[0], Math.min(...tape.lots) > 0]).toEqual([2 ** 31 - 1, true])
    expect(tape.header.notes.cappedQuantities).toBe(1)
  })
})
