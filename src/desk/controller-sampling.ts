/*
 * The desk's eyes on itself: at each sample the gauges are read, for each venue's path apart, the controllers step, and what they ask for takes
 * effect as directives, pacing caps and memory actions: on everybody, on the canary's parents, or (shadow, advisory) on nobody, when it is
 * only written down. Transmit timestamps are read then too. Only what a live host can read is read.
 */
import type { DeskTransition } from '../control/desk-controllers.ts'
import { isControlled } from '../control/options.ts'
import type { Reading } from '../control/reading.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { type Directives, NEUTRAL } from '../order/directives.ts'
import { HOST } from '../path/host.ts'
import { PHASE } from '../path/phases.ts'
import { CanaryWatch } from './canary-watch.ts'
import type { DeskLedger } from './desk-ledger.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import type { SocketGauge } from './gauges.ts'
import type { ParentDesk } from './parent-desk.ts'
import type { PendingCancels } from './pending-cancels.ts'
import { capFactor, type SessionChoice } from './session-choice.ts'
import type { PendingFigures } from './venue-gauges.ts'

/** A row of telemetry at least this often while a parent is active, and at every transition (assumed). */
const TELEMETRY_NS = 10 * NS_PER_SECOND
const NOTHING_PENDING: PendingFigures = { count: 0, notional: 0, activeNotional: 0, agesNs: new Map() }

export class ControllerSampling {
  /** Null: controllers act on all parents, or on none. */
  readonly canary: CanaryWatch | null
  /** What the controllers ask for now, by venue. */
  private readonly asked: Directives[]
  private readonly acts: boolean
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly book: DeskLedger
  private readonly choice: SessionChoice
  private readonly sampleNs: number
  private telemetryDueNs = 0
  private hostAsked: Directives = NEUTRAL
  /** Under way at the last sample. */
  private parents: readonly ParentDesk[] = []
  /** By session: the factor that its cap has now. */
  private readonly factors: number[]
  /** Messages by session whose transmit timestamp has not been read. */
  private readonly untimed: number[][]
  private readonly socket: SocketGauge = {
    pacingBytesPerSecond: 0,
    capBytesPerSecond: 0,
    deliveredBytes: 0,
    unsentBytes: 0,
    windowSegments: Number.NaN
  }

  constructor(options: DeskOptions, parts: DeskParts, book: DeskLedger, choice: SessionChoice) {
    this.options = options
    this.parts = parts
    this.book = book
    this.choice = choice
    const { control, venues } = options
    this.asked = venues.map((_, venue) => parts.controllers.directives(venue))
    this.untimed = options.sessions.map(() => [])
    this.factors = options.sessions.map(() => 1)
    this.acts = control.mode === 'on'
    this.canary = control.mode === 'canary' ? new CanaryWatch(control.canary, options.seed, options.parents) : null
    // Without a controller nothing depends on a sample but the telemetry.
    this.sampleNs = isControlled(control) ? Math.min(control.sampleNs, TELEMETRY_NS) : TELEMETRY_NS
  }

  /** What is in force for the orders of a parent on the path to a venue. */
  inForce(parent: number, venue: number): Directives {
    return this.acts || this.canary?.has(parent) === true ? this.asked[venue] : NEUTRAL
  }

  /** Notional of the parents under way at the last sample, ticks times lots. */
  activeNotional(): number {
    let sum = 0
    for (const { order, startMidHalfTicks } of this.parents) {
      if (!Number.isNaN(startMidHalfTicks)) sum += (order.quantityLots * startMidHalfTicks) / 2
    }
    return sum
  }

  /** Asks for the next sample. */
  arm(): void {
    const { simulation } = this.parts
    const factor = this.acts ? this.hostAsked.sampleFactor : 1
    const nextNs = simulation.nowNs + Math.max(1, Math.floor(this.sampleNs * factor))
    simulation.at(nextNs, PHASE.hostTimer, this.options.hostTarget, HOST.sample, 0)
  }

  /** A message was handed to the session's socket: its transmit timestamp is awaited. */
  onSend(session: number, message: number): void {
    this.untimed[session].push(message)
  }

  /** Takes a sample. `pendingCancels` are the children whose cancel has no answer yet, `parents` those under way. */
  sample(pendingCancels: PendingCancels, parents: readonly ParentDesk[]): void {
    const { controllers, gauges, sockets, counters } = this.parts
    const { nowNs } = this
    const unsentAgesNs = this.readTimestamps()
    sockets.readGauge(this.socket)
    this.parents = parents
    gauges.venues.forEach(({ exposure }, venue) => {
      if (exposure.isDue(nowNs)) exposure.mark(nowNs, this.parts.feed.midHalfTicks(venue))
    })
    const host = gauges.read(nowNs, counters, this.socket, unsentAgesNs, this.untimedBytes(), parents)
    const readings = gauges.venues.map((path, venue) => path.read(host, this.pendingAt(pendingCancels, venue)))
    const transitions = controllers.step(readings)
    if (transitions.length > 0) this.follow(transitions)
    if (transitions.length > 0 || nowNs >= this.telemetryDueNs) {
      this.telemetryDueNs = nowNs + TELEMETRY_NS
      this.writeTelemetry(readings)
    }
    const breach = this.canary?.sample(nowNs) ?? null
    if (breach !== null) this.book.writeRollback(nowNs, breach)
    this.arm()
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }

  private pendingAt(pendingCancels: PendingCancels, venue: number): PendingFigures {
    if (pendingCancels.countAt(venue) === 0) return NOTHING_PENDING
    const agesNs = new Map<number, number[]>()
    let count = 0
    let notional = 0
    for (const child of pendingCancels.at(venue)) {
      const ageNs = this.nowNs - this.parts.ledger.cancels.col.intentNs[child.cancelRow]
      const known = agesNs.get(child.session)
      if (known === undefined) agesNs.set(child.session, [ageNs])
      else known.push(ageNs)
      count++
      notional += child.openLots * child.priceTicks
    }
    return { count, notional, activeNotional: this.activeNotional(), agesNs }
  }

  /** One row for the path to each venue. */
  private writeTelemetry(readings: readonly Reading[]): void {
    const { gauges, sockets, controllers } = this.parts
    readings.forEach((reading, venue) => {
      if (readings.length > 1) sockets.readGauge(this.socket, venue)
      const place = { venue, session: this.choice.passive[venue] }
      const messageRate = gauges.venues[venue].messageRate(this.nowNs)
      this.book.writeTelemetry(place, this.socket, reading, messageRate, controllers.levels(venue), gauges.branches.estimate())
    })
  }

  private follow(transitions: readonly DeskTransition[]): void {
    const { controllers } = this.parts
    for (const transition of transitions) {
      const { venue } = transition
      const asked = Number.isNaN(venue) ? controllers.hostDirectives() : controllers.pathDirectives(venue)
      this.book.writeTransition(this.nowNs, transition, asked)
      this.canary?.onTransition(transition.controller)
    }
    this.actOnHost(controllers.hostDirectives())
    for (let venue = 0; venue < this.asked.length; venue++) {
      this.asked[venue] = controllers.directives(venue)
      if (this.acts) this.setPacing(venue)
    }
  }

  /** Pages that were locked or touched stay so: what a storm needs next is not given back when it is over. The freeze is lifted. */
  private actOnHost(now: Directives): void {
    const before = this.hostAsked
    this.hostAsked = now
    if (!this.acts) return
    const { memory } = this.parts
    if (now.prefault && !before.prefault) memory.act(this.nowNs, 'prefault', true)
    if (now.pinned && !before.pinned) memory.act(this.nowNs, 'pinned', true)
    if (now.backgroundFreeze !== before.backgroundFreeze) memory.act(this.nowNs, 'backgroundFreeze', now.backgroundFreeze)
  }

  private setPacing(venue: number): void {
    const { sessions } = this.options
    for (let session = 0; session < sessions.length; session++) {
      if ((sessions[session].venue ?? 0) !== venue) continue
      const factor = capFactor(this.choice, venue, session, this.asked[venue])
      if (factor === this.factors[session]) continue
      this.factors[session] = factor
      this.parts.sockets.setPacingRate(session, sessions[session].maxPacingRateBytesPerSecond * factor)
    }
  }

  private untimedBytes(): number {
    const { bytes, dispatchNs } = this.parts.messages
    let sum = 0
    for (const waiting of this.untimed) {
      for (const message of waiting) if (!Number.isNaN(dispatchNs.values[message])) sum += bytes.values[message]
    }
    return sum
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
}
