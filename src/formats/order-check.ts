/*
 * Whether rows that are a tape already keep its rule T3: an order id is added once while live. Keeps, as the book does, each level's orders: a
 * level-set below their sum drops them, a clear all of them. Counts rows that name an order that is not live.
 */
import { LevelTotals } from './level-totals.ts'
import { ORDER, OrderTable } from './order-table.ts'

const TWO_32 = 4_294_967_296

export class OrderCheck {
  unknownCount = 0
  private readonly orders = new OrderTable()
  private readonly bids = new LevelTotals(1)
  private readonly asks = new LevelTotals(-1)

  /** False when the order is live. */
  add(id: number, side: number, priceTicks: number, lots: number): boolean {
    const half = this.half(side)
    const level = half.at(priceTicks)
    half.lots[level] += lots
    if (id === 0) return true
    const high = Math.floor(id / TWO_32)
    if (this.find(high, id >>> 0) >= 0) return false
    const row = this.orders.insert(high, id >>> 0)
    const { rows } = this.orders
    rows[row + ORDER.priceTicks] = priceTicks
    rows[row + ORDER.lots] = lots
    rows[row + ORDER.birth] = half.birth[level]
    rows[row + ORDER.side] = side
    return true
  }

  /** A reduce, execute or (`all`) delete. An order of another level is not meant. */
  take(id: number, side: number, priceTicks: number, lots: number, all: boolean): void {
    if (id === 0) return
    const row = this.find(Math.floor(id / TWO_32), id >>> 0)
    const { rows } = this.orders
    if (row < 0 || rows[row + ORDER.side] !== side || rows[row + ORDER.priceTicks] !== priceTicks) {
      this.unknownCount++
      return
    }
    const half = this.half(side)
    const level = half.find(priceTicks)
    const taken = all ? rows[row + ORDER.lots] : Math.min(lots, rows[row + ORDER.lots])
    half.lots[level] -= taken
    rows[row + ORDER.lots] -= taken
    if (rows[row + ORDER.lots] > 0) return
    this.orders.remove(row)
    if (half.lots[level] === 0) half.remove(level)
  }

  set(side: number, priceTicks: number, lots: number): void {
    const half = this.half(side)
    const level = half.find(priceTicks)
    if (level >= 0 && half.lots[level] > lots) half.remove(level)
  }

  clear(): void {
    this.orders.clear()
    this.bids.clear()
    this.asks.clear()
  }

  /** After a refinement of the grids. */
  scale(priceFactor: number, lotFactor: number): void {
    this.orders.scale(ORDER.priceTicks, priceFactor)
    this.orders.scale(ORDER.lots, lotFactor)
    this.bids.scale(priceFactor, lotFactor)
    this.asks.scale(priceFactor, lotFactor)
  }

  private half(side: number): LevelTotals {
    return side === 1 ? this.bids : this.asks
  }

  private find(high: number, low: number): number {
    const { orders } = this
    const row = orders.find(high, low)
    if (row < 0) return -1
    const half = this.half(orders.rows[row + ORDER.side])
    const level = half.find(orders.rows[row + ORDER.priceTicks])
    if (level >= 0 && half.birth[level] === orders.rows[row + ORDER.birth]) return row
    orders.remove(row)
    return -1
  }
}
