/* What the controllers did, one event a line, in order of time: feature, state, action, recovery. */
import { formatClock, formatDuration } from '../kernel/units.ts'
import type { TimelineEvent } from '../metrics/timeline.ts'
import { alignColumns, cutMiddle, cutNote } from './text-table.ts'

export interface TimelineContext {
  /** By number; events bear the names where there are several. */
  readonly venueNames: readonly string[]
  /** More events than this are cut in the middle, and the cut is said. Default 400. */
  readonly eventCountMax?: number
}

/** What an action is called where controllers may not act, or only on some. */
const VERB = { on: 'asks', shadow: 'would ask', advisory: 'recommends', canary: 'asks of the canary' } as const

/** Lines joined by newlines, one at the end. */
export function timelineReport(events: readonly TimelineEvent[], context: TimelineContext): string {
  if (events.length === 0) return 'no controller changed its state\n'
  const { head, tail, cutCount } = cutMiddle(events, context.eventCountMax ?? 400)
  const row = (event: TimelineEvent): string[] => [
    formatClock(event.atNs),
    `${event.controller}${context.venueNames.length > 1 && !Number.isNaN(event.venue) ? ` ${context.venueNames[event.venue]}` : ''}`,
    event.kind,
    whatText(event)
  ]
  const rows = [['time', 'who', 'kind', 'what'], ...head.map(row), ...tail.map(row)]
  const lines = alignColumns(rows, ['left', 'left', 'left', 'left'])
  if (cutCount > 0) lines.splice(1 + head.length, 0, cutNote(cutCount, 'events'))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function whatText(event: TimelineEvent): string {
  const { kind, feature, value, threshold, from, to, dwellNs, controls, asks, mode } = event
  if (kind === 'feature') {
    if (Number.isNaN(value)) return `${feature} is not known any more`
    return `${feature} ${value >= threshold ? 'is at or over' : 'is below'} ${short(threshold)} (${short(value)} when it acted)`
  }
  if (kind === 'alert') return 'an operator is called; a postmortem is due'
  if (kind !== 'action') return `${from} to ${to}${Number.isNaN(dwellNs) ? '' : ` after ${formatDuration(dwellNs)}`}`
  const changes = asks.map((ask) => `${ask.name} ${Number.isNaN(ask.value) ? 'free' : short(ask.value)}`)
  const names = controls.length === 0 ? 'nothing more' : controls.join(', ')
  return `${VERB[mode]} ${names}${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
