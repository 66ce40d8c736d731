/* The recorded touch after a row, read from a timeline by a cursor that goes forward: most questions are asked twice, or soon after one another. */
import type { Touch } from './market.ts'
import { NONE, type Timeline } from './timeline.ts'

export class TouchCursor {
  private readonly timeline: Timeline
  private row = -2
  /** Of the move of the touch in effect after `row`. */
  private index = -1
  private bidTicks = 0
  private bidLots = 0
  private askTicks = 0
  private askLots = 0

  constructor(timeline: Timeline) {
    this.timeline = timeline
  }

  /** Rows are non-decreasing over calls. */
  readAfter(row: number, out: Touch): void {
    if (this.row !== row) this.advance(row)
    out.bidTicks = this.bidTicks
    out.bidLots = this.bidLots
    out.askTicks = this.askTicks
    out.askLots = this.askLots
  }

  /** Index of the move in effect after a row that is not before the last one read. */
  indexAfter(row: number): number {
    return this.timeline.touchIndexFrom(this.index, row)
  }

  private advance(row: number): void {
    const { timeline } = this
    const { touchBid, touchAsk, levelTicks } = timeline.arrays
    const index = timeline.touchIndexFrom(this.index, row)
    const bid = index < 0 ? NONE : touchBid[index]
    const ask = index < 0 ? NONE : touchAsk[index]
    this.row = row
    this.index = index
    this.bidTicks = bid === NONE ? 0 : levelTicks[bid]
    this.bidLots = bid === NONE ? 0 : timeline.totalAt(bid, row)
    this.askTicks = ask === NONE ? 0 : levelTicks[ask]
    this.askLots = ask === NONE ? 0 : timeline.totalAt(ask, row)
  }
}
