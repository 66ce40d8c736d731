/*
 * All that a policy may see and do: the host's delayed book, its own orders as acknowledged so far, its directives. Nothing
 * here leads to the simulator's truth: what the desk shows is made for the policy alone, and changing it changes nothing
 * (desk/policy-view.ts). The view and all in it are reused: they hold until `decide` returns; keep numbers, not objects.
 */
import type { CancelAdvice, Directives } from '../order/directives.ts'
import type { ParentOrder } from '../order/parent.ts'

/** What a child is for: `passive` rests, the others cross. Caps, sessions and the ledger go by it. */
export type ChildTactic = 'passive' | 'take' | 'catch-up' | 'liquidation'

export type WorkingState = 'pending-new' | 'live' | 'pending-replace' | 'pending-cancel'

/** A child as the host knows it. */
export interface WorkingOrder {
  readonly childId: number
  /** Which of the view's venues has it. */
  readonly venueIndex: number
  readonly state: WorkingState
  readonly priceTicks: number
  readonly openLots: number
  /** When the host sent it (or its last replace). */
  readonly sentNs: number
  /** True for an order meant to rest. */
  readonly passive: boolean
}

/** The touch as the host's book has it; lots 0 = that side is empty. */
export interface HostTouch {
  readonly bidTicks: number
  readonly bidLots: number
  readonly askTicks: number
  readonly askLots: number
}

/** A venue where the parent may trade, as the host knows it. */
export interface VenueView {
  /** As the feed of this venue has brought it, late by its own delay. */
  readonly touch: HostTouch
  /**
   * Lots that have traded here since the tape began, as the same feed tells: displayed and hidden executions and prints, not auctions, and not own
   * fills (recorded history does not know them). Never decreases.
   */
  readonly tradedLots: number
  /** What the controllers ask for on the path to this venue, those of the host included. */
  readonly directives: Directives
  /**
   * The most open lots that a replace may ask for here: with more, a fill that races it could overfill the parent. Infinity where the venue counts
   * what was filled.
   */
  readonly replaceLotsMax: number
  /**
   * To be asked before a cancel that is not essential: is it worth its race with a fill (cancel-ack playbook)? Where no controller has a say, 'cancel'.
   * Absent: the same.
   */
  readonly adviseCancel?: (childId: number) => CancelAdvice
}

/** A parent and its world at the instant at which its policy is asked. Prices are ticks, quantities lots, instants ns since the tape's midnight. */
export interface PolicyView {
  readonly nowNs: number
  readonly parent: ParentOrder
  /** Lots filled, as far as reports have been read. */
  readonly filledLots: number
  /** Open lots over all working orders. */
  readonly workingLots: number
  /** In the order of the parent's venues; at least one. */
  readonly venues: readonly VenueView[]
  readonly orders: readonly WorkingOrder[]
  /** Why the policy is asked: its own wake-up, a moved touch, a report that was read (fill, ack, reject, cancel). */
  readonly cause: 'wake' | 'touch' | 'report'
}

/**
 * Where a policy puts its wishes. The desk may delay, merge or refuse them as the directives say. An order stays in `orders`, and its
 * open lots in `workingLots`, until a report that was read says otherwise: an accepted cancel changes its state only.
 */
export interface IntentBuffer {
  /**
   * A new child. Errors: InvariantError for anything but whole lots of at least 1, a whole price, a venue and a tactic that there are, or for more than
   * the parent's quantity less what is filled, working and asked for in this call.
   */
  place(intent: PlaceIntent): void
  /**
   * Cancel; `essential` cancels (end of slice or parent) are never suppressed by directives. In pending-new it ends the desk's
   * retries, or follows the order to the venue; a second cancel of a child is ignored while the first is pending. Errors: InvariantError for a child that is
   * not among the view's orders.
   */
  cancel(childId: number, essential: boolean): void
  /**
   * One message that moves price or size: priority is lost unless only the size goes down. `lots` is the open quantity wanted, never
   * above the order's openLots; the desk refuses more than `replaceLotsMax`, so that a fill in flight cannot overfill the parent. It is
   * ignored for a child that is not live. Errors: InvariantError for a child that is not among the view's orders, or lots or a price that cannot be.
   */
  replace(childId: number, limitTicks: number, lots: number): void
  /**
   * Ask to be called again at this instant, after now: of those asked for in one call the earliest; it replaces what earlier calls asked for, and
   * a call that asks for none leaves that as it is. Parts of a ns are rounded up. Errors: InvariantError unless it is after now.
   */
  wakeAt(timeNs: number): void
}

/** A new child for the venue of that index, with its limit price: post-only and for the day when passive, else immediate or cancel. */
export interface PlaceIntent {
  readonly venueIndex: number
  readonly tactic: ChildTactic
  readonly limitTicks: number
  readonly lots: number
  /** For the ledger: a number of your own for the part of the plan that wants it, and when it was first wanted. */
  readonly slice: number
  readonly scheduledNs: number
}

/**
 * How one parent order is worked. One is made per parent; it holds its own state between calls. The desk calls `decide` at the parent's start, at each
 * wake-up asked for, when a report about one of its orders was read, and, while it has orders, when the price of a touch has moved at one of its venues;
 * after the parent's end it is called until nothing is open. A policy that sends again at once whenever a report says that an order found nothing
 * turns as fast as messages come back: act on wake-ups (`view.cause`), or leave time between tries. Wishes take effect when it returns, places first, then cancels, then replaces.
 *
 * It must be a pure function of what it was shown: no clock, no Math.random, no file, and no state shared with the policies of other parents
 * or runs. The same views must give the same wishes, else runs cannot be repeated or compared (`tailtax run --check` runs twice and compares).
 */
export interface Policy {
  decide(view: PolicyView, out: IntentBuffer): void
}
