/*
 * The Stale Exposure Tax (SET, cancel-ack playbook) as a live host can mark it: a fill that was reported while a cancel of its order was pending
 * costs what it lost against the mid one second later; had the cancel been instant, those lots would not have traded. In bps of all that was
 * filled. The replay with instant cancels is exact, and is attribution's; this is what a desk can burn a budget by.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { Window } from './window.ts'

const MARK_NS = NS_PER_SECOND

export class StaleExposure {
  private readonly filled = new Window(60 * NS_PER_SECOND)
  private readonly cost = new Window(60 * NS_PER_SECOND)
  private filledTotal = 0
  private costTotal = 0
  /** Stale fills that wait for their mark, in order of time. */
  private readonly unmarked: {
    readonly dueNs: number
    readonly side: 1 | -1
    readonly lots: number
    readonly priceTicks: number
  }[] = []

  onFill(nowNs: number, lots: number, priceTicks: number): void {
    this.filled.add(nowNs, 2 * lots * priceTicks)
    this.filledTotal += 2 * lots * priceTicks
  }

  onStaleFill(nowNs: number, side: 1 | -1, lots: number, priceTicks: number): void {
    this.unmarked.push({ dueNs: nowNs + MARK_NS, side, lots, priceTicks })
  }

  /** Does a fill wait for a mark that is due? */
  isDue(nowNs: number): boolean {
    return this.unmarked.length > 0 && this.unmarked[0].dueNs <= nowNs
  }

  /** The mid now, half ticks (NaN: there is none): fills that are due are marked by it. */
  mark(nowNs: number, midHalfTicks: number): void {
    while (this.unmarked.length > 0 && this.unmarked[0].dueNs <= nowNs) {
      const [{ side, lots, priceTicks }] = this.unmarked.splice(0, 1)
      if (Number.isNaN(midHalfTicks)) continue
      const cost = side * (2 * priceTicks - midHalfTicks) * lots
      this.cost.add(nowNs, cost)
      this.costTotal += cost
    }
  }

  /** Of the last minute; 0 while nothing was filled. */
  bps(nowNs: number): number {
    this.cost.trim(nowNs)
    return this.filled.trim(nowNs) === 0 ? 0 : (10_000 * this.cost.sum()) / this.filled.sum()
  }

  /** Of the run so far. */
  totalBps(): number {
    return this.filledTotal === 0 ? 0 : (10_000 * this.costTotal) / this.filledTotal
  }
}
