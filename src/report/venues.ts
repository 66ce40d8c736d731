/* What each venue of a run was sent, refused and filled, one a line. */
import type { VenuesFigures } from '../metrics/by-venue.ts'
import { formatCount, formatFixed, formatShare } from './format.ts'
import { alignColumns } from './text-table.ts'

const HEAD = ['venue', 'orders', 'rejected', 'cancels', 'refused', 'lots filled', 'of all', 'resting', 'shortfall of fills, bps']

/** Lines joined by newlines, one at the end. */
export function venuesReport(venues: VenuesFigures): string {
  const rows = Object.entries(venues).map(([name, venue]) => [
    name,
    formatCount(venue.orderCount),
    formatShare(venue.orderRejectRate),
    formatCount(venue.cancelCount),
    formatShare(venue.cancelRejectRate),
    formatCount(venue.filledLots),
    formatShare(venue.filledShare),
    formatShare(venue.makerShare),
    formatFixed(venue.executedBps, 2)
  ])
  return `${alignColumns([HEAD, ...rows], ['left', ...HEAD.slice(1).map(() => 'right' as const)]).join('\n')}\n`
}
