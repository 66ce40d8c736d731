/*
 * A child order as the host knows it. The venue may know better: between a message and its answer the two differ, and that
 * difference is what the race costs. Its state follows from what is under way, by FIX's precedence of OrdStatus (4.4 appendix D): a
 * pending cancel is shown before a pending replace, and that before what the venue last said.
 */
import { assert } from '../kernel/assert.ts'
import type { WorkingOrder, WorkingState } from '../policy/view.ts'
import { OrderFace } from './policy-view.ts'

/** `waiting`: to be sent later (jitter, backoff). `done`: nothing more will happen to it. */
export type ChildState = WorkingState | 'waiting' | 'done'

export class ChildOrder implements WorkingOrder {
  /** What its policy is shown of it. */
  readonly face: WorkingOrder = new OrderFace(this)
  readonly childId: number
  /** Who it is to chance (order/luck.ts). */
  readonly luckKey: number
  readonly parentIndex: number
  readonly venue: number
  readonly venueIndex: number
  readonly session: number
  readonly side: 1 | -1
  readonly tactic: number
  readonly passive: boolean
  readonly intentNs: number
  priceTicks: number
  /** The most that order and replaces under way can come to, filled lots included; and what reports said was filled of it. */
  quantityLots: number
  filledLots = 0
  sentNs: number
  /** Attempts of the new order so far; of the cancel now under way. */
  attemptCount = 0
  cancelCount = 0
  /** Of the last message, and of the terms that the venue has confirmed. */
  clientOrderId = -1
  confirmedClientOrderId = -1
  /** Row of the attempts table of the last new or replace; of the cancels table of the last cancel. */
  attemptRow = -1
  cancelRow = -1
  /** The cancel under way may not be suppressed. */
  cancelIsEssential = false
  /** Lots at its price when it was sent or moved, as the touch showed them; NaN where that is not known. */
  joinedBehindLots = Number.NaN
  /** Timer that will send it; a later one replaces it. */
  timer = -1
  /** A replace under way: what it asks for. */
  replacePriceTicks = 0
  replaceLots = 0
  private current: ChildState = 'waiting'
  private isWaiting = true
  private isDone = false
  private isAccepted = false
  private cancelIsPending = false
  /** The last replace is neither answered nor given up. */
  private replaceIsPending = false
  private unansweredNews = 0
  /** As sentNs was before the last replace: a replace that is refused was never sent, to the policy. */
  private sentBeforeNs = Number.NaN
  /** Replaces that were sent and not answered: the most that each can bring the order quantity to, by message. */
  private readonly replaces: { readonly message: number; readonly lots: number }[] = []
  private confirmedLots: number

  constructor(fields: {
    childId: number
    luckKey: number
    parentIndex: number
    venue: number
    venueIndex: number
    session: number
    side: 1 | -1
    tactic: number
    passive: boolean
    intentNs: number
    priceTicks: number
    quantityLots: number
  }) {
    this.childId = fields.childId
    this.luckKey = fields.luckKey
    this.parentIndex = fields.parentIndex
    this.venue = fields.venue
    this.venueIndex = fields.venueIndex
    this.session = fields.session
    this.side = fields.side
    this.tactic = fields.tactic
    this.passive = fields.passive
    this.intentNs = fields.intentNs
    this.sentNs = fields.intentNs
    this.priceTicks = fields.priceTicks
    this.quantityLots = fields.quantityLots
    this.confirmedLots = fields.quantityLots
  }

  get life(): ChildState {
    return this.current
  }

  get state(): WorkingState {
    return this.current === 'waiting' || this.current === 'done' ? 'pending-new' : this.current
  }

  get openLots(): number {
    return this.quantityLots - this.filledLots
  }

  /** The venue said that it has the order. */
  get accepted(): boolean {
    return this.isAccepted
  }

  /** Copies of the new order that were sent and not answered: while there are any, its outcome is in doubt. */
  get unansweredCount(): number {
    return this.unansweredNews
  }

  /** True while a copy that was sent may still become an order at the venue, or has. */
  get mayBeAtVenue(): boolean {
    return this.isAccepted || this.unansweredNews > 0
  }

  /** A copy of it will be sent later. */
  waits(): void {
    this.isWaiting = true
    this.settleState()
  }

  newSent(): void {
    this.isWaiting = false
    this.unansweredNews++
    this.settleState()
  }

  newRejected(): void {
    this.unansweredNews--
  }

  newAccepted(clientOrderId: number): void {
    this.unansweredNews--
    this.isAccepted = true
    this.isWaiting = false
    this.confirmedClientOrderId = clientOrderId
    this.settleState()
  }

  /** A cancel is under way. */
  cancelAsked(): void {
    this.isWaiting = false
    this.cancelIsPending = true
    this.settleState()
  }

  /** The cancel was refused and will not be tried again. */
  cancelDropped(): void {
    this.cancelIsPending = false
    this.settleState()
  }

  /** `quantityMaxLots`: the most that it can bring the order quantity to. `sentBeforeNs`: sentNs as it was. */
  replaceSent(message: number, quantityMaxLots: number, sentBeforeNs: number): void {
    this.replaces.push({ message, lots: quantityMaxLots })
    this.replaceIsPending = true
    this.sentBeforeNs = sentBeforeNs
    this.settleQuantity()
    this.settleState()
  }

  /** No answer in time: it may still take effect, but it is no longer waited for. */
  replaceUnanswered(): void {
    this.replaceIsPending = false
    this.settleState()
  }

  /** The venue confirmed the replace; `isLast`: it is the last one sent. */
  replaceConfirmed(message: number, isLast: boolean, clientOrderId: number, priceTicks: number, leavesLots: number): void {
    this.forget(message)
    this.confirmedClientOrderId = clientOrderId
    this.priceTicks = priceTicks
    // Reports come in order: every fill before the confirmation has been read.
    this.confirmedLots = this.filledLots + leavesLots
    if (isLast) this.replaceIsPending = false
    this.settleQuantity()
    this.settleState()
  }

  replaceRejected(message: number, isLast: boolean): void {
    this.forget(message)
    this.settleQuantity()
    if (!isLast || !this.replaceIsPending) return
    this.replaceIsPending = false
    this.sentNs = this.sentBeforeNs
    this.settleState()
  }

  /** `clientOrderId` as the fill's report has it. */
  filled(lots: number, clientOrderId: number): void {
    assert(clientOrderId === this.confirmedClientOrderId, 'a fill carries the terms that were confirmed last')
    this.filledLots += lots
    assert(this.filledLots <= this.quantityLots, 'a child never fills more than the host knows it can')
  }

  finished(): void {
    this.isDone = true
    this.settleState()
  }

  private forget(message: number): void {
    const at = this.replaces.findIndex((replace) => replace.message === message)
    if (at >= 0) this.replaces.splice(at, 1)
  }

  /** The most that the venue may yet make of it: a replace whose answer is late can still take effect. */
  private settleQuantity(): void {
    let lots = this.confirmedLots
    for (const replace of this.replaces) lots = Math.max(lots, replace.lots)
    this.quantityLots = Math.max(lots, this.filledLots)
  }

  private settleState(): void {
    if (this.isDone) this.current = 'done'
    else if (this.cancelIsPending) this.current = 'pending-cancel'
    else if (this.replaceIsPending) this.current = 'pending-replace'
    else if (this.isAccepted) this.current = 'live'
    else this.current = this.isWaiting ? 'waiting' : 'pending-new'
  }
}
