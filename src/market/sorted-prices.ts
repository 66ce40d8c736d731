/*
 * The occupied levels of one side in price order: pages of 1,024 prices, each with the handles of its levels and a bit per occupied
 * price. Finding, adding and removing a level is O(1); the next level away from the best is a scan of bits. Memory: 4 KB a page
 * that was ever used, and 8 bytes for each 1,024 ticks between the lowest and the highest price.
 */
const PAGE_BITS = 10
const PAGE_SIZE = 1 << PAGE_BITS
const NONE = -1

interface Page {
  count: number
  readonly handles: Int32Array
  readonly occupied: Uint32Array
}

export class SortedPrices {
  count = 0
  private readonly side: number
  /** Keys are side * price, so that the best price of either side has the highest. */
  private bestKey = 0
  private bestLevel = NONE
  private pages: (Page | null)[] = []
  /** Number of pages[0]: a key is on page key >> PAGE_BITS. */
  private firstPage = 0

  constructor(side: number) {
    this.side = side
  }

  /** Level handle at a price; -1 when the price is not occupied. */
  find(priceTicks: number): number {
    const key = this.side * priceTicks
    const page = this.pages[(key >> PAGE_BITS) - this.firstPage]
    return page == null ? NONE : page.handles[key & (PAGE_SIZE - 1)]
  }

  /** Handle of the best level; -1 when there is none. */
  best(): number {
    return this.bestLevel
  }

  /** The best occupied price; 0 when there is none. */
  bestTicks(): number {
    return this.count === 0 ? 0 : this.side * this.bestKey
  }

  /** Handle of the best level worse than a price; -1 when there is none. */
  worse(priceTicks: number): number {
    const key = this.nextBelow(this.side * priceTicks)
    return key === null ? NONE : this.handleAt(key)
  }

  /** Adds a price that is not occupied. `handle` is not negative. */
  insert(priceTicks: number, handle: number): void {
    const key = this.side * priceTicks
    const page = this.pageFor(key >> PAGE_BITS)
    const slot = key & (PAGE_SIZE - 1)
    page.handles[slot] = handle
    page.occupied[slot >>> 5] |= 1 << (slot & 31)
    page.count++
    if (this.count === 0 || key > this.bestKey) {
      this.bestKey = key
      this.bestLevel = handle
    }
    this.count++
  }

  /** Removes a price that is occupied. */
  remove(priceTicks: number): void {
    const key = this.side * priceTicks
    const page = this.pages[(key >> PAGE_BITS) - this.firstPage] as Page
    const slot = key & (PAGE_SIZE - 1)
    page.handles[slot] = NONE
    page.occupied[slot >>> 5] &= ~(1 << (slot & 31))
    page.count--
    this.count--
    if (key !== this.bestKey) return
    const next = this.count === 0 ? null : this.nextBelow(key)
    this.bestLevel = next === null ? NONE : this.handleAt(next)
    this.bestKey = next ?? 0
  }

  clear(): void {
    for (const page of this.pages) {
      if (page === null || page.count === 0) continue
      page.handles.fill(NONE)
      page.occupied.fill(0)
      page.count = 0
    }
    this.count = 0
    this.bestLevel = NONE
  }

  private handleAt(key: number): number {
    return (this.pages[(key >> PAGE_BITS) - this.firstPage] as Page).handles[key & (PAGE_SIZE - 1)]
  }

  /** Highest occupied key below `key`. */
  private nextBelow(key: number): number | null {
    if (this.pages.length === 0) return null
    let index = (key >> PAGE_BITS) - this.firstPage
    let slot = key & (PAGE_SIZE - 1)
    if (index >= this.pages.length) {
      index = this.pages.length - 1
      slot = PAGE_SIZE
    }
    for (; index >= 0; index--, slot = PAGE_SIZE) {
      const page = this.pages[index]
      if (page === null || page.count === 0) continue
      const found = highestBelow(page.occupied, slot)
      if (found !== NONE) return ((index + this.firstPage) << PAGE_BITS) + found
    }
    return null
  }

  private pageFor(number: number): Page {
    if (this.pages.length === 0) this.firstPage = number
    while (number < this.firstPage) this.growDown(number)
    while (number - this.firstPage >= this.pages.length) this.pages.push(null)
    let page = this.pages[number - this.firstPage]
    if (page === null) {
      page = { count: 0, handles: new Int32Array(PAGE_SIZE).fill(NONE), occupied: new Uint32Array(PAGE_SIZE >>> 5) }
      this.pages[number - this.firstPage] = page
    }
    return page
  }

  /** Makes room before the first page, as much as there are pages at least: growing one by one costs no more than a copy each doubling. */
  private growDown(number: number): void {
    const added = Math.max(this.firstPage - number, this.pages.length)
    this.pages = [...Array.from({ length: added }, () => null), ...this.pages]
    this.firstPage -= added
  }
}

/** Highest set bit below `slot`; -1 when there is none. */
function highestBelow(bits: Uint32Array, slot: number): number {
  let word = slot >>> 5
  let masked = word < bits.length ? bits[word] & ((1 << (slot & 31)) - 1) : 0
  for (;;) {
    if (masked !== 0) return (word << 5) + 31 - Math.clz32(masked)
    if (word === 0) return NONE
    masked = bits[--word]
  }
}
