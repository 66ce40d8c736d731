/*
 * POV: a share of what trades. At each decision the target grows by share * the volume since the last one, as the host's delayed feed shows it; the
 * share is `min`, `share` or `max` for a passive, neutral or urgent parent. So over any stretch the target's growth is between min and max of the volume
 * seen, and what a parent has out never exceeds max of it. Own fills are not in the feed: recorded history does not know them. Volume of before the
 * first look does not count. What a parent ends with depends on what trades; it is not drawn to the quantity.
 */
import type { ParentOrder } from '../order/parent.ts'
import type { PovOptions } from './options.ts'
import type { Schedule } from './schedule.ts'
import type { SliceGrid } from './slice-grid.ts'
import type { Urgency } from './urgency.ts'
import { exactShare, roundDown } from './whole-lots.ts'

export class Pov implements Schedule {
  readonly grid: SliceGrid
  private readonly quantityLots: number
  private readonly shares: Readonly<Record<Urgency, number>>
  private seenLots = Number.NaN
  /** Not rounded; not held to the quantity. */
  private wantedLots = 0
  /** Targets of the last decision and of the one before, with their slices. */
  private slice = -1
  private target = 0
  private sliceBefore = -1
  private targetBefore = 0

  constructor(parent: ParentOrder, grid: SliceGrid, options: PovOptions) {
    this.grid = grid
    this.quantityLots = parent.quantityLots
    this.shares = { passive: options.min, neutral: options.share, urgent: options.max }
  }

  observe(slice: number, tradedLots: number, urgency: Urgency): void {
    if (Number.isNaN(this.seenLots)) this.seenLots = tradedLots
    this.wantedLots += this.shares[urgency] * (tradedLots - this.seenLots)
    this.seenLots = tradedLots
    if (slice > this.slice) {
      this.sliceBefore = this.slice
      this.targetBefore = this.target
      this.slice = slice
    }
    this.target = Math.min(this.quantityLots, roundDown(this.wantedLots))
  }

  /** Between two decisions that a pause has parted, as if the volume between them had come evenly. */
  targetLots(slice: number): number {
    if (slice >= this.slice) return this.target
    if (slice <= this.sliceBefore) return this.targetBefore
    const grown = this.target - this.targetBefore
    return this.targetBefore + exactShare(grown, slice - this.sliceBefore, this.slice - this.sliceBefore)
  }
}
