/*
 * What the risk gate's hazard looks at (reject-loop playbook, section 2), measured at the gate at the instant a message arrives, that
 * message included:
 *   utilisation     messages of the last window over what the gate can take in a window (its rate limit, or else what its server can do);
 *   burst           the same over the last tenth of the window, as a rate: ten times those messages over the capacity of a window;
 *   latency jitter  smoothed deviation over smoothed latency from host to gate: gains 1/4 and 1/8 (RFC 6298, 2.3), the deviation from 0 on;
 *   stress          how far the gate.service clamp is above 1.
 * Refused messages count. A message without a dispatch instant tells nothing of latency.
 */
import { logistic } from '../kernel/elementary.ts'
import type { GateOptions } from './options.ts'
import { SlidingCount } from './sliding-window.ts'

const LATELY_SHARE = 10

export class GateLoad {
  private readonly windowCapacity: number
  private readonly offered: SlidingCount
  private readonly offeredLately: SlidingCount
  private nowNs = 0
  private latencyNs = Number.NaN
  private deviationNs = 0

  /** `windowCapacity`: messages the gate can take in a window; Infinity: any number. */
  constructor(windowNs: number, windowCapacity: number) {
    this.windowCapacity = windowCapacity
    this.offered = new SlidingCount(windowNs)
    this.offeredLately = new SlidingCount(windowNs / LATELY_SHARE)
  }

  /** Takes in a message; calls come in order of time. */
  observe(nowNs: number, dispatchNs: number): void {
    this.nowNs = nowNs
    // Asked before it is added to: so a window never holds more than its own messages.
    this.offered.countAt(nowNs)
    this.offered.add(nowNs)
    this.offeredLately.countAt(nowNs)
    this.offeredLately.add(nowNs)
    const latencyNs = nowNs - dispatchNs
    if (Number.isNaN(latencyNs)) return
    if (Number.isNaN(this.latencyNs)) {
      this.latencyNs = latencyNs
      return
    }
    this.deviationNs += (Math.abs(latencyNs - this.latencyNs) - this.deviationNs) / 4
    this.latencyNs += (latencyNs - this.latencyNs) / 8
  }

  get utilisation(): number {
    return this.offered.countAt(this.nowNs) / this.windowCapacity
  }

  get burst(): number {
    return (LATELY_SHARE * this.offeredLately.countAt(this.nowNs)) / this.windowCapacity
  }

  get latencyJitter(): number {
    return this.latencyNs > 0 ? this.deviationNs / this.latencyNs : 0
  }

  /** Probability of a stress reject under the clamp's factor of now. */
  hazardOf(hazard: GateOptions['hazard'], clampFactor: number): number {
    return logistic(
      hazard.intercept +
        hazard.utilisation * this.utilisation +
        hazard.burst * this.burst +
        hazard.latencyJitter * this.latencyJitter +
        hazard.stress * Math.max(0, clampFactor - 1)
    )
  }
}
