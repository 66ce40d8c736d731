/*
 * VWAP: the target of a slice is in proportion to the volume that the curve expects up to its end. Exact: floor(quantity * volume so far / volume of
 * the whole parent), so a flat curve gives TWAP's targets to the lot. Where the curve expects nothing in the parent's whole time, TWAP. The curve is
 * given beforehand; whether it looks ahead is for whoever makes it (node/volume-curves.ts).
 */
import type { ParentOrder } from '../order/parent.ts'
import type { VwapOptions } from './options.ts'
import type { SliceGrid } from './slice-grid.ts'
import { twapTarget } from './twap.ts'
import { CumulativeVolume } from './volume-curve.ts'

export function vwapTarget(parent: ParentOrder, grid: SliceGrid, options: VwapOptions): (slice: number) => number {
  const volume = new CumulativeVolume(options.curves[parent.venue] ?? options.curves[0])
  const before = volume.timesBin(parent.startNs)
  const whole = volume.timesBin(parent.startNs + grid.horizonNs) - before
  if (whole === 0n) return twapTarget(parent, grid)
  const lots = BigInt(parent.quantityLots)
  return (slice) => Number((lots * (volume.timesBin(parent.startNs + grid.elapsedNs(slice)) - before)) / whole)
}
