/*
 * New children of one call: lots to prices at each venue, split over the venues (routing.ts) and into children of bounded size, within the counts that
 * directives allow. Guarantee: filled + working + new lots never exceed the parent's quantity.
 */
import { assert } from '../kernel/assert.ts'
import { type Directives, NEUTRAL } from '../order/directives.ts'
import { type ParentOrder, venuesOf } from '../order/parent.ts'
import type { ExecutionOptions } from './options.ts'
import { joinTicks, takeTicks } from './prices.ts'
import { hasTurned } from './resting.ts'
import type { Router } from './routing.ts'
import type { ChildTactic, IntentBuffer, PolicyView } from './view.ts'

export class Placement {
  /** Of this call so far. */
  sentLots = 0
  sentCount = 0
  /** For the ledger: the slice, and when the lots were first wanted. */
  slice = 0
  scheduledNs = 0
  private readonly parent: ParentOrder
  private readonly options: ExecutionOptions
  private readonly router: Router
  private pace: Directives = NEUTRAL
  private limitTicks = Number.NaN
  /** By venue: limit of a take (NaN: there is none), lots shown to it, limit of an order that rests. */
  private readonly crossTicks: Float64Array
  private readonly shownLots: Float64Array
  private readonly restTicks: Float64Array

  constructor(parent: ParentOrder, options: ExecutionOptions, router: Router) {
    this.parent = parent
    this.options = options
    this.router = router
    const venueCount = venuesOf(parent).length
    this.crossTicks = new Float64Array(venueCount)
    this.shownLots = new Float64Array(venueCount)
    this.restTicks = new Float64Array(venueCount)
  }

  /** Begins a call. `pace`: the directives that set it. Gives whether a take has a price at a venue that may be used. */
  begin(view: PolicyView, pace: Directives, limitTicks: number): boolean {
    this.sentLots = 0
    this.sentCount = 0
    this.pace = pace
    this.limitTicks = limitTicks
    const { crossTicks, shownLots, router } = this
    const { side } = this.parent
    let found = false
    for (let i = 0; i < crossTicks.length; i++) {
      const { touch } = view.venues[i]
      crossTicks[i] = router.uses(i) ? takeTicks(touch, side, this.options.takeThroughTicks, limitTicks) : Number.NaN
      shownLots[i] = side > 0 ? touch.askLots : touch.bidLots
      if (!Number.isNaN(crossTicks[i])) found = true
    }
    return found
  }

  /** Crosses the spread; gives the lots sent. */
  take(lots: number, tactic: Exclude<ChildTactic, 'passive'>, view: PolicyView, out: IntentBuffer): number {
    if (lots <= 0) return 0
    this.router.plan(lots, this.crossTicks, -this.parent.side, this.shownLots)
    return this.send(tactic, this.crossTicks, Number.POSITIVE_INFINITY, view, out)
  }

  /** Rests at each venue's best, where its book has not turned; gives the lots sent. */
  rest(lots: number, view: PolicyView, out: IntentBuffer): number {
    const { restTicks, parent, router, options } = this
    for (let i = 0; i < restTicks.length; i++) {
      const { touch } = view.venues[i]
      const may = router.uses(i) && !hasTurned(touch, parent.side, options)
      restTicks[i] = may ? joinTicks(touch, parent.side, this.limitTicks) : Number.NaN
    }
    let resting = 0
    for (const order of view.orders) if (order.passive) resting++
    router.plan(lots, restTicks, parent.side, null)
    return this.send('passive', restTicks, this.pace.passiveCountMax - resting, view, out)
  }

  /** Sends what the router has planned, at most `countMax` children; gives the lots. */
  private send(tactic: ChildTactic, limitTicks: Float64Array, countMax: number, view: PolicyView, out: IntentBuffer): number {
    const { pace, router, slice, scheduledNs } = this
    const childLots = Math.max(1, Math.floor(this.options.childLotsMax * pace.childSizeFactor))
    let sent = 0
    let count = 0
    for (let venueIndex = 0; venueIndex < limitTicks.length; venueIndex++) {
      let left = router.lots[venueIndex]
      for (; left > 0 && count < countMax && this.sentCount < pace.burstCountMax; count++) {
        const size = Math.min(childLots, left)
        out.place({ venueIndex, tactic, limitTicks: limitTicks[venueIndex], lots: size, slice, scheduledNs })
        left -= size
        this.sentCount++
      }
      router.sent(venueIndex, router.lots[venueIndex] - left)
      sent += router.lots[venueIndex] - left
    }
    this.sentLots += sent
    assert(view.filledLots + view.workingLots + this.sentLots <= this.parent.quantityLots, 'a parent is never overfilled')
    return sent
  }
}
