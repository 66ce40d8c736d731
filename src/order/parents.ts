/*
 * Parent orders drawn for a seed: the same for every policy of that seed, whatever else is switched.
 */
import { exp, ln } from '../kernel/elementary.ts'
import { openStream } from '../kernel/random.ts'
import type { ParentOrder } from './parent.ts'

export interface ParentWindow {
  readonly startNs: number
  readonly endNs: number
}

export interface ParentDraw {
  readonly count: number
  /** Quantity, log-uniform between these, rounded to a multiple of roundLots. */
  readonly quantityLotsMin: number
  readonly quantityLotsMax: number
  readonly roundLots: number
  /** Horizon, uniform between these. */
  readonly horizonNsMin: number
  readonly horizonNsMax: number
  /** Every parent starts and ends inside one of these; with several, each is as likely. */
  readonly windows: readonly ParentWindow[]
  readonly sides: 'both' | 'buy' | 'sell'
  /** By symbol: the venues that quote it. A parent is of one symbol, all equally likely, and may trade on all its venues. */
  readonly venues: readonly (readonly number[])[]
}

/** Parents in order of start, ids from 0. Limit prices are none. */
export function drawParents(seed: number, draw: ParentDraw): ParentOrder[] {
  const stream = openStream(seed, 'parents')
  const drawn: Omit<ParentOrder, 'parentId'>[] = []
  for (let i = 0; i < draw.count; i++) {
    // One window takes no draw: parents of a single day do not depend on how days are drawn.
    const window = draw.windows.length === 1 ? draw.windows[0] : draw.windows[Math.floor(stream.next() * draw.windows.length)]
    const horizonNsMax = Math.min(draw.horizonNsMax, window.endNs - window.startNs)
    const horizonNs = Math.floor(draw.horizonNsMin + stream.next() * (horizonNsMax - draw.horizonNsMin))
    const latestNs = Math.max(window.startNs, window.endNs - horizonNs)
    const startNs = Math.floor(window.startNs + stream.next() * (latestNs - window.startNs))
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
      endNs: Math.min(startNs + horizonNs, window.endNs),
      limitTicks: Number.NaN
    })
  }
  drawn.sort((a, b) => a.startNs - b.startNs)
  return drawn.map((parent, parentId) => ({ parentId, ...parent }))
}
