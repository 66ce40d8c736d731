/*
 * Parent orders drawn for a seed: the same for every policy of that seed, whatever else is switched.
 */
import { exp, ln } from '../kernel/elementary.ts'
import { openStream } from '../kernel/random.ts'
import type { ParentOrder } from './parent.ts'

export interface ParentDraw {
  readonly count: number
  /** Quantity, log-uniform between these, rounded to a multiple of roundLots. */
  readonly quantityLotsMin: number
  readonly quantityLotsMax: number
  readonly roundLots: number
  /** Horizon, uniform between these. */
  readonly horizonNsMin: number
  readonly horizonNsMax: number
  /** Every parent starts and ends inside this window. */
  readonly windowStartNs: number
  readonly windowEndNs: number
  readonly sides: 'both' | 'buy' | 'sell'
  /** By symbol: the venues that quote it. A parent is of one symbol, all equally likely, and may trade on all its venues. */
  readonly venues: readonly (readonly number[])[]
}

/** Parents in order of start, ids from 0. Limit prices are none. */
export function drawParents(seed: number, draw: ParentDraw): ParentOrder[] {
  const stream = openStream(seed, 'parents')
  const drawn: Omit<ParentOrder, 'parentId'>[] = []
  for (let i = 0; i < draw.count; i++) {
    const horizonNs = Math.floor(draw.horizonNsMin + stream.next() * (draw.horizonNsMax - draw.horizonNsMin))
    const latestNs = Math.max(draw.windowStartNs, draw.windowEndNs - horizonNs)
    const startNs = Math.floor(draw.windowStartNs + stream.next() * (latestNs - draw.windowStartNs))
    const low = ln(draw.quantityLotsMin)
    const lots = exp(low + stream.next() * (ln(draw.quantityLotsMax) - low))
    const coin = stream.next() < 0.5
    const venues = draw.venues[Math.floor(stream.next() * draw.venues.length)]
    drawn.push({
      venue: venues[0],
      ...(venues.length > 1 ? { venues } : {}),
      side: draw.sides === 'buy' || (draw.sides === 'both' && coin) ? 1 : -1,
      quantityLots: Math.max(draw.roundLots, Math.round(lots / draw.roundLots) * draw.roundLots),
      startNs,
      endNs: Math.min(startNs + horizonNs, draw.windowEndNs),
      limitTicks: Number.NaN
    })
  }
  drawn.sort((a, b) => a.startNs - b.startNs)
  return drawn.map((parent, parentId) => ({ parentId, ...parent }))
}
