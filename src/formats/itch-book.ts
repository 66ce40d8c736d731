/*
 * ITCH 5.0 messages of one stock to an order tape.
 *   A F add. E execute. X reduce. D delete. U delete and add at the tail, the side kept. P an execution of an order that is not displayed; its
 *   side letter is B for every stock since 2014, so the side is inferred unless the file has an S.
 *   C, an execution at another price than the order's: printable, it is a continuous execution of the order in its place; not printable, it is
 *   the order's part in a cross, told once more in Q: it leaves the book without a continuous match (`crossExecutions`).
 *   Q, a cross with a volume: a cross row, which matches no continuous order. B, a broken trade: nothing to undo in a book (`brokenTrades`).
 *   H: halted, paused and quotation-only halt; trading resumes. h, an operational halt of this market: likewise.
 *   S gives the market hours. All other types say nothing of the book; every type is counted (`messages<type>`).
 */

import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Tape } from '../market/tape.ts'
import type { ImportOptions } from './format.ts'
import { InstrumentChoice } from './instrument-choice.ts'
import { ITCH, ITCH_LENGTH, itchSymbol } from './itch-messages.ts'
import { OrderTape } from './order-tape.ts'
import type { FileFacts } from './row-log.ts'

const BUY = 66
const SELL = 83
const TRADING = 84
const RESUMED = 84
const PRINTABLE = 89
const TWO_32 = 4_294_967_296
const OPEN_NS = 9.5 * 3600 * NS_PER_SECOND
const CLOSE_NS = 16 * 3600 * NS_PER_SECOND
/** Prices have four decimals. */
const PRICE_DECIMALS = 4

export class ItchBook {
  /** Messages by type's code, of all stocks. */
  readonly counts = new Float64Array(256)
  private readonly choice: InstrumentChoice
  private readonly tape: OrderTape
  private readonly fail: (what: string) => never
  private readonly where: () => string
  private sellPrints = false
  private takenLocate = -1
  /** By stock locate, until ours is known. */
  private readonly isHalted = new Uint8Array(65_536)

  /** `date`: YYYY-MM-DD when the file's name or its packets say it. `fail` throws at the current place. */
  constructor(source: string, date: string | null, options: ImportOptions, where: () => string, fail: (what: string) => never) {
    this.fail = fail
    this.where = where
    this.choice = new InstrumentChoice(options.symbol)
    const facts: FileFacts = {
      symbol: options.symbol ?? '',
      venue: 'NASDAQ',
      zone: 'America/New_York',
      date,
      session: [OPEN_NS, CLOSE_NS],
      priceDecimals: PRICE_DECIMALS,
      usualTick: '0.01',
      quantityDecimals: 0,
      usualLot: '1',
      source
    }
    this.tape = new OrderTape(facts, options, where)
  }

  get isPast(): boolean {
    return this.tape.log.isPastWindow
  }

  /** `missing` messages of the feed are not there. */
  gap(missing: number): void {
    this.tape.gap(Math.max(0, this.tape.log.nowNs), missing)
  }

  count(name: string, by = 1): void {
    this.tape.log.count(name, by)
  }

  /** A message of `length` bytes, at least what its type has. */
  message(bytes: Uint8Array, view: DataView, at: number): void {
    const type = bytes[at]
    this.counts[type]++
    const locate = (bytes[at + 1] << 8) | bytes[at + 2]
    if (locate === this.takenLocate) this.take(type, view, bytes, at)
    else this.other(type, view, bytes, at, locate)
  }

  finish(): Tape {
    const { choice, tape } = this
    for (let code = 0; code < 256; code++)
      if (this.counts[code] > 0) tape.log.count(`messages${String.fromCharCode(code)}`, this.counts[code])
    if (this.takenLocate < 0) {
      if (choice.symbol !== null) choice.requireKnown(this.where())
    }
    tape.log.symbol = choice.taken
    return tape.finish()
  }

  /** A message of a stock that is not (yet) known to be ours. */
  private other(type: number, view: DataView, bytes: Uint8Array, at: number, locate: number): void {
    const { choice } = this
    if (type === ITCH.directory) {
      const symbol = itchSymbol(bytes, at + 11)
      choice.name(symbol, locate)
      if (symbol === choice.symbol) this.takenLocate = locate
      return
    }
    if (type === ITCH.tradingAction) this.isHalted[locate] = bytes[at + 19] === TRADING ? 0 : 1
    // A file that begins after its directory: adds, trades and crosses carry the symbol.
    if (type === ITCH.add || type === ITCH.addAttributed || type === ITCH.trade) choice.name(itchSymbol(bytes, at + 24), locate)
    const isOfBook = ITCH_OF_BOOK[type] === 1
    if (!isOfBook || !choice.takes(locate, this.fail)) return
    this.takenLocate = locate
    if (this.isHalted[locate] === 1) this.tape.log.halted = true
    this.take(type, view, bytes, at)
  }

  private take(type: number, view: DataView, bytes: Uint8Array, at: number): void {
    const { tape } = this
    const tNs = tape.log.clock.ofMidnightNs(view.getUint16(at + 5) * TWO_32 + view.getUint32(at + 7))
    if (ITCH_OF_BOOK[type] === 1) {
      this.change(type, tNs, view, at)
      tape.settle()
    } else if (type === ITCH.tradingAction) this.setTrading(tNs, bytes[at + 19] === TRADING)
    else if (type === ITCH.operationalHalt) this.setTrading(tNs, bytes[at + 20] === RESUMED)
    else if (type === ITCH.brokenTrade) tape.log.count('brokenTrades')
    else if (type === ITCH.cross)
      tape.cross(tNs, view.getUint32(at + 27), view.getUint32(at + 11) * TWO_32 + view.getUint32(at + 15))
  }

  private change(type: number, tNs: number, view: DataView, at: number): void {
    const { tape } = this
    const high = view.getUint32(at + 11)
    const low = view.getUint32(at + 15)
    switch (type) {
      case ITCH.add:
      case ITCH.addAttributed:
        tape.add(tNs, high, low, this.sideAt(view, at + 19), view.getUint32(at + 32), view.getUint32(at + 20))
        break
      case ITCH.execute:
        tape.execute(tNs, high, low, view.getUint32(at + 19))
        break
      case ITCH.executeAtPrice:
        if (view.getUint8(at + 31) === PRINTABLE) {
          tape.log.count('executionsAtOtherPrice')
          tape.execute(tNs, high, low, view.getUint32(at + 19))
        } else {
          tape.log.count('crossExecutions')
          tape.reduce(tNs, high, low, view.getUint32(at + 19))
        }
        break
      case ITCH.cancel:
        tape.reduce(tNs, high, low, view.getUint32(at + 19))
        break
      case ITCH.delete:
        tape.delete(tNs, high, low)
        break
      case ITCH.replace:
        tape.replace(
          tNs,
          high,
          low,
          view.getUint32(at + 19),
          view.getUint32(at + 23),
          view.getUint32(at + 31),
          view.getUint32(at + 27)
        )
        break
      default: {
        const side = this.sideAt(view, at + 19)
        if (side === -1) this.sellPrints = true
        tape.executeHidden(tNs, this.sellPrints ? side : 0, view.getUint32(at + 32), view.getUint32(at + 20))
      }
    }
  }

  private setTrading(tNs: number, isTrading: boolean): void {
    if (isTrading) this.tape.resume(tNs)
    else this.tape.halt(tNs)
  }

  private sideAt(view: DataView, at: number): number {
    const letter = view.getUint8(at)
    if (letter !== BUY && letter !== SELL) this.fail(`the side is neither B nor S (code ${letter}); is the file damaged?`)
    return letter === BUY ? 1 : -1
  }
}

/** 1 for the types that change or print on a book. */
const ITCH_OF_BOOK = new Uint8Array(256)
for (const type of [
  ITCH.add,
  ITCH.addAttributed,
  ITCH.execute,
  ITCH.executeAtPrice,
  ITCH.cancel,
  ITCH.delete,
  ITCH.replace,
  ITCH.trade
]) {
  ITCH_OF_BOOK[type] = ITCH_LENGTH[type] > 0 ? 1 : 0
}
