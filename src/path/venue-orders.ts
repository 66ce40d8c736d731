/*
 * Own orders as one venue has them, by child id: state, terms in force, quantity filled, and the last request that changed them. The
 * venue's truth; the desk's child orders are what the host knows of it.
 */
import { float64Column, int32Column, uint8Column } from '../kernel/column.ts'

export const VENUE_STATE = { neverSeen: 0, open: 1, done: 2 } as const

export class VenueOrders {
  /** One of VENUE_STATE. */
  readonly state = uint8Column()
  readonly isBuy = uint8Column()
  readonly luckKey = float64Column()
  readonly session = uint8Column()
  readonly postOnly = uint8Column()
  /** Terms in force: price, order quantity (filled included), and the client order id that set them. */
  readonly priceTicks = int32Column()
  readonly quantityLots = int32Column()
  readonly clientOrderId = int32Column()
  readonly filledLots = int32Column()
  /** Report that confirmed the last replace or cancel of the order, or -1. */
  readonly confirmation = int32Column()
  private readonly openChildren = new Set<number>()

  /** Makes room for a child. */
  reserve(child: number): void {
    while (this.state.count <= child) {
      this.state.push(VENUE_STATE.neverSeen)
      this.isBuy.push(0)
      this.luckKey.push(-1)
      this.session.push(0)
      this.postOnly.push(0)
      this.priceTicks.push(0)
      this.quantityLots.push(0)
      this.clientOrderId.push(-1)
      this.filledLots.push(0)
      this.confirmation.push(-1)
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
