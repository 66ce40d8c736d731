/*
 * All that a policy may see and do: the host's delayed book, its own orders as acknowledged so far, its directives. Nothing
 * here leads to the simulator's truth.
 */
import type { CancelAdvice, Directives } from '../order/directives.ts'
import type { ParentOrder } from '../order/parent.ts'

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
  /** What the controllers ask for on the path to this venue, those of the host included. */
  readonly directives: Directives
  /**
   * The most open lots that a replace may ask for here: with more, a fill that races it could overfill the parent. Infinity where the venue counts
   * what was filled.
   */
  readonly replaceLotsMax: number
}

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
  /**
   * Asked before a cancel that is not essential: is it worth its race with a fill (cancel-ack playbook)? Where no controller has a say, 'cancel'.
   * Absent: the same.
   */
  readonly adviseCancel?: (childId: number) => CancelAdvice
  /** Why the policy is asked: its own wake-up, a moved touch, a report that was read (fill, ack, reject, cancel). */
  readonly cause: 'wake' | 'touch' | 'report'
}

/**
 * Where a policy puts its wishes. The desk may delay, merge or refuse them as the directives say. An order stays in `orders`, and its
 * open lots in `workingLots`, until a report that was read says otherwise: an accepted cancel changes its state only.
 */
export interface IntentBuffer {
  /** A new child for the venue of that index. `limitTicks` is its limit price; passive = post-only day order, else IOC. `slice` and `scheduledNs` go to the ledger. */
  place(intent: {
    venueIndex: number
    tactic: 'passive' | 'take' | 'catch-up' | 'liquidation'
    limitTicks: number
    lots: number
    slice: number
    scheduledNs: number
  }): void
  /**
   * Cancel; `essential` cancels (end of slice or parent) are never suppressed by directives. In pending-new it ends the desk's
   * retries, or follows the order to the venue; a second cancel of a child is ignored while the first is pending.
   */
  cancel(childId: number, essential: boolean): void
  /**
   * One message that moves price or size: priority is lost unless only the size goes down. `lots` is the open quantity wanted, never
   * above the order's openLots; the desk refuses more than `replaceLotsMax`, so that a fill in flight cannot overfill the parent.
   */
  replace(childId: number, limitTicks: number, lots: number): void
  /** Ask to be called again at this instant (the earliest one asked for since the last call stays; a later call replaces it). */
  wakeAt(timeNs: number): void
}

/** One per parent order. Holds its own state between calls. */
export interface Policy {
  decide(view: PolicyView, out: IntentBuffer): void
}
