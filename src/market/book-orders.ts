/* The known orders of a book, by handle, in arrays that grow together; handles of orders that are gone are used again. */
const NONE = -1

export class BookOrders {
  id = new Float64Array(1024)
  /** The row that added the order. */
  row = new Int32Array(1024)
  level = new Int32Array(1024)
  rest = new Int32Array(1024)
  /** What one world took from it (M3), as it was at `consumedNs`. */
  consumed = new Float64Array(1024)
  consumedNs = new Float64Array(1024)
  /** Neighbours in the level's queue; -1 = none. */
  previous = new Int32Array(1024)
  next = new Int32Array(1024)
  private end = 0
  /** Free handles are chained by `next`. */
  private freed = NONE

  /** A handle; its fields are as its last order left them. */
  open(): number {
    const order = this.freed
    if (order !== NONE) {
      this.freed = this.next[order]
      return order
    }
    if (this.end === this.rest.length) this.grow()
    return this.end++
  }

  free(order: number): void {
    this.next[order] = this.freed
    this.freed = order
  }

  private grow(): void {
    const size = 2 * this.rest.length
    this.id = copied(this.id, new Float64Array(size))
    this.row = copied(this.row, new Int32Array(size))
    this.level = copied(this.level, new Int32Array(size))
    this.rest = copied(this.rest, new Int32Array(size))
    this.consumed = copied(this.consumed, new Float64Array(size))
    this.consumedNs = copied(this.consumedNs, new Float64Array(size))
    this.previous = copied(this.previous, new Int32Array(size))
    this.next = copied(this.next, new Int32Array(size))
  }
}

export function copied<T extends Float64Array | Int32Array | Int8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
