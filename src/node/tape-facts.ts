/* What a tape holds, counted in one pass of the sequential book; means of the touch are over time, not over rows. */
import { NS_PER_DAY } from '../kernel/units.ts'
import { Book } from '../market/book.ts'
import { daysOf, formatPrice, ROW_KIND, type Tape, type TapeDay } from '../market/tape.ts'
import type { TapeFacts } from '../report/tape.ts'

export function tapeFacts(tape: Tape, hash: string): TapeFacts {
  const { header, count } = tape
  const rowsByKind = new Array<number>(ROW_KIND.names.length).fill(0)
  const { clear, execute, trade } = ROW_KIND.of
  const days = daysOf(header)
  const hidden = ROW_KIND.of['execute-hidden']
  let tradedLots = 0
  const touch = new TouchTime()
  const book = new Book()
  for (let row = 0; row < count; row++) {
    const kind = tape.kind[row]
    rowsByKind[kind]++
    if (kind === execute || kind === hidden || kind === trade) tradedLots += tape.lots[row]
    book.apply(tape, row)
    // The book between two rows stands for the time between them; rows of one instant count as the last.
    // The night after a day's clear (T6) is no time of the market.
    if (days.length > 1 && kind === clear && row + 1 < count && isNight(days, tape.tNs[row], tape.tNs[row + 1])) continue
    const untilNs = row + 1 < count ? tape.tNs[row + 1] : Math.max(tape.tNs[row], header.closeNs)
    touch.add(book, untilNs - tape.tNs[row])
  }
  const lotHeader = { ...header, tickUnits: header.lotUnits, priceDecimals: header.lotDecimals }
  return {
    symbol: header.symbol,
    venue: header.venue,
    date: header.date,
    zone: header.zone,
    tickSize: formatPrice(header, 1),
    lotSize: formatPrice(lotHeader, 1),
    source: header.source,
    openNs: header.openNs,
    closeNs: header.closeNs,
    ...(header.days === undefined ? {} : { days: header.days }),
    rowCount: count,
    firstNs: count === 0 ? null : tape.tNs[0],
    lastNs: count === 0 ? null : tape.tNs[count - 1],
    rowsByKind: Object.fromEntries(ROW_KIND.names.map((name, kind) => [name, rowsByKind[kind]])),
    tradedLots,
    notes: header.notes,
    touch: touch.facts((halfTicks) => formatHalfTicks(tape, halfTicks)),
    hash
  }
}

/** Does another day open between the two instants, or at the later one? */
function isNight(days: readonly TapeDay[], fromNs: number, untilNs: number): boolean {
  return (
    days.some(({ openNs }) => openNs > fromNs && openNs <= untilNs) ||
    Math.floor(fromNs / NS_PER_DAY) < Math.floor(untilNs / NS_PER_DAY)
  )
}

/** A mid between two ticks needs one more decimal. */
function formatHalfTicks({ header }: Tape, halfTicks: number): string {
  const finer = { ...header, tickUnits: header.tickUnits * 5, priceDecimals: header.priceDecimals + 1 }
  return formatPrice(finer, halfTicks)
}

class TouchTime {
  private totalNs = 0
  private twoSidedNs = 0
  private crossedNs = 0
  private bidLotNs = 0
  private askLotNs = 0
  private lowHalfTicks = Infinity
  private highHalfTicks = -Infinity
  private readonly spreadNs = new Map<number, number>()

  add(book: Book, ns: number): void {
    if (ns <= 0) return
    this.totalNs += ns
    if (book.isEmpty(1) || book.isEmpty(-1)) return
    const bid = book.best(1)
    const ask = book.best(-1)
    if (bid >= ask) {
      this.crossedNs += ns
      return
    }
    this.twoSidedNs += ns
    this.bidLotNs += book.bestLots(1) * ns
    this.askLotNs += book.bestLots(-1) * ns
    this.spreadNs.set(ask - bid, (this.spreadNs.get(ask - bid) ?? 0) + ns)
    this.lowHalfTicks = Math.min(this.lowHalfTicks, bid + ask)
    this.highHalfTicks = Math.max(this.highHalfTicks, bid + ask)
  }

  facts(formatMid: (halfTicks: number) => string): TapeFacts['touch'] {
    const { totalNs, twoSidedNs } = this
    const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
    let spreadSum = 0
    for (const [spread, ns] of this.spreadNs) spreadSum += spread * ns
    return {
      spreadTicksMean: share(spreadSum, twoSidedNs),
      spreadTicksP50: this.spreadQuantile(0.5),
      spreadTicksP95: this.spreadQuantile(0.95),
      twoSidedShare: share(twoSidedNs, totalNs),
      crossedShare: share(this.crossedNs, totalNs),
      bidLotsMean: share(this.bidLotNs, twoSidedNs),
      askLotsMean: share(this.askLotNs, twoSidedNs),
      lowMid: twoSidedNs === 0 ? null : formatMid(this.lowHalfTicks),
      highMid: twoSidedNs === 0 ? null : formatMid(this.highHalfTicks)
    }
  }

  /** The least spread that stood, together with narrower ones, for this share of the time. */
  private spreadQuantile(p: number): number | null {
    let ns = 0
    for (const [spread, spreadNs] of [...this.spreadNs].sort(([a], [b]) => a - b)) {
      ns += spreadNs
      if (ns >= p * this.twoSidedNs) return spread
    }
    return null
  }
}
