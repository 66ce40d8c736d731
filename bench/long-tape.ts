/*
 * A tape with ten times the rows, all but the original's outside the worlds' windows: the original's rows again, moved in time by
 * whole lengths of it, with order ids of their own. A clear stands before each copy, so that each begins as the original does.
 */
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../src/market/tape.ts'

export interface LongTape {
  readonly tape: Tape
  /** Row of the original's first row. */
  readonly firstRow: number
}

/** The original with `before` copies before it and `after` copies after it. The tape's span is not below its session's. */
export function lengthen(tape: Tape, before: number, after: number): LongTape {
  const spanNs = Math.max(tape.header.closeNs, tape.tNs[tape.count - 1]) - tape.header.openNs + 1_000_000_000
  let idSpan = 1
  for (let row = 0; row < tape.count; row++) idSpan = Math.max(idSpan, tape.orderId[row] + 1)
  const builder = new TapeBuilder(tape.count * (before + 1 + after))
  let firstRow = 0
  for (let copy = -before; copy <= after; copy++) {
    const shiftNs = copy * spanNs
    const idShift = copy === 0 ? 0 : (copy + before + 1) * idSpan
    if (copy > -before) builder.push(tape.tNs[0] + shiftNs, ROW_KIND.of.clear, 1, 0, 0, 0, ROW_FLAG.added)
    if (copy === 0) firstRow = builder.count
    for (let row = 0; row < tape.count; row++) {
      const id = tape.orderId[row]
      builder.push(
        tape.tNs[row] + shiftNs,
        tape.kind[row],
        tape.side[row],
        tape.priceTicks[row],
        tape.lots[row],
        id === 0 ? 0 : id + idShift,
        tape.flags[row]
      )
    }
  }
  return { tape: builder.finish(tape.header), firstRow }
}
