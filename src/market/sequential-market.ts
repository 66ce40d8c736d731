/*
 * The market that replays every row: the oracle. Its cursor is the Source: a step puts one row in effect in the recorded
 * book, then serves own resting orders (M6), then gives the touch notice (M9). The rules are those of market.ts and are followed
 * here to the letter, in their order, with no index; TimelineMarket must answer the same to the last bit.
 * Readings where the rules leave room:
 *   - a fully filled own order rests no more and its number is free; `leave` of an order that does not rest does nothing;
 *   - joined "before" means: added by a row in effect at the instant of join;
 *   - `halted` is named before `crossed` when both hold; takeableLots is 0 when M8 holds;
 *   - M6's budget is the row's lots as written, also where less rested; rows flagged ADDED serve own orders like any other;
 *   - a side that becomes empty or occupied changes its best price, whatever the price (M9).
 * A second book with its own cursor (recorded-view.ts) answers readTouchAt, so a delayed feed costs one more replay.
 */
import { assert } from '../kernel/assert.ts'
import { FILL_CAUSE } from '../order/words.ts'
import { Book } from './book.ts'
import { MARKET_PHASE, type MarketEvents, type RecordedMarket, type Touch } from './market.ts'
import { type MatchingOptions, PLAIN_MATCHING } from './matching-options.ts'
import { aheadAfterTrade, createQueueModel, lotsBehind, type QueueModel } from './queue-model.ts'
import { RecordedView, readTouchOf, replay } from './recorded-view.ts'
import { Refill } from './refill.ts'
import { type OwnOrder, SequentialOrders } from './sequential-orders.ts'
import { TakeWalk, type WalkedBook } from './take-walk.ts'
import { isByPrice, ROW_FLAG, ROW_KIND, type Tape } from './tape.ts'

const KIND = ROW_KIND.of
const CAUSE = FILL_CAUSE.of
const PHASE = MARKET_PHASE.of
const NONE = -1

export class SequentialMarket implements RecordedMarket {
  readonly tape: Tape
  readonly matching: MatchingOptions
  readonly book: Book
  private readonly walk: TakeWalk
  private cursor = 0
  private nowNs = Number.NEGATIVE_INFINITY
  private events: MarketEvents | undefined
  private touchWatched = false
  private readonly orders = new SequentialOrders()
  private readonly byPrice: boolean
  private readonly queueModel: QueueModel
  private readonly whole: boolean
  /** True while fills are being given out: own orders must not change then. */
  private serving = false
  private readonly view: RecordedView

  /** Errors: InputError for options out of range. */
  constructor(tape: Tape, matching: MatchingOptions = PLAIN_MATCHING) {
    this.tape = tape
    this.matching = matching
    this.book = new Book(new Refill(matching.impact))
    this.walk = new TakeWalk(this.walkedBook(), matching)
    this.view = new RecordedView(tape)
    this.byPrice = isByPrice(tape)
    this.queueModel = createQueueModel(matching.queue)
    this.whole = matching.fills === 'whole'
  }

  bind(events: MarketEvents): void {
    this.events = events
  }

  nextNs(): number {
    return this.cursor < this.tape.count ? this.tape.tNs[this.cursor] : Number.POSITIVE_INFINITY
  }

  step(): void {
    const row = this.cursor
    assert(row < this.tape.count, 'a step has a row left')
    if (this.touchWatched) this.stepWatched(row)
    else this.putInEffect(row)
  }

  private stepWatched(row: number): void {
    const { book } = this
    const hasBids = !book.isEmpty(1)
    const hasAsks = !book.isEmpty(-1)
    const bidTicks = book.best(1)
    const askTicks = book.best(-1)
    this.putInEffect(row)
    const bidDiffers = book.best(1) !== bidTicks || book.isEmpty(1) === hasBids
    const askDiffers = book.best(-1) !== askTicks || book.isEmpty(-1) === hasAsks
    if (bidDiffers || askDiffers) this.events?.onTouch(row)
  }

  private putInEffect(row: number): void {
    if (this.orders.count > 0) {
      this.serve(row)
    } else {
      this.book.apply(this.tape, row)
      this.cursor = row + 1
    }
  }

  /** Puts every row with tNs <= `tNs` in effect at once: no own order may rest, no notice is given. */
  skipTo(tNs: number): void {
    assert(this.orders.count === 0, 'rows are skipped only while no own order rests')
    this.cursor = replay(this.book, this.tape, this.cursor, tNs)
  }

  advanceTo(nowNs: number): void {
    assert(nowNs >= this.nowNs, 'the instant of a market never goes back')
    assert(this.nextNs() > nowNs, 'rows due have been stepped before the market is asked')
    this.nowNs = nowNs
    this.book.nowNs = nowNs
  }

  phase(): number {
    if (this.book.halted) return PHASE.halted
    return this.book.isCrossed() ? PHASE.crossed : PHASE.open
  }

  readTouch(out: Touch): void {
    readTouchOf(this.book, out)
  }

  readTouchAt(viewNs: number, out: Touch): void {
    this.view.readAt(viewNs, this.cursor, out)
  }

  tradedLotsAt(viewNs: number): number {
    return this.view.tradedLotsAt(viewNs, this.cursor)
  }

  readTouchAfter(row: number, out: Touch): void {
    this.view.readAfter(row, this.cursor, out)
  }

  offeredLots(side: number, priceTicks: number): number {
    const level = this.book.levelOf(side, priceTicks)
    return level === NONE ? 0 : this.book.offeredBy(level)
  }

  takeableLots(side: number, limitTicks: number, lotsMax: number): number {
    return this.phase() === PHASE.open ? this.walk.takeable(side, limitTicks, lotsMax) : 0
  }

  take(own: number, side: number, limitTicks: number, lots: number): number {
    assert(!this.serving, 'own orders do not act while fills are given out')
    this.walk.wasStopped = false
    if (this.phase() !== PHASE.open) return 0
    this.serving = true
    const taken = this.walk.take(own, side, limitTicks, lots)
    this.serving = false
    return taken
  }

  get wasSelfMatched(): boolean {
    return this.walk.wasStopped
  }

  meetsOwn(side: number, limitTicks: number): boolean {
    return this.phase() === PHASE.open && this.walk.meetsOwn(side, limitTicks)
  }

  join(own: number, side: number, priceTicks: number, lots: number): number {
    assert(!this.serving, 'own orders do not act while fills are given out')
    assert(lots > 0, 'an own order joins with lots')
    this.orders.insert({
      own,
      side,
      priceTicks,
      joinRow: this.cursor,
      openLots: lots,
      anonymousAhead: this.book.anonymousLots(side, priceTicks),
      tradedLots: 0,
      quotaLots: 0,
      quotaCause: CAUSE.take
    })
    return this.lotsAhead(own)
  }

  reduceTo(own: number, lots: number): void {
    assert(!this.serving, 'own orders do not act while fills are given out')
    const order = this.orders.resting(own)
    assert(lots >= 0 && lots <= order.openLots, 'an own order is reduced, never enlarged')
    if (lots === 0) this.orders.remove(order)
    else order.openLots = lots
  }

  leave(own: number): void {
    const order = this.orders.find(own)
    if (order === undefined) return
    assert(!this.serving, 'own orders do not act while fills are given out')
    this.orders.remove(order)
  }

  lotsAhead(own: number): number {
    const { book } = this
    const order = this.orders.resting(own)
    const level = book.levelOf(order.side, order.priceTicks)
    if (level === NONE) return 0
    let lots = Math.min(Math.ceil(order.anonymousAhead), book.offeredByAnonymous(level))
    let known = book.firstOrder(level)
    while (known !== NONE && book.rowOf(known) < order.joinRow) {
      lots += book.offeredByOrder(known)
      known = book.nextOrder(known)
    }
    return lots
  }

  /** 0 for an own order that does not rest. */
  openLots(own: number): number {
    return this.orders.find(own)?.openLots ?? 0
  }

  watchTouch(on: boolean): void {
    this.touchWatched = on
  }

  /** One row with own orders resting. What M6 and M11 ask about the book before the row is asked first. */
  private serve(row: number): void {
    const { tape, book } = this
    const kind = tape.kind[row]
    const side = tape.side[row]
    const priceTicks = tape.priceTicks[row]
    const before = kind === KIND['level-set'] ? book.totalLots(side, priceTicks) : 0
    let candidates = this.setQuotas(row, before)
    if (candidates.length > 0 && this.phase() !== PHASE.open) candidates = NO_ORDERS
    book.apply(tape, row)
    this.cursor = row + 1
    if (this.byPrice) this.updateByPrice(row, before)
    else this.updateAnonymousAhead(kind, side, priceTicks)
    if (candidates.length > 0) this.giveOut(row, candidates)
  }

  /** M6 and M11, what each own order may get of the row at most; gives the side's own orders in rank order. `before`: the level's total. */
  private setQuotas(row: number, before: number): readonly OwnOrder[] {
    const { tape } = this
    const lots = tape.lots[row]
    const side = tape.side[row]
    const x = tape.priceTicks[row]
    switch (tape.kind[row]) {
      case KIND.execute: {
        const orders = this.orders.of(side)
        for (const order of orders) {
          order.quotaLots = 0
          if (isBetter(side, order.priceTicks, x)) setQuota(order, lots, CAUSE.through)
          else if (order.priceTicks === x) setQuota(order, this.unexplainedLots(row, order), CAUSE.behind)
        }
        return orders
      }
      case KIND['execute-hidden']:
      case KIND.trade: {
        const isBetween = (tape.flags[row] & ROW_FLAG.between) !== 0
        // Between x and x + 1 a bid must stand at x + 1 to be at or better than the print, an ask at x.
        const reached = isBetween && side === 1 ? x + 1 : x
        if (!this.byPrice) return this.setQuotasReaching(side, reached, lots, CAUSE.hidden)
        const orders = this.setQuotasReaching(side, reached, lots, CAUSE.through)
        if (isBetween) return orders
        for (const order of orders)
          if (order.priceTicks === x) setQuota(order, lotsBehind(order.anonymousAhead, lots), CAUSE.behind)
        return orders
      }
      case KIND.add:
        return this.setQuotasReaching(-side, x, lots, CAUSE.crossed)
      case KIND['level-set']:
        return lots > before ? this.setQuotasReaching(-side, x, lots - before, CAUSE.crossed) : NO_ORDERS
      default:
        return NO_ORDERS
    }
  }

  /** The same quota for each own order of the side at `priceTicks` or better. */
  private setQuotasReaching(side: number, priceTicks: number, lots: number, cause: number): readonly OwnOrder[] {
    const orders = this.orders.of(side)
    if (orders.length === 0 || !reaches(side, orders[0].priceTicks, priceTicks)) return NO_ORDERS
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
      this.clearAhead()
      return
    }
    const taken = this.book.anonymousTakenLots
    const isLevelSet = kind === KIND['level-set']
    if (taken === 0 && !isLevelSet) return
    for (const order of this.orders.of(side)) {
      if (order.priceTicks !== priceTicks) continue
      if (isLevelSet) order.anonymousAhead = Math.min(order.anonymousAhead, this.book.anonymousLots(side, priceTicks))
      else order.anonymousAhead = Math.max(0, order.anonymousAhead - taken)
    }
  }

  /** M11, after the row has been put in effect. `before` is the total of the row's level before it. */
  private updateByPrice(row: number, before: number): void {
    const { kind, side, priceTicks, lots, flags } = this.tape
    if (kind[row] === KIND.clear) this.clearAhead()
    const isTrade = kind[row] === KIND.trade && (flags[row] & ROW_FLAG.between) === 0
    if (!isTrade && kind[row] !== KIND['level-set']) return
    for (const order of this.orders.of(side[row])) {
      if (order.priceTicks !== priceTicks[row]) continue
      if (isTrade) {
        order.anonymousAhead = aheadAfterTrade(order.anonymousAhead, lots[row])
        order.tradedLots += lots[row]
      } else {
        order.anonymousAhead = this.queueModel.aheadAfterSet(order.anonymousAhead, order.tradedLots, before, lots[row])
        order.tradedLots = 0
      }
    }
  }

  private clearAhead(): void {
    for (const side of SIDES) for (const order of this.orders.of(side)) order.anonymousAhead = order.tradedLots = 0
  }

  /** Serves own orders in rank order, each at most its quota less what earlier ones got (M12: whole, whatever they got). */
  private giveOut(row: number, candidates: readonly OwnOrder[]): void {
    let given = 0
    let filledCount = 0
    this.serving = true
    for (const order of candidates) {
      const lots = this.whole && order.quotaLots > 0 ? order.openLots : Math.min(order.quotaLots - given, order.openLots)
      if (lots <= 0) continue
      if (!this.whole) given += lots
      order.openLots -= lots
      if (order.quotaCause === CAUSE.crossed) this.consumeArrived(row, lots)
      if (order.openLots === 0) {
        filledCount++
        this.orders.forget(order)
      }
      this.events?.onFill(order.own, lots, order.priceTicks, order.quotaCause, row)
    }
    this.serving = false
    if (filledCount > 0) this.orders.dropFilled()
  }

  /** M6, crossed: the lots come off the order added by the row, or off the anonymous order of the level that rose. */
  private consumeArrived(row: number, lots: number): void {
    const { tape, book } = this
    const level = book.levelOf(tape.side[row], tape.priceTicks[row])
    if (tape.kind[row] === KIND['level-set']) {
      book.consumeAnonymous(level, Math.min(lots, book.offeredByAnonymous(level)))
      return
    }
    // The order just added is the youngest of its level.
    const added = book.lastOrder(level)
    book.consumeOrder(added, Math.min(lots, book.offeredByOrder(added)))
  }

  private walkedBook(): WalkedBook {
    const { book, orders } = this
    return {
      bestLevel: (side) => book.bestLevel(side),
      worseLevel: (_side, level) => book.worseLevel(level),
      levelTicks: (level) => book.priceTicks(level),
      offeredAt: (level) => book.offeredBy(level),
      takeAt: (level, lots) => book.consume(level, lots),
      firstOwn: (side) => (orders.of(side).length === 0 ? NONE : orders.of(side)[0].own),
      ownTicks: (own) => orders.resting(own).priceTicks,
      lotsAhead: (own) => this.lotsAhead(own),
      cancelOwn: (own) => {
        orders.remove(orders.resting(own))
        this.events?.onSelfMatch?.(own)
      },
      filled: (own, lots, priceTicks) => this.events?.onFill(own, lots, priceTicks, CAUSE.take, this.cursor - 1)
    }
  }
}

const NO_ORDERS: readonly OwnOrder[] = []
const SIDES = [1, -1]

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
