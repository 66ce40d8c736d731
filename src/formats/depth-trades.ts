/*
 * Depth and trades of a feed by price as one table: a head and rows `ev,exch_ts_us,local_ts_us,side,px_tick,qty_lot`, whole numbers all.
 *   ev 1   a level's new total (0: it is gone)        side 1 bid, -1 ask
 *   ev 2   a trade                                    side of the aggressor: 1 buy, -1 sell
 *   ev 4   a level's total in a snapshot, taken as 1
 * exch_ts_us is when the venue had it, local_ts_us when a host heard of it, both microseconds since 1970 and never less than in the row
 * before. The tape carries the venue's time; the host's stands beside it, one value a row (`receiveNs`). A crossed book is
 * uncrossed (crossed-levels.ts) by rows flagged ADDED behind the row that crossed it. Prices and quantities are ticks and lots already: what
 * they are worth is told by the options. Rows heard of before the venue had them (clocks apart) are counted and kept. Leaves out trades of no
 * quantity (counted).
 * Source: the columns of hftbacktest's events (docs, "Data"), its prices in ticks and quantities in lots.
 */
import { InputError } from '../kernel/assert.ts'
import { dateOfDays } from '../kernel/calendar.ts'
import { float64Column } from '../kernel/column.ts'
import { NS_PER_US } from '../kernel/units.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { type RowColumn, readColumnRows } from './column-rows.ts'
import { CrossedLevels } from './crossed-levels.ts'

const LEVEL_SET = ROW_KIND.of['level-set']
const TRADE = ROW_KIND.of.trade
const EV = { depth: 1, trade: 2, snapshot: 4 } as const
/** Hit keys of the timeline are doubled prices in 32 bits. */
const TICKS_MAX = 2 ** 30 - 1
const LOTS_MAX = 2 ** 31 - 1
const US_PER_DAY = 86_400_000_000
/** Nanoseconds since the first midnight stay safe integers for 104 days. */
const SPAN_MAX_US = 100 * US_PER_DAY

const COLUMNS: readonly RowColumn[] = [
  { name: 'ev', low: 1, high: 4 },
  { name: 'exch_ts_us', ascending: true },
  { name: 'local_ts_us', ascending: true },
  { name: 'side', low: -1, high: 1 },
  { name: 'px_tick', low: -TICKS_MAX, high: TICKS_MAX },
  { name: 'qty_lot', high: LOTS_MAX }
]

export interface DepthTradesOptions {
  readonly symbol: string
  readonly venue: string
  /** A price is ticks * tickUnits / 10^priceDecimals, a quantity lots * lotUnits / 10^lotDecimals. */
  readonly tickUnits: number
  readonly priceDecimals: number
  readonly lotUnits: number
  readonly lotDecimals: number
}

export interface ReceivedTape {
  readonly tape: Tape
  /** [tape.count] when the host heard of each row, on the clock of the tape; non-decreasing. */
  readonly receiveNs: Float64Array
}

/** Errors: InputError `file:line: what; what to do`. */
export async function importDepthTrades(source: ByteChunks, options: DepthTradesOptions): Promise<ReceivedTape> {
  const builder = new TapeBuilder(1 << 16)
  const receiveNs = float64Column(1 << 16)
  const book = new CrossedLevels()
  let midnightUs = Number.NaN
  let tNs = 0
  let heardNs = 0
  let uncrossed = 0
  let emptyTrades = 0
  const push = (kind: number, side: number, priceTicks: number, lots: number, flags: number): void => {
    builder.push(tNs, kind, side, priceTicks, lots, 0, flags)
    receiveNs.push(heardNs)
  }
  const removeCrossed = (side: number, priceTicks: number): void => {
    uncrossed++
    push(LEVEL_SET, side, priceTicks, 0, ROW_FLAG.added)
  }
  let heardEarly = 0
  await readColumnRows(source, COLUMNS, (values, line) => {
    const [ev, exchangeUs, localUs, side, priceTicks, lots] = values
    if (ev === 3) throw new InputError(`${source.name}:${line}: the ev is 3; it must be 1 (depth), 2 (trade) or 4 (snapshot)`)
    if (side === 0) throw new InputError(`${source.name}:${line}: the side is 0; it must be 1 or -1`)
    if (localUs < exchangeUs) heardEarly++
    if (Number.isNaN(midnightUs)) midnightUs = Math.floor(exchangeUs / US_PER_DAY) * US_PER_DAY
    if (Math.max(exchangeUs, localUs) - midnightUs > SPAN_MAX_US)
      throw new InputError(
        `${source.name}:${line}: the row is more than 100 days after the first; cut the file, or fetch it again if it is damaged`
      )
    tNs = (exchangeUs - midnightUs) * NS_PER_US
    heardNs = (localUs - midnightUs) * NS_PER_US
    if (ev !== EV.trade) {
      push(LEVEL_SET, side, priceTicks, lots, 0)
      book.set(side, priceTicks, lots, removeCrossed)
    } else if (lots > 0) push(TRADE, -side, priceTicks, lots, 0)
    else emptyTrades++
  })
  const tape = builder.finish({
    ...options,
    date: dateOfDays(Number.isNaN(midnightUs) ? 0 : midnightUs / US_PER_DAY),
    zone: 'UTC',
    openNs: 0,
    closeNs: Math.max(0, tNs),
    book: 'by-price',
    source: `depth and trades ${source.name}`,
    notes: { uncrossed, emptyTrades, heardEarly }
  })
  return { tape, receiveNs: receiveNs.toArray() }
}
