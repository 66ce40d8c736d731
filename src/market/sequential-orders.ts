/*
 * The resting own orders of one world in the sequential market: by number, and each side's in rank order (better price first, then earlier join).
 * Rows never change them but through these methods.
 */
import { assert } from '../kernel/assert.ts'

/** A resting own order. */
export interface OwnOrder {
  readonly own: number
  readonly side: number
  readonly priceTicks: number
  /** Recorded orders added by rows before this one are ahead of it in its level. */
  readonly joinRow: number
  openLots: number
  /** M7, M11. */
  anonymousAhead: number
  /** M11: lots traded at its price since its level was last set, or since the join. */
  tradedLots: number
  /** What the row being served could give it at most, and why (M6). */
  quotaLots: number
  quotaCause: number
}

export class SequentialOrders {
  readonly bids: OwnOrder[] = []
  readonly asks: OwnOrder[] = []
  private readonly byNumber: (OwnOrder | undefined)[] = []

  get count(): number {
    return this.bids.length + this.asks.length
  }

  of(side: number): readonly OwnOrder[] {
    return side === 1 ? this.bids : this.asks
  }

  find(own: number): OwnOrder | undefined {
    return this.byNumber[own]
  }

  resting(own: number): OwnOrder {
    const order = this.byNumber[own]
    assert(order !== undefined, 'the own order rests')
    return order
  }

  insert(order: OwnOrder): void {
    assert(this.byNumber[order.own] === undefined, 'an own order joins once while it rests')
    this.byNumber[order.own] = order
    const ranked = order.side === 1 ? this.bids : this.asks
    let rank = ranked.length
    while (rank > 0 && order.side * (order.priceTicks - ranked[rank - 1].priceTicks) > 0) rank--
    ranked.splice(rank, 0, order)
  }

  remove(order: OwnOrder): void {
    this.forget(order)
    const ranked = order.side === 1 ? this.bids : this.asks
    ranked.splice(ranked.indexOf(order), 1)
  }

  /** Its number is free from now on; it keeps its rank until `dropFilled`. */
  forget(order: OwnOrder): void {
    this.byNumber[order.own] = undefined
  }

  dropFilled(): void {
    for (const ranked of [this.bids, this.asks]) {
      for (let rank = ranked.length - 1; rank >= 0; rank--) if (ranked[rank].openLots === 0) ranked.splice(rank, 1)
    }
  }
}
