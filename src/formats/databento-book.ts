/*
 * What Databento's normalised records mean for a book, whether they come as DBN or as CSV (Standards and conventions, MBO and MBP schemas).
 *   MBO. Actions: A add, C cancel (of `size`), M modify (to `size`), R clear, T trade (side of the aggressor), F fill (side of the resting
 *   order), N nothing. T and F change no book: the C or M of the same order and `ts_event` that follows does. So a fill waits for it and
 *   becomes an `execute` row there, at its place in the queue; what the C or M takes beyond the fill is a cancel. An order that is refreshed
 *   after a fill (an iceberg) joins the queue anew. A fill that no change follows becomes a trade row (`fillsWithoutChange`).
 *   The part of a T that no F explains is an execution against what the book does not show (`execute-hidden`).
 *   Flags: SNAPSHOT records are the seed, or what rests after a gap; LAST ends an event; MAYBE_BAD_BOOK is a hole that could not be filled.
 *   MBP. Each record carries the best levels after it (level-tape.ts); a T is a print.
 * `ts_event` is the tape's time, of one clock per venue; where it is undefined `ts_recv` is.
 */
import { DATABENTO_FLAG } from './databento-flags.ts'
import type { LevelTape } from './level-tape.ts'
import type { OrderTape } from './order-tape.ts'

/** ASCII of the action letters. */
export const DATABENTO_ACTION = { add: 65, cancel: 67, fill: 70, modify: 77, nothing: 78, clear: 82, trade: 84 } as const
const ACTION = DATABENTO_ACTION
const ASK = 65
const BID = 66

/** +1 for 'B', -1 for 'A', 0 for none. */
export function databentoSide(code: number): number {
  return code === BID ? 1 : code === ASK ? -1 : 0
}

/** A fill that waits for its change of the book. */
interface Fill {
  high: number
  low: number
  quantity: number
  side: number
  price: number
}

/** An MBO record as numbers. Prices in 10^-9, NaN where undefined. Reused by its reader. */
export interface MboRecord {
  tNs: number
  /** ASCII of the action and side letters. */
  action: number
  side: number
  idHigh: number
  idLow: number
  price: number
  size: number
  flags: number
}

export class DatabentoOrders {
  private readonly tape: OrderTape
  private readonly fills: Fill[] = []
  private fillCount = 0
  private fillNs = Number.NaN
  /** The trade whose fills are being read: what they have not explained yet. */
  private tradeQuantity = 0
  private tradeSide = 0
  private tradePrice = 0
  private tradeNs = 0
  private isSeeding = false
  private isBad = false

  constructor(tape: OrderTape) {
    this.tape = tape
  }

  apply(record: MboRecord): void {
    const { tape } = this
    const { tNs, action, flags } = record
    const isSnapshot = (flags & DATABENTO_FLAG.snapshot) !== 0
    if (isSnapshot !== this.isSeeding) this.seed(isSnapshot)
    const isBad = (flags & DATABENTO_FLAG.maybeBadBook) !== 0
    if (isBad !== this.isBad) {
      this.isBad = isBad
      if (isBad) tape.gap(tNs, 1)
      else tape.recover(tNs)
    }
    if (this.tradeQuantity > 0 && action !== ACTION.fill) this.endTrade()
    if (this.fillCount > 0 && tNs !== this.fillNs) this.dropFills()
    this.act(record)
    if ((flags & DATABENTO_FLAG.last) !== 0 && this.fillCount === 0) tape.settle()
  }

  /** The file has ended. */
  end(): void {
    this.endTrade()
    this.dropFills()
    this.seed(false)
  }

  private act(record: MboRecord): void {
    const { tape } = this
    const { tNs, action, idHigh, idLow, price, size } = record
    const side = databentoSide(record.side)
    switch (action) {
      case ACTION.add:
        if (side === 0 || Number.isNaN(price)) tape.log.count('addsWithoutSideOrPrice')
        else tape.add(tNs, idHigh, idLow, side, price, size)
        break
      case ACTION.cancel:
        this.cancel(record)
        break
      case ACTION.modify:
        if (side === 0 || Number.isNaN(price)) tape.log.count('modifiesWithoutSideOrPrice')
        else this.modify(record, side)
        break
      case ACTION.clear:
        tape.clear(tNs)
        break
      case ACTION.trade:
        if (Number.isNaN(price)) tape.log.count('tradesWithoutPrice')
        else this.startTrade(tNs, side, price, size)
        break
      case ACTION.fill:
        this.addFill(record, side)
        break
      case ACTION.nothing:
        break
      default:
        tape.log.count('unknownActions')
    }
  }

  private cancel({ tNs, idHigh, idLow, size }: MboRecord): void {
    const filled = Math.min(this.takeFill(idHigh, idLow), size)
    if (filled > 0) this.tape.execute(tNs, idHigh, idLow, filled)
    if (size > filled) this.tape.reduce(tNs, idHigh, idLow, size - filled)
    else if (size === 0) this.tape.delete(tNs, idHigh, idLow)
  }

  private modify({ tNs, idHigh, idLow, price, size }: MboRecord, side: number): void {
    const { tape } = this
    const filled = this.takeFill(idHigh, idLow)
    if (filled > 0) {
      tape.execute(tNs, idHigh, idLow, filled)
      if (!tape.isLive(idHigh, idLow)) {
        // All that was displayed is gone, and the order shows more: a new place in the queue.
        tape.log.count('refreshedOrders')
        if (size > 0) tape.add(tNs, idHigh, idLow, side, price, size)
        return
      }
    }
    tape.modify(tNs, idHigh, idLow, side, price, size)
  }

  private startTrade(tNs: number, side: number, price: number, size: number): void {
    this.tradeNs = tNs
    this.tradeSide = -side
    this.tradePrice = price
    this.tradeQuantity = size
  }

  /** What is left of a trade traded against something that is not in the book. */
  private endTrade(): void {
    if (this.tradeQuantity > 0) this.tape.executeHidden(this.tradeNs, this.tradeSide, this.tradePrice, this.tradeQuantity)
    this.tradeQuantity = 0
  }

  private addFill({ tNs, idHigh, idLow, price, size }: MboRecord, side: number): void {
    this.tradeQuantity = Math.max(0, this.tradeQuantity - size)
    this.fillNs = tNs
    const found = this.findFill(idHigh, idLow)
    if (found >= 0) {
      this.fills[found].quantity += size
      return
    }
    if (this.fillCount === this.fills.length) this.fills.push({ high: 0, low: 0, quantity: 0, side: 0, price: 0 })
    const fill = this.fills[this.fillCount++]
    fill.high = idHigh
    fill.low = idLow
    fill.quantity = size
    fill.side = side
    fill.price = price
  }

  private findFill(idHigh: number, idLow: number): number {
    const { fills, fillCount } = this
    for (let at = 0; at < fillCount; at++) if (fills[at].low === idLow && fills[at].high === idHigh) return at
    return -1
  }

  /** Quantity of the order's waiting fill, which is then no longer waiting. */
  private takeFill(idHigh: number, idLow: number): number {
    if (this.fillCount === 0) return 0
    const at = this.findFill(idHigh, idLow)
    if (at < 0) return 0
    const { fills } = this
    const fill = fills[at]
    fills[at] = fills[--this.fillCount]
    fills[this.fillCount] = fill
    return fill.quantity
  }

  private dropFills(): void {
    for (let at = 0; at < this.fillCount; at++) {
      const { side, price, quantity } = this.fills[at]
      this.tape.log.count('fillsWithoutChange')
      if (!Number.isNaN(price)) this.tape.trade(this.fillNs, side, price, quantity)
    }
    this.fillCount = 0
  }

  private seed(isSnapshot: boolean): void {
    this.isSeeding = isSnapshot
    if (isSnapshot) this.tape.beginSnapshot()
    else this.tape.endSnapshot()
  }
}

/** Levels that a record shows after it, best first; prices NaN and sizes 0 where there are none. */
export interface DepthRecord {
  tNs: number
  action: number
  side: number
  price: number
  size: number
  flags: number
  readonly bidPrice: Float64Array
  readonly askPrice: Float64Array
  readonly bidSize: Float64Array
  readonly askSize: Float64Array
}

export class DatabentoDepth {
  private readonly tape: LevelTape
  private readonly levelsBefore: boolean
  private isBad = false

  /** `levelsBefore`: the record's levels are those before its trade (TBBO). */
  constructor(tape: LevelTape, levelsBefore = false) {
    this.tape = tape
    this.levelsBefore = levelsBefore
  }

  apply(record: DepthRecord): void {
    const { tape } = this
    const { tNs, flags } = record
    const isBad = (flags & DATABENTO_FLAG.maybeBadBook) !== 0
    if (isBad !== this.isBad) {
      this.isBad = isBad
      if (isBad) tape.gap(tNs, 1)
      else tape.recover(tNs)
    }
    const isSeed = (flags & DATABENTO_FLAG.snapshot) !== 0
    if (isSeed) tape.beginSnapshot()
    if (!this.levelsBefore && record.action === ACTION.trade) this.trade(record)
    if (record.bidPrice.length > 0) tape.window(tNs, record.bidPrice, record.bidSize, record.askPrice, record.askSize)
    if (this.levelsBefore && record.action === ACTION.trade) this.trade(record)
    if (isSeed) tape.endSnapshot(false)
    if ((flags & DATABENTO_FLAG.last) !== 0) tape.settle()
  }

  private trade({ tNs, side, price, size }: DepthRecord): void {
    if (Number.isNaN(price)) this.tape.log.count('tradesWithoutPrice')
    else this.tape.trade(tNs, -databentoSide(side), price, size)
  }
}
