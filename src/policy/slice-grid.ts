/* A parent's time cut into slices of equal length; the last may be shorter. Instants before the start are of the first slice, those after the end of the last. */
import type { ParentOrder } from '../order/parent.ts'

export class SliceGrid {
  readonly count: number
  readonly horizonNs: number
  readonly sliceNs: number
  private readonly originNs: number

  constructor(parent: ParentOrder, sliceNs: number) {
    this.originNs = parent.startNs
    this.sliceNs = sliceNs
    this.horizonNs = Math.max(1, parent.endNs - parent.startNs)
    this.count = Math.max(1, Math.ceil(this.horizonNs / sliceNs))
  }

  at(nowNs: number): number {
    return Math.min(this.count - 1, Math.max(0, Math.floor((nowNs - this.originNs) / this.sliceNs)))
  }

  startNs(slice: number): number {
    return this.originNs + slice * this.sliceNs
  }

  /** From the parent's start to the end of the slice. */
  elapsedNs(slice: number): number {
    return Math.min(this.horizonNs, (slice + 1) * this.sliceNs)
  }
}
