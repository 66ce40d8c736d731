/*
 * One parent at the desk: its policy, its open children, and the view the policy is shown. The view and the intent buffer are
 * made once and reused; intents take effect after the policy has returned.
 */
import { type CancelAdvice, type Directives, NEUTRAL } from '../order/directives.ts'
import { type ParentOrder, venuesOf } from '../order/parent.ts'
import type { HostTouch, IntentBuffer, Policy, PolicyView, VenueView } from '../policy/view.ts'
import type { ChildOrder } from './child-order.ts'

export type PlaceIntent = Parameters<IntentBuffer['place']>[0]

/** What a policy wished for in one call, in order. */
export class Intents implements IntentBuffer {
  readonly places: PlaceIntent[] = []
  readonly cancels: { readonly childId: number; readonly essential: boolean }[] = []
  readonly replaces: { readonly childId: number; readonly limitTicks: number; readonly lots: number }[] = []
  wakeNs: number | undefined

  clear(): void {
    // Most calls wish for nothing, and setting the length of an empty array still costs.
    if (this.places.length > 0) this.places.length = 0
    if (this.cancels.length > 0) this.cancels.length = 0
    if (this.replaces.length > 0) this.replaces.length = 0
    this.wakeNs = undefined
  }

  place(intent: PlaceIntent): void {
    this.places.push(intent)
  }

  cancel(childId: number, essential: boolean): void {
    this.cancels.push({ childId, essential })
  }

  replace(childId: number, limitTicks: number, lots: number): void {
    this.replaces.push({ childId, limitTicks, lots })
  }

  wakeAt(timeNs: number): void {
    this.wakeNs = timeNs
  }
}

/** The view as the desk fills it in. */
type FilledView = { -readonly [K in keyof PolicyView]: PolicyView[K] }
type FilledVenueView = { -readonly [K in keyof VenueView]: VenueView[K] }

const NO_TOUCH: HostTouch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }

export class ParentDesk {
  readonly index: number
  readonly order: ParentOrder
  /** Numbers of the venues where it may trade. */
  readonly venues: readonly number[]
  readonly orders: ChildOrder[] = []
  filledLots = 0
  /** The mid as the host saw it when the parent began; NaN before, and where there was none. */
  startMidHalfTicks = Number.NaN
  active = false
  done = false
  childSequence = 0
  /** The wake-up asked for, and its timer; the instants of the last one, wanted and served. */
  wakeNs = 0
  wakeTimer = -1
  lastIntendedNs = Number.NaN
  lastWakeNs = Number.NaN
  private readonly policy: Policy
  private readonly intents = new Intents()
  private readonly view: FilledView
  private readonly venueViews: readonly FilledVenueView[]

  /** `advise`: what the desk thinks of a cancel of one of its children. */
  constructor(index: number, order: ParentOrder, policy: Policy, advise: (childId: number) => CancelAdvice) {
    this.index = index
    this.order = order
    this.policy = policy
    this.venues = venuesOf(order)
    this.venueViews = this.venues.map(() => ({
      touch: NO_TOUCH,
      directives: NEUTRAL,
      replaceLotsMax: Number.POSITIVE_INFINITY
    }))
    this.view = {
      nowNs: 0,
      parent: order,
      filledLots: 0,
      workingLots: 0,
      venues: this.venueViews,
      orders: this.orders,
      adviseCancel: advise,
      cause: 'wake'
    }
  }

  get workingLots(): number {
    let lots = 0
    for (const child of this.orders) lots += child.openLots
    return lots
  }

  /** What the policy will see of its venue number `index`. */
  show(index: number, touch: HostTouch, directives: Directives, replaceLotsMax: number): void {
    const view = this.venueViews[index]
    view.touch = touch
    view.directives = directives
    view.replaceLotsMax = replaceLotsMax
  }

  /** Asks the policy, when all its venues have been shown. The result is reused by the next call. */
  decide(cause: PolicyView['cause'], nowNs: number): Intents {
    const { view, intents } = this
    view.nowNs = nowNs
    view.filledLots = this.filledLots
    view.workingLots = this.workingLots
    view.cause = cause
    intents.clear()
    this.policy.decide(view, intents)
    return intents
  }
}
