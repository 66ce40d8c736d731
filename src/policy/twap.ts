/* TWAP: the target of a slice is in proportion to the time up to its end. floor(quantity * elapsed / horizon), exact in integers. */
import type { ParentOrder } from '../order/parent.ts'
import type { SliceGrid } from './slice-grid.ts'
import { exactShare } from './whole-lots.ts'

export function twapTarget(parent: ParentOrder, grid: SliceGrid): (slice: number) => number {
  return (slice) => exactShare(parent.quantityLots, grid.elapsedNs(slice), grid.horizonNs)
}
