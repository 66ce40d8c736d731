/*
 * Order-by-order feeds to a tape: every L3 format writes through these calls, by 64-bit order id. Establishes T1 to T4 and handles each
 * irregularity by a rule that is counted under its name in the header's notes:
 *   unknownIdRows      a change of an order that is not live: left out. An execution whose side and price the feed says becomes a trade row
 *                      (`unknownIdTrades`): it happened, but not to an order that is known.
 *   duplicateAdds      an order added while live: the older one is deleted first.
 *   overReductions     more taken off than rests: the rest is taken.
 *   crossedEvents      the book is locked or crossed after an event in continuous trading (`crossedEventsOutside`: before the open, after
 *                      the close or in a halt). By CrossedRule `drop` the levels that the newer order would have met are emptied (`droppedLevels`).
 *   gaps, gapMessages  holes in sequence numbers; GapRule says what follows.
 *   hiddenSidesInferred  a hidden execution without a side: of an ask when above the mid, of a bid when below; at the mid, or without two
 *                      sides, of a bid (`hiddenSidesUnknown`).
 * Order ids of 2^52 and above, which a double may not hold, are given names from 2^52 upwards (`aliasedIds`).
 * Prices and quantities are whole numbers of the file's units (row-log.ts).
 */
import { ROW_FLAG, ROW_KIND, type Tape } from '../market/tape.ts'
import type { ImportOptions } from './format.ts'
import type { LevelTotals } from './level-totals.ts'
import { OrderLevels } from './order-levels.ts'
import { ORDER } from './order-table.ts'
import { type FileFacts, RowLog } from './row-log.ts'

const KIND = ROW_KIND.of
const TWO_32 = 4_294_967_296
/** High words from here on make ids of 2^52 and above. */
const HIGH_MAX = 1 << 20
const ALIAS_FROM = 2 ** 52

export class OrderTape {
  readonly log: RowLog
  private readonly known = new OrderLevels()
  readonly bids = this.known.bids
  readonly asks = this.known.asks
  private readonly orders = this.known.orders
  private readonly options: ImportOptions
  private isSeeding = false
  private arrivals = 0
  private aliases = 0
  private lastAddSide = 1
  private wasCrossed = false
  private isGapHalted = false

  /** `where` says the place in the file, for errors. */
  constructor(facts: FileFacts, options: ImportOptions, where: () => string) {
    this.options = options
    this.log = new RowLog(
      facts,
      options,
      where,
      () => this.writeSeed(),
      (priceFactor, lotFactor) => this.scale(priceFactor, lotFactor)
    )
  }

  get liveCount(): number {
    return this.orders.count
  }

  isLive(idHigh: number, idLow: number): boolean {
    return this.known.find(idHigh, idLow) >= 0
  }

  /** Between these two calls adds and clears say what rests: rows that the feed's snapshot puts in (ADDED), without a time of their own. */
  beginSnapshot(): void {
    this.isSeeding = true
  }

  endSnapshot(): void {
    this.isSeeding = false
    this.recover(this.log.nowNs)
  }

  /** The feed is whole again: ends a halt that a gap began. */
  recover(tNs: number): void {
    if (!this.isGapHalted) return
    this.isGapHalted = false
    this.resume(tNs)
  }

  add(tNs: number, idHigh: number, idLow: number, side: number, price: number, quantity: number): void {
    const writes = this.enter(tNs)
    if ((idHigh | idLow) === 0 || quantity <= 0) {
      this.log.count('addsWithoutIdOrQuantity')
      return
    }
    if (this.known.find(idHigh, idLow) >= 0) {
      this.log.count('duplicateAdds')
      this.remove(writes, this.known.find(idHigh, idLow), KIND.delete, Number.MAX_SAFE_INTEGER)
    }
    this.insert(writes, idHigh, idLow, side, price, quantity)
  }

  /** A part is cancelled; all of it when `quantity` is not less than what rests. */
  reduce(tNs: number, idHigh: number, idLow: number, quantity: number): void {
    const writes = this.enter(tNs)
    const row = this.known.find(idHigh, idLow)
    if (row < 0) {
      this.log.count('unknownIdRows')
      return
    }
    this.remove(writes, row, KIND.reduce, this.log.lots(quantity))
  }

  delete(tNs: number, idHigh: number, idLow: number): void {
    const writes = this.enter(tNs)
    const row = this.known.find(idHigh, idLow)
    if (row < 0) {
      this.log.count('unknownIdRows')
      return
    }
    this.remove(writes, row, KIND.delete, Number.MAX_SAFE_INTEGER)
  }

  /** A displayed order trades. `side` (of the resting order) and `price`, where the feed says them, serve when the order is unknown; else 0. */
  execute(tNs: number, idHigh: number, idLow: number, quantity: number, side = 0, price = 0): void {
    const writes = this.enter(tNs)
    const row = this.known.find(idHigh, idLow)
    if (row >= 0) {
      const { rows } = this.orders
      if (this.options.crossedRule === 'drop') this.dropBetter(writes, rows[row + ORDER.side], rows[row + ORDER.priceTicks])
      this.remove(writes, row, KIND.execute, this.log.lots(quantity))
      return
    }
    this.log.count('unknownIdRows')
    if (side === 0) return
    this.log.count('unknownIdTrades')
    if (writes) this.print(KIND.trade, side, price, quantity)
  }

  /** An order that the book does not show trades; `side` is the resting one's, 0 when the feed does not say it. */
  executeHidden(tNs: number, side: number, price: number, quantity: number): void {
    if (!this.enter(tNs)) return
    this.print(KIND['execute-hidden'], side === 0 ? this.inferSide(price) : side, price, quantity)
  }

  /** A print without a known resting order; `side` as in `executeHidden`. */
  trade(tNs: number, side: number, price: number, quantity: number): void {
    if (!this.enter(tNs)) return
    this.print(KIND.trade, side === 0 ? this.inferSide(price) : side, price, quantity)
  }

  /** An auction trades at its one price, outside the continuous book. */
  cross(tNs: number, price: number, quantity: number): void {
    if (!this.enter(tNs) || quantity <= 0) return
    this.print(KIND.cross, 0, price, quantity)
  }

  /** The order leaves and a new one of its side joins: priority is lost. */
  replace(tNs: number, oldHigh: number, oldLow: number, idHigh: number, idLow: number, price: number, quantity: number): void {
    const writes = this.enter(tNs)
    const row = this.known.find(oldHigh, oldLow)
    if (row < 0) {
      this.log.count('unknownIdRows')
      return
    }
    const side = this.orders.rows[row + ORDER.side]
    this.remove(writes, row, KIND.delete, Number.MAX_SAFE_INTEGER)
    this.add(tNs, idHigh, idLow, side, price, quantity)
  }

  /**
   * The order has a new price or quantity under its id. Less at the same price keeps its place in the queue; anything else loses it
   * (the rule of CME, NASDAQ and most others). An unknown order joins as new.
   */
  modify(tNs: number, idHigh: number, idLow: number, side: number, price: number, quantity: number): void {
    const writes = this.enter(tNs)
    const row = this.known.find(idHigh, idLow)
    if (row < 0) {
      this.log.count('unknownIdRows')
      this.add(tNs, idHigh, idLow, side, price, quantity)
      return
    }
    const priceTicks = this.log.priceTicks(price)
    const lots = quantity > 0 ? this.log.lots(quantity) : 0
    const { rows } = this.orders
    const rest = rows[row + ORDER.lots]
    if (rows[row + ORDER.priceTicks] === priceTicks && rows[row + ORDER.side] === side && lots <= rest) {
      if (lots < rest) this.remove(writes, row, KIND.reduce, rest - lots)
      return
    }
    this.remove(writes, row, KIND.delete, Number.MAX_SAFE_INTEGER)
    if (lots > 0) this.insert(writes, idHigh, idLow, side, price, quantity)
  }

  clear(tNs: number): void {
    const writes = this.enter(tNs)
    const isEmpty = this.bids.isEmpty && this.asks.isEmpty
    this.known.clear()
    // An empty book needs no row.
    if (writes && !isEmpty) this.log.push(KIND.clear, 0, 0, 0, 0, this.isSeeding ? ROW_FLAG.added : 0)
  }

  halt(tNs: number): void {
    this.setHalted(tNs, true)
  }

  resume(tNs: number): void {
    this.setHalted(tNs, false)
  }

  /** `missing` messages of the feed are not there. */
  gap(tNs: number, missing: number): void {
    this.log.count('gaps')
    this.log.count('gapMessages', missing)
    const { gapRule } = this.options
    if (gapRule === 'clear') {
      this.beginSnapshot()
      this.clear(tNs)
      this.endSnapshot()
    } else if (gapRule === 'halt') {
      this.isGapHalted ||= !this.log.halted
      this.halt(tNs)
    }
  }

  /** An event of the feed is complete: looks whether the book is locked or crossed. */
  settle(): void {
    const isCrossed = this.bids.best >= this.asks.best
    if (!isCrossed && !this.wasCrossed) return
    const { log } = this
    if (isCrossed && !this.wasCrossed) log.count(log.isContinuous ? 'crossedEvents' : 'crossedEventsOutside')
    this.wasCrossed = isCrossed
    if (!isCrossed || this.options.crossedRule !== 'drop' || !log.isContinuous) return
    const side = this.lastAddSide
    const price = this.known.half(side).best
    this.dropLevels(log.isWriting, this.known.half(-side), (other) => (price - other) * side >= 0)
    this.wasCrossed = false
  }

  finish(): Tape {
    this.log.count('liveOrdersAtEnd', this.orders.count)
    if (this.aliases > 0) this.log.count('aliasedIds', this.aliases)
    return this.log.finish('by-order')
  }

  private enter(tNs: number): boolean {
    return this.isSeeding ? this.log.isWriting : this.log.enter(tNs)
  }

  private insert(writes: boolean, idHigh: number, idLow: number, side: number, price: number, quantity: number): void {
    const priceTicks = this.log.priceTicks(price)
    if (Number.isNaN(priceTicks)) return
    const lots = this.log.lots(quantity)
    const row = this.known.insert(idHigh, idLow, side, priceTicks, lots)
    const { rows } = this.orders
    rows[row + ORDER.alias] = idHigh >>> 0 < HIGH_MAX ? 0 : ++this.aliases
    rows[row + ORDER.arrival] = this.arrivals++
    this.lastAddSide = side
    if (writes) this.log.push(KIND.add, side, priceTicks, lots, this.tapeId(row), this.isSeeding ? ROW_FLAG.added : 0)
  }

  /** Takes lots off a live order and writes it as a row of this kind; what is taken whole and not executed is a delete. */
  private remove(writes: boolean, row: number, kind: number, wanted: number): void {
    const { rows } = this.orders
    const side = rows[row + ORDER.side]
    const priceTicks = rows[row + ORDER.priceTicks]
    const rest = rows[row + ORDER.lots]
    if (wanted <= 0) {
      this.log.count('emptyReductions')
      return
    }
    if (wanted > rest && kind !== KIND.delete) this.log.count('overReductions')
    const lots = Math.min(wanted, rest)
    const isWhole = lots === rest
    if (writes) {
      const written = kind === KIND.reduce && isWhole ? KIND.delete : kind
      this.log.push(written, side, priceTicks, lots, this.tapeId(row), this.isSeeding ? ROW_FLAG.added : 0)
    }
    this.known.take(row, lots)
  }

  private tapeId(row: number): number {
    const { rows } = this.orders
    const alias = rows[row + ORDER.alias]
    return alias > 0 ? ALIAS_FROM + alias - 1 : (rows[row + ORDER.high] >>> 0) * TWO_32 + (rows[row + ORDER.low] >>> 0)
  }

  private print(kind: number, side: number, price: number, quantity: number): void {
    if (quantity <= 0) {
      this.log.count('emptyPrints')
      return
    }
    const priceTicks = this.log.printTicks(price)
    if (Number.isNaN(priceTicks)) return
    const flags = this.log.printFlag(price)
    if (flags !== 0) this.log.count('offGridPrints')
    this.log.push(kind, side, priceTicks, this.log.lots(quantity), 0, flags)
  }

  private inferSide(price: number): number {
    const mid = ((this.bids.best + this.asks.best) / 2) * this.log.tick.unitsPerStep
    if (price > mid || price < mid) {
      this.log.count('hiddenSidesInferred')
      return price > mid ? -1 : 1
    }
    this.log.count('hiddenSidesUnknown')
    return 1
  }

  private setHalted(tNs: number, halted: boolean): void {
    const writes = this.enter(tNs)
    if (this.log.halted === halted) return
    this.log.halted = halted
    if (writes) this.log.push(halted ? KIND.halt : KIND.resume, 0, 0, 0, 0, 0)
  }

  /** An execution at a price proves that better ones of its side are gone. */
  private dropBetter(writes: boolean, side: number, priceTicks: number): void {
    if (!this.log.isContinuous) return
    this.dropLevels(writes, this.known.half(side), (other) => (other - priceTicks) * side > 0)
  }

  /** Empties the best levels while they are stale. */
  private dropLevels(writes: boolean, half: LevelTotals, isStale: (priceTicks: number) => boolean): void {
    while (!half.isEmpty && isStale(half.best)) {
      this.log.count('droppedLevels')
      if (writes) this.log.push(KIND['level-set'], half.side, half.best, 0, 0, ROW_FLAG.added)
      half.remove(half.prices.best())
    }
  }

  /** What rests when the tape begins, oldest first. */
  private writeSeed(): void {
    const { orders, log } = this
    const live = this.known.live()
    for (const row of live) {
      const { rows } = orders
      log.push(
        KIND.add,
        rows[row + ORDER.side],
        rows[row + ORDER.priceTicks],
        rows[row + ORDER.lots],
        this.tapeId(row),
        ROW_FLAG.added
      )
    }
    if (live.length > 0) log.count('seededOrders', live.length)
  }

  private scale(priceFactor: number, lotFactor: number): void {
    const live = this.known.live()
    this.known.scale(priceFactor, lotFactor)
    if (lotFactor !== 1) this.known.recount(live)
  }
}
