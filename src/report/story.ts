/* The life of one parent or child order, one event a line, in order of time: what `inspect` shows to follow a difference. */
import { formatClock, formatDuration, NS_PER_MS } from '../kernel/units.ts'
import type { Story, StoryEvent } from '../metrics/story.ts'
import { formatCount } from './format.ts'
import { alignColumns, cutMiddle, cutNote } from './text-table.ts'

export interface StoryContext {
  /** Ticks to a decimal, as the venue writes prices. */
  formatPrice(priceTicks: number): string
  /** By number; events bear the names where there are several. */
  readonly venueNames: readonly string[]
  /** More events than this are cut in the middle, and the cut is said. Default 400. */
  readonly eventCountMax?: number
}

/** Lines joined by newlines, one at the end. Columns: time of day, since the start, since the subject's event before, who, what. */
export function storyReport(story: Story, context: StoryContext): string {
  const side = story.side === 1 ? 'buy' : 'sell'
  const where = story.venues.map((venue) => context.venueNames[venue] ?? `venue ${venue}`).join(', ')
  const filled = `${formatCount(story.filledLots)} of ${formatCount(story.quantityLots)} lots filled`
  const title = `${story.subject} ${story.id}: ${side} on ${where}, ${filled}, ${formatClock(story.startNs)} to ${formatClock(story.endNs)}`
  const { head, tail, cutCount } = cutMiddle(story.events, context.eventCountMax ?? 400)
  const row = (event: StoryEvent): string[] => [
    formatClock(event.atNs),
    ((event.atNs - story.startNs) / NS_PER_MS).toFixed(3),
    Number.isNaN(event.sinceNs) ? '' : formatDuration(event.sinceNs),
    subjectText(event, context),
    `${event.event}${factsText(event, context)}`
  ]
  const rows = [['time', 'ms since start', 'step', 'who', 'what'], ...head.map(row), ...tail.map(row)]
  const lines = alignColumns(rows, ['left', 'right', 'right', 'left', 'left'])
  if (cutCount > 0) lines.splice(1 + head.length, 0, cutNote(cutCount, 'events'))
  return `${[title, '', ...lines].join('\n')}\n`
}

function subjectText({ subject, id, childId, venue }: StoryEvent, { venueNames }: StoryContext): string {
  if (subject === 'stall') return 'host'
  const at = venueNames.length > 1 && !Number.isNaN(venue) ? ` at ${venueNames[venue]}` : ''
  if (subject === 'controller') return `control${at}`
  return `${Number.isNaN(childId) || subject === 'child' ? `${subject} ${id}` : `child ${childId} ${subject} ${id}`}${at}`
}

function factsText(event: StoryEvent, context: StoryContext): string {
  const parts: string[] = []
  if (Number.isFinite(event.lots)) parts.push(`${formatCount(event.lots)} lots`)
  if (Number.isFinite(event.priceTicks)) parts.push(`at ${context.formatPrice(event.priceTicks)}`)
  if (Number.isFinite(event.midHalfTicks)) parts.push(`(mid ${halfTickPrice(event.midHalfTicks, context)})`)
  const facts = parts.length === 0 ? '' : ` ${parts.join(' ')}`
  return event.words.length === 0 ? facts : `${facts}: ${event.words.join(', ')}`
}

/** A mid between two ticks is written as both: no rounding in a trace. */
function halfTickPrice(halfTicks: number, { formatPrice }: StoryContext): string {
  if (halfTicks % 2 === 0) return formatPrice(halfTicks / 2)
  return `${formatPrice((halfTicks - 1) / 2)}|${formatPrice((halfTicks + 1) / 2)}`
}
