/*
 * A parent worked slice by slice. The schedule says how many lots should be out by when (schedule.ts, schedules.ts), the budget how many may be sent at a decision
 * (budget.ts: catch-up, participation), the tactic and the class of urgency whether they rest or cross (tactic.ts), placement at what price, where
 * and in what size (placement.ts, routing.ts); resting orders are looked after (resting.ts). This file puts them in order of time: in a slice lots
 * rest, from `take` on what is unfilled is cancelled and what the cancel-acks give back crosses; near the end everything left is taken, at the
 * end everything working is cancelled. Guarantees: filled + working + new <= quantity at every decision (working lots count until a report that
 * was read says otherwise), nothing new at or after the end, no price beyond the limit; the same views give the same intents.
 */
import type { Directives } from '../order/directives.ts'
import { NEUTRAL } from '../order/directives.ts'
import { type ParentOrder, venuesOf } from '../order/parent.ts'
import { Budget } from './budget.ts'
import type { ExecutionOptions } from './options.ts'
import { ParticipationCap } from './participation.ts'
import { Placement } from './placement.ts'
import { PriceLimit } from './price-limit.ts'
import { Requests } from './requests.ts'
import { RestingCare } from './resting.ts'
import { EQUAL_ROUTING, Router } from './routing.ts'
import type { Schedule } from './schedule.ts'
import { createSchedule } from './schedules.ts'
import { mayRest, takeInstantNs } from './tactic.ts'
import { UrgencyPath } from './urgency.ts'
import type { IntentBuffer, Policy, PolicyView, WorkingOrder } from './view.ts'

export function createPolicy(parent: ParentOrder, options: ExecutionOptions): Policy {
  return new SlicedPolicy(parent, options)
}

/** What is unfilled crosses from `take` on; from `finish` on all that is left of the parent. */
type Phase = 'rest' | 'take' | 'finish'

/** Of a slice (or of the finish): the pause before a try that found nothing, was cut or refused is repeated. Assumed. */
const PAUSE_SHARE = 1 / 8

class SlicedPolicy implements Policy {
  private readonly parent: ParentOrder
  private readonly options: ExecutionOptions
  private readonly schedule: Schedule
  private readonly budget: Budget
  private readonly cap: ParticipationCap
  private readonly urgency: UrgencyPath
  private readonly limit: PriceLimit
  private readonly router: Router
  private readonly placement: Placement
  private readonly requests = new Requests()
  private readonly resting: RestingCare
  private readonly finishNs: number
  private phase: Phase = 'rest'
  private takeNs = Number.POSITIVE_INFINITY
  /** From the last decision to the next. */
  private periodNs = 0
  /** Catch-up lots not yet sent; lots of a past slice whose cancel is under way: both cross even while the slice rests. */
  private catchUpLots = 0
  private carriedLots = 0
  /** When the lots now due were first wanted; NaN once they have all been sent. */
  private wantedNs = Number.NaN
  private wakeNs = Number.NaN
  /** By venue: the touch of the last call. */
  private readonly bidTicks: Float64Array
  private readonly askTicks: Float64Array
  /** Of this call: the directives that set the pace, those of the venue that has most of the flow. */
  private pace: Directives = NEUTRAL

  constructor(parent: ParentOrder, options: ExecutionOptions) {
    this.parent = parent
    this.options = options
    this.schedule = createSchedule(parent, options.schedule, options.sliceNs)
    this.budget = new Budget(parent, options, this.schedule)
    this.cap = new ParticipationCap(options.participationMax)
    this.urgency = new UrgencyPath(parent, options.urgency)
    this.limit = new PriceLimit(parent, options.limitFromStartTicks)
    this.router = new Router(parent, options.routing ?? EQUAL_ROUTING)
    this.placement = new Placement(parent, options, this.router)
    this.resting = new RestingCare(parent.side, options, this.requests)
    const venueCount = venuesOf(parent).length
    this.bidTicks = new Float64Array(venueCount).fill(Number.NaN)
    this.askTicks = new Float64Array(venueCount).fill(Number.NaN)
    this.finishNs = options.finishNs > 0 ? Math.max(parent.startNs, parent.endNs - options.finishNs) : parent.endNs
  }

  decide(view: PolicyView, out: IntentBuffer): void {
    const nowNs = view.nowNs
    this.wakeNs = this.wakeNs <= nowNs ? this.wakeNs : Number.NaN
    this.router.look(view)
    this.pace = view.venues[this.router.main].directives
    if (nowNs < this.parent.startNs) this.wake(this.parent.startNs, out)
    else if (nowNs >= this.parent.endNs) this.close(view, out)
    else this.work(view, out)
  }

  private work(view: PolicyView, out: IntentBuffer): void {
    const nowNs = view.nowNs
    this.limit.look(view)
    if (this.urgency.nextNs <= nowNs) this.changeUrgency(nowNs)
    const opened = nowNs < this.finishNs && nowNs >= this.budget.nextNs && this.openSlice(view)
    const entered = this.enterPhase(nowNs, opened)
    const armed = this.isArmed(view, opened || entered)
    const limitTicks = this.limit.ticks
    const mayCross = this.placement.begin(view, this.pace, limitTicks)
    const crossing = this.phase !== 'rest' && mayCross
    const pauseNs = this.pauseNs(nowNs)
    this.requests.pendingCancelCount = 0
    let wakeNs = this.nextInstantNs()
    for (const order of view.orders) {
      if (order.state === 'pending-cancel') this.requests.pendingCancelCount++
      else if (order.passive && crossing) wakeNs = Math.min(wakeNs, this.withdraw(order, view, out))
      else if (order.passive && order.state === 'live') {
        const venue = view.venues[order.venueIndex]
        wakeNs = Math.min(wakeNs, this.resting.tend(order, venue, limitTicks, nowNs, pauseNs, out))
      }
    }
    const leftLots = armed ? this.place(view, mayCross, out) : this.availableLots(view)
    // What could not be sent, and takes that the desk may have refused, are looked at again; so is a cap that grows with what trades.
    const again = leftLots > 0 || (this.placement.sentCount > 0 && this.phase !== 'rest')
    if (again || (this.phase === 'finish' && this.cap.isOn)) wakeNs = Math.min(wakeNs, nowNs + pauseNs)
    this.wake(wakeNs, out)
  }

  /** The parent is over: everything that can still trade is cancelled, again after a pause where that was refused. */
  private close(view: PolicyView, out: IntentBuffer): void {
    let waits = false
    for (const order of view.orders) {
      if (order.state === 'pending-cancel' || (!order.passive && order.state !== 'pending-new')) continue
      waits = true
      this.withdraw(order, view, out)
    }
    if (waits) this.wake(view.nowNs + this.pauseNs(view.nowNs), out)
  }

  private openSlice(view: PolicyView): boolean {
    const { budget, schedule } = this
    const tradedLots = this.tradedLots(view)
    schedule.observe(schedule.grid.at(view.nowNs), tradedLots, this.urgency.now)
    if (!budget.decide(view.nowNs, view.filledLots + view.workingLots, this.pace, this.cap.lots(tradedLots))) return false
    this.periodNs = Math.min(budget.nextNs, this.parent.endNs) - budget.anchorNs
    this.takeNs = takeInstantNs(this.options, this.urgency, budget.anchorNs, this.periodNs)
    this.catchUpLots = budget.catchUpLots
    this.carriedLots = leavingLots(view)
    this.requests.forget(view.orders)
    this.wantedNs = budget.wantedNs
    return true
  }

  private changeUrgency(nowNs: number): void {
    this.urgency.advanceTo(nowNs)
    this.takeNs = takeInstantNs(this.options, this.urgency, this.budget.anchorNs, this.periodNs)
  }

  /** True when the phase changed without a new slice: then its own instant is when its lots were wanted. */
  private enterPhase(nowNs: number, opened: boolean): boolean {
    const phase: Phase = nowNs >= this.finishNs ? 'finish' : nowNs >= this.takeNs ? 'take' : 'rest'
    if (phase === this.phase) return false
    this.phase = phase
    if (!opened) this.wantedNs = phase === 'finish' ? this.finishNs : phase === 'take' ? this.takeNs : this.urgency.sinceNs
    return true
  }

  /**
   * New children leave at a decision, at an own wake-up, when the touch has moved and when a cancel has been answered; never just because an
   * order was refused or found nothing: the view that sent it is still the same.
   */
  private isArmed(view: PolicyView, decided: boolean): boolean {
    const { bidTicks, askTicks } = this
    let moved = false
    for (let i = 0; i < bidTicks.length; i++) {
      const { touch } = view.venues[i]
      if (!Object.is(touch.bidTicks, bidTicks[i]) || !Object.is(touch.askTicks, askTicks[i])) moved = true
      bidTicks[i] = touch.bidTicks
      askTicks[i] = touch.askTicks
    }
    return decided || moved || view.cause !== 'report' || this.requests.hasAnswer(view.orders)
  }

  /** Cancels for completion. Gives when to look again. */
  private withdraw(order: WorkingOrder, view: PolicyView, out: IntentBuffer): number {
    const { nowNs } = view
    if (order.state === 'pending-replace' && nowNs < this.parent.endNs) return Number.POSITIVE_INFINITY
    const pauseNs = this.pauseNs(nowNs)
    if (!this.requests.isBlocked(order, nowNs, pauseNs)) this.requests.cancel(order, true, nowNs, out)
    return nowNs + pauseNs
  }

  /** Sends what may be sent; gives what is left. */
  private place(view: PolicyView, mayCross: boolean, out: IntentBuffer): number {
    const { placement, urgency, phase } = this
    let left = this.availableLots(view)
    if (left <= 0) return 0
    const retryNs = view.cause === 'wake' && !Number.isNaN(this.wakeNs) ? this.wakeNs : view.nowNs
    placement.scheduledNs = Number.isNaN(this.wantedNs) ? retryNs : this.wantedNs
    placement.slice = this.schedule.grid.at(view.nowNs)
    if (phase === 'finish') left -= placement.take(left, 'liquidation', view, out)
    else if (urgency.now !== 'passive') {
      const catchUp = placement.take(Math.min(left, this.catchUpLots), 'catch-up', view, out)
      this.catchUpLots -= catchUp
      left -= catchUp
      const dueLots = phase === 'take' ? left : Math.min(left, Math.max(0, this.carriedLots - leavingLots(view)))
      const taken = placement.take(dueLots, 'take', view, out)
      this.carriedLots = Math.max(0, this.carriedLots - taken)
      left -= taken
    }
    if (left > 0 && mayRest(this.options, urgency) && (phase === 'rest' || !mayCross)) left -= placement.rest(left, view, out)
    if (left === 0) this.wantedNs = Number.NaN
    return left
  }

  private availableLots(view: PolicyView): number {
    const outLots = view.filledLots + view.workingLots
    if (this.phase !== 'finish') return this.budget.ceilingLots - outLots
    return Math.min(this.parent.quantityLots, this.cap.isOn ? this.cap.lots(this.tradedLots(view)) : Infinity) - outLots
  }

  /** Over the parent's venues, where anything depends on it. */
  private tradedLots(view: PolicyView): number {
    if (!this.cap.isOn && this.options.schedule.kind !== 'pov') return 0
    let lots = 0
    for (const venue of view.venues) lots += venue.tradedLots
    return lots
  }

  private pauseNs(nowNs: number): number {
    const { sliceNs, finishNs } = this.options
    const spanNs = nowNs >= this.finishNs && finishNs > 0 ? Math.min(sliceNs, finishNs) : sliceNs * this.pace.spacingFactor
    return Math.max(1, Math.floor(spanNs * PAUSE_SHARE))
  }

  /** The next instant at which something is due: a decision, the take, another class of urgency, the finish or the end. */
  private nextInstantNs(): number {
    if (this.phase === 'finish') return this.parent.endNs
    const decisionNs = Math.min(this.finishNs, this.budget.nextNs, this.urgency.nextNs)
    return this.phase === 'rest' ? Math.min(decisionNs, this.takeNs) : decisionNs
  }

  private wake(timeNs: number, out: IntentBuffer): void {
    this.wakeNs = timeNs
    out.wakeAt(timeNs)
  }
}

/** Resting lots whose cancel is under way. */
function leavingLots(view: PolicyView): number {
  let lots = 0
  for (const order of view.orders) if (order.passive && order.state === 'pending-cancel') lots += order.openLots
  return lots
}
