/* Many policies against one, a line each: what each is worth, for tables of single controllers and single controls. */
import type { Comparison, PairedFigures } from '../experiment/compare.ts'
import { REPORT_WIDTH, type ReportContext, type Tone, verdictOf } from './comparison.ts'
import { formatCount, formatFixed, formatPlural, formatSigned, NONE } from './format.ts'
import { alignColumns, wrap } from './text-table.ts'

/** Lines joined by newlines, one at the end. */
export function worthReport(comparison: Comparison, context: ReportContext): string {
  const paint = context.paint ?? ((text: string) => text)
  const { scenario, parents, seeds, paired, policies } = comparison
  const title = `${scenario}: ${formatPlural(parents, 'parent')} x ${formatPlural(seeds, 'seed')}, ${context.market}`
  const base = policies[paired.baseline].shortfallBps
  const of = (value: number | null): string => formatFixed(value, 2)
  const lines = [paired, ...Object.values(comparison.others ?? {})].map(lineOf)
  const rows = [['shortfall, bps', 'mean', 'p95', '[95 % interval]', 'CVaR95', '[95 % interval]', 'completion']]
  rows.push([paired.baseline, of(base.mean), of(base.p95), '', of(base.cvar95), '', ''])
  const aligned = alignColumns([...rows, ...lines.map(({ cells }) => cells)], ['left', ...Array(6).fill('right')])
  const width = Math.max(...aligned.map((line) => line.length))
  const body = aligned.slice(2).map((line, index) => `${line.padEnd(width)}  ${paint(lines[index].verdict, lines[index].tone)}`)
  const note =
    `Below ${paired.baseline}: differences from it, negative is cheaper. The verdict is that of CVaR95 or, where it shows none, of p95. Unit: the ` +
    'parent order; intervals resample whole seeds. Of many lines at 95 %, one in twenty shows a difference by luck.'
  return `${[
    ...wrap(title, REPORT_WIDTH, '  ').map((line) => paint(line, 'title')),
    '',
    aligned[0],
    '-'.repeat(width),
    aligned[1],
    ...body.map((line) => line.trimEnd()),
    '',
    ...wrap(note, REPORT_WIDTH).map((line) => paint(line, 'quiet')),
    '',
    `ledger hash  ${comparison.ledgerHash}`,
    `events       ${formatCount(comparison.events)}   scenario seed ${comparison.seed}, ${paired.resampleCount} resamples`,
    `again        ${context.command}`
  ].join('\n')}\n`
}

function lineOf({ controlled, shortfallBps, completion }: PairedFigures): { cells: string[]; verdict: string; tone: Tone } {
  const { mean, p95, cvar95 } = shortfallBps
  const interval = ({ low, high }: typeof p95): string =>
    low === null || high === null ? NONE : `[${formatSigned(low, 2)}, ${formatSigned(high, 2)}]`
  const points = completion.delta === null ? NONE : `${formatSigned(completion.delta * 100, 2)} pp`
  const cells = [
    controlled,
    formatSigned(mean.delta, 2),
    formatSigned(p95.delta, 2),
    interval(p95),
    formatSigned(cvar95.delta, 2),
    interval(cvar95),
    points
  ]
  const inTail = verdictOf(cvar95, true)
  const verdict = inTail === 'better' || inTail === 'worse' ? inTail : verdictOf(p95, true)
  if (verdict === 'better' || verdict === 'worse') return { cells, verdict, tone: verdict }
  return { cells, verdict: verdict === 'the same' ? verdict : '', tone: 'quiet' }
}
