/*
 * How many lots should be sent by when. TWAP: slices of equal length between a parent's start and end (the last may be shorter);
 * the target of a slice is due from its start on, in proportion to the time up to its end. Exact in integers: floor(quantity * elapsed
 * / horizon), and the last target is the quantity.
 */
import type { ParentOrder } from '../order/parent.ts'

export interface Schedule {
  readonly sliceCount: number
  /** The slice of an instant, held to 0..sliceCount - 1. */
  sliceAt(nowNs: number): number
  startNs(slice: number): number
  /** Lots that should be filled or working once this slice has started: cumulative, non-decreasing, whole. */
  targetLots(slice: number): number
}

export function createTwap(parent: ParentOrder, sliceNs: number): Schedule {
  const horizonNs = Math.max(1, parent.endNs - parent.startNs)
  const sliceCount = Math.max(1, Math.ceil(horizonNs / sliceNs))
  return {
    sliceCount,
    sliceAt: (nowNs) => Math.min(sliceCount - 1, Math.max(0, Math.floor((nowNs - parent.startNs) / sliceNs))),
    startNs: (slice) => parent.startNs + slice * sliceNs,
    targetLots: (slice) => {
      const elapsedNs = (slice + 1) * sliceNs
      return elapsedNs >= horizonNs ? parent.quantityLots : share(parent.quantityLots, elapsedNs, horizonNs)
    }
  }
}

/** floor(lots * part / whole), exact even where the product is above 2^53. */
function share(lots: number, part: number, whole: number): number {
  const product = lots * part
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / whole)
  return Number((BigInt(lots) * BigInt(part)) / BigInt(whole))
}
