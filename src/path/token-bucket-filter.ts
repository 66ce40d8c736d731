/*
 * The token bucket filter, Linux 6.1 net/sched/sch_tbf.c. Tokens are ns of transmission time, full at the start (burst at the rate) and
 * never more; a packet leaves when its own transmission time is there, in the bucket of `rate` and, if given, in the one of `peakrate`
 * (mtu bytes deep). A packet that has to wait arms an exact timer, without slack. Packets wait in a FIFO limited in bytes, or
 * in a fair queue, which then decides the order; the tbf's limit does not apply to it. The head taken from a fair queue is held here until
 * its tokens are there, and still counts against the fair queue's limit.
 * Guarantee: over any span t at most burst + rate * t bytes leave. Leaves out: link layer overheads, mpu, cutting up too large buffers.
 */
import { assert } from '../kernel/assert.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { FairQueue } from './fair-queue.ts'
import type { TbfOptions } from './options.ts'
import type { Packets } from './packets.ts'
import { type Qdisc, type QdiscFlows, scaledRate, type Ticks, transmissionNs, VERDICT, Watchdog } from './qdisc.ts'

/** The longest wait armed at once (assumed): a clamp may have raised the rate meanwhile. */
const WAIT_NS_MAX = NS_PER_SECOND

export class TokenBucketFilter implements Qdisc {
  dropCount = 0
  readonly packetBytesMax: number
  readonly holdsDepartures: boolean
  readonly watchdogs: readonly Watchdog[]
  private readonly options: TbfOptions
  private readonly packets: Packets
  private readonly flows: QdiscFlows
  private readonly watchdog = new Watchdog()
  /** What the shallower bucket holds. */
  private readonly bucketBytes: number
  private readonly child: FairQueue | undefined
  private tokensNs = Number.POSITIVE_INFINITY
  private peakTokensNs = Number.POSITIVE_INFINITY
  private lastNs = Number.NEGATIVE_INFINITY
  /** The child's packet that waits here for its tokens; -1 none. */
  private peeked = -1
  private head = -1
  private tail = -1
  private fifoCount = 0
  private fifoBytes = 0

  constructor(options: TbfOptions, packets: Packets, flows: QdiscFlows, ticks: Ticks) {
    assert(options.rateBytesPerSecond > 0 && options.burstBytes > 0, 'a tbf has a rate and a burst')
    this.options = options
    this.packets = packets
    this.flows = flows
    this.child = options.child === undefined ? undefined : new FairQueue(options.child, packets, flows, ticks)
    this.bucketBytes = options.peakrateBytesPerSecond > 0 ? Math.min(options.burstBytes, options.mtuBytes) : options.burstBytes
    this.packetBytesMax = this.child === undefined ? Math.min(this.bucketBytes, options.limitBytes) : this.bucketBytes
    this.holdsDepartures = this.child?.holdsDepartures ?? false
    this.watchdogs = this.child === undefined ? [this.watchdog] : [this.watchdog, ...this.child.watchdogs]
  }

  get packetCount(): number {
    return this.child === undefined ? this.fifoCount : this.child.packetCount + (this.peeked < 0 ? 0 : 1)
  }

  get backlogBytes(): number {
    if (this.child === undefined) return this.fifoBytes
    return this.child.backlogBytes + (this.peeked < 0 ? 0 : this.packets.bytes[this.peeked])
  }

  enqueue(packet: number, nowNs: number): number {
    const { packets, options, child } = this
    const bytes = packets.bytes[packet]
    if (bytes > this.bucketBytes) return this.drop(VERDICT.size)
    if (child !== undefined) {
      const verdict = child.enqueue(packet, nowNs)
      if (verdict !== VERDICT.queued) this.dropCount++
      return verdict
    }
    if (this.fifoBytes + bytes > options.limitBytes) return this.drop(VERDICT.limit)
    packets.queuedNs[packet] = nowNs
    packets.next[packet] = -1
    if (this.head < 0) this.head = packet
    else packets.next[this.tail] = packet
    this.tail = packet
    this.fifoCount++
    this.fifoBytes += bytes
    return VERDICT.queued
  }

  dequeue(nowNs: number): number {
    const packet = this.peek(nowNs)
    if (packet < 0) return -1
    const { options } = this
    const factor = this.flows.qdiscFactor(nowNs)
    const bytes = this.packets.bytes[packet]
    const rate = scaledRate(options.rateBytesPerSecond, factor)
    const restedNs = nowNs - this.lastNs
    const tokensNs = refilled(this.tokensNs, restedNs, transmissionNs(options.burstBytes, rate)) - transmissionNs(bytes, rate)
    let peakTokensNs = 0
    if (options.peakrateBytesPerSecond > 0) {
      const peak = scaledRate(options.peakrateBytesPerSecond, factor)
      peakTokensNs = refilled(this.peakTokensNs, restedNs, transmissionNs(options.mtuBytes, peak)) - transmissionNs(bytes, peak)
    }
    if (!(tokensNs >= 0 && peakTokensNs >= 0)) {
      // A rate of 0 has no transmission time: ask again in a second, when the rate may have risen.
      const waitNs = rate > 0 ? Math.min(Math.max(-tokensNs, -peakTokensNs), WAIT_NS_MAX) : WAIT_NS_MAX
      this.watchdog.arm(nowNs + waitNs, 0)
      return -1
    }
    this.lastNs = nowNs
    this.tokensNs = tokensNs
    this.peakTokensNs = peakTokensNs
    this.take(packet)
    return packet
  }

  private peek(nowNs: number): number {
    const { child } = this
    if (child === undefined) return this.head
    if (this.peeked < 0) {
      this.peeked = child.dequeue(nowNs)
      if (this.peeked >= 0) child.heldCount = 1
    }
    return this.peeked
  }

  private take(packet: number): void {
    if (this.child !== undefined) {
      this.peeked = -1
      this.child.heldCount = 0
      return
    }
    this.head = this.packets.next[packet]
    this.fifoCount--
    this.fifoBytes -= this.packets.bytes[packet]
  }

  private drop(verdict: number): number {
    this.dropCount++
    return verdict
  }
}

/** Tokens after a rest, at most `depthNs`. */
function refilled(tokensNs: number, restedNs: number, depthNs: number): number {
  return Math.min(Math.min(restedNs, depthNs) + tokensNs, depthNs)
}
