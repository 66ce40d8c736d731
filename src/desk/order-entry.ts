/*
 * Order entry: child orders from the wish to the named outcome. The state machine of one child as the host knows it: waiting,
 * pending new, live, pending replace, pending cancel, done; its messages, resends and cancels (answers.ts: what comes back).
 * Guarantees: a message is either answered, timed out and resent with the same client order id, or given up with a reason in the ledger; a child
 * that may still be at the venue is never done.
 */
import { assert } from '../kernel/assert.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { luckKey } from '../order/luck.ts'
import { widen } from '../order/touch.ts'
import { ATTEMPT_OUTCOME, CHILD_OUTCOME, MESSAGE_TYPE, TACTIC, TIME_IN_FORCE } from '../order/words.ts'
import type { PlaceIntent } from '../policy/view.ts'
import { lotsAtJoin } from './cancel-adviser.ts'
import { ChildOrder } from './child-order.ts'
import type { ControllerSampling } from './controller-sampling.ts'
import type { DeskLedger } from './desk-ledger.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import { Outbox } from './outbox.ts'
import type { ParentDesk } from './parent-desk.ts'
import { PendingCancels } from './pending-cancels.ts'
import { type SessionChoice, sessionFor } from './session-choice.ts'
import { TIMER, type Timers } from './timers.ts'

/** What order entry and its answers share with the rest of the desk. */
export interface DeskShared {
  readonly options: DeskOptions
  readonly parts: DeskParts
  readonly book: DeskLedger
  readonly timers: Timers
  readonly sampling: ControllerSampling
  readonly choice: SessionChoice
  /** By index. */
  readonly parents: readonly ParentDesk[]
}

export class OrderEntry {
  /** By child id. */
  readonly children: ChildOrder[] = []
  /** Children whose cancel has no answer yet. */
  readonly pendingCancels: PendingCancels
  readonly outbox: Outbox
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly book: DeskLedger
  private readonly timers: Timers
  private readonly sampling: ControllerSampling
  private readonly parents: readonly ParentDesk[]
  private readonly choice: SessionChoice
  private readonly onDone: (parent: ParentDesk) => void
  private clientOrderIdNext = 0
  private readonly best = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }

  /** `onDone` is told of a parent each time one of its children is done. */
  constructor(desk: DeskShared, onDone: (parent: ParentDesk) => void) {
    this.options = desk.options
    this.parts = desk.parts
    this.book = desk.book
    this.timers = desk.timers
    this.sampling = desk.sampling
    this.parents = desk.parents
    this.outbox = new Outbox(desk.options, desk.parts, desk.timers, desk.sampling, (message) => this.onUnknown(message))
    this.choice = desk.choice
    this.pendingCancels = new PendingCancels(desk.options.venues.length)
    this.onDone = onDone
  }

  // --- timers

  /** Timer `timer` of a child whose new order waits. */
  onSendTimer(timer: number, childId: number): void {
    const child = this.children[childId]
    if (child.timer !== timer || child.life !== 'waiting') return
    // While a copy is in doubt, the next one carries its id.
    if (this.mayMessage(child.parentIndex, child.venue)) this.sendNew(child, child.unansweredCount > 0)
    else child.timer = this.timers.at(this.nowNs + this.messageGapNs(child), TIMER.send, child.childId)
  }

  /** Timer `timer` of a child whose cancel waits to be sent again. */
  onCancelTimer(timer: number, childId: number): void {
    const child = this.children[childId]
    if (child.timer === timer && child.life === 'pending-cancel') this.sendCancel(child)
  }

  /** The timer of the oldest unanswered message. */
  onTimeoutTimer(): void {
    this.outbox.onTimeouts()
  }

  // --- wishes

  /** Makes a child and sends it, unless the message-rate cap is reached. */
  place(parent: ParentDesk, intent: PlaceIntent): void {
    assert(intent.lots > 0, 'a child has lots')
    assert(
      parent.filledLots + parent.workingLots + intent.lots <= parent.order.quantityLots,
      `parent ${parent.order.parentId} does not ask for more than its quantity`
    )
    const venue = parent.venues[intent.venueIndex]
    if (!this.mayMessage(parent.index, venue)) return
    const tactic = TACTIC.of[intent.tactic]
    const passive = tactic === TACTIC.of.passive
    const sequence = parent.childSequence++
    const child = new ChildOrder({
      childId: this.children.length,
      luckKey: luckKey(parent.order.parentId, sequence),
      parentIndex: parent.index,
      venue,
      venueIndex: intent.venueIndex,
      session: sessionFor(this.choice, venue, tactic, intent.slice),
      side: parent.order.side,
      tactic,
      passive,
      intentNs: this.nowNs,
      priceTicks: intent.limitTicks,
      quantityLots: intent.lots
    })
    this.children.push(child)
    parent.orders.push(child)
    if (parent.orders.length === 1) this.watch(parent, 1)
    this.book.openChild(child, parent, intent, passive ? TIME_IN_FORCE.of.day : TIME_IN_FORCE.of.ioc)
    const jitterNs = Math.floor(
      this.sampling.inForce(parent.index, venue).jitterNsMax *
        keyedUniform(this.options.seed, DRAW.dispatchJitter, parent.order.parentId, sequence)
    )
    if (jitterNs === 0) this.sendNew(child, false)
    else child.timer = this.timers.at(this.nowNs + jitterNs, TIMER.send, child.childId)
  }

  /** Cancels a child, or remembers that its pending cancel has become essential. */
  cancel(child: ChildOrder, essential: boolean): void {
    if (child.life === 'done' || child.life === 'pending-cancel') {
      child.cancelIsEssential ||= essential
      return
    }
    if (child.life === 'waiting' && !child.mayBeAtVenue) {
      this.finish(child, CHILD_OUTCOME.of.aborted)
      return
    }
    if (!essential && !this.mayChange(child)) return
    if (!essential && child.passive) this.parts.gauges.venues[child.venue].onQueueReset(this.nowNs)
    this.sampling.canary?.of(child.parentIndex).onCancelRequest()
    child.cancelIsEssential = essential
    child.cancelCount = 0
    this.parts.gauges.venues[child.venue].onCancelRequest(this.nowNs)
    child.cancelAsked()
    this.pendingCancels.add(child)
    this.sendCancel(child)
  }

  /** Asks for another price or open quantity of a live child, unless a racing fill could then overfill its parent. */
  replace(child: ChildOrder, limitTicks: number, lots: number): void {
    if (child.life !== 'live') return
    if (!this.mayChange(child)) return
    if (lots > this.replaceLotsMax(this.parents[child.parentIndex], child.venue)) return
    const { inFlightMitigation } = this.options.venues[child.venue].orders
    const sentBeforeNs = child.sentNs
    const keepsPriority = limitTicks === child.priceTicks && this.options.venues[child.venue].orders.sizeDownKeepsPriority
    if (!keepsPriority) this.parts.gauges.venues[child.venue].onQueueReset(this.nowNs)
    child.replacePriceTicks = limitTicks
    child.replaceLots = inFlightMitigation ? child.filledLots + lots : lots
    child.clientOrderId = this.clientOrderIdNext++
    child.attemptRow = this.openAttempt(child, MESSAGE_TYPE.of.replace, 0, 0)
    this.parts.ledger.children.col.replaceCount[child.childId]++
    const message = this.outbox.send(
      child,
      MESSAGE_TYPE.of.replace,
      child.attemptRow,
      0,
      child.replacePriceTicks,
      child.replaceLots
    )
    // Without mitigation all but one lot of the old quantity may fill first, and all of the new one after: a filled order is not replaced.
    child.replaceSent(message, inFlightMitigation ? child.replaceLots : child.quantityLots - 1 + lots, sentBeforeNs)
  }

  /** The most open lots that a replace at the venue may ask for without a racing fill overfilling the parent. */
  replaceLotsMax(parent: ParentDesk, venue: number): number {
    if (this.options.venues[venue].orders.inFlightMitigation) return Number.POSITIVE_INFINITY
    return parent.order.quantityLots - parent.filledLots - parent.workingLots + 1
  }

  private mayMessage(parent: number, venue: number): boolean {
    const { messageRateMaxPerSecond } = this.sampling.inForce(parent, venue)
    return this.parts.gauges.venues[venue].messageRate(this.nowNs) < messageRateMaxPerSecond
  }

  /** May a cancel or replace of the child that is not essential go to its venue? */
  private mayChange({ parentIndex, venue }: ChildOrder): boolean {
    const { pendingCancelCountMax, pendingCancelShareMax } = this.sampling.inForce(parentIndex, venue)
    if (this.pendingCancels.countAt(venue) >= pendingCancelCountMax) return false
    if (pendingCancelShareMax < Number.POSITIVE_INFINITY && !this.hasInventoryRoom(venue, pendingCancelShareMax)) return false
    return this.mayMessage(parentIndex, venue)
  }

  /** Is the notional of pending cancels below this share of what is under way? */
  private hasInventoryRoom(venue: number, shareMax: number): boolean {
    let pending = 0
    for (const child of this.pendingCancels.at(venue)) pending += child.openLots * child.priceTicks
    return pending <= shareMax * this.sampling.activeNotional()
  }

  /** Mean gap between messages to the child's venue under the message-rate cap. */
  private messageGapNs({ parentIndex, venue }: ChildOrder): number {
    return Math.ceil(NS_PER_SECOND / Math.max(1, this.sampling.inForce(parentIndex, venue).messageRateMaxPerSecond))
  }

  /** The touches of all its venues move a parent that has orders. */
  private watch(parent: ParentDesk, change: 1 | -1): void {
    for (const venue of parent.venues) this.parts.feed.watch(venue, change, this.nowNs)
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }

  /** Opens a row of the attempts table with the market as the host sees it now: the venue's, and the best over the parent's venues. */
  private openAttempt(child: ChildOrder, messageType: number, retryIndex: number, waitedNs: number): number {
    const { feed } = this.parts
    const { best } = this
    const touch = feed.read(child.venue)
    const isReplace = messageType === MESSAGE_TYPE.of.replace
    child.joinedBehindLots = lotsAtJoin(child.side, isReplace ? child.replacePriceTicks : child.priceTicks, touch)
    const { venues } = this.parents[child.parentIndex]
    if (venues.length === 1) return this.book.openAttempt(child, messageType, retryIndex, waitedNs, this.nowNs, touch, touch)
    best.bidLots = 0
    best.askLots = 0
    for (const venue of venues) widen(best, feed.read(venue))
    return this.book.openAttempt(child, messageType, retryIndex, waitedNs, this.nowNs, touch, best)
  }

  // --- sending

  /** Sends the new order, again when it was sent before; `resend` keeps its client order id (outcome unknown). */
  private sendNew(child: ChildOrder, resend: boolean): void {
    if (!resend) child.clientOrderId = this.clientOrderIdNext++
    const retryIndex = child.attemptCount++
    const waitedNs = retryIndex === 0 ? 0 : this.nowNs - child.sentNs
    child.newSent()
    child.attemptRow = this.openAttempt(child, MESSAGE_TYPE.of.new, retryIndex, resend ? 0 : waitedNs)
    this.outbox.send(child, MESSAGE_TYPE.of.new, child.attemptRow, retryIndex, child.priceTicks, child.quantityLots)
  }

  private sendCancel(child: ChildOrder): void {
    const retryIndex = child.cancelCount++
    child.cancelRow = this.book.openCancel(child, retryIndex, this.nowNs)
    this.outbox.send(child, MESSAGE_TYPE.of.cancel, child.cancelRow, retryIndex, child.priceTicks, child.openLots)
  }

  /**
   * No answer in time: the outcome is unknown, not failed. New orders are sent again under the same id until the attempts are
   * used up, then cancelled; cancels are sent again.
   */
  private onUnknown(message: number): void {
    const { messages, gauges, ledger } = this.parts
    const child = this.children[messages.child.values[message]]
    gauges.venues[child.venue].onTimeout(this.nowNs)
    const row = messages.ledgerRow.values[message]
    if (messages.type.values[message] === MESSAGE_TYPE.of.cancel) {
      if (child.life === 'pending-cancel' && row === child.cancelRow) this.sendCancel(child)
      return
    }
    ledger.attempts.col.outcome[row] = ATTEMPT_OUTCOME.of.timeout
    // Only the last copy counts: for an earlier one a later one is under way.
    if (row !== child.attemptRow) return
    if (child.life === 'pending-new') {
      if (child.attemptCount < this.options.retry.attemptCountMax) this.sendNew(child, true)
      else this.cancel(child, true)
    } else child.replaceUnanswered()
  }

  /** The child is done, with that outcome; nothing more will happen to it. */
  finish(child: ChildOrder, outcome: number): void {
    if (child.life === 'done') return
    child.finished()
    this.pendingCancels.delete(child)
    this.book.closeChild(child, outcome, this.nowNs)
    this.sampling.canary?.of(child.parentIndex).onChildDone(child.filledLots > 0)
    const parent = this.parents[child.parentIndex]
    parent.orders.splice(parent.orders.indexOf(child), 1)
    if (parent.orders.length === 0) this.watch(parent, -1)
    this.onDone(parent)
  }
}
