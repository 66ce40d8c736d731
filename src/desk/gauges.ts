/*
 * What the desk measures of itself, and a reading made of it at each sample. Only figures a live host has: its own clock, software
 * transmit timestamps, answers that were read, fault counters of its process, the socket's telemetry.
 */

import type { Reading } from '../control/reading.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { Window } from './window.ts'

/** Window of the burstiness index: the middle of the playbook's 100-500 us. */
const BURST_CELL_NS = 250_000
/** Fewer packets or answers than this in a window say nothing (assumed). */
const COUNT_MIN = 8

/** Fault counters as getrusage gives them: since the start of the process. */
export interface FaultCounters {
  readonly minor: number
  readonly major: number
}

/** What the host can read of itself. */
export interface HostCounters {
  faultCounts(fromNs: number, toNs: number): FaultCounters
  /** Variance-to-mean of faults in windows of `windowNs` between the instants; NaN without faults. */
  faultDispersion(fromNs: number, toNs: number, windowNs: number): number
  /** Of the major faults its thread waited for; NaN when there were none. */
  majorServiceP95Ns(fromNs: number, toNs: number): number
}

/** As ss -i shows it, over all sessions of the desk. */
export interface SocketGauge {
  pacingBytesPerSecond: number
  capBytesPerSecond: number
  deliveredBytes: number
  unsentBytes: number
  /** Congestion windows of the TCP sessions, in segments; NaN without any. */
  windowSegments: number
}

export class Gauges {
  private readonly dispatchToWire = new Window(NS_PER_SECOND)
  /** Wire instants by session: a session is FIFO, so each window is in order. */
  private readonly wires: Window[] = []
  private readonly sends = new Window(NS_PER_SECOND)
  private readonly gaps = new Window(10 * NS_PER_SECOND)
  private readonly intendedGaps = new Window(10 * NS_PER_SECOND)
  private readonly answers = new Window(5 * NS_PER_SECOND)
  private readonly timeouts = new Window(10 * NS_PER_SECOND)
  private readonly cancelLatencies = new Window(30 * NS_PER_SECOND)
  private readonly cancelAcks = new Window(NS_PER_SECOND)
  private readonly cancelRequests = new Window(60 * NS_PER_SECOND)
  private readonly staleFills = new Window(60 * NS_PER_SECOND)
  private deliveredBefore = 0
  private sampledBeforeNs = Number.NaN

  onSend(nowNs: number): void {
    this.sends.add(nowNs, 1)
  }

  /** A transmit timestamp came back: the message left the session's qdisc at `wireNs`. */
  onWire(session: number, wireNs: number, dispatchToWireNs: number): void {
    this.dispatchToWire.add(wireNs, dispatchToWireNs)
    while (this.wires.length <= session) this.wires.push(new Window(NS_PER_SECOND))
    this.wires[session].add(wireNs, 1)
  }

  /** A decision came `gapNs` after the one before it; the schedule wanted `intendedGapNs`. */
  onGap(nowNs: number, gapNs: number, intendedGapNs: number): void {
    this.gaps.add(nowNs, gapNs)
    this.intendedGaps.add(nowNs, intendedGapNs)
  }

  /** An attempt was answered: 1 rejected by gate, throttle or session, else 0. */
  onAnswer(nowNs: number, rejected: 0 | 1): void {
    this.answers.add(nowNs, rejected)
  }

  onTimeout(nowNs: number): void {
    this.timeouts.add(nowNs, 1)
  }

  onCancelRequest(nowNs: number): void {
    this.cancelRequests.add(nowNs, 1)
  }

  onCancelAnswer(nowNs: number, latencyNs: number): void {
    this.cancelLatencies.add(nowNs, latencyNs)
    this.cancelAcks.add(nowNs, 1)
  }

  onStaleFill(nowNs: number): void {
    this.staleFills.add(nowNs, 1)
  }

  /** Messages sent in the last second. */
  messageRate(nowNs: number): number {
    return this.sends.trim(nowNs)
  }

  read(
    nowNs: number,
    host: HostCounters,
    socket: SocketGauge,
    capacityMessagesPerSecond: number,
    unsentAgesNs: readonly number[],
    pendingCancelAgesNs: readonly number[],
    pendingCancelNotional: number
  ): Reading {
    const elapsedNs = nowNs - this.sampledBeforeNs
    const delivered = socket.deliveredBytes - this.deliveredBefore
    this.deliveredBefore = socket.deliveredBytes
    this.sampledBeforeNs = nowNs
    const deliveredPerSecond = (delivered * NS_PER_SECOND) / elapsedNs
    const oneSecondAgo = Math.max(0, nowNs - NS_PER_SECOND)
    const tenSecondsAgo = Math.max(0, nowNs - 10 * NS_PER_SECOND)
    this.dispatchToWire.trim(nowNs)
    let burstinessIndex = Number.NaN
    for (const wires of this.wires) {
      wires.trim(nowNs)
      const index = wires.burstiness(BURST_CELL_NS, COUNT_MIN)
      if (!(burstinessIndex >= index)) burstinessIndex = index
    }
    const gapCount = this.gaps.trim(nowNs)
    this.intendedGaps.trim(nowNs)
    const answered = this.answers.trim(nowNs)
    this.cancelLatencies.trim(nowNs)
    const ackCount = this.cancelAcks.trim(nowNs)
    const requestCount = this.cancelRequests.trim(nowNs)
    const waiting = pendingCancelAgesNs
    return {
      atNs: nowNs,
      dispatchToWireP95Ns: this.dispatchToWire.quantile(0.95, unsentAgesNs),
      burstinessIndex,
      capUtilisation:
        Number.isFinite(socket.capBytesPerSecond) && elapsedNs > 0 ? deliveredPerSecond / socket.capBytesPerSecond : 0,
      unsentBytes: socket.unsentBytes,
      minorFaultRate1s: host.faultCounts(oneSecondAgo, nowNs).minor,
      minorFaultRate10s: host.faultCounts(tenSecondsAgo, nowNs).minor / 10,
      majorFaultServiceP95Ns: host.majorServiceP95Ns(tenSecondsAgo, nowNs),
      faultBurstScore: host.faultDispersion(oneSecondAgo, nowNs, 10 * NS_PER_MS),
      dispatchGapLift: gapCount >= COUNT_MIN ? this.gaps.quantile(0.95) / this.intendedGaps.quantile(0.95) - 1 : Number.NaN,
      rho: this.sends.trim(nowNs) / capacityMessagesPerSecond,
      rejectRate: answered >= COUNT_MIN ? this.answers.sum() / answered : Number.NaN,
      timeoutCount: this.timeouts.trim(nowNs),
      // A cancel that still waits is at least as late as it is old.
      cancelAckLatencyP90Ns: this.cancelLatencies.quantile(0.9, waiting),
      cancelAckLatencyP99Ns: this.cancelLatencies.quantile(0.99, waiting),
      pendingCancelCount: waiting.length,
      pendingCancelNotional,
      staleFillRatio: requestCount >= COUNT_MIN ? this.staleFills.trim(nowNs) / requestCount : Number.NaN,
      cancelBacklogPressureSeconds: waiting.length / Math.max(1, ackCount)
    }
  }
}
