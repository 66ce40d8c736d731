/*
 * A socket and what waits before it. Messages enter the send buffer while it has room (its memory is below the limit, so that the last one may go over);
 * a full buffer is back-pressure: messages wait in a bounded backlog, in order, and beyond that are refused. UDP: one packet per message,
 * whose memory is free when it is on the wire. TCP: messages are bytes on a stream (tcp.ts); a message has left when its last byte is on the wire.
 * Sources: socket(7), tcp(7), udp(7); SO_MAX_PACING_RATE in socket(7).
 */
import { InputError } from '../kernel/assert.ts'
import { NumberRing } from '../kernel/number-ring.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { SessionOptions } from './options.ts'
import { type Qdisc, scaledRate } from './qdisc.ts'
import { BUFFER_OVERHEAD_BYTES, TcpSender } from './tcp.ts'

/** Messages that wait before a full send buffer unless the options say otherwise (assumed). */
export const BACKLOG_COUNT_MAX = 1024

/** What the world does to sockets and disciplines while a run goes on: factors on their rates. */
export interface EgressClamps {
  of(target: 'session.maxPacingRate' | 'qdisc.rate'): { factorAt(nowNs: number): number }
}

export const NO_CLAMPS: EgressClamps = { of: () => ({ factorAt: () => 1 }) }

/** Socket telemetry as `ss -i` shows it. */
export interface SocketReading {
  pacingBytesPerSecond: number
  /** SO_MAX_PACING_RATE now; Infinity = not set. */
  capBytesPerSecond: number
  /** TCP: acknowledged; UDP: on the wire. */
  deliveredBytes: number
  /** Written and not yet given to the discipline, the backlog before the socket included. */
  unsentBytes: number
  /** Congestion window in segments; NaN for UDP. */
  windowSegments: number
}

export const NO_READING: SocketReading = {
  pacingBytesPerSecond: 0,
  capBytesPerSecond: 0,
  deliveredBytes: 0,
  unsentBytes: 0,
  windowSegments: 0
}

/** Hands a packet to the discipline; false = refused (a UDP packet is then lost, and the stack has said so). */
export interface PacketOutput {
  transmit(session: Session, payloadBytes: number, departureNs: number, tag: number, nowNs: number): boolean
  messageSent(session: Session, tag: number, wireNs: number): void
  messageRefused(session: Session, tag: number, nowNs: number): void
}

/** Full segments in a packet of at most `packetBytesMax`. */
function segmentsLimit(options: SessionOptions, packetBytesMax: number): number {
  const segmentBytes = options.mssBytes + options.headerBytes
  if (segmentBytes > packetBytesMax) {
    throw new InputError(
      `session ${options.name} sends segments of ${segmentBytes} bytes, and the tbf takes none above ${packetBytesMax}: ` +
        'give it a larger burst, mtu or limit, or the session a smaller mss'
    )
  }
  return Math.floor(packetBytesMax / segmentBytes)
}

export class Session {
  readonly index: number
  readonly options: SessionOptions
  readonly tcp: TcpSender | undefined
  packetSequence = 0
  private readonly rateClamps: ReturnType<EgressClamps['of']>
  private readonly output: PacketOutput
  private readonly backlogCountMax: number
  private maxPacingBytesPerSecond: number
  // Waiting before the send buffer.
  private readonly backlogTag = new NumberRing()
  private readonly backlogBytes = new NumberRing()
  private readonly backlogDepartureNs = new NumberRing()
  private backlogByteCount = 0
  private datagramMemoryBytes = 0
  private datagramWireBytes = 0
  // Messages inside the TCP stream, with the stream's offset at their end.
  private readonly streamTag = new NumberRing()
  private readonly streamEnd = new NumberRing()
  private streamBytes = 0
  private streamWireBytes = 0
  private enteredCount = 0
  private leftCount = 0
  private refusedCount = 0
  private droppedCount = 0
  private datagramCount = 0

  /** Throws InputError where no TCP segment would ever pass the discipline. */
  constructor(
    index: number,
    options: SessionOptions,
    { packetBytesMax, holdsDepartures }: Pick<Qdisc, 'packetBytesMax' | 'holdsDepartures'>,
    clamps: EgressClamps,
    output: PacketOutput
  ) {
    this.index = index
    this.options = options
    this.rateClamps = clamps.of('session.maxPacingRate')
    this.output = output
    this.backlogCountMax = options.backlogCountMax ?? BACKLOG_COUNT_MAX
    this.maxPacingBytesPerSecond = options.maxPacingRateBytesPerSecond
    this.tcp =
      options.transport === 'udp'
        ? undefined
        : new TcpSender(
            options,
            segmentsLimit(options, packetBytesMax),
            holdsDepartures ? 'discipline' : 'timer',
            (nowNs) => this.capBytesPerSecond(nowNs),
            (payloadBytes, departureNs, nowNs) => output.transmit(this, payloadBytes, departureNs, -1, nowNs)
          )
  }

  /** SO_MAX_PACING_RATE under the clamps; Infinity = none. */
  capBytesPerSecond(nowNs: number): number {
    const rate = this.maxPacingBytesPerSecond
    if (rate === Number.POSITIVE_INFINITY) return rate
    return scaledRate(rate, this.rateClamps.factorAt(nowNs))
  }

  setPacingRate(bytesPerSecond: number): void {
    this.maxPacingBytesPerSecond = bytesPerSecond
  }

  /** Packets have left here and what they carried has not all left the host: bytes from 0 of the stream on the wire. */
  get streamOffset(): number {
    return this.streamWireBytes
  }

  send(tag: number, bytes: number, departureNs: number, nowNs: number): void {
    this.enteredCount++
    if (this.backlogTag.count === 0 && this.hasRoom()) {
      this.enter(tag, bytes, departureNs, nowNs)
      return
    }
    if (this.backlogTag.count >= this.backlogCountMax) {
      this.refusedCount++
      this.output.messageRefused(this, tag, nowNs)
      return
    }
    this.backlogTag.push(tag)
    this.backlogBytes.push(bytes)
    this.backlogDepartureNs.push(departureNs)
    this.backlogByteCount += bytes
  }

  /** Lets waiting messages enter while there is room. */
  admit(nowNs: number): void {
    while (this.backlogTag.count > 0 && this.hasRoom()) {
      const bytes = this.backlogBytes.shift()
      this.backlogByteCount -= bytes
      this.enter(this.backlogTag.shift(), bytes, this.backlogDepartureNs.shift(), nowNs)
    }
  }

  /** A packet of this session is on the wire; gives the number of messages that have left with it. */
  onWire(payloadBytes: number, tag: number, wireNs: number): number {
    if (this.tcp === undefined) {
      this.freeDatagram(payloadBytes)
      this.datagramWireBytes += payloadBytes
      this.leftCount++
      this.output.messageSent(this, tag, wireNs)
      return 1
    }
    this.streamWireBytes += payloadBytes
    let count = 0
    while (this.streamEnd.count > 0 && this.streamEnd.at(0) <= this.streamWireBytes) {
      this.streamEnd.shift()
      this.leftCount++
      count++
      this.output.messageSent(this, this.streamTag.shift(), wireNs)
    }
    return count
  }

  /** The discipline dropped this session's datagram. */
  onDatagramDropped(payloadBytes: number): void {
    this.freeDatagram(payloadBytes)
    this.droppedCount++
  }

  read(nowNs: number, out: SocketReading): void {
    const { tcp } = this
    const cap = this.capBytesPerSecond(nowNs)
    out.capBytesPerSecond = cap
    out.pacingBytesPerSecond = tcp === undefined ? cap : tcp.pacingBytesPerSecond(nowNs)
    out.deliveredBytes = tcp === undefined ? this.datagramWireBytes : tcp.ackedBytes
    out.unsentBytes = this.backlogByteCount + (tcp === undefined ? 0 : tcp.unsentBytes)
    out.windowSegments = tcp === undefined ? Number.NaN : tcp.windowSegments
  }

  /** Messages: entered = on the wire + refused + dropped + held (backlog, send buffer, discipline). */
  count(): StageCount {
    return {
      stage: `session ${this.options.name}`,
      entered: this.enteredCount,
      left: this.leftCount,
      rejected: this.refusedCount,
      dropped: this.droppedCount,
      held: this.backlogTag.count + this.streamTag.count + this.datagramCount
    }
  }

  private hasRoom(): boolean {
    const memory = this.tcp === undefined ? this.datagramMemoryBytes : this.tcp.memoryBytes
    return memory < this.options.sendBufferBytes
  }

  private enter(tag: number, bytes: number, departureNs: number, nowNs: number): void {
    if (this.tcp !== undefined) {
      this.streamBytes += bytes
      this.streamTag.push(tag)
      this.streamEnd.push(this.streamBytes)
      this.tcp.write(bytes, nowNs)
      return
    }
    this.datagramMemoryBytes += bytes + BUFFER_OVERHEAD_BYTES
    this.datagramCount++
    this.output.transmit(this, bytes, departureNs, tag, nowNs)
  }

  private freeDatagram(payloadBytes: number): void {
    this.datagramMemoryBytes -= payloadBytes + BUFFER_OVERHEAD_BYTES
    this.datagramCount--
  }
}
