/* The recorded touch, and what has traded, as a delayed feed shows them, by a replay of their own: a book and cursors that only go forward. */
import { assert } from '../kernel/assert.ts'
import { Book } from './book.ts'
import type { Touch } from './market.ts'
import type { Tape } from './tape.ts'
import { isTrade } from './traded-volume.ts'

export class RecordedView {
  private readonly tape: Tape
  private readonly book = new Book()
  /** The next row. */
  private cursor = 0
  /** The next row of the count of lots traded, and that count. */
  private tradedCursor = 0
  private tradedLots = 0
  private viewNs = Number.NEGATIVE_INFINITY

  constructor(tape: Tape) {
    this.tape = tape
  }

  /** The touch at `viewNs`, which lies before row `endRow` is in effect. */
  readAt(viewNs: number, endRow: number, out: Touch): void {
    assert(viewNs >= this.viewNs, 'the instant of a delayed feed never goes back')
    this.viewNs = viewNs
    this.cursor = replay(this.book, this.tape, this.cursor, viewNs)
    assert(this.cursor <= endRow, 'a delayed feed is never ahead of the market')
    readTouchOf(this.book, out)
  }

  /** Lots traded by `viewNs`, which lies before row `endRow` is in effect. */
  tradedLotsAt(viewNs: number, endRow: number): number {
    const { tNs, kind, lots, count } = this.tape
    for (; this.tradedCursor < count && tNs[this.tradedCursor] <= viewNs; this.tradedCursor++) {
      if (isTrade(kind[this.tradedCursor])) this.tradedLots += lots[this.tradedCursor]
    }
    assert(this.tradedCursor <= endRow, 'a delayed feed is never ahead of the market')
    return this.tradedLots
  }

  /** The touch after `row`, which is before `endRow`. */
  readAfter(row: number, endRow: number, out: Touch): void {
    assert(row >= this.cursor - 1 && row < endRow, 'a feed goes forward, and is never ahead of the market')
    while (this.cursor <= row) this.book.apply(this.tape, this.cursor++)
    readTouchOf(this.book, out)
  }
}

/** Puts every row from `fromRow` with tNs <= `tNs` in effect; gives the next row. */
export function replay(book: Book, tape: Tape, fromRow: number, tNs: number): number {
  let row = fromRow
  while (row < tape.count && tape.tNs[row] <= tNs) book.apply(tape, row++)
  return row
}

export function readTouchOf(book: Book, out: Touch): void {
  out.bidTicks = book.best(1)
  out.bidLots = book.bestLots(1)
  out.askTicks = book.best(-1)
  out.askLots = book.bestLots(-1)
}
