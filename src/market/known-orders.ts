/*
 * The known orders of a book under replay, for the timeline's build: which positions hold one that lives (a bit each), and of those with
 * an id where they were added and what is left of them. Memory: a bit an event, about 50 bytes an order that lives at once.
 */
import { LiveOrders } from './live-orders.ts'

export class KnownOrders {
  /** Of each slot: position of the add, and rest in lots. */
  positionOf = new Uint32Array(4096)
  restOf = new Int32Array(4096)
  private readonly slotOf = new LiveOrders()
  private readonly alive: Uint32Array
  private readonly freed: number[] = []
  private slotCount = 0

  constructor(eventCount: number) {
    this.alive = new Uint32Array((eventCount >>> 5) + 1)
  }

  /** The order added at a position lives. One without an id (0) can never be named. */
  add(id: number, position: number, lots: number): void {
    this.alive[position >>> 5] |= 1 << (position & 31)
    if (id === 0) return
    const slot = this.freed.pop() ?? this.newSlot()
    this.positionOf[slot] = position
    this.restOf[slot] = lots
    this.slotOf.set(id, slot)
  }

  /** The slot of a live order; -1 when none of this id lives. */
  find(id: number): number {
    return id === 0 ? -1 : this.slotOf.get(id)
  }

  /** The order in this slot is done. */
  end(id: number, slot: number): void {
    const position = this.positionOf[slot]
    this.alive[position >>> 5] &= ~(1 << (position & 31))
    this.slotOf.delete(id)
    this.freed.push(slot)
  }

  /** First position >= from with a live order, below `end`; `end` when there is none. */
  firstAlive(from: number, end: number): number {
    const { alive } = this
    let position = from
    while (position < end) {
      const bits = alive[position >>> 5] >>> (position & 31)
      if (bits !== 0) return Math.min(end, position + 31 - Math.clz32(bits & -bits))
      position = ((position >>> 5) + 1) * 32
    }
    return end
  }

  /** Ends the order at a live position; `id` is that of its add. */
  drop(id: number, position: number): void {
    const slot = this.find(id)
    if (slot >= 0 && this.positionOf[slot] === position) this.end(id, slot)
    else this.alive[position >>> 5] &= ~(1 << (position & 31))
  }

  private newSlot(): number {
    if (this.slotCount === this.restOf.length) {
      const positions = new Uint32Array(2 * this.slotCount)
      const rests = new Int32Array(2 * this.slotCount)
      positions.set(this.positionOf)
      rests.set(this.restOf)
      this.positionOf = positions
      this.restOf = rests
    }
    return this.slotCount++
  }
}
