/*
 * The import against an exchange that knows its whole book: what a level-limited recording leaves out is put back so that the
 * book is right on every level that the recording shows, on every row.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importLobster } from '../../src/formats/lobster.ts'
import { checkTape, ROW_FLAG, type Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'
import { type Recording, recordExchange } from './recorded-exchange.ts'
import { booksOf, type LevelFact } from './tape-rows.ts'

const DAY = { symbol: 'ABC', date: '2020-01-02' }
const SEED = fc.integer({ min: 0, max: 1e9 })

async function tapeOf(recording: Recording, withBook: boolean): Promise<Tape> {
  const orderbook = withBook ? chunksOf('book.csv', recording.orderbook, 777) : null
  const tape = await importLobster(chunksOf('messages.csv', recording.messages, 333), orderbook, DAY)
  checkTape(tape)
  return tape
}

function best(levels: readonly LevelFact[], depth: number): LevelFact[] {
  const bids = levels.filter((level) => level[0] === 1).slice(0, depth)
  return [...bids, ...levels.filter((level) => level[0] === -1).slice(0, depth)]
}

describe('with the orderbook file', () => {
  it('the book equals the exchange on all levels of the window after every recorded row', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 40 }), async (seed, depth, before) => {
        const recording = recordExchange(seed, { depth, before, eventCount: 120 })
        if (recording.truth.length === 0) return
        const tape = await tapeOf(recording, true)
        expect(booksOf(tape, depth)).toEqual(recording.truth.map((levels) => best(levels, depth)))
      }),
      { numRuns: 150 }
    )
  })

  it('a window deeper than the book needs no re-sync', async () => {
    const recording = recordExchange(5, { depth: 60, before: 30, eventCount: 400 })
    const { header } = await tapeOf(recording, true)
    expect(header.notes.resyncRows).toBe(0)
    expect(header.notes.seededLevels).toBeGreaterThan(5)
  })

  it('added rows carry the time of the recorded row before them, and are all that the notes count', async () => {
    const tape = await tapeOf(recordExchange(6, { depth: 2, before: 30, eventCount: 400 }), true)
    let added = 0
    let recordedNs = tape.tNs[0]
    for (let row = 0; row < tape.count; row++) {
      if ((tape.flags[row] & ROW_FLAG.added) === 0) recordedNs = tape.tNs[row]
      else {
        added++
        expect(tape.tNs[row]).toBe(recordedNs)
      }
    }
    const { seededLevels, resyncRows, recordedRows, resyncedRows, touchResyncedRows } = tape.header.notes
    expect(added).toBe(seededLevels + resyncRows)
    expect(tape.count).toBe(recordedRows + added)
    expect(resyncedRows).toBeLessThanOrEqual(resyncRows)
    expect(touchResyncedRows).toBeLessThanOrEqual(resyncedRows)
    expect(resyncRows).toBeGreaterThan(0)
  })
})

describe('without the orderbook file', () => {
  it('every level is right on every row when each resting order is named by some message', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.integer({ min: 1, max: 40 }), async (seed, before) => {
        const recording = recordExchange(seed, { depth: 100, before, eventCount: 120, drain: true })
        const tape = await tapeOf(recording, false)
        expect(booksOf(tape, 100)).toEqual(recording.truth)
        expect(tape.header.notes.staleLevels).toBe(0)
      }),
      { numRuns: 100 }
    )
  })

  it('a window of few levels never leaves a crossed book', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.integer({ min: 1, max: 3 }), async (seed, depth) => {
        const recording = recordExchange(seed, { depth, before: 20, eventCount: 200 })
        if (recording.truth.length === 0) return
        for (const levels of booksOf(await tapeOf(recording, false), 1)) {
          if (levels.length === 2) expect(levels[0][1]).toBeLessThan(levels[1][1])
        }
      })
    )
  })
})
