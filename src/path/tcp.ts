/*
 * The sending side of one TCP connection, Linux 6.1 (net/ipv4/tcp.c, tcp_output.c, tcp_input.c): how written bytes become buffers, and when a
 * buffer goes to the queueing discipline with which departure time. Writes are appended to the unsent tail; the tail is held
 * back by autocork, Nagle, the small-queue limit, the congestion window and the segmentation cap. Departure times are spaced by payload over the pacing
 * rate; the first ten data segments of a connection are not charged.
 * Every packet is acknowledged one round-trip time after it was on the wire (a receiver that acknowledges at once), and none while the CPU
 * hands on the train of packets that a buffer was cut into; nothing is lost beyond the host, so there is no retransmission. A buffer
 * refused by the discipline stays the first unsent one and is tried again.
 * Leaves out: loss and recovery, SYN, FIN.
 */

import { NumberRing } from '../kernel/number-ring.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { CongestionWindow } from './congestion-window.ts'
import { PeerWindow } from './peer-window.ts'
import { transmissionNs } from './qdisc.ts'

/** Memory of a buffer beyond its payload (truesize of an empty socket buffer). */
export const BUFFER_OVERHEAD_BYTES = 1280
/** The largest buffer: 64 KiB less room for headers (sk_gso_max_size). */
const BUFFER_BYTES_MAX = 65536 - 321
/** The first data segments are not charged, but for the last of them. */
const UNPACED_SEGMENTS = 10
/** tcp_pacing_ss_ratio and tcp_pacing_ca_ratio. */
const SLOW_START_RATIO = 2
const AVOIDANCE_RATIO = 1.2
const PACING_SHIFT_DIVISOR = 1024
/** tcp_tso_rtt_log and tcp_min_tso_segs. */
const TSO_RTT_US_SPAN = 512
const TSO_SEGMENTS_MIN = 2
/** tcp_tso_win_divisor. */
const WINDOW_DIVISOR = 3
/** Least retransmission timeout, and how long a sender waits to try again after its own host refused the only packet. */
const RTO_NS_MIN = 200 * NS_PER_MS
const PROBE_NS = 500 * NS_PER_MS

/** Whether a tail is sent, waits, or waits because the window is small. */
const SEND_NOW = 0
const DEFER = 1
const DEFER_FOR_WINDOW = 2

export interface TcpOptions {
  readonly mssBytes: number
  readonly nodelay: boolean
  readonly autocork: boolean
  readonly rttNs: number
}

/**
 * Who paces: the discipline, by departure times; or, where it does not hold packets for them, a timer of the connection itself, but only
 * with a rate of its own (SO_MAX_PACING_RATE).
 */
export type Pacing = 'discipline' | 'timer'

/** Where buffers go. False: the discipline refused it. */
export type Transmit = (payloadBytes: number, departureNs: number, nowNs: number) => boolean

export class TcpSender {
  /** Memory of unsent and unacknowledged buffers: what the send buffer limit counts. */
  memoryBytes = 0
  unsentBytes = 0
  /** When to try to send again: after a transmit completion, when the pacing timer fires, or after a refusal with nothing else under way. */
  retryNs = Number.POSITIVE_INFINITY
  private readonly options: TcpOptions
  private readonly transmit: Transmit
  private readonly capBytesPerSecond: (nowNs: number) => number
  private readonly segmentsLimit: number
  private readonly pacing: Pacing
  /** Lengths of unsent buffers, the next to send first. */
  private readonly unsent = new NumberRing()
  // Sent buffers, what of them is not acknowledged, the oldest first.
  private readonly sentBytes = new NumberRing()
  private readonly sentNs = new NumberRing()
  // Packets on the wire, their acknowledgements under way.
  private readonly packetBytes = new NumberRing()
  private readonly ackNs = new NumberRing()
  private readonly window = new CongestionWindow()
  private readonly peer: PeerWindow
  /** Of the buffer that is being handed to the wire in packets. */
  private trainBytes = 0
  private hostMemoryBytes = 0
  private throttled = false
  private smoothedRttNs: number
  private leastRttNs: number
  private windowRateBytesPerSecond = 0
  private clockNs = Number.NEGATIVE_INFINITY
  private dataSegments = 0
  private smallSequence = -1

  /** `segmentsLimit`: a buffer of more segments is cut before it goes to the discipline, which would refuse it. */
  constructor(
    options: TcpOptions,
    segmentsLimit: number,
    pacing: Pacing,
    capBytesPerSecond: (nowNs: number) => number,
    transmit: Transmit
  ) {
    this.segmentsLimit = segmentsLimit
    this.pacing = pacing
    this.options = options
    this.capBytesPerSecond = capBytesPerSecond
    this.transmit = transmit
    this.peer = new PeerWindow(options.mssBytes)
    // The handshake gave one sample of the round-trip time.
    this.smoothedRttNs = options.rttNs
    this.leastRttNs = options.rttNs
    this.updateRate()
  }

  /** The pacing rate in bytes per second: the cap, or what the window allows per round trip. */
  pacingBytesPerSecond(nowNs: number): number {
    return Math.min(this.windowRateBytesPerSecond, this.capBytesPerSecond(nowNs))
  }

  /** The congestion window in segments. */
  get windowSegments(): number {
    return this.window.segments
  }

  get ackedBytes(): number {
    return this.window.ackedBytes
  }

  /** When the next acknowledgement is due; Infinity when none is under way, or the CPU is busy with a train of packets. */
  nextAckNs(): number {
    return this.ackNs.count > 0 && this.trainBytes === 0 ? this.ackNs.at(0) : Number.POSITIVE_INFINITY
  }

  write(bytes: number, nowNs: number): void {
    let rest = bytes
    this.unsentBytes += bytes
    const bufferBytes = this.bufferBytes()
    while (rest > 0) {
      const { unsent } = this
      let space = unsent.count > 0 ? bufferBytes - unsent.at(unsent.count - 1) : 0
      if (space <= 0) {
        this.window.restartAfterIdle(this.timeoutNs(), nowNs)
        unsent.push(0)
        this.memoryBytes += BUFFER_OVERHEAD_BYTES
        space = bufferBytes
      }
      const part = Math.min(space, rest)
      const last = unsent.count - 1
      unsent.set(last, unsent.at(last) + part)
      this.memoryBytes += part
      rest -= part
      if (rest > 0 && unsent.count === 1) this.push(nowNs, true)
    }
    if (!this.isCorked()) this.push(nowNs, false)
  }

  /** A packet of this connection is on the wire. With the buffer's last one (`restBytes` 0) its memory is free. */
  onWire(payloadBytes: number, restBytes: number, nowNs: number): void {
    this.packetBytes.push(payloadBytes)
    this.ackNs.push(nowNs + this.options.rttNs)
    this.trainBytes += payloadBytes
    if (restBytes > 0) return
    this.hostMemoryBytes -= this.trainBytes + BUFFER_OVERHEAD_BYTES
    this.trainBytes = 0
    if (this.throttled) {
      this.throttled = false
      this.retryNs = nowNs
    }
  }

  onAck(nowNs: number): void {
    this.ackNs.shift()
    const bytes = this.packetBytes.shift()
    const rest = this.sentBytes.at(0) - bytes
    const rttNs = nowNs - this.sentNs.at(0)
    this.memoryBytes -= bytes
    if (rest > 0) this.sentBytes.set(0, rest)
    else {
      this.sentBytes.shift()
      this.sentNs.shift()
      this.memoryBytes -= BUFFER_OVERHEAD_BYTES
    }
    this.smoothedRttNs += (rttNs - this.smoothedRttNs) / 8
    if (rttNs < this.leastRttNs) this.leastRttNs = rttNs
    this.peer.onAcked(bytes)
    this.window.onAcked(this.segmentsOf(bytes), bytes, nowNs, rttNs, this.trainNs(nowNs), this.paces(nowNs))
    this.updateRate()
    if (this.unsent.count > 0) this.push(nowNs, false)
  }

  onRetry(nowNs: number): void {
    this.retryNs = Number.POSITIVE_INFINITY
    this.push(nowNs, false)
  }

  /** Autocork: a small tail waits while more memory than its own is inside the host and data are unacknowledged. */
  private isCorked(): boolean {
    const { unsent } = this
    if (!this.options.autocork || unsent.count === 0 || this.sentBytes.count === 0) return false
    const tailBytes = unsent.at(unsent.count - 1)
    if (tailBytes >= this.bufferBytes()) return false
    // The kernel's count of memory inside the host starts at 1.
    if (this.hostMemoryBytes + 1 <= tailBytes + BUFFER_OVERHEAD_BYTES) return false
    this.throttled = true
    return true
  }

  /** Sends what may be sent (tcp_write_xmit). */
  private push(nowNs: number, one: boolean): void {
    const { unsent, options } = this
    const mss = options.mssBytes
    const segmentsMax = this.segmentsMax(nowNs)
    let sentSegments = 0
    let limited = false
    while (unsent.count > 0) {
      if (this.pacing === 'timer' && this.clockNs > nowNs) {
        this.retryNs = Math.min(this.retryNs, this.clockNs)
        break
      }
      let bytes = unsent.at(0)
      const segments = this.segmentsOf(bytes)
      const quota = this.window.quota()
      if (quota === 0) break
      if (Math.min(bytes, mss) > this.peerRoom()) break
      const isTail = unsent.count === 1
      if (segments === 1) {
        if (isTail && this.waitsForAck(bytes < mss)) break
      } else if (!one) {
        const deferral = this.deferral(bytes, isTail, segmentsMax, nowNs)
        if (deferral !== SEND_NOW) {
          limited = limited || deferral === DEFER_FOR_WINDOW
          break
        }
      }
      const limit = segments > 1 ? this.splitPoint(bytes, isTail, Math.min(quota, segmentsMax)) : mss
      if (bytes > limit) {
        unsent.set(0, bytes - limit)
        unsent.unshift(limit)
        this.memoryBytes += BUFFER_OVERHEAD_BYTES
        bytes = limit
      }
      if (this.isQueueFull(bytes, nowNs)) break
      if (!this.sendFirst(bytes, nowNs)) break
      sentSegments += this.segmentsOf(bytes)
      if (one) break
    }
    limited = limited || this.window.packetsOut >= this.window.segments
    if (sentSegments > 0 || limited) this.window.validate(limited, this.timeoutNs(), nowNs)
  }

  private sendFirst(bytes: number, nowNs: number): boolean {
    const segments = this.segmentsOf(bytes)
    const before = this.clockNs
    this.clockNs = Math.max(before, nowNs)
    this.dataSegments += segments
    this.window.onTried(nowNs)
    const departureNs = this.clockNs
    // Counted before it is handed on: the discipline may put it on the wire at once.
    this.hostMemoryBytes += bytes + BUFFER_OVERHEAD_BYTES
    this.sentBytes.push(bytes)
    this.sentNs.push(departureNs)
    if (!this.transmit(bytes, departureNs, nowNs)) {
      this.unsend(bytes)
      this.window.reduce()
      if (this.sentBytes.count === 0) this.retryNs = nowNs + PROBE_NS
      return false
    }
    const rate = this.pacingBytesPerSecond(nowNs)
    if (this.paces(nowNs) && rate !== Number.POSITIVE_INFINITY && this.dataSegments >= UNPACED_SEGMENTS) {
      // A rate of 0 would not be charged at all by the kernel; here it is one second, as in fq.
      const chargeNs = rate > 0 ? transmissionNs(bytes, rate) : NS_PER_SECOND
      this.clockNs += chargeNs - Math.min(Math.floor(chargeNs / 2), departureNs - before)
    }
    this.unsent.shift()
    this.unsentBytes -= bytes
    this.window.onSent(segments, bytes)
    if (bytes < segments * this.options.mssBytes) this.smallSequence = this.window.sentBytes
    return true
  }

  private unsend(bytes: number): void {
    this.hostMemoryBytes -= bytes + BUFFER_OVERHEAD_BYTES
    this.sentBytes.pop()
    this.sentNs.pop()
  }

  /** The most that writes put into one buffer, in whole segments (tcp_xmit_size_goal). */
  private bufferBytes(): number {
    const { mssBytes } = this.options
    return Math.max(1, Math.floor(Math.min(BUFFER_BYTES_MAX, this.peer.bytes >> 1) / mssBytes)) * mssBytes
  }

  private segmentsOf(bytes: number): number {
    return Math.max(1, Math.ceil(bytes / this.options.mssBytes))
  }

  /** Segments a buffer may have (tcp_tso_autosize): about a millisecond of the rate, more when the path is short. */
  private segmentsMax(nowNs: number): number {
    const rate = this.pacingBytesPerSecond(nowNs)
    let bytes = Math.floor(rate / PACING_SHIFT_DIVISOR)
    const halvings = Math.floor(this.leastRttNs / 1000 / TSO_RTT_US_SPAN)
    if (halvings < 32) bytes += Math.floor(BUFFER_BYTES_MAX / 2 ** halvings)
    const segments = Math.max(Math.floor(Math.min(bytes, BUFFER_BYTES_MAX) / this.options.mssBytes), TSO_SEGMENTS_MIN)
    return Math.min(segments, this.segmentsLimit)
  }

  /** Nagle: a partial tail waits while a partial segment is unacknowledged. */
  private waitsForAck(partial: boolean): boolean {
    return partial && !this.options.nodelay && this.smallSequence > this.window.ackedBytes
  }

  private splitPoint(bytes: number, isTail: boolean, segments: number): number {
    const mss = this.options.mssBytes
    const most = mss * segments
    const room = this.peerRoom()
    if (!isTail && most <= room) return most
    const needed = Math.min(bytes, room)
    if (most <= needed) return most
    const partial = needed % mss
    return this.waitsForAck(partial !== 0) ? needed - partial : needed
  }

  /** Bytes that the receiver's window still takes. */
  private peerRoom(): number {
    return this.peer.bytes - (this.window.sentBytes - this.window.ackedBytes)
  }

  /** Whether a tail of several segments waits for more data because an acknowledgement is near (tcp_tso_should_defer). */
  private deferral(bytes: number, isTail: boolean, segmentsMax: number, nowNs: number): number {
    const mss = this.options.mssBytes
    if (nowNs - this.clockNs > NS_PER_MS) return SEND_NOW
    const { segments, packetsOut } = this.window
    const congestion = (segments - packetsOut) * mss
    const open = Math.min(congestion, this.peerRoom())
    if (open >= segmentsMax * mss) return SEND_NOW
    if (!isTail && open >= bytes) return SEND_NOW
    if (open >= Math.floor(Math.min(this.peer.bytes, segments * mss) / WINDOW_DIVISOR)) return SEND_NOW
    if (this.sentNs.count === 0) return SEND_NOW
    const expectedNs = this.sentNs.at(0) + this.smoothedRttNs
    if (expectedNs - nowNs > Math.min(this.smoothedRttNs / 2, NS_PER_MS)) return SEND_NOW
    return congestion === open && open <= bytes ? DEFER_FOR_WINDOW : DEFER
  }

  /** Small queue limit: about two buffers inside the host. */
  private isQueueFull(bytes: number, nowNs: number): boolean {
    const limit = Math.max(
      2 * (bytes + BUFFER_OVERHEAD_BYTES),
      Math.floor(this.pacingBytesPerSecond(nowNs) / PACING_SHIFT_DIVISOR)
    )
    if (this.hostMemoryBytes + 1 <= limit) return false
    if (this.sentBytes.count <= 1) return false
    this.throttled = true
    return true
  }

  private paces(nowNs: number): boolean {
    return this.pacing === 'discipline' || this.capBytesPerSecond(nowNs) !== Number.POSITIVE_INFINITY
  }

  /** Time of four full buffers at the pacing rate, at most 1 ms (hystart_ack_delay). */
  private trainNs(nowNs: number): number {
    const rate = this.pacingBytesPerSecond(nowNs)
    return rate > 0 ? Math.min(NS_PER_MS, transmissionNs(4 * BUFFER_BYTES_MAX, rate)) : 0
  }

  private timeoutNs(): number {
    return this.smoothedRttNs + RTO_NS_MIN
  }

  private updateRate(): void {
    const ratio = this.window.isDoubling() ? SLOW_START_RATIO : AVOIDANCE_RATIO
    const bytes = this.options.mssBytes * Math.max(this.window.segments, this.window.packetsOut)
    this.windowRateBytesPerSecond =
      this.smoothedRttNs > 0 ? Math.floor((ratio * bytes * NS_PER_SECOND) / this.smoothedRttNs) : Number.POSITIVE_INFINITY
  }
}
