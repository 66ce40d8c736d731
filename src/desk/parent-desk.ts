/*
 * One parent at the desk: its policy, its open children, and the view the policy is shown. The view and the intent buffer are
 * made once and reused; intents take effect after the policy has returned.
 */
import type { CancelAdvice, Directives } from '../order/directives.ts'
import { type ParentOrder, venuesOf } from '../order/parent.ts'
import type { HostTouch, Policy, PolicyView, WorkingOrder } from '../policy/view.ts'
import type { ChildOrder } from './child-order.ts'
import { Intents, Wishes } from './intents.ts'
import { frozenParent, type ShownVenue, type ShownWorld, unshownVenue, ViewFace } from './policy-view.ts'

/** What a policy may ask the desk for through its view. */
export interface PolicyReads {
  /** Of a venue by number, as the task that the host serves has seen it. */
  tradedLots(venue: number): number
  /** Of a cancel of one of its children. */
  cancelAdvice(childId: number): CancelAdvice
}

const NO_ORDERS: readonly WorkingOrder[] = Object.freeze([])

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
  private readonly wishes = new Wishes()
  private readonly intents: Intents
  private readonly world: ShownWorld = { nowNs: 0, filledLots: 0, workingLots: 0, orders: NO_ORDERS, cause: 'wake' }
  private readonly shownVenues: readonly ShownVenue[]
  private readonly view: PolicyView

  constructor(index: number, order: ParentOrder, createPolicy: (parent: ParentOrder) => Policy, reads: PolicyReads) {
    this.index = index
    this.order = order
    this.venues = venuesOf(order)
    const shown = frozenParent(order)
    this.policy = createPolicy(shown)
    this.shownVenues = this.venues.map((venue) => unshownVenue(() => reads.tradedLots(venue), reads.cancelAdvice))
    this.intents = new Intents(this.wishes, this.world, shown, this.orders)
    this.view = new ViewFace(this.world, shown, this.shownVenues)
  }

  get workingLots(): number {
    let lots = 0
    for (const child of this.orders) lots += child.openLots
    return lots
  }

  /** What the policy will see of its venue number `index`. */
  show(index: number, touch: HostTouch, directives: Directives, replaceLotsMax: number): void {
    const shown = this.shownVenues[index]
    shown.touch = touch
    shown.directives = directives
    shown.replaceLotsMax = replaceLotsMax
  }

  /** Asks the policy, when all its venues have been shown. The result is reused by the next call. */
  decide(cause: PolicyView['cause'], nowNs: number): Wishes {
    const { world, wishes } = this
    world.nowNs = nowNs
    world.filledLots = this.filledLots
    world.workingLots = this.workingLots
    world.cause = cause
    if (!this.showsAllOrders()) world.orders = Object.freeze(this.orders.map(({ face }) => face))
    wishes.clear()
    this.policy.decide(this.view, this.intents)
    return wishes
  }

  private showsAllOrders(): boolean {
    const { orders } = this
    const shown = this.world.orders
    if (shown.length !== orders.length) return false
    for (let i = 0; i < orders.length; i++) if (shown[i] !== orders[i].face) return false
    return true
  }
}
