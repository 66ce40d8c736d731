/* Departures as blocks, and their picture, on small hand-made ledgers. */
import { describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts'
import { BLOCK_GAP_NS, wireBlocks } from '../../src/metrics/wire-blocks.ts'
import { wireReport } from '../../src/report/wire.ts'
import { addRow } from '../metrics/rows.ts'

const US = 1_000
const MS = 1_000_000
const ALL = { fromNs: 0, toNs: Number.POSITIVE_INFINITY, blockGapNs: BLOCK_GAP_NS }
/** 09:30. */
const OPEN_NS = 34_200e9

function depart(ledger: Ledger, session: number, wireNs: number, bytes = 242, messageCount = 1): void {
  const sequence = ledger.segments.count
  addRow(ledger.segments, { session, sequence, bytes, messageCount, queuedNs: OPEN_NS, wireNs, dropped: 0 })
}

/** Three at line rate, then two blocks of two 10 ms apart. */
function blocksOnTheWire(): Ledger {
  const ledger = createLedger()
  for (const ns of [0, 5 * US, 10 * US]) depart(ledger, 0, OPEN_NS + ns)
  for (const ns of [10.01 * MS, 10.01 * MS, 20.01 * MS, 20.015 * MS]) depart(ledger, 0, OPEN_NS + ns)
  return ledger
}

describe('the picture of the wire', () => {
  it('has a row per block and a mark per message', () => {
    expect(wireReport(wireBlocks(blocksOnTheWire(), ALL), { blockGapNs: BLOCK_GAP_NS })).toBe(
      `session 0: 7 packets, 7 messages, 1,694 bytes from 09:30:00 to 09:30:00.020015
3 blocks of departures less than 1ms apart

ms since first  gap, ms  messages  bytes  one mark per message
         0.000                  3    726  |||
        10.010   10.000         2    484  ||
        20.010   10.000         2    484  ||

burstinessIndex 0.4286 (3 of 7 packets within 250us); mean rate 72.5 kB/s, after the first block 48.4 kB/s
`
    )
  })

  it('has a picture per session, and says what was dropped', () => {
    const ledger = blocksOnTheWire()
    depart(ledger, 3, OPEN_NS + 7 * MS, 500, 4)
    addRow(ledger.segments, { session: 3, sequence: 9, bytes: 242, messageCount: 0, queuedNs: OPEN_NS + 8 * MS, dropped: 1 })
    const [first, second, ...others] = wireReport(wireBlocks(ledger, ALL), { blockGapNs: BLOCK_GAP_NS }).split('\n\nsession ')
    expect(others).toEqual([])
    expect(first).toContain('session 0: 7 packets')
    // A segment of four messages has four marks; one instant has no rate.
    expect(second).toBe(
      `3: 1 packet, 4 messages, 500 bytes from 09:30:00.007 to 09:30:00.007, 1 packet dropped
1 block of departures less than 1ms apart

ms since first  gap, ms  messages  bytes  one mark per message
         0.000                  4    500  ||||

burstinessIndex 1.0000 (1 of 1 packets within 250us); mean rate -, after the first block -
`
    )
  })

  it('writes marks beyond 64 as a number, cuts a long picture in the middle, and says so where nothing left', () => {
    const ledger = createLedger()
    for (let i = 0; i < 70; i++) depart(ledger, 0, OPEN_NS + i)
    for (let block = 1; block < 9; block++) depart(ledger, 0, OPEN_NS + 10 * block * MS)
    const lines = wireReport(wireBlocks(ledger, ALL), { blockGapNs: BLOCK_GAP_NS, blockCountMax: 4 }).split('\n')
    expect(lines[4]).toMatch(/ {2}\|{64} \+6$/)
    expect(lines[6]).toBe('... 5 blocks left out ...')
    expect(lines.filter((line) => line.endsWith('  |'))).toHaveLength(3)
    expect(wireReport(wireBlocks(ledger, { ...ALL, toNs: OPEN_NS }), { blockGapNs: BLOCK_GAP_NS })).toBe(
      'nothing left in this time\n'
    )
  })
})

describe('blocks of departures', () => {
  it('are cut where the gap is reached, from the last packet of a block to the first of the next', () => {
    const ledger = createLedger()
    // Not in order of time, as two segments of one instant may be told.
    for (const ns of [0, 2 * MS - 1, MS - 1, 3 * MS]) depart(ledger, 0, OPEN_NS + ns)
    const [{ blocks }] = wireBlocks(ledger, { ...ALL, blockGapNs: MS })
    expect(
      blocks.map(({ startNs, endNs, gapNs, packetCount }) => [startNs - OPEN_NS, endNs - OPEN_NS, gapNs, packetCount])
    ).toEqual([
      [0, MS - 1, null, 2],
      [2 * MS - 1, 2 * MS - 1, MS, 1],
      [3 * MS, 3 * MS, MS + 1, 1]
    ])
  })

  it('hold every packet of the window once, whatever the gap', () => {
    const ledger = blocksOnTheWire()
    for (const blockGapNs of [1, US, MS, 60 * MS]) {
      const [wire] = wireBlocks(ledger, { ...ALL, blockGapNs })
      expect(wire.blocks.reduce((sum, { packetCount }) => sum + packetCount, 0)).toBe(7)
      expect(wire.blocks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(wire.bytes)
    }
    const [part] = wireBlocks(ledger, { fromNs: OPEN_NS + 5 * US, toNs: OPEN_NS + 20.015 * MS, blockGapNs: MS })
    expect(part.blocks.map(({ messageCount }) => messageCount)).toEqual([2, 2, 1])
  })

  it('of an even schedule are single packets, at exactly the rate', () => {
    const ledger = createLedger()
    for (let i = 0; i < 100; i++) depart(ledger, 0, OPEN_NS + i * 1.21 * MS)
    const [wire] = wireBlocks(ledger, ALL)
    expect(wire.blocks).toHaveLength(100)
    expect(wire.bytesPerSecond).toBeCloseTo(200_000, 6)
    expect(wire.bytesPerSecondAfterFirstBlock).toBeCloseTo(200_000, 6)
    expect(wire.burstinessIndex).toBe(0.01)
  })
})
