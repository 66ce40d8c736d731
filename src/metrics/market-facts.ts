/*
 * The stylised facts of a tape, in one pass of the sequential book: what a generator has to meet and a reader wants to know of a market. Each
 * group is defined in its own file. The span reaches from the first counted row to the last; rows that an import put in set the book and are
 * not counted.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { Book } from '../market/book.ts'
import { ROW_FLAG, ROW_KIND, type Tape } from '../market/tape.ts'
import { type BookShape, BookShapeCollector } from './book-shape.ts'
import { type EventFlow, EventFlowCollector } from './event-flow.ts'
import { type MidMoves, MidMovesCollector } from './mid-moves.ts'
import { type OrderLives, OrderLivesCollector } from './order-lives.ts'
import { type TakeFlow, TakeFlowCollector } from './take-flow.ts'

export interface MarketFacts {
  readonly symbol: string
  readonly venue: string
  readonly date: string
  /** First and last counted row, ns since midnight; null without rows. */
  readonly fromNs: number | null
  readonly toNs: number | null
  readonly seconds: number
  readonly book: BookShape
  readonly flow: EventFlow
  readonly lives: OrderLives
  readonly takes: TakeFlow
  readonly mid: MidMoves
}

export interface FactsSpan {
  /** Rows before this instant set the book only, rows from `untilNs` on are not read. */
  readonly fromNs?: number
  readonly untilNs?: number
}

export function marketFacts(tape: Tape, span: FactsSpan = {}): MarketFacts {
  const { fromNs: least = 0, untilNs = Number.POSITIVE_INFINITY } = span
  const { header, tNs, kind, side, flags, priceTicks, lots } = tape
  const [first, last] = countedRows(tape, least, untilNs)
  const fromNs = first < 0 ? 0 : tNs[first]
  const toNs = first < 0 ? 0 : tNs[last]
  const shape = new BookShapeCollector()
  const flow = new EventFlowCollector(fromNs)
  const lives = new OrderLivesCollector(last + 1)
  const takes = new TakeFlowCollector()
  const moves = new MidMovesCollector(fromNs)
  const book = new Book()
  let mid = Number.NaN
  for (let row = 0; row <= last; row++) {
    const counted = row >= first && (flags[row] & ROW_FLAG.added) === 0
    const rowKind = kind[row]
    const isSet = rowKind === ROW_KIND.of['level-set']
    const before = isSet ? book.totalLots(side[row], priceTicks[row]) : 0
    if (counted) {
      lives.before(book, tape, row)
      if (isExecution(rowKind)) {
        const price = priceTicks[row] + ((flags[row] & ROW_FLAG.between) === 0 ? 0 : 0.5)
        takes.execution(row, tNs[row], side[row], price, lots[row], mid, book.bestLots(side[row]))
      }
    }
    book.apply(tape, row)
    mid = midOf(book)
    if (row < first) continue
    if (counted) {
      flow.add(tNs[row], rowKind, lots[row], isSet ? lots[row] - before : 0)
      takes.after(row, tNs[row], mid)
    }
    const nextNs = row < last ? tNs[row + 1] : tNs[row]
    if (nextNs <= tNs[row]) continue
    shape.add(book, nextNs - tNs[row])
    moves.add(mid, tNs[row], nextNs)
  }
  const seconds = (toNs - fromNs) / NS_PER_SECOND
  return {
    symbol: header.symbol,
    venue: header.venue,
    date: header.date,
    fromNs: first < 0 ? null : fromNs,
    toNs: first < 0 ? null : toNs,
    seconds,
    book: shape.finish(),
    flow: flow.finish(toNs),
    lives: lives.finish(),
    takes: takes.finish(seconds),
    mid: moves.finish(toNs)
  }
}

/** First and last row that is counted; -1 when there is none. */
function countedRows({ count, tNs, flags }: Tape, leastNs: number, untilNs: number): [number, number] {
  const isCounted = (row: number): boolean => (flags[row] & ROW_FLAG.added) === 0 && tNs[row] >= leastNs && tNs[row] < untilNs
  let first = 0
  while (first < count && !isCounted(first)) first++
  let last = count - 1
  while (last >= first && !isCounted(last)) last--
  return first < count ? [first, last] : [-1, -1]
}

function isExecution(kind: number): boolean {
  return kind === ROW_KIND.of.execute || kind === ROW_KIND.of['execute-hidden'] || kind === ROW_KIND.of.trade
}

/** NaN unless both sides stand and do not meet. */
function midOf(book: Book): number {
  if (book.isEmpty(1) || book.isEmpty(-1)) return Number.NaN
  const bid = book.best(1)
  const ask = book.best(-1)
  return bid < ask ? (bid + ask) / 2 : Number.NaN
}
