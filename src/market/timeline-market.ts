/*
 * A venue's market for one world on the timeline: the rules of market.ts answered by questions to the index. Its cursor stops
 * only at rows that can fill a resting own order, or move a watched touch; everything else about the recorded book is read
 * when asked. Same answers as SequentialMarket, to the last bit (differential tests).
 */
import { assert } from '../kernel/assert.ts'
import { FILL_CAUSE } from '../order/words.ts'
import { Consumption } from './consumption.ts'
import { MARKET_PHASE, type Market, type MarketEvents, type Touch } from './market.ts'
import { RecordedOffers } from './recorded-offers.ts'
import { ROW_FLAG, ROW_KIND, rowFrom, type Tape } from './tape.ts'
import { DROPPED, NONE, type Timeline, type TimelineArrays } from './timeline.ts'

const { add: ADD, execute: EXECUTE, clear: CLEAR } = ROW_KIND.of
const HIDDEN = ROW_KIND.of['execute-hidden']
const TRADE = ROW_KIND.of.trade
const LEVEL_SET = ROW_KIND.of['level-set']
const BETWEEN = ROW_FLAG.between

/** A resting own order. Its view of the queue is brought up to a position of its level only when needed. */
interface Resting {
  own: number
  side: number
  priceTicks: number
  lots: number
  rank: number
  /** Level of the timeline; -1 when the tape never has this price. */
  level: number
  /** Last position of the level at the join: known orders added later are behind. */
  joinPosition: number
  /** Last position taken into account below. */
  position: number
  knownAhead: number
  anonymousAhead: number
}

/** The touch after a row, and its index among the moves: cursors go forward, and most questions are asked twice. */
interface ReadTouch extends Touch {
  row: number
  index: number
}

export class TimelineMarket implements Market {
  readonly tape: Tape
  private readonly timeline: Timeline
  private readonly arrays: TimelineArrays
  private readonly consumption: Consumption
  private readonly offers: RecordedOffers
  private events: MarketEvents | undefined
  /** Last row in effect. */
  private row = -1
  private viewRow = -1
  private readonly bids: Resting[] = []
  private readonly asks: Resting[] = []
  private readonly restingOf = new Map<number, Resting>()
  private rankNext = 0
  private watching = false
  private readonly nowTouch: ReadTouch = { row: -2, index: -1, bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  private readonly viewTouch: ReadTouch = { row: -2, index: -1, bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  /** Next rows that can fill a bid, an ask, or move the touch; tape.count = none. */
  private nextBidRow: number
  private nextAskRow: number
  private nextTouchRow: number
  /** Index of the move at nextTouchRow, while watched. */
  private nextTouchIndex = 0
  /** Time of the earliest of the three. */
  private dueNs = Number.POSITIVE_INFINITY

  constructor(timeline: Timeline) {
    this.timeline = timeline
    this.tape = timeline.tape
    this.arrays = timeline.arrays
    this.consumption = new Consumption(timeline)
    this.offers = new RecordedOffers(timeline, this.consumption)
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
    if (row === this.nextBidRow) this.hit(row, 1, this.bids)
    if (row === this.nextAskRow) this.hit(row, -1, this.asks)
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
  }

  phase(): number {
    if (this.timeline.haltedAt(this.row)) return MARKET_PHASE.of.halted
    return this.timeline.crossedAt(this.touchIndex()) ? MARKET_PHASE.of.crossed : MARKET_PHASE.of.open
  }

  readTouch(out: Touch): void {
    if (this.nowTouch.row !== this.row) this.readTouchAfter(this.row, this.nowTouch)
    copyTouch(this.nowTouch, out)
  }

  readTouchAt(viewNs: number, out: Touch): void {
    this.viewRow = rowFrom(this.tape, this.viewRow, viewNs)
    if (this.viewTouch.row !== this.viewRow) this.readTouchAfter(this.viewRow, this.viewTouch)
    copyTouch(this.viewTouch, out)
  }

  /** `read` was of an earlier row of the same cursor. */
  private readTouchAfter(row: number, read: ReadTouch): void {
    const { touchBid, touchAsk, levelTicks } = this.arrays
    const index = this.timeline.touchIndexFrom(read.index, row)
    const bid = index < 0 ? NONE : touchBid[index]
    const ask = index < 0 ? NONE : touchAsk[index]
    read.row = row
    read.index = index
    read.bidTicks = bid === NONE ? 0 : levelTicks[bid]
    read.bidLots = bid === NONE ? 0 : this.timeline.totalAt(bid, row)
    read.askTicks = ask === NONE ? 0 : levelTicks[ask]
    read.askLots = ask === NONE ? 0 : this.timeline.totalAt(ask, row)
  }

  offeredLots(side: number, priceTicks: number): number {
    const level = this.timeline.levelOf(side, priceTicks)
    if (level < 0) return 0
    const position = this.timeline.positionAt(level, this.row)
    return position < this.arrays.levelStart[level] ? 0 : this.offers.offeredAt(level, position)
  }

  takeableLots(side: number, limitTicks: number, lotsMax: number): number {
    if (this.phase() !== MARKET_PHASE.of.open) return 0
    let lots = 0
    for (let level = this.bestLevel(-side); level >= 0 && lots < lotsMax; level = this.worseLevel(-side, level)) {
      if (side * (this.arrays.levelTicks[level] - limitTicks) > 0) break
      const position = this.timeline.positionAt(level, this.row)
      if (position >= this.arrays.levelStart[level]) lots += this.offers.offeredAt(level, position)
    }
    return Math.min(lots, lotsMax)
  }

  take(own: number, side: number, limitTicks: number, lots: number): number {
    if (this.phase() !== MARKET_PHASE.of.open) return 0
    let left = lots
    for (let level = this.bestLevel(-side); level >= 0 && left > 0; level = this.worseLevel(-side, level)) {
      const ticks = this.arrays.levelTicks[level]
      if (side * (ticks - limitTicks) > 0) break
      const position = this.timeline.positionAt(level, this.row)
      if (position < this.arrays.levelStart[level] || this.arrays.totalAfter[position] === 0) continue
      const taken = this.offers.takeLevel(level, position, left)
      if (taken === 0) continue
      left -= taken
      this.events?.onFill(own, taken, ticks, FILL_CAUSE.of.take, this.row)
    }
    return lots - left
  }

  /** Of the move of the touch in effect now. */
  private touchIndex(): number {
    return this.timeline.touchIndexFrom(this.nowTouch.index, this.row)
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
    assert(lots > 0 && !this.restingOf.has(own), 'an order that joins has lots and does not rest already')
    const level = this.timeline.levelOf(side, priceTicks)
    const position = level < 0 ? -1 : this.timeline.positionAt(level, this.row)
    const known = level >= 0 && position >= this.arrays.levelStart[level]
    const resting: Resting = {
      own,
      side,
      priceTicks,
      lots,
      rank: this.rankNext++,
      level,
      joinPosition: position,
      position,
      anonymousAhead: known ? this.timeline.anonymousAfter(position) : 0,
      knownAhead: known ? this.arrays.totalAfter[position] - this.timeline.anonymousAfter(position) : 0
    }
    this.restingOf.set(own, resting)
    const queue = side === 1 ? this.bids : this.asks
    let place = queue.length
    while (place > 0 && side * (queue[place - 1].priceTicks - priceTicks) < 0) place--
    queue.splice(place, 0, resting)
    if (place === 0) this.seek(side)
    return known ? this.offers.offeredAt(level, position) : 0
  }

  reduceTo(own: number, lots: number): void {
    const resting = this.of(own)
    assert(lots <= resting.lots, 'a reduction does not add lots')
    if (lots === 0) this.leave(own)
    else resting.lots = lots
  }

  leave(own: number): void {
    const resting = this.restingOf.get(own)
    if (resting === undefined) return
    this.restingOf.delete(own)
    const queue = resting.side === 1 ? this.bids : this.asks
    const place = queue.indexOf(resting)
    queue.splice(place, 1)
    if (place === 0) this.seek(resting.side)
  }

  lotsAhead(own: number): number {
    const resting = this.of(own)
    if (resting.level < 0) return 0
    const position = this.timeline.positionAt(resting.level, this.row)
    if (position < this.arrays.levelStart[resting.level]) return 0
    this.bringUpTo(resting, position)
    return (
      Math.min(resting.anonymousAhead, this.consumption.anonymousOffer(resting.level, position)) +
      resting.knownAhead -
      this.consumption.knownConsumed(resting.level, position, resting.joinPosition)
    )
  }

  openLots(own: number): number {
    return this.restingOf.get(own)?.lots ?? 0
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

  private of(own: number): Resting {
    const resting = this.restingOf.get(own)
    if (resting === undefined) throw new Error(`own order ${own} does not rest`)
    return resting
  }

  private seek(side: number): void {
    if (side === 1) this.seekBid(this.row + 1)
    else this.seekAsk(this.row + 1)
  }

  private seekBid(fromRow: number): void {
    this.nextBidRow = this.bids.length === 0 ? this.tape.count : this.timeline.nextHit(1, this.bids[0].priceTicks, fromRow)
    this.settleDue()
  }

  private seekAsk(fromRow: number): void {
    this.nextAskRow = this.asks.length === 0 ? this.tape.count : this.timeline.nextHit(-1, this.asks[0].priceTicks, fromRow)
    this.settleDue()
  }

  /** Rule M6 for one row and the own orders of one side, in rank order. */
  private hit(row: number, side: number, queue: readonly Resting[]): void {
    const { timeline, tape } = this
    // M8: the state before the row decides.
    if (timeline.haltedAt(row - 1) || timeline.crossedAt(timeline.touchIndexAt(row - 1))) return
    const kind = tape.kind[row]
    const ticks = tape.priceTicks[row]
    const arrives = kind === ADD || kind === LEVEL_SET
    let budget = tape.lots[row]
    let level = -1
    let position = -1
    if (arrives || kind === EXECUTE) {
      level = timeline.levelOf(tape.side[row], ticks)
      position = timeline.positionAt(level, row)
      if (kind === LEVEL_SET) {
        const before = position > this.arrays.levelStart[level] ? this.arrays.totalAfter[position - 1] : 0
        budget = Math.max(0, tape.lots[row] - before)
      }
    }
    let given = 0
    let index = 0
    while (index < queue.length && given < budget) {
      const resting = queue[index]
      const better = side * (resting.priceTicks - ticks)
      let cause: number
      let share = budget - given
      if (kind === EXECUTE) {
        if (better < 0) break
        cause = better > 0 ? FILL_CAUSE.of.through : FILL_CAUSE.of.behind
        if (better === 0) share = this.behindLots(resting, position, budget) - given
      } else if (kind === HIDDEN || kind === TRADE) {
        const between = (tape.flags[row] & BETWEEN) !== 0
        if (better < 0 || (between && side === 1 && better === 0)) break
        cause = FILL_CAUSE.of.hidden
      } else {
        if (better < 0) break
        cause = FILL_CAUSE.of.crossed
      }
      const lots = Math.min(resting.lots, share)
      if (lots <= 0) {
        index++
        continue
      }
      given += lots
      if (arrives) this.consumeArrival(kind, row, level, position, lots)
      resting.lots -= lots
      if (resting.lots === 0) {
        this.restingOf.delete(resting.own)
        ;(queue as Resting[]).splice(index, 1)
      } else index++
      this.events?.onFill(resting.own, lots, resting.priceTicks, cause, row)
    }
  }

  /** Lots of an execution at the order's own price that what was ahead of it does not explain. */
  private behindLots(resting: Resting, position: number, lots: number): number {
    const add = this.arrays.arrival[position]
    if (add !== NONE) return add > resting.joinPosition ? lots : 0
    this.bringUpTo(resting, position - 1)
    return lots - Math.min(lots, resting.anonymousAhead)
  }

  /** A recorded order that met an own one is consumed by it, from the row on. */
  private consumeArrival(kind: number, row: number, level: number, position: number, lots: number): void {
    if (kind === ADD) this.consumption.takeKnown(level, position, position, this.tape.lots[row], lots)
    else this.consumption.takeAnonymous(level, position, lots)
  }

  /** M7, event by event up to `position`. */
  private bringUpTo(resting: Resting, position: number): void {
    const { arrival, totalAfter, eventRow, levelStart } = this.arrays
    const { timeline } = this
    const { kind } = this.tape
    const first = levelStart[resting.level]
    for (let p = resting.position + 1; p <= position; p++) {
      const add = arrival[p]
      const rowKind = kind[eventRow[p]]
      if (rowKind === LEVEL_SET || rowKind === CLEAR) {
        if (add === DROPPED) resting.knownAhead = 0
        resting.anonymousAhead = Math.min(resting.anonymousAhead, timeline.anonymousAfter(p))
      } else if (add === NONE) {
        if (resting.anonymousAhead === 0) continue
        const before = p > first ? timeline.anonymousAfter(p - 1) : 0
        resting.anonymousAhead = Math.max(0, resting.anonymousAhead - (before - timeline.anonymousAfter(p)))
      } else if (add !== p && add <= resting.joinPosition) {
        resting.knownAhead -= totalAfter[p - 1] - totalAfter[p]
      }
    }
    if (position > resting.position) resting.position = position
  }
}

function copyTouch(from: Touch, to: Touch): void {
  to.bidTicks = from.bidTicks
  to.bidLots = from.bidLots
  to.askTicks = from.askTicks
  to.askLots = from.askLots
}
