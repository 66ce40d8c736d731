/*
 * What each report that is read makes of a child order: accepted, refused, filled, expired, cancelled, replaced, too late. Copies of one
 * order and their answers may cross: only the answer to the last message of a kind decides, and a refusal of one copy says nothing of another.
 */

import { assert } from '../kernel/assert.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { CANCEL_OUTCOME, CHILD_OUTCOME, REASON, REJECTED_BY, REPORT_TYPE } from '../order/words.ts'
import type { RetryOptions } from '../path/options.ts'
import { backoffNs, mayRetry } from '../path/retry.ts'
import type { ChildOrder } from './child-order.ts'
import type { ControllerSampling } from './controller-sampling.ts'
import type { DeskLedger } from './desk-ledger.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import type { DeskShared, OrderEntry } from './order-entry.ts'
import type { ParentDesk } from './parent-desk.ts'
import { TIMER, type Timers } from './timers.ts'

/** An essential cancel is never given up, but neither may it spin: beyond the attempts its waits double between these (assumed). */
const CANCEL_WAIT_NS_MIN = 100_000
const CANCEL_WAIT_NS_MAX = NS_PER_SECOND

/** Reasons that may pass by waiting; any other refusal is final for the child. */
const RETRYABLE: ReadonlySet<number> = new Set([
  REASON.of.throttled,
  REASON.of['throttle-queue-full'],
  REASON.of['risk-rate'],
  REASON.of['risk-open-orders'],
  REASON.of['risk-stress'],
  REASON.of['session-down'],
  REASON.of['send-buffer-full']
])

/** Refusals by a risk gate that is under stress. */
const STRESSED: ReadonlySet<number> = new Set([REASON.of['risk-rate'], REASON.of['risk-open-orders'], REASON.of['risk-stress']])

export class Answers {
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly book: DeskLedger
  private readonly timers: Timers
  private readonly sampling: ControllerSampling
  private readonly parents: readonly ParentDesk[]
  private readonly entry: OrderEntry

  constructor(desk: DeskShared, entry: OrderEntry) {
    this.options = desk.options
    this.parts = desk.parts
    this.book = desk.book
    this.timers = desk.timers
    this.sampling = desk.sampling
    this.parents = desk.parents
    this.entry = entry
  }

  /** A report is read; gives the parent it concerns, or undefined. */
  onReport(report: number): ParentDesk | undefined {
    const { reports, messages } = this.parts
    const nowNs = this.nowNs
    reports.hostNs.values[report] = nowNs
    const type = reports.type.values[report]
    if (type === REPORT_TYPE.of['session-up']) return undefined
    const message = reports.message.values[report]
    if (message >= 0) this.entry.outbox.settle(message)
    const child = this.entry.children[reports.child.values[report]]
    const parent = this.parents[child.parentIndex]
    switch (type) {
      case REPORT_TYPE.of.accepted:
        this.book.acceptAttempt(messages.ledgerRow.values[message], child, report, this.parts.reports, nowNs)
        this.onAnswer(child, message, 0, false)
        child.newAccepted(reports.clientOrderId.values[report])
        break
      case REPORT_TYPE.of.rejected:
        this.onRejected(child, parent, report, message)
        break
      case REPORT_TYPE.of.filled: {
        const lots = reports.lots.values[report]
        child.filled(lots, reports.clientOrderId.values[report])
        parent.filledLots += lots
        this.parts.ledger.fills.col.reportNs[reports.fillRow.values[report]] = nowNs
        this.measureFill(child, lots, reports.priceTicks.values[report])
        if (reports.leavesLots.values[report] === 0) this.entry.finish(child, CHILD_OUTCOME.of.filled)
        break
      }
      case REPORT_TYPE.of.expired:
        this.entry.finish(child, CHILD_OUTCOME.of.expired)
        break
      case REPORT_TYPE.of.cancelled:
        if (message >= 0) this.settleCancel(child, message, report, CANCEL_OUTCOME.of.acked)
        this.entry.finish(child, CHILD_OUTCOME.of.cancelled)
        break
      case REPORT_TYPE.of['cancel-rejected']:
        this.onCancelRejected(child, report, message)
        break
      case REPORT_TYPE.of.replaced:
        this.book.acceptAttempt(messages.ledgerRow.values[message], child, report, this.parts.reports, nowNs)
        this.onAnswer(child, message, 0, false)
        child.replaceConfirmed(
          message,
          messages.ledgerRow.values[message] === child.attemptRow,
          reports.clientOrderId.values[report],
          reports.priceTicks.values[report],
          reports.leavesLots.values[report]
        )
        if (reports.leavesLots.values[report] === 0) this.entry.finish(child, CHILD_OUTCOME.of.filled)
        break
      default:
        this.onReplaceRejected(child, report, message)
    }
    return parent
  }

  private onRejected(child: ChildOrder, parent: ParentDesk, report: number, message: number): void {
    const { reports, messages } = this.parts
    const reason = reports.reason.values[report]
    const rejectedBy = reports.rejectedBy.values[report]
    this.book.rejectAttempt(messages.ledgerRow.values[message], report, reports, this.nowNs)
    this.onAnswer(child, message, rejectedBy === REJECTED_BY.of.engine ? 0 : 1, STRESSED.has(reason))
    child.newRejected()
    // A duplicate means that another copy arrived: its own answer decides. So does a later copy that is under way.
    if (reason === REASON.of.duplicate || child.accepted || child.life === 'done') return
    if (messages.ledgerRow.values[message] !== child.attemptRow || child.life === 'waiting') return
    const { seed } = this.options
    const retry = this.retryOf(child)
    const { attemptCountMax, backoffFactor } = this.sampling.inForce(child.parentIndex, child.venue)
    const inTime = this.nowNs < parent.order.endNs && child.life !== 'pending-cancel'
    const againNs = this.nowNs + backoffNs(retry, seed, child.luckKey, child.attemptCount, backoffFactor)
    if (RETRYABLE.has(reason) && inTime && mayRetry(retry, child.attemptCount, againNs - child.intentNs, attemptCountMax)) {
      child.waits()
      child.timer = this.timers.at(againNs, TIMER.send, child.childId)
      return
    }
    // An earlier copy may yet become an order: only the answer to a cancel can tell.
    if (child.unansweredCount > 0) this.entry.cancel(child, true)
    else this.entry.finish(child, RETRYABLE.has(reason) ? CHILD_OUTCOME.of.aborted : CHILD_OUTCOME.of.rejected)
  }

  private onCancelRejected(child: ChildOrder, report: number, message: number): void {
    const { reports, messages } = this.parts
    const reason = reports.reason.values[report]
    const late = reason === REASON.of['too-late']
    this.settleCancel(child, message, report, late ? CANCEL_OUTCOME.of['too-late'] : CANCEL_OUTCOME.of.rejected)
    // An answer to an earlier copy: a later one is under way.
    if (child.life !== 'pending-cancel' || messages.ledgerRow.values[message] !== child.cancelRow) return
    assert(!late, 'what ended an order is read before the answer that a cancel of it was too late')
    // Nothing can come after a cancel that the engine saw, unless the cancel has passed the order at the throttle.
    if (reason === REASON.of['unknown-order'] && !(this.options.venues[child.venue].cancelsOvertake && child.mayBeAtVenue)) {
      this.entry.finish(child, CHILD_OUTCOME.of.rejected)
      return
    }
    const { seed } = this.options
    const retry = this.retryOf(child)
    const { attemptCountMax, backoffFactor } = this.sampling.inForce(child.parentIndex, child.venue)
    if (child.cancelIsEssential || mayRetry(retry, child.cancelCount, 0, attemptCountMax)) {
      const waitNs = backoffNs(retry, seed, child.luckKey, child.cancelCount, backoffFactor)
      const over = child.cancelCount - retry.attemptCountMax
      const floorNs = over > 0 ? Math.min(CANCEL_WAIT_NS_MAX, CANCEL_WAIT_NS_MIN * 2 ** Math.min(over, 30)) : 0
      child.timer = this.timers.at(this.nowNs + Math.max(waitNs, floorNs), TIMER.cancel, child.childId)
      return
    }
    this.entry.pendingCancels.delete(child)
    child.cancelDropped()
  }

  private onReplaceRejected(child: ChildOrder, report: number, message: number): void {
    const { reports, messages } = this.parts
    this.book.rejectAttempt(messages.ledgerRow.values[message], report, reports, this.nowNs)
    const rejected = reports.rejectedBy.values[report] === REJECTED_BY.of.engine ? 0 : 1
    this.onAnswer(child, message, rejected, STRESSED.has(reports.reason.values[report]))
    child.replaceRejected(message, messages.ledgerRow.values[message] === child.attemptRow)
  }

  private settleCancel(child: ChildOrder, message: number, report: number, outcome: number): void {
    const { reports, messages } = this.parts
    const row = messages.ledgerRow.values[message]
    this.book.settleCancel(row, report, reports, outcome, this.nowNs)
    const latencyNs = this.nowNs - this.entry.outbox.sentAt(message)
    this.parts.gauges.venues[child.venue].onCancelAnswer(this.nowNs, child.session, latencyNs)
    this.onAnswer(child, message, this.book.wasRefused(report, reports) ? 1 : 0, STRESSED.has(reports.reason.values[report]))
    if (outcome === CANCEL_OUTCOME.of.acked) this.entry.pendingCancels.delete(child)
  }

  private retryOf(child: ChildOrder): RetryOptions {
    const { retry, canaryRetry } = this.options
    return canaryRetry !== undefined && this.sampling.canary?.has(child.parentIndex) === true ? canaryRetry : retry
  }

  /** For the gauges: an attempt or cancel was answered. */
  private onAnswer(child: ChildOrder, message: number, rejected: 0 | 1, stress: boolean): void {
    const { nowNs } = this
    this.parts.gauges.venues[child.venue].onAnswer(nowNs, rejected, nowNs - this.entry.outbox.sentAt(message), stress)
    this.sampling.canary?.of(child.parentIndex).onAnswer(rejected)
  }

  /** For the gauges: what a fill cost, and whether its order's cancel was pending. */
  private measureFill(child: ChildOrder, lots: number, priceTicks: number): void {
    const { nowNs } = this
    const { gauges, ledger } = this.parts
    const path = gauges.venues[child.venue]
    const midHalfTicks = ledger.children.col.decisionMidHalfTicks[child.childId]
    const costBps = (10_000 * child.side * (2 * priceTicks - midHalfTicks)) / midHalfTicks
    gauges.onFillCost(nowNs, costBps)
    path.exposure.onFill(nowNs, lots, priceTicks)
    const group = this.sampling.canary?.of(child.parentIndex)
    group?.onFill(nowNs, costBps)
    if (child.life !== 'pending-cancel') return
    path.onStaleFill(nowNs, child.side, lots, priceTicks)
    group?.onStaleFill()
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }
}
