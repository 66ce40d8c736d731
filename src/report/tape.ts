/* What a tape is, as plain text: where it comes from, its rows by kind, its time range, its touch. All numbers are given. */
import { formatClock } from '../kernel/units.ts'
import { REPORT_WIDTH, type ReportContext } from './comparison.ts'
import { formatCount, formatFixed, formatShare } from './format.ts'
import { alignColumns, wrap } from './text-table.ts'

export interface TapeFacts {
  readonly symbol: string
  readonly venue: string
  readonly date: string
  readonly zone: string
  /** Price of one tick and quantity of one lot, as decimals. */
  readonly tickSize: string
  readonly lotSize: string
  readonly source: string
  readonly openNs: number
  readonly closeNs: number
  /** When there are several. */
  readonly days?: readonly { readonly date: string; readonly openNs: number; readonly closeNs: number }[]
  readonly rowCount: number
  /** Null without rows. */
  readonly firstNs: number | null
  readonly lastNs: number | null
  /** Kind of row to number of rows; kinds without rows may be left out. */
  readonly rowsByKind: Readonly<Record<string, number>>
  /** Lots executed (displayed, hidden, prints). */
  readonly tradedLots: number
  /** What the import did, by name. */
  readonly notes: Readonly<Record<string, number>>
  readonly touch: {
    /** Time-weighted over the time that both sides stood, ticks. */
    readonly spreadTicksMean: number | null
    readonly spreadTicksP50: number | null
    readonly spreadTicksP95: number | null
    /** Share of the time with both sides, and with a locked or crossed book, 0..1. */
    readonly twoSidedShare: number | null
    readonly crossedShare: number | null
    readonly bidLotsMean: number | null
    readonly askLotsMean: number | null
    /** As decimals; null when the book was never two-sided. */
    readonly lowMid: string | null
    readonly highMid: string | null
  }
  /** Hex hash of the tape, when known. */
  readonly hash?: string
}

function sessions({ days, openNs, closeNs, zone }: TapeFacts): string[][] {
  const span = (from: number, to: number): string => `${formatClock(from)} to ${formatClock(to)}`
  if (days === undefined) return [['session', `${span(openNs, closeNs)} ${zone}`]]
  return days.map((day) => ['session', `${day.date}: ${span(day.openNs, day.closeNs)} ${zone}`])
}

/** Lines joined by newlines, one at the end. */
export function tapeReport(facts: TapeFacts, paint: NonNullable<ReportContext['paint']> = (text) => text): string {
  const { touch } = facts
  const clock = (ns: number | null): string => (ns === null ? '-' : formatClock(ns))
  const about = [
    ['rows', `${formatCount(facts.rowCount)} from ${clock(facts.firstNs)} to ${clock(facts.lastNs)}`],
    ...sessions(facts),
    ['tick, lot', `${facts.tickSize}, ${facts.lotSize}`],
    ['traded', `${formatCount(facts.tradedLots)} lots`],
    [
      'spread, ticks',
      `mean ${formatFixed(touch.spreadTicksMean, 2)}, p50 ${formatFixed(touch.spreadTicksP50, 0)}, p95 ${formatFixed(touch.spreadTicksP95, 0)}`
    ],
    ['at the touch', `${formatFixed(touch.bidLotsMean, 1)} lots bid, ${formatFixed(touch.askLotsMean, 1)} lots offered (means)`],
    ['mid', touch.lowMid === null ? '-' : `${touch.lowMid} to ${touch.highMid}`],
    ['two-sided', `${formatShare(touch.twoSidedShare)} of the time; locked or crossed ${formatShare(touch.crossedShare)}`]
  ]
  if (facts.hash !== undefined) about.push(['hash', facts.hash])
  const kinds = Object.entries(facts.rowsByKind).filter(([, count]) => count > 0)
  const rowsByKind = kinds.map(([kind, count]) => [kind, formatCount(count), formatShare(count / facts.rowCount)])
  const notes = Object.entries(facts.notes).map(([name, count]) => [name, formatCount(count)])
  const lines = [
    ...wrap(`${facts.symbol} on ${facts.venue}, ${facts.date}`, REPORT_WIDTH, '  ').map((line) => paint(line, 'title')),
    ...wrap(facts.source, REPORT_WIDTH, '  '),
    '',
    ...alignColumns(about, ['left', 'left']),
    ''
  ]
  if (rowsByKind.length > 0)
    lines.push(paint('Rows by kind', 'title'), ...alignColumns(rowsByKind, ['left', 'right', 'right']), '')
  if (notes.length > 0) lines.push(paint('Import', 'title'), ...alignColumns(notes, ['left', 'right']), '')
  return `${lines.join('\n').trimEnd()}\n`
}
