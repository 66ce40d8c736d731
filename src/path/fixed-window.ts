/*
 * Fixed windows: a count that starts anew with each window of the clock (multiples of windowNs since midnight), or with the first counted
 * message after the last window's end (CME iLink). Guarantee: with a constant limit and only passes counted, no window holds more than
 * the limit; across a border twice the limit can pass in an instant.
 */
import { limitAt, type WindowLaw } from './window-law.ts'

export class FixedWindow implements WindowLaw {
  private readonly limit: number
  private readonly windowNs: number
  private readonly onClock: boolean
  /** -Infinity: none is open. */
  private startNs = Number.NEGATIVE_INFINITY
  private counted = 0

  constructor(limit: number, windowNs: number, onClock: boolean) {
    this.limit = limit
    this.windowNs = windowNs
    this.onClock = onClock
  }

  fits(nowNs: number, factor: number, weight: number): boolean {
    this.open(nowNs)
    return this.counted + weight <= limitAt(this.limit, factor)
  }

  add(nowNs: number, _factor: number, weight: number): void {
    this.open(nowNs)
    if (this.startNs === Number.NEGATIVE_INFINITY) this.startNs = nowNs
    this.counted += weight
  }

  nextNs(nowNs: number, factor: number, weight: number): number {
    return weight > limitAt(this.limit, factor) ? nowNs + this.windowNs : this.startNs + this.windowNs
  }

  private open(nowNs: number): void {
    const { windowNs } = this
    if (nowNs - this.startNs < windowNs) return
    this.startNs = this.onClock ? nowNs - (nowNs % windowNs) : Number.NEGATIVE_INFINITY
    this.counted = 0
  }
}
