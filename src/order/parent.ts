import type { Side } from './words.ts'

/** A mandate to trade `quantityLots` of one symbol between startNs and endNs. */
export interface ParentOrder {
  readonly parentId: number
  /** Where it may trade; with `venues`, the first of them. */
  readonly venue: number
  /** Where it may trade, when that is more than one venue: they quote the same symbol on the same tick, and are in ascending order. */
  readonly venues?: readonly number[]
  readonly side: Side
  readonly quantityLots: number
  readonly startNs: number
  readonly endNs: number
  /** Worst price allowed, ticks; NaN = none. */
  readonly limitTicks: number
}

/** Numbers of the venues where the parent may trade, at least one. */
export function venuesOf(parent: ParentOrder): readonly number[] {
  return parent.venues ?? [parent.venue]
}
