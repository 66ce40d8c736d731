/*
 * The trading application inside the host: parents, their policies and child orders as the host knows them, order entry with
 * retries, the sampling of controllers. It runs only in host tasks, sees only what has arrived, and speaks only through
 * messages. Guarantees: what is filled (as reported) plus what is open never exceeds the parent's quantity; a message is
 * either answered, timed out and resent with the same client order id, or given up with a reason in the ledger.
 */
import type { Controllers, Transition } from '../control/controllers.ts'
import type { ControlOptions } from '../control/options.ts'
import { assert } from '../kernel/assert.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Directives, NEUTRAL } from '../order/directives.ts'
import type { ParentOrder } from '../order/parent.ts'
import {
  ATTEMPT_OUTCOME,
  CANCEL_OUTCOME,
  CHILD_OUTCOME,
  MESSAGE_TYPE,
  REASON,
  REJECTED_BY,
  REPORT_TYPE,
  TACTIC,
  TIME_IN_FORCE
} from '../order/words.ts'
import { HOST, type Host, type HostApplication } from '../path/host.ts'
import type { Messages } from '../path/messages.ts'
import type { RetryOptions, SessionOptions } from '../path/options.ts'
import { PHASE } from '../path/phases.ts'
import type { Reports } from '../path/reports.ts'
import { backoffNs, mayRetry } from '../path/retry.ts'
import type { Policy } from '../policy/view.ts'
import { ChildOrder } from './child-order.ts'
import { DeskLedger } from './desk-ledger.ts'
import type { Feed } from './feed.ts'
import type { Gauges, HostCounters, SocketGauge } from './gauges.ts'
import { ParentDesk, type PlaceIntent } from './parent-desk.ts'

/** The host's socket layer as the desk uses it. */
export interface Sockets {
  setPacingRate(session: number, bytesPerSecond: number): void
  readGauge(out: SocketGauge): void
}

export interface DeskOptions {
  readonly seed: number
  readonly parents: readonly ParentOrder[]
  readonly sessions: readonly SessionOptions[]
  readonly retry: RetryOptions
  readonly control: ControlOptions
  /** The host as a target of timers and samples. */
  readonly hostTarget: number
  /** The venue holds new orders back at its throttle and lets cancels pass them. */
  readonly cancelsOvertake: boolean
}

export interface DeskParts {
  readonly simulation: Simulation
  readonly host: Host
  readonly sockets: Sockets
  readonly counters: HostCounters
  readonly messages: Messages
  readonly reports: Reports
  readonly ledger: Ledger
  readonly feed: Feed
  readonly gauges: Gauges
  readonly controllers: Controllers
  readonly createPolicy: (parent: ParentOrder) => Policy
}

/** A row of telemetry at least this often while a parent is active, and at every transition (assumed). */
const TELEMETRY_NS = 10 * NS_PER_SECOND

/** An essential cancel is never given up, but neither may it spin: beyond the attempts its waits double between these (assumed). */
const CANCEL_WAIT_NS_MIN = 100_000
const CANCEL_WAIT_NS_MAX = NS_PER_SECOND

const TIMER = { wake: 0, send: 1, cancel: 2, timeout: 3, end: 4 } as const

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

export class Desk implements HostApplication {
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly book: DeskLedger
  private readonly parents: ParentDesk[]
  private readonly children: ChildOrder[] = []
  private readonly timerKind: number[] = []
  private readonly timerOf: number[] = []
  /** Sent and not answered, oldest first; answered ones are skipped when they reach the front. */
  private readonly unanswered: number[] = []
  private unansweredFirst = 0
  private timeoutArmed = false
  /** By message: answered or given up. */
  private readonly settled: boolean[] = []
  /** Messages by session whose transmit timestamp has not been read. */
  private readonly untimed: number[][]
  private readonly pendingCancels = new Set<ChildOrder>()
  private clientOrderIdNext = 0
  private directives: Directives = NEUTRAL
  private readonly takeSession: number
  private activeCount = 0
  private readonly sampleNs: number
  private telemetryDueNs = 0
  private queuedNs = 0
  private readonly socket: SocketGauge = {
    pacingBytesPerSecond: 0,
    capBytesPerSecond: 0,
    deliveredBytes: 0,
    unsentBytes: 0,
    windowSegments: Number.NaN
  }

  constructor(options: DeskOptions, parts: DeskParts) {
    this.options = options
    this.parts = parts
    this.book = new DeskLedger(parts.ledger, parts.messages, options.control)
    this.parents = options.parents.map((parent, index) => new ParentDesk(index, parent, parts.createPolicy(parent)))
    const take = options.sessions.findIndex((session) => session.name === 'take')
    this.takeSession = take < 0 ? 0 : take
    this.untimed = options.sessions.map(() => [])
    const { transport, fault, throttle, cancel, sampleNs } = options.control
    const controlled = transport.enabled || fault.enabled || throttle.enabled || cancel.enabled
    // Without a controller nothing depends on a sample but the telemetry.
    this.sampleNs = controlled ? Math.min(sampleNs, TELEMETRY_NS) : TELEMETRY_NS
  }

  /** Arms the parents' first wake-ups. Call once before the run. */
  start(): void {
    for (const parent of this.parents) {
      this.book.openParent(parent.order)
      this.wake(parent, parent.order.startNs)
      this.timerAt(parent.order.endNs, TIMER.end, parent.index)
    }
  }

  onTask(kind: number, subject: number, queuedNs: number): void {
    this.queuedNs = queuedNs
    if (kind === HOST.timer) this.onTimer(subject)
    else if (kind === HOST.report) this.onReport(subject)
    else if (kind === HOST.touch) this.onTouch(subject)
    else this.onSample()
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }

  // --- timers

  private timerAt(timeNs: number, kind: number, of: number): number {
    const timer = this.timerKind.push(kind) - 1
    this.timerOf.push(of)
    const { simulation } = this.parts
    simulation.at(Math.max(timeNs, simulation.nowNs), PHASE.hostTimer, this.options.hostTarget, HOST.timer, timer)
    return timer
  }

  private wake(parent: ParentDesk, timeNs: number): void {
    // A timer that is armed for this very instant is left alone: most decisions ask for the wake-up that is due anyway.
    if (parent.wakeTimer !== -1 && parent.wakeNs === timeNs) return
    parent.wakeNs = timeNs
    parent.wakeTimer = this.timerAt(timeNs, TIMER.wake, parent.index)
  }

  private onTimer(timer: number): void {
    const of = this.timerOf[timer]
    switch (this.timerKind[timer]) {
      case TIMER.wake: {
        const parent = this.parents[of]
        if (parent.wakeTimer !== timer) return
        if (!parent.active && !parent.done) this.activate(parent)
        else this.noteGap(parent)
        parent.wakeTimer = -1
        parent.lastWakeNs = this.nowNs
        parent.lastIntendedNs = parent.wakeNs
        this.decide(parent, 'wake')
        return
      }
      case TIMER.send: {
        const child = this.children[of]
        if (child.timer !== timer || child.life !== 'waiting') return
        // While a copy is in doubt, the next one carries its id.
        if (this.mayMessage()) this.sendNew(child, child.unansweredCount > 0)
        else child.timer = this.timerAt(this.nowNs + this.messageGapNs(), TIMER.send, child.childId)
        return
      }
      case TIMER.cancel: {
        const child = this.children[of]
        if (child.timer === timer && child.life === 'pending-cancel') this.sendCancel(child)
        return
      }
      case TIMER.end: {
        const parent = this.parents[of]
        for (const child of [...parent.orders]) this.cancel(child, true)
        this.retire(parent)
        return
      }
      default:
        this.onTimeouts()
    }
  }

  private activate(parent: ParentDesk): void {
    parent.active = true
    this.activeCount++
    if (this.activeCount === 1) this.armSample(this.nowNs + this.sampleNs)
  }

  /** The gap between decisions of one parent against the gap its schedule wanted (DGL). */
  private noteGap(parent: ParentDesk): void {
    const intendedNs = parent.wakeNs - parent.lastIntendedNs
    if (intendedNs > 0) this.parts.gauges.onGap(this.nowNs, this.nowNs - parent.lastWakeNs, intendedNs)
  }

  // --- decisions

  private onTouch(venue: number): void {
    for (const parent of this.parents) {
      if (parent.active && parent.order.venue === venue && parent.orders.length > 0) this.decide(parent, 'touch')
    }
  }

  private decide(parent: ParentDesk, cause: 'wake' | 'touch' | 'report'): void {
    if (parent.done) return
    const intents = parent.decide(cause, this.nowNs, this.parts.feed.read(parent.order.venue, this.queuedNs), this.directives)
    for (const intent of intents.places) this.place(parent, intent)
    for (const { childId, essential } of intents.cancels) this.cancel(this.children[childId], essential)
    for (const { childId, limitTicks, lots } of intents.replaces) this.replace(this.children[childId], limitTicks, lots)
    if (intents.wakeNs !== undefined && !parent.done) this.wake(parent, intents.wakeNs)
    this.retire(parent)
  }

  /** A parent is over when nothing of it is open and it is filled or its time is up. */
  private retire(parent: ParentDesk): void {
    if (parent.done || parent.orders.length > 0) return
    if (parent.filledLots < parent.order.quantityLots && this.nowNs < parent.order.endNs) return
    parent.done = true
    parent.active = false
    this.activeCount--
    this.parts.ledger.parents.col.doneNs[parent.index] = this.nowNs
  }

  private mayMessage(): boolean {
    return this.parts.gauges.messageRate(this.nowNs) < this.directives.messageRateMaxPerSecond
  }

  /** Mean gap between messages under the message-rate cap. */
  private messageGapNs(): number {
    return Math.ceil(NS_PER_SECOND / Math.max(1, this.directives.messageRateMaxPerSecond))
  }

  private place(parent: ParentDesk, intent: PlaceIntent): void {
    assert(intent.lots > 0, 'a child has lots')
    assert(
      parent.filledLots + parent.workingLots + intent.lots <= parent.order.quantityLots,
      `parent ${parent.order.parentId} does not ask for more than its quantity`
    )
    if (!this.mayMessage()) return
    const tactic = TACTIC.of[intent.tactic]
    const passive = tactic === TACTIC.of.passive
    const child = new ChildOrder({
      childId: this.children.length,
      parentIndex: parent.index,
      venue: parent.order.venue,
      session: passive ? 0 : this.takeSession,
      side: parent.order.side,
      tactic,
      passive,
      intentNs: this.nowNs,
      priceTicks: intent.limitTicks,
      quantityLots: intent.lots
    })
    this.children.push(child)
    parent.orders.push(child)
    if (parent.orders.length === 1) this.parts.feed.watch(parent.order.venue, 1, this.nowNs)
    this.book.openChild(child, parent, intent, passive ? TIME_IN_FORCE.of.day : TIME_IN_FORCE.of.ioc)
    const jitterNs = Math.floor(
      this.directives.jitterNsMax *
        keyedUniform(this.options.seed, DRAW.dispatchJitter, parent.order.parentId, parent.childSequence++)
    )
    if (jitterNs === 0) this.sendNew(child, false)
    else child.timer = this.timerAt(this.nowNs + jitterNs, TIMER.send, child.childId)
  }

  private cancel(child: ChildOrder, essential: boolean): void {
    if (child.life === 'done' || child.life === 'pending-cancel') {
      child.cancelIsEssential ||= essential
      return
    }
    if (child.life === 'waiting' && !child.mayBeAtVenue) {
      this.finish(child, CHILD_OUTCOME.of.aborted)
      return
    }
    if (!essential && (this.pendingCancels.size >= this.directives.pendingCancelCountMax || !this.mayMessage())) return
    child.cancelIsEssential = essential
    child.cancelCount = 0
    this.parts.gauges.onCancelRequest(this.nowNs)
    child.life = 'pending-cancel'
    this.pendingCancels.add(child)
    this.sendCancel(child)
  }

  private replace(child: ChildOrder, limitTicks: number, lots: number): void {
    if (child.life !== 'live') return
    if (this.pendingCancels.size >= this.directives.pendingCancelCountMax || !this.mayMessage()) return
    child.life = 'pending-replace'
    child.sentBeforeNs = child.sentNs
    child.replacePriceTicks = limitTicks
    child.replaceLots = child.filledLots + lots
    child.clientOrderId = this.clientOrderIdNext++
    child.attemptRow = this.book.openAttempt(child, MESSAGE_TYPE.of.replace, 0, 0, this.nowNs, this.touchNow(child))
    this.parts.ledger.children.col.replaceCount[child.childId]++
    const message = this.send(child, MESSAGE_TYPE.of.replace, child.attemptRow, 0, child.replacePriceTicks, child.replaceLots)
    child.replaceSent(message, child.replaceLots)
  }

  // --- order entry

  private touchNow(child: ChildOrder) {
    return this.parts.feed.read(child.venue, this.queuedNs)
  }

  /** Sends the new order, again when it was sent before; `resend` keeps its client order id (outcome unknown). */
  private sendNew(child: ChildOrder, resend: boolean): void {
    if (!resend) child.clientOrderId = this.clientOrderIdNext++
    child.unansweredCount++
    const retryIndex = child.attemptCount++
    const waitedNs = retryIndex === 0 ? 0 : this.nowNs - child.sentNs
    child.life = 'pending-new'
    child.attemptRow = this.book.openAttempt(
      child,
      MESSAGE_TYPE.of.new,
      retryIndex,
      resend ? 0 : waitedNs,
      this.nowNs,
      this.touchNow(child)
    )
    this.send(child, MESSAGE_TYPE.of.new, child.attemptRow, retryIndex, child.priceTicks, child.quantityLots)
  }

  private sendCancel(child: ChildOrder): void {
    const retryIndex = child.cancelCount++
    child.cancelRow = this.book.openCancel(child, retryIndex, this.nowNs)
    this.send(child, MESSAGE_TYPE.of.cancel, child.cancelRow, retryIndex, child.priceTicks, child.openLots)
  }

  private send(child: ChildOrder, type: number, ledgerRow: number, retryIndex: number, priceTicks: number, lots: number): number {
    const session = this.options.sessions[child.session]
    const message = this.parts.messages.add({
      type,
      session: child.session,
      venue: child.venue,
      parent: child.parentIndex,
      child: child.childId,
      ledgerRow,
      retryIndex,
      side: child.side,
      priceTicks,
      lots,
      timeInForce: child.passive ? TIME_IN_FORCE.of.day : TIME_IN_FORCE.of.ioc,
      postOnly: child.passive,
      clientOrderId: type === MESSAGE_TYPE.of.cancel ? -1 : child.clientOrderId,
      bytes:
        type === MESSAGE_TYPE.of.new
          ? session.newMessageBytes
          : type === MESSAGE_TYPE.of.cancel
            ? session.cancelMessageBytes
            : session.replaceMessageBytes
    })
    if (type !== MESSAGE_TYPE.of.cancel) child.sentNs = this.nowNs
    this.settled.push(false)
    this.unanswered.push(message)
    this.untimed[child.session].push(message)
    this.parts.gauges.onSend(this.nowNs)
    this.parts.host.send(message)
    this.armTimeout()
    return message
  }

  private armTimeout(): void {
    if (this.timeoutArmed || !Number.isFinite(this.options.retry.ackTimeoutNs)) return
    while (this.unansweredFirst < this.unanswered.length && this.settled[this.unanswered[this.unansweredFirst]]) {
      this.unansweredFirst++
    }
    if (this.unansweredFirst === this.unanswered.length) return
    const message = this.unanswered[this.unansweredFirst]
    this.timeoutArmed = true
    this.timerAt(this.sentAt(message) + this.options.retry.ackTimeoutNs, TIMER.timeout, 0)
  }

  private sentAt(message: number): number {
    const dispatchNs = this.parts.messages.dispatchNs.values[message]
    return Number.isNaN(dispatchNs) ? this.nowNs : dispatchNs
  }

  private onTimeouts(): void {
    this.timeoutArmed = false
    const dueNs = this.nowNs - this.options.retry.ackTimeoutNs
    while (this.unansweredFirst < this.unanswered.length) {
      const message = this.unanswered[this.unansweredFirst]
      if (!this.settled[message]) {
        if (this.sentAt(message) > dueNs) break
        this.settled[message] = true
        this.onUnknown(message)
      }
      this.unansweredFirst++
    }
    this.armTimeout()
  }

  /**
   * No answer in time: the outcome is unknown, not failed. New orders are sent again under the same id until the attempts are
   * used up, then cancelled; cancels are sent again.
   */
  private onUnknown(message: number): void {
    const { messages, gauges, ledger } = this.parts
    const child = this.children[messages.child.values[message]]
    gauges.onTimeout(this.nowNs)
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
    } else if (child.life === 'pending-replace') child.life = 'live'
  }

  // --- answers

  private onReport(report: number): void {
    const { reports, messages } = this.parts
    const nowNs = this.nowNs
    reports.hostNs.values[report] = nowNs
    const type = reports.type.values[report]
    if (type === REPORT_TYPE.of['session-up']) return
    const message = reports.message.values[report]
    if (message >= 0) this.settled[message] = true
    const child = this.children[reports.child.values[report]]
    const parent = this.parents[child.parentIndex]
    switch (type) {
      case REPORT_TYPE.of.accepted:
        this.book.acceptAttempt(messages.ledgerRow.values[message], child, report, this.parts.reports, nowNs)
        this.parts.gauges.onAnswer(nowNs, 0)
        child.accepted = true
        child.unansweredCount--
        if (child.life === 'pending-new' || child.life === 'waiting') child.life = 'live'
        break
      case REPORT_TYPE.of.rejected:
        this.onRejected(child, parent, report, message)
        break
      case REPORT_TYPE.of.filled: {
        const lots = reports.lots.values[report]
        child.filledLots += lots
        parent.filledLots += lots
        this.parts.ledger.fills.col.reportNs[reports.fillRow.values[report]] = nowNs
        if (child.life === 'pending-cancel') this.parts.gauges.onStaleFill(nowNs)
        if (reports.leavesLots.values[report] === 0) this.finish(child, CHILD_OUTCOME.of.filled)
        break
      }
      case REPORT_TYPE.of.expired:
        this.finish(child, CHILD_OUTCOME.of.expired)
        break
      case REPORT_TYPE.of.cancelled:
        if (message >= 0) this.settleCancel(child, message, report, CANCEL_OUTCOME.of.acked)
        this.finish(child, CHILD_OUTCOME.of.cancelled)
        break
      case REPORT_TYPE.of['cancel-rejected']:
        this.onCancelRejected(child, report, message)
        break
      case REPORT_TYPE.of.replaced:
        this.book.acceptAttempt(messages.ledgerRow.values[message], child, report, this.parts.reports, nowNs)
        this.parts.gauges.onAnswer(nowNs, 0)
        child.priceTicks = messages.priceTicks.values[message]
        child.replaceAnswered(message, messages.lots.values[message])
        if (child.life === 'pending-replace' && messages.ledgerRow.values[message] === child.attemptRow) child.life = 'live'
        if (reports.leavesLots.values[report] === 0) this.finish(child, CHILD_OUTCOME.of.filled)
        break
      default:
        this.onReplaceRejected(child, report, message)
    }
    this.decide(parent, 'report')
  }

  private onRejected(child: ChildOrder, parent: ParentDesk, report: number, message: number): void {
    const { reports, messages } = this.parts
    const reason = reports.reason.values[report]
    const rejectedBy = reports.rejectedBy.values[report]
    this.book.rejectAttempt(messages.ledgerRow.values[message], report, reports, this.nowNs)
    this.parts.gauges.onAnswer(this.nowNs, rejectedBy === REJECTED_BY.of.engine ? 0 : 1)
    child.unansweredCount--
    // A duplicate means that another copy arrived: its own answer decides. So does a later copy that is under way.
    if (reason === REASON.of.duplicate || child.accepted || child.life === 'done') return
    if (messages.ledgerRow.values[message] !== child.attemptRow || child.life === 'waiting') return
    const { retry, seed } = this.options
    const elapsedNs = this.nowNs - child.intentNs
    const inTime = this.nowNs < parent.order.endNs && child.life !== 'pending-cancel'
    const countMax = this.directives.attemptCountMax
    if (RETRYABLE.has(reason) && inTime && mayRetry(retry, child.attemptCount, elapsedNs, countMax)) {
      child.life = 'waiting'
      const waitNs = backoffNs(retry, seed, child.childId, child.attemptCount, this.directives.backoffFactor)
      child.timer = this.timerAt(this.nowNs + waitNs, TIMER.send, child.childId)
      return
    }
    // An earlier copy may yet become an order: only the answer to a cancel can tell.
    if (child.unansweredCount > 0) this.cancel(child, true)
    else this.finish(child, RETRYABLE.has(reason) ? CHILD_OUTCOME.of.aborted : CHILD_OUTCOME.of.rejected)
  }

  private onCancelRejected(child: ChildOrder, report: number, message: number): void {
    const { reports, messages } = this.parts
    const reason = reports.reason.values[report]
    const late = reason === REASON.of['too-late']
    this.settleCancel(child, message, report, late ? CANCEL_OUTCOME.of['too-late'] : CANCEL_OUTCOME.of.rejected)
    // An answer to an earlier copy: a later one is under way.
    if (child.life !== 'pending-cancel' || messages.ledgerRow.values[message] !== child.cancelRow) return
    const unknown = reason === REASON.of['unknown-order']
    // Nothing can come after a cancel that the engine saw, unless the cancel has passed the order at the throttle.
    if (late || (unknown && !(this.options.cancelsOvertake && child.mayBeAtVenue))) {
      this.finish(child, unknown ? CHILD_OUTCOME.of.rejected : CHILD_OUTCOME.of.cancelled)
      return
    }
    const { retry, seed } = this.options
    if (child.cancelIsEssential || mayRetry(retry, child.cancelCount, 0, this.directives.attemptCountMax)) {
      const waitNs = backoffNs(retry, seed, child.childId, child.cancelCount, this.directives.backoffFactor)
      const over = child.cancelCount - retry.attemptCountMax
      const floorNs = over > 0 ? Math.min(CANCEL_WAIT_NS_MAX, CANCEL_WAIT_NS_MIN * 2 ** Math.min(over, 30)) : 0
      child.timer = this.timerAt(this.nowNs + Math.max(waitNs, floorNs), TIMER.cancel, child.childId)
      return
    }
    this.pendingCancels.delete(child)
    child.life = child.accepted ? 'live' : 'pending-new'
  }

  private onReplaceRejected(child: ChildOrder, report: number, message: number): void {
    const { reports, messages } = this.parts
    this.book.rejectAttempt(messages.ledgerRow.values[message], report, reports, this.nowNs)
    this.parts.gauges.onAnswer(this.nowNs, reports.rejectedBy.values[report] === REJECTED_BY.of.engine ? 0 : 1)
    child.replaceAnswered(message)
    if (child.life !== 'pending-replace' || messages.ledgerRow.values[message] !== child.attemptRow) return
    child.life = 'live'
    child.sentNs = child.sentBeforeNs
  }

  private settleCancel(child: ChildOrder, message: number, report: number, outcome: number): void {
    const { reports, messages } = this.parts
    const row = messages.ledgerRow.values[message]
    this.book.settleCancel(row, report, reports, outcome, this.nowNs)
    this.parts.gauges.onCancelAnswer(this.nowNs, this.nowNs - this.sentAt(message))
    this.parts.gauges.onAnswer(this.nowNs, this.book.wasRefused(report, reports) ? 1 : 0)
    if (outcome === CANCEL_OUTCOME.of.acked) this.pendingCancels.delete(child)
  }

  private finish(child: ChildOrder, outcome: number): void {
    if (child.life === 'done') return
    child.life = 'done'
    this.pendingCancels.delete(child)
    this.book.closeChild(child, outcome, this.nowNs)
    const parent = this.parents[child.parentIndex]
    parent.orders.splice(parent.orders.indexOf(child), 1)
    if (parent.orders.length === 0) this.parts.feed.watch(parent.order.venue, -1, this.nowNs)
    this.retire(parent)
  }

  // --- controllers

  private armSample(timeNs: number): void {
    const { simulation } = this.parts
    simulation.at(timeNs, PHASE.hostTimer, this.options.hostTarget, HOST.sample, 0)
  }

  private onSample(): void {
    if (this.activeCount === 0) return
    const { controllers, gauges, sockets, counters } = this.parts
    const unsentAgesNs = this.readTimestamps()
    sockets.readGauge(this.socket)
    const agesNs: number[] = []
    let pendingNotional = 0
    for (const child of this.pendingCancels) {
      agesNs.push(this.nowNs - this.parts.ledger.cancels.col.intentNs[child.cancelRow])
      pendingNotional += child.openLots * child.priceTicks
    }
    const reading = gauges.read(
      this.nowNs,
      counters,
      this.socket,
      this.options.control.capacityMessagesPerSecond,
      unsentAgesNs,
      agesNs,
      pendingNotional
    )
    const transitions = controllers.step(reading)
    if (transitions.length > 0) this.follow(transitions)
    if (transitions.length > 0 || this.nowNs >= this.telemetryDueNs) {
      this.telemetryDueNs = this.nowNs + TELEMETRY_NS
      this.book.writeTelemetry(this.nowNs, this.socket, reading, gauges.messageRate(this.nowNs), controllers)
    }
    this.armSample(this.nowNs + this.sampleNs)
  }

  private follow(transitions: readonly Transition[]): void {
    for (const transition of transitions) this.book.writeTransition(this.nowNs, transition)
    const before = this.directives
    this.directives = this.parts.controllers.directives()
    const { passiveCapFactor, takeCapFactor } = this.directives
    if (passiveCapFactor === before.passiveCapFactor && takeCapFactor === before.takeCapFactor) return
    const { sessions } = this.options
    for (let session = 0; session < sessions.length; session++) {
      const factor =
        this.takeSession === 0
          ? Math.max(passiveCapFactor, takeCapFactor)
          : session === this.takeSession
            ? takeCapFactor
            : passiveCapFactor
      this.parts.sockets.setPacingRate(session, sessions[session].maxPacingRateBytesPerSecond * factor)
    }
  }

  /** Reads the transmit timestamps that have come back; gives the ages of messages still without one. */
  private readTimestamps(): number[] {
    const { wireNs, dispatchNs } = this.parts.messages
    const agesNs: number[] = []
    for (let session = 0; session < this.untimed.length; session++) {
      const waiting = this.untimed[session]
      // A session is FIFO: what has none before one that has was dropped on the way.
      let timed = waiting.length
      while (timed > 0 && Number.isNaN(wireNs.values[waiting[timed - 1]])) timed--
      for (let i = 0; i < timed; i++) {
        const message = waiting[i]
        const at = wireNs.values[message]
        if (!Number.isNaN(at)) this.parts.gauges.onWire(session, at, at - dispatchNs.values[message])
      }
      waiting.splice(0, timed)
      for (const message of waiting) {
        if (!Number.isNaN(dispatchNs.values[message])) agesNs.push(this.nowNs - dispatchNs.values[message])
      }
    }
    return agesNs
  }

  /** Writes what only the end of a run can tell. */
  close(): void {
    this.book.close(this.children, this.parents)
  }

  get openParentCount(): number {
    return this.parents.filter((parent) => !parent.done).length
  }
}
