/*
 * A first-in first-out queue of records of a few numbers each, in a ring that doubles when full. A record is named by the place of its first
 * number in `values`, valid until the next `push`.
 */
export class RecordRing {
  count = 0
  values: Float64Array
  private readonly width: number
  private head = 0
  /** Records that fit, less one: a power of two less one. */
  private mask = 63

  constructor(width: number) {
    this.width = width
    this.values = new Float64Array(width * (this.mask + 1))
  }

  /** Adds a record, whose numbers are then to be written; gives its place. */
  push(): number {
    if (this.count > this.mask) this.grow()
    return ((this.head + this.count++) & this.mask) * this.width
  }

  /** The place of the i-th from the front. */
  at(i: number): number {
    return ((this.head + i) & this.mask) * this.width
  }

  /** Takes the front off; gives its place. */
  shift(): number {
    const at = this.head * this.width
    this.head = (this.head + 1) & this.mask
    this.count--
    return at
  }

  private grow(): void {
    const { width, values, head } = this
    const larger = new Float64Array(2 * values.length)
    larger.set(values.subarray(head * width))
    larger.set(values.subarray(0, head * width), values.length - head * width)
    this.values = larger
    this.head = 0
    this.mask = 2 * this.mask + 1
  }
}
