/*
 * The broker's risk gate (market-access checks, SEC 15c3-5): a FIFO server in front of a venue. Checks are made in order of arrival;
 * the answer leaves when the service ends. Hard limits on size, notional, open orders and message rate, each with its own
 * reason; then a stress reject, logistic in utilisation, burst, latency jitter and stress (gate-load.ts).
 * Reports pass back without delay and keep the count of open orders. Guarantees: departures never go back; cancels
 * meet only the rate limit, never the hazard. Left out: credit and position limits.
 */
import { assert } from '../kernel/assert.ts'
import { int32Column, uint8Column } from '../kernel/column.ts'
import { meanNs } from '../kernel/law.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { MESSAGE_TYPE, REASON, REJECTED_BY, REPORT_TYPE } from '../order/words.ts'
import type { ClampSchedule, TargetClamps } from './clamp.ts'
import { Departures } from './departures.ts'
import { GateLoad } from './gate-load.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import type { GateOptions } from './options.ts'
import { type UniformTable, uniformTableOf } from './quantile-table.ts'
import { addRefusal, messageUniform } from './refusal.ts'
import type { Reports } from './reports.ts'
import { SlidingCount } from './sliding-window.ts'

/** Kinds of the gate's events: a message on its way up, a report on its way down. */
export const GATE = { up: 0, down: 1 } as const

/** Rate is measured over this where no window is given. */
const DEFAULT_WINDOW_NS = NS_PER_SECOND

export class Gate implements Component {
  readonly name = 'gate'
  /** Orders that passed the gate and are not known to be done. */
  openOrderCount = 0
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly options: GateOptions
  private readonly clamps: TargetClamps
  private readonly service: UniformTable
  private readonly seed: number
  private readonly load: GateLoad
  /** Messages of the window that passed. */
  private readonly admitted: SlidingCount
  private readonly isOpen = uint8Column()
  private readonly replaceCount = int32Column()
  private readonly departures = new Departures()
  private upHop: Hop | null = null
  private downHop: Hop | null = null
  private freeNs = 0
  private rejected = 0

  constructor(
    simulation: Simulation,
    messages: Messages,
    reports: Reports,
    options: GateOptions,
    clamps: ClampSchedule,
    seed: number
  ) {
    this.simulation = simulation
    this.messages = messages
    this.reports = reports
    this.options = options
    this.clamps = clamps.of('gate.service')
    this.seed = seed
    this.service = uniformTableOf(options.service)
    const windowNs = options.messageWindowNs > 0 ? options.messageWindowNs : DEFAULT_WINDOW_NS
    const serviceNs = meanNs(options.service)
    const serverCapacity = serviceNs > 0 ? windowNs / serviceNs : Number.POSITIVE_INFINITY
    this.load = new GateLoad(windowNs, Math.min(options.messageCountMax, serverCapacity))
    this.admitted = new SlidingCount(windowNs)
  }

  connect(hops: { up: Hop; down: Hop }): void {
    this.upHop = hops.up
    this.downHop = hops.down
  }

  onEvent(kind: number, subject: number): void {
    assert(this.upHop !== null && this.downHop !== null, 'the gate is connected')
    if (kind === GATE.up) this.check(subject, this.upHop, this.downHop)
    else {
      this.note(subject)
      this.simulation.at(this.simulation.nowNs, this.downHop.phase, this.downHop.target, this.downHop.kind, subject)
    }
  }

  private check(message: number, up: Hop, down: Hop): void {
    const { nowNs } = this.simulation
    const { messages } = this
    const factor = this.clamps.factorAt(nowNs)
    const u = messageUniform(this.seed, DRAW.gateService, messages, message)
    const doneNs = Math.max(nowNs, this.freeNs) + Math.floor(this.service.sampleNs(u) * factor)
    this.freeNs = doneNs
    messages.gateNs.values[message] = nowNs
    messages.gateDoneNs.values[message] = doneNs
    this.load.observe(nowNs, messages.dispatchNs.values[message])
    const reason = this.reasonAgainst(message, nowNs, factor)
    this.departures.add(doneNs, reason !== REASON.of.none)
    if (reason === REASON.of.none) {
      this.admitted.add(nowNs)
      if (messages.type.values[message] === MESSAGE_TYPE.of.new) this.open(messages.child.values[message])
      this.simulation.at(doneNs, up.phase, up.target, up.kind, message)
      return
    }
    this.rejected++
    const report = addRefusal(this.reports, messages, message, REJECTED_BY.of.gate, reason, doneNs)
    this.simulation.at(doneNs, down.phase, down.target, down.kind, report)
  }

  private reasonAgainst(message: number, nowNs: number, factor: number): number {
    const { messages, options } = this
    const type = messages.type.values[message]
    if (type !== MESSAGE_TYPE.of.cancel) {
      const lots = messages.lots.values[message]
      if (lots > options.orderLotsMax) return REASON.of['risk-size']
      if (lots * messages.priceTicks.values[message] > options.orderTickLotsMax) return REASON.of['risk-notional']
      const isNew = type === MESSAGE_TYPE.of.new && !this.knows(messages.child.values[message])
      if (isNew && this.openOrderCount >= options.openOrderCountMax) return REASON.of['risk-open-orders']
    }
    if (this.admitted.countAt(nowNs) >= options.messageCountMax) return REASON.of['risk-rate']
    if (type !== MESSAGE_TYPE.of.cancel && this.isStressed(message, type, factor)) return REASON.of['risk-stress']
    return REASON.of.none
  }

  private isStressed(message: number, type: number, factor: number): boolean {
    const { hazard } = this.options
    if (hazard.intercept === Number.NEGATIVE_INFINITY) return false
    const { child, luckKey, retryIndex } = this.messages
    const draw = type === MESSAGE_TYPE.of.replace ? this.nextReplace(child.values[message]) : 0
    const u = keyedUniform(this.seed, DRAW.gateReject, luckKey.values[message], retryIndex.values[message], draw)
    return u < this.load.hazardOf(hazard, factor)
  }

  /** Number, from 1, of a child's replace at this gate: each has its own luck. */
  private nextReplace(child: number): number {
    while (this.replaceCount.count <= child) this.replaceCount.push(0)
    return ++this.replaceCount.values[child]
  }

  private knows(child: number): boolean {
    return child < this.isOpen.count && this.isOpen.values[child] === 1
  }

  private open(child: number): void {
    while (this.isOpen.count <= child) this.isOpen.push(0)
    if (this.isOpen.values[child] === 1) return
    this.isOpen.values[child] = 1
    this.openOrderCount++
  }

  /** Closes the order that a report says is done. */
  private note(report: number): void {
    const { reports } = this
    const child = reports.child.values[report]
    if (child < 0 || !this.knows(child)) return
    const type = reports.type.values[report]
    const done =
      type === REPORT_TYPE.of.expired ||
      type === REPORT_TYPE.of.cancelled ||
      (type === REPORT_TYPE.of.rejected && reports.reason.values[report] !== REASON.of.duplicate) ||
      ((type === REPORT_TYPE.of.filled || type === REPORT_TYPE.of.replaced) && reports.leavesLots.values[report] === 0)
    if (!done) return
    this.isOpen.values[child] = 0
    this.openOrderCount--
  }

  /** Messages; what is still in service when the run ends is held, whatever its verdict. */
  count(): StageCount {
    const { count: entered } = this.departures
    const { count: held, refusals } = this.departures.heldAt(this.simulation.nowNs)
    const rejected = this.rejected - refusals
    return { stage: this.name, entered, left: entered - rejected - held, rejected, dropped: 0, held }
  }
}
