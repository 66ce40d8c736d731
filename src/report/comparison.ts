/*
 * A comparison as plain text, at most 100 columns: what each policy paid, the paired differences with their intervals and a
 * verdict in words, then what happened below the strategy, then how to get the same numbers again.
 */
import type { Difference } from '../experiment/bootstrap.ts'
import type { Comparison } from '../experiment/compare.ts'
import { formatCount, formatFixed, formatPlural, formatShare, formatSigned, NONE } from './format.ts'
import { measuresOf } from './measures.ts'
import { type Alignment, alignColumns, wrap } from './text-table.ts'

export const REPORT_WIDTH = 100

/** Assumed: with fewer seeds than this the report says that intervals are rough. */
const SEED_COUNT_MIN = 10

export type Tone = 'title' | 'better' | 'worse' | 'quiet'

export interface ReportContext {
  /** What was traded, in words: "AMZN on NASDAQ, 2012-06-21". */
  readonly market: string
  /** The command that gives the same numbers. */
  readonly command: string
  /** Colours a finished piece of text; without it the report is plain. */
  readonly paint?: (text: string, tone: Tone) => string
}

const SHORTFALL_ROWS = [
  ['mean', 'mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['cvar95', 'CVaR95']
] as const

/** What a difference says, in words. `lowerIsBetter` holds for costs. */
export function verdictOf({ delta, low, high }: Difference, lowerIsBetter: boolean): string {
  if (delta === null) return 'no data'
  if (low === null || high === null) return 'no interval'
  if (delta === 0 && low === 0 && high === 0) return 'the same'
  if (high < 0) return lowerIsBetter ? 'better' : 'worse'
  if (low > 0) return lowerIsBetter ? 'worse' : 'better'
  return 'no difference shown'
}

/** Lines joined by newlines, one at the end. */
export function comparisonReport(comparison: Comparison, context: ReportContext): string {
  const paint = context.paint ?? ((text: string) => text)
  const { scenario, parents, seeds, paired } = comparison
  const title = `${scenario}: ${formatPlural(parents, 'parent')} x ${formatPlural(seeds, 'seed')}, ${context.market}`
  const lines = [
    ...wrap(title, REPORT_WIDTH, '  ').map((line) => paint(line, 'title')),
    '',
    ...paidTable(comparison, paint),
    '',
    ...notes(comparison).flatMap((note) => wrap(note, REPORT_WIDTH).map((line) => paint(line, 'quiet'))),
    '',
    paint('What happened below the strategy (all runs of a policy together)', 'title'),
    '',
    ...belowTable(comparison),
    '',
    `ledger hash  ${comparison.ledgerHash}`,
    `events       ${formatCount(comparison.events)}   scenario seed ${comparison.seed}, ${paired.resampleCount} resamples`,
    // A command is never broken: it is there to be copied.
    `again        ${context.command}`
  ]
  return `${lines.join('\n')}\n`
}

function paidTable(comparison: Comparison, paint: (text: string, tone: Tone) => string): string[] {
  const { policies, paired } = comparison
  const names = Object.keys(policies)
  const rows: string[][] = [['shortfall, bps', ...names, 'difference', '[95 % interval]', '']]
  const verdicts: string[] = ['']
  for (const [statistic, label] of SHORTFALL_ROWS) {
    const difference = paired.shortfallBps[statistic]
    rows.push([
      label,
      ...names.map((name) => formatFixed(policies[name].shortfallBps[statistic], 2)),
      formatSigned(difference.delta, 2),
      intervalText(difference, 1, 2),
      ''
    ])
    verdicts.push(verdictOf(difference, true))
  }
  const completion = paired.completion
  const points = completion.delta === null ? NONE : `${formatSigned(completion.delta * 100, 2)} pp`
  rows.push([
    'completion',
    ...names.map((name) => formatShare(policies[name].completion)),
    points,
    intervalText(completion, 100, 2),
    ''
  ])
  verdicts.push(verdictOf(completion, false))
  const alignments: Alignment[] = ['left', ...names.map(() => 'right' as const), 'right', 'right', 'left']
  const aligned = alignColumns(
    rows.map((row) => row.slice(0, -1)),
    alignments.slice(0, -1)
  )
  const width = Math.max(...aligned.map((line) => line.length))
  const lines = aligned.map((line, row) => {
    if (verdicts[row] === '') return line
    const tone = verdicts[row] === 'better' || verdicts[row] === 'worse' ? verdicts[row] : 'quiet'
    return `${line.padEnd(width)}  ${paint(verdicts[row], tone as Tone)}`
  })
  return [lines[0], '-'.repeat(Math.min(REPORT_WIDTH, width + 21)), ...lines.slice(1)]
}

function intervalText({ low, high }: Difference, factor: number, decimals: number): string {
  if (low === null || high === null) return NONE
  return `[${formatSigned(low * factor, decimals)}, ${formatSigned(high * factor, decimals)}]`
}

function belowTable({ policies }: Comparison): string[] {
  const names = Object.keys(policies)
  const columns = names.map((name) => policies[name])
  const rows = [['', ...names]]
  for (const { label, of } of measuresOf(columns)) {
    const cells = columns.map(of)
    if (cells.some((cell) => cell !== NONE)) rows.push([label, ...cells])
  }
  const lines = alignColumns(rows, ['left', ...names.map(() => 'right' as const)])
  const width = Math.max(...lines.map((line) => line.length))
  return [lines[0], '-'.repeat(width), ...lines.slice(1)]
}

function notes({ policies, paired, seeds }: Comparison): string[] {
  const { baseline, controlled, pairCount, unpricedPairCount, betterShare, equalShare } = paired
  const said = [
    `Difference = ${controlled} - ${baseline}, negative is cheaper. Unit: the parent order; intervals resample whole seeds. Shortfall is ` +
      'against the decision mid, the unfilled rest at the end mark. Quantiles are type 7, CVaR is Acerbi-Tasche.'
  ]
  if (betterShare !== null) {
    const less = `${controlled} paid less in ${formatShare(betterShare, 1)} of ${formatCount(pairCount)} pairs (same parent, same seed)`
    said.push(`${less}, the same in ${formatShare(equalShare, 1)}.`)
  }
  if (paired.intervalNote !== null) said.push(`No intervals: ${paired.intervalNote}.`)
  else if (seeds < SEED_COUNT_MIN)
    said.push(`Intervals from ${seeds} seeds are rough, mostly too narrow; ${SEED_COUNT_MIN} or more are better.`)
  if (unpricedPairCount > 0)
    said.push(`${formatCount(unpricedPairCount)} pairs have no shortfall in one policy or both and are not in the differences.`)
  for (const [name, { parents, completionDetail }] of Object.entries(policies)) {
    if (parents.withoutDecisionMid > 0)
      said.push(`${name}: ${formatCount(parents.withoutDecisionMid)} parents had no mid at their decision: not priced.`)
    if (parents.withoutEndMark > 0)
      said.push(`${name}: ${formatCount(parents.withoutEndMark)} parents had no mid to mark their rest at: not priced.`)
    if (completionDetail.overfilledLots > 0)
      said.push(`${name}: ${formatCount(completionDetail.overfilledLots)} lots beyond the mandates, sold back at the end mark.`)
  }
  return said
}
