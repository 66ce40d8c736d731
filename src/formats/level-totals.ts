/*
 * One side's levels as an import has to know them: what rests at each price in all, and which is the best. A level has a birth number of
 * its own: an order that was added to an earlier level of the same price is not in this one.
 */
import { SortedPrices } from '../market/sorted-prices.ts'
import { scaledLots } from './decimal-grid.ts'

export class LevelTotals {
  readonly side: number
  readonly prices: SortedPrices
  /** By handle. */
  priceTicks = new Int32Array(64)
  lots = new Float64Array(64)
  birth = new Int32Array(64)
  /** For the owner's use; 0 at birth. */
  mark = new Int32Array(64)
  private free: number[] = []
  private end = 0
  private births = 0

  constructor(side: number) {
    this.side = side
    this.prices = new SortedPrices(side)
  }

  get isEmpty(): boolean {
    return this.prices.count === 0
  }

  /** The best price; NaN when the side is empty. */
  get best(): number {
    return this.prices.count === 0 ? Number.NaN : this.prices.bestTicks()
  }

  /** The level at a price, made if need be. */
  at(priceTicks: number): number {
    const found = this.prices.find(priceTicks)
    if (found >= 0) return found
    const level = this.free.pop() ?? this.newHandle()
    this.priceTicks[level] = priceTicks
    this.lots[level] = 0
    this.mark[level] = 0
    this.birth[level] = ++this.births
    this.prices.insert(priceTicks, level)
    return level
  }

  /** The level at a price; -1 when nothing rests there. */
  find(priceTicks: number): number {
    return this.prices.find(priceTicks)
  }

  remove(level: number): void {
    this.prices.remove(this.priceTicks[level])
    this.free.push(level)
  }

  clear(): void {
    this.prices.clear()
    this.free = []
    this.end = 0
  }

  /** After a refinement of the grids. */
  scale(priceFactor: number, lotFactor: number): void {
    const { prices } = this
    const levels: number[] = []
    for (let level = prices.best(); level >= 0; level = prices.worse(this.priceTicks[level])) levels.push(level)
    prices.clear()
    for (const level of levels) {
      this.priceTicks[level] *= priceFactor
      this.lots[level] = scaledLots(this.lots[level], lotFactor)
      prices.insert(this.priceTicks[level], level)
    }
  }

  private newHandle(): number {
    if (this.end === this.lots.length) {
      const larger = <T extends Int32Array | Float64Array>(into: T, from: T): T => {
        into.set(from)
        return into
      }
      const size = 2 * this.end
      this.priceTicks = larger(new Int32Array(size), this.priceTicks)
      this.lots = larger(new Float64Array(size), this.lots)
      this.birth = larger(new Int32Array(size), this.birth)
      this.mark = larger(new Int32Array(size), this.mark)
    }
    return this.end++
  }
}
