/*
 * The desk's side of the ledger: rows for parents, children, attempts, cancels, telemetry and transitions, and at the end of the
 * run what only then is known (stamps of messages, sums over fills, fills while a cancel was pending).
 */

import type { BranchEstimate } from '../control/branch-model.ts'
import { CONTROLLER_STATES, type Levels } from '../control/controllers.ts'
import type { DeskTransition } from '../control/desk-controllers.ts'
import { type ControlOptions, isControlled } from '../control/options.ts'
import type { Reading } from '../control/reading.ts'
import type { Breach } from '../control/rollback.ts'
import { codeOf } from '../kernel/code.ts'
import { CONTROL_MODE, CONTROLLER, CONTROLLER_STATE, DIRECTIVES, FEATURE, type Ledger } from '../ledger/ledger.ts'
import type { Directives } from '../order/directives.ts'
import type { ParentOrder } from '../order/parent.ts'
import { ATTEMPT_OUTCOME, CANCEL_OUTCOME, CHILD_OUTCOME, MESSAGE_TYPE, REASON, REJECTED_BY, TACTIC } from '../order/words.ts'
import type { Messages } from '../path/messages.ts'
import type { Reports } from '../path/reports.ts'
import type { HostTouch, PlaceIntent } from '../policy/view.ts'
import type { ChildOrder } from './child-order.ts'
import type { SocketGauge } from './gauges.ts'
import type { ParentDesk } from './parent-desk.ts'

/** Codes of each controller's states, by level. */
const STATE_CODES = {
  transport: CONTROLLER_STATES.transport.map((state) => codeOf(CONTROLLER_STATE, state)),
  fault: CONTROLLER_STATES.fault.map((state) => codeOf(CONTROLLER_STATE, state)),
  throttle: CONTROLLER_STATES.throttle.map((state) => codeOf(CONTROLLER_STATE, state)),
  cancel: CONTROLLER_STATES.cancel.map((state) => codeOf(CONTROLLER_STATE, state))
}

export class DeskLedger {
  private readonly ledger: Ledger
  private readonly messages: Messages
  private readonly control: ControlOptions
  /** Size-weighted mid that the host saw at the intent of each attempt, ticks. */
  private readonly intentMicroprice: number[] = []

  constructor(ledger: Ledger, messages: Messages, control: ControlOptions) {
    this.ledger = ledger
    this.control = control
    this.messages = messages
  }

  openParent(order: ParentOrder, symbol: number): void {
    const { col } = this.ledger.parents
    const row = this.ledger.parents.add()
    col.parentId[row] = order.parentId
    col.symbol[row] = symbol
    col.venue[row] = order.venue
    col.side[row] = order.side
    col.quantityLots[row] = order.quantityLots
    col.startNs[row] = order.startNs
    col.endNs[row] = order.endNs
    col.limitTicks[row] = order.limitTicks
    col.filledLots[row] = 0
    col.filledTickLots[row] = 0
    col.childCount[row] = 0
  }

  openChild(child: ChildOrder, parent: ParentDesk, intent: PlaceIntent, timeInForce: number): void {
    const { children, parents } = this.ledger
    const row = children.add()
    const { col } = children
    col.childId[row] = child.childId
    col.parentId[row] = parent.order.parentId
    col.slice[row] = intent.slice
    col.venue[row] = child.venue
    col.session[row] = child.session
    col.tactic[row] = child.tactic
    col.side[row] = child.side
    col.priceTicks[row] = child.priceTicks
    col.quantityLots[row] = child.quantityLots
    col.timeInForce[row] = timeInForce
    col.scheduledNs[row] = intent.scheduledNs
    col.intentNs[row] = child.intentNs
    col.outcome[row] = CHILD_OUTCOME.of.open
    col.filledLots[row] = 0
    col.attemptCount[row] = 0
    col.replaceCount[row] = 0
    parents.col.childCount[parent.index]++
  }

  /** `touch`: of the child's venue as the host sees it; `best`: over all venues of its parent. */
  openAttempt(
    child: ChildOrder,
    messageType: number,
    retryIndex: number,
    waitedNs: number,
    nowNs: number,
    touch: HostTouch,
    best: HostTouch
  ): number {
    const { attempts, children } = this.ledger
    const row = attempts.add()
    const { col } = attempts
    const isReplace = messageType === MESSAGE_TYPE.of.replace
    col.attemptId[row] = row
    col.parentId[row] = children.col.parentId[child.childId]
    col.childId[row] = child.childId
    col.messageType[row] = messageType
    col.venue[row] = child.venue
    col.retryIndex[row] = retryIndex
    col.session[row] = child.session
    col.priceTicks[row] = isReplace ? child.replacePriceTicks : child.priceTicks
    col.quantityLots[row] = isReplace ? child.replaceLots : child.quantityLots
    col.pacingDelayNs[row] = waitedNs
    col.intentNs[row] = nowNs
    col.outcome[row] = ATTEMPT_OUTCOME.of.pending
    col.rejectedBy[row] = REJECTED_BY.of.none
    col.reason[row] = REASON.of.none
    if (child.tactic === TACTIC.of['catch-up'] || child.tactic === TACTIC.of.liquidation) col.fallback[row] = child.tactic
    children.col.attemptCount[child.childId]++
    const mid = best.bidLots > 0 && best.askLots > 0 ? best.bidTicks + best.askTicks : Number.NaN
    if (Number.isNaN(children.col.decisionMidHalfTicks[child.childId])) {
      children.col.decisionMidHalfTicks[child.childId] = mid
    }
    this.intentMicroprice[row] = microprice(touch.bidTicks, touch.bidLots, touch.askTicks, touch.askLots)
    return row
  }

  openCancel(child: ChildOrder, retryIndex: number, nowNs: number): number {
    const { cancels, children } = this.ledger
    const row = cancels.add()
    const { col } = cancels
    col.cancelId[row] = row
    col.parentId[row] = children.col.parentId[child.childId]
    col.childId[row] = child.childId
    col.venue[row] = child.venue
    col.session[row] = child.session
    col.side[row] = child.side
    col.retryIndex[row] = retryIndex
    col.intentNs[row] = nowNs
    col.outcome[row] = CANCEL_OUTCOME.of.pending
    col.rejectedBy[row] = REJECTED_BY.of.none
    col.reason[row] = REASON.of.none
    col.openLots[row] = child.openLots
    return row
  }

  acceptAttempt(row: number, child: ChildOrder, report: number, reports: Reports, nowNs: number): void {
    const { attempts, children } = this.ledger
    attempts.col.outcome[row] = ATTEMPT_OUTCOME.of.accepted
    attempts.col.answerNs[row] = reports.departNs.values[report]
    attempts.col.ackNs[row] = nowNs
    if (Number.isNaN(children.col.ackNs[child.childId])) {
      children.col.acceptedNs[child.childId] = reports.madeNs.values[report]
      children.col.ackNs[child.childId] = nowNs
    }
  }

  rejectAttempt(row: number, report: number, reports: Reports, nowNs: number): void {
    const { col } = this.ledger.attempts
    col.outcome[row] = ATTEMPT_OUTCOME.of.rejected
    col.rejectedBy[row] = reports.rejectedBy.values[report]
    col.reason[row] = reports.reason.values[report]
    col.answerNs[row] = reports.departNs.values[report]
    col.ackNs[row] = nowNs
  }

  settleCancel(row: number, report: number, reports: Reports, outcome: number, nowNs: number): void {
    const { col } = this.ledger.cancels
    col.outcome[row] = outcome
    col.rejectedBy[row] = reports.rejectedBy.values[report]
    col.reason[row] = reports.reason.values[report]
    col.answerNs[row] = reports.departNs.values[report]
    if (outcome === CANCEL_OUTCOME.of.acked) col.ackNs[row] = nowNs
    else col.rejectNs[row] = nowNs
  }

  /** Was the report a refusal by gate, throttle or session (not by the engine)? */
  wasRefused(report: number, reports: Reports): boolean {
    const by = reports.rejectedBy.values[report]
    return by !== REJECTED_BY.of.none && by !== REJECTED_BY.of.engine
  }

  closeChild(child: ChildOrder, outcome: number, nowNs: number): void {
    const { col } = this.ledger.children
    col.doneNs[child.childId] = nowNs
    col.outcome[child.childId] = outcome
  }

  /** A row of the path to one venue: `socket` and `messageRate` are of its sessions, `place.session` is the first of them. */
  writeTelemetry(
    place: { readonly venue: number; readonly session: number },
    socket: SocketGauge,
    reading: Reading,
    messageRate: number,
    levels: Readonly<Levels>,
    branches: BranchEstimate
  ): void {
    const { telemetry } = this.ledger
    const row = telemetry.add()
    const { col } = telemetry
    col.atNs[row] = reading.atNs
    col.venue[row] = place.venue
    col.session[row] = place.session
    col.pacingBytesPerSecond[row] = finite(socket.pacingBytesPerSecond)
    col.capBytesPerSecond[row] = finite(socket.capBytesPerSecond)
    col.deliveredBytes[row] = socket.deliveredBytes
    col.unsentBytes[row] = socket.unsentBytes
    col.windowSegments[row] = socket.windowSegments
    col.minorFaults[row] = reading.minorFaultRate1s
    col.majorFaults[row] = Number.NaN
    col.messageRatePerSecond[row] = messageRate
    col.rho[row] = reading.rho
    col.rejectRate[row] = reading.rejectRate
    col.dispatchToWireP95Ns[row] = reading.dispatchToWireP95Ns
    col.burstinessIndex[row] = reading.burstinessIndex
    col.faultBurstScore[row] = reading.faultBurstScore
    col.dispatchGapLift[row] = reading.dispatchGapLift
    col.cancelAckLatencyP90Ns[row] = reading.cancelAckLatencyP90Ns
    col.cancelAckLatencyP99Ns[row] = reading.cancelAckLatencyP99Ns
    col.pendingCancelCount[row] = reading.pendingCancelCount
    col.pendingCancelNotional[row] = reading.pendingCancelNotional
    col.staleFillRatio[row] = reading.staleFillRatio
    col.cancelBacklogPressureSeconds[row] = reading.cancelBacklogPressureSeconds
    // A controller that is off has no state.
    const { control } = this
    if (control.transport.enabled) col.transportState[row] = STATE_CODES.transport[levels.transport]
    if (control.fault.enabled) col.faultState[row] = STATE_CODES.fault[levels.fault]
    if (control.throttle.enabled) col.throttleState[row] = STATE_CODES.throttle[levels.throttle]
    if (control.cancel.enabled) col.cancelState[row] = STATE_CODES.cancel[levels.cancel]
    if (!isControlled(control)) return
    col.burstinessIndex100us[row] = reading.burstinessIndex100us
    col.burstinessIndex500us[row] = reading.burstinessIndex500us
    col.queuedBytes[row] = reading.queuedBytes
    col.minorFaultRate60s[row] = reading.minorFaultRate60s
    col.queueAgeDecay[row] = reading.queueAgeDecay
    col.fillCostMeanBps[row] = reading.fillCostMeanBps
    col.fillCostLift[row] = reading.fillCostLift
    col.pacingOdds[row] = branches.pacingOdds
    col.burstOdds[row] = branches.burstOdds
    col.expectedBranchCostBps[row] = branches.expectedCostBps
    col.burstRiskBps[row] = reading.burstRiskBps
    col.rejectHazard[row] = reading.rejectHazard
    col.messageBurst[row] = reading.messageBurst
    col.queueResetLoad[row] = reading.queueResetLoad
    col.rejectClusterCount[row] = reading.rejectClusterCount
    col.pendingCancelShare[row] = reading.pendingCancelShare
    col.staleExposureBps[row] = reading.staleExposureBps
    col.staleExposureBudgetShare[row] = reading.staleExposureBudgetShare
  }

  /** `asked`: all that the controllers of that host or path ask for from now on. */
  writeTransition(nowNs: number, transition: DeskTransition, asked: Directives): void {
    const { transitions } = this.ledger
    const row = transitions.add()
    const { col } = transitions
    col.atNs[row] = nowNs
    col.controller[row] = CONTROLLER.of[transition.controller]
    col.venue[row] = transition.venue
    col.from[row] = codeOf(CONTROLLER_STATE, transition.from)
    col.to[row] = codeOf(CONTROLLER_STATE, transition.to)
    col.feature[row] = codeOf(FEATURE, transition.feature)
    col.value[row] = transition.value
    col.threshold[row] = transition.threshold
    col.dwellNs[row] = transition.dwellNs
    col.sinceNs[row] = transition.sinceNs
    col.mode[row] = CONTROL_MODE.of[this.control.mode]
    col.controls[row] = transition.controls
    if (transition.alert) col.alert[row] = 1
    for (const name of DIRECTIVES) col[name][row] = finite(Number(asked[name]))
  }

  /** The canary is taken back: a transition of its own. */
  writeRollback(nowNs: number, breach: Breach): void {
    const { transitions } = this.ledger
    const row = transitions.add()
    const { col } = transitions
    col.atNs[row] = nowNs
    col.controller[row] = CONTROLLER.of.canary
    col.from[row] = CONTROLLER_STATE.of.canary
    col.to[row] = CONTROLLER_STATE.of['rolled-back']
    col.feature[row] = FEATURE.of[breach.rule]
    col.value[row] = breach.value
    col.threshold[row] = breach.threshold
    col.mode[row] = CONTROL_MODE.of.canary
    col.alert[row] = 1
  }

  /** What only the end of the run can tell. */
  close(children: readonly ChildOrder[], parents: readonly ParentDesk[]): void {
    this.copyStamps()
    this.closeFills(children, parents)
  }

  private copyStamps(): void {
    const { messages } = this
    const { attempts, cancels, children } = this.ledger
    for (let message = 0; message < messages.count; message++) {
      const row = messages.ledgerRow.values[message]
      const isCancel = messages.type.values[message] === MESSAGE_TYPE.of.cancel
      const { col } = isCancel ? cancels : attempts
      col.wireNs[row] = messages.wireNs.values[message]
      col.gateNs[row] = messages.gateNs.values[message]
      col.gateDoneNs[row] = messages.gateDoneNs.values[message]
      col.gatewayNs[row] = messages.gatewayNs.values[message]
      col.throttleNs[row] = messages.throttleNs.values[message]
      col.engineNs[row] = messages.engineNs.values[message]
      const dispatchNs = messages.dispatchNs.values[message]
      if (isCancel) {
        cancels.col.sendNs[row] = dispatchNs
        cancels.col.throttled[row] = messages.throttled.values[message]
        if (cancels.col.outcome[row] === CANCEL_OUTCOME.of.pending) cancels.col.outcome[row] = CANCEL_OUTCOME.of.unanswered
        continue
      }
      attempts.col.dispatchNs[row] = dispatchNs
      if (attempts.col.outcome[row] === ATTEMPT_OUTCOME.of.pending) attempts.col.outcome[row] = ATTEMPT_OUTCOME.of.unanswered
      const child = messages.child.values[message]
      if (Number.isNaN(children.col.submitNs[child])) children.col.submitNs[child] = dispatchNs
      attempts.col.micropriceDriftTicks[row] =
        microprice(attempts.col.bidTicks[row], attempts.col.bidLots[row], attempts.col.askTicks[row], attempts.col.askLots[row]) -
        this.intentMicroprice[row]
    }
  }

  private closeFills(children: readonly ChildOrder[], parents: readonly ParentDesk[]): void {
    const { fills, cancels } = this.ledger
    const childColumns = this.ledger.children.col
    const parentColumns = this.ledger.parents.col
    // Spans from the send of a cancel to the instant its answer was read, by child; a resend makes another.
    const spans = new Map<number, { readonly sendNs: number; readonly endNs: number }[]>()
    for (let row = 0; row < cancels.count; row++) {
      const { ackNs, rejectNs, sendNs, childId } = cancels.col
      const answeredNs = Number.isNaN(ackNs[row]) ? rejectNs[row] : ackNs[row]
      const span = { sendNs: sendNs[row], endNs: Number.isNaN(answeredNs) ? Number.POSITIVE_INFINITY : answeredNs }
      const known = spans.get(childId[row])
      if (known === undefined) spans.set(childId[row], [span])
      else known.push(span)
    }
    for (let row = 0; row < fills.count; row++) {
      const child = fills.col.childId[row]
      const lots = fills.col.lots[row]
      const parent = parents[children[child].parentIndex].index
      childColumns.filledLots[child] += lots
      parentColumns.filledLots[parent] += lots
      parentColumns.filledTickLots[parent] += lots * fills.col.priceTicks[row]
      const fillNs = fills.col.fillNs[row]
      const pending = spans.get(child)?.some(({ sendNs, endNs }) => sendNs < fillNs && fillNs < endNs) ?? false
      fills.col.pendingCancel[row] = pending ? 1 : 0
    }
  }
}

function microprice(bidTicks: number, bidLots: number, askTicks: number, askLots: number): number {
  return (bidTicks * askLots + askTicks * bidLots) / (bidLots + askLots)
}

/** Infinity is no number of a table. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}
