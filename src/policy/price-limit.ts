/*
 * The worst price that a parent allows: its own limit, or a number of ticks beyond the other side's best of the first look at which that side is there
 * (the best over its venues), whichever is the more careful.
 */
import type { ParentOrder } from '../order/parent.ts'
import type { PolicyView } from './view.ts'

export class PriceLimit {
  /** NaN = none. */
  ticks: number
  private readonly side: 1 | -1
  private readonly fromStartTicks: number
  private isSettled: boolean

  /** `fromStartTicks`: Infinity = only the parent's own limit holds. */
  constructor(parent: ParentOrder, fromStartTicks: number) {
    this.ticks = parent.limitTicks
    this.side = parent.side
    this.fromStartTicks = fromStartTicks
    this.isSettled = fromStartTicks === Number.POSITIVE_INFINITY
  }

  look(view: PolicyView): void {
    if (this.isSettled) return
    const { side } = this
    let best = Number.NaN
    for (const { touch } of view.venues) {
      const ticks = side > 0 ? touch.askTicks : touch.bidTicks
      if (Number.isNaN(ticks) || (side > 0 ? touch.askLots : touch.bidLots) <= 0) continue
      if (!(side * (ticks - best) >= 0)) best = ticks
    }
    if (Number.isNaN(best)) return
    this.isSettled = true
    const limit = best + side * this.fromStartTicks
    if (!(side * (limit - this.ticks) >= 0)) this.ticks = limit
  }
}
