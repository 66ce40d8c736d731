/*
 * Departures of a session as blocks: runs of packets each less than a gap after the one before. What a pacer does to messages
 * that were sent together is read off them: a block a quantum where fq lets credit through, blocks of one where every packet is spaced
 * (tx-pacing playbook 3.2 names the lumps; burstiness.ts is their index). Segments dropped by the qdisc are counted, in no block.
 */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Burst, burstinessIndex } from './burstiness.ts'
import { type Figure, figure } from './quantile.ts'

/** Packets closer than this are one block unless said otherwise. Assumed: far above a packet's own time, far below a stall of the pacer. */
export const BLOCK_GAP_NS = NS_PER_MS

export interface WireBlock {
  /** First and last departure. */
  readonly startNs: number
  readonly endNs: number
  /** From the last departure of the block before to the first of this one; null for the first block. */
  readonly gapNs: Figure
  readonly packetCount: number
  /** Messages whose last byte left. */
  readonly messageCount: number
  readonly bytes: number
}

/** Departures of one session in [fromNs, toNs). */
export interface SessionWire {
  readonly session: number
  readonly packetCount: number
  readonly messageCount: number
  readonly bytes: number
  /** Dropped by the qdisc, by when they came to it. */
  readonly droppedCount: number
  /** burstinessIndex of these departures together, and the fullest window; null when there are none. */
  readonly burstinessIndex: Figure
  readonly packetsPerWindowMax: number
  /** Bytes after the first packet over the time from the first to the last; null below two instants. Then the same without the first block. */
  readonly bytesPerSecond: Figure
  readonly bytesPerSecondAfterFirstBlock: Figure
  readonly blocks: readonly WireBlock[]
}

export interface WireWindow {
  readonly fromNs: number
  readonly toNs: number
  /** Above 0. */
  readonly blockGapNs: number
}

/** Sessions with packets in the window, by number. */
export function wireBlocks(ledger: Ledger, window: WireWindow): SessionWire[] {
  const { session, wireNs, queuedNs, dropped } = ledger.segments.col
  const rowsOf = new Map<number, number[]>()
  const dropsOf = new Map<number, number>()
  for (let row = 0; row < ledger.segments.count; row++) {
    const isDropped = dropped[row] === 1
    const atNs = isDropped ? queuedNs[row] : wireNs[row]
    if (!(atNs >= window.fromNs && atNs < window.toNs)) continue
    const rows = rowsOf.get(session[row]) ?? []
    rowsOf.set(session[row], rows)
    if (isDropped) dropsOf.set(session[row], (dropsOf.get(session[row]) ?? 0) + 1)
    else rows.push(row)
  }
  return [...rowsOf]
    .sort(([a], [b]) => a - b)
    .map(([number, rows]) => sessionWire(ledger, number, rows, dropsOf.get(number) ?? 0, window.blockGapNs))
}

function sessionWire(ledger: Ledger, session: number, rows: number[], droppedCount: number, blockGapNs: number): SessionWire {
  const { wireNs, bytes, messageCount } = ledger.segments.col
  rows.sort((a, b) => wireNs[a] - wireNs[b])
  const blocks: WireBlock[] = []
  const total = { messageCount: 0, bytes: 0 }
  for (let first = 0; first < rows.length; ) {
    const block = { messageCount: 0, bytes: 0 }
    let next = first
    do {
      block.messageCount += messageCount[rows[next]]
      block.bytes += bytes[rows[next]]
      next++
    } while (next < rows.length && wireNs[rows[next]] - wireNs[rows[next - 1]] < blockGapNs)
    const startNs = wireNs[rows[first]]
    const gapNs = first === 0 ? null : startNs - wireNs[rows[first - 1]]
    blocks.push({ startNs, endNs: wireNs[rows[next - 1]], gapNs, packetCount: next - first, ...block })
    total.messageCount += block.messageCount
    total.bytes += block.bytes
    first = next
  }
  const burst: Burst = burstinessIndex(rows.map((row) => wireNs[row]))
  const firstBlock = blocks.at(0)
  const endNs = blocks.at(-1)?.endNs ?? Number.NaN
  const rate = (sent: number, sinceNs: number): Figure => (endNs > sinceNs ? (sent * NS_PER_SECOND) / (endNs - sinceNs) : null)
  return {
    session,
    packetCount: rows.length,
    ...total,
    droppedCount,
    burstinessIndex: figure(burst.index),
    packetsPerWindowMax: burst.windowCountMax,
    bytesPerSecond: firstBlock === undefined ? null : rate(total.bytes - bytes[rows[0]], firstBlock.startNs),
    bytesPerSecondAfterFirstBlock: firstBlock === undefined ? null : rate(total.bytes - firstBlock.bytes, firstBlock.endNs),
    blocks
  }
}
