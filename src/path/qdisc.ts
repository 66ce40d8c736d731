/*
 * What a queueing discipline is: it takes packets, gives them back in its own order and time, and arms a watchdog for the instant
 * at which it wants to be asked again. Disciplines are pure state machines: they know no simulation and no clock but the instants they are
 * given. `transmitter.ts` runs one the way the kernel does. Instants are whole ns; a duration of len bytes at a rate is rounded down, as the
 * kernel's integer division does. Source: Linux 6.1 net/sched/sch_api.c, sch_fq.c, sch_tbf.c.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { MachineOptions } from './options.ts'

/** What became of a packet given to a discipline; anything but `queued` is a drop. */
export const VERDICT = { queued: 0, limit: 1, 'flow-limit': 2, horizon: 3, size: 4 } as const

/** The word of each verdict. */
export const VERDICT_NAMES: readonly string[] = Object.keys(VERDICT)

export interface Qdisc {
  /** Packets and bytes inside. */
  readonly packetCount: number
  readonly backlogBytes: number
  readonly dropCount: number
  /** A packet of more bytes is refused whatever else is inside; Infinity = no such limit. */
  readonly packetBytesMax: number
  /** It holds packets until their departure times, so that TCP leaves its pacing to it. */
  readonly holdsDepartures: boolean
  /** Timers that want the discipline to be run; a child's are among its parent's. */
  readonly watchdogs: readonly Watchdog[]
  /** Takes the packet, or refuses it (VERDICT); a refused packet stays the caller's. */
  enqueue(packet: number, nowNs: number): number
  /** The next packet that may leave now, or -1 (a watchdog is then armed if any packet is inside). */
  dequeue(nowNs: number): number
}

/** What a discipline asks about sockets and itself. Rates can change while a run goes on: they are asked at the instant of use. */
export interface QdiscFlows {
  /** The socket's pacing rate in bytes per second; Infinity = none. */
  socketBytesPerSecond(flow: number, nowNs: number): number
  /** Factor on the discipline's own rate (fq's maxrate, tbf's rate and peakrate). */
  qdiscFactor(nowNs: number): number
  /** Whether the flow is an established TCP connection. */
  isTcp(flow: number): boolean
  /** The socket's SO_PRIORITY; 0 unless set. */
  priority(flow: number): number
}

/**
 * A high-resolution timer with a range: it may fire from `softNs` on and does so at `hardNs` at the latest. Arming a timer that is
 * already armed within the range leaves it alone (qdisc_watchdog_schedule_range_ns).
 */
export class Watchdog {
  softNs = Number.POSITIVE_INFINITY
  hardNs = Number.POSITIVE_INFINITY

  arm(atNs: number, slackNs: number): void {
    if (this.softNs >= atNs && this.softNs <= atNs + slackNs) return
    this.softNs = atNs
    this.hardNs = atNs + slackNs
  }

  disarm(): void {
    this.softNs = Number.POSITIVE_INFINITY
    this.hardNs = Number.POSITIVE_INFINITY
  }
}

/** Time of `bytes` at `bytesPerSecond` in whole ns, rounded down; 0 bytes per second gives Infinity. */
export function transmissionNs(bytes: number, bytesPerSecond: number): number {
  return Math.floor((bytes * NS_PER_SECOND) / bytesPerSecond)
}

/** A rate under a factor; an absent rate (Infinity) stays absent unless the factor is 0. */
export function scaledRate(bytesPerSecond: number, factor: number): number {
  return factor === 0 ? 0 : bytesPerSecond * factor
}

/** The clock of the scheduler's tick: `hz` per second at whole multiples of its period on the monotonic clock. */
export class Ticks {
  private readonly periodNs: number
  private readonly monotonicAtZeroNs: number

  constructor(machine: MachineOptions) {
    this.periodNs = NS_PER_SECOND / machine.hz
    this.monotonicAtZeroNs = machine.monotonicAtZeroNs
  }

  /** Ticks that have passed since the monotonic clock's zero (jiffies but for a constant, even, offset). */
  jiffies(nowNs: number): number {
    return Math.floor((this.monotonicAtZeroNs + nowNs) / this.periodNs)
  }

  /** The first tick at or after `nowNs`. */
  nextNs(nowNs: number): number {
    return Math.ceil(Math.ceil((this.monotonicAtZeroNs + nowNs) / this.periodNs) * this.periodNs) - this.monotonicAtZeroNs
  }

  /** A duration in ticks, rounded up. */
  count(durationNs: number): number {
    return Math.ceil(durationNs / this.periodNs)
  }
}

/** Bytes that a tbf may hold when only its latency is given: what the rate sends in that time, and a burst (tc-tbf(8)). */
export function tbfLimitBytes(rateBytesPerSecond: number, latencyNs: number, burstBytes: number): number {
  return Math.floor((rateBytesPerSecond * latencyNs) / NS_PER_SECOND) + burstBytes
}
