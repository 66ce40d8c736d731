/*
 * Signs of takes as left by parents that were split: a fixed number of hidden parents, each with a side and a number of takes
 * still to do; every take belongs to one of them, chosen evenly. Lengths are Pareto, so signs have long memory
 * (Lillo, Mike and Farmer 2005, "Theory for long memory in supply and demand"). Leaves out sizes.
 */
import { power } from '../kernel/elementary.ts'
import type { Stream } from '../kernel/random.ts'

export class OrderSplitting {
  private readonly stream: Stream
  private readonly exponent: number
  private readonly countMax: number
  private readonly sign: Int8Array
  private readonly left: Int32Array

  constructor(stream: Stream, parentCount: number, exponent: number, countMax: number) {
    this.stream = stream
    this.exponent = exponent
    this.countMax = Math.max(1, countMax)
    this.sign = new Int8Array(parentCount)
    this.left = new Int32Array(parentCount)
  }

  /** 1 when the next take buys, -1 when it sells. */
  next(): number {
    const parent = Math.floor(this.stream.next() * this.left.length)
    if (this.left[parent] === 0) {
      this.sign[parent] = this.stream.next() < 0.5 ? -1 : 1
      const length = power(1 - this.stream.next(), -1 / this.exponent)
      this.left[parent] = Math.min(this.countMax, Math.floor(length))
    }
    this.left[parent] -= 1
    return this.sign[parent]
  }
}
