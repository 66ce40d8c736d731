/*
 * The fair queue packet scheduler with pacing, Linux net/sched/sch_fq.c, 6.1 or 6.12. Flows take turns by deficit round robin (new flows before
 * old ones) and each is held until its next time. A packet with a departure time (EDT) is held until then; others are paced by the
 * socket's rate, in blocks: a flow with credit left is not charged at all, one whose credit is used up is charged a whole quantum, so that
 * small messages leave in blocks of quantum/length at line rate every quantum/rate. At or below the low-rate threshold every packet
 * is charged its own length.
 * Guarantees: never early by these rules; FIFO within a flow for packets without departure times; the long-run rate of a backlogged flow is
 * its pacing rate (timer lateness is taken off the next charge, up to half of it; so the first charge after a pause is half).
 * An empty discipline is not looked at, so a lone flow never detaches and idling does not refill its credit.
 * 6.1 sends packets of the control priority first, unpaced. 6.12 has three bands of priority instead (flow-bands.ts), each with its own limit; a fast
 * path past all flows for what need not wait; an offload horizon (of 6.13) within which a device paces; and looks for idle flows to forget
 * at every packet, where 6.1 does so among thousands only.
 * Leaves out: hashing (a flow is a socket: no collisions; its bucket is its number), CE marking, the least quantum that later kernels set.
 */
import { assert } from '../kernel/assert.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { DEFAULT_BANDS, FlowBands } from './flow-bands.ts'
import { FlowQueues } from './flow-queues.ts'
import type { FqOptions } from './options.ts'
import { NO_DEPARTURE_TIME, type Packets } from './packets.ts'
import { type Qdisc, type QdiscFlows, scaledRate, type Ticks, transmissionNs, VERDICT, Watchdog } from './qdisc.ts'

/** A charge is at most this, since the rate may rise again. */
const CHARGE_NS_MAX = NS_PER_SECOND
/** The next time of a flow that was never charged or held, and of one that was, long before. */
const NEVER = Number.NEGATIVE_INFINITY
const LONG_AGO_NS = -1000 * NS_PER_SECOND
/** TC_PRIO_CONTROL. */
const CONTROL_PRIORITY = 7
/** Packets on the fast path at most. */
const FAST_COUNT_MAX = 8
/** Flows are kept in this many buckets; at most so many of one bucket are forgotten at once, when idle for so long. */
const BUCKET_COUNT = 1024
const FORGOTTEN_COUNT_MAX = 8
const FORGOTTEN_AGE_NS = 3 * NS_PER_SECOND

const UNKNOWN = 0
const DETACHED = 1
const LISTED = 2
const THROTTLED = 3
const FORGOTTEN = 4

/** The slot of packets that pass by all flows; a flow's slot is its number and 1. */
const INTERNAL = 0

export class FairQueue implements Qdisc {
  packetCount = 0
  backlogBytes = 0
  dropCount = 0
  readonly packetBytesMax = Number.POSITIVE_INFINITY
  readonly holdsDepartures: boolean
  /** 1 while a parent holds a packet that it took to look at: it still counts as inside. */
  heldCount = 0
  readonly watchdogs: readonly Watchdog[]
  private readonly options: FqOptions
  private readonly packets: Packets
  private readonly flows: QdiscFlows
  private readonly ticks: Ticks
  private readonly refillTicks: number
  private readonly forgottenTicks: number
  private readonly isNewer: boolean
  private readonly offloadNs: number
  private readonly watchdog = new Watchdog()
  private readonly bands: FlowBands
  private readonly bandCount = new Int32Array(3)
  private readonly queues: FlowQueues
  private knownCount = 0
  private throttledCount = 0
  private detachedCount = 0
  /** Flows without packets. */
  private emptyCount = 0
  /** Throttled flows in order of their next time; equal times in order of arrival there. */
  private throttledHead = -1
  private throttledTail = -1
  // By slot.
  private state = new Uint8Array(16)
  private band = new Uint8Array(16)
  private credit = new Float64Array(16)
  private nextTimeNs = new Float64Array(16)
  private ageTicks = new Float64Array(16)
  private later = new Int32Array(16)
  private earlier = new Int32Array(16)

  constructor(options: FqOptions, packets: Packets, flows: QdiscFlows, ticks: Ticks) {
    assert(options.quantum > 0, 'a quantum is positive')
    assert(options.limit > 0 && options.flowLimit > 0, 'a fair queue has room for a packet')
    this.options = options
    this.packets = packets
    this.flows = flows
    this.ticks = ticks
    this.isNewer = options.kernel === '6.12'
    this.offloadNs = this.isNewer ? (options.offloadHorizonNs ?? 0) : 0
    this.holdsDepartures = options.pacing
    this.refillTicks = ticks.count(options.refillDelayNs)
    this.forgottenTicks = ticks.count(FORGOTTEN_AGE_NS)
    this.bands = new FlowBands(this.isNewer ? (options.bands ?? DEFAULT_BANDS) : null)
    this.queues = new FlowQueues(packets)
    this.watchdogs = [this.watchdog]
  }

  enqueue(packet: number, nowNs: number): number {
    const { packets, options, queues } = this
    const priority = this.flows.priority(packets.flow[packet])
    const band = this.bands.bandOf(priority)
    const limited = this.isNewer ? this.bandCount[band] : this.packetCount + this.heldCount
    if (limited >= options.limit) return this.drop(VERDICT.limit)
    const departureNs = packets.departureNs[packet]
    let sendNs = nowNs
    if (departureNs !== NO_DEPARTURE_TIME) {
      sendNs = departureNs
      if (departureNs > nowNs + options.horizonNs) {
        if (options.horizonDrop) return this.drop(VERDICT.horizon)
        sendNs = nowNs + options.horizonNs
        packets.departureNs[packet] = sendNs
      }
    }
    packets.sendNs[packet] = sendNs
    packets.queuedNs[packet] = nowNs
    const slot = this.classify(packets.flow[packet], priority, sendNs, nowNs)
    if (slot !== INTERNAL) {
      if (queues.length[slot] >= options.flowLimit) return this.drop(VERDICT['flow-limit'])
      if (this.state[slot] === DETACHED) this.attach(slot, nowNs)
      // A flow joins the list of the band that it had before; a new one that of the first.
      this.band[slot] = band
      this.bandCount[band]++
      if (queues.length[slot] === 0) this.emptyCount--
    }
    queues.insert(slot, packet)
    this.packetCount++
    this.backlogBytes += packets.bytes[packet]
    return VERDICT.queued
  }

  dequeue(nowNs: number): number {
    if (this.packetCount === 0) return -1
    const { queues, bands, packets } = this
    const internal = queues.peek(INTERNAL)
    if (internal >= 0) {
      this.take(INTERNAL, internal)
      return internal
    }
    this.unthrottle(nowNs)
    for (;;) {
      const slot = bands.select()
      if (slot < 0) {
        assert(this.throttledHead >= 0, 'fq: packets inside, so a flow is listed or throttled')
        this.watchdog.arm(this.nextTimeNs[this.throttledHead], this.options.timerSlackNs)
        return -1
      }
      if (this.credit[slot] <= 0) {
        this.credit[slot] += this.options.quantum
        bands.shift()
        bands.append(slot, this.band[slot], false)
        continue
      }
      const packet = queues.peek(slot)
      if (packet < 0) {
        this.passEmpty(slot, nowNs)
        continue
      }
      const dueNs = Math.max(packets.sendNs[packet], this.nextTimeNs[slot])
      if (nowNs + this.offloadNs < dueNs) {
        bands.shift()
        this.throttle(slot, dueNs)
        continue
      }
      this.take(slot, packet)
      if (queues.length[slot] === 0) this.emptyCount++
      this.bandCount[this.band[slot]]--
      this.credit[slot] -= packets.bytes[packet]
      bands.spend(packets.bytes[packet])
      if (this.options.pacing) this.charge(slot, packet, nowNs)
      return packet
    }
  }

  /** The slot that a packet goes to: its flow's, or the one past all flows. */
  private classify(flow: number, priority: number, sendNs: number, nowNs: number): number {
    if (this.isNewer ? this.isFast(flow, sendNs, nowNs) : priority % 16 === CONTROL_PRIORITY) return INTERNAL
    const slot = flow + 1
    if (slot >= this.state.length) this.grow(slot + 1)
    const crowded = this.knownCount >= 2 * BUCKET_COUNT && this.detachedCount > this.knownCount / 2
    if (this.isNewer || crowded) this.forgetIdle(slot, nowNs)
    if (this.state[slot] === UNKNOWN || this.state[slot] === FORGOTTEN) this.addFlow(slot, nowNs)
    return slot
  }

  /** Whether a packet need not wait: it is due, nothing else is, and neither its socket nor the discipline has a rate. */
  private isFast(flow: number, sendNs: number, nowNs: number): boolean {
    const readyNs = nowNs + this.offloadNs
    if (sendNs > readyNs) return false
    if (this.packetCount + this.heldCount > 0) {
      if (this.knownCount !== this.emptyCount + this.throttledCount) return false
      if (this.queues.length[INTERNAL] >= FAST_COUNT_MAX) return false
      if (this.throttledHead >= 0 && this.nextTimeNs[this.throttledHead] <= readyNs) return false
    }
    if (!this.flows.isTcp(flow) && this.flows.socketBytesPerSecond(flow, nowNs) !== Number.POSITIVE_INFINITY) return false
    return this.options.maxrateBytesPerSecond === Number.POSITIVE_INFINITY
  }

  private attach(slot: number, nowNs: number): void {
    this.bands.append(slot, this.band[slot], true)
    this.state[slot] = LISTED
    this.detachedCount--
    const credit = this.credit[slot]
    const rested = this.ticks.jiffies(nowNs) > this.ageTicks[slot] + this.refillTicks
    if (rested && credit >= 0 && credit < this.options.quantum) this.credit[slot] = this.options.quantum
  }

  /**
   * An empty new flow passes through the old list once, so that it cannot come back as new at once and starve the old ones; in 6.1 only
   * where there are old ones.
   */
  private passEmpty(slot: number, nowNs: number): void {
    const { bands } = this
    const { isNew, band } = bands
    bands.shift()
    if (isNew && (this.isNewer || bands.hasOld(band))) {
      bands.append(slot, this.band[slot], false)
      return
    }
    this.state[slot] = DETACHED
    this.detachedCount++
    this.ageTicks[slot] = this.stampAge(nowNs)
  }

  private charge(slot: number, packet: number, nowNs: number): void {
    const { options, packets, flows } = this
    let rate = options.maxrateBytesPerSecond
    if (rate !== Number.POSITIVE_INFINITY) rate = scaledRate(rate, flows.qdiscFactor(nowNs))
    let bytes = packets.bytes[packet]
    if (packets.departureNs[packet] === NO_DEPARTURE_TIME) {
      rate = Math.min(rate, flows.socketBytesPerSecond(slot - 1, nowNs))
      if (rate <= options.lowRateThresholdBytesPerSecond) this.credit[slot] = 0
      else {
        if (this.credit[slot] > 0) return
        bytes = Math.max(bytes, options.quantum)
      }
    }
    if (rate === Number.POSITIVE_INFINITY) return
    let chargeNs = Math.min(transmissionNs(bytes, rate), CHARGE_NS_MAX)
    const before = this.nextTimeNs[slot]
    // A device that paces may take a packet before its time.
    if (before !== NEVER && nowNs > before) chargeNs -= Math.min(Math.floor(chargeNs / 2), nowNs - before)
    this.nextTimeNs[slot] = nowNs + chargeNs
  }

  private take(slot: number, packet: number): void {
    this.queues.take(slot, packet)
    this.packetCount--
    this.backlogBytes -= this.packets.bytes[packet]
  }

  private drop(verdict: number): number {
    this.dropCount++
    return verdict
  }

  private addFlow(slot: number, nowNs: number): void {
    this.knownCount++
    this.detachedCount++
    this.emptyCount++
    // A connection's handshake went this way before.
    this.nextTimeNs[slot] = this.state[slot] === UNKNOWN && this.flows.isTcp(slot - 1) ? LONG_AGO_NS : NEVER
    this.state[slot] = DETACHED
    this.band[slot] = 0
    this.credit[slot] = this.options.initialQuantum
    this.ageTicks[slot] = this.stampAge(nowNs)
  }

  /** Forgets flows of the same bucket that have been detached for long: each starts afresh when it is back. */
  private forgetIdle(slot: number, nowNs: number): void {
    const { state } = this
    const jiffies = this.ticks.jiffies(nowNs)
    let count = 0
    for (let other = slot % BUCKET_COUNT; other < state.length && count < FORGOTTEN_COUNT_MAX; other += BUCKET_COUNT) {
      if (other === slot || state[other] !== DETACHED || jiffies <= this.ageTicks[other] + this.forgottenTicks) continue
      state[other] = FORGOTTEN
      count++
    }
    this.knownCount -= count
    this.detachedCount -= count
    this.emptyCount -= count
  }

  /** The kernel marks "detached" by an odd age: jiffies | 1. */
  private stampAge(nowNs: number): number {
    const jiffies = this.ticks.jiffies(nowNs)
    return jiffies % 2 === 0 ? jiffies + 1 : jiffies
  }

  private throttle(slot: number, untilNs: number): void {
    this.state[slot] = THROTTLED
    this.throttledCount++
    this.nextTimeNs[slot] = untilNs
    let after = this.throttledTail
    while (after >= 0 && this.nextTimeNs[after] > untilNs) after = this.earlier[after]
    const before = after < 0 ? this.throttledHead : this.later[after]
    this.earlier[slot] = after
    this.later[slot] = before
    if (after < 0) this.throttledHead = slot
    else this.later[after] = slot
    if (before < 0) this.throttledTail = slot
    else this.earlier[before] = slot
  }

  private unthrottle(nowNs: number): void {
    for (;;) {
      const slot = this.throttledHead
      if (slot < 0 || this.nextTimeNs[slot] > nowNs + this.offloadNs) return
      this.throttledHead = this.later[slot]
      if (this.throttledHead < 0) this.throttledTail = -1
      else this.earlier[this.throttledHead] = -1
      this.throttledCount--
      this.state[slot] = LISTED
      this.bands.append(slot, this.band[slot], false)
    }
  }

  private grow(count: number): void {
    const capacity = Math.max(count, this.state.length * 2)
    this.state = grown(this.state, new Uint8Array(capacity))
    this.band = grown(this.band, new Uint8Array(capacity))
    this.credit = grown(this.credit, new Float64Array(capacity))
    this.nextTimeNs = grown(this.nextTimeNs, new Float64Array(capacity))
    this.ageTicks = grown(this.ageTicks, new Float64Array(capacity))
    this.later = grown(this.later, new Int32Array(capacity))
    this.earlier = grown(this.earlier, new Int32Array(capacity))
    this.queues.grow(capacity)
    this.bands.grow(capacity)
  }
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
