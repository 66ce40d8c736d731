/*
 * A parent worked slice by slice: passive-then-take, take, or join. In a slice the due lots rest post-only at the own side's
 * best; after a share of it what is unfilled is cancelled, and what the cancel-acks give back crosses the spread. Near the end everything left is
 * taken; at the end everything working is cancelled. Guarantees: filled + working + new <= quantity at every decision (working lots
 * count until a report that was read says otherwise), nothing new at or after the end, no price beyond the limit; the same
 * views give the same intents. Where several venues quote the symbol, what is sent is split over them (routing.ts) at each one's own touch, and
 * the pace is that of the venue that has most of the flow. Leaves out: other schedules, pegs.
 */
import { assert } from '../kernel/assert.ts'
import { type CancelAdvice, type Directives, NEUTRAL } from '../order/directives.ts'
import { type ParentOrder, venuesOf } from '../order/parent.ts'
import { Budget } from './budget.ts'
import type { ExecutionOptions } from './options.ts'
import { imbalanceAgainst, joinTicks, takeTicks } from './prices.ts'
import { EQUAL_ROUTING, Router } from './routing.ts'
import { createTwap, type Schedule } from './schedule.ts'
import type { HostTouch, IntentBuffer, Policy, PolicyView, WorkingOrder } from './view.ts'

export function createPolicy(parent: ParentOrder, options: ExecutionOptions): Policy {
  return new SlicedPolicy(parent, options)
}

/** What is unfilled crosses from `take` on; from `finish` on all that is left of the parent. */
type Phase = 'rest' | 'take' | 'finish'

type TakeTactic = 'take' | 'catch-up' | 'liquidation'

/** Of a slice (or of the finish): the pause before a try that found nothing, was cut or refused is repeated. Assumed. */
const PAUSE_SHARE = 1 / 8

class SlicedPolicy implements Policy {
  private readonly parent: ParentOrder
  private readonly options: ExecutionOptions
  private readonly schedule: Schedule
  private readonly budget: Budget
  private readonly router: Router
  private readonly finishNs: number
  private phase: Phase = 'rest'
  private takeNs = Number.POSITIVE_INFINITY
  /** Catch-up lots not yet sent; lots of a past slice whose cancel is under way: both cross even while the slice rests. */
  private catchUpLots = 0
  private carriedLots = 0
  /** When the lots now due were first wanted; NaN once they have all been sent. */
  private wantedNs = Number.NaN
  private wakeNs = Number.NaN
  /** By venue: the touch of the last call. */
  private readonly bidTicks: Float64Array
  private readonly askTicks: Float64Array
  /** Cancels under way at the end of the last call. */
  private pendingCancelCount = 0
  /** When a cancel or replace of a child was last asked for. */
  private readonly askedNs = new Map<number, number>()
  /** Of this call: the directives that set the pace; by venue: limit of a take (NaN: there is none), lots shown to it, limit of an order that rests. */
  private pace: Directives = NEUTRAL
  private readonly crossTicks: Float64Array
  private readonly shownLots: Float64Array
  private readonly restTicks: Float64Array
  private sentLots = 0
  private sentCount = 0

  constructor(parent: ParentOrder, options: ExecutionOptions) {
    this.parent = parent
    this.options = options
    this.schedule = createTwap(parent, options.sliceNs)
    this.budget = new Budget(parent, options, this.schedule)
    this.router = new Router(parent, options.routing ?? EQUAL_ROUTING)
    const venueCount = venuesOf(parent).length
    this.bidTicks = new Float64Array(venueCount).fill(Number.NaN)
    this.askTicks = new Float64Array(venueCount).fill(Number.NaN)
    this.crossTicks = new Float64Array(venueCount)
    this.shownLots = new Float64Array(venueCount)
    this.restTicks = new Float64Array(venueCount)
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
    const opened = nowNs < this.finishNs && nowNs >= this.budget.nextNs && this.openSlice(view)
    const entered = this.enterPhase(nowNs, opened)
    const armed = this.isArmed(view, opened || entered)
    const mayCross = this.priceTakes(view)
    const crossing = this.phase !== 'rest' && mayCross
    this.sentLots = 0
    this.sentCount = 0
    this.pendingCancelCount = 0
    let wakeNs = this.nextInstantNs()
    for (const order of view.orders) {
      if (order.state === 'pending-cancel') this.pendingCancelCount++
      else if (order.passive && crossing) wakeNs = Math.min(wakeNs, this.withdraw(order, view, out))
      else if (order.passive && order.state === 'live') wakeNs = Math.min(wakeNs, this.tend(order, view, out))
    }
    const leftLots = armed ? this.place(view, mayCross, out) : this.availableLots(view)
    // What could not be sent, and takes that the desk may have refused, are looked at again.
    if (leftLots > 0 || (this.sentCount > 0 && this.phase !== 'rest')) wakeNs = Math.min(wakeNs, nowNs + this.pauseNs(view))
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
    if (waits) this.wake(view.nowNs + this.pauseNs(view), out)
  }

  private openSlice(view: PolicyView): boolean {
    const { budget } = this
    if (!budget.decide(view.nowNs, view.filledLots + view.workingLots, this.pace)) return false
    const periodNs = Math.min(budget.nextNs, this.parent.endNs) - budget.anchorNs
    const { tactic, takeAfterShare } = this.options
    if (tactic === 'take') this.takeNs = budget.anchorNs
    else if (tactic === 'passive-then-take') this.takeNs = budget.anchorNs + Math.floor(periodNs * takeAfterShare)
    this.catchUpLots = budget.catchUpLots
    this.carriedLots = leavingLots(view)
    this.forget(view)
    this.wantedNs = budget.wantedNs
    return true
  }

  /** True when the phase changed without a new slice: then its own instant is when its lots were wanted. */
  private enterPhase(nowNs: number, opened: boolean): boolean {
    const phase: Phase = nowNs >= this.finishNs ? 'finish' : nowNs >= this.takeNs ? 'take' : 'rest'
    if (phase === this.phase) return false
    this.phase = phase
    if (!opened) this.wantedNs = phase === 'finish' ? this.finishNs : this.takeNs
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
    if (decided || moved || view.cause !== 'report') return true
    let count = 0
    for (const order of view.orders) if (order.state === 'pending-cancel') count++
    return count < this.pendingCancelCount
  }

  /** Cancels for completion. Gives when to look again. */
  private withdraw(order: WorkingOrder, view: PolicyView, out: IntentBuffer): number {
    const closing = view.nowNs >= this.parent.endNs
    if (order.state === 'pending-replace' && !closing) return Number.POSITIVE_INFINITY
    if (!this.isBlocked(order, view)) {
      this.ask(order, view)
      this.pendingCancelCount++
      out.cancel(order.childId, true)
    }
    return view.nowNs + this.pauseNs(view)
  }

  /** Reprices or cancels a resting order that the book has left or turned against. Gives when to look again. */
  private tend(order: WorkingOrder, view: PolicyView, out: IntentBuffer): number {
    const { nowNs } = view
    const { directives, touch, replaceLotsMax } = view.venues[order.venueIndex]
    const { side, limitTicks } = this.parent
    const { minimumRestNs, reprice } = this.options
    const desiredTicks = joinTicks(touch, side, limitTicks)
    const distanceTicks = Number.isNaN(desiredTicks) ? 0 : Math.abs(desiredTicks - order.priceTicks)
    const turned = this.hasTurned(touch) && distanceTicks >= directives.cancelThresholdTicks
    const left = distanceTicks >= Math.max(1, this.options.repriceTicks) + directives.cancelThresholdTicks
    if (directives.modifySuppressed || (!turned && !left)) return Number.POSITIVE_INFINITY
    const restNs = turned ? directives.cancelDebounceNs : Math.max(minimumRestNs, directives.cancelDebounceNs)
    if (nowNs - order.sentNs < restNs) return order.sentNs + restNs
    if (this.isBlocked(order, view)) return nowNs + this.pauseNs(view)
    const mayReplace = order.openLots <= replaceLotsMax
    const wantsCancel = turned || (reprice === 'cancel-new' && !directives.preferAmend)
    const advice = wantsCancel ? (view.adviseCancel?.(order.childId) ?? 'cancel') : 'cancel'
    if (advice !== 'cancel' && !left) return this.soften(order, advice, mayReplace, view, out)
    if (mayReplace && turned && directives.preferAmend && !left) {
      if (order.openLots <= 1) return Number.POSITIVE_INFINITY
      out.replace(order.childId, order.priceTicks, Math.floor(order.openLots / 2))
    } else if (!mayReplace || turned || (reprice === 'cancel-new' && !directives.preferAmend)) {
      this.pendingCancelCount++
      out.cancel(order.childId, false)
    } else {
      out.replace(order.childId, desiredTicks, order.openLots)
    }
    this.ask(order, view)
    return Number.POSITIVE_INFINITY
  }

  /** In place of a cancel that is not worth its race. Gives when to look again. */
  private soften(order: WorkingOrder, advice: CancelAdvice, mayReplace: boolean, view: PolicyView, out: IntentBuffer): number {
    const { touch } = view.venues[order.venueIndex]
    const bestTicks = this.parent.side > 0 ? touch.bidTicks : touch.askTicks
    this.ask(order, view)
    if (mayReplace && advice === 'reduce' && order.openLots > 1) {
      out.replace(order.childId, order.priceTicks, Math.floor(order.openLots / 2))
    } else if (mayReplace && advice === 'shade' && order.priceTicks === bestTicks) {
      out.replace(order.childId, order.priceTicks - this.parent.side, order.openLots)
    }
    return view.nowNs + this.pauseNs(view)
  }

  /** Finds the limit of a take at each venue that may be used; true when there is one. */
  private priceTakes(view: PolicyView): boolean {
    const { crossTicks, shownLots, parent, router } = this
    const { side, limitTicks } = parent
    let found = false
    for (let i = 0; i < crossTicks.length; i++) {
      const { touch } = view.venues[i]
      crossTicks[i] = router.uses(i) ? takeTicks(touch, side, this.options.takeThroughTicks, limitTicks) : Number.NaN
      shownLots[i] = side > 0 ? touch.askLots : touch.bidLots
      if (!Number.isNaN(crossTicks[i])) found = true
    }
    return found
  }

  /** Sends what may be sent; gives what is left. */
  private place(view: PolicyView, mayCross: boolean, out: IntentBuffer): number {
    let left = this.availableLots(view)
    if (left <= 0) return 0
    if (this.phase === 'finish') left -= this.take(left, 'liquidation', view, out)
    else {
      const catchUp = this.take(Math.min(left, this.catchUpLots), 'catch-up', view, out)
      this.catchUpLots -= catchUp
      left -= catchUp
      const dueLots = this.phase === 'take' ? left : Math.min(left, Math.max(0, this.carriedLots - leavingLots(view)))
      const taken = this.take(dueLots, 'take', view, out)
      this.carriedLots = Math.max(0, this.carriedLots - taken)
      left -= taken
    }
    const mayRest = this.options.tactic !== 'take' && (this.phase === 'rest' || !mayCross)
    if (left > 0 && mayRest) left -= this.rest(left, view, out)
    if (left === 0) this.wantedNs = Number.NaN
    return left
  }

  private take(lots: number, tactic: TakeTactic, view: PolicyView, out: IntentBuffer): number {
    if (lots <= 0) return 0
    this.router.plan(lots, this.crossTicks, -this.parent.side, this.shownLots)
    return this.send(tactic, this.crossTicks, Number.POSITIVE_INFINITY, view, out)
  }

  private rest(lots: number, view: PolicyView, out: IntentBuffer): number {
    const { restTicks, parent, router } = this
    for (let i = 0; i < restTicks.length; i++) {
      const { touch } = view.venues[i]
      const may = router.uses(i) && !this.hasTurned(touch)
      restTicks[i] = may ? joinTicks(touch, parent.side, parent.limitTicks) : Number.NaN
    }
    let resting = 0
    for (const order of view.orders) if (order.passive) resting++
    router.plan(lots, restTicks, parent.side, null)
    return this.send('passive', restTicks, this.pace.passiveCountMax - resting, view, out)
  }

  /** Sends what the router has planned, at most `countMax` children; gives the lots. */
  private send(
    tactic: TakeTactic | 'passive',
    limitTicks: Float64Array,
    countMax: number,
    view: PolicyView,
    out: IntentBuffer
  ): number {
    const { nowNs } = view
    const { pace, router } = this
    const childLots = Math.max(1, Math.floor(this.options.childLotsMax * pace.childSizeFactor))
    const retryNs = view.cause === 'wake' && !Number.isNaN(this.wakeNs) ? this.wakeNs : nowNs
    const scheduledNs = Number.isNaN(this.wantedNs) ? retryNs : this.wantedNs
    const slice = this.schedule.sliceAt(nowNs)
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

  private availableLots(view: PolicyView): number {
    const ceilingLots = this.phase === 'finish' ? this.parent.quantityLots : this.budget.ceilingLots
    return ceilingLots - view.filledLots - view.workingLots
  }

  private hasTurned(touch: HostTouch): boolean {
    return imbalanceAgainst(touch, this.parent.side) > this.options.cancelImbalance
  }

  /** An ask that was refused or rejected is not repeated before a pause; a replace that went out clears it. */
  private isBlocked(order: WorkingOrder, view: PolicyView): boolean {
    const askedNs = this.askedNs.get(order.childId)
    return askedNs !== undefined && order.sentNs < askedNs && view.nowNs < askedNs + this.pauseNs(view)
  }

  private ask(order: WorkingOrder, view: PolicyView): void {
    this.askedNs.set(order.childId, view.nowNs)
  }

  /** Children that are gone need no memory. */
  private forget(view: PolicyView): void {
    for (const childId of this.askedNs.keys()) {
      if (!view.orders.some((order) => order.childId === childId)) this.askedNs.delete(childId)
    }
  }

  private pauseNs(view: PolicyView): number {
    const { sliceNs, finishNs } = this.options
    const spanNs = view.nowNs >= this.finishNs && finishNs > 0 ? Math.min(sliceNs, finishNs) : sliceNs * this.pace.spacingFactor
    return Math.max(1, Math.floor(spanNs * PAUSE_SHARE))
  }

  /** The schedule's next instant: a decision, the take, the finish or the end. */
  private nextInstantNs(): number {
    if (this.phase === 'finish') return this.parent.endNs
    const decisionNs = Math.min(this.finishNs, this.budget.nextNs)
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
