/* One line of the benchmark's table: what was measured, its figure, its ratio to a reference of the same run, and its target. */
import { alignColumns } from '../src/report/text-table.ts'
import type { Timing } from './meter.ts'

export interface Line {
  readonly what: string
  readonly figure: string
  /** Calls and spread of the timing; empty for what is counted. */
  readonly spread: string
  readonly ratio: string
  /** Null: nothing was promised. */
  readonly target: { readonly text: string; readonly met: boolean } | null
}

export function spreadOf({ callCount, rme }: Timing): string {
  return callCount > 1 ? `+-${rme.toFixed(1)} % of ${callCount}` : 'once'
}

/** A line for something that could not be measured here, and why. */
export function skipped(what: string, why: string): Line {
  return { what, figure: `skipped: ${why}`, spread: '', ratio: '', target: null }
}

export function tableOf(lines: readonly Line[]): string {
  const head = ['what', 'figure (CPU time)', 'spread', 'ratio', 'target', '']
  const rows = lines.map(({ what, figure, spread, ratio, target }) => [
    what,
    figure,
    spread,
    ratio,
    target?.text ?? '',
    target === null ? '' : target.met ? 'met' : 'MISSED'
  ])
  return alignColumns(
    [head, head.map((cell) => '-'.repeat(cell.length)), ...rows],
    ['left', 'right', 'left', 'left', 'left', 'left']
  ).join('\n')
}
