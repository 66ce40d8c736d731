/*
 * A TCP sender's congestion window in segments, Linux 6.1 (net/ipv4/tcp_output.c tcp_cwnd_validate, tcp_input.c tcp_cong_avoid): starts
 * at ten and in slow start grows by what is acknowledged, but only while the sender is really limited by it; decays when the application
 * leaves it unused for a retransmission timeout, restarts after an idle one, and shrinks when the own host refuses a packet. Slow start ends
 * early by HyStart, and beyond it CUBIC says how it grows (cubic.ts).
 */
import { Cubic, HyStart } from './cubic.ts'

/** Segments at the start and after an idle time (RFC 6928). */
const INITIAL_WINDOW = 10

export class CongestionWindow {
  segments = INITIAL_WINDOW
  /** Segments sent and not acknowledged. */
  packetsOut = 0
  /** Stream bytes sent and acknowledged. */
  sentBytes = 0
  ackedBytes = 0
  private threshold = Number.POSITIVE_INFINITY
  private isLimited = false
  private packetsOutMax = 0
  /** The figures above hold until the stream is acknowledged up to here. */
  private usageBytes = 0
  private used = 0
  private stampNs = 0
  private lastSendNs = Number.NEGATIVE_INFINITY
  private readonly hyStart = new HyStart()
  private readonly cubic = new Cubic()
  private reductionBytes = 0

  /** Segments that one buffer may take now; 0 = the window is full. */
  quota(): number {
    const { segments } = this
    if (this.packetsOut >= segments) return 0
    return Math.min(Math.max(segments >> 1, 1), segments - this.packetsOut)
  }

  /** Far from the end of slow start: the pacing rate may be twice the window per round trip. */
  isDoubling(): boolean {
    return this.segments < this.threshold / 2
  }

  onTried(nowNs: number): void {
    if (this.packetsOut === 0 && this.lastSendNs >= 0) this.cubic.rested(nowNs - this.lastSendNs, nowNs)
    this.lastSendNs = nowNs
  }

  onSent(segments: number, bytes: number): void {
    this.packetsOut += segments
    this.sentBytes += bytes
  }

  /** `trainNs`: how long a train of acknowledgements may last beyond a round trip before slow start ends (HyStart). */
  onAcked(segments: number, bytes: number, nowNs: number, rttNs: number, trainNs: number, isPaced: boolean): void {
    this.packetsOut -= segments
    this.ackedBytes += bytes
    if (this.segments < this.threshold) {
      const { ackedBytes, sentBytes } = this
      if (this.hyStart.endsWith(this.segments, ackedBytes, sentBytes, nowNs, rttNs, trainNs, isPaced))
        this.threshold = this.segments
    }
    // Any acknowledgement shows that the window is in use: it decays only after a timeout without one.
    this.stampNs = nowNs
    if (this.isInUse()) this.grow(segments, nowNs)
  }

  /** After an attempt to send: was the window what stopped it? Notes how much of it is used. */
  validate(limited: boolean, timeoutNs: number, nowNs: number): void {
    if (this.ackedBytes >= this.usageBytes || limited || (!this.isLimited && this.packetsOut > this.packetsOutMax)) {
      this.isLimited = limited
      this.packetsOutMax = this.packetsOut
      this.usageBytes = this.sentBytes
    }
    if (this.isInUse()) {
      this.used = 0
      this.stampNs = nowNs
      return
    }
    if (this.packetsOut > this.used) this.used = this.packetsOut
    if (nowNs - this.stampNs < timeoutNs) return
    const used = Math.max(this.used, INITIAL_WINDOW)
    if (used < this.segments) {
      this.threshold = this.keptThreshold()
      this.segments = (this.segments + used) >> 1
    }
    this.used = 0
    this.stampNs = nowNs
  }

  /** After an idle time beyond the retransmission timeout the window is halved per timeout, down to its start. */
  restartAfterIdle(timeoutNs: number, nowNs: number): void {
    let idleNs = nowNs - this.lastSendNs
    if (this.packetsOut > 0 || idleNs === Number.POSITIVE_INFINITY || idleNs <= timeoutNs) return
    this.threshold = this.keptThreshold()
    let { segments } = this
    const least = Math.min(INITIAL_WINDOW, segments)
    for (idleNs -= timeoutNs; idleNs > 0 && segments > least; idleNs -= timeoutNs) segments >>= 1
    this.segments = Math.max(segments, least)
    this.stampNs = nowNs
    this.used = 0
  }

  /** The own host refused a packet, which counts as congestion, once per window. */
  reduce(): void {
    if (this.ackedBytes < this.reductionBytes) return
    this.reductionBytes = this.sentBytes
    this.threshold = this.cubic.reduce(this.segments)
    this.segments = Math.min(this.segments, this.threshold)
  }

  private isInUse(): boolean {
    return this.isLimited || (this.segments < this.threshold && this.segments < 2 * this.packetsOutMax)
  }

  private grow(acked: number, nowNs: number): void {
    let rest = acked
    if (this.segments < this.threshold) {
      const segments = Math.min(this.segments + rest, this.threshold)
      rest -= segments - this.segments
      this.segments = segments
    }
    if (rest > 0) this.segments = this.cubic.grow(this.segments, rest, nowNs, this.hyStart.leastRttNs)
  }

  private keptThreshold(): number {
    return Math.max(this.threshold, (this.segments >> 1) + (this.segments >> 2))
  }
}
