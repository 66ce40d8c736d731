/*
 * The desk's eyes on itself: at each sample the gauges are read, for each venue's path apart, the controllers step, and what they ask for takes
 * effect as directives and pacing caps. Transmit timestamps are read then too. Only what a live host can read is read.
 */
import { type DeskTransition, venueControl } from '../control/desk-controllers.ts'
import type { Reading } from '../control/reading.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { type Directives, NEUTRAL } from '../order/directives.ts'
import { HOST } from '../path/host.ts'
import { PHASE } from '../path/phases.ts'
import type { DeskLedger } from './desk-ledger.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import type { SocketGauge } from './gauges.ts'
import type { PendingCancels } from './pending-cancels.ts'
import type { SessionChoice } from './session-choice.ts'

/** A row of telemetry at least this often while a parent is active, and at every transition (assumed). */
const TELEMETRY_NS = 10 * NS_PER_SECOND

export class ControllerSampling {
  /** What the controllers ask for now, by venue. */
  readonly directives: Directives[]
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly book: DeskLedger
  private readonly choice: SessionChoice
  private readonly sampleNs: number
  private telemetryDueNs = 0
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
    this.directives = options.venues.map(() => NEUTRAL)
    this.untimed = options.sessions.map(() => [])
    const { transport, fault, throttle, cancel, sampleNs } = options.control
    const controlled = transport.enabled || fault.enabled || throttle.enabled || cancel.enabled
    // Without a controller nothing depends on a sample but the telemetry.
    this.sampleNs = controlled ? Math.min(sampleNs, TELEMETRY_NS) : TELEMETRY_NS
  }

  /** Asks for the next sample. */
  arm(): void {
    const { simulation } = this.parts
    simulation.at(simulation.nowNs + this.sampleNs, PHASE.hostTimer, this.options.hostTarget, HOST.sample, 0)
  }

  /** A message was handed to the session's socket: its transmit timestamp is awaited. */
  onSend(session: number, message: number): void {
    this.untimed[session].push(message)
  }

  /** Takes a sample. `pendingCancels` are the children whose cancel has no answer yet. */
  sample(pendingCancels: PendingCancels): void {
    const { controllers, gauges, sockets, counters } = this.parts
    const { nowNs } = this
    const unsentAgesNs = this.readTimestamps()
    sockets.readGauge(this.socket)
    const host = gauges.read(nowNs, counters, this.socket, unsentAgesNs)
    const readings = gauges.venues.map((path, venue) => {
      const agesNs: number[] = []
      let pendingNotional = 0
      for (const child of pendingCancels.at(venue)) {
        agesNs.push(nowNs - this.parts.ledger.cancels.col.intentNs[child.cancelRow])
        pendingNotional += child.openLots * child.priceTicks
      }
      const { capacityMessagesPerSecond } = venueControl(this.options.control, venue)
      return path.read(host, capacityMessagesPerSecond, agesNs, pendingNotional)
    })
    const transitions = controllers.step(readings)
    if (transitions.length > 0) this.follow(transitions)
    if (transitions.length > 0 || nowNs >= this.telemetryDueNs) {
      this.telemetryDueNs = nowNs + TELEMETRY_NS
      this.writeTelemetry(readings)
    }
    this.arm()
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }

  /** One row for the path to each venue. */
  private writeTelemetry(readings: readonly Reading[]): void {
    const { gauges, sockets, controllers } = this.parts
    readings.forEach((reading, venue) => {
      if (readings.length > 1) sockets.readGauge(this.socket, venue)
      const place = { venue, session: this.choice.passive[venue] }
      const messageRate = gauges.venues[venue].messageRate(this.nowNs)
      this.book.writeTelemetry(place, this.socket, reading, messageRate, controllers.levels(venue))
    })
  }

  private follow(transitions: readonly DeskTransition[]): void {
    for (const transition of transitions) this.book.writeTransition(this.nowNs, transition)
    for (let venue = 0; venue < this.directives.length; venue++) {
      const before = this.directives[venue]
      const now = this.parts.controllers.directives(venue)
      this.directives[venue] = now
      const { passiveCapFactor, takeCapFactor } = now
      if (passiveCapFactor === before.passiveCapFactor && takeCapFactor === before.takeCapFactor) continue
      this.setPacing(venue, passiveCapFactor, takeCapFactor)
    }
  }

  private setPacing(venue: number, passiveCapFactor: number, takeCapFactor: number): void {
    const { sessions } = this.options
    const { passive, take } = this.choice
    for (let session = 0; session < sessions.length; session++) {
      if ((sessions[session].venue ?? 0) !== venue) continue
      const factor =
        take[venue] === passive[venue]
          ? Math.max(passiveCapFactor, takeCapFactor)
          : session === take[venue]
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
}
