/* The index: rows per second of its build, and bytes per row of a tape with its timeline. */
import type { Tape } from '../src/market/tape.ts'
import type { Timeline } from '../src/market/timeline.ts'
import { buildTimeline } from '../src/market/timeline-build.ts'
import { type Line, spreadOf } from './line.ts'
import { time } from './meter.ts'

const ROWS_PER_SECOND_MIN = 2e6
export const BYTES_PER_ROW_MAX = 48

export function measureTimeline(name: string, tape: Tape, nsPerEvent: number): Line[] {
  const timing = time('timeline build', () => buildTimeline(tape), 12)
  const rowsPerSecond = (tape.count * 1000) / timing.medianMs
  const bytesPerRow = bytesPerRowOf(buildTimeline(tape))
  return [
    {
      what: `timeline build, ${name} (${tape.count} rows)`,
      figure: `${(rowsPerSecond / 1e6).toFixed(2)} M rows/s`,
      spread: spreadOf(timing),
      ratio: `${(1e9 / rowsPerSecond / nsPerEvent).toFixed(2)} x queue per row`,
      target: { text: '>= 2 M rows/s', met: rowsPerSecond >= ROWS_PER_SECOND_MIN }
    },
    {
      what: `tape and timeline in memory, ${name}`,
      figure: `${bytesPerRow.toFixed(1)} bytes/row`,
      spread: '',
      ratio: '',
      target: { text: `<= ${BYTES_PER_ROW_MAX} bytes/row`, met: bytesPerRow <= BYTES_PER_ROW_MAX }
    }
  ]
}

/** Of a tape with its timeline. */
export function bytesPerRowOf({ tape, arrays }: Timeline): number {
  return (bytesOf(tape) + bytesOf(arrays)) / tape.count
}

function bytesOf(columns: object): number {
  let bytes = 0
  for (const column of Object.values(columns)) if (ArrayBuffer.isView(column)) bytes += column.byteLength
  return bytes
}
