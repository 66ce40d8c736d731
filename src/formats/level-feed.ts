/*
 * A feed by price that comes in two streams, changes of the book and trades, each in order of its own time but not of each other's: the
 * streams of a venue wait for one another. They are merged by time, a trade before a change of its instant, since it caused it. What may still
 * be overtaken waits, for `waitNs` of the feed's time at most (or EVENTS_MAX events); what comes later than that is clamped and counted by the tape.
 * A change of the book is an event of many levels: those that end are written first, so that no row shows a crossed book that was none.
 * Trades in front of the first book are left out (`tradesBeforeBook`).
 */
import type { LevelTape } from './level-tape.ts'
import { RecordRing } from './record-ring.ts'

/** update: each level's new total. whole: a snapshot of all levels. range: one of all levels up to the worst that it names. */
export const BOOK_EVENT = { update: 0, whole: 1, range: 2 } as const

const EVENTS_MAX = 65_536

export class LevelFeed {
  private readonly tape: LevelTape
  private readonly waitNs: number
  private readonly onBook: (tag: number) => void
  private hasBook = false
  /** Key, time, kind, number of levels, tag, missing of each; key, time, side, price, quantity of each; side, price, quantity of each. */
  private readonly events = new RecordRing(6)
  private readonly trades = new RecordRing(5)
  private readonly levels = new RecordRing(3)
  /** The times up to which changes of the book have come, and trades: no later one has an earlier key. */
  private bookNs = Number.NEGATIVE_INFINITY
  private tradeNs = Number.NEGATIVE_INFINITY
  private openLevelCount = 0
  private newestKey = Number.NEGATIVE_INFINITY

  /** `onBook` is told, by its tag, of each change of the book when it is in effect. */
  constructor(tape: LevelTape, waitNs: number, onBook: (tag: number) => void = () => undefined) {
    this.tape = tape
    this.waitNs = waitNs
    this.onBook = onBook
  }

  /** A level of the book event that `endEvent` completes. */
  level(side: number, price: number, quantity: number): void {
    const at = this.levels.push()
    const { values } = this.levels
    values[at] = side
    values[at + 1] = price
    values[at + 2] = quantity
    this.openLevelCount++
  }

  /** `tNs` is NaN where the feed does not say it; `missing`: messages that are not there in front of this one. */
  endEvent(tNs: number, kind: number, tag = 0, missing = 0): void {
    if (tNs > this.bookNs) this.bookNs = tNs
    const at = this.events.push()
    const { values } = this.events
    values[at] = this.bookNs
    values[at + 1] = tNs
    values[at + 2] = kind
    values[at + 3] = this.openLevelCount
    values[at + 4] = tag
    values[at + 5] = missing
    this.openLevelCount = 0
    this.release(this.bookNs)
  }

  /** `side` is the resting side, 0 when the feed does not say it. */
  trade(tNs: number, side: number, price: number, quantity: number): void {
    if (tNs > this.tradeNs) this.tradeNs = tNs
    const at = this.trades.push()
    const { values } = this.trades
    values[at] = this.tradeNs
    values[at + 1] = tNs
    values[at + 2] = side
    values[at + 3] = price
    values[at + 4] = quantity
    this.release(this.tradeNs)
  }

  /** There are no more changes of the book. */
  endBook(): void {
    this.bookNs = Number.POSITIVE_INFINITY
    this.release(this.newestKey)
  }

  endTrades(): void {
    this.tradeNs = Number.POSITIVE_INFINITY
    this.release(this.newestKey)
  }

  get bookKey(): number {
    return this.bookNs
  }

  get tradeKey(): number {
    return this.tradeNs
  }

  private release(key: number): void {
    if (key > this.newestKey) this.newestKey = key
    const { events, trades } = this
    for (;;) {
      const eventKey = events.count === 0 ? Number.POSITIVE_INFINITY : events.values[events.at(0)]
      const tradeKey = trades.count === 0 ? Number.POSITIVE_INFINITY : trades.values[trades.at(0)]
      if (tradeKey <= eventKey) {
        if (trades.count === 0) return
        if (events.count === 0 && tradeKey > this.bookNs && !this.isDue(tradeKey, trades)) return
        this.applyTrade()
      } else {
        if (trades.count === 0 && eventKey >= this.tradeNs && !this.isDue(eventKey, events)) return
        this.applyEvent()
      }
    }
  }

  private isDue(key: number, queue: RecordRing): boolean {
    return this.newestKey - key >= this.waitNs || queue.count > EVENTS_MAX
  }

  private applyTrade(): void {
    const at = this.trades.shift()
    const { values } = this.trades
    if (this.hasBook) this.tape.trade(values[at + 1], values[at + 2], values[at + 3], values[at + 4])
    else this.tape.log.count('tradesBeforeBook')
  }

  private applyEvent(): void {
    const { tape, levels } = this
    const at = this.events.shift()
    const { values } = this.events
    const tNs = values[at + 1]
    const kind = values[at + 2]
    const count = values[at + 3]
    const tag = values[at + 4]
    const missing = values[at + 5]
    this.hasBook = true
    const instant = Number.isNaN(tNs) ? tape.log.nowNs : tNs
    if (missing > 0) tape.gap(instant, missing)
    if (kind === BOOK_EVENT.update) {
      // A single level needs no look at what ends.
      if (count > 1) this.applyLevels(instant, count, true)
      this.applyLevels(instant, count, false, count === 1)
    } else {
      tape.beginSnapshot(tNs)
      this.applyLevels(instant, count, false)
      tape.endSnapshot(kind === BOOK_EVENT.whole)
    }
    for (let level = 0; level < count; level++) levels.shift()
    tape.settle()
    this.onBook(tag)
  }

  /** Those that end, or those that do not, or all of the front's levels. */
  private applyLevels(tNs: number, count: number, ended: boolean, all = false): void {
    const { tape, levels } = this
    for (let level = 0; level < count; level++) {
      const at = levels.at(level)
      const quantity = levels.values[at + 2]
      if (all || quantity <= 0 === ended) tape.levelSet(tNs, levels.values[at], levels.values[at + 1], quantity)
    }
  }
}
