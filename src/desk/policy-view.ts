/*
 * What a policy is handed: faces over records that the desk keeps and fills in before each call. A face has no field of its own (private ones are
 * out of reach of any code but the class) and is frozen, as are its class's methods and the parent; so a policy can neither change what
 * another one or the desk sees, nor follow a reference to the desk, its markets or its messages. Nothing is made per call but a list of orders, where they are
 * not those of the last call. This guards against mistakes, not against malice: code that runs in the same process can always do harm by other ways.
 */
import type { CancelAdvice, Directives } from '../order/directives.ts'
import { NEUTRAL } from '../order/directives.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { HostTouch, PolicyView, VenueView, WorkingOrder, WorkingState } from '../policy/view.ts'

/** What is shown of a venue, as the desk fills it in. */
export interface ShownVenue {
  touch: HostTouch
  directives: Directives
  replaceLotsMax: number
  /** Reads the feed: only policies that follow volume pay for it. */
  readonly readTradedLots: () => number
  readonly adviseCancel: (childId: number) => CancelAdvice
}

/** What is shown of the parent's world. */
export interface ShownWorld {
  nowNs: number
  filledLots: number
  workingLots: number
  /** Frozen. */
  orders: readonly WorkingOrder[]
  cause: PolicyView['cause']
}

const NO_TOUCH: HostTouch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }

export function unshownVenue(readTradedLots: () => number, adviseCancel: (childId: number) => CancelAdvice): ShownVenue {
  return { touch: NO_TOUCH, directives: NEUTRAL, replaceLotsMax: Number.POSITIVE_INFINITY, readTradedLots, adviseCancel }
}

/** A copy that cannot be changed. */
export function frozenParent(order: ParentOrder): ParentOrder {
  const { venues } = order
  return Object.freeze(venues === undefined ? { ...order } : { ...order, venues: Object.freeze([...venues]) })
}

class TouchFace implements HostTouch {
  readonly #shown: ShownVenue

  constructor(shown: ShownVenue) {
    this.#shown = shown
    Object.freeze(this)
  }

  get bidTicks(): number {
    return this.#shown.touch.bidTicks
  }

  get bidLots(): number {
    return this.#shown.touch.bidLots
  }

  get askTicks(): number {
    return this.#shown.touch.askTicks
  }

  get askLots(): number {
    return this.#shown.touch.askLots
  }
}

class VenueFace implements VenueView {
  readonly #shown: ShownVenue
  readonly #touch: HostTouch

  constructor(shown: ShownVenue) {
    this.#shown = shown
    this.#touch = new TouchFace(shown)
    Object.freeze(this)
  }

  get touch(): HostTouch {
    return this.#touch
  }

  get tradedLots(): number {
    return this.#shown.readTradedLots()
  }

  get directives(): Directives {
    return this.#shown.directives
  }

  get replaceLotsMax(): number {
    return this.#shown.replaceLotsMax
  }

  adviseCancel(childId: number): CancelAdvice {
    return this.#shown.adviseCancel(childId)
  }
}

export class OrderFace implements WorkingOrder {
  readonly #order: WorkingOrder

  constructor(order: WorkingOrder) {
    this.#order = order
    Object.freeze(this)
  }

  get childId(): number {
    return this.#order.childId
  }

  get venueIndex(): number {
    return this.#order.venueIndex
  }

  get state(): WorkingState {
    return this.#order.state
  }

  get priceTicks(): number {
    return this.#order.priceTicks
  }

  get openLots(): number {
    return this.#order.openLots
  }

  get sentNs(): number {
    return this.#order.sentNs
  }

  get passive(): boolean {
    return this.#order.passive
  }
}

export class ViewFace implements PolicyView {
  readonly #world: ShownWorld
  readonly #parent: ParentOrder
  readonly #venues: readonly VenueView[]

  /** `parent` is frozen. */
  constructor(world: ShownWorld, parent: ParentOrder, venues: readonly ShownVenue[]) {
    this.#world = world
    this.#parent = parent
    this.#venues = Object.freeze(venues.map((shown) => new VenueFace(shown)))
    Object.freeze(this)
  }

  get nowNs(): number {
    return this.#world.nowNs
  }

  get parent(): ParentOrder {
    return this.#parent
  }

  get filledLots(): number {
    return this.#world.filledLots
  }

  get workingLots(): number {
    return this.#world.workingLots
  }

  get venues(): readonly VenueView[] {
    return this.#venues
  }

  get orders(): readonly WorkingOrder[] {
    return this.#world.orders
  }

  get cause(): PolicyView['cause'] {
    return this.#world.cause
  }
}

for (const face of [TouchFace, VenueFace, OrderFace, ViewFace]) Object.freeze(face.prototype)
