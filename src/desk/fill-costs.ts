/*
 * What fills cost as their reports are read: against the mid that the host saw when it wished for the child, in bps, negative where it earned. The
 * tail of the last minute over that of the last quarter of an hour tells when it widens (page-fault playbook: "q95 residual widening").
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { Window } from './window.ts'

/** Fewer fills than this in a window say nothing (assumed). */
const COUNT_MIN = 20
/** How long a figure of the long run stands before it is taken again (assumed). */
const LONG_RUN_NS = 10 * NS_PER_SECOND
/** A long run that costs nothing has no multiple: half a basis point is the least it is taken for (assumed). */
const COST_BPS_MIN = 0.5

export class FillCosts {
  private readonly minute = new Window(60 * NS_PER_SECOND)
  private readonly longRun = new Window(900 * NS_PER_SECOND)
  private longRunP95 = Number.NaN
  private takenNs = Number.NEGATIVE_INFINITY

  add(nowNs: number, costBps: number): void {
    if (!Number.isFinite(costBps)) return
    this.minute.add(nowNs, costBps)
    this.longRun.add(nowNs, costBps)
  }

  /** Of the last minute; NaN when too few were reported. */
  meanBps(nowNs: number): number {
    const count = this.minute.trim(nowNs)
    return count >= COUNT_MIN ? this.minute.sum() / count : Number.NaN
  }

  /** p95 of the last minute over that of the long run, minus 1. */
  lift(nowNs: number): number {
    if (nowNs >= this.takenNs + LONG_RUN_NS) {
      this.takenNs = nowNs
      this.longRunP95 = this.longRun.trim(nowNs) >= 5 * COUNT_MIN ? this.longRun.quantile(0.95) : Number.NaN
    }
    if (this.minute.trim(nowNs) < COUNT_MIN || Number.isNaN(this.longRunP95)) return Number.NaN
    return this.minute.quantile(0.95) / Math.max(COST_BPS_MIN, this.longRunP95) - 1
  }
}
