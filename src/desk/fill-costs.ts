/*
 * What fills cost as their reports are read: against the mid that the host saw when it wished for the child, in bps, negative where it earned. The
 * tail of the last minute over that of the last ten minutes tells when it widens (page-fault playbook: "q95 residual widening").
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { Window } from './window.ts'

/** Fewer fills than this in a window say nothing (assumed). */
const COUNT_MIN = 20
/** How long the lift stands before it is taken again: a minute's tail does not move faster (assumed). */
const TAKEN_NS = 10 * NS_PER_SECOND
/** A long run that costs nothing has no multiple: half a basis point is the least it is taken for (assumed). */
const COST_BPS_MIN = 0.5

export class FillCosts {
  private readonly minute = new Window(60 * NS_PER_SECOND)
  private readonly longRun = new Window(600 * NS_PER_SECOND)
  private takenNs = Number.NEGATIVE_INFINITY
  private taken = Number.NaN

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
    if (nowNs < this.takenNs + TAKEN_NS) return this.taken
    this.takenNs = nowNs
    const isKnown = this.minute.trim(nowNs) >= COUNT_MIN && this.longRun.trim(nowNs) >= 5 * COUNT_MIN
    this.taken = isKnown ? this.minute.quantile(0.95) / Math.max(COST_BPS_MIN, this.longRun.quantile(0.95)) - 1 : Number.NaN
    return this.taken
  }
}
