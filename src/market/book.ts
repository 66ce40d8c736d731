/*
 * The recorded book, rebuilt row by row: per side the occupied levels, per level a FIFO of known orders behind one
 * anonymous order (rule M2 of market.ts). Beside each recorded order stands what one world took from it (M3); a book
 * that only replays leaves that at 0. After `apply(tape, row)` the book is that of the tape after the row.
 * Levels and orders are named by handles, valid until the next row. Rows go in once and in order; a level that holds nothing is gone.
 * Leaves out own orders: sequential-market.ts holds them.
 */
import { assert, InputError } from '../kernel/assert.ts'
import { LiveOrders } from './live-orders.ts'
import { SortedPrices } from './sorted-prices.ts'
import { ROW_KIND, type Tape } from './tape.ts'

const KIND = ROW_KIND.of
const NONE = -1

/** Best levels of one side, best first: filled by `levels`, up to the arrays' length. */
export interface Depth {
  readonly priceTicks: Int32Array
  readonly lots: Int32Array
}

export class Book {
  halted = false
  /** Rows (reduce, delete, execute) that name an order which is not live at their level. */
  unknownCount = 0
  /** Lots that such rows should take off beyond what was there. */
  missingLots = 0
  /** Lots the last row took off an anonymous order (M7). */
  anonymousTakenLots = 0
  private readonly bids = new SortedPrices(1)
  private readonly asks = new SortedPrices(-1)
  private readonly live = new LiveOrders()

  // Levels, by handle. total = anonymous + the rest of every order from `first` to `last`.
  private levelSide = new Int8Array(256)
  private levelPrice = new Int32Array(256)
  private total = new Float64Array(256)
  private anonymous = new Float64Array(256)
  private anonymousConsumed = new Float64Array(256)
  private first = new Int32Array(256)
  private last = new Int32Array(256)
  private levelEnd = 0
  /** Free levels and orders are chained by `first` and `next`. */
  private freeLevel = NONE

  // Known orders, by handle.
  private orderId = new Float64Array(1024)
  private orderRow = new Int32Array(1024)
  private orderLevel = new Int32Array(1024)
  private rest = new Int32Array(1024)
  private consumed = new Float64Array(1024)
  private previous = new Int32Array(1024)
  private next = new Int32Array(1024)
  private orderEnd = 0
  private freeOrder = NONE

  /** Puts the row in effect. Throws an InputError when it adds an order that is live (T3). */
  apply(tape: Tape, row: number): void {
    const side = tape.side[row]
    const priceTicks = tape.priceTicks[row]
    const lots = tape.lots[row]
    this.anonymousTakenLots = 0
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
    return prices.count === 0 ? 0 : this.total[prices.best()]
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
    const prices = this.levelSide[level] === 1 ? this.bids : this.asks
    return prices.worse(this.levelPrice[level])
  }

  /** Handle of a level; -1 when nothing rests there. */
  levelOf(side: number, priceTicks: number): number {
    return side === 1 ? this.bids.find(priceTicks) : this.asks.find(priceTicks)
  }

  priceTicks(level: number): number {
    return this.levelPrice[level]
  }

  totalLots(side: number, priceTicks: number): number {
    const level = this.levelOf(side, priceTicks)
    return level === NONE ? 0 : this.total[level]
  }

  anonymousLots(side: number, priceTicks: number): number {
    const level = this.levelOf(side, priceTicks)
    return level === NONE ? 0 : this.anonymous[level]
  }

  /** Fills `out` with the best levels in price order; gives how many there are, at most out's length and `depth`. */
  levels(side: number, depth: number, out: Depth): number {
    const countMax = Math.min(depth, out.priceTicks.length)
    let count = 0
    for (let level = this.bestLevel(side); level !== NONE && count < countMax; level = this.worseLevel(level)) {
      out.priceTicks[count] = this.levelPrice[level]
      out.lots[count++] = this.total[level]
    }
    return count
  }

  /** Handle of the oldest known order of a level; -1 when it has none. */
  firstOrder(level: number): number {
    return this.first[level]
  }

  /** Handle of the youngest known order of a level; -1 when it has none. */
  lastOrder(level: number): number {
    return this.last[level]
  }

  /** Handle of the next younger order of the same level; -1 after the youngest. */
  nextOrder(order: number): number {
    return this.next[order]
  }

  /** Handle of a live order when it rests at this level; -1 otherwise. */
  orderAt(side: number, priceTicks: number, id: number): number {
    const order = id === 0 ? NONE : this.live.get(id)
    if (order === NONE) return NONE
    const level = this.orderLevel[order]
    return this.levelPrice[level] === priceTicks && this.levelSide[level] === side ? order : NONE
  }

  /** Recorded lots of an order. */
  restLots(order: number): number {
    return this.rest[order]
  }

  idOf(order: number): number {
    return this.orderId[order]
  }

  /** The row that added the order: its rank in time. */
  rowOf(order: number): number {
    return this.orderRow[order]
  }

  /** M3: what the order offers this world. */
  offeredByOrder(order: number): number {
    return Math.max(0, this.rest[order] - this.consumed[order])
  }

  offeredByAnonymous(level: number): number {
    return Math.max(0, this.anonymous[level] - this.anonymousConsumed[level])
  }

  consumeOrder(order: number, lots: number): void {
    this.consumed[order] += lots
  }

  consumeAnonymous(level: number, lots: number): void {
    this.anonymousConsumed[level] += lots
    assert(this.anonymousConsumed[level] <= this.anonymous[level], 'no more is consumed of an anonymous order than rests')
  }

  private add(tape: Tape, row: number, side: number, priceTicks: number, lots: number): void {
    const id = tape.orderId[row]
    if (id !== 0 && this.live.get(id) !== NONE) {
      throw new InputError(`tape ${tape.header.symbol}, row ${row}: order ${id} is added while it is live; delete it first`)
    }
    let level = this.levelOf(side, priceTicks)
    if (level === NONE) level = this.openLevel(side, priceTicks)
    const order = this.openOrder()
    const last = this.last[level]
    this.orderId[order] = id
    this.orderRow[order] = row
    this.orderLevel[order] = level
    this.rest[order] = lots
    this.consumed[order] = 0
    this.previous[order] = last
    this.next[order] = NONE
    if (last === NONE) this.first[level] = order
    else this.next[last] = order
    this.last[level] = order
    this.total[level] += lots
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
    const rest = this.rest[order]
    if (lots > rest) this.missingLots += lots - rest
    const taken = all ? rest : Math.min(lots, rest)
    const level = this.orderLevel[order]
    this.total[level] -= taken
    this.rest[order] = rest - taken
    if (taken === rest) this.unlink(order, level)
    if (this.total[level] === 0) this.closeLevel(level)
  }

  private takeOffAnonymous(side: number, priceTicks: number, lots: number): void {
    const level = this.levelOf(side, priceTicks)
    const rest = level === NONE ? 0 : this.anonymous[level]
    const taken = Math.min(lots, rest)
    this.missingLots += lots - taken
    this.anonymousTakenLots = taken
    if (taken === 0) return
    this.total[level] -= taken
    this.setAnonymous(level, rest - taken)
    if (this.total[level] === 0) this.closeLevel(level)
  }

  private setLevel(side: number, priceTicks: number, lots: number): void {
    let level = this.levelOf(side, priceTicks)
    if (level === NONE) {
      if (lots === 0) return
      level = this.openLevel(side, priceTicks)
    }
    const known = this.total[level] - this.anonymous[level]
    if (known <= lots) {
      this.setAnonymous(level, lots - known)
    } else {
      // The orders dropped pass what was consumed of them to the anonymous order.
      for (let order = this.first[level]; order !== NONE; order = this.next[order]) {
        this.anonymousConsumed[level] += Math.min(this.consumed[order], this.rest[order])
      }
      this.dropOrders(level)
      this.setAnonymous(level, lots)
    }
    this.total[level] = lots
    if (lots === 0) this.closeLevel(level)
  }

  /** The anonymous order's new rest; its consumption is never above it (M3). */
  private setAnonymous(level: number, lots: number): void {
    this.anonymous[level] = lots
    if (this.anonymousConsumed[level] > lots) this.anonymousConsumed[level] = lots
  }

  private clear(): void {
    for (const prices of [this.bids, this.asks]) {
      let level = prices.best()
      while (level !== NONE) {
        const next = prices.worse(this.levelPrice[level])
        this.dropOrders(level)
        this.freeLevelSlot(level)
        level = next
      }
      prices.clear()
    }
  }

  private dropOrders(level: number): void {
    let order = this.first[level]
    while (order !== NONE) {
      const next = this.next[order]
      this.freeOrderSlot(order)
      order = next
    }
    this.first[level] = NONE
    this.last[level] = NONE
  }

  private unlink(order: number, level: number): void {
    const previous = this.previous[order]
    const next = this.next[order]
    if (previous === NONE) this.first[level] = next
    else this.next[previous] = next
    if (next === NONE) this.last[level] = previous
    else this.previous[next] = previous
    this.freeOrderSlot(order)
  }

  private freeOrderSlot(order: number): void {
    if (this.orderId[order] !== 0) this.live.delete(this.orderId[order])
    this.next[order] = this.freeOrder
    this.freeOrder = order
  }

  private closeLevel(level: number): void {
    const prices = this.levelSide[level] === 1 ? this.bids : this.asks
    prices.remove(this.levelPrice[level])
    this.freeLevelSlot(level)
  }

  private freeLevelSlot(level: number): void {
    this.first[level] = this.freeLevel
    this.freeLevel = level
  }

  private openLevel(side: number, priceTicks: number): number {
    let level = this.freeLevel
    if (level === NONE) {
      if (this.levelEnd === this.levelPrice.length) this.growLevels()
      level = this.levelEnd++
    } else {
      this.freeLevel = this.first[level]
    }
    this.levelSide[level] = side
    this.levelPrice[level] = priceTicks
    this.total[level] = 0
    this.anonymous[level] = 0
    this.anonymousConsumed[level] = 0
    this.first[level] = NONE
    this.last[level] = NONE
    const prices = side === 1 ? this.bids : this.asks
    prices.insert(priceTicks, level)
    return level
  }

  private openOrder(): number {
    const order = this.freeOrder
    if (order !== NONE) {
      this.freeOrder = this.next[order]
      return order
    }
    if (this.orderEnd === this.rest.length) this.growOrders()
    return this.orderEnd++
  }

  private growLevels(): void {
    const size = 2 * this.levelPrice.length
    this.levelSide = copied(this.levelSide, new Int8Array(size))
    this.levelPrice = copied(this.levelPrice, new Int32Array(size))
    this.total = copied(this.total, new Float64Array(size))
    this.anonymous = copied(this.anonymous, new Float64Array(size))
    this.anonymousConsumed = copied(this.anonymousConsumed, new Float64Array(size))
    this.first = copied(this.first, new Int32Array(size))
    this.last = copied(this.last, new Int32Array(size))
  }

  private growOrders(): void {
    const size = 2 * this.rest.length
    this.orderId = copied(this.orderId, new Float64Array(size))
    this.orderRow = copied(this.orderRow, new Int32Array(size))
    this.orderLevel = copied(this.orderLevel, new Int32Array(size))
    this.rest = copied(this.rest, new Int32Array(size))
    this.consumed = copied(this.consumed, new Float64Array(size))
    this.previous = copied(this.previous, new Int32Array(size))
    this.next = copied(this.next, new Int32Array(size))
  }
}

function copied<T extends Float64Array | Int32Array | Int8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
