/*
 * What the desk measures of the path to one venue: its messages, and the answers that were read. Kept apart by venue: pooled figures hide the
 * path that is in trouble (cancel-ack playbook, "pooled-metric blindness"; reject-loop playbook, section 9: rho by gateway, venue and
 * session). Cancel-ack latency is kept by session, and the worst session speaks for the path.
 */
import type { HostReading, Reading } from '../control/reading.ts'
import { type HazardFeatures, type HazardWeights, RejectHazard } from '../control/reject-hazard.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { StaleExposure } from './stale-exposure.ts'
import { Window } from './window.ts'

/** Fewer answers than this in a window say nothing (assumed). */
const COUNT_MIN = 8
/** Rejects one after the other that make a cluster (assumed). */
const CLUSTER_COUNT = 3
/** Window of the message burst (assumed). */
const MESSAGE_BURST_NS = 100 * NS_PER_MS

/** Of a sample: cancels without an answer, and what is under way. */
export interface PendingFigures {
  readonly count: number
  readonly notional: number
  /** Of the parents under way, in the unit of `notional`; 0 = none is. */
  readonly activeNotional: number
  /** Ages of the pending cancels, by session. */
  readonly agesNs: ReadonlyMap<number, readonly number[]>
}

/** Quantiles of a session's cancel acks at the last sample. */
export interface AckQuantiles {
  p50Ns: number
  p90Ns: number
  p99Ns: number
}

const UNKNOWN_ACKS: AckQuantiles = { p50Ns: Number.NaN, p90Ns: Number.NaN, p99Ns: Number.NaN }
const NO_AGES: readonly number[] = []

/** What a path's gauges are told of it. */
export interface PathBelief {
  readonly capacityMessagesPerSecond: number
  readonly hazard: HazardWeights
  readonly staleExposureBudgetBps: number
}

export class VenueGauges {
  readonly exposure = new StaleExposure()
  private readonly belief: PathBelief
  private readonly hazard: RejectHazard
  private readonly sends = new Window(NS_PER_SECOND)
  private readonly answers = new Window(5 * NS_PER_SECOND)
  private readonly stressed = new Window(5 * NS_PER_SECOND)
  private readonly latencies = new Window(5 * NS_PER_SECOND)
  private readonly clustered = new Window(5 * NS_PER_SECOND)
  private readonly timeouts = new Window(10 * NS_PER_SECOND)
  private readonly queueResets = new Window(10 * NS_PER_SECOND)
  private readonly cancelLatencies = new Map<number, Window>()
  private readonly cancelAcks = new Window(NS_PER_SECOND)
  private readonly cancelRequests = new Window(60 * NS_PER_SECOND)
  private readonly staleFills = new Window(60 * NS_PER_SECOND)
  private readonly acks = new Map<number, AckQuantiles>()
  private rejectRun = 0
  /** Since the sample before. */
  private answerCount = 0
  private rejectCount = 0

  constructor(belief: PathBelief) {
    this.belief = belief
    this.hazard = new RejectHazard(belief.hazard)
  }

  onSend(nowNs: number): void {
    this.sends.add(nowNs, 1)
  }

  /** An attempt was answered `latencyNs` after it was sent: 1 rejected by gate, throttle or session, else 0; `stress`: the gate's risk limits refused it. */
  onAnswer(nowNs: number, rejected: 0 | 1, latencyNs: number, stress: boolean): void {
    this.answers.add(nowNs, rejected)
    this.stressed.add(nowNs, stress ? 1 : 0)
    this.latencies.add(nowNs, latencyNs)
    this.answerCount++
    this.rejectCount += rejected
    this.rejectRun = rejected === 1 ? this.rejectRun + 1 : 0
    if (this.rejectRun >= CLUSTER_COUNT) this.clustered.add(nowNs, this.rejectRun === CLUSTER_COUNT ? CLUSTER_COUNT : 1)
  }

  onTimeout(nowNs: number): void {
    this.timeouts.add(nowNs, 1)
  }

  /** A queue place was given up: a replace that moves an order, or a cancel for another price. */
  onQueueReset(nowNs: number): void {
    this.queueResets.add(nowNs, 1)
  }

  onCancelRequest(nowNs: number): void {
    this.cancelRequests.add(nowNs, 1)
  }

  onCancelAnswer(nowNs: number, session: number, latencyNs: number): void {
    let known = this.cancelLatencies.get(session)
    if (known === undefined) {
      known = new Window(30 * NS_PER_SECOND)
      this.cancelLatencies.set(session, known)
    }
    known.add(nowNs, latencyNs)
    this.cancelAcks.add(nowNs, 1)
  }

  onStaleFill(nowNs: number, side: 1 | -1, lots: number, priceTicks: number): void {
    this.staleFills.add(nowNs, 1)
    this.exposure.onStaleFill(nowNs, side, lots, priceTicks)
  }

  /** Messages sent in the last second. */
  messageRate(nowNs: number): number {
    return this.sends.trim(nowNs)
  }

  /** Of a session's cancel acks at the last sample. */
  ackQuantiles(session: number): Readonly<AckQuantiles> {
    return this.acks.get(session) ?? UNKNOWN_ACKS
  }

  /** The reading of this path, with what the host measured of itself. */
  read(host: HostReading, pending: PendingFigures, midHalfTicks: number): Reading {
    const { atNs } = host
    const { capacityMessagesPerSecond, staleExposureBudgetBps } = this.belief
    const answered = this.answers.trim(atNs)
    const requestCount = this.cancelRequests.trim(atNs)
    const staleFillCount = this.staleFills.trim(atNs)
    const sent = this.sends.trim(atNs)
    const rho = sent / capacityMessagesPerSecond
    const messageBurst = sent === 0 ? 0 : (this.sends.burstiness(MESSAGE_BURST_NS, 1) * sent) / capacityMessagesPerSecond
    const worst = this.worstAcks(atNs, pending)
    this.exposure.mark(atNs, midHalfTicks)
    this.clustered.trim(atNs)
    return {
      ...host,
      rho,
      rejectHazard: this.readHazard({ rho, burst: messageBurst, jitter: this.jitter(atNs), stress: this.stress(atNs) }),
      messageBurst,
      queueResetLoad: this.queueResets.trim(atNs) / 10 / capacityMessagesPerSecond,
      rejectRate: answered >= COUNT_MIN ? this.answers.sum() / answered : Number.NaN,
      rejectClusterCount: this.clustered.sum(),
      timeoutCount: this.timeouts.trim(atNs),
      cancelAckLatencyP90Ns: worst.p90Ns,
      cancelAckLatencyP99Ns: worst.p99Ns,
      pendingCancelCount: pending.count,
      pendingCancelNotional: pending.notional,
      pendingCancelShare: pending.activeNotional > 0 ? pending.notional / pending.activeNotional : 0,
      staleFillRatio: requestCount >= COUNT_MIN ? staleFillCount / requestCount : Number.NaN,
      staleFillCount,
      staleExposureBps: this.exposure.bps(atNs),
      staleExposureBudgetShare: this.exposure.totalBps() / staleExposureBudgetBps,
      cancelBacklogPressureSeconds: pending.count / Math.max(1, this.cancelAcks.trim(atNs))
    }
  }

  private readHazard(features: HazardFeatures): number {
    const odds = this.hazard.sample(features, this.answerCount, this.rejectCount)
    this.answerCount = 0
    this.rejectCount = 0
    return odds
  }

  private jitter(nowNs: number): number {
    if (this.latencies.trim(nowNs) < COUNT_MIN) return 0
    const p90 = this.latencies.quantile(0.9)
    return p90 > 0 ? 1 - this.latencies.quantile(0.5) / p90 : 0
  }

  private stress(nowNs: number): number {
    const answered = this.stressed.trim(nowNs)
    return answered === 0 ? 0 : this.stressed.sum() / answered
  }

  /** Takes the quantiles of every session; gives the largest of each. A cancel that still waits is at least as late as it is old. */
  private worstAcks(nowNs: number, { agesNs }: PendingFigures): Readonly<AckQuantiles> {
    for (const session of agesNs.keys()) {
      if (!this.cancelLatencies.has(session)) this.cancelLatencies.set(session, new Window(30 * NS_PER_SECOND))
    }
    const worst = { ...UNKNOWN_ACKS }
    for (const [session, latencies] of this.cancelLatencies) {
      latencies.trim(nowNs)
      const waiting = agesNs.get(session) ?? NO_AGES
      const p50Ns = latencies.quantile(0.5, waiting)
      const p90Ns = latencies.quantile(0.9, waiting)
      const p99Ns = latencies.quantile(0.99, waiting)
      this.acks.set(session, { p50Ns, p90Ns, p99Ns })
      if (!(worst.p50Ns >= p50Ns)) worst.p50Ns = p50Ns
      if (!(worst.p90Ns >= p90Ns)) worst.p90Ns = p90Ns
      if (!(worst.p99Ns >= p99Ns)) worst.p99Ns = p99Ns
    }
    return worst
  }
}
