/* The occupied levels of a book, by handle, in arrays that grow together; handles of levels that are gone are used again. */
import { copied } from './book-orders.ts'

const NONE = -1

export class BookLevels {
  side = new Int8Array(256)
  priceTicks = new Int32Array(256)
  /** Lots of the anonymous order and of every order from `first` to `last`. */
  total = new Float64Array(256)
  anonymous = new Float64Array(256)
  /** What one world took from the anonymous order (M3), as it was at `consumedNs`. */
  consumed = new Float64Array(256)
  consumedNs = new Float64Array(256)
  /** Oldest and youngest known order; -1 = none. */
  first = new Int32Array(256)
  last = new Int32Array(256)
  private end = 0
  /** Free handles are chained by `first`. */
  private freed = NONE

  /** A handle of an empty level. */
  open(side: number, priceTicks: number): number {
    let level = this.freed
    if (level === NONE) {
      if (this.end === this.side.length) this.grow()
      level = this.end++
    } else {
      this.freed = this.first[level]
    }
    this.side[level] = side
    this.priceTicks[level] = priceTicks
    this.total[level] = 0
    this.anonymous[level] = 0
    this.consumed[level] = 0
    this.first[level] = NONE
    this.last[level] = NONE
    return level
  }

  free(level: number): void {
    this.first[level] = this.freed
    this.freed = level
  }

  private grow(): void {
    const size = 2 * this.side.length
    this.side = copied(this.side, new Int8Array(size))
    this.priceTicks = copied(this.priceTicks, new Int32Array(size))
    this.total = copied(this.total, new Float64Array(size))
    this.anonymous = copied(this.anonymous, new Float64Array(size))
    this.consumed = copied(this.consumed, new Float64Array(size))
    this.consumedNs = copied(this.consumedNs, new Float64Array(size))
    this.first = copied(this.first, new Int32Array(size))
    this.last = copied(this.last, new Int32Array(size))
  }
}
