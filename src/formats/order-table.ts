/*
 * The live orders of an import by their 64-bit ids: open addressing with linear probing and deletion by backward shift, one row of eight
 * 32-bit words per order, so that a look-up meets one line of the cache. The id 0 is no order. Rows are named by the index of their
 * first word, valid until the next `insert` or `remove`.
 */
import { LOTS_MAX, scaledLots } from './decimal-grid.ts'

const WORDS = 8
/** Words of a row. */
export const ORDER = { low: 0, high: 1, priceTicks: 2, lots: 3, birth: 4, side: 5, alias: 6, arrival: 7 } as const

export class OrderTable {
  count = 0
  rows: Int32Array
  private mask: number

  constructor(capacity = 4096) {
    let size = 16
    while (size < 2 * capacity) size *= 2
    this.mask = size - 1
    this.rows = new Int32Array(size * WORDS)
  }

  /** The order's row; -1 when it is not there. */
  find(high: number, low: number): number {
    const { rows, mask } = this
    const wantedLow = low | 0
    const wantedHigh = high | 0
    for (let at = homeOf(wantedHigh, wantedLow) & mask; ; at = (at + 1) & mask) {
      const row = at * WORDS
      if (rows[row] === wantedLow && rows[row + 1] === wantedHigh) return (wantedLow | wantedHigh) === 0 ? -1 : row
      if ((rows[row] | rows[row + 1]) === 0) return -1
    }
  }

  /** A new row, with the id set; the id must not be there and not be 0. */
  insert(high: number, low: number): number {
    if (2 * (this.count + 1) > this.mask + 1) this.grow()
    this.count++
    const { rows } = this
    const row = this.place(high | 0, low | 0)
    rows[row] = low | 0
    rows[row + 1] = high | 0
    return row
  }

  remove(row: number): void {
    const { rows, mask } = this
    let hole = row / WORDS
    for (let at = (hole + 1) & mask; (rows[at * WORDS] | rows[at * WORDS + 1]) !== 0; at = (at + 1) & mask) {
      const home = homeOf(rows[at * WORDS + 1], rows[at * WORDS]) & mask
      // It may move into the hole unless its home lies between the hole and it.
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      rows.copyWithin(hole * WORDS, at * WORDS, at * WORDS + WORDS)
      hole = at
    }
    rows[hole * WORDS] = 0
    rows[hole * WORDS + 1] = 0
    this.count--
  }

  clear(): void {
    this.rows.fill(0)
    this.count = 0
  }

  /** The rows of all orders, oldest arrival first. */
  byArrival(): number[] {
    const { rows } = this
    const found: number[] = []
    for (let row = 0; row < rows.length; row += WORDS) if ((rows[row] | rows[row + 1]) !== 0) found.push(row)
    return found.sort((a, b) => rows[a + ORDER.arrival] - rows[b + ORDER.arrival])
  }

  /** Multiplies prices and lots, these up to what a word can hold. */
  scale(priceFactor: number, lotFactor: number): void {
    const { rows } = this
    for (let row = 0; row < rows.length; row += WORDS) {
      rows[row + ORDER.priceTicks] *= priceFactor
      rows[row + ORDER.lots] = Math.min(LOTS_MAX, scaledLots(rows[row + ORDER.lots], lotFactor))
    }
  }

  /** The free row of an id that is not there. */
  private place(high: number, low: number): number {
    const { rows, mask } = this
    let at = homeOf(high, low) & mask
    while ((rows[at * WORDS] | rows[at * WORDS + 1]) !== 0) at = (at + 1) & mask
    return at * WORDS
  }

  private grow(): void {
    const old = this.rows
    this.rows = new Int32Array(2 * old.length)
    this.mask = 2 * (this.mask + 1) - 1
    for (let row = 0; row < old.length; row += WORDS) {
      if ((old[row] | old[row + 1]) === 0) continue
      this.rows.set(old.subarray(row, row + WORDS), this.place(old[row + 1], old[row]))
    }
  }
}

function homeOf(high: number, low: number): number {
  const h = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return h ^ (h >>> 15)
}
