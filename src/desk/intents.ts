/*
 * What a policy wishes for in one call. The buffer checks each wish when it is made, so that a fault is found inside the policy's own call; the desk
 * reads the wishes after it. Both are reused.
 */
import { assert } from '../kernel/assert.ts'
import type { ParentOrder } from '../order/parent.ts'
import { venuesOf } from '../order/parent.ts'
import { TACTIC } from '../order/words.ts'
import type { IntentBuffer, PlaceIntent, WorkingOrder } from '../policy/view.ts'
import type { ShownWorld } from './policy-view.ts'

type Filled<T> = { -readonly [K in keyof T]: T[K] }

/** In order; of each list the first so many count. */
export class Wishes {
  readonly places: Filled<PlaceIntent>[] = []
  placeCount = 0
  readonly cancels: { childId: number; essential: boolean }[] = []
  cancelCount = 0
  readonly replaces: { childId: number; limitTicks: number; lots: number }[] = []
  replaceCount = 0
  /** NaN = no wake-up is asked for. */
  wakeNs = Number.NaN
  placedLots = 0

  clear(): void {
    this.placeCount = 0
    this.cancelCount = 0
    this.replaceCount = 0
    this.wakeNs = Number.NaN
    this.placedLots = 0
  }
}

const NO_PLACE: PlaceIntent = { venueIndex: 0, tactic: 'passive', limitTicks: 0, lots: 0, slice: 0, scheduledNs: 0 }

export class Intents implements IntentBuffer {
  readonly #wishes: Wishes
  readonly #world: ShownWorld
  readonly #parent: ParentOrder
  readonly #venueCount: number
  readonly #orders: readonly WorkingOrder[]

  /** `orders`: the parent's own, not what the policy is shown. */
  constructor(wishes: Wishes, world: ShownWorld, parent: ParentOrder, orders: readonly WorkingOrder[]) {
    this.#wishes = wishes
    this.#world = world
    this.#parent = parent
    this.#venueCount = venuesOf(parent).length
    this.#orders = orders
    Object.freeze(this)
  }

  place(intent: PlaceIntent): void {
    const { venueIndex, tactic, limitTicks, lots, slice, scheduledNs } = intent
    const wishes = this.#wishes
    const world = this.#world
    const parent = this.#parent
    assert(Number.isSafeInteger(lots) && lots > 0, 'a child has whole lots, at least 1')
    assert(Number.isSafeInteger(limitTicks), 'a child has a limit price in whole ticks')
    assert(
      Number.isInteger(venueIndex) && venueIndex >= 0 && venueIndex < this.#venueCount,
      'a child goes to a venue of the view'
    )
    assert(Object.hasOwn(TACTIC.of, tactic), 'a child is passive, take, catch-up or liquidation')
    assert(
      Number.isSafeInteger(slice) && Number.isFinite(scheduledNs),
      'a child has a slice and an instant at which it was wanted'
    )
    assert(world.nowNs < parent.endNs, "nothing is placed at or after the parent's end")
    assert(!(parent.side * (limitTicks - parent.limitTicks) > 0), "no price is beyond the parent's limit")
    wishes.placedLots += lots
    assert(
      world.filledLots + world.workingLots + wishes.placedLots <= parent.quantityLots,
      "filled, working and new lots are not more than the parent's quantity"
    )
    if (wishes.placeCount === wishes.places.length) wishes.places.push({ ...NO_PLACE })
    const kept = wishes.places[wishes.placeCount++]
    kept.venueIndex = venueIndex
    kept.tactic = tactic
    kept.limitTicks = limitTicks
    kept.lots = lots
    kept.slice = slice
    kept.scheduledNs = Math.floor(scheduledNs)
  }

  cancel(childId: number, essential: boolean): void {
    this.#orderOf(childId)
    const wishes = this.#wishes
    if (wishes.cancelCount === wishes.cancels.length) wishes.cancels.push({ childId: 0, essential: false })
    const kept = wishes.cancels[wishes.cancelCount++]
    kept.childId = childId
    kept.essential = essential === true
  }

  replace(childId: number, limitTicks: number, lots: number): void {
    const order = this.#orderOf(childId)
    const parent = this.#parent
    assert(
      Number.isSafeInteger(lots) && lots > 0 && lots <= order.openLots,
      "a replace asks for whole lots, not more than the order's open ones"
    )
    assert(Number.isSafeInteger(limitTicks), 'a replace has a limit price in whole ticks')
    assert(!(parent.side * (limitTicks - parent.limitTicks) > 0), "no price is beyond the parent's limit")
    const wishes = this.#wishes
    if (wishes.replaceCount === wishes.replaces.length) wishes.replaces.push({ childId: 0, limitTicks: 0, lots: 0 })
    const kept = wishes.replaces[wishes.replaceCount++]
    kept.childId = childId
    kept.limitTicks = limitTicks
    kept.lots = lots
  }

  wakeAt(timeNs: number): void {
    const wakeNs = Math.ceil(timeNs)
    assert(wakeNs > this.#world.nowNs && Number.isSafeInteger(wakeNs), 'a wake-up is after now, at an instant in ns')
    const wishes = this.#wishes
    if (!(wishes.wakeNs <= wakeNs)) wishes.wakeNs = wakeNs
  }

  #orderOf(childId: number): WorkingOrder {
    for (const order of this.#orders) if (order.childId === childId) return order
    assert(false, `child ${childId} is among the orders of this parent`)
  }
}

Object.freeze(Intents.prototype)
