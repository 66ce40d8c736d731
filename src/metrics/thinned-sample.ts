/*
 * A sample of bounded memory for quantiles: every value up to the capacity, from there on every second, fourth, eighth … value in
 * order of arrival. Exact (type 7) while nothing was dropped; no chance is involved, so equal inputs give equal figures.
 */
import { ascending, type Figure, figure, quantile } from './quantile.ts'

export class ThinnedSample {
  /** Values offered, kept or not. */
  count = 0
  private sum = 0
  private square = 0
  private kept = 0
  private stride = 1
  private values: Float64Array
  private readonly capacity: number

  constructor(capacity = 1 << 20) {
    this.capacity = capacity
    this.values = new Float64Array(Math.min(capacity, 1024))
  }

  add(value: number): void {
    this.sum += value
    this.square += value * value
    if (this.count++ % this.stride !== 0) return
    if (this.kept === this.values.length) this.makeRoom()
    // After a thinning the value at hand may be one that the new stride leaves out.
    if ((this.count - 1) % this.stride === 0) this.values[this.kept++] = value
  }

  mean(): Figure {
    return figure(this.sum / this.count)
  }

  /** Standard deviation over mean. */
  variation(): Figure {
    const mean = this.sum / this.count
    return figure(Math.sqrt(Math.max(0, this.square / this.count - mean * mean)) / mean)
  }

  quantiles(shares: readonly number[]): Figure[] {
    const sorted = ascending(this.values.subarray(0, this.kept))
    return shares.map((share) => figure(quantile(sorted, share)))
  }

  private makeRoom(): void {
    if (this.values.length < this.capacity) {
      const larger = new Float64Array(Math.min(this.capacity, 2 * this.values.length))
      larger.set(this.values)
      this.values = larger
      return
    }
    this.stride *= 2
    this.kept = this.capacity / 2
    for (let i = 0; i < this.kept; i++) this.values[i] = this.values[2 * i]
  }
}
