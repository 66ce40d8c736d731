/*
 * The book as an import has to know it: by rule M2 of market.ts (known orders behind one anonymous order), but without the
 * order of the queue, which no import needs. So that the rows that an import writes have, in every later book, the effect
 * that they had here. O(1) per row but for a level that appears or goes (O(distance from the best level)).
 */
import { assert } from '../kernel/assert.ts'
import { ROW_KIND } from '../market/tape.ts'

const ADD = ROW_KIND.of.add
const REDUCE = ROW_KIND.of.reduce
const DELETE = ROW_KIND.of.delete
const EXECUTE = ROW_KIND.of.execute

interface Level {
  readonly priceTicks: number
  /** Sum of the live known orders, and the anonymous order. */
  known: number
  anonymous: number
  /** Known orders of an earlier epoch were dropped. */
  epoch: number
}

interface KnownOrder {
  readonly side: number
  readonly level: Level
  readonly epoch: number
  rest: number
}

/** One side's levels with a positive total, the best at the end. */
class BookSide {
  readonly side: number
  readonly levels: Level[] = []
  private readonly byPrice = new Map<number, Level>()

  constructor(side: number) {
    this.side = side
  }

  levelAt(priceTicks: number): Level {
    let level = this.byPrice.get(priceTicks)
    if (level === undefined) {
      level = { priceTicks, known: 0, anonymous: 0, epoch: 0 }
      this.byPrice.set(priceTicks, level)
    }
    return level
  }

  lotsAt(priceTicks: number): number {
    const level = this.byPrice.get(priceTicks)
    return level === undefined ? 0 : level.known + level.anonymous
  }

  /** Keeps `levels` right after the total of `level` went from `before` to what it is now. */
  settle(level: Level, before: number): void {
    const total = level.known + level.anonymous
    if (before > 0 === total > 0) return
    const at = this.placeOf(level.priceTicks)
    if (total > 0) this.levels.splice(at, 0, level)
    else this.levels.splice(at, 1)
  }

  /** Index of the price in `levels`, or where it would stand. */
  private placeOf(priceTicks: number): number {
    const { levels, side } = this
    let at = levels.length
    while (at > 0 && (levels[at - 1].priceTicks - priceTicks) * side >= 0) at--
    return at
  }
}

export class ImportBook {
  readonly bids = new BookSide(1)
  readonly asks = new BookSide(-1)
  private readonly orders = new Map<number, KnownOrder>()

  of(side: number): BookSide {
    return side === 1 ? this.bids : this.asks
  }

  isLive(orderId: number): boolean {
    const order = this.orders.get(orderId)
    return order !== undefined && order.epoch === order.level.epoch
  }

  /** True when the order is not live, or was added with this side and price (rule T3). */
  fits(orderId: number, side: number, priceTicks: number): boolean {
    const order = this.orders.get(orderId)
    if (order === undefined || order.epoch !== order.level.epoch) return true
    return order.side === side && order.level.priceTicks === priceTicks
  }

  /** Applies a row of kind add, reduce, delete, execute or level-set; other kinds change nothing. */
  apply(kind: number, side: number, priceTicks: number, lots: number, orderId: number): void {
    if (kind > EXECUTE && kind !== ROW_KIND.of['level-set']) return
    const half = this.of(side)
    const level = half.levelAt(priceTicks)
    const before = level.known + level.anonymous
    if (kind === ADD) {
      assert(!this.isLive(orderId), 'an order is added once while live')
      this.orders.set(orderId, { side, level, epoch: level.epoch, rest: lots })
      level.known += lots
    } else if (kind === REDUCE || kind === DELETE || kind === EXECUTE) {
      this.takeOff(level, kind, lots, orderId)
    } else if (level.known <= lots) {
      level.anonymous = lots - level.known
    } else {
      level.epoch++
      level.known = 0
      level.anonymous = lots
    }
    half.settle(level, before)
  }

  private takeOff(level: Level, kind: number, lots: number, orderId: number): void {
    const order = this.orders.get(orderId)
    if (order === undefined || order.level !== level || order.epoch !== level.epoch) {
      level.anonymous -= Math.min(lots, level.anonymous)
      return
    }
    const taken = kind === DELETE ? order.rest : Math.min(lots, order.rest)
    order.rest -= taken
    level.known -= taken
    if (order.rest === 0) this.orders.delete(orderId)
  }
}
