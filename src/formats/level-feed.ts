/*
 * A feed by price that comes in two streams, changes of the book and trades, each in order of its own time but not of each other's: the
 * streams of a venue wait for one another. They are merged by time, a trade before a change of its instant, since it caused it. What may still
 * be overtaken waits, for `waitNs` of the feed's time at most (or EVENTS_MAX events); what comes later than that is clamped and counted by the tape.
 * A change of the book is an event of many levels: those that end are written first, so that no row shows a crossed book that was none.
 * Trades in front of the first book are left out (`tradesBeforeBook`).
 */
import { NumberRing } from '../kernel/number-ring.ts'
import type { LevelTape } from './level-tape.ts'

/** update: each level's new total. whole: a snapshot of all levels. range: one of all levels up to the worst that it names. */
export const BOOK_EVENT = { update: 0, whole: 1, range: 2 } as const

const EVENTS_MAX = 65_536

export class LevelFeed {
  private readonly tape: LevelTape
  private readonly waitNs: number
  private readonly onBook: (tag: number) => void
  private hasBook = false
  private readonly events = new EventQueue()
  private readonly trades = new EventQueue()
  /** Side, price, quantity of each level of the events that wait. */
  private readonly levels = new NumberRing()
  private openLevelCount = 0
  private newestKey = Number.NEGATIVE_INFINITY
  private scratch = new Float64Array(3 * 64)

  /** `onBook` is told, by its tag, of each change of the book when it is in effect. */
  constructor(tape: LevelTape, waitNs: number, onBook: (tag: number) => void = () => undefined) {
    this.tape = tape
    this.waitNs = waitNs
    this.onBook = onBook
  }

  /** A level of the book event that `endEvent` completes. */
  level(side: number, price: number, quantity: number): void {
    this.levels.push(side)
    this.levels.push(price)
    this.levels.push(quantity)
    this.openLevelCount++
  }

  /** `tNs` is NaN where the feed does not say it; `missing`: messages that are not there in front of this one. */
  endEvent(tNs: number, kind: number, tag = 0, missing = 0): void {
    const { events } = this
    const key = events.open(tNs)
    events.put(kind)
    events.put(this.openLevelCount)
    events.put(tag)
    events.put(missing)
    this.openLevelCount = 0
    this.release(key)
  }

  /** `side` is the resting side, 0 when the feed does not say it. */
  trade(tNs: number, side: number, price: number, quantity: number): void {
    const { trades } = this
    const key = trades.open(tNs)
    trades.put(side)
    trades.put(price)
    trades.put(quantity)
    this.release(key)
  }

  /** There are no more changes of the book. */
  endBook(): void {
    this.events.close()
    this.release(this.newestKey)
  }

  endTrades(): void {
    this.trades.close()
    this.release(this.newestKey)
  }

  /** The time up to which changes of the book have come, and trades. */
  get bookKey(): number {
    return this.events.newest
  }

  get tradeKey(): number {
    return this.trades.newest
  }

  private release(key: number): void {
    if (key > this.newestKey) this.newestKey = key
    const { events, trades } = this
    for (;;) {
      const eventKey = events.headKey
      const tradeKey = trades.headKey
      if (tradeKey <= eventKey) {
        if (tradeKey === Number.POSITIVE_INFINITY) return
        if (events.count === 0 && tradeKey > events.newest && !this.isDue(tradeKey, trades)) return
        this.applyTrade()
      } else {
        if (trades.count === 0 && eventKey >= trades.newest && !this.isDue(eventKey, events)) return
        this.applyEvent()
      }
    }
  }

  private isDue(key: number, queue: EventQueue): boolean {
    return this.newestKey - key >= this.waitNs || queue.count > EVENTS_MAX
  }

  private applyTrade(): void {
    const { trades } = this
    const tNs = trades.shift()
    const side = trades.take()
    const price = trades.take()
    const quantity = trades.take()
    if (this.hasBook) this.tape.trade(tNs, side, price, quantity)
    else this.tape.log.count('tradesBeforeBook')
  }

  private applyEvent(): void {
    const { events, tape } = this
    const tNs = events.shift()
    const kind = events.take()
    const count = events.take()
    const tag = events.take()
    const missing = events.take()
    this.hasBook = true
    const instant = Number.isNaN(tNs) ? tape.log.nowNs : tNs
    if (missing > 0) tape.gap(instant, missing)
    this.takeLevels(count)
    if (kind === BOOK_EVENT.update) {
      this.applyLevels(instant, count, true)
      this.applyLevels(instant, count, false)
    } else {
      tape.beginSnapshot()
      this.applyLevels(instant, count, false)
      tape.endSnapshot(kind === BOOK_EVENT.whole)
    }
    tape.settle()
    this.onBook(tag)
  }

  private takeLevels(count: number): void {
    const { levels } = this
    if (this.scratch.length < 3 * count) this.scratch = new Float64Array(4 * count)
    const { scratch } = this
    for (let at = 0; at < 3 * count; at++) scratch[at] = levels.shift()
  }

  private applyLevels(tNs: number, count: number, ended: boolean): void {
    const { scratch, tape } = this
    for (let at = 0; at < 3 * count; at += 3) {
      const quantity = scratch[at + 2]
      if (quantity <= 0 === ended) tape.levelSet(tNs, scratch[at], scratch[at + 1], quantity)
    }
  }
}

/** Events of one stream, each a time and some numbers; their order is kept whatever their times. */
class EventQueue {
  /** The key of the newest event that came: no later one has a lower. */
  newest = Number.NEGATIVE_INFINITY
  private readonly keys = new NumberRing()
  private readonly values = new NumberRing()

  get count(): number {
    return this.keys.count
  }

  /** Infinity when there is none. */
  get headKey(): number {
    return this.keys.count === 0 ? Number.POSITIVE_INFINITY : this.keys.at(0)
  }

  /** Begins an event, whose numbers are then `put`; gives its key. */
  open(tNs: number): number {
    if (tNs > this.newest) this.newest = tNs
    this.keys.push(this.newest)
    this.values.push(tNs)
    return this.newest
  }

  put(value: number): void {
    this.values.push(value)
  }

  /** Takes the first event off: its time; its numbers are then to be taken. */
  shift(): number {
    this.keys.shift()
    return this.values.shift()
  }

  take(): number {
    return this.values.shift()
  }

  close(): void {
    this.newest = Number.POSITIVE_INFINITY
  }
}
