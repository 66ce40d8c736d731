/* The rules by which order-by-order and level feeds are mended, each under its name in the tape's notes. */
import { describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../src/formats/format.ts'
import { LevelTape } from '../../src/formats/level-tape.ts'
import { OrderTape } from '../../src/formats/order-tape.ts'
import type { FileFacts } from '../../src/formats/row-log.ts'
import type { Tape } from '../../src/market/tape.ts'
import { checkRules } from './fuzz.ts'
import { OPEN } from './itch-encoder.ts'
import { rowsOf } from './tape-rows.ts'

const FACTS: FileFacts = {
  symbol: 'ABC',
  venue: 'X',
  zone: 'UTC',
  date: '2020-01-02',
  session: null,
  priceDecimals: 2,
  usualTick: '1',
  quantityDecimals: 0,
  usualLot: '1',
  source: 'a test'
}

function orders(write: (tape: OrderTape) => void, options: ImportOptions = {}, facts: Partial<FileFacts> = {}): Tape {
  const tape = new OrderTape({ ...FACTS, ...facts }, options, () => 'feed:1')
  write(tape)
  const made = tape.finish()
  checkRules(made)
  return made
}

function levels(write: (tape: LevelTape) => void, options: ImportOptions = {}): Tape {
  const tape = new LevelTape(FACTS, options, () => 'feed:1')
  write(tape)
  const made = tape.finish()
  checkRules(made)
  return made
}

describe('order by order', () => {
  it('an order added while it rests: the older one goes first', () => {
    const tape = orders((feed) => {
      feed.add(OPEN, 0, 1, 1, 1000, 5)
      feed.add(OPEN + 1, 0, 1, -1, 1200, 7)
    })
    expect(rowsOf(tape)).toEqual(['0 add bid 10 5 #1', '1 delete bid 10 5 #1', '1 add ask 12 7 #1'])
    expect(tape.header.notes.duplicateAdds).toBe(1)
  })

  it('more taken off than rests: what rests', () => {
    const tape = orders((feed) => {
      feed.add(OPEN, 0, 1, 1, 1000, 5)
      feed.execute(OPEN + 1, 0, 1, 9)
      feed.add(OPEN + 2, 0, 2, 1, 1000, 5)
      feed.reduce(OPEN + 3, 0, 2, 6)
    })
    expect(rowsOf(tape).filter((_, row) => row % 2 === 1)).toEqual(['1 execute bid 10 5 #1', '3 delete bid 10 5 #2'])
    expect(tape.header.notes.overReductions).toBe(2)
  })

  it('unknown orders: changes are left out, an execution whose side and price are told is a print', () => {
    const tape = orders((feed) => {
      feed.execute(OPEN, 0, 9, 3, -1, 1200)
      feed.execute(OPEN, 0, 9, 3)
      feed.delete(OPEN, 0, 9)
      feed.replace(OPEN, 0, 9, 0, 10, 1000, 1)
    })
    expect(rowsOf(tape)).toEqual(['0 trade ask 12 3 #0'])
    expect(tape.header.notes).toMatchObject({ unknownIdRows: 4, unknownIdTrades: 1 })
  })

  it('by the rule drop, an execution at a worse price proves that better orders are gone', () => {
    const tape = orders(
      (feed) => {
        feed.add(OPEN, 0, 1, 1, 1000, 5)
        feed.add(OPEN, 0, 2, 1, 900, 5)
        feed.execute(OPEN + 1, 0, 2, 2)
        feed.delete(OPEN + 2, 0, 1)
      },
      { crossedRule: 'drop' }
    )
    expect(rowsOf(tape).slice(2)).toEqual(['1 level-set bid 10 0 #0 +', '1 execute bid 9 2 #2'])
    expect(tape.header.notes).toMatchObject({ droppedLevels: 1, unknownIdRows: 1 })
  })

  it('a crossed book outside the session is kept whatever the rule', () => {
    const tape = orders(
      (feed) => {
        feed.add(OPEN - 9, 0, 1, 1, 1000, 5)
        feed.add(OPEN - 8, 0, 2, -1, 1000, 5)
        feed.settle()
        feed.delete(OPEN - 7, 0, 1)
        feed.settle()
      },
      { crossedRule: 'drop' },
      { session: [OPEN, OPEN + 1e12] }
    )
    expect(rowsOf(tape).map((line) => line.split(' ')[1])).toEqual(['add', 'add', 'delete'])
    expect(tape.header.notes).toMatchObject({ crossedEventsOutside: 1 })
  })

  it('lots that become finer or coarser keep the levels equal to the sum of their orders', () => {
    const finer = orders(
      (feed) => {
        feed.add(OPEN, 0, 1, 1, 1000, 300)
        feed.add(OPEN, 0, 2, 1, 1000, 350)
        feed.delete(OPEN + 1, 0, 1)
        feed.delete(OPEN + 2, 0, 2)
        feed.add(OPEN + 3, 0, 3, -1, 1000, 50)
        feed.settle()
      },
      {},
      { usualLot: '100' }
    )
    expect(rowsOf(finer)).toEqual([
      '0 add bid 10 6 #1',
      '0 add bid 10 7 #2',
      '1 delete bid 10 6 #1',
      '2 delete bid 10 7 #2',
      '3 add ask 10 1 #3'
    ])
    // No bid is left to cross.
    expect(finer.header.notes.crossedEvents).toBeUndefined()
  })

  it('a price beyond what ticks can hold is left out with its order', () => {
    const tape = orders(
      (feed) => {
        feed.add(OPEN, 0, 1, -1, 1_999_999_900, 5)
        feed.add(OPEN, 0, 2, 1, 100, 5)
        feed.delete(OPEN + 1, 0, 1)
      },
      { tick: '0.01' }
    )
    expect(rowsOf(tape)).toEqual(['0 add bid 100 5 #2'])
    expect(tape.header.notes).toMatchObject({ pricesBeyondRange: 1, unknownIdRows: 1 })
  })

  it('the session is as given, or the usual one cut to what was recorded, or what was recorded', () => {
    const write = (feed: OrderTape): void => {
      feed.add(OPEN, 0, 1, 1, 1000, 5)
      feed.add(OPEN + 100, 0, 2, 1, 1000, 5)
    }
    const boundsOf = ({ header: { openNs, closeNs } }: Tape): number[] => [openNs - OPEN, closeNs - OPEN]
    expect(boundsOf(orders(write))).toEqual([0, 100])
    expect(boundsOf(orders(write, {}, { session: [OPEN + 10, OPEN + 1000] }))).toEqual([10, 100])
    expect(boundsOf(orders(write, {}, { session: [OPEN + 500, OPEN + 1000] }))).toEqual([0, 100])
    expect(boundsOf(orders(write, { openNs: OPEN - 5, closeNs: OPEN + 200 }))).toEqual([-5, 200])
  })

  it('a clock that is off is set right by its offset', () => {
    const tape = new OrderTape(FACTS, { clockOffsetNs: -7 }, () => 'feed:1')
    expect(tape.log.clock.ofEpochSeconds(1_577_923_200 + 34_200, 10)).toBe(OPEN + 3)
  })
})

describe('level by level', () => {
  it('a whole snapshot ends the levels that it does not name; a partial one those in its range', () => {
    const write =
      (isWhole: boolean) =>
      (feed: LevelTape): void => {
        feed.levelSet(OPEN, 1, 1000, 5)
        feed.levelSet(OPEN, 1, 900, 5)
        feed.levelSet(OPEN, 1, 800, 5)
        feed.beginSnapshot()
        feed.levelSet(0, 1, 1000, 4)
        feed.levelSet(0, 1, 850, 3)
        feed.endSnapshot(isWhole)
      }
    expect(rowsOf(levels(write(true), { tick: '0.5' })).slice(3)).toEqual([
      '0 level-set bid 20 4 #0 +',
      '0 level-set bid 17 3 #0 +',
      '0 level-set bid 18 0 #0 +',
      '0 level-set bid 16 0 #0 +'
    ])
    expect(rowsOf(levels(write(false), { tick: '0.5' })).slice(3)).toEqual([
      '0 level-set bid 20 4 #0 +',
      '0 level-set bid 17 3 #0 +',
      '0 level-set bid 18 0 #0 +'
    ])
  })

  it('a level that does not change is no row', () => {
    const tape = levels((feed) => {
      feed.levelSet(OPEN, 1, 1000, 5)
      feed.levelSet(OPEN + 1, 1, 1000, 5)
      feed.levelSet(OPEN + 2, -1, 1200, 0)
    })
    expect(rowsOf(tape)).toEqual(['0 level-set bid 10 5 #0'])
    expect(tape.header.notes.unchangedLevels).toBe(2)
  })

  it('after a gap nothing matches until a snapshot, by the rule halt', () => {
    const tape = levels(
      (feed) => {
        feed.levelSet(OPEN, 1, 1000, 5)
        feed.gap(OPEN + 1, 3)
        feed.levelSet(OPEN + 2, 1, 1000, 4)
        feed.beginSnapshot()
        feed.levelSet(0, 1, 1000, 6)
        feed.endSnapshot(true)
      },
      { gapRule: 'halt' }
    )
    expect(rowsOf(tape).slice(1)).toEqual([
      '1 halt - 0 0 #0',
      '2 level-set bid 10 4 #0',
      '2 level-set bid 10 6 #0 +',
      '2 resume - 0 0 #0'
    ])
    expect(tape.header.notes).toMatchObject({ gaps: 1, gapMessages: 3, snapshots: 1 })
  })
})
