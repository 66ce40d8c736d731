import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importDepthTrades } from '../../src/formats/depth-trades.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { Book } from '../../src/market/book.ts'
import { checkTape, ROW_FLAG, ROW_KIND, type Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'

const HEAD = 'ev,exch_ts_us,local_ts_us,side,px_tick,qty_lot'
const INSTRUMENT = { symbol: 'BTCUSDT', venue: 'test', tickUnits: 1, priceDecimals: 1, lotUnits: 1, lotDecimals: 3 }
/** 2024-02-29 23:59:59 UTC. */
const LATE_US = 1_709_251_199_000_000
const LATE_NS = 86_399_000_000_000

const load = (rows: readonly string[], chunkBytes?: number) =>
  importDepthTrades(chunksOf('t.csv', [HEAD, ...rows, ''].join('\n'), chunkBytes), INSTRUMENT)

function rowsOf(tape: Tape): string[] {
  return Array.from({ length: tape.count }, (_, row) => {
    const added = (tape.flags[row] & ROW_FLAG.added) === 0 ? '' : ' added'
    return `${tape.tNs[row] - LATE_NS} ${ROW_KIND.names[tape.kind[row]]} ${tape.side[row]} ${tape.lots[row]}@${tape.priceTicks[row]}${added}`
  })
}

describe('depth and trades as one table', () => {
  it('become a tape by price in the time of the venue, with the times of receipt beside it', async () => {
    const { tape, receiveNs } = await load([
      `4,${LATE_US},${LATE_US + 7},1,1000,5`,
      `1,${LATE_US + 1},${LATE_US + 8},-1,1002,6`,
      `2,${LATE_US + 2_000_000},${LATE_US + 2_000_009},1,1002,3`,
      `2,${LATE_US + 2_000_000},${LATE_US + 2_000_009},-1,1000,2`,
      `1,${LATE_US + 2_000_000},${LATE_US + 2_000_009},1,1000,0`
    ])
    expect(rowsOf(tape)).toEqual([
      '0 level-set 1 5@1000',
      '1000 level-set -1 6@1002',
      // The buyer met an ask, the seller a bid.
      '2000000000 trade -1 3@1002',
      '2000000000 trade 1 2@1000',
      '2000000000 level-set 1 0@1000'
    ])
    expect(Array.from(receiveNs, (ns) => ns - LATE_NS)).toEqual([7000, 8000, 2_000_009_000, 2_000_009_000, 2_000_009_000])
    expect(tape.header).toMatchObject({ date: '2024-02-29', zone: 'UTC', book: 'by-price', symbol: 'BTCUSDT' })
    checkTape(tape)
  })

  it('has crossed levels removed right behind the update that crossed them, best first, and counted', async () => {
    const { tape, receiveNs } = await load([
      `1,${LATE_US},${LATE_US},-1,1002,6`,
      `1,${LATE_US},${LATE_US},-1,1001,6`,
      `1,${LATE_US},${LATE_US},-1,1004,6`,
      `1,${LATE_US + 1},${LATE_US + 3},1,1002,5`
    ])
    expect(rowsOf(tape).slice(3)).toEqual([
      '1000 level-set 1 5@1002',
      '1000 level-set -1 0@1001 added',
      '1000 level-set -1 0@1002 added'
    ])
    expect(receiveNs[5] - LATE_NS).toBe(3000)
    expect(tape.header.notes).toEqual({ uncrossed: 2, emptyTrades: 0, heardEarly: 0 })
  })

  it('counts trades of nothing and rows heard of before the venue had them', async () => {
    const { tape } = await load([`2,${LATE_US},${LATE_US},1,1000,0`, `1,${LATE_US + 9},${LATE_US + 8},1,1000,1`])
    expect(tape.header.notes).toEqual({ uncrossed: 0, emptyTrades: 1, heardEarly: 1 })
    expect(tape.count).toBe(1)
  })

  it('never leaves a book crossed, however its rows cross', async () => {
    const row = fc.tuple(fc.constantFrom(1, -1), fc.integer({ min: -4, max: 4 }), fc.integer({ min: 0, max: 2 }))
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (updates) => {
        const { tape } = await load(
          updates.map(([side, ticks, lots], at) => `1,${LATE_US + at},${LATE_US + at},${side},${ticks},${lots}`)
        )
        const book = new Book()
        for (let at = 0; at < tape.count; at++) {
          book.apply(tape, at)
          const settled = at + 1 === tape.count || (tape.flags[at + 1] & ROW_FLAG.added) === 0
          if (settled) expect(book.isCrossed()).toBe(false)
          // The update itself is in force.
          if ((tape.flags[at] & ROW_FLAG.added) === 0)
            expect(book.totalLots(tape.side[at], tape.priceTicks[at])).toBe(tape.lots[at])
        }
      }),
      { numRuns: 150, seed: 5 }
    )
  })

  it.each([
    ['3,1,1,1,1,1', 't.csv:2: the ev is 3; it must be 1 (depth), 2 (trade) or 4 (snapshot)'],
    ['5,1,1,1,1,1', 't.csv:2: the ev is 5; it must be at most 4'],
    ['1,1,1,0,1,1', 't.csv:2: the side is 0; it must be 1 or -1'],
    ['1,1,1,1,1,-1', 't.csv:2: the qty_lot is -1; it must be at least 0'],
    ['1,1,1,1,1,2147483648', 't.csv:2: the qty_lot is 2147483648; it must be at most 2147483647'],
    ['1,1,1,1,2147483648,1', 't.csv:2: the px_tick is 2147483648; it must be at most 1073741823'],
    ['1,1,1,1,1', 't.csv:2: the row ends before its qty_lot']
  ])('refuses the row %s at its line', async (row, message) => {
    await expect(load([row])).rejects.toThrow(message)
  })

  it('refuses a row that is months after the first', async () => {
    await expect(load(['1,5,9,1,1,1', '1,5,9000000000000,1,1,1'])).rejects.toThrow('t.csv:3: the row is more than 100 days after')
  })

  it('refuses a time that goes back, of either clock', async () => {
    await expect(load(['1,5,9,1,1,1', '1,4,9,1,1,1'])).rejects.toThrow('t.csv:3: the exch_ts_us goes back in time')
    await expect(load(['1,5,9,1,1,1', '1,5,8,1,1,1'])).rejects.toThrow('t.csv:3: the local_ts_us goes back in time')
  })

  it('ends in a valid tape or one located error for any damage', async () => {
    const bytes = new TextEncoder().encode(
      `${HEAD}\n4,1709251199000000,1709251199000007,1,1000,5\n2,1709251199000001,1709251199000007,-1,1000,5\n`
    )
    const outcome = async (damaged: Uint8Array): Promise<void> => {
      try {
        checkTape((await importDepthTrades(chunksOf('t.csv', damaged), INSTRUMENT)).tape)
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
        expect((error as Error).message).toMatch(/^t\.csv:\d+: .+$/)
      }
    }
    for (let length = 0; length < bytes.length; length++) await outcome(bytes.subarray(0, length))
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 4, 0x10, 0x80]) {
        const damaged = bytes.slice()
        damaged[at] ^= flip
        await outcome(damaged)
      }
    }
  })
})
