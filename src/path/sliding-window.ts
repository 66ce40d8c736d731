/*
 * Sliding windows: what was counted in the last windowNs. Guarantee: with a constant limit and only passes counted, no window
 * [t, t + windowNs) holds more than the limit. A message leaves its window exactly windowNs after it was counted.
 */
import { limitAt, type WindowLaw } from './window-law.ts'

/** Instants and weights of what was counted within a window, oldest first. Grows to what one window holds, never beyond. */
export class SlidingCount {
  private atNs = new Float64Array(16)
  private weights = new Float64Array(16)
  private head = 0
  private size = 0
  private total = 0
  private readonly windowNs: number

  constructor(windowNs: number) {
    this.windowNs = windowNs
  }

  /** Weight counted in (nowNs - windowNs, nowNs]. */
  countAt(nowNs: number): number {
    while (this.size > 0 && nowNs - this.atNs[this.head] >= this.windowNs) {
      this.total -= this.weights[this.head]
      this.head = (this.head + 1) & (this.atNs.length - 1)
      this.size--
    }
    return this.total
  }

  add(nowNs: number, weight = 1): void {
    if (this.size === this.atNs.length) this.grow()
    const slot = (this.head + this.size++) & (this.atNs.length - 1)
    this.atNs[slot] = nowNs
    this.weights[slot] = weight
    this.total += weight
  }

  /** When the total will be down to `rest` (below what it is now). */
  restNs(rest: number): number {
    let left = this.total
    let slot = this.head
    for (;;) {
      left -= this.weights[slot]
      if (left <= rest) return this.atNs[slot] + this.windowNs
      slot = (slot + 1) & (this.atNs.length - 1)
    }
  }

  private grow(): void {
    const length = this.atNs.length
    const atNs = new Float64Array(length * 2)
    const weights = new Float64Array(length * 2)
    for (let i = 0; i < length; i++) {
      const slot = (this.head + i) & (length - 1)
      atNs[i] = this.atNs[slot]
      weights[i] = this.weights[slot]
    }
    this.atNs = atNs
    this.weights = weights
    this.head = 0
  }
}

export class SlidingWindow implements WindowLaw {
  private readonly limit: number
  private readonly windowNs: number
  private readonly count: SlidingCount

  constructor(limit: number, windowNs: number) {
    this.limit = limit
    this.windowNs = windowNs
    this.count = new SlidingCount(windowNs)
  }

  fits(nowNs: number, factor: number, weight: number): boolean {
    return this.count.countAt(nowNs) + weight <= limitAt(this.limit, factor)
  }

  add(nowNs: number, _factor: number, weight: number): void {
    // A window without a limit needs no memory.
    if (this.limit !== Number.POSITIVE_INFINITY) this.count.add(nowNs, weight)
  }

  nextNs(nowNs: number, factor: number, weight: number): number {
    const limit = limitAt(this.limit, factor)
    return weight > limit ? nowNs + this.windowNs : this.count.restNs(limit - weight)
  }
}
