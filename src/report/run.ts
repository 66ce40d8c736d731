/* One run as plain text: what its parents paid, in two parts, and what happened below the strategy. */
import type { RunMetrics } from '../metrics/run-metrics.ts'
import { REPORT_WIDTH, type ReportContext } from './comparison.ts'
import { formatCount, formatFixed, formatPlural, formatShare, NONE } from './format.ts'
import { measuresOf } from './measures.ts'
import { alignColumns, wrap } from './text-table.ts'

export interface RunFacts {
  /** Scenario and policy, for the title. */
  readonly scenario: string
  readonly policy: string
  readonly seed: number
  readonly metrics: RunMetrics
  readonly ledgerHash: string
  readonly eventCount: number
}

/** Lines joined by newlines, one at the end. */
export function runReport(facts: RunFacts, context: ReportContext): string {
  const paint = context.paint ?? ((text: string) => text)
  const { metrics } = facts
  const { shortfallBps: paid, completionDetail, parents } = metrics
  const title = `${facts.scenario}, ${facts.policy}: ${formatPlural(parents.count, 'parent')}, seed ${facts.seed}, ${context.market}`
  const bps = (value: number | null): string => formatFixed(value, 2)
  const rows = [
    ['shortfall mean, bps', bps(paid.mean)],
    ['  executed', bps(paid.executedMean)],
    ['  unfilled rest at the end mark', bps(paid.opportunityMean)],
    ['shortfall p50', bps(paid.p50)],
    ['shortfall p90', bps(paid.p90)],
    ['shortfall p95', bps(paid.p95)],
    ['shortfall p99', bps(paid.p99)],
    ['shortfall CVaR95', bps(paid.cvar95)],
    ['completion', formatShare(metrics.completion)],
    ['parents filled completely', formatShare(completionDetail.fullShare)],
    ['parents not priced', formatCount(parents.withoutDecisionMid + parents.withoutEndMark)],
    ...measuresOf([metrics])
      .map(({ label, of }) => [label, of(metrics)])
      .filter(([, cell]) => cell !== NONE)
  ]
  const lines = [
    ...wrap(title, REPORT_WIDTH, '  ').map((line) => paint(line, 'title')),
    '',
    ...alignColumns(rows, ['left', 'right']),
    '',
    `ledger hash  ${facts.ledgerHash}`,
    `events       ${formatCount(facts.eventCount)}`,
    `again        ${context.command}`
  ]
  return `${lines.join('\n')}\n`
}
