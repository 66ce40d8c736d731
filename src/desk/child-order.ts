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
  /** Order quantity as last confirmed, and what reports said was filled of it. */
  quantityLots: number
  filledLots = 0
  sentNs: number
  /** Attempts of the new order so far; of the cancel now under way. */
  attemptCount = 0
  cancelCount = 0
  clientOrderId = -1
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
  }

  get openLots(): number {
    return this.quantityLots - this.filledLots
  }

  get state(): WorkingState {
    return this.life === 'waiting' || this.life === 'done' ? 'pending-new' : this.life
  }
}
