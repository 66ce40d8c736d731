/*
 * Crossed books of a feed by price, which a venue never has: updates of the two sides were collected apart, or one was lost. The named
 * rule is `uncross`: an update that puts lots at a price removes every level of the other side that it meets, so that the later word
 * wins. What it removed is given to the import, which writes it down as rows of its own (T4). Guarantee: after an update best bid < best ask.
 * Source: the rule of hftbacktest 1.8 and 2.x, hashmapmarketdepth.rs, whose best price moves past what is crossed.
 */
import { SortedPrices } from '../market/sorted-prices.ts'

/** Prices are all that is kept. */
const NO_HANDLE = 0

export class CrossedLevels {
  private readonly bids = new SortedPrices(1)
  private readonly asks = new SortedPrices(-1)

  /** The level's total becomes `lots`; `onCrossed` hears of each level of the other side that has to go, best first. */
  set(side: number, priceTicks: number, lots: number, onCrossed: (side: number, priceTicks: number) => void): void {
    const own = side === 1 ? this.bids : this.asks
    const known = own.find(priceTicks) !== -1
    if (lots === 0) {
      if (known) own.remove(priceTicks)
      return
    }
    if (!known) own.insert(priceTicks, NO_HANDLE)
    const other = side === 1 ? this.asks : this.bids
    while (other.count > 0) {
      const best = other.bestTicks()
      if (side * (priceTicks - best) < 0) break
      other.remove(best)
      onCrossed(-side, best)
    }
  }

  clear(): void {
    this.bids.clear()
    this.asks.clear()
  }
}
