/*
 * Whether rows that are a tape already keep its rule T3: an order id is added once while live. Keeps, as the book does, each level's orders: a
 * level-set below their sum drops them, a clear all of them. Counts rows that name an order that is not live.
 */
import { OrderLevels } from './order-levels.ts'
import { ORDER } from './order-table.ts'

const TWO_32 = 4_294_967_296

export class OrderCheck {
  unknownCount = 0
  private readonly known = new OrderLevels()

  /** False when the order is live. */
  add(id: number, side: number, priceTicks: number, lots: number): boolean {
    if (id === 0) {
      const half = this.known.half(side)
      half.lots[half.at(priceTicks)] += lots
      return true
    }
    const high = Math.floor(id / TWO_32)
    if (this.known.find(high, id >>> 0) >= 0) return false
    this.known.insert(high, id >>> 0, side, priceTicks, lots)
    return true
  }

  /** A reduce, execute or (`all`) delete. An order of another level is not meant. */
  take(id: number, side: number, priceTicks: number, lots: number, all: boolean): void {
    if (id === 0) return
    const row = this.known.find(Math.floor(id / TWO_32), id >>> 0)
    const { rows } = this.known.orders
    if (row < 0 || rows[row + ORDER.side] !== side || rows[row + ORDER.priceTicks] !== priceTicks) {
      this.unknownCount++
      return
    }
    const rest = rows[row + ORDER.lots]
    this.known.take(row, all ? rest : Math.min(lots, rest))
  }

  set(side: number, priceTicks: number, lots: number): void {
    const half = this.known.half(side)
    const level = half.find(priceTicks)
    if (level >= 0 && half.lots[level] > lots) half.remove(level)
  }

  clear(): void {
    this.known.clear()
  }

  /** After a refinement of the grids. */
  scale(priceFactor: number, lotFactor: number): void {
    this.known.scale(priceFactor, lotFactor)
  }
}
