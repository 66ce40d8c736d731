/* Children whose cancel has no answer yet, in the order in which their cancels were asked for, and how many there are at each venue. */
import type { ChildOrder } from './child-order.ts'

export class PendingCancels {
  private readonly children = new Set<ChildOrder>()
  private readonly counts: Int32Array

  constructor(venueCount: number) {
    this.counts = new Int32Array(venueCount)
  }

  add(child: ChildOrder): void {
    if (this.children.has(child)) return
    this.children.add(child)
    this.counts[child.venue]++
  }

  delete(child: ChildOrder): void {
    if (this.children.delete(child)) this.counts[child.venue]--
  }

  countAt(venue: number): number {
    return this.counts[venue]
  }

  /** Those at one venue. */
  *at(venue: number): Generator<ChildOrder> {
    for (const child of this.children) if (child.venue === venue) yield child
  }
}
