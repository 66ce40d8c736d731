/*
 * A FIFO server of the path: own messages and the strangers of its background load share one line in order of arrival; a clamp
 * on its rate slows the work, 0 stops it until the clamp ends. Guarantees: departures never go back; departure >= arrival +
 * own service (unclamped); without load and clamps it is exact to the ns.
 */
import type { BackgroundLoad } from './background-load.ts'
import type { CapacityClock } from './clamp.ts'

export class FifoServer {
  private readonly background: BackgroundLoad | null
  private readonly clock: CapacityClock
  /** Total unfinished work just after the last own arrival, and when that was. */
  private work = 0
  private lastNs = 0
  private doneNs = 0

  constructor(clock: CapacityClock, background: BackgroundLoad | null) {
    this.clock = clock
    this.background = background !== null && background.load > 0 ? background : null
  }

  /** Unfinished work, of us and of strangers, that an arrival now would find, in ns of unclamped service. */
  workFound(nowNs: number): number {
    const { background, clock } = this
    if (background !== null) {
      if (this.lastNs === 0 && this.work === 0) return background.workAt(nowNs)
      return background.workSince(this.lastNs, this.work, nowNs)
    }
    return Math.max(0, this.work - (clock.workAt(nowNs) - clock.workAt(this.lastNs)))
  }

  /**
   * Takes in own work of `serviceNs` behind `found` (as workFound gave it for the same instant); gives when it is done: a whole ns, or
   * Infinity when the server stands still for ever.
   */
  admit(nowNs: number, found: number, serviceNs: number): number {
    this.work = found + serviceNs
    this.lastNs = nowNs
    const { clock } = this
    const dueNs = Math.ceil(clock.timeOf(clock.workAt(nowNs) + this.work))
    this.doneNs = Math.max(this.doneNs, nowNs, dueNs)
    return this.doneNs
  }
}
