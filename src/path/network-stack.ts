/*
 * The host's network egress as one machine with its own clock: sockets, a queueing discipline and the CPU that runs it. Whoever owns it hands over
 * messages in order of time and lets it run until an instant; nothing here knows a simulation. On one instant: the discipline's run and
 * what it puts on the wire come first, then acknowledgements, then the small-queue wake-ups of TCP (as the kernel's softirqs go).
 */
import type { StageCount } from '../ledger/conservation.ts'
import { FairQueue } from './fair-queue.ts'
import type { MachineOptions, QdiscOptions, SessionOptions } from './options.ts'
import { NO_DEPARTURE_TIME, Packets } from './packets.ts'
import { PassThrough } from './pass-through.ts'
import { type Qdisc, type QdiscFlows, Ticks, VERDICT } from './qdisc.ts'
import { type EgressClamps, NO_CLAMPS, type PacketOutput, Session, type SocketReading } from './session.ts'
import { TokenBucketFilter } from './token-bucket-filter.ts'
import { Transmitter, type WireSink } from './transmitter.ts'

export interface NetworkStackOptions {
  readonly sessions: readonly SessionOptions[]
  readonly qdisc: QdiscOptions
  readonly machine: MachineOptions
}

/** What the stack tells its owner. Tags are the owner's. */
export interface NetworkEvents {
  /** The message's last byte is on the wire. */
  onMessageSent(session: number, tag: number, wireNs: number): void
  /** The discipline dropped the datagram that carried the message (VERDICT). */
  onMessageDropped(session: number, tag: number, verdict: number, nowNs: number): void
  /** Send buffer and backlog are full. */
  onMessageRefused(session: number, tag: number, nowNs: number): void
  /**
   * A packet is on the wire, or was dropped (verdict not 0, wireNs NaN). `streamOffset` is the stream's offset of its first byte (TCP), or NaN.
   * A TCP buffer refused by the discipline is told here and tried again.
   */
  onPacket(
    session: number,
    sequence: number,
    payloadBytes: number,
    bytes: number,
    messageCount: number,
    queuedNs: number,
    wireNs: number,
    verdict: number,
    streamOffset: number
  ): void
}

export interface QdiscReading {
  backlogPackets: number
  backlogBytes: number
  dropCount: number
}

export class NetworkStack implements PacketOutput, WireSink {
  readonly sessions: readonly Session[]
  private readonly qdisc: Qdisc
  private readonly packets = new Packets()
  private readonly transmitter: Transmitter
  private readonly events: NetworkEvents
  private readonly connections: readonly Session[]
  private enteredPackets = 0
  private leftPackets = 0
  private isTransmitting = false

  /** `sessionClamps`: by session, where they are not `clamps`. */
  constructor(
    options: NetworkStackOptions,
    events: NetworkEvents,
    clamps: EgressClamps = NO_CLAMPS,
    sessionClamps: readonly EgressClamps[] = []
  ) {
    this.events = events
    const ticks = new Ticks(options.machine)
    const rateClamps = clamps.of('qdisc.rate')
    const flows: QdiscFlows = {
      socketBytesPerSecond: (flow, nowNs) => this.sessions[flow].capBytesPerSecond(nowNs),
      qdiscFactor: (nowNs) => rateClamps.factorAt(nowNs),
      isTcp: (flow) => this.sessions[flow].tcp !== undefined,
      priority: (flow) => this.sessions[flow].options.priority ?? 0
    }
    this.qdisc = createQdisc(options.qdisc, this.packets, flows, ticks)
    this.sessions = options.sessions.map(
      (session, index) => new Session(index, session, this.qdisc, sessionClamps[index] ?? clamps, this)
    )
    this.connections = this.sessions.filter(({ tcp }) => tcp !== undefined)
    this.transmitter = new Transmitter(this.qdisc, options.machine, ticks, this)
  }

  /** Hands a message to a socket. `departureNs` is a datagram's own departure time (SO_TXTIME), or NO_DEPARTURE_TIME. */
  send(session: number, tag: number, bytes: number, nowNs: number, departureNs = NO_DEPARTURE_TIME): void {
    this.sessions[session].send(tag, bytes, departureNs, nowNs)
    this.transmitNow(nowNs)
  }

  /** SO_MAX_PACING_RATE, from now on; Infinity = none. What was charged stays charged. */
  setPacingRate(session: number, bytesPerSecond: number): void {
    this.sessions[session].setPacingRate(bytesPerSecond)
  }

  /** The next instant at which something happens by itself; Infinity when nothing will. */
  nextNs(): number {
    let nextNs = this.transmitter.nextNs()
    for (let i = 0; i < this.connections.length; i++) {
      const { tcp } = this.connections[i]
      if (tcp === undefined) continue
      const ackNs = tcp.nextAckNs()
      if (ackNs < nextNs) nextNs = ackNs
      if (tcp.retryNs < nextNs) nextNs = tcp.retryNs
    }
    return nextNs
  }

  /** Does everything that is due up to and including `untilNs`, in order of time. */
  runUntil(untilNs: number): void {
    for (;;) {
      const nowNs = this.nextNs()
      if (!(nowNs <= untilNs) || nowNs === Number.POSITIVE_INFINITY) return
      this.transmitNow(nowNs)
      this.acknowledge(nowNs)
    }
  }

  readSocket(session: number, nowNs: number, out: SocketReading): void {
    this.sessions[session].read(nowNs, out)
  }

  readQdisc(out: QdiscReading): void {
    out.backlogPackets = this.qdisc.packetCount
    out.backlogBytes = this.qdisc.backlogBytes
    out.dropCount = this.qdisc.dropCount
  }

  /** Messages per session, then packets through the discipline. */
  counts(): StageCount[] {
    return [
      ...this.sessions.map((session) => session.count()),
      {
        stage: 'qdisc',
        entered: this.enteredPackets,
        left: this.leftPackets,
        rejected: 0,
        dropped: this.qdisc.dropCount,
        held: this.packets.count
      }
    ]
  }

  transmit(session: Session, payloadBytes: number, departureNs: number, tag: number, nowNs: number): boolean {
    const { options, tcp } = session
    const segments = tcp === undefined ? 1 : Math.max(1, Math.ceil(payloadBytes / options.mssBytes))
    const bytes = payloadBytes + segments * options.headerBytes
    // A datagram is numbered as it is sent, a TCP segment as it leaves.
    const sequence = session.packetSequence
    if (tcp === undefined) session.packetSequence++
    const packet = this.packets.add(session.index, payloadBytes, bytes, departureNs, tag, sequence)
    this.enteredPackets++
    const verdict = this.qdisc.enqueue(packet, nowNs)
    if (verdict !== VERDICT.queued) {
      this.packets.release(packet)
      const offset = tcp === undefined ? Number.NaN : session.streamOffset
      this.events.onPacket(session.index, sequence, payloadBytes, bytes, 0, nowNs, Number.NaN, verdict, offset)
      if (tcp === undefined) {
        session.onDatagramDropped(payloadBytes)
        this.events.onMessageDropped(session.index, tag, verdict, nowNs)
      }
    }
    // The discipline is run after a refusal too.
    this.transmitter.arrived(nowNs)
    this.transmitNow(nowNs)
    return verdict === VERDICT.queued
  }

  pieceCount(packet: number): number {
    const { tcp, options } = this.sessions[this.packets.flow[packet]]
    return tcp === undefined || options.tso ? 1 : Math.ceil(this.packets.payloadBytes[packet] / options.mssBytes)
  }

  onWire(packet: number, wireNs: number): void {
    const { packets } = this
    const session = this.sessions[packets.flow[packet]]
    const { tcp } = session
    const queuedNs = packets.queuedNs[packet]
    const tag = packets.tag[packet]
    if (tcp === undefined) {
      const payloadBytes = packets.payloadBytes[packet]
      const bytes = packets.bytes[packet]
      const sequence = packets.sequence[packet]
      this.leave(packet)
      session.onWire(payloadBytes, tag, wireNs)
      this.events.onPacket(session.index, sequence, payloadBytes, bytes, 1, queuedNs, wireNs, 0, Number.NaN)
      session.admit(wireNs)
      return
    }
    const { tso, mssBytes, headerBytes } = session.options
    const rest = packets.payloadBytes[packet]
    const payloadBytes = tso ? rest : Math.min(rest, mssBytes)
    const bytes = payloadBytes + Math.max(1, Math.ceil(payloadBytes / mssBytes)) * headerBytes
    packets.payloadBytes[packet] = rest - payloadBytes
    if (payloadBytes === rest) this.leave(packet)
    const offset = session.streamOffset
    const messageCount = session.onWire(payloadBytes, -1, wireNs)
    const sequence = session.packetSequence++
    this.events.onPacket(session.index, sequence, payloadBytes, bytes, messageCount, queuedNs, wireNs, 0, offset)
    tcp.onWire(payloadBytes, rest - payloadBytes, wireNs)
  }

  messageSent(session: Session, tag: number, wireNs: number): void {
    this.events.onMessageSent(session.index, tag, wireNs)
  }

  messageRefused(session: Session, tag: number, nowNs: number): void {
    this.events.onMessageRefused(session.index, tag, nowNs)
  }

  private leave(packet: number): void {
    this.packets.release(packet)
    this.leftPackets++
  }

  private transmitNow(nowNs: number): void {
    // A message that enters while its predecessor is put on the wire is served by the run under way.
    if (this.isTransmitting) return
    this.isTransmitting = true
    while (this.transmitter.nextNs() <= nowNs) this.transmitter.step(nowNs)
    this.isTransmitting = false
  }

  private acknowledge(nowNs: number): void {
    for (let i = 0; i < this.connections.length; i++) {
      const session = this.connections[i]
      const { tcp } = session
      if (tcp === undefined) continue
      while (tcp.nextAckNs() <= nowNs) tcp.onAck(nowNs)
      if (tcp.retryNs <= nowNs) tcp.onRetry(nowNs)
      session.admit(nowNs)
    }
  }
}

/** A fresh discipline. */
export function createQdisc(options: QdiscOptions, packets: Packets, flows: QdiscFlows, ticks: Ticks): Qdisc {
  if (options.kind === 'fq') return new FairQueue(options, packets, flows, ticks)
  if (options.kind === 'tbf') return new TokenBucketFilter(options, packets, flows, ticks)
  return new PassThrough(packets)
}
