/*
 * What each venue was sent, refused and filled, and what its fills cost (cancel-ack playbook: "slice by venue": pooled figures hide the
 * path that is in trouble). Rejects are those of gate, throttle, session and engine alike, over what was handed to the socket. With s a parent's side
 * and M its decision mid:
 *   executedBps = 10^4 * sum over the venue's fills of s (price - M) lots / sum of M lots
 * so it weighs fills, where the shortfall of shortfall.ts weighs parents; an unfilled rest is of no venue. Fills of parents without a decision
 * mid are left out of it.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { ATTEMPT_OUTCOME, CANCEL_OUTCOME, LIQUIDITY } from '../order/words.ts'
import { halfTickValue, type LedgerContext, rowsById, venueName } from './context.ts'
import { addSum, namesUnder, type Pool, sumOf } from './pool.ts'
import { type Figure, figure } from './quantile.ts'

export interface VenueFigures {
  /** New orders and replaces handed to the socket, and cancels. */
  readonly orderCount: number
  readonly cancelCount: number
  readonly orderRejectRate: Figure
  readonly cancelRejectRate: Figure
  readonly filledLots: number
  /** Of the lots filled at all venues, 0..1. */
  readonly filledShare: Figure
  /** Of its filled lots, 0..1. */
  readonly makerShare: Figure
  readonly executedBps: Figure
}

/** By name of the venue. */
export type VenuesFigures = Readonly<Record<string, VenueFigures>>

const SUMS = ['orders', 'rejectedOrders', 'cancels', 'rejectedCancels', 'filledLots', 'makerLots', 'cost', 'notional'] as const
type Sum = (typeof SUMS)[number]

const nameOf = (sum: Sum, venue: string): string => `venue.${sum}/${venue}`

export function collectVenues(ledger: Ledger, context: LedgerContext, pool: Pool): void {
  const names = context.headers.map((_, venue) => venueName(context, venue))
  const sums = names.map(() => new Map<Sum, number>(SUMS.map((sum) => [sum, 0])))
  const add = (venue: number, sum: Sum, value: number): void => {
    sums[venue]?.set(sum, (sums[venue].get(sum) ?? 0) + value)
  }
  const { attempts, cancels, fills, parents } = ledger
  for (let row = 0; row < attempts.count; row++) {
    const { venue, dispatchNs, outcome } = attempts.col
    if (!Number.isFinite(dispatchNs[row])) continue
    add(venue[row], 'orders', 1)
    if (outcome[row] === ATTEMPT_OUTCOME.of.rejected) add(venue[row], 'rejectedOrders', 1)
  }
  for (let row = 0; row < cancels.count; row++) {
    const { venue, sendNs, outcome } = cancels.col
    if (!Number.isFinite(sendNs[row])) continue
    add(venue[row], 'cancels', 1)
    const refused = outcome[row] === CANCEL_OUTCOME.of.rejected || outcome[row] === CANCEL_OUTCOME.of['too-late']
    if (refused) add(venue[row], 'rejectedCancels', 1)
  }
  const parentRows = rowsById(parents.col.parentId, parents.count)
  for (let row = 0; row < fills.count; row++) {
    const { venue, parentId, side, priceTicks, lots, liquidity } = fills.col
    add(venue[row], 'filledLots', lots[row])
    if (liquidity[row] === LIQUIDITY.of.maker) add(venue[row], 'makerLots', lots[row])
    const mid = parents.col.decisionMidHalfTicks[parentRows.get(parentId[row]) ?? -1]
    if (!(mid > 0)) continue
    const value = halfTickValue(context, venue[row]) * lots[row]
    add(venue[row], 'cost', side[row] * (2 * priceTicks[row] - mid) * value)
    add(venue[row], 'notional', mid * value)
  }
  names.forEach((name, venue) => {
    for (const [sum, value] of sums[venue]) addSum(pool, nameOf(sum, name), value)
  })
}

export function venuesFigures(pool: Pool): VenuesFigures {
  const names = namesUnder(pool.sums, nameOf('orders', ''))
  const allLots = names.reduce((lots, name) => lots + sumOf(pool, nameOf('filledLots', name)), 0)
  return Object.fromEntries(
    names.map((name) => {
      const of = (sum: Sum): number => sumOf(pool, nameOf(sum, name))
      return [
        name,
        {
          orderCount: of('orders'),
          cancelCount: of('cancels'),
          orderRejectRate: figure(of('rejectedOrders') / of('orders')),
          cancelRejectRate: figure(of('rejectedCancels') / of('cancels')),
          filledLots: of('filledLots'),
          filledShare: figure(of('filledLots') / allLots),
          makerShare: figure(of('makerLots') / of('filledLots')),
          executedBps: figure((1e4 * of('cost')) / of('notional'))
        }
      ]
    })
  )
}
