/*
 * Live order ids of a book to slot numbers: open addressing with linear probing and deletion by backward shift, so
 * it stays as small as the number of orders that live at once. Ids are safe integers > 0 (up to 2^53).
 */
export class LiveOrders {
  count = 0
  private mask: number
  private ids: Float64Array
  private slots: Int32Array

  constructor(capacity = 4096) {
    let size = 16
    while (size < 2 * capacity) size *= 2
    this.mask = size - 1
    this.ids = new Float64Array(size)
    this.slots = new Int32Array(size)
  }

  /** The slot of a live id; -1 when it is not live. */
  get(id: number): number {
    const { ids, mask } = this
    let at = homeOf(id) & mask
    while (ids[at] !== 0) {
      if (ids[at] === id) return this.slots[at]
      at = (at + 1) & mask
    }
    return -1
  }

  /** Sets the slot of an id, live before or not. */
  set(id: number, slot: number): void {
    if (2 * (this.count + 1) > this.ids.length) this.grow()
    const { ids, mask } = this
    let at = homeOf(id) & mask
    while (ids[at] !== 0 && ids[at] !== id) at = (at + 1) & mask
    if (ids[at] === 0) this.count++
    ids[at] = id
    this.slots[at] = slot
  }

  delete(id: number): void {
    const { ids, slots, mask } = this
    let hole = homeOf(id) & mask
    while (ids[hole] !== id) {
      if (ids[hole] === 0) return
      hole = (hole + 1) & mask
    }
    // Entries after the hole move up when their home does not lie between the hole and them.
    for (let at = (hole + 1) & mask; ids[at] !== 0; at = (at + 1) & mask) {
      const home = homeOf(ids[at]) & mask
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      ids[hole] = ids[at]
      slots[hole] = slots[at]
      hole = at
    }
    ids[hole] = 0
    this.count--
  }

  clear(): void {
    this.ids.fill(0)
    this.count = 0
  }

  private grow(): void {
    const { ids, slots } = this
    this.ids = new Float64Array(2 * ids.length)
    this.slots = new Int32Array(2 * ids.length)
    this.mask = this.ids.length - 1
    this.count = 0
    for (let at = 0; at < ids.length; at++) if (ids[at] !== 0) this.set(ids[at], slots[at])
  }
}

/** Multiplicative hash of both halves of the id. */
function homeOf(id: number): number {
  const h = Math.imul((id | 0) ^ Math.imul((id / 4294967296) | 0, 0x85ebca6b), 0x9e3779b1)
  return h ^ (h >>> 16)
}
