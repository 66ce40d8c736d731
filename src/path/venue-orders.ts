/*
 * Own orders as one venue has them, by child id: state, terms in force, quantity filled, and the last request that changed them. The
 * venue's truth; the desk's child orders are what the host knows of it.
 */
import { ColumnTable } from '../kernel/column.ts'

export const VENUE_STATE = { neverSeen: 0, open: 1, done: 2 } as const

export class VenueOrders extends ColumnTable {
  /** One of VENUE_STATE. */
  readonly state = this.uint8()
  readonly isBuy = this.uint8()
  readonly luckKey = this.float64()
  readonly session = this.uint8()
  readonly postOnly = this.uint8()
  /** Terms in force: price, order quantity (filled included), and the client order id that set them. */
  readonly priceTicks = this.int32()
  readonly quantityLots = this.int32()
  readonly clientOrderId = this.int32()
  readonly filledLots = this.int32()
  /** Report that confirmed the last replace or cancel of the order, or -1. */
  readonly confirmation = this.int32()
  private readonly openChildren = new Set<number>()

  /** Makes room for a child. */
  reserve(child: number): void {
    // A new row is all 0, and so never seen.
    while (this.count <= child) {
      const row = this.extend()
      this.luckKey.values[row] = -1
      this.clientOrderId.values[row] = -1
      this.confirmation.values[row] = -1
    }
  }

  open(child: number): void {
    this.state.values[child] = VENUE_STATE.open
    this.openChildren.add(child)
  }

  close(child: number): void {
    this.state.values[child] = VENUE_STATE.done
    this.openChildren.delete(child)
  }

  isOpen(child: number): boolean {
    return this.state.values[child] === VENUE_STATE.open
  }

  isKnown(child: number): boolean {
    return this.state.values[child] !== VENUE_STATE.neverSeen
  }

  openLots(child: number): number {
    return this.isOpen(child) ? this.quantityLots.values[child] - this.filledLots.values[child] : 0
  }

  side(child: number): 1 | -1 {
    return this.isBuy.values[child] === 1 ? 1 : -1
  }

  /** Open orders of a session, oldest first. */
  openOf(session: number): number[] {
    return [...this.openChildren].filter((child) => this.session.values[child] === session)
  }
}
