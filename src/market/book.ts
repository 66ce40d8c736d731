/*
 * The recorded book, rebuilt row by row: per side the occupied levels, per level a FIFO of known orders behind one
 * anonymous order (rule M2 of market.ts). Beside each recorded order stands what one world took from it (M3); a book
 * that only replays leaves that at 0. After `apply(tape, row)` the book is that of the tape after the row.
 * Levels and orders are named by handles, valid until the next row. Rows go in once and in order; a level that holds nothing is gone.
 * Leaves out own orders: sequential-market.ts holds them.
 */
import { assert, InputError } from '../kernel/assert.ts'
import { BookLevels } from './book-levels.ts'
import { BookOrders } from './book-orders.ts'
import { LiveOrders } from './live-orders.ts'
import { Refill } from './refill.ts'
import { SortedPrices } from './sorted-prices.ts'
import { ROW_KIND, type Tape } from './tape.ts'

const KIND = ROW_KIND.of
const NONE = -1
const NO_REFILL = new Refill(null)

/** Best levels of one side, best first: filled by `levels`, up to the arrays' length. */
export interface Depth {
  readonly priceTicks: Int32Array
  readonly lots: Int32Array
}

export class Book {
  halted = false
  /** The instant of the questions about what is offered; a row makes it its own. */
  nowNs = 0
  /** Rows (reduce, delete, execute) that name an order which is not live at their level. */
  unknownCount = 0
  /** Lots that such rows should take off beyond what was there. */
  missingLots = 0
  /** Lots the last row took off an anonymous order (M7). */
  anonymousTakenLots = 0
  private readonly bids = new SortedPrices(1)
  private readonly asks = new SortedPrices(-1)
  private readonly live = new LiveOrders()

  private readonly slots = new BookLevels()
  private readonly orders = new BookOrders()
  private readonly refill: Refill

  constructor(refill = NO_REFILL) {
    this.refill = refill
  }

  /** Puts the row in effect. Throws an InputError when it adds an order that is live (T3). */
  apply(tape: Tape, row: number): void {
    const side = tape.side[row]
    const priceTicks = tape.priceTicks[row]
    const lots = tape.lots[row]
    this.anonymousTakenLots = 0
    this.nowNs = tape.tNs[row]
    switch (tape.kind[row]) {
      case KIND.add:
        this.add(tape, row, side, priceTicks, lots)
        break
      case KIND.reduce:
      case KIND.execute:
        this.takeOff(side, priceTicks, tape.orderId[row], lots, false)
        break
      case KIND.delete:
        this.takeOff(side, priceTicks, tape.orderId[row], lots, true)
        break
      case KIND['level-set']:
        this.setLevel(side, priceTicks, lots)
        break
      case KIND.clear:
        this.clear()
        break
      case KIND.halt:
        this.halted = true
        break
      case KIND.resume:
        this.halted = false
        break
      default: // execute-hidden and trade change no level
    }
  }

  /** Best price of a side; 0 when the side is empty (see `isEmpty`). */
  best(side: number): number {
    const prices = side === 1 ? this.bids : this.asks
    return prices.bestTicks()
  }

  /** Recorded lots at the best price; 0 when the side is empty. */
  bestLots(side: number): number {
    const prices = side === 1 ? this.bids : this.asks
    return prices.count === 0 ? 0 : this.slots.total[prices.best()]
  }

  isEmpty(side: number): boolean {
    return this.levelCount(side) === 0
  }

  /** Locked or crossed: both sides hold something and the best bid is not below the best ask. */
  isCrossed(): boolean {
    return this.bids.count > 0 && this.asks.count > 0 && this.best(1) >= this.best(-1)
  }

  levelCount(side: number): number {
    return side === 1 ? this.bids.count : this.asks.count
  }

  /** Handle of the best level; -1 when the side is empty. */
  bestLevel(side: number): number {
    return side === 1 ? this.bids.best() : this.asks.best()
  }

  /** Handle of the next level of the same side, away from the best; -1 after the last. */
  worseLevel(level: number): number {
    const prices = this.slots.side[level] === 1 ? this.bids : this.asks
    return prices.worse(this.slots.priceTicks[level])
  }

  /** Handle of a level; -1 when nothing rests there. */
  levelOf(side: number, priceTicks: number): number {
    return side === 1 ? this.bids.find(priceTicks) : this.asks.find(priceTicks)
  }

  priceTicks(level: number): number {
    return this.slots.priceTicks[level]
  }

  totalLots(side: number, priceTicks: number): number {
    const level = this.levelOf(side, priceTicks)
    return level === NONE ? 0 : this.slots.total[level]
  }

  anonymousLots(side: number, priceTicks: number): number {
    const level = this.levelOf(side, priceTicks)
    return level === NONE ? 0 : this.slots.anonymous[level]
  }

  /** Fills `out` with the best levels in price order; gives how many there are, at most out's length and `depth`. */
  levels(side: number, depth: number, out: Depth): number {
    const countMax = Math.min(depth, out.priceTicks.length)
    let count = 0
    for (let level = this.bestLevel(side); level !== NONE && count < countMax; level = this.worseLevel(level)) {
      out.priceTicks[count] = this.slots.priceTicks[level]
      out.lots[count++] = this.slots.total[level]
    }
    return count
  }

  /** Handle of the oldest known order of a level; -1 when it has none. */
  firstOrder(level: number): number {
    return this.slots.first[level]
  }

  /** Handle of the youngest known order of a level; -1 when it has none. */
  lastOrder(level: number): number {
    return this.slots.last[level]
  }

  /** Handle of the next younger order of the same level; -1 after the youngest. */
  nextOrder(order: number): number {
    return this.orders.next[order]
  }

  /** Handle of a live order when it rests at this level; -1 otherwise. */
  orderAt(side: number, priceTicks: number, id: number): number {
    const order = id === 0 ? NONE : this.live.get(id)
    if (order === NONE) return NONE
    const level = this.orders.level[order]
    return this.slots.priceTicks[level] === priceTicks && this.slots.side[level] === side ? order : NONE
  }

  /** Recorded lots of an order. */
  restLots(order: number): number {
    return this.orders.rest[order]
  }

  idOf(order: number): number {
    return this.orders.id[order]
  }

  /** The row that added the order: its rank in time. */
  rowOf(order: number): number {
    return this.orders.row[order]
  }

  /** M3: what the order offers this world. */
  offeredByOrder(order: number): number {
    return Math.max(0, this.orders.rest[order] - this.missingOf(order))
  }

  offeredByAnonymous(level: number): number {
    return Math.max(0, this.slots.anonymous[level] - this.anonymousMissing(level))
  }

  /** What the level offers in all. */
  offeredBy(level: number): number {
    let lots = this.offeredByAnonymous(level)
    for (let order = this.slots.first[level]; order !== NONE; order = this.orders.next[order]) lots += this.offeredByOrder(order)
    return lots
  }

  /** M4 in one level: takes up to `lots`, the anonymous order first, then known orders in FIFO order; gives what it took. */
  consume(level: number, lots: number): number {
    let taken = Math.min(lots, this.offeredByAnonymous(level))
    if (taken > 0) this.consumeAnonymous(level, taken)
    for (let order = this.slots.first[level]; order !== NONE && taken < lots; order = this.orders.next[order]) {
      const part = Math.min(lots - taken, this.offeredByOrder(order))
      if (part > 0) this.consumeOrder(order, part)
      taken += part
    }
    return taken
  }

  consumeOrder(order: number, lots: number): void {
    this.orders.consumed[order] = this.missingOf(order) + lots
    this.orders.consumedNs[order] = this.nowNs
  }

  consumeAnonymous(level: number, lots: number): void {
    this.setAnonymousConsumed(level, this.anonymousMissing(level) + lots)
    assert(this.slots.consumed[level] <= this.slots.anonymous[level], 'no more is consumed of an anonymous order than rests')
  }

  /** Lots consumed of an order that have not come back (M16). */
  private missingOf(order: number): number {
    const { consumed, consumedNs } = this.orders
    return consumed[order] === 0 ? 0 : this.refill.missing(consumed[order], this.nowNs - consumedNs[order])
  }

  private anonymousMissing(level: number): number {
    const consumed = this.slots.consumed[level]
    return consumed === 0 ? 0 : this.refill.missing(consumed, this.nowNs - this.slots.consumedNs[level])
  }

  private setAnonymousConsumed(level: number, lots: number): void {
    this.slots.consumed[level] = lots
    this.slots.consumedNs[level] = this.nowNs
  }

  private add(tape: Tape, row: number, side: number, priceTicks: number, lots: number): void {
    const id = tape.orderId[row]
    if (id !== 0 && this.live.get(id) !== NONE) {
      throw new InputError(`tape ${tape.header.symbol}, row ${row}: order ${id} is added while it is live; delete it first`)
    }
    let level = this.levelOf(side, priceTicks)
    if (level === NONE) level = this.openLevel(side, priceTicks)
    const order = this.orders.open()
    const last = this.slots.last[level]
    this.orders.id[order] = id
    this.orders.row[order] = row
    this.orders.level[order] = level
    this.orders.rest[order] = lots
    this.orders.consumed[order] = 0
    this.orders.previous[order] = last
    this.orders.next[order] = NONE
    if (last === NONE) this.slots.first[level] = order
    else this.orders.next[last] = order
    this.slots.last[level] = order
    this.slots.total[level] += lots
    if (id !== 0) this.live.set(id, order)
  }

  /** reduce, execute, delete: off the named order when it is live at the level, else off the anonymous order. */
  private takeOff(side: number, priceTicks: number, id: number, lots: number, all: boolean): void {
    const order = this.orderAt(side, priceTicks, id)
    if (order === NONE) {
      if (id !== 0) this.unknownCount++
      this.takeOffAnonymous(side, priceTicks, lots)
      return
    }
    const rest = this.orders.rest[order]
    if (lots > rest) this.missingLots += lots - rest
    const taken = all ? rest : Math.min(lots, rest)
    const level = this.orders.level[order]
    this.slots.total[level] -= taken
    this.orders.rest[order] = rest - taken
    if (taken === rest) this.unlink(order, level)
    if (this.slots.total[level] === 0) this.closeLevel(level)
  }

  private takeOffAnonymous(side: number, priceTicks: number, lots: number): void {
    const level = this.levelOf(side, priceTicks)
    const rest = level === NONE ? 0 : this.slots.anonymous[level]
    const taken = Math.min(lots, rest)
    this.missingLots += lots - taken
    this.anonymousTakenLots = taken
    if (taken === 0) return
    this.slots.total[level] -= taken
    this.setAnonymous(level, rest - taken)
    if (this.slots.total[level] === 0) this.closeLevel(level)
  }

  private setLevel(side: number, priceTicks: number, lots: number): void {
    let level = this.levelOf(side, priceTicks)
    if (level === NONE) {
      if (lots === 0) return
      level = this.openLevel(side, priceTicks)
    }
    const known = this.slots.total[level] - this.slots.anonymous[level]
    if (known <= lots) {
      this.setAnonymous(level, lots - known)
    } else {
      // The orders dropped pass what was consumed of them to the anonymous order.
      let passed = 0
      for (let order = this.slots.first[level]; order !== NONE; order = this.orders.next[order]) {
        passed += Math.min(this.missingOf(order), this.orders.rest[order])
      }
      if (passed > 0) this.setAnonymousConsumed(level, this.anonymousMissing(level) + passed)
      this.dropOrders(level)
      this.setAnonymous(level, lots)
    }
    this.slots.total[level] = lots
    if (lots === 0) this.closeLevel(level)
  }

  /** The anonymous order's new rest; its consumption is never above it (M3). */
  private setAnonymous(level: number, lots: number): void {
    this.slots.anonymous[level] = lots
    if (this.slots.consumed[level] > lots && this.anonymousMissing(level) > lots) this.setAnonymousConsumed(level, lots)
  }

  private clear(): void {
    for (const prices of [this.bids, this.asks]) {
      let level = prices.best()
      while (level !== NONE) {
        const next = prices.worse(this.slots.priceTicks[level])
        this.dropOrders(level)
        this.slots.free(level)
        level = next
      }
      prices.clear()
    }
  }

  private dropOrders(level: number): void {
    let order = this.slots.first[level]
    while (order !== NONE) {
      const next = this.orders.next[order]
      this.freeOrderSlot(order)
      order = next
    }
    this.slots.first[level] = NONE
    this.slots.last[level] = NONE
  }

  private unlink(order: number, level: number): void {
    const previous = this.orders.previous[order]
    const next = this.orders.next[order]
    if (previous === NONE) this.slots.first[level] = next
    else this.orders.next[previous] = next
    if (next === NONE) this.slots.last[level] = previous
    else this.orders.previous[next] = previous
    this.freeOrderSlot(order)
  }

  private freeOrderSlot(order: number): void {
    if (this.orders.id[order] !== 0) this.live.delete(this.orders.id[order])
    this.orders.free(order)
  }

  private closeLevel(level: number): void {
    const prices = this.slots.side[level] === 1 ? this.bids : this.asks
    prices.remove(this.slots.priceTicks[level])
    this.slots.free(level)
  }

  private openLevel(side: number, priceTicks: number): number {
    const level = this.slots.open(side, priceTicks)
    const prices = side === 1 ? this.bids : this.asks
    prices.insert(priceTicks, level)
    return level
  }
}
