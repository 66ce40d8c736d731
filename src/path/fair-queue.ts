/*
 * The fair queue packet scheduler with pacing, Linux 6.1 net/sched/sch_fq.c. Flows take turns by deficit round robin (new flows before old
 * ones) and each is held until its next time. A packet with a departure time (EDT) is held until then; others are paced by the
 * socket's rate, in blocks: a flow with credit left is not charged at all, one whose credit is used up is charged a whole quantum, so that
 * small messages leave in blocks of quantum/length at line rate every quantum/rate. At or below the low-rate threshold every packet
 * is charged its own length.
 * Guarantees: never early by these rules; FIFO within a flow for packets without departure times; the long-run rate of a backlogged flow is
 * its pacing rate (timer lateness is taken off the next charge, up to half of it; so the first charge after a pause is half).
 * An empty discipline is not looked at, so a lone flow never detaches and idling does not refill its credit.
 * Leaves out: hashing (a flow is a socket: no collisions), garbage collection of idle flows, CE marking, the control-priority queue.
 */
import { assert } from '../kernel/assert.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { FqOptions } from './options.ts'
import { NO_DEPARTURE_TIME, type Packets } from './packets.ts'
import { type Qdisc, type QdiscFlows, scaledRate, type Ticks, transmissionNs, VERDICT, Watchdog } from './qdisc.ts'

/** A charge is at most this, since the rate may rise again. */
const CHARGE_NS_MAX = NS_PER_SECOND
/** The next time of a flow that was never charged or held, and of one that was, long before. */
const NEVER = Number.NEGATIVE_INFINITY
const LONG_AGO_NS = -1000 * NS_PER_SECOND

const DETACHED = 0
const LISTED = 1
const THROTTLED = 2

/** A list of flows, threaded through the flows' `next`. */
interface FlowList {
  head: number
  tail: number
}

export class FairQueue implements Qdisc {
  packetCount = 0
  backlogBytes = 0
  dropCount = 0
  readonly packetBytesMax = Number.POSITIVE_INFINITY
  /** 1 while a parent holds a packet that it took to look at: it still counts against the limit. */
  heldCount = 0
  readonly watchdogs: readonly Watchdog[]
  private readonly options: FqOptions
  private readonly packets: Packets
  private readonly flows: QdiscFlows
  private readonly ticks: Ticks
  private readonly refillTicks: number
  private readonly watchdog = new Watchdog()
  private readonly newFlows: FlowList = { head: -1, tail: -1 }
  private readonly oldFlows: FlowList = { head: -1, tail: -1 }
  /** Throttled flows in order of their next time; equal times in order of arrival there. */
  private throttledHead = -1
  private throttledTail = -1
  // By flow.
  private known = new Uint8Array(16)
  private state = new Uint8Array(16)
  private credit = new Float64Array(16)
  private nextTimeNs = new Float64Array(16)
  private ageTicks = new Float64Array(16)
  private length = new Int32Array(16)
  private next = new Int32Array(16)
  private previous = new Int32Array(16)
  private fifoHead = new Int32Array(16)
  private fifoTail = new Int32Array(16)
  /** Packets that came with a departure time before the FIFO's tail, in order of it. */
  private sortedHead = new Int32Array(16)

  constructor(options: FqOptions, packets: Packets, flows: QdiscFlows, ticks: Ticks) {
    assert(options.quantum > 0, 'a quantum is positive')
    assert(options.limit > 0 && options.flowLimit > 0, 'a fair queue has room for a packet')
    this.options = options
    this.packets = packets
    this.flows = flows
    this.ticks = ticks
    this.refillTicks = ticks.count(options.refillDelayNs)
    this.watchdogs = [this.watchdog]
  }

  enqueue(packet: number, nowNs: number): number {
    const { packets, options } = this
    if (this.packetCount + this.heldCount >= options.limit) return this.drop(VERDICT.limit)
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
    const flow = packets.flow[packet]
    if (flow >= this.known.length || this.known[flow] === 0) this.addFlow(flow, nowNs)
    if (this.length[flow] >= options.flowLimit) return this.drop(VERDICT['flow-limit'])
    this.length[flow]++
    this.packetCount++
    this.backlogBytes += packets.bytes[packet]
    if (this.state[flow] === DETACHED) {
      this.append(this.newFlows, flow)
      this.state[flow] = LISTED
      const credit = this.credit[flow]
      const rested = this.ticks.jiffies(nowNs) > this.ageTicks[flow] + this.refillTicks
      if (rested && credit >= 0 && credit < options.quantum) this.credit[flow] = options.quantum
    }
    this.insert(flow, packet)
    return VERDICT.queued
  }

  dequeue(nowNs: number): number {
    if (this.packetCount === 0) return -1
    this.unthrottle(nowNs)
    const { newFlows, oldFlows, packets } = this
    for (;;) {
      const list = newFlows.head >= 0 ? newFlows : oldFlows
      const flow = list.head
      if (flow < 0) {
        assert(this.throttledHead >= 0, 'fq: packets inside, so a flow is listed or throttled')
        this.watchdog.arm(this.nextTimeNs[this.throttledHead], this.options.timerSlackNs)
        return -1
      }
      if (this.credit[flow] <= 0) {
        this.credit[flow] += this.options.quantum
        this.shift(list)
        this.append(oldFlows, flow)
        continue
      }
      const packet = this.peek(flow)
      if (packet < 0) {
        this.shift(list)
        // An empty new flow passes through the old list once, so that it cannot come back as new at once and starve the old ones.
        if (list === newFlows && oldFlows.head >= 0) this.append(oldFlows, flow)
        else this.detach(flow, nowNs)
        continue
      }
      const dueNs = Math.max(packets.sendNs[packet], this.nextTimeNs[flow])
      if (nowNs < dueNs) {
        this.shift(list)
        this.throttle(flow, dueNs)
        continue
      }
      this.take(flow, packet)
      this.credit[flow] -= packets.bytes[packet]
      if (this.options.pacing) this.charge(flow, packet, nowNs)
      return packet
    }
  }

  private charge(flow: number, packet: number, nowNs: number): void {
    const { options, packets, flows } = this
    let rate = options.maxrateBytesPerSecond
    if (rate !== Number.POSITIVE_INFINITY) rate = scaledRate(rate, flows.qdiscFactor(nowNs))
    let bytes = packets.bytes[packet]
    if (packets.departureNs[packet] === NO_DEPARTURE_TIME) {
      rate = Math.min(rate, flows.socketBytesPerSecond(flow, nowNs))
      if (rate <= options.lowRateThresholdBytesPerSecond) this.credit[flow] = 0
      else {
        if (this.credit[flow] > 0) return
        bytes = Math.max(bytes, options.quantum)
      }
    }
    if (rate === Number.POSITIVE_INFINITY) return
    let chargeNs = Math.min(transmissionNs(bytes, rate), CHARGE_NS_MAX)
    const before = this.nextTimeNs[flow]
    if (before !== NEVER) chargeNs -= Math.min(Math.floor(chargeNs / 2), nowNs - before)
    this.nextTimeNs[flow] = nowNs + chargeNs
  }

  private drop(verdict: number): number {
    this.dropCount++
    return verdict
  }

  private addFlow(flow: number, nowNs: number): void {
    assert(Number.isInteger(flow) && flow >= 0, 'a flow is a small number from 0')
    if (flow >= this.known.length) this.grow(flow + 1)
    this.known[flow] = 1
    this.state[flow] = DETACHED
    this.credit[flow] = this.options.initialQuantum
    this.nextTimeNs[flow] = this.flows.hasSentBefore(flow) ? LONG_AGO_NS : NEVER
    this.ageTicks[flow] = this.stampAge(nowNs)
    this.fifoHead[flow] = -1
    this.fifoTail[flow] = -1
    this.sortedHead[flow] = -1
  }

  private detach(flow: number, nowNs: number): void {
    this.state[flow] = DETACHED
    this.ageTicks[flow] = this.stampAge(nowNs)
  }

  /** The kernel marks "detached" by an odd age: jiffies | 1. */
  private stampAge(nowNs: number): number {
    const jiffies = this.ticks.jiffies(nowNs)
    return jiffies % 2 === 0 ? jiffies + 1 : jiffies
  }

  private append(list: FlowList, flow: number): void {
    this.next[flow] = -1
    if (list.head < 0) list.head = flow
    else this.next[list.tail] = flow
    list.tail = flow
  }

  private shift(list: FlowList): void {
    list.head = this.next[list.head]
  }

  private throttle(flow: number, untilNs: number): void {
    this.state[flow] = THROTTLED
    this.nextTimeNs[flow] = untilNs
    let after = this.throttledTail
    while (after >= 0 && this.nextTimeNs[after] > untilNs) after = this.previous[after]
    const before = after < 0 ? this.throttledHead : this.next[after]
    this.previous[flow] = after
    this.next[flow] = before
    if (after < 0) this.throttledHead = flow
    else this.next[after] = flow
    if (before < 0) this.throttledTail = flow
    else this.previous[before] = flow
  }

  private unthrottle(nowNs: number): void {
    for (;;) {
      const flow = this.throttledHead
      if (flow < 0 || this.nextTimeNs[flow] > nowNs) return
      this.throttledHead = this.next[flow]
      if (this.throttledHead < 0) this.throttledTail = -1
      else this.previous[this.throttledHead] = -1
      this.state[flow] = LISTED
      this.append(this.oldFlows, flow)
    }
  }

  private insert(flow: number, packet: number): void {
    const { next, sendNs } = this.packets
    const tail = this.fifoTail[flow]
    if (this.fifoHead[flow] < 0 || sendNs[packet] >= sendNs[tail]) {
      next[packet] = -1
      if (this.fifoHead[flow] < 0) this.fifoHead[flow] = packet
      else next[tail] = packet
      this.fifoTail[flow] = packet
      return
    }
    let after = -1
    let before = this.sortedHead[flow]
    while (before >= 0 && sendNs[before] <= sendNs[packet]) {
      after = before
      before = next[before]
    }
    next[packet] = before
    if (after < 0) this.sortedHead[flow] = packet
    else next[after] = packet
  }

  private peek(flow: number): number {
    const sorted = this.sortedHead[flow]
    const first = this.fifoHead[flow]
    if (sorted < 0) return first
    if (first < 0) return sorted
    return this.packets.sendNs[sorted] < this.packets.sendNs[first] ? sorted : first
  }

  private take(flow: number, packet: number): void {
    if (this.fifoHead[flow] === packet) this.fifoHead[flow] = this.packets.next[packet]
    else this.sortedHead[flow] = this.packets.next[packet]
    this.length[flow]--
    this.packetCount--
    this.backlogBytes -= this.packets.bytes[packet]
  }

  private grow(count: number): void {
    const capacity = Math.max(count, this.known.length * 2)
    const bytes = (from: Uint8Array<ArrayBuffer>) => grown(from, new Uint8Array(capacity))
    const integers = (from: Int32Array<ArrayBuffer>) => grown(from, new Int32Array(capacity))
    const numbers = (from: Float64Array<ArrayBuffer>) => grown(from, new Float64Array(capacity))
    this.known = bytes(this.known)
    this.state = bytes(this.state)
    this.credit = numbers(this.credit)
    this.nextTimeNs = numbers(this.nextTimeNs)
    this.ageTicks = numbers(this.ageTicks)
    this.length = integers(this.length)
    this.next = integers(this.next)
    this.previous = integers(this.previous)
    this.fifoHead = integers(this.fifoHead)
    this.fifoTail = integers(this.fifoTail)
    this.sortedHead = integers(this.sortedHead)
  }
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
