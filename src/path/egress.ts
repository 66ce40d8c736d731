/*
 * The host's network egress in a run: takes messages that the host hands to its sockets, runs the network stack (network-stack.ts) at its own
 * instants, and hands a message to the link of its venue when its last byte is on the wire. Guarantees: a message is stamped and handed on, counted and
 * told as dropped (the discipline lost its datagram) or refused (send buffer and backlog full), or held; never lost silently. Every
 * packet is a row of the ledger's segments.
 */
import { assert } from '../kernel/assert.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import { type NetworkEvents, NetworkStack, type NetworkStackOptions, type QdiscReading } from './network-stack.ts'
import { PHASE } from './phases.ts'
import { type EgressClamps, NO_READING, type SocketReading } from './session.ts'

/** Events: the host hands a message (its row) to its socket; the stack has something to do. */
export const EGRESS = { send: 0, timer: 1 } as const

export class Egress implements Component, NetworkEvents {
  readonly name = 'egress'
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly ledger: Ledger
  private readonly stack: NetworkStack
  private readonly sessionCount: number
  /** By session. */
  private readonly venues: readonly number[]
  private self = -1
  private linkHops: readonly Hop[] = []
  private droppedHop: Hop | undefined
  private refusedHop: Hop | undefined
  /** The earliest timer event that is scheduled. */
  private scheduledNs = Number.POSITIVE_INFINITY
  private readonly socket: SocketReading = { ...NO_READING }

  /** `sessionClamps`: by session, where they are not `clamps`. */
  constructor(
    simulation: Simulation,
    messages: Messages,
    ledger: Ledger,
    options: NetworkStackOptions,
    clamps: EgressClamps,
    sessionClamps?: readonly EgressClamps[]
  ) {
    this.simulation = simulation
    this.messages = messages
    this.ledger = ledger
    this.sessionCount = options.sessions.length
    this.venues = options.sessions.map(({ venue }) => venue ?? 0)
    this.stack = new NetworkStack(options, this, clamps, sessionClamps)
  }

  /** `links`, by venue, take messages on the wire; `dropped` and `refused`, where given, take those that will never be. */
  connect(hops: { readonly self: number; readonly links: readonly Hop[]; readonly dropped?: Hop; readonly refused?: Hop }): void {
    this.self = hops.self
    this.linkHops = hops.links
    this.droppedHop = hops.dropped
    this.refusedHop = hops.refused
  }

  onEvent(kind: number, subject: number): void {
    const { nowNs } = this.simulation
    if (kind === EGRESS.send) {
      const { messages } = this
      this.stack.runUntil(nowNs)
      this.stack.send(messages.session.values[subject], subject, messages.bytes.values[subject], nowNs)
    }
    if (nowNs >= this.scheduledNs) this.scheduledNs = Number.POSITIVE_INFINITY
    this.stack.runUntil(nowNs)
    const nextNs = this.stack.nextNs()
    if (nextNs < this.scheduledNs) {
      this.scheduledNs = nextNs
      this.simulation.at(nextNs, PHASE.upstream, this.self, EGRESS.timer, 0)
    }
  }

  /** Changes SO_MAX_PACING_RATE of a session from now on; Infinity = none. */
  setPacingRate(session: number, bytesPerSecond: number): void {
    assert(bytesPerSecond >= 0, 'a pacing rate is at least 0')
    this.stack.setPacingRate(session, bytesPerSecond)
  }

  readSocket(session: number, out: SocketReading): void {
    this.stack.readSocket(session, this.simulation.nowNs, out)
  }

  readQdisc(out: QdiscReading): void {
    this.stack.readQdisc(out)
  }

  /** All sockets together, or those of one venue: rates, bytes and windows are sums. */
  readGauge(out: SocketReading, venue?: number): void {
    out.pacingBytesPerSecond = 0
    out.capBytesPerSecond = 0
    out.deliveredBytes = 0
    out.unsentBytes = 0
    out.windowSegments = Number.NaN
    for (let session = 0; session < this.sessionCount; session++) {
      if (venue !== undefined && this.venues[session] !== venue) continue
      this.readSocket(session, this.socket)
      out.pacingBytesPerSecond += this.socket.pacingBytesPerSecond
      out.capBytesPerSecond += this.socket.capBytesPerSecond
      out.deliveredBytes += this.socket.deliveredBytes
      out.unsentBytes += this.socket.unsentBytes
      const { windowSegments } = this.socket
      if (!Number.isNaN(windowSegments)) {
        out.windowSegments = Number.isNaN(out.windowSegments) ? windowSegments : out.windowSegments + windowSegments
      }
    }
  }

  /** Messages: of all sessions. */
  count(): StageCount {
    const total = { stage: 'egress', entered: 0, left: 0, rejected: 0, dropped: 0, held: 0 }
    for (const count of this.counts().slice(0, this.sessionCount)) {
      total.entered += count.entered
      total.left += count.left
      total.rejected += count.rejected
      total.dropped += count.dropped
      total.held += count.held
    }
    return total
  }

  /** Messages of each session, and packets of the discipline. */
  counts(): StageCount[] {
    return this.stack.counts()
  }

  onMessageSent(_session: number, message: number, wireNs: number): void {
    this.messages.wireNs.values[message] = wireNs
    this.hand(this.linkHops[this.messages.venue.values[message]], message)
  }

  onMessageDropped(_session: number, message: number): void {
    this.hand(this.droppedHop, message)
  }

  onMessageRefused(_session: number, message: number): void {
    this.hand(this.refusedHop, message)
  }

  onPacket(
    session: number,
    sequence: number,
    _payloadBytes: number,
    bytes: number,
    messageCount: number,
    queuedNs: number,
    wireNs: number,
    verdict: number
  ): void {
    const { segments } = this.ledger
    const row = segments.add()
    segments.col.session[row] = session
    segments.col.sequence[row] = sequence
    segments.col.bytes[row] = bytes
    segments.col.messageCount[row] = messageCount
    segments.col.queuedNs[row] = queuedNs
    segments.col.wireNs[row] = wireNs
    segments.col.dropped[row] = verdict === 0 ? 0 : 1
  }

  private hand(hop: Hop | undefined, message: number): void {
    if (hop !== undefined) this.simulation.at(this.simulation.nowNs, hop.phase, hop.target, hop.kind, message)
  }
}
