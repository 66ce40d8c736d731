/*
 * The engine's side of the ledger: the book that each message met, the fills, and the mids some time after each fill
 * (markouts), which the engine notes when they are due.
 */
import type { Ledger } from '../ledger/ledger.ts'
import type { Touch } from '../market/market.ts'
import { FILL_CAUSE, LIQUIDITY, MESSAGE_TYPE } from '../order/words.ts'
import type { Messages } from './messages.ts'

/** Horizons of the markouts in the fills table. */
export const MARK_NS = [100_000_000, 1_000_000_000, 10_000_000_000] as const
const MARK_COLUMNS = ['mid100msHalfTicks', 'mid1sHalfTicks', 'mid10sHalfTicks'] as const

export class EngineLedger {
  private readonly ledger: Ledger
  private readonly messages: Messages
  private readonly venue: number

  constructor(ledger: Ledger, messages: Messages, venue: number) {
    this.ledger = ledger
    this.messages = messages
    this.venue = venue
  }

  /** The book that the message met. */
  writeTouch(message: number, touch: Touch): void {
    const row = this.messages.ledgerRow.values[message]
    const isCancel = this.messages.type.values[message] === MESSAGE_TYPE.of.cancel
    const { col } = isCancel ? this.ledger.cancels : this.ledger.attempts
    col.bidTicks[row] = touch.bidLots > 0 ? touch.bidTicks : Number.NaN
    col.bidLots[row] = touch.bidLots
    col.askTicks[row] = touch.askLots > 0 ? touch.askTicks : Number.NaN
    col.askLots[row] = touch.askLots
    if (!isCancel) {
      const { children } = this.ledger
      const child = this.messages.child.values[message]
      if (Number.isNaN(children.col.arrivalMidHalfTicks[child])) children.col.arrivalMidHalfTicks[child] = midOf(touch)
    }
  }

  writeAheadBefore(message: number, lots: number): void {
    this.ledger.attempts.col.lotsAheadBefore[this.messages.ledgerRow.values[message]] = lots
  }

  writeAheadAfter(message: number, lots: number): void {
    this.ledger.attempts.col.lotsAheadAfter[this.messages.ledgerRow.values[message]] = lots
  }

  writeCancelAhead(message: number, lots: number): void {
    this.ledger.cancels.col.lotsAhead[this.messages.ledgerRow.values[message]] = lots
  }

  /** Gives the row of the fills table. */
  writeFill(
    child: number,
    side: number,
    lots: number,
    priceTicks: number,
    cause: number,
    tapeRow: number,
    touch: Touch,
    nowNs: number
  ): number {
    const { fills, children } = this.ledger
    const row = fills.add()
    const { col } = fills
    col.fillId[row] = row
    col.parentId[row] = children.col.parentId[child]
    col.childId[row] = child
    col.venue[row] = this.venue
    col.side[row] = side
    col.fillNs[row] = nowNs
    col.priceTicks[row] = priceTicks
    col.lots[row] = lots
    col.liquidity[row] = cause === FILL_CAUSE.of.take ? LIQUIDITY.of.taker : LIQUIDITY.of.maker
    col.cause[row] = cause
    col.tapeRow[row] = tapeRow
    col.midHalfTicks[row] = midOf(touch)
    return row
  }

  fillNs(fillRow: number): number {
    return this.ledger.fills.col.fillNs[fillRow]
  }

  /** The mid MARK_NS[mark] after a fill. */
  writeMark(fillRow: number, mark: number, touch: Touch): void {
    this.ledger.fills.col[MARK_COLUMNS[mark]][fillRow] = midOf(touch)
  }
}

/** Twice the mid of a touch, in ticks; NaN when a side is empty. */
export function midOf(touch: Touch): number {
  return touch.bidLots > 0 && touch.askLots > 0 ? touch.bidTicks + touch.askTicks : Number.NaN
}
