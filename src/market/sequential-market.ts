/*
 * The market that replays every row: the oracle. Its cursor is the Source: a step puts one row in effect in the recorded
 * book, then serves own resting orders (M6), then gives the touch notice (M9). Rules M1-M10 are those of market.ts and are followed
 * here to the letter, in their order, with no index; TimelineMarket must answer the same to the last bit.
 * Readings where the rules leave room:
 *   - a fully filled own order rests no more and its number is free; `leave` of an order that does not rest does nothing;
 *   - joined "before" means: added by a row in effect at the instant of join;
 *   - `halted` is named before `crossed` when both hold; takeableLots is 0 when M8 holds;
 *   - M6's budget is the row's lots as written, also where less rested; rows flagged ADDED serve own orders like any other;
 *   - a side that becomes empty or occupied changes its best price, whatever the price (M9).
 * A second book with its own cursor answers readTouchAt, so a delayed feed costs one more replay.
 */
import { assert } from '../kernel/assert.ts'
import { FILL_CAUSE } from '../order/words.ts'
import { Book } from './book.ts'
import { MARKET_PHASE, type Market, type MarketEvents, type Touch } from './market.ts'
import { ROW_FLAG, ROW_KIND, type Tape } from './tape.ts'

const KIND = ROW_KIND.of
const CAUSE = FILL_CAUSE.of
const PHASE = MARKET_PHASE.of
const NONE = -1

/** A resting own order. */
interface OwnOrder {
  readonly own: number
  readonly side: number
  readonly priceTicks: number
  /** Recorded orders added by rows before this one are ahead of it in its level. */
  readonly joinRow: number
  openLots: number
  /** M7. */
  anonymousAhead: number
  /** What the row being served could give it at most, and why (M6). */
  quotaLots: number
  quotaCause: number
}

export class SequentialMarket implements Market {
  readonly tape: Tape
  readonly book = new Book()
  private cursor = 0
  private nowNs = Number.NEGATIVE_INFINITY
  private events: MarketEvents | undefined
  private touchWatched = false
  /** Own orders by number, and those of each side in rank order: better price first, then earlier join. */
  private readonly orders: (OwnOrder | undefined)[] = []
  private readonly ownBids: OwnOrder[] = []
  private readonly ownAsks: OwnOrder[] = []
  /** True while fills are being given out: own orders must not change then. */
  private serving = false
  private readonly viewBook = new Book()
  private viewCursor = 0
  private viewNs = Number.NEGATIVE_INFINITY

  constructor(tape: Tape) {
    this.tape = tape
  }

  bind(events: MarketEvents): void {
    this.events = events
  }

  nextNs(): number {
    return this.cursor < this.tape.count ? this.tape.tNs[this.cursor] : Number.POSITIVE_INFINITY
  }

  step(): void {
    const { tape, book } = this
    const row = this.cursor
    assert(row < tape.count, 'a step has a row left')
    const hasBids = !book.isEmpty(1)
    const hasAsks = !book.isEmpty(-1)
    const bidTicks = book.best(1)
    const askTicks = book.best(-1)
    if (this.ownBids.length + this.ownAsks.length > 0) {
      this.serve(row)
    } else {
      book.apply(tape, row)
      this.cursor = row + 1
    }
    if (!this.touchWatched) return
    const bidDiffers = book.best(1) !== bidTicks || book.isEmpty(1) === hasBids
    const askDiffers = book.best(-1) !== askTicks || book.isEmpty(-1) === hasAsks
    if (bidDiffers || askDiffers) this.events?.onTouch(row)
  }

  /** Puts every row with tNs <= `tNs` in effect at once: no own order may rest, no notice is given. */
  skipTo(tNs: number): void {
    assert(this.ownBids.length + this.ownAsks.length === 0, 'rows are skipped only while no own order rests')
    this.cursor = replay(this.book, this.tape, this.cursor, tNs)
  }

  advanceTo(nowNs: number): void {
    assert(nowNs >= this.nowNs, 'the instant of a market never goes back')
    assert(this.nextNs() > nowNs, 'rows due have been stepped before the market is asked')
    this.nowNs = nowNs
  }

  phase(): number {
    if (this.book.halted) return PHASE.halted
    return this.book.isCrossed() ? PHASE.crossed : PHASE.open
  }

  readTouch(out: Touch): void {
    readTouchOf(this.book, out)
  }

  readTouchAt(viewNs: number, out: Touch): void {
    assert(viewNs >= this.viewNs, 'the instant of a delayed feed never goes back')
    this.viewNs = viewNs
    this.viewCursor = replay(this.viewBook, this.tape, this.viewCursor, viewNs)
    assert(this.viewCursor <= this.cursor, 'a delayed feed is never ahead of the market')
    readTouchOf(this.viewBook, out)
  }

  offeredLots(side: number, priceTicks: number): number {
    const level = this.book.levelOf(side, priceTicks)
    return level === NONE ? 0 : this.offeredOf(level)
  }

  takeableLots(side: number, limitTicks: number, lotsMax: number): number {
    if (this.phase() !== PHASE.open) return 0
    const { book } = this
    let lots = 0
    for (let level = book.bestLevel(-side); level !== NONE && lots < lotsMax; level = book.worseLevel(level)) {
      if (!reaches(side, limitTicks, book.priceTicks(level))) break
      lots += this.offeredOf(level)
    }
    return Math.min(lots, lotsMax)
  }

  take(own: number, side: number, limitTicks: number, lots: number): number {
    assert(!this.serving, 'own orders do not act while fills are given out')
    if (this.phase() !== PHASE.open) return 0
    const { book } = this
    let open = lots
    this.serving = true
    for (let level = book.bestLevel(-side); level !== NONE && open > 0; level = book.worseLevel(level)) {
      const priceTicks = book.priceTicks(level)
      if (!reaches(side, limitTicks, priceTicks)) break
      const taken = this.takeFrom(level, open)
      open -= taken
      if (taken > 0) this.events?.onFill(own, taken, priceTicks, CAUSE.take, this.cursor - 1)
    }
    this.serving = false
    return lots - open
  }

  join(own: number, side: number, priceTicks: number, lots: number): number {
    assert(!this.serving, 'own orders do not act while fills are given out')
    assert(this.orders[own] === undefined, 'an own order joins once while it rests')
    assert(lots > 0, 'an own order joins with lots')
    const order: OwnOrder = {
      own,
      side,
      priceTicks,
      joinRow: this.cursor,
      openLots: lots,
      anonymousAhead: this.book.anonymousLots(side, priceTicks),
      quotaLots: 0,
      quotaCause: CAUSE.take
    }
    this.orders[own] = order
    const ranked = this.ownOf(side)
    let rank = ranked.length
    while (rank > 0 && isBetter(side, priceTicks, ranked[rank - 1].priceTicks)) rank--
    ranked.splice(rank, 0, order)
    return this.lotsAhead(own)
  }

  reduceTo(own: number, lots: number): void {
    assert(!this.serving, 'own orders do not act while fills are given out')
    const order = this.resting(own)
    assert(lots >= 0 && lots <= order.openLots, 'an own order is reduced, never enlarged')
    if (lots === 0) this.remove(order)
    else order.openLots = lots
  }

  leave(own: number): void {
    const order = this.orders[own]
    if (order === undefined) return
    assert(!this.serving, 'own orders do not act while fills are given out')
    this.remove(order)
  }

  lotsAhead(own: number): number {
    const { book } = this
    const order = this.resting(own)
    const level = book.levelOf(order.side, order.priceTicks)
    if (level === NONE) return 0
    let lots = Math.min(order.anonymousAhead, book.offeredByAnonymous(level))
    let known = book.firstOrder(level)
    while (known !== NONE && book.rowOf(known) < order.joinRow) {
      lots += book.offeredByOrder(known)
      known = book.nextOrder(known)
    }
    return lots
  }

  /** 0 for an own order that does not rest. */
  openLots(own: number): number {
    return this.orders[own]?.openLots ?? 0
  }

  watchTouch(on: boolean): void {
    this.touchWatched = on
  }

  /** One row with own orders resting. What M6 asks about the book before the row is asked first. */
  private serve(row: number): void {
    const { tape, book } = this
    const kind = tape.kind[row]
    const side = tape.side[row]
    const priceTicks = tape.priceTicks[row]
    const rise = kind === KIND['level-set'] ? tape.lots[row] - book.totalLots(side, priceTicks) : 0
    const candidates = this.phase() === PHASE.open ? this.setQuotas(row, rise) : NO_ORDERS
    book.apply(tape, row)
    this.cursor = row + 1
    this.updateAnonymousAhead(kind, side, priceTicks)
    if (candidates.length > 0) this.giveOut(row, candidates)
  }

  /** M6, what each own order may get of the row at most; gives the side's own orders in rank order. */
  private setQuotas(row: number, rise: number): readonly OwnOrder[] {
    const { tape } = this
    const lots = tape.lots[row]
    const side = tape.side[row]
    const x = tape.priceTicks[row]
    switch (tape.kind[row]) {
      case KIND.execute: {
        const orders = this.ownOf(side)
        for (const order of orders) {
          order.quotaLots = 0
          if (isBetter(side, order.priceTicks, x)) setQuota(order, lots, CAUSE.through)
          else if (order.priceTicks === x) setQuota(order, this.unexplainedLots(row, order), CAUSE.behind)
        }
        return orders
      }
      case KIND['execute-hidden']:
      case KIND.trade: {
        // Between x and x + 1 a bid must stand at x + 1 to be at or better than the print, an ask at x.
        const between = (tape.flags[row] & ROW_FLAG.between) !== 0 && side === 1
        return this.setQuotasReaching(side, between ? x + 1 : x, lots, CAUSE.hidden)
      }
      case KIND.add:
        return this.setQuotasReaching(-side, x, lots, CAUSE.crossed)
      case KIND['level-set']:
        return rise > 0 ? this.setQuotasReaching(-side, x, rise, CAUSE.crossed) : NO_ORDERS
      default:
        return NO_ORDERS
    }
  }

  /** The same quota for each own order of the side at `priceTicks` or better. */
  private setQuotasReaching(side: number, priceTicks: number, lots: number, cause: number): readonly OwnOrder[] {
    const orders = this.ownOf(side)
    for (const order of orders) setQuota(order, reaches(side, order.priceTicks, priceTicks) ? lots : 0, cause)
    return orders
  }

  /** The lots of an execution at the own order's price that what was ahead of it does not explain. */
  private unexplainedLots(row: number, order: OwnOrder): number {
    const lots = this.tape.lots[row]
    const known = this.book.orderAt(order.side, order.priceTicks, this.tape.orderId[row])
    if (known === NONE) return lots - Math.min(lots, order.anonymousAhead)
    return this.book.rowOf(known) < order.joinRow ? 0 : lots
  }

  /** M7, after the row has been put in effect. */
  private updateAnonymousAhead(kind: number, side: number, priceTicks: number): void {
    if (kind === KIND.clear) {
      for (const order of this.ownBids) order.anonymousAhead = 0
      for (const order of this.ownAsks) order.anonymousAhead = 0
      return
    }
    const taken = this.book.anonymousTakenLots
    const isLevelSet = kind === KIND['level-set']
    if (taken === 0 && !isLevelSet) return
    for (const order of this.ownOf(side)) {
      if (order.priceTicks !== priceTicks) continue
      if (isLevelSet) order.anonymousAhead = Math.min(order.anonymousAhead, this.book.anonymousLots(side, priceTicks))
      else order.anonymousAhead = Math.max(0, order.anonymousAhead - taken)
    }
  }

  /** Serves own orders in rank order, each at most its quota less what earlier ones got. */
  private giveOut(row: number, candidates: readonly OwnOrder[]): void {
    let given = 0
    let filledCount = 0
    this.serving = true
    for (const order of candidates) {
      const lots = Math.min(order.quotaLots - given, order.openLots)
      if (lots <= 0) continue
      given += lots
      order.openLots -= lots
      if (order.quotaCause === CAUSE.crossed) this.consumeArrived(row, lots)
      if (order.openLots === 0) {
        filledCount++
        this.orders[order.own] = undefined
      }
      this.events?.onFill(order.own, lots, order.priceTicks, order.quotaCause, row)
    }
    this.serving = false
    if (filledCount > 0) this.dropFilled()
  }

  /** M6, crossed: the lots come off the order added by the row, or off the anonymous order of the level that rose. */
  private consumeArrived(row: number, lots: number): void {
    const { tape, book } = this
    const level = book.levelOf(tape.side[row], tape.priceTicks[row])
    if (tape.kind[row] === KIND['level-set']) {
      book.consumeAnonymous(level, lots)
      return
    }
    // The order just added is the youngest of its level.
    book.consumeOrder(book.lastOrder(level), lots)
  }

  /** M4 in one level: the anonymous order first, then known orders in FIFO order. */
  private takeFrom(level: number, lots: number): number {
    const { book } = this
    const anonymous = Math.min(lots, book.offeredByAnonymous(level))
    book.consumeAnonymous(level, anonymous)
    let taken = anonymous
    for (let order = book.firstOrder(level); order !== NONE && taken < lots; order = book.nextOrder(order)) {
      const part = Math.min(lots - taken, book.offeredByOrder(order))
      book.consumeOrder(order, part)
      taken += part
    }
    return taken
  }

  private offeredOf(level: number): number {
    const { book } = this
    let lots = book.offeredByAnonymous(level)
    for (let order = book.firstOrder(level); order !== NONE; order = book.nextOrder(order)) lots += book.offeredByOrder(order)
    return lots
  }

  private ownOf(side: number): OwnOrder[] {
    return side === 1 ? this.ownBids : this.ownAsks
  }

  private resting(own: number): OwnOrder {
    const order = this.orders[own]
    assert(order !== undefined, 'the own order rests')
    return order
  }

  private remove(order: OwnOrder): void {
    this.orders[order.own] = undefined
    const ranked = this.ownOf(order.side)
    ranked.splice(ranked.indexOf(order), 1)
  }

  private dropFilled(): void {
    for (const ranked of [this.ownBids, this.ownAsks]) {
      for (let rank = ranked.length - 1; rank >= 0; rank--) if (ranked[rank].openLots === 0) ranked.splice(rank, 1)
    }
  }
}

const NO_ORDERS: readonly OwnOrder[] = []

function setQuota(order: OwnOrder, lots: number, cause: number): void {
  order.quotaLots = lots
  order.quotaCause = cause
}

/** Is p a better price than q for this side? */
function isBetter(side: number, p: number, q: number): boolean {
  return side * p > side * q
}

/** Is p at or better than q for this side: does an order of the side with limit p meet q? */
function reaches(side: number, p: number, q: number): boolean {
  return side * p >= side * q
}

function replay(book: Book, tape: Tape, fromRow: number, tNs: number): number {
  let row = fromRow
  while (row < tape.count && tape.tNs[row] <= tNs) book.apply(tape, row++)
  return row
}

function readTouchOf(book: Book, out: Touch): void {
  out.bidTicks = book.best(1)
  out.bidLots = book.bestLots(1)
  out.askTicks = book.best(-1)
  out.askLots = book.bestLots(-1)
}
