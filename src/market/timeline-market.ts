/*
 * A venue's market for one world on the timeline: the rules of market.ts answered by questions to the index. Its cursor stops
 * only at rows that can fill a resting own order, or move a watched touch; everything else about the recorded book is read
 * when asked. Same answers as SequentialMarket, to the last bit (differential tests).
 */
import { assert } from '../kernel/assert.ts'
import { FILL_CAUSE } from '../order/words.ts'
import { Consumption } from './consumption.ts'
import { MARKET_PHASE, type MarketEvents, type RecordedMarket, type Touch } from './market.ts'
import { type MatchingOptions, PLAIN_MATCHING } from './matching-options.ts'
import { aheadAfterTrade, createQueueModel, lotsBehind } from './queue-model.ts'
import { RecordedOffers } from './recorded-offers.ts'
import { Refill } from './refill.ts'
import { TakeWalk, type WalkedBook } from './take-walk.ts'
import { isByPrice, ROW_FLAG, ROW_KIND, rowFrom, type Tape } from './tape.ts'
import { NONE, type Timeline, type TimelineArrays } from './timeline.ts'
import { type Resting, TimelineOrders } from './timeline-orders.ts'
import { TouchCursor } from './touch-cursor.ts'
import { TradedCursor } from './traded-volume.ts'

const { add: ADD, execute: EXECUTE, trade: TRADE } = ROW_KIND.of
const HIDDEN = ROW_KIND.of['execute-hidden']
const LEVEL_SET = ROW_KIND.of['level-set']
const CAUSE = FILL_CAUSE.of
const BETWEEN = ROW_FLAG.between

export class TimelineMarket implements RecordedMarket {
  readonly tape: Tape
  readonly matching: MatchingOptions
  private readonly walk: TakeWalk
  private readonly timeline: Timeline
  private readonly arrays: TimelineArrays
  private readonly consumption: Consumption
  private readonly offers: RecordedOffers
  private events: MarketEvents | undefined
  /** Last row in effect. */
  private row = -1
  private viewRow = -1
  private readonly orders: TimelineOrders
  private readonly byPrice: boolean
  private readonly whole: boolean
  private watching = false
  private readonly nowTouch: TouchCursor
  private readonly viewTouch: TouchCursor
  /** Made when it is first asked. */
  private traded: TradedCursor | null = null
  /** Next rows that can fill a bid, an ask, or move the touch; tape.count = none. */
  private nextBidRow: number
  private nextAskRow: number
  private nextTouchRow: number
  /** Index of the move at nextTouchRow, while watched. */
  private nextTouchIndex = 0
  /** Of the touch before the last row that could fill. */
  private hitTouchIndex = -1
  /** Time of the earliest of the three. */
  private dueNs = Number.POSITIVE_INFINITY

  /** Errors: InputError for options out of range. */
  constructor(timeline: Timeline, matching: MatchingOptions = PLAIN_MATCHING) {
    this.timeline = timeline
    this.tape = timeline.tape
    this.arrays = timeline.arrays
    this.matching = matching
    this.nowTouch = new TouchCursor(timeline)
    this.viewTouch = new TouchCursor(timeline)
    this.consumption = new Consumption(timeline, new Refill(matching.impact))
    this.offers = new RecordedOffers(timeline, this.consumption)
    this.byPrice = isByPrice(this.tape)
    this.whole = matching.fills === 'whole'
    this.orders = new TimelineOrders(timeline, this.byPrice ? createQueueModel(matching.queue) : null)
    this.walk = new TakeWalk(this.walkedBook(), matching)
    this.nextBidRow = this.nextAskRow = this.nextTouchRow = this.tape.count
  }

  bind(events: MarketEvents): void {
    this.events = events
  }

  nextNs(): number {
    return this.dueNs
  }

  private settleDue(): void {
    const row = this.nextRow()
    this.dueNs = row < this.tape.count ? this.tape.tNs[row] : Number.POSITIVE_INFINITY
  }

  private nextRow(): number {
    return Math.min(this.nextBidRow, this.nextAskRow, this.nextTouchRow)
  }

  step(): void {
    const row = this.nextRow()
    assert(row < this.tape.count, 'a step has a row')
    this.row = row
    this.consumption.nowNs = this.tape.tNs[row]
    if (row === this.nextBidRow) this.hit(row, 1, this.orders.bids)
    if (row === this.nextAskRow) this.hit(row, -1, this.orders.asks)
    if (this.nextBidRow <= row) this.seekBid(row + 1)
    if (this.nextAskRow <= row) this.seekAsk(row + 1)
    if (row === this.nextTouchRow) {
      this.seekTouch(this.nextTouchIndex + 1)
      this.events?.onTouch(row)
    }
  }

  advanceTo(nowNs: number): void {
    const row = rowFrom(this.tape, this.row, nowNs)
    assert(this.nextRow() > row, 'rows due before an instant have been stepped')
    this.row = row
    this.consumption.nowNs = nowNs
  }

  phase(): number {
    if (this.timeline.haltedAt(this.row)) return MARKET_PHASE.of.halted
    return this.timeline.crossedAt(this.touchIndex()) ? MARKET_PHASE.of.crossed : MARKET_PHASE.of.open
  }

  readTouch(out: Touch): void {
    this.nowTouch.readAfter(this.row, out)
  }

  readTouchAt(viewNs: number, out: Touch): void {
    this.readTouchAfter(rowFrom(this.tape, this.viewRow, viewNs), out)
  }

  readTouchAfter(row: number, out: Touch): void {
    assert(row >= this.viewRow, 'a feed goes forward')
    this.viewRow = row
    this.viewTouch.readAfter(row, out)
  }

  tradedLotsAt(viewNs: number): number {
    this.traded ??= new TradedCursor(this.tape)
    return this.traded.lotsAt(rowFrom(this.tape, this.viewRow, viewNs))
  }

  offeredLots(side: number, priceTicks: number): number {
    const level = this.timeline.levelOf(side, priceTicks)
    return level < 0 ? 0 : this.offeredAt(level)
  }

  private offeredAt(level: number): number {
    const position = this.timeline.positionAt(level, this.row)
    return position < this.arrays.levelStart[level] ? 0 : this.offers.offeredAt(level, position)
  }

  takeableLots(side: number, limitTicks: number, lotsMax: number): number {
    return this.phase() === MARKET_PHASE.of.open ? this.walk.takeable(side, limitTicks, lotsMax) : 0
  }

  take(own: number, side: number, limitTicks: number, lots: number): number {
    this.walk.wasStopped = false
    return this.phase() === MARKET_PHASE.of.open ? this.walk.take(own, side, limitTicks, lots) : 0
  }

  get wasSelfMatched(): boolean {
    return this.walk.wasStopped
  }

  meetsOwn(side: number, limitTicks: number): boolean {
    return this.phase() === MARKET_PHASE.of.open && this.walk.meetsOwn(side, limitTicks)
  }

  private walkedBook(): WalkedBook {
    const { orders } = this
    const firstOf = (side: number): readonly Resting[] => (side === 1 ? orders.bids : orders.asks)
    return {
      bestLevel: (side) => this.bestLevel(side),
      worseLevel: (side, level) => this.worseLevel(side, level),
      levelTicks: (level) => this.arrays.levelTicks[level],
      offeredAt: (level) => this.offeredAt(level),
      takeAt: (level, lots) => {
        const position = this.timeline.positionAt(level, this.row)
        if (position < this.arrays.levelStart[level] || this.arrays.totalAfter[position] === 0) return 0
        return this.offers.takeLevel(level, position, lots)
      },
      firstOwn: (side) => (firstOf(side).length === 0 ? -1 : firstOf(side)[0].own),
      ownTicks: (own) => orders.resting(own).priceTicks,
      lotsAhead: (own) => this.lotsAhead(own),
      cancelOwn: (own) => {
        this.leave(own)
        this.events?.onSelfMatch?.(own)
      },
      filled: (own, lots, priceTicks) => this.events?.onFill(own, lots, priceTicks, CAUSE.take, this.row)
    }
  }

  /** Of the move of the touch in effect now. */
  private touchIndex(): number {
    return this.nowTouch.indexAfter(this.row)
  }

  private bestLevel(side: number): number {
    const index = this.touchIndex()
    if (index < 0) return -1
    const level = side === 1 ? this.arrays.touchBid[index] : this.arrays.touchAsk[index]
    return level === NONE ? -1 : level
  }

  /** The level next to this one, away from the other side; -1 at the last of its side. */
  private worseLevel(side: number, level: number): number {
    if (side === 1) return level - 1
    return level + 1 < this.arrays.levelTicks.length ? level + 1 : -1
  }

  join(own: number, side: number, priceTicks: number, lots: number): number {
    assert(lots > 0, 'an own order joins with lots')
    const level = this.timeline.levelOf(side, priceTicks)
    const position = level < 0 ? -1 : this.timeline.positionAt(level, this.row)
    const known = level >= 0 && position >= this.arrays.levelStart[level]
    const place = this.orders.insert({
      own,
      side,
      priceTicks,
      lots,
      level,
      joinPosition: position,
      position,
      anonymousAhead: known ? this.timeline.anonymousAfter(position) : 0,
      knownAhead: known ? this.arrays.totalAfter[position] - this.timeline.anonymousAfter(position) : 0,
      tradedLots: 0,
      behindLots: 0
    })
    if (place === 0) this.seek(side)
    return known ? this.offers.offeredAt(level, position) : 0
  }

  reduceTo(own: number, lots: number): void {
    const resting = this.orders.resting(own)
    assert(lots <= resting.lots, 'a reduction does not add lots')
    if (lots === 0) this.leave(own)
    else resting.lots = lots
  }

  leave(own: number): void {
    const resting = this.orders.find(own)
    if (resting !== undefined && this.orders.remove(resting) === 0) this.seek(resting.side)
  }

  lotsAhead(own: number): number {
    const resting = this.orders.resting(own)
    if (resting.level < 0) return 0
    const position = this.timeline.positionAt(resting.level, this.row)
    if (position < this.arrays.levelStart[resting.level]) return 0
    this.orders.bringUpTo(resting, position)
    return (
      Math.min(Math.ceil(resting.anonymousAhead), this.consumption.anonymousOffer(resting.level, position)) +
      resting.knownAhead -
      this.consumption.knownConsumed(resting.level, position, resting.joinPosition)
    )
  }

  openLots(own: number): number {
    return this.orders.find(own)?.lots ?? 0
  }

  watchTouch(on: boolean): void {
    if (on === this.watching) return
    this.watching = on
    this.seekTouch(on ? this.touchIndex() + 1 : this.arrays.touchRow.length)
  }

  private seekTouch(index: number): void {
    const { touchRow } = this.arrays
    this.nextTouchIndex = index
    this.nextTouchRow = index < touchRow.length ? touchRow[index] : this.tape.count
    this.settleDue()
  }

  private seek(side: number): void {
    if (side === 1) this.seekBid(this.row + 1)
    else this.seekAsk(this.row + 1)
  }

  private seekBid(fromRow: number): void {
    const { bids } = this.orders
    this.nextBidRow = bids.length === 0 ? this.tape.count : this.timeline.nextHit(1, bids[0].priceTicks, fromRow)
    this.settleDue()
  }

  private seekAsk(fromRow: number): void {
    const { asks } = this.orders
    this.nextAskRow = asks.length === 0 ? this.tape.count : this.timeline.nextHit(-1, asks[0].priceTicks, fromRow)
    this.settleDue()
  }

  /** Rules M6 and M11 for one row and the own orders of one side, in rank order. */
  private hit(row: number, side: number, queue: Resting[]): void {
    const { tape } = this
    const kind = tape.kind[row]
    const ticks = tape.priceTicks[row]
    const between = (kind === HIDDEN || kind === TRADE) && (tape.flags[row] & BETWEEN) !== 0
    if (this.byPrice && kind === TRADE && !between) this.meetTrade(row, queue)
    if (!this.isOpenBefore(row)) return
    const budget = this.budgetOf(row)
    // The worst own price that the row reaches.
    const reached = between && side === 1 ? ticks + 1 : ticks
    let given = 0
    let index = 0
    while (index < queue.length && given < budget) {
      const resting = queue[index]
      if (side * (resting.priceTicks - reached) < 0) break
      const cause = this.causeOf(kind, !between && resting.priceTicks === ticks)
      const share = (cause === CAUSE.behind ? this.behindLots(resting, row) : budget) - given
      if (share <= 0) {
        index++
        continue
      }
      const lots = this.whole ? resting.lots : Math.min(resting.lots, share)
      if (!this.whole) given += lots
      if (cause === CAUSE.crossed) this.consumeArrival(row, lots)
      resting.lots -= lots
      if (resting.lots === 0) this.orders.remove(resting)
      else index++
      this.events?.onFill(resting.own, lots, resting.priceTicks, cause, row)
    }
  }

  /** M8: the state before the row decides. Rows come in order. */
  private isOpenBefore(row: number): boolean {
    const { timeline } = this
    if (timeline.haltedAt(row - 1)) return false
    this.hitTouchIndex = timeline.touchIndexFrom(this.hitTouchIndex, row - 1)
    return !timeline.crossedAt(this.hitTouchIndex)
  }

  /** The row's lots as written; of a level-set what it adds. */
  private budgetOf(row: number): number {
    const { tape, timeline } = this
    if (tape.kind[row] !== LEVEL_SET) return tape.lots[row]
    const level = timeline.levelOf(tape.side[row], tape.priceTicks[row])
    const position = timeline.positionAt(level, row)
    const before = position > this.arrays.levelStart[level] ? this.arrays.totalAfter[position - 1] : 0
    return tape.lots[row] - before
  }

  private causeOf(kind: number, isAtPrice: boolean): number {
    if (kind === ADD || kind === LEVEL_SET) return CAUSE.crossed
    if (kind === EXECUTE || (kind === TRADE && this.byPrice)) return isAtPrice ? CAUSE.behind : CAUSE.through
    return CAUSE.hidden
  }

  /** M11: a trade of a tape by price takes off what is ahead at its price, whether or not it may fill. */
  private meetTrade(row: number, queue: readonly Resting[]): void {
    const { tape, timeline } = this
    const ticks = tape.priceTicks[row]
    const lots = tape.lots[row]
    for (const resting of queue) {
      if (resting.side * (resting.priceTicks - ticks) < 0) break
      if (resting.priceTicks !== ticks) continue
      if (resting.level >= 0) this.orders.bringUpTo(resting, timeline.positionFrom(resting.level, resting.position, row))
      resting.behindLots = lotsBehind(resting.anonymousAhead, lots)
      resting.anonymousAhead = aheadAfterTrade(resting.anonymousAhead, lots)
      resting.tradedLots += lots
    }
  }

  /** Lots of an execution or trade at the order's own price that what was ahead of it does not explain. */
  private behindLots(resting: Resting, row: number): number {
    if (this.byPrice) return resting.behindLots
    const lots = this.tape.lots[row]
    const position = this.timeline.positionFrom(resting.level, resting.position, row)
    const add = this.arrays.arrival[position]
    if (add !== NONE) return add > resting.joinPosition ? lots : 0
    this.orders.bringUpTo(resting, position - 1)
    return lots - Math.min(lots, resting.anonymousAhead)
  }

  /** A recorded order that met an own one is consumed by it, from the row on. */
  private consumeArrival(row: number, lots: number): void {
    const { tape, timeline, consumption } = this
    const level = timeline.levelOf(tape.side[row], tape.priceTicks[row])
    const position = timeline.positionAt(level, row)
    if (tape.kind[row] === ADD) {
      const offer = tape.lots[row] - consumption.consumedOf(level, position, position)
      consumption.takeKnown(level, position, position, tape.lots[row], Math.min(lots, offer))
    } else {
      consumption.takeAnonymous(level, position, Math.min(lots, consumption.anonymousOffer(level, position)))
    }
  }
}
