/*
 * The tape: one row per recorded event, in columns, sorted by time. All later rooms read nothing else of the market.
 * Rules (checkTape verifies them; formats establish them):
 *   T1  tNs is a non-decreasing integer, ns since midnight of `date` in `zone`; each later day begins 24 h after the one before it.
 *   T2  lots >= 0 (> 0 except in level-set, clear, halt, resume); prices are whole ticks.
 *   T3  a row that names a live order has the side and price at which that order was added; an order id is added once
 *       while live.
 *   T4  rows flagged ADDED were put in by an import (seed, re-sync); they follow the recorded row that needed them and
 *       carry its time. The seed of a tape stands before its first recorded row.
 *   T5  a tape by price (L2, `header.book`) has no row that adds, reduces, deletes or executes an order, and none of a hidden one.
 *   T6  a tape of several days has, after each but the last, a clear flagged ADDED at the end of that day's session (or at its last row, when that is
 *       later): no order outlives its day, and its id may be used again.
 */
import { InputError } from '../kernel/assert.ts'
import { code } from '../kernel/code.ts'
import { GrowingColumn } from '../kernel/growing-column.ts'

/**
 * add: a limit order joins the tail of its level. reduce: partial cancel by `lots`. delete: the rest (`lots`) is cancelled.
 * execute: `lots` of a displayed order trade (side = the resting side). execute-hidden: a hidden order trades (side = the
 * resting side), no change of the book. trade: a print without a known resting order (side = the resting side), no change of the book.
 * level-set: the level's total becomes `lots`. clear: the book is emptied. halt and resume: no continuous match between. cross: an
 * auction (opening, closing, after a halt) trades `lots` at its one price, outside the continuous book, which it does not change.
 */
export const ROW_KIND = code(
  'add',
  'reduce',
  'delete',
  'execute',
  'execute-hidden',
  'trade',
  'level-set',
  'clear',
  'halt',
  'resume',
  'cross'
)

/** Bits of `flags`. ADDED: T4. BETWEEN: the price of an execute-hidden or trade row lies strictly between priceTicks and the next tick up. */
export const ROW_FLAG = { added: 1, between: 2 } as const

/** One day of a tape of several: its local date and the bounds of its session, ns since midnight of the first day. */
export interface TapeDay {
  readonly date: string
  readonly openNs: number
  readonly closeNs: number
}

export interface TapeHeader {
  readonly symbol: string
  readonly venue: string
  /** Local date of the (first) session, YYYY-MM-DD, and its IANA zone. */
  readonly date: string
  readonly zone: string
  /** A price is priceTicks * tickUnits / 10^priceDecimals; a quantity is lots * lotUnits / 10^lotDecimals. */
  readonly tickUnits: number
  readonly priceDecimals: number
  readonly lotUnits: number
  readonly lotDecimals: number
  /** Bounds of the session, ns since midnight; of several days, the open of the first and the close of the last. */
  readonly openNs: number
  readonly closeNs: number
  /** The days in order, when there are several. */
  readonly days?: readonly TapeDay[]
  /** What the rows show: orders (L3), the default, or totals of price levels and trades (L2), whose queues are estimated (M11). */
  readonly book?: 'by-order' | 'by-price'
  /** Where it came from, in words: format, file names, generator and seed. */
  readonly source: string
  /** What the import did, by name (`resyncRows`, `seededLevels`, ...). */
  readonly notes: Readonly<Record<string, number>>
}

/** Rows a tape may have: row numbers and their sums are unsigned 32-bit in the searches below and in the timeline. */
export const ROWS_MAX = 2 ** 31

/** Columns have length `count`. orderId 0 = none; its column is the narrower where every id is below 2^32. 23 or 27 bytes a row. */
export interface Tape {
  readonly header: TapeHeader
  readonly count: number
  readonly tNs: Float64Array
  readonly kind: Uint8Array
  readonly side: Int8Array
  readonly flags: Uint8Array
  readonly priceTicks: Int32Array
  readonly lots: Int32Array
  readonly orderId: Float64Array | Uint32Array
}

/** Collects rows; `finish` gives the tape, in memory that threads share. A builder holds 23 bytes a row, 27 once an id is wider than 32 bits. */
export class TapeBuilder {
  count = 0
  private readonly tNs: GrowingColumn<Float64Array>
  private readonly kind: GrowingColumn<Uint8Array>
  private readonly side: GrowingColumn<Int8Array>
  private readonly flags: GrowingColumn<Uint8Array>
  private readonly priceTicks: GrowingColumn<Int32Array>
  private readonly lots: GrowingColumn<Int32Array>
  private orderId: GrowingColumn<Uint32Array> | GrowingColumn<Float64Array>
  private orderIdMax = 2 ** 32 - 1

  constructor(capacity = 65536) {
    this.tNs = new GrowingColumn(Float64Array, capacity)
    this.kind = new GrowingColumn(Uint8Array, capacity)
    this.side = new GrowingColumn(Int8Array, capacity)
    this.flags = new GrowingColumn(Uint8Array, capacity)
    this.priceTicks = new GrowingColumn(Int32Array, capacity)
    this.lots = new GrowingColumn(Int32Array, capacity)
    this.orderId = new GrowingColumn(Uint32Array, capacity)
  }

  push(tNs: number, kind: number, side: number, priceTicks: number, lots: number, orderId: number, flags = 0): void {
    const row = this.count
    if (row === this.tNs.values.length) this.grow()
    if (orderId > this.orderIdMax) this.widen()
    this.tNs.values[row] = tNs
    this.kind.values[row] = kind
    this.side.values[row] = side
    this.flags.values[row] = flags
    this.priceTicks.values[row] = priceTicks
    this.lots.values[row] = lots
    this.orderId.values[row] = orderId
    this.count = row + 1
  }

  /** Empties the builder. */
  finish(header: TapeHeader): Tape {
    const { count } = this
    const tape = {
      header,
      count,
      tNs: this.tNs.finish(count),
      kind: this.kind.finish(count),
      side: this.side.finish(count),
      flags: this.flags.finish(count),
      priceTicks: this.priceTicks.finish(count),
      lots: this.lots.finish(count),
      orderId: this.orderId.finish(count)
    }
    this.count = 0
    return tape
  }

  private grow(): void {
    if (this.count >= ROWS_MAX / 2) throw new InputError(`a tape holds at most ${ROWS_MAX} rows; import fewer days`)
    this.tNs.grow()
    this.kind.grow()
    this.side.grow()
    this.flags.grow()
    this.priceTicks.grow()
    this.lots.grow()
    this.orderId.grow()
  }

  /** An id does not fit 32 bits. */
  private widen(): void {
    const narrow = this.orderId.values
    const wide = new GrowingColumn(Float64Array, narrow.length)
    while (wide.values.length < narrow.length) wide.grow()
    wide.values.set(narrow)
    this.orderId = wide
    this.orderIdMax = Number.POSITIVE_INFINITY
  }
}

/** The days of a tape, one or several. */
export function daysOf({ date, openNs, closeNs, days }: TapeHeader): readonly TapeDay[] {
  return days ?? [{ date, openNs, closeNs }]
}

/** First row with tNs > t: so the state at t is that after row `firstRowAfter(t) - 1`. */
export function firstRowAfter(tNs: Float64Array, count: number, t: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (tNs[middle] <= t) low = middle + 1
    else high = middle
  }
  return low
}

/** Last row with tNs <= t, searching upwards from a row that is not later. Instants are usually close to each other. */
export function rowFrom(tape: Tape, from: number, t: number): number {
  const { tNs, count } = tape
  let low = from + 1
  let step = 1
  while (low + step <= count && tNs[low + step - 1] <= t) {
    low += step
    step *= 2
  }
  let high = Math.min(count, low + step)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (tNs[middle] <= t) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Does the tape show totals of price levels instead of orders? */
export function isByPrice(tape: Tape): boolean {
  return tape.header.book === 'by-price'
}

/** Verifies T1, T2 and T5; throws an InputError that names the row. */
export function checkTape(tape: Tape): void {
  const { count, tNs, kind, side, lots } = tape
  const mayBeEmpty = ROW_KIND.of['level-set']
  const byPrice = isByPrice(tape)
  for (let row = 0; row < count; row++) {
    const where = `tape ${tape.header.symbol}, row ${row}`
    if (!Number.isSafeInteger(tNs[row]) || tNs[row] < 0) throw new InputError(`${where}: the time is not a whole number of ns`)
    if (row > 0 && tNs[row] < tNs[row - 1]) throw new InputError(`${where}: the time goes back`)
    if (kind[row] >= ROW_KIND.names.length) throw new InputError(`${where}: kind ${kind[row]} is unknown`)
    if (kind[row] <= mayBeEmpty && side[row] !== 1 && side[row] !== -1)
      throw new InputError(`${where}: the side is neither 1 nor -1`)
    if (lots[row] < 0 || (kind[row] < mayBeEmpty && lots[row] === 0))
      throw new InputError(`${where}: the quantity is not positive`)
    if (byPrice && kind[row] < ROW_KIND.of.trade)
      throw new InputError(`${where}: a tape by price has no ${ROW_KIND.names[kind[row]]} rows`)
  }
}

/** priceTicks as a decimal, exactly: 22382 at tick 0.01 is "223.82". */
export function formatPrice(header: TapeHeader, priceTicks: number): string {
  const units = priceTicks * header.tickUnits
  if (header.priceDecimals === 0) return String(units)
  const sign = units < 0 ? '-' : ''
  const digits = String(Math.abs(units)).padStart(header.priceDecimals + 1, '0')
  return `${sign}${digits.slice(0, -header.priceDecimals)}.${digits.slice(-header.priceDecimals)}`
}

/** Currency per tick and lot, as a float: for notional in metrics and reports only. */
export function tickValue(header: TapeHeader): number {
  return (header.tickUnits / 10 ** header.priceDecimals) * (header.lotUnits / 10 ** header.lotDecimals)
}
