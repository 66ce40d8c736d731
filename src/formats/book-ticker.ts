/*
 * Binance's bookTicker as a check of the rebuilt book: it tells the best prices and quantities whenever they change, with the id of the update
 * that changed them. So the touch after an update u is that of the last ticker of an id up to u, once a ticker of a later id has come; both are
 * compared (`bookTickerChecks`), and what differs is counted (`bookTickerMismatches`). Tickers are not on the tape: depth has all they tell.
 */
import type { LevelTape } from './level-tape.ts'

/** Tickers and books remembered: powers of two. */
const REMEMBERED = 4096
const MASK = REMEMBERED - 1

export class BookTicker {
  private readonly tape: LevelTape
  private readonly tickers = new Touches()
  private readonly books = new Touches()
  /** The first book that waits for a later ticker. */
  private firstBook = 0

  constructor(tape: LevelTape) {
    this.tape = tape
  }

  /** Prices and quantities in the file's units. */
  ticker(id: number, bid: number, bidQuantity: number, ask: number, askQuantity: number): void {
    const { tickers, books } = this
    this.tape.log.count('bookTickers')
    if (tickers.count > 0 && id < tickers.id[(tickers.count - 1) & MASK]) return
    for (; this.firstBook < books.count && books.id[this.firstBook & MASK] < id; this.firstBook++) {
      const last = tickers.count - 1
      const book = this.firstBook & MASK
      if (last >= 0 && tickers.id[last & MASK] <= books.id[book]) this.compare(last & MASK, book)
    }
    tickers.push(id, bid, bidQuantity, ask, askQuantity)
  }

  /** The book after the update is in effect. */
  book(id: number): void {
    const { tape, tickers, books } = this
    const { bids, asks, log } = tape
    if (books.count - this.firstBook === REMEMBERED) this.firstBook++
    const lotsAt = (half: typeof bids): number => (half.isEmpty ? 0 : half.lots[half.find(half.best)]) * log.lot.unitsPerStep
    const { unitsPerStep } = log.tick
    books.push(id, bids.best * unitsPerStep, lotsAt(bids), asks.best * unitsPerStep, lotsAt(asks))
    let at = tickers.count - 1
    if (at < 0 || tickers.id[at & MASK] <= id) return
    // Later tickers have come already.
    const book = (books.count - 1) & MASK
    this.firstBook = books.count
    const oldest = Math.max(0, tickers.count - REMEMBERED)
    while (at >= oldest && tickers.id[at & MASK] > id) at--
    if (at >= oldest) this.compare(at & MASK, book)
  }

  private compare(ticker: number, book: number): void {
    const { tape, tickers, books } = this
    tape.log.count('bookTickerChecks')
    const isEqual =
      tickers.bid[ticker] === books.bid[book] &&
      tickers.bidQuantity[ticker] === books.bidQuantity[book] &&
      tickers.ask[ticker] === books.ask[book] &&
      tickers.askQuantity[ticker] === books.askQuantity[book]
    if (!isEqual) tape.log.count('bookTickerMismatches')
  }
}

/** The latest best prices and quantities, by their number & MASK. */
class Touches {
  count = 0
  readonly id = new Float64Array(REMEMBERED)
  readonly bid = new Float64Array(REMEMBERED)
  readonly bidQuantity = new Float64Array(REMEMBERED)
  readonly ask = new Float64Array(REMEMBERED)
  readonly askQuantity = new Float64Array(REMEMBERED)

  push(id: number, bid: number, bidQuantity: number, ask: number, askQuantity: number): void {
    const at = this.count++ & MASK
    this.id[at] = id
    this.bid[at] = bid
    this.bidQuantity[at] = bidQuantity
    this.ask[at] = ask
    this.askQuantity[at] = askQuantity
  }
}
