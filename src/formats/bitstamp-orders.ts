/*
 * What Bitstamp's live_orders events mean for a book. Each event has the order's whole state: side, price and the amount that is left.
 *   created   an order that would meet the other side is on its way to trade: it joins the book when nothing meets it any more, with what is left.
 *   changed   less is left: it traded (orders cannot be amended). Another price: a new place in the queue.
 *   deleted   0 is left: the rest traded; more: it was cancelled.
 * So a trade is two reductions, of the maker and the taker; that of the order in the book is an `execute` row. Is the taker in the book too, it is the
 * one that came later, and its reduction a cancel (`counterpartReductions`). A trade message only confirms (`matchedTrades`); one
 * without a reduction is a trade row (`unmatchedTrades`).
 * Rules, each counted. `zombies`, orders whose deletion was lost: those at better prices than a published book's best, those at a price that two
 * published books in a row do not show though they show worse ones, and those that an order has met for STALE_NS without trading.
 * The feed starts mid-life and loses some: what the first published book, or two in a row, show beyond the known orders is put in as one order
 * (`seededFromBook`), of which the events of unknown ids at its price are (`adoptedOrders`, `seedReductions`; `unknownIdRows` counts the others).
 * A change of an unknown id elsewhere shows an order, which joins.
 */
import type { OrderTape } from './order-tape.ts'

/** An order meets another for longer than this only when that other is gone; assumed. */
const STALE_NS = 3_000_000_000
/** A trade and its reductions come within this of each other, in recordings within 1.4 s; assumed. */
const TRADE_NS = 2_000_000_000
/** High words of ids of seeded levels: above those of Bitstamp's, which are below 2^53. */
const SEED_HIGH = 1 << 22
const ROUNDED_LOTS = 10

interface Order {
  readonly id: number
  /** Its id on the tape. */
  readonly high: number
  readonly low: number
  readonly side: number
  readonly sinceNs: number
  price: number
  /** What is left, units. */
  rest: number
  /** false: on its way to trade. */
  isResting: boolean
}

interface Reduction {
  readonly tNs: number
  readonly amount: number
  readonly side: number
  readonly isExecuted: boolean
  tradeCount: number
}

interface Print {
  readonly tNs: number
  readonly price: number
  readonly amount: number
}

const TWO_32 = 4_294_967_296

interface Differences {
  readonly absent: Set<number>
  readonly beyond: Map<number, number>
  readonly stale: Set<number>
}

function orderOf(id: number, side: number, price: number, rest: number, sinceNs: number): Order {
  return { id, high: Math.floor(id / TWO_32), low: id >>> 0, side, price, rest, sinceNs, isResting: false }
}

export class BitstampOrders {
  private readonly tape: OrderTape
  private readonly orders = new Map<number, Order>()
  private readonly incoming = new Set<Order>()
  /** Orders put in for what a level has beyond known ones, by side * price. */
  private readonly seeds = new Map<number, Order>()
  private seedCount = 0
  /** By side * price: levels of ours that the last published book did not show, and what it showed beyond ours. */
  private absent = new Set<number>()
  private beyond = new Map<number, number>()
  private hasBook = false
  private reductions: Reduction[] = []
  private prints: Print[] = []

  constructor(tape: OrderTape) {
    this.tape = tape
  }

  created(tNs: number, id: number, side: number, price: number, amount: number): void {
    this.pass(tNs)
    const known = this.orders.get(id)
    if (known !== undefined) this.tape.log.count('duplicateAdds')
    if (known !== undefined) this.take(tNs, known)
    if (amount <= 0) {
      this.tape.log.count('addsWithoutIdOrQuantity')
      return
    }
    this.join(tNs, orderOf(id, side, price, amount, tNs))
  }

  changed(tNs: number, id: number, side: number, price: number, amount: number): void {
    this.pass(tNs)
    const order = this.orders.get(id) ?? this.adopted(id, side, price, amount)
    if (order === undefined) {
      this.tape.log.count('unknownIdRows')
      if (amount > 0) this.join(tNs, orderOf(id, side, price, amount, tNs))
      return
    }
    if (amount < order.rest) this.reduced(tNs, order, order.rest - amount)
    else if (amount > order.rest) this.tape.log.count('increasedOrders')
    const isSame = price === order.price && amount === order.rest
    if (amount > 0 && !isSame) {
      // Another price, or more than before: it leaves and joins anew.
      this.take(tNs, order)
      this.join(tNs, orderOf(id, order.side, price, amount, order.sinceNs))
    } else if (amount <= 0) this.forget(order)
    this.settle(tNs)
  }

  deleted(tNs: number, id: number, side: number, price: number, amount: number): void {
    this.pass(tNs)
    const order = this.orders.get(id) ?? (amount === 0 ? this.adopted(id, side, price, 0) : undefined)
    if (order === undefined) this.deleteUnknown(tNs, side, price, amount)
    else {
      if (amount < order.rest) this.reduced(tNs, order, order.rest - amount)
      if (order.rest > 0) this.take(tNs, order)
      else this.forget(order)
    }
    this.settle(tNs)
  }

  trade(tNs: number, price: number, amount: number): void {
    this.pass(tNs)
    this.tape.log.count('trades')
    const matching = this.reductions.filter((reduction) => reduction.amount === amount && reduction.tradeCount === 0)
    for (const reduction of matching.slice(-2)) reduction.tradeCount++
    if (matching.some(({ isExecuted }) => isExecuted)) this.tape.log.count('matchedTrades')
    else this.prints.push({ tNs, price, amount })
  }

  /** A published book, best levels first: side, price and amount of each. */
  published(tNs: number, levels: Float64Array, count: number): void {
    this.pass(tNs)
    this.tape.log.count('publishedBooks')
    const absent = new Set<number>()
    const beyond = new Map<number, number>()
    const stale = new Set<number>()
    for (const side of [1, -1]) {
      const shown = new Map<number, number>()
      let best = Number.NaN
      let worst = Number.NaN
      for (let at = 0; at < 3 * count; at += 3) {
        if (levels[at] !== side) continue
        const price = levels[at + 1]
        shown.set(price, (shown.get(price) ?? 0) + levels[at + 2])
        if (!((price - best) * side <= 0)) best = price
        if (!((price - worst) * side >= 0)) worst = price
      }
      if (shown.size > 0) this.compare(side, best, worst, shown, { absent, beyond, stale })
    }
    if (stale.size > 0) this.drop(tNs, (order) => stale.has(order.side * order.price))
    this.seed(beyond)
    this.hasBook = true
    this.absent = absent
    this.beyond = beyond
    this.settle(tNs)
  }

  end(): void {
    this.printUnmatched(Number.POSITIVE_INFINITY)
    this.tape.log.count('incomingOrdersAtEnd', this.incoming.size)
  }

  /** Time has come to `tNs`. */
  private pass(tNs: number): void {
    if (this.prints.length > 0) this.printUnmatched(tNs - TRADE_NS)
    if (this.reductions.length > 0 && this.reductions[0].tNs < tNs - TRADE_NS)
      this.reductions = this.reductions.filter((reduction) => reduction.tNs >= tNs - TRADE_NS)
    for (const order of this.incoming) {
      if (tNs - order.sinceNs <= STALE_NS) break
      const { side, price } = order
      this.dropBetter(tNs, -side, (other) => (price - other) * side >= 0)
      this.rest(tNs, order)
    }
  }

  private join(tNs: number, order: Order): void {
    this.orders.set(order.id, order)
    if (this.meets(order)) this.incoming.add(order)
    else this.rest(tNs, order)
  }

  private meets({ side, price }: Order): boolean {
    const { tape } = this
    const best = (side === 1 ? tape.asks : tape.bids).best * tape.log.tick.unitsPerStep
    return (price - best) * side >= 0
  }

  /** The order is in the book from now on. */
  private rest(tNs: number, order: Order): void {
    this.incoming.delete(order)
    order.isResting = true
    const units = this.onGrid(order.rest)
    if (units !== order.rest) this.tape.log.count('roundedAmounts')
    this.tape.add(tNs, order.high, order.low, order.side, order.price, units)
  }

  /** What is left of an order in whole lots: parts are differences of these, so that they add up. */
  private onGrid(amount: number): number {
    const { unitsPerStep } = this.tape.log.lot
    return amount > 0 ? Math.max(1, Math.round(amount / unitsPerStep)) * unitsPerStep : 0
  }

  /** So much of an order traded. */
  private reduced(tNs: number, order: Order, amount: number): void {
    const units = this.onGrid(order.rest) - this.onGrid(order.rest - amount)
    order.rest -= amount
    const { side, isResting } = order
    const counterpart = this.reductions.find(
      (other) => other.amount === amount && other.side === -side && other.isExecuted && other.tradeCount === 0
    )
    const isExecuted = isResting && counterpart === undefined
    if (isResting && units > 0) {
      if (isExecuted) this.tape.execute(tNs, order.high, order.low, units)
      else {
        this.tape.log.count('counterpartReductions')
        this.tape.reduce(tNs, order.high, order.low, units)
      }
    }
    const early = this.prints.findIndex((print) => print.amount === amount)
    if (early >= 0 && isExecuted) {
      this.prints.splice(early, 1)
      this.tape.log.count('matchedTrades')
    }
    this.reductions.push({ tNs, amount, side, isExecuted, tradeCount: early >= 0 ? 1 : 0 })
  }

  /** An order that is cancelled. */
  private take(tNs: number, order: Order): void {
    if (order.isResting) this.tape.delete(tNs, order.high, order.low)
    this.forget(order)
  }

  private forget(order: Order): void {
    this.incoming.delete(order)
    if (order.id === 0) this.seeds.delete(order.side * order.price)
    else this.orders.delete(order.id)
  }

  /** A seeded order whose id an event tells; undefined when there is none. */
  private adopted(id: number, side: number, price: number, left: number): Order | undefined {
    const seed = this.seeds.get(side * price)
    if (seed === undefined || seed.rest < left) return undefined
    this.tape.log.count('adoptedOrders')
    this.seeds.delete(side * price)
    const order = { ...seed, id }
    this.orders.set(id, order)
    return order
  }

  /** A part of a seeded order is cancelled: there were several. */
  private deleteUnknown(tNs: number, side: number, price: number, amount: number): void {
    const seed = this.seeds.get(side * price)
    if (seed === undefined) {
      this.tape.log.count('unknownIdRows')
      return
    }
    this.tape.log.count('seedReductions')
    const units = this.onGrid(seed.rest) - this.onGrid(Math.max(0, seed.rest - amount))
    if (units > 0) this.tape.reduce(tNs, seed.high, seed.low, units)
    seed.rest -= amount
    if (this.onGrid(seed.rest) === 0) this.forget(seed)
  }

  /** Zombies: resting orders of one side whose price is stale. */
  private dropBetter(tNs: number, side: number, isStale: (price: number) => boolean): void {
    const { tape } = this
    const half = side === 1 ? tape.bids : tape.asks
    if (half.isEmpty || !isStale(half.best * tape.log.tick.unitsPerStep)) return
    this.drop(tNs, (order) => order.side === side && isStale(order.price))
  }

  /** Looks through all orders: for the rare case that some are stale. */
  private drop(tNs: number, isStale: (order: Order) => boolean): void {
    const { tape } = this
    tape.beginSnapshot()
    for (const orders of [this.orders, this.seeds]) {
      for (const order of orders.values()) {
        if (!order.isResting || !isStale(order)) continue
        tape.log.count('zombies')
        this.take(tNs, order)
      }
    }
    tape.endSnapshot()
  }

  /** One side of a published book with ours: what is stale at once, or after the book before showed the same, and what is beyond ours. */
  private compare(side: number, best: number, worst: number, shown: ReadonlyMap<number, number>, into: Differences): void {
    const { tape } = this
    const half = side === 1 ? tape.bids : tape.asks
    const { unitsPerStep } = tape.log.tick
    for (let level = half.prices.best(); level >= 0; level = half.prices.worse(half.priceTicks[level])) {
      const price = half.priceTicks[level] * unitsPerStep
      if ((price - worst) * side < 0) break
      if (shown.has(price)) continue
      into.absent.add(side * price)
      if ((price - best) * side > 0 || this.absent.has(side * price)) into.stale.add(side * price)
    }
    const lot = tape.log.lot.unitsPerStep
    for (const [price, amount] of shown) {
      const level = half.find(price / unitsPerStep)
      const missing = amount - (level < 0 ? 0 : half.lots[level] * lot)
      // Less than what rounding of orders may leave is nothing.
      if (missing > ROUNDED_LOTS * lot) into.beyond.set(side * price, missing)
    }
  }

  private seed(beyond: ReadonlyMap<number, number>): void {
    const { tape } = this
    tape.beginSnapshot()
    for (const [key, missing] of beyond) {
      if ((this.hasBook && this.beyond.get(key) !== missing) || this.seeds.has(key)) continue
      tape.log.count('seededFromBook')
      const order = {
        ...orderOf(0, Math.sign(key), Math.abs(key), missing, tape.log.nowNs),
        high: SEED_HIGH,
        low: ++this.seedCount
      }
      this.seeds.set(key, order)
      this.rest(tape.log.nowNs, order)
    }
    tape.endSnapshot()
  }

  /** After a change of the book: orders that nothing meets any more join it. */
  private settle(tNs: number): void {
    for (const order of this.incoming) if (!this.meets(order)) this.rest(tNs, order)
    this.tape.settle()
  }

  private printUnmatched(beforeNs: number): void {
    while (this.prints.length > 0 && this.prints[0].tNs < beforeNs) {
      const [{ tNs, price, amount }] = this.prints
      this.prints.shift()
      this.tape.log.count('unmatchedTrades')
      this.tape.trade(Math.max(tNs, this.tape.log.nowNs), 0, price, this.onGrid(amount))
    }
  }
}
