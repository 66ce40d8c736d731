/*
 * How much of a parent may be out by now: turns the schedule into a ceiling on filled + working lots, decision by decision. A
 * decision is due at every slice, or later and larger when directives stretch the cadence or ask for larger children. What the
 * schedule wants since the last decision is scheduled; what earlier decisions failed to do is a deficit, and the catch-up law says how much of it
 * may follow at once; what a participation held back is scheduled again. Guarantees: ceiling <= target <= quantity, and ceiling <= the cap where
 * nothing beyond it is out already.
 */
import type { Directives } from '../order/directives.ts'
import type { ParentOrder } from '../order/parent.ts'
import { catchUpLots } from './catch-up.ts'
import type { ExecutionOptions } from './options.ts'
import type { Schedule } from './schedule.ts'
import { roundUp } from './whole-lots.ts'

export class Budget {
  /** Filled + working + new lots stay at or below this. */
  ceilingLots = 0
  /** Part of the last decision's lots that is catch-up. */
  catchUpLots = 0
  /** When the last decision was meant to be, and the next one is; Infinity = no more. */
  anchorNs: number
  nextNs: number
  /** When the schedule first wanted the lots of the last decision, before stalls and stretching. */
  wantedNs: number
  private servedSlice = -1
  /** Target up to here is no longer scheduled; what participation held back still is. */
  private servedLots = 0
  private readonly parent: ParentOrder
  private readonly options: ExecutionOptions
  private readonly schedule: Schedule

  constructor(parent: ParentOrder, options: ExecutionOptions, schedule: Schedule) {
    this.parent = parent
    this.options = options
    this.schedule = schedule
    this.anchorNs = parent.startNs
    this.nextNs = parent.startNs
    this.wantedNs = parent.startNs
  }

  /**
   * To be called when `nextNs` has come and the schedule has seen what there is to see. `capLots`: most that may be out, Infinity = any. False: too
   * little is due for the size of child asked for, wait for the next decision.
   */
  decide(nowNs: number, outLots: number, directives: Directives, capLots: number): boolean {
    const { schedule } = this
    const { grid } = schedule
    const late = nowNs - this.nextNs >= this.options.sliceNs
    let anchorNs = late ? grid.startNs(grid.at(nowNs)) : this.nextNs
    let nextNs = this.after(anchorNs, directives.spacingFactor)
    // Off the grid of slices the next decision may be due by now as well: then they are one.
    while (nextNs <= nowNs) {
      anchorNs = nextNs
      nextNs = this.after(anchorNs, directives.spacingFactor)
    }
    const slice = grid.at(anchorNs)
    const plannedSlice = late ? grid.at(this.nextNs) : slice
    const dueLots = Math.max(0, schedule.targetLots(slice) - outLots)
    if (nextNs < Number.POSITIVE_INFINITY && dueLots < this.worthwhileLots(directives.childSizeFactor)) {
      this.nextNs = nextNs
      return false
    }
    const scheduledLots = Math.min(dueLots, schedule.targetLots(plannedSlice) - this.servedLots)
    const wishedLots = roundUp(scheduledLots * directives.participationFactor)
    const deficitLots = roundUp(catchUpLots(dueLots - scheduledLots, this.options, directives) * directives.participationFactor)
    const roomLots = Math.max(0, capLots - outLots)
    const allowedLots = Math.min(wishedLots, roomLots)
    this.catchUpLots = Math.min(deficitLots, roomLots - allowedLots)
    this.ceilingLots = outLots + this.catchUpLots + allowedLots
    this.wantedNs = grid.startNs(Math.min(this.servedSlice + 1, slice))
    this.servedSlice = slice
    this.servedLots = schedule.targetLots(slice) - (scheduledLots - allowedLots)
    this.anchorNs = anchorNs
    this.nextNs = nextNs
    return true
  }

  /** Every decision but the last waits until it is worth a child of the size asked for. */
  private worthwhileLots(childSizeFactor: number): number {
    if (childSizeFactor <= 1) return 0
    return childSizeFactor * Math.min(this.options.childLotsMax, Math.floor(this.parent.quantityLots / this.schedule.grid.count))
  }

  /** On the grid of slices, or stretched off it; the last slice always gets its decision. */
  private after(anchorNs: number, spacingFactor: number): number {
    const { grid } = this.schedule
    const lastNs = grid.startNs(grid.count - 1)
    if (anchorNs >= lastNs) return Number.POSITIVE_INFINITY
    const nextNs =
      spacingFactor > 1 ? anchorNs + Math.floor(this.options.sliceNs * spacingFactor) : grid.startNs(grid.at(anchorNs) + 1)
    return Math.min(nextNs, lastNs)
  }
}
