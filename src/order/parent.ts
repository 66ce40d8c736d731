import type { Side } from './words.ts'

/** A mandate to trade `quantityLots` between startNs and endNs. */
export interface ParentOrder {
  readonly parentId: number
  readonly venue: number
  readonly side: Side
  readonly quantityLots: number
  readonly startNs: number
  readonly endNs: number
  /** Worst price allowed, ticks; NaN = none. */
  readonly limitTicks: number
}
