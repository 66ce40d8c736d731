/*
 * The live orders of an import and the levels that they make up: what OrderTape and OrderCheck both keep. An order whose level was emptied
 * is forgotten when it is next asked for: its `birth` is no longer that of its level.
 */
import { LevelTotals } from './level-totals.ts'
import { ORDER, OrderTable } from './order-table.ts'

export class OrderLevels {
  readonly orders = new OrderTable()
  readonly bids = new LevelTotals(1)
  readonly asks = new LevelTotals(-1)

  half(side: number): LevelTotals {
    return side === 1 ? this.bids : this.asks
  }

  /** The row of a live order; -1 when there is none. */
  find(idHigh: number, idLow: number): number {
    const row = this.orders.find(idHigh, idLow)
    if (row < 0 || this.isCurrent(row)) return row
    this.orders.remove(row)
    return -1
  }

  /** Adds an order that is not live. Gives its row, whose other words are the caller's. */
  insert(idHigh: number, idLow: number, side: number, priceTicks: number, lots: number): number {
    const half = this.half(side)
    const level = half.at(priceTicks)
    half.lots[level] += lots
    const row = this.orders.insert(idHigh, idLow)
    const { rows } = this.orders
    rows[row + ORDER.priceTicks] = priceTicks
    rows[row + ORDER.lots] = lots
    rows[row + ORDER.birth] = half.birth[level]
    rows[row + ORDER.side] = side
    return row
  }

  /** Takes lots off a live order, at most its rest; with nothing left it is gone, and so is a level without lots. */
  take(row: number, lots: number): void {
    const { rows } = this.orders
    const half = this.half(rows[row + ORDER.side])
    const level = half.find(rows[row + ORDER.priceTicks])
    half.lots[level] -= lots
    rows[row + ORDER.lots] -= lots
    const isGone = rows[row + ORDER.lots] === 0
    if (half.lots[level] === 0) half.remove(level)
    if (isGone) this.orders.remove(row)
  }

  /** Rows of the live orders, oldest first. */
  live(): number[] {
    return this.orders.byArrival().filter((row) => this.isCurrent(row))
  }

  clear(): void {
    this.orders.clear()
    this.bids.clear()
    this.asks.clear()
  }

  /** After a change of the steps of price and quantity. */
  scale(priceFactor: number, lotFactor: number): void {
    this.orders.scale(priceFactor, lotFactor)
    this.bids.scale(priceFactor, lotFactor)
    this.asks.scale(priceFactor, lotFactor)
  }

  /** Levels of nothing but these live orders, whose rounded lots may not add up to a rounded total. */
  recount(live: readonly number[]): void {
    const { rows } = this.orders
    this.bids.lots.fill(0)
    this.asks.lots.fill(0)
    for (const row of live) {
      const half = this.half(rows[row + ORDER.side])
      half.lots[half.find(rows[row + ORDER.priceTicks])] += rows[row + ORDER.lots]
    }
  }

  private isCurrent(row: number): boolean {
    const { rows } = this.orders
    const half = this.half(rows[row + ORDER.side])
    const level = half.find(rows[row + ORDER.priceTicks])
    return level >= 0 && half.birth[level] === rows[row + ORDER.birth]
  }
}
