/*
 * Departures of a session over time as a picture in text: a row per block, a mark per message. What was sent together and how the pacer
 * cut it up is seen at a glance; `inspect --wire` shows it.
 */
import { formatClock, formatDuration, NS_PER_MS } from '../kernel/units.ts'
import { BURST_WINDOW_NS } from '../metrics/burstiness.ts'
import type { SessionWire, WireBlock } from '../metrics/wire-blocks.ts'
import { formatCount, formatFixed, formatPlural, formatSpan, NONE } from './format.ts'
import { alignColumns, cutMiddle, cutNote } from './text-table.ts'

export interface WireContext {
  readonly blockGapNs: number
  /** More blocks than this are cut in the middle, and the cut is said. Default 100. */
  readonly blockCountMax?: number
}

/** Marks of one row; what is beyond is written as a number. */
const MARK_COUNT_MAX = 64

/** One picture per session, a blank line between; lines joined by newlines, one at the end. */
export function wireReport(sessions: readonly SessionWire[], context: WireContext): string {
  if (sessions.length === 0) return 'nothing left in this time\n'
  return `${sessions.map((wire) => pictureOf(wire, context).join('\n')).join('\n\n')}\n`
}

function pictureOf(wire: SessionWire, { blockGapNs, blockCountMax = 100 }: WireContext): string[] {
  const { blocks } = wire
  const first = blocks.at(0)
  const last = blocks.at(-1)
  const dropped = wire.droppedCount === 0 ? '' : `, ${formatPlural(wire.droppedCount, 'packet')} dropped`
  const sent = `${formatPlural(wire.packetCount, 'packet')}, ${formatPlural(wire.messageCount, 'message')}, ${formatCount(wire.bytes)} bytes`
  if (first === undefined || last === undefined) return [`session ${wire.session}: nothing left${dropped}`]
  const kept = cutMiddle(blocks, blockCountMax)
  const row = (block: WireBlock): string[] => [
    milliseconds(block.startNs - first.startNs),
    block.gapNs === null ? '' : milliseconds(block.gapNs),
    formatCount(block.messageCount),
    formatCount(block.bytes),
    marks(block.messageCount)
  ]
  const head = ['ms since first', 'gap, ms', 'messages', 'bytes', 'one mark per message']
  const rows = alignColumns([head, ...kept.head.map(row), ...kept.tail.map(row)], ['right', 'right', 'right', 'right', 'left'])
  if (kept.cutCount > 0) rows.splice(1 + kept.head.length, 0, cutNote(kept.cutCount, 'blocks'))
  const rate = (bytesPerSecond: number | null): string =>
    bytesPerSecond === null ? NONE : `${formatFixed(bytesPerSecond / 1000, 1)} kB/s`
  return [
    `session ${wire.session}: ${sent} from ${formatClock(first.startNs)} to ${formatClock(last.endNs)}${dropped}`,
    `${formatPlural(blocks.length, 'block')} of departures less than ${formatSpan(blockGapNs)} apart`,
    '',
    ...rows,
    '',
    `burstinessIndex ${formatFixed(wire.burstinessIndex, 4)} (${formatCount(wire.packetsPerWindowMax)} of ${formatCount(wire.packetCount)} packets within ${formatDuration(BURST_WINDOW_NS)}); ` +
      `mean rate ${rate(wire.bytesPerSecond)}, after the first block ${rate(wire.bytesPerSecondAfterFirstBlock)}`
  ]
}

const milliseconds = (ns: number): string => (ns / NS_PER_MS).toFixed(3)

function marks(count: number): string {
  const beyond = count - MARK_COUNT_MAX
  return beyond <= 0 ? '|'.repeat(count) : `${'|'.repeat(MARK_COUNT_MAX)} +${formatCount(beyond)}`
}
