/*
 * The occupied levels of one side in price order, best last: two parallel arrays, searched from the best end. Near the
 * touch, where most rows fall, finding, adding and removing a level costs a few steps; far from it a binary search and a memory move of
 * the levels between it and the best. Nothing depends on the range of prices.
 */
const LINEAR_STEPS = 8

export class SortedPrices {
  count = 0
  private readonly side: number
  /** side * price, ascending: the best price is the last of either side. */
  private keys = new Int32Array(256)
  private handles = new Int32Array(256)

  constructor(side: number) {
    this.side = side
  }

  /** Level handle at a price; -1 when the price is not occupied. */
  find(priceTicks: number): number {
    const key = this.side * priceTicks
    const at = this.seek(key)
    return at < this.count && this.keys[at] === key ? this.handles[at] : -1
  }

  /** Level handle of a rank: 0 is the best, count - 1 the worst. */
  ranked(rank: number): number {
    return this.handles[this.count - 1 - rank]
  }

  /** Adds a price that is not occupied. */
  insert(priceTicks: number, handle: number): void {
    if (this.count === this.keys.length) this.grow()
    const { keys, handles } = this
    const key = this.side * priceTicks
    const at = this.seek(key)
    for (let i = this.count; i > at; i--) {
      keys[i] = keys[i - 1]
      handles[i] = handles[i - 1]
    }
    keys[at] = key
    handles[at] = handle
    this.count++
  }

  /** Removes a price that is occupied. */
  remove(priceTicks: number): void {
    const { keys, handles } = this
    const at = this.seek(this.side * priceTicks)
    this.count--
    for (let i = at; i < this.count; i++) {
      keys[i] = keys[i + 1]
      handles[i] = handles[i + 1]
    }
  }

  clear(): void {
    this.count = 0
  }

  /** First position whose key is not below `key`. */
  private seek(key: number): number {
    const { keys } = this
    let high = this.count
    for (let step = 0; step < LINEAR_STEPS; step++) {
      if (high === 0 || keys[high - 1] < key) return high
      high--
    }
    let low = 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if (keys[middle] < key) low = middle + 1
      else high = middle
    }
    return low
  }

  private grow(): void {
    const keys = new Int32Array(2 * this.keys.length)
    const handles = new Int32Array(2 * this.keys.length)
    keys.set(this.keys)
    handles.set(this.handles)
    this.keys = keys
    this.handles = handles
  }
}
