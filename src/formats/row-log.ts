/*
 * What all imports write rows through: it keeps T1, T2 and T4 of tape.ts and counts, by name, whatever it had to do for that.
 *   Time that goes back is clamped to the last row's (`clampedTimeRows`, `clampedNsMax`).
 *   Rows outside the window [fromNs, toNs] change the book and are not written (`rowsBeforeWindow`, `rowsAfterWindow`); what rests when it opens
 *   is the seed.
 *   Prices and quantities become ticks and lots (decimal-grid.ts); a finer grid found later scales the rows already written.
 *   A price too far off for 2^30 ticks is left out with its order, level or print (`pricesBeyondRange`).
 *   A quantity that no lot can hold is rounded (`roundedQuantities`), on a tape by price after the lot was made coarser (`lotCoarsenings`), or
 *   capped (`cappedQuantities`); a displayed price off a given tick is an error.
 */
import { InputError } from '../kernel/assert.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../market/tape.ts'
import { DecimalGrid, LOTS_MAX, scaledLots, TICKS_MAX } from './decimal-grid.ts'
import type { ImportOptions } from './format.ts'
import { SessionClock } from './session-clock.ts'

/** The longest tape: about 100 days. */
const TIME_NS_MAX = Number.MAX_SAFE_INTEGER

/** What the format knows of a file; the user's options go before it. */
export interface FileFacts {
  readonly symbol: string
  readonly venue: string
  readonly zone: string
  /** YYYY-MM-DD; null = that of the first row. */
  readonly date: string | null
  /** The venue's usual session, ns since midnight; null = what was recorded. */
  readonly session: readonly [openNs: number, closeNs: number] | null
  /** Prices and quantities come as whole numbers of 10^-decimals; the usual steps as decimals, null = as the file's values say. */
  readonly priceDecimals: number
  readonly usualTick: string | null
  readonly quantityDecimals: number
  readonly usualLot: string | null
  /** Format and files, for the header. */
  readonly source: string
}

/** Rows below `row` are to be multiplied by `factor`. */
interface Scaling {
  readonly row: number
  readonly factor: number
}

export class RowLog {
  readonly clock: SessionClock
  /** Of the tape, where the user names none. */
  symbol: string
  venue: string
  readonly tick: DecimalGrid
  readonly lot: DecimalGrid
  /** The instant of the current event, never less than that of the one before. */
  nowNs = 0
  /** The current event is inside the window: rows are written. */
  isWriting = false
  /** No later event can be inside the window. */
  isPastWindow = false
  halted = false
  /** A quantity that does not fit makes lots larger and rounds what is there: for totals, not for orders whose parts must add up. */
  coarsensLots = false
  private readonly facts: FileFacts
  private readonly options: ImportOptions
  private readonly where: () => string
  /** Called when the window opens: writes what rests. */
  private readonly onOpen: () => void
  private readonly onScale: (priceFactor: number, lotFactor: number) => void
  private readonly rows = new TapeBuilder()
  private readonly counts = new Map<string, number>()
  private readonly priceScalings: Scaling[] = []
  private readonly lotScalings: Scaling[] = []
  private readonly openNs: number
  private readonly closeNs: number
  private readonly fromNs: number
  private readonly toNs: number
  private firstNs = 0
  private clampedNsMax = 0
  private delayNsMin = Number.POSITIVE_INFINITY
  private delayNsMax = Number.NEGATIVE_INFINITY
  private receivedEarlyCount = 0

  /**
   * `where` says the place in the file for errors: "file:line". Errors: InputError for options that no file could meet.
   */
  constructor(
    facts: FileFacts,
    options: ImportOptions,
    where: () => string,
    onOpen: () => void,
    onScale: (priceFactor: number, lotFactor: number) => void
  ) {
    this.facts = facts
    this.options = options
    this.symbol = facts.symbol
    this.venue = facts.venue
    this.where = where
    this.onOpen = onOpen
    this.onScale = onScale
    this.clock = new SessionClock(options.zone ?? facts.zone, options.date ?? facts.date ?? undefined, options.clockOffsetNs ?? 0)
    this.tick = new DecimalGrid({
      what: 'tick',
      decimals: facts.priceDecimals,
      given: options.tick,
      usual: facts.usualTick,
      stepsMax: TICKS_MAX
    })
    this.lot = new DecimalGrid({
      what: 'lot',
      decimals: facts.quantityDecimals,
      given: options.lot,
      usual: facts.usualLot,
      stepsMax: LOTS_MAX
    })
    this.openNs = options.openNs ?? facts.session?.[0] ?? Number.NEGATIVE_INFINITY
    this.closeNs = options.closeNs ?? facts.session?.[1] ?? Number.POSITIVE_INFINITY
    if (this.closeNs <= this.openNs) throw new InputError('close: the session ends before it starts; give open before close')
    this.fromNs = Math.max(0, options.fromNs ?? 0)
    this.toNs = options.toNs ?? Number.POSITIVE_INFINITY
    if (this.toNs < this.fromNs) throw new InputError('to: the window ends before it starts; give from before to')
  }

  get rowCount(): number {
    return this.rows.count
  }

  /** Continuous trading, as far as is known: in the session and not halted. */
  get isContinuous(): boolean {
    return !this.halted && this.nowNs >= this.openNs && this.nowNs < this.closeNs
  }

  /** Counts something under its name in the tape's notes. */
  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by)
  }

  /** Throws an InputError at the current place of the file. */
  fail(what: string): never {
    throw new InputError(`${this.where()}: ${what}`)
  }

  /**
   * Makes `tNs` the instant of an event, or the last instant where that is later. True when its rows are to be written. To be called
   * before the event changes the book.
   */
  enter(tNs: number): boolean {
    if (tNs !== this.nowNs) {
      if (tNs > this.nowNs) {
        if (!(tNs <= TIME_NS_MAX)) this.fail('the time is more than 100 days after the date of the session; is the file damaged?')
        this.nowNs = tNs
      } else if (this.isWriting || tNs >= 0) {
        this.count('clampedTimeRows')
        this.clampedNsMax = Math.max(this.clampedNsMax, this.nowNs - tNs)
      } else {
        this.count('rowsBeforeWindow')
        return false
      }
    }
    return this.isWriting && this.nowNs <= this.toNs ? true : this.openOrClose()
  }

  /** Writes a row at the current instant. */
  push(kind: number, side: number, priceTicks: number, lots: number, orderId: number, flags: number): void {
    this.rows.push(this.nowNs, kind, side, priceTicks, lots, orderId, flags)
  }

  /** A displayed price in ticks; NaN when it is beyond range. Errors: InputError when it is off a tick that is fixed. */
  priceTicks(units: number): number {
    const ticks = this.tick.exactly(units)
    if (!Number.isNaN(ticks)) return ticks
    if (this.tick.isBeyond(units)) {
      this.count('pricesBeyondRange')
      return Number.NaN
    }
    const factor = this.tick.refine(units)
    if (factor === null) this.fail(this.tick.faultOf(units))
    if (factor !== 1) this.scale(this.priceScalings, factor, 1)
    return this.tick.exactly(units)
  }

  /** A printed price in ticks, rounded down: prints of hidden orders may lie between two (`printFlag`). NaN when it is beyond range. */
  printTicks(units: number): number {
    if (this.tick.unitsPerStep === 0) return this.priceTicks(units)
    const ticks = this.tick.atOrBelow(units)
    if (Number.isNaN(ticks)) this.count('pricesBeyondRange')
    return ticks
  }

  /** ROW_FLAG.between when a printed price is off the grid. */
  printFlag(units: number): number {
    return units % this.tick.unitsPerStep === 0 ? 0 : ROW_FLAG.between
  }

  /** A quantity in lots; what is more than nothing is at least one lot. */
  lots(units: number): number {
    const { lot } = this
    const lots = lot.exactly(units)
    if (!Number.isNaN(lots)) return lots
    if (Number.isFinite(units) && !Number.isInteger(units)) {
      // More decimals than the file is read with.
      this.count('roundedQuantities')
      return this.lots(Math.max(1, Math.round(units)))
    }
    const exact = lot.refine(units)
    const factor = exact ?? lot.refineRoughly(units)
    if (factor !== null && factor !== 1) this.scale(this.lotScalings, 1, factor)
    if (exact !== null) return lot.exactly(units)
    if (this.coarsensLots && units / lot.unitsPerStep > LOTS_MAX) {
      const coarser = lot.coarsen(units)
      if (coarser !== null) {
        this.count('lotCoarsenings')
        this.scale(this.lotScalings, 1, coarser)
      }
    }
    const near = Math.round(units / lot.unitsPerStep)
    if (!(near <= LOTS_MAX)) {
      this.count('cappedQuantities')
      return LOTS_MAX
    }
    if (near * lot.unitsPerStep !== units) this.count('roundedQuantities')
    return units > 0 ? Math.max(1, near) : 0
  }

  /** How long after the exchange's time the row was received: the least and the most are noted, and those received before they were sent. */
  received(delayNs: number): void {
    if (delayNs < 0) this.receivedEarlyCount++
    if (delayNs < this.delayNsMin) this.delayNsMin = delayNs
    if (delayNs > this.delayNsMax) this.delayNsMax = delayNs
  }

  /** `book`: what the rows show. Errors: InputError when nothing was written. */
  finish(book: 'by-order' | 'by-price'): Tape {
    const { facts, options, rows } = this
    if (rows.count === 0) {
      const why =
        this.counts.size === 0 ? 'the file has none' : [...this.counts].map(([name, count]) => `${name} ${count}`).join(', ')
      const symbol = options.symbol ?? this.symbol
      this.fail(`there are no rows${symbol === '' ? '' : ` of ${symbol}`} to make a tape of (${why})`)
    }
    const tick = this.tick.header()
    const lot = this.lot.header()
    this.noteDelays()
    if (this.clampedNsMax > 0) this.counts.set('clampedNsMax', this.clampedNsMax)
    if (this.tick.refinedCount > 0) this.counts.set('tickRefinements', this.tick.refinedCount)
    if (this.lot.refinedCount > 0) this.counts.set('lotRefinements', this.lot.refinedCount)
    const [openNs, closeNs] = this.session(this.firstNs, Math.min(this.nowNs, this.toNs))
    const tape = rows.finish({
      symbol: options.symbol ?? this.symbol,
      venue: options.venue ?? this.venue,
      date: this.clock.date ?? '1970-01-01',
      zone: this.clock.zoneName,
      tickUnits: tick.units,
      priceDecimals: tick.decimals,
      lotUnits: lot.units,
      lotDecimals: lot.decimals,
      openNs,
      closeNs,
      ...(book === 'by-price' ? { book } : {}),
      source: facts.source,
      notes: Object.fromEntries(this.counts)
    })
    applyScalings(tape.priceTicks, this.priceScalings)
    applyScalings(tape.lots, this.lotScalings)
    return tape
  }

  private noteDelays(): void {
    if (this.delayNsMin > this.delayNsMax) return
    this.counts.set('receiveDelayNsMin', this.delayNsMin)
    this.counts.set('receiveDelayNsMax', this.delayNsMax)
    if (this.delayNsMin >= 0) return
    this.counts.set('receivedBeforeSent', this.receivedEarlyCount)
    // Nothing is received before it is sent: the recorder's clock is behind the exchange's by this much at least.
    this.counts.set('receiveClockBehindNs', -this.delayNsMin)
  }

  private openOrClose(): boolean {
    if (this.nowNs < this.fromNs) {
      this.count('rowsBeforeWindow')
      return false
    }
    if (this.nowNs > this.toNs) {
      this.isPastWindow = true
      this.isWriting = false
      this.count('rowsAfterWindow')
      return false
    }
    this.isWriting = true
    this.firstNs = this.nowNs
    if (this.halted) this.push(ROW_KIND.of.halt, 0, 0, 0, 0, ROW_FLAG.added)
    this.onOpen()
    return true
  }

  private scale(scalings: Scaling[], prices: number, lots: number): void {
    scalings.push({ row: this.rows.count, factor: prices * lots })
    this.onScale(prices, lots)
  }

  /** Bounds of the session: as given; else the usual ones, cut to what was recorded. */
  private session(firstNs: number, lastNs: number): readonly [number, number] {
    const { options, facts } = this
    let openNs = firstNs
    let closeNs = Math.max(firstNs + 1, lastNs)
    if (facts.session !== null && facts.session[0] < closeNs && facts.session[1] > openNs) {
      openNs = Math.max(openNs, facts.session[0])
      closeNs = Math.min(closeNs, facts.session[1])
    }
    openNs = options.openNs ?? openNs
    closeNs = options.closeNs ?? closeNs
    return closeNs > openNs ? [openNs, closeNs] : [openNs, openNs + 1]
  }
}

/** Multiplies every row by the factors of the refinements that came after it. What was capped stays so. */
function applyScalings(column: Int32Array, scalings: readonly Scaling[]): void {
  let factor = 1
  for (let index = scalings.length - 1; index >= 0; index--) {
    factor *= scalings[index].factor
    const from = index === 0 ? 0 : scalings[index - 1].row
    for (let row = from; row < scalings[index].row; row++) column[row] = Math.min(LOTS_MAX, scaledLots(column[row], factor))
  }
}
