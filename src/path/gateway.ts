/*
 * The venue's gateway: a FIFO server that we share with strangers (background-load.ts), then the message throttle (throttle.ts). Over
 * the limit a message is refused, held in order, or ends the session: then every message of that session is answered
 * session-down until it is logged on again (those in the line too), and (optionally) the engine cancels its orders. Guarantees: FIFO per
 * throttle count; at most `queueCountMax` messages in the line of the server, strangers included, and `throttle.queueCountMax`
 * held, each beyond it refused as throttle-queue-full; every message is passed, refused or held. Sources: reference/venue-throttles.md (reject at
 * CME, HKEX, Eurex; queue at Euronext; logout with cancel-on-disconnect at CME, LMAX 15 s relogon). Left out: warnings before a logout.
 */
import { assert } from '../kernel/assert.ts'
import { meanNs, sampleNs } from '../kernel/law.ts'
import { DRAW } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { REASON, REJECTED_BY, REPORT_TYPE } from '../order/words.ts'
import { BackgroundLoad } from './background-load.ts'
import type { ClampSchedule } from './clamp.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import type { GatewayOptions } from './options.ts'
import { PHASE } from './phases.ts'
import { addRefusal, messageUniform } from './refusal.ts'
import type { Reports } from './reports.ts'
import { FifoServer } from './server.ts'
import { Throttle, VERDICT } from './throttle.ts'

/** Kinds of the gateway's events: a message arrives; it is served; a held queue may go on; a session logs on again. */
export const GATEWAY = { up: 0, served: 1, release: 2, relogon: 3 } as const

const BACKGROUND_SALT = 0x4757

export class Gateway implements Component {
  readonly name = 'gateway'
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly options: GatewayOptions
  private readonly clamps: ClampSchedule
  private readonly seed: number
  private readonly server: FifoServer
  private readonly throttle: Throttle
  private readonly meanServiceNs: number
  /** Held messages by throttle count, first in first out. */
  private readonly held: number[][] = []
  private heldCount = 0
  private readonly isDown = new Uint8Array(256)
  private self = -1
  private engineHop: Hop | null = null
  private disconnectHop: Hop | null = null
  private acksHop: Hop | null = null
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
    this.clamps = clamps
    this.seed = seed
    this.throttle = new Throttle(options.throttle)
    this.meanServiceNs = meanNs(options.service)
    const clock = clamps.clockOf('gateway.rate')
    const workMaxNs = options.queueCountMax * this.meanServiceNs
    this.server = new FifoServer(
      clock,
      new BackgroundLoad(options.service, options.backgroundLoad, seed, BACKGROUND_SALT + 2 * venue, clock, workMaxNs)
    )
  }

  /** `disconnect` and `logout` take a session as their subject; `acks` takes reports. */
  connect(hops: { self: number; engine: Hop; disconnect: Hop; acks: Hop; logout: Hop }): void {
    this.logoutHop = hops.logout
    this.self = hops.self
    this.engineHop = hops.engine
    this.disconnectHop = hops.disconnect
    this.acksHop = hops.acks
  }

  onEvent(kind: number, subject: number): void {
    switch (kind) {
      case GATEWAY.up:
        this.arrive(subject)
        return
      case GATEWAY.served:
        this.inService--
        this.ask(subject)
        return
      case GATEWAY.release:
        this.release(subject)
        return
      default:
        this.logOn(subject)
    }
  }

  /** Messages; `held` are in service, or waiting at the throttle. */
  count(): StageCount {
    return {
      stage: this.name,
      entered: this.entered,
      left: this.left,
      rejected: this.rejected,
      dropped: 0,
      held: this.inService + this.heldCount
    }
  }

  private arrive(message: number): void {
    const { nowNs } = this.simulation
    this.entered++
    this.messages.gatewayNs.values[message] = nowNs
    if (this.isDown[this.messages.session.values[message]] === 1) {
      this.refuse(message, REJECTED_BY.of.session, REASON.of['session-down'])
      return
    }
    const found = this.server.workFound(nowNs)
    const line = this.meanServiceNs > 0 ? found / this.meanServiceNs : 0
    if (this.inService >= this.options.queueCountMax || line >= this.options.queueCountMax) {
      this.refuse(message, REJECTED_BY.of.throttle, REASON.of['throttle-queue-full'])
      return
    }
    const u = messageUniform(this.seed, DRAW.gatewayService, this.messages, message)
    const doneNs = this.server.admit(nowNs, found, sampleNs(this.options.service, u))
    this.inService++
    // A server that stands still for ever keeps its messages.
    if (doneNs < Number.MAX_SAFE_INTEGER) this.simulation.at(doneNs, PHASE.upstream, this.self, GATEWAY.served, message)
  }

  /** Puts a served message to the throttle. */
  private ask(message: number): void {
    const { messages, throttle } = this
    const session = messages.session.values[message]
    if (this.isDown[session] === 1) {
      this.refuse(message, REJECTED_BY.of.session, REASON.of['session-down'])
      return
    }
    const scope = throttle.scopeOf(messages.type.values[message], session)
    const waiting = scope === -1 ? undefined : this.held[scope]
    // Nobody overtakes those that are held.
    if (waiting !== undefined && waiting.length > 0) this.hold(message, scope)
    else this.decide(message, scope)
  }

  private decide(message: number, scope: number): void {
    const { messages } = this
    const { nowNs } = this.simulation
    const session = messages.session.values[message]
    const factor = this.clamps.factorAt('throttle.limit', nowNs)
    switch (this.throttle.decide(nowNs, messages.type.values[message], session, factor)) {
      case VERDICT.pass:
        this.pass(message)
        return
      case VERDICT.queue:
        if (this.hold(message, scope)) this.wake(scope)
        return
      case VERDICT.reject:
        messages.throttled.values[message] = 1
        this.refuse(message, REJECTED_BY.of.throttle, REASON.of.throttled)
        return
      default:
        messages.throttled.values[message] = 1
        this.refuse(message, REJECTED_BY.of.throttle, REASON.of.throttled)
        this.logOut(session)
    }
  }

  private pass(message: number): void {
    assert(this.engineHop !== null, 'the gateway is connected')
    const { nowNs } = this.simulation
    this.left++
    this.messages.throttleNs.values[message] = nowNs
    this.simulation.at(nowNs, this.engineHop.phase, this.engineHop.target, this.engineHop.kind, message)
  }

  /** True when there was room. */
  private hold(message: number, scope: number): boolean {
    this.messages.throttled.values[message] = 1
    if (this.heldCount >= this.options.throttle.queueCountMax) {
      this.refuse(message, REJECTED_BY.of.throttle, REASON.of['throttle-queue-full'])
      return false
    }
    const waiting = this.held[scope]
    if (waiting === undefined) this.held[scope] = [message]
    else waiting.push(message)
    this.heldCount++
    return true
  }

  private wake(scope: number): void {
    this.simulation.at(this.throttle.releaseNs, PHASE.upstream, this.self, GATEWAY.release, scope)
  }

  /** Lets held messages of one count go on, as many as the throttle passes now. */
  private release(scope: number): void {
    const { messages, throttle } = this
    const { nowNs } = this.simulation
    const waiting = this.held[scope]
    const factor = this.clamps.factorAt('throttle.limit', nowNs)
    let gone = 0
    while (gone < waiting.length) {
      const message = waiting[gone]
      const verdict = throttle.decide(nowNs, messages.type.values[message], messages.session.values[message], factor)
      if (verdict !== VERDICT.pass) break
      this.pass(message)
      gone++
    }
    this.heldCount -= gone
    waiting.splice(0, gone)
    if (waiting.length > 0) this.wake(scope)
  }

  private logOut(session: number): void {
    assert(this.disconnectHop !== null && this.logoutHop !== null, 'the gateway is connected')
    const { nowNs } = this.simulation
    const { throttle } = this.options
    this.isDown[session] = 1
    this.simulation.at(nowNs, this.logoutHop.phase, this.logoutHop.target, this.logoutHop.kind, session)
    this.simulation.at(nowNs + throttle.relogonNs, PHASE.upstream, this.self, GATEWAY.relogon, session)
    if (throttle.cancelOnDisconnect) {
      const { phase, target, kind } = this.disconnectHop
      this.simulation.at(nowNs, phase, target, kind, session)
    }
  }

  private logOn(session: number): void {
    this.isDown[session] = 0
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

  private refuse(message: number, rejectedBy: number, reason: number): void {
    const { nowNs } = this.simulation
    this.rejected++
    if (rejectedBy === REJECTED_BY.of.throttle) this.messages.throttleNs.values[message] = nowNs
    this.report(addRefusal(this.reports, this.messages, message, rejectedBy, reason, nowNs))
  }

  private report(row: number): void {
    assert(this.acksHop !== null, 'the gateway is connected')
    const { phase, target, kind } = this.acksHop
    this.simulation.at(this.simulation.nowNs, phase, target, kind, row)
  }
}
