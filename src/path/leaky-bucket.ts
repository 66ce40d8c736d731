/*
 * A level that each message raises by its weight and that drains evenly; what would raise it above the ceiling does not fit. One law,
 * told in three ways: a bucket of tokens that refills (room is ceiling less level), a pool of credits (Deribit), a counter that decays (Kraken).
 * Exact: the level is a whole number of 1 / windowNs of a credit. Guarantee: at most ceiling + drain (t2 - t1) / windowNs
 * passes in [t1, t2]. Counted beyond the ceiling, the level stays at it: a bucket does not overflow.
 *
 * A clamp scales drain and ceiling; where it stops the drain nothing fits, else the ceiling keeps room for one. Between two calls the level drains at the
 * rate of the later one.
 */
import { limitAt, type WindowLaw } from './window-law.ts'

export class LeakyBucket implements WindowLaw {
  private readonly ceiling: number
  private readonly drain: number
  private readonly windowNs: number
  private level = 0
  private levelNs = 0

  /** `drain`: credits per window. `ceiling` * `windowNs` is below 2^53. */
  constructor(ceiling: number, drain: number, windowNs: number) {
    this.ceiling = ceiling
    this.drain = drain
    this.windowNs = windowNs
  }

  fits(nowNs: number, factor: number, weight: number): boolean {
    this.drainTo(nowNs, factor)
    return this.level + weight * this.windowNs <= this.ceilingAt(factor) * this.windowNs
  }

  add(nowNs: number, factor: number, weight: number): void {
    this.drainTo(nowNs, factor)
    const full = Math.max(this.ceiling, this.ceilingAt(factor)) * this.windowNs
    this.level = Math.min(full, this.level + weight * this.windowNs)
  }

  nextNs(nowNs: number, factor: number, weight: number): number {
    const { windowNs } = this
    const drain = limitAt(this.drain, factor)
    const room = this.ceilingAt(factor) - weight
    if (drain === 0 || room < 0) return nowNs + windowNs
    return nowNs + Math.ceil((this.level - room * windowNs) / drain)
  }

  private ceilingAt(factor: number): number {
    if (factor <= 0 || (this.drain > 0 && limitAt(this.drain, factor) === 0)) return 0
    return Math.max(1, limitAt(this.ceiling, factor))
  }

  private drainTo(nowNs: number, factor: number): void {
    const spanNs = nowNs - this.levelNs
    this.levelNs = nowNs
    const drain = limitAt(this.drain, factor)
    if (drain === 0) return
    // Longer spans empty it anyway, and their product might not be exact.
    this.level = spanNs >= Math.ceil(this.level / drain) ? 0 : this.level - spanNs * drain
  }
}
