/* What one stage did by itself, as plain text. */
import { formatDuration } from '../kernel/units.ts'
import type { StageSummary } from '../metrics/stage-summary.ts'
import { REPORT_WIDTH, type ReportContext } from './comparison.ts'
import { formatCount, formatFixed, NONE } from './format.ts'
import { alignColumns, wrap } from './text-table.ts'

/** Lines joined by newlines, one at the end. `out`: where the departures are. */
export function stageReport(
  stage: string,
  summary: StageSummary,
  out: string,
  paint: NonNullable<ReportContext['paint']>
): string {
  const { waitNs, drops } = summary
  const span = (ns: number | null): string => (ns === null ? NONE : formatDuration(ns))
  const reasons = Object.entries(drops.byReason).map(([reason, count]) => `${reason} ${formatCount(count)}`)
  const rows = [
    ['wait p50', span(waitNs.p50)],
    ['wait p99', span(waitNs.p99)],
    ['wait max', span(waitNs.max)],
    ['burstiness index, 250 us', formatFixed(summary.burstinessIndex, 4)],
    ['most in 250 us', formatCount(summary.perWindowMax)],
    ['drops', [formatCount(drops.count), ...reasons].join('  ')]
  ]
  const title = `${stage}: ${formatCount(summary.count)} rows in, departures in ${out}`
  return `${[...wrap(title, REPORT_WIDTH, '  ').map((line) => paint(line, 'title')), ...alignColumns(rows, ['left', 'left'])].join('\n')}\n`
}
