/* A first-in first-out queue of numbers in a ring that doubles when full: no allocation per entry. Its owner bounds it. */
import { assert } from './assert.ts'

export class NumberRing {
  count = 0
  private values = new Float64Array(16)
  private head = 0

  push(value: number): void {
    if (this.count === this.values.length) this.grow()
    this.values[(this.head + this.count) & (this.values.length - 1)] = value
    this.count++
  }

  /** The i-th from the front. */
  at(i: number): number {
    return this.values[(this.head + i) & (this.values.length - 1)]
  }

  set(i: number, value: number): void {
    this.values[(this.head + i) & (this.values.length - 1)] = value
  }

  shift(): number {
    assert(this.count > 0, 'a ring gives only what was put in')
    const value = this.values[this.head]
    this.head = (this.head + 1) & (this.values.length - 1)
    this.count--
    return value
  }

  /** Takes back the newest. */
  pop(): number {
    assert(this.count > 0, 'a ring gives only what was put in')
    this.count--
    return this.values[(this.head + this.count) & (this.values.length - 1)]
  }

  /** Puts a value before the front. */
  unshift(value: number): void {
    if (this.count === this.values.length) this.grow()
    this.head = (this.head + this.values.length - 1) & (this.values.length - 1)
    this.values[this.head] = value
    this.count++
  }

  private grow(): void {
    const larger = new Float64Array(this.values.length * 2)
    for (let i = 0; i < this.count; i++) larger[i] = this.at(i)
    this.values = larger
    this.head = 0
  }
}
