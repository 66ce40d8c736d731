/*
 * A child order as the host knows it. The venue may know better: between a message and its answer the two differ, and that
 * difference is what the race costs.
 */
import type { WorkingOrder, WorkingState } from '../policy/view.ts'

/** `waiting`: to be sent later (jitter, backoff). `done`: nothing more will happen to it. */
export type ChildState = WorkingState | 'waiting' | 'done'

export class ChildOrder implements WorkingOrder {
  readonly childId: number
  readonly parentIndex: number
  readonly venue: number
  readonly session: number
  readonly side: 1 | -1
  readonly tactic: number
  readonly passive: boolean
  readonly intentNs: number
  life: ChildState = 'waiting'
  priceTicks: number
  /** Order quantity as last confirmed, or the larger one of a replace not yet answered; and what reports said was filled of it. */
  quantityLots: number
  filledLots = 0
  sentNs: number
  /** As sentNs was before the replace under way: a replace that is refused was never sent, to the policy. */
  sentBeforeNs = Number.NaN
  /** Attempts of the new order so far; of the cancel now under way. */
  attemptCount = 0
  cancelCount = 0
  clientOrderId = -1
  /** Copies of the new order that were sent and not answered: while there are any, its outcome is in doubt. */
  unansweredCount = 0
  /** The venue said that it has the order. */
  accepted = false
  /** Row of the attempts table of the last new or replace; of the cancels table of the last cancel. */
  attemptRow = -1
  cancelRow = -1
  /** The cancel under way may not be suppressed. */
  cancelIsEssential = false
  /** Timer that will send it; a later one replaces it. */
  timer = -1
  /** A replace under way: what it asks for. */
  replacePriceTicks = 0
  replaceLots = 0
  /** Replaces that were sent and not answered: the order quantities they ask for, by message. */
  private readonly replaces: { readonly message: number; readonly lots: number }[] = []
  private confirmedLots: number

  constructor(fields: {
    childId: number
    parentIndex: number
    venue: number
    session: number
    side: 1 | -1
    tactic: number
    passive: boolean
    intentNs: number
    priceTicks: number
    quantityLots: number
  }) {
    this.childId = fields.childId
    this.parentIndex = fields.parentIndex
    this.venue = fields.venue
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

  /** True while a copy that was sent may still become an order at the venue, or has. */
  get mayBeAtVenue(): boolean {
    return this.accepted || this.unansweredCount > 0
  }

  replaceSent(message: number, lots: number): void {
    this.replaces.push({ message, lots })
    this.settleQuantity()
  }

  /** `lots` as confirmed by the answer; absent when the replace was refused. */
  replaceAnswered(message: number, lots?: number): void {
    const at = this.replaces.findIndex((replace) => replace.message === message)
    if (at >= 0) this.replaces.splice(at, 1)
    if (lots !== undefined) this.confirmedLots = lots
    this.settleQuantity()
  }

  /** The most that the venue may yet make of it: a replace whose answer is late can still take effect. */
  private settleQuantity(): void {
    let lots = this.confirmedLots
    for (const replace of this.replaces) lots = Math.max(lots, replace.lots)
    this.quantityLots = Math.max(lots, this.filledLots)
  }

  get openLots(): number {
    return this.quantityLots - this.filledLots
  }

  get state(): WorkingState {
    return this.life === 'waiting' || this.life === 'done' ? 'pending-new' : this.life
  }
}
