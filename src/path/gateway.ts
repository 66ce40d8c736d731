/*
 * The venue's gateway: a FIFO server that we share with strangers (background-load.ts), then the message throttle (throttle.ts); before both, a
 * limit on what is in flight, where there is one (in-flight.ts). Over a limit a message is refused, held in order, or ends the
 * session: then every message of that connection is answered session-down (those in the line, before a limit and on the way too) until the
 * session is logged on again, and (optionally, some time later, not always) the engine cancels its orders. Guarantees: FIFO per
 * throttle count; at most `queueCountMax` messages in the line of the server, strangers included, and `throttle.queueCountMax`
 * held, each beyond it refused as throttle-queue-full; every message is passed, refused or held. Sources: the venues' own texts, scenario/venue-throttles.ts (reject at
 * CME, HKEX, Eurex; queue at Euronext; logout with cancel-on-disconnect, best effort, at CME). Left out: warnings before a logout.
 */
import { assert } from '../kernel/assert.ts'
import { float64Column } from '../kernel/column.ts'
import { meanNs } from '../kernel/law.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { MESSAGE_TYPE, REASON, REJECTED_BY, REPORT_TYPE } from '../order/words.ts'
import { BackgroundLoad } from './background-load.ts'
import type { ClampSchedule, TargetClamps } from './clamp.ts'
import { HeldLines } from './held-lines.ts'
import type { Hop } from './hop.ts'
import { InFlight } from './in-flight.ts'
import { Logons } from './logons.ts'
import type { Messages } from './messages.ts'
import type { GatewayOptions, ThrottleOptions } from './options.ts'
import { PHASE } from './phases.ts'
import { type UniformTable, uniformTableOf } from './quantile-table.ts'
import { addRefusal, messageUniform } from './refusal.ts'
import type { Reports } from './reports.ts'
import { FifoServer } from './server.ts'
import { Throttle, VERDICT } from './throttle.ts'

/**
 * Kinds of the gateway's events: a message arrives; it is served; a held line may go on; a session logs on again; a venue cancels the orders of a
 * session that is gone; the line before the in-flight limit may go on; an answer leaves the venue (only with a limit until answered).
 */
export const GATEWAY = { up: 0, served: 1, release: 2, relogon: 3, cancelOrders: 4, door: 5, down: 6 } as const

const BACKGROUND_SALT = 0x4757

export class Gateway implements Component {
  readonly name = 'gateway'
  /** Answers must pass the gateway on their way back (GATEWAY.down): the in-flight limit ends with them. */
  readonly seesAnswers: boolean
  /** Told of each message that ends its session, when it has been refused. */
  logoutListener: ((message: number) => void) | null = null
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly options: GatewayOptions
  private readonly limitClamps: TargetClamps
  private readonly service: UniformTable
  private readonly seed: number
  private readonly server: FifoServer
  private readonly throttle: Throttle
  private readonly inFlight: InFlight | null
  private readonly meanServiceNs: number
  /** Held after service by the throttle, and before it by the in-flight limit. */
  private readonly held: HeldLines
  private readonly door: HeldLines
  private readonly logons = new Logons()
  /** When each child was last accepted or changed here, for weights by age. */
  private readonly restingNs = float64Column()
  private self = -1
  private engineHop: Hop | null = null
  private disconnectHop: Hop | null = null
  private acksHop: Hop | null = null
  private downHop: Hop | null = null
  private logoutHop: Hop | null = null
  private entered = 0
  private inService = 0
  private left = 0
  private rejected = 0

  constructor(
    simulation: Simulation,
    messages: Messages,
    reports: Reports,
    options: GatewayOptions,
    clamps: ClampSchedule,
    seed: number,
    venue = 0
  ) {
    this.simulation = simulation
    this.messages = messages
    this.reports = reports
    this.options = options
    this.limitClamps = clamps.of('throttle.limit')
    this.seed = seed
    this.service = uniformTableOf(options.service)
    this.throttle = new Throttle(options.throttle)
    this.inFlight = InFlight.of(options.throttle)
    this.seesAnswers = this.inFlight?.options.inFlightUntil === 'answered'
    this.held = new HeldLines(options.throttle.queueCountMax)
    this.door = new HeldLines(this.inFlight?.options.queueCountMax ?? 0)
    this.meanServiceNs = meanNs(options.service)
    const clock = clamps.of('gateway.rate').clock()
    const workMaxNs = options.queueCountMax * this.meanServiceNs
    this.server = new FifoServer(
      clock,
      new BackgroundLoad(options.service, options.backgroundLoad, seed, BACKGROUND_SALT + 2 * venue, clock, workMaxNs)
    )
  }

  /** `disconnect` and `logout` take a session as their subject; `acks` and `down` take reports. */
  connect(hops: { self: number; engine: Hop; disconnect: Hop; acks: Hop; logout: Hop; down?: Hop }): void {
    this.logoutHop = hops.logout
    this.self = hops.self
    this.engineHop = hops.engine
    this.disconnectHop = hops.disconnect
    this.acksHop = hops.acks
    this.downHop = hops.down ?? null
    assert(!this.seesAnswers || this.downHop !== null, 'a limit until answered sees the answers')
  }

  onEvent(kind: number, subject: number): void {
    switch (kind) {
      case GATEWAY.up:
        this.arrive(subject)
        return
      case GATEWAY.served:
        this.inService--
        this.onServed(subject)
        return
      case GATEWAY.release:
        this.release(subject)
        return
      case GATEWAY.relogon:
        this.logOn(subject)
        return
      case GATEWAY.cancelOrders:
        this.cancelOrders(subject)
        return
      case GATEWAY.door:
        this.openDoor(subject)
        return
      default:
        this.onAnswer(subject)
    }
  }

  /** Messages; `held` are in service, or waiting at a limit. */
  count(): StageCount {
    return {
      stage: this.name,
      entered: this.entered,
      left: this.left,
      rejected: this.rejected,
      dropped: 0,
      held: this.inService + this.held.count + this.door.count
    }
  }

  private get factor(): number {
    return this.limitClamps.factorAt(this.simulation.nowNs)
  }

  private arrive(message: number): void {
    const { messages, inFlight } = this
    this.entered++
    messages.gatewayNs.values[message] = this.simulation.nowNs
    if (this.logons.isDead(messages, message)) {
      this.refuse(message, REJECTED_BY.of.session, REASON.of['session-down'])
      return
    }
    if (inFlight === null) {
      this.serve(message)
      return
    }
    const type = messages.type.values[message]
    const scope = inFlight.scopeOf(type, messages.session.values[message])
    if (scope === -1) {
      this.serve(message)
      return
    }
    // Nobody overtakes those that are held, but what is never refused.
    if (inFlight.isLenient(type) || (this.door.waitingIn(scope) === 0 && inFlight.admits(scope, this.factor))) {
      inFlight.enter(message, scope)
      this.serve(message)
      return
    }
    messages.throttled.values[message] = 1
    if (inFlight.options.overLimit === 'queue') {
      if (!this.door.hold(message, scope)) {
        this.refuse(message, REJECTED_BY.of.throttle, REASON.of['throttle-queue-full'])
      } else if (inFlight.countOf(scope) === 0) this.askDoorLater(scope)
      return
    }
    this.refuse(message, REJECTED_BY.of.throttle, REASON.of.throttled)
    if (inFlight.options.overLimit === 'disconnect') this.logOut(message, inFlight.options)
  }

  /** Puts a message into the line of the server. */
  private serve(message: number): void {
    const { nowNs } = this.simulation
    const found = this.server.workFound(nowNs)
    const line = this.meanServiceNs > 0 ? found / this.meanServiceNs : 0
    if (this.inService >= this.options.queueCountMax || line >= this.options.queueCountMax) {
      this.refuse(message, REJECTED_BY.of.throttle, REASON.of['throttle-queue-full'])
      return
    }
    const u = messageUniform(this.seed, DRAW.gatewayService, this.messages, message)
    const doneNs = this.server.admit(nowNs, found, Math.floor(this.service.sampleNs(u)))
    this.inService++
    // A server that stands still for ever keeps its messages.
    if (doneNs < Number.MAX_SAFE_INTEGER) this.simulation.at(doneNs, PHASE.upstream, this.self, GATEWAY.served, message)
  }

  /** Puts a served message to the throttle. */
  private onServed(message: number): void {
    const { messages, throttle } = this
    if (this.logons.isDead(messages, message)) {
      this.refuse(message, REJECTED_BY.of.session, REASON.of['session-down'])
      return
    }
    const type = messages.type.values[message]
    const session = messages.session.values[message]
    const ageNs = this.ageOf(message)
    if (!throttle.offer(this.simulation.nowNs, type, session, this.factor, ageNs)) {
      this.refuseThrottled(message, true)
      return
    }
    const line = throttle.scopeOf(type, session, ageNs)
    // Nobody overtakes those that are held.
    if (line !== -1 && this.held.waitingIn(line) > 0) this.hold(message, line)
    else if (this.ask(message) === VERDICT.queue && this.hold(message, line)) this.wake(line)
  }

  /** Passes or refuses a message, unless the verdict is that it waits. */
  private ask(message: number): number {
    const { messages, throttle } = this
    const type = messages.type.values[message]
    const session = messages.session.values[message]
    const verdict = throttle.ask(this.simulation.nowNs, type, session, this.factor, this.ageOf(message))
    if (verdict === VERDICT.pass) this.pass(message)
    else if (verdict !== VERDICT.queue) this.refuseThrottled(message, verdict === VERDICT.disconnect)
    return verdict
  }

  /** Age of the order a message is about, ns since it was last accepted or changed here; Infinity when it is not known or not asked for. */
  private ageOf(message: number): number {
    if (!this.throttle.readsAge) return Number.POSITIVE_INFINITY
    const child = this.messages.child.values[message]
    const { count, values } = this.restingNs
    return child < count && !Number.isNaN(values[child]) ? this.simulation.nowNs - values[child] : Number.POSITIVE_INFINITY
  }

  private pass(message: number): void {
    assert(this.engineHop !== null, 'the gateway is connected')
    const { messages } = this
    const { nowNs } = this.simulation
    this.left++
    messages.throttleNs.values[message] = nowNs
    if (this.throttle.readsAge && messages.type.values[message] !== MESSAGE_TYPE.of.cancel) {
      const child = messages.child.values[message]
      while (this.restingNs.count <= child) this.restingNs.push(Number.NaN)
      this.restingNs.values[child] = nowNs
    }
    this.simulation.at(nowNs, this.engineHop.phase, this.engineHop.target, this.engineHop.kind, message)
    if (!this.seesAnswers) this.endFlight(message)
  }

  /** True when there was room. */
  private hold(message: number, line: number): boolean {
    this.messages.throttled.values[message] = 1
    if (this.held.hold(message, line)) return true
    this.refuse(message, REJECTED_BY.of.throttle, REASON.of['throttle-queue-full'])
    return false
  }

  private wake(line: number): void {
    this.simulation.at(this.throttle.releaseNs, PHASE.upstream, this.self, GATEWAY.release, line)
  }

  /** Lets held messages of one line go on, as many as the throttle passes now. */
  private release(line: number): void {
    const waiting = this.held.release(line, (message) => {
      if (!this.logons.isDead(this.messages, message)) return this.ask(message) !== VERDICT.queue
      this.refuse(message, REJECTED_BY.of.session, REASON.of['session-down'])
      return true
    })
    if (waiting > 0) this.wake(line)
  }

  private endFlight(message: number): void {
    const { inFlight } = this
    if (inFlight === null) return
    const scope = inFlight.leave(message)
    if (scope === -1 || this.door.waitingIn(scope) === 0) return
    this.simulation.at(this.simulation.nowNs, PHASE.upstream, this.self, GATEWAY.door, scope)
  }

  /** Lets messages before the in-flight limit in, as many as it admits now. */
  private openDoor(scope: number): void {
    const { inFlight, messages } = this
    assert(inFlight !== null, 'only an in-flight limit has a door')
    const waiting = this.door.release(scope, (message) => {
      if (this.logons.isDead(messages, message)) {
        this.refuse(message, REJECTED_BY.of.session, REASON.of['session-down'])
        return true
      }
      if (!inFlight.admits(scope, this.factor)) return false
      inFlight.enter(message, scope)
      this.serve(message)
      return true
    })
    // Where nothing is in flight nothing will end: a clamp has taken the limit to nothing.
    if (waiting > 0 && inFlight.countOf(scope) === 0) this.askDoorLater(scope)
  }

  private askDoorLater(scope: number): void {
    assert(this.inFlight !== null, 'only an in-flight limit has a door')
    const { windowNs } = this.inFlight.options
    this.simulation.at(this.simulation.nowNs + windowNs, PHASE.upstream, this.self, GATEWAY.door, scope)
  }

  private refuseThrottled(message: number, disconnects: boolean): void {
    this.messages.throttled.values[message] = 1
    this.refuse(message, REJECTED_BY.of.throttle, REASON.of.throttled)
    if (disconnects) this.logOut(message, this.throttle.blamed)
  }

  private logOut(message: number, rule: ThrottleOptions): void {
    const { nowNs } = this.simulation
    const session = this.messages.session.values[message]
    this.logoutListener?.(message)
    this.logons.logOut(session)
    assert(this.logoutHop !== null, 'the gateway is connected')
    this.simulation.at(nowNs, this.logoutHop.phase, this.logoutHop.target, this.logoutHop.kind, session)
    this.simulation.at(nowNs + rule.relogonNs, PHASE.upstream, this.self, GATEWAY.relogon, session)
    if (!rule.cancelOnDisconnect) return
    const u = keyedUniform(this.seed, DRAW.disconnect, session, this.logons.logoutCount[session])
    if (u >= (rule.cancelOnDisconnectShare ?? 1)) return
    const delayNs = rule.cancelOnDisconnectDelayNs ?? 0
    if (delayNs === 0) this.cancelOrders(session)
    else this.simulation.at(nowNs + delayNs, PHASE.upstream, this.self, GATEWAY.cancelOrders, session)
  }

  private cancelOrders(session: number): void {
    assert(this.disconnectHop !== null, 'the gateway is connected')
    const { phase, target, kind } = this.disconnectHop
    this.simulation.at(this.simulation.nowNs, phase, target, kind, session)
  }

  private logOn(session: number): void {
    this.logons.logOn(session, this.simulation.nowNs)
    const report = this.reports.add({
      type: REPORT_TYPE.of['session-up'],
      message: -1,
      child: -1,
      clientOrderId: -1,
      session,
      lots: 0,
      priceTicks: 0,
      leavesLots: 0,
      rejectedBy: REJECTED_BY.of.none,
      reason: REASON.of.none,
      fillRow: -1,
      madeNs: this.simulation.nowNs
    })
    this.report(report)
  }

  private onAnswer(report: number): void {
    assert(this.downHop !== null, 'a limit until answered sees the answers')
    const message = this.reports.message.values[report]
    if (message >= 0) this.endFlight(message)
    this.simulation.at(this.simulation.nowNs, this.downHop.phase, this.downHop.target, this.downHop.kind, report)
  }

  private refuse(message: number, rejectedBy: number, reason: number): void {
    const { nowNs } = this.simulation
    this.rejected++
    if (rejectedBy === REJECTED_BY.of.throttle) this.messages.throttleNs.values[message] = nowNs
    this.report(addRefusal(this.reports, this.messages, message, rejectedBy, reason, nowNs))
    if (!this.seesAnswers) this.endFlight(message)
  }

  private report(row: number): void {
    assert(this.acksHop !== null, 'the gateway is connected')
    const { phase, target, kind } = this.acksHop
    this.simulation.at(this.simulation.nowNs, phase, target, kind, row)
  }
}
