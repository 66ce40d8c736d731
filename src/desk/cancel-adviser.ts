/*
 * What the desk knows of the race that a cancel would be (control/cancel-decision.ts), for the policy that asks before it sends one: the touch and
 * its drift, trades on the order's side, the queue as it was when the order joined, the path's ack latency at the last sample.
 */
import { adviseCancel, type CancelRace } from '../control/cancel-decision.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { CancelAdvice, Directives } from '../order/directives.ts'
import type { HostTouch } from '../policy/view.ts'
import type { ChildOrder } from './child-order.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import { microprice, TouchTrend } from './touch-trend.ts'

/** Trades of so long count as recent (assumed). */
const TRADED_NS = 5 * NS_PER_SECOND

export class CancelAdviser {
  private readonly parts: DeskParts
  private readonly options: DeskOptions
  private readonly trends: readonly TouchTrend[]
  /** Is there a rule that may ever be in force? */
  private readonly isAsked: boolean

  constructor(options: DeskOptions, parts: DeskParts) {
    this.options = options
    this.parts = parts
    this.trends = options.venues.map(() => new TouchTrend())
    const { cancel, mode } = options.control
    this.isAsked = cancel.enabled && cancel.controls.decisionRule.enabled && (mode === 'on' || mode === 'canary')
  }

  /** The touch of a venue, as the desk is about to decide by it. */
  note(venue: number, touch: HostTouch): void {
    if (this.isAsked) this.trends[venue].note(this.parts.simulation.nowNs, touch)
  }

  advise(child: ChildOrder, asked: Directives): CancelAdvice {
    if (asked.cancelWorthTicksMin === Number.NEGATIVE_INFINITY) return 'cancel'
    const touch = this.parts.feed.read(child.venue)
    if (touch.bidLots <= 0 || touch.askLots <= 0) return 'cancel'
    const { sizeDownKeepsPriority } = this.options.venues[child.venue].orders
    return adviseCancel(this.raceOf(child, touch), asked.cancelWorthTicksMin, asked.ackAware, sizeDownKeepsPriority)
  }

  private raceOf(child: ChildOrder, touch: HostTouch): CancelRace {
    const { side, venue } = child
    const acks = this.parts.gauges.venues[venue].ackQuantiles(child.session)
    const drift = this.trends[venue].driftPerSecond(this.parts.simulation.nowNs, touch)
    return {
      adverseTicks: side * (child.priceTicks - microprice(touch)),
      driftTicksPerSecond: -side * drift,
      imbalance: (side * (touch.askLots - touch.bidLots)) / (touch.askLots + touch.bidLots),
      halfSpreadTicks: Math.max(0.5, (touch.askTicks - touch.bidTicks) / 2),
      lotsAhead: lotsAhead(child, touch),
      openLots: child.openLots,
      tradedLotsPerSecond: (this.parts.feed.tradedLotsOn(venue, side, TRADED_NS) * NS_PER_SECOND) / TRADED_NS,
      ackP50Ns: acks.p50Ns,
      ackP90Ns: acks.p90Ns,
      ackP99Ns: acks.p99Ns
    }
  }
}

/** Lots that rest at an order's price when it joins, as the touch shows them; NaN deeper in the book. */
export function lotsAtJoin(side: 1 | -1, priceTicks: number, touch: HostTouch): number {
  const best = side > 0 ? touch.bidTicks : touch.askTicks
  if (side * (priceTicks - best) > 0) return 0
  return priceTicks === best ? (side > 0 ? touch.bidLots : touch.askLots) : Number.NaN
}

/** A bound on the queue: what was there at the join, and never more than is there now; better prices are ahead too. */
function lotsAhead(child: ChildOrder, touch: HostTouch): number {
  const bestLots = child.side > 0 ? touch.bidLots : touch.askLots
  const now = lotsAtJoin(child.side, child.priceTicks, touch)
  const joined = Number.isNaN(child.joinedBehindLots) ? bestLots : child.joinedBehindLots
  return Number.isNaN(now) ? bestLots + joined : Math.min(joined, now)
}
