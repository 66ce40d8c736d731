/*
 * What the desk measures of the path to one venue: its messages, and the answers that were read. Kept apart by venue: pooled figures hide the
 * path that is in trouble (cancel-ack playbook, "pooled-metric blindness"; reject-loop playbook, section 9: rho by gateway, venue and session).
 */
import type { HostReading, Reading } from '../control/reading.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { Window } from './window.ts'

/** Fewer answers than this in a window say nothing (assumed). */
const COUNT_MIN = 8

export class VenueGauges {
  private readonly sends = new Window(NS_PER_SECOND)
  private readonly answers = new Window(5 * NS_PER_SECOND)
  private readonly timeouts = new Window(10 * NS_PER_SECOND)
  private readonly cancelLatencies = new Window(30 * NS_PER_SECOND)
  private readonly cancelAcks = new Window(NS_PER_SECOND)
  private readonly cancelRequests = new Window(60 * NS_PER_SECOND)
  private readonly staleFills = new Window(60 * NS_PER_SECOND)

  onSend(nowNs: number): void {
    this.sends.add(nowNs, 1)
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

  /** The reading of this path, with what the host measured of itself. */
  read(
    host: HostReading,
    capacityMessagesPerSecond: number,
    pendingCancelAgesNs: readonly number[],
    pendingCancelNotional: number
  ): Reading {
    const { atNs } = host
    const answered = this.answers.trim(atNs)
    this.cancelLatencies.trim(atNs)
    const ackCount = this.cancelAcks.trim(atNs)
    const requestCount = this.cancelRequests.trim(atNs)
    const waiting = pendingCancelAgesNs
    return {
      // Field by field: a spread would cost more than all the rest of a sample.
      atNs,
      dispatchToWireP95Ns: host.dispatchToWireP95Ns,
      burstinessIndex: host.burstinessIndex,
      capUtilisation: host.capUtilisation,
      unsentBytes: host.unsentBytes,
      minorFaultRate1s: host.minorFaultRate1s,
      minorFaultRate10s: host.minorFaultRate10s,
      majorFaultServiceP95Ns: host.majorFaultServiceP95Ns,
      faultBurstScore: host.faultBurstScore,
      dispatchGapLift: host.dispatchGapLift,
      rho: this.sends.trim(atNs) / capacityMessagesPerSecond,
      rejectRate: answered >= COUNT_MIN ? this.answers.sum() / answered : Number.NaN,
      timeoutCount: this.timeouts.trim(atNs),
      // A cancel that still waits is at least as late as it is old.
      cancelAckLatencyP90Ns: this.cancelLatencies.quantile(0.9, waiting),
      cancelAckLatencyP99Ns: this.cancelLatencies.quantile(0.99, waiting),
      pendingCancelCount: waiting.length,
      pendingCancelNotional,
      staleFillRatio: requestCount >= COUNT_MIN ? this.staleFills.trim(atNs) / requestCount : Number.NaN,
      cancelBacklogPressureSeconds: waiting.length / Math.max(1, ackCount)
    }
  }
}
