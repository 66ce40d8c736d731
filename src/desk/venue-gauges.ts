/*
 * What the desk measures of the path to one venue: its messages, and the answers that were read. Kept apart by venue: pooled figures hide the
 * path that is in trouble (cancel-ack playbook, "pooled-metric blindness"; reject-loop playbook, section 9: rho by gateway, venue and
 * session). Cancel-ack latency is kept by session, and the worst session speaks for the path.
 */
import { blankReading, copyHost, type HostReading, type Reading } from '../control/reading.ts'
import { type HazardWeights, RejectHazard } from '../control/reject-hazard.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../kernel/units.ts'
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
const ACK_SHARES = [0.99, 0.9, 0.5] as const

/** What a path's gauges are told of it. */
export interface PathBelief {
  readonly capacityMessagesPerSecond: number
  readonly hazard: HazardWeights
  readonly staleExposureBudgetBps: number
  /** Cancel acks faster than this move no controller: then their quantiles are taken anew only now and then. */
  readonly promptAckNs: number
}

/** How long quantiles of prompt acks stand (assumed). */
const PROMPT_NS = 10 * NS_PER_SECOND

export class VenueGauges {
  readonly exposure = new StaleExposure()
  private readonly belief: PathBelief
  private readonly hazard: RejectHazard
  private readonly sends = new Window(NS_PER_SECOND)
  private readonly answers = new Window(5 * NS_PER_SECOND)
  private readonly stressed = new Window(5 * NS_PER_SECOND)
  private readonly latencies = new Window(5 * NS_PER_SECOND)
  private readonly squares = new Window(5 * NS_PER_SECOND)
  private readonly clustered = new Window(5 * NS_PER_SECOND)
  private readonly timeouts = new Window(10 * NS_PER_SECOND)
  private readonly queueResets = new Window(10 * NS_PER_SECOND)
  private readonly cancelAcks = new Window(NS_PER_SECOND)
  private readonly cancelRequests = new Window(60 * NS_PER_SECOND)
  private readonly staleFills = new Window(60 * NS_PER_SECOND)
  /** By session: cancel-ack latencies, and their quantiles at the last sample. */
  private readonly acks = new Map<number, { readonly latencies: Window; readonly quantiles: AckQuantiles }>()
  private readonly worst: AckQuantiles = { ...UNKNOWN_ACKS }
  private readonly taken = new Float64Array(ACK_SHARES.length)
  private readonly reading = blankReading()
  private acksTakenNs = Number.NEGATIVE_INFINITY
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
    const latencyUs = Math.round(latencyNs / NS_PER_US)
    this.latencies.add(nowNs, latencyUs)
    this.squares.add(nowNs, latencyUs * latencyUs)
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
    this.acksOf(session).latencies.add(nowNs, latencyNs)
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
    return this.acks.get(session)?.quantiles ?? UNKNOWN_ACKS
  }

  /** The reading of this path, with what the host measured of itself; the same object at every sample. */
  read(host: HostReading, pending: PendingFigures): Reading {
    const { atNs } = host
    const { capacityMessagesPerSecond, staleExposureBudgetBps } = this.belief
    const answered = this.answers.trim(atNs)
    const requestCount = this.cancelRequests.trim(atNs)
    const staleFillCount = this.staleFills.trim(atNs)
    const sent = this.sends.trim(atNs)
    const rho = sent / capacityMessagesPerSecond
    const messageBurst = sent === 0 ? 0 : (this.sends.burstiness(MESSAGE_BURST_NS, 1) * sent) / capacityMessagesPerSecond
    this.readAcks(atNs, pending)
    this.clustered.trim(atNs)
    const { reading } = this
    copyHost(host, reading)
    reading.rho = rho
    reading.messageBurst = messageBurst
    reading.rejectHazard = this.readHazard(rho, messageBurst, atNs)
    reading.queueResetLoad = this.queueResets.trim(atNs) / 10 / capacityMessagesPerSecond
    reading.rejectRate = answered >= COUNT_MIN ? this.answers.sum() / answered : Number.NaN
    reading.rejectClusterCount = this.clustered.sum()
    reading.timeoutCount = this.timeouts.trim(atNs)
    reading.cancelAckLatencyP90Ns = this.worst.p90Ns
    reading.cancelAckLatencyP99Ns = this.worst.p99Ns
    reading.pendingCancelCount = pending.count
    reading.pendingCancelNotional = pending.notional
    reading.pendingCancelShare = pending.count > 0 && pending.activeNotional > 0 ? pending.notional / pending.activeNotional : 0
    reading.staleFillRatio = requestCount >= COUNT_MIN ? staleFillCount / requestCount : Number.NaN
    reading.staleFillCount = staleFillCount
    reading.staleExposureBps = this.exposure.bps(atNs)
    reading.staleExposureBudgetShare = this.exposure.totalBps() / staleExposureBudgetBps
    reading.cancelBacklogPressureSeconds = pending.count / Math.max(1, this.cancelAcks.trim(atNs))
    return reading
  }

  private readHazard(rho: number, burst: number, nowNs: number): number {
    const answered = this.stressed.trim(nowNs)
    const stress = answered === 0 ? 0 : this.stressed.sum() / answered
    const odds = this.hazard.sample({ rho, burst, jitter: this.jitter(nowNs), stress }, this.answerCount, this.rejectCount)
    this.answerCount = 0
    this.rejectCount = 0
    return odds
  }

  /** Spread of answer latency over itself and the mean, 0..1; in us, so that squares stay small. */
  private jitter(nowNs: number): number {
    const count = this.latencies.trim(nowNs)
    this.squares.trim(nowNs)
    if (count < COUNT_MIN) return 0
    const mean = this.latencies.sum() / count
    const spread = Math.sqrt(Math.max(0, this.squares.sum() / count - mean * mean))
    return spread > 0 ? spread / (spread + mean) : 0
  }

  /** Takes the quantiles of every session, and the largest of each. A cancel that still waits is at least as late as it is old. */
  private readAcks(nowNs: number, { count, agesNs }: PendingFigures): void {
    const { worst, taken } = this
    let isPrompt = count === 0 && nowNs < this.acksTakenNs + PROMPT_NS && !(worst.p99Ns >= this.belief.promptAckNs)
    for (const { latencies } of this.acks.values()) {
      latencies.trim(nowNs)
      if (latencies.overCount > 0) isPrompt = false
    }
    if (isPrompt) return
    this.acksTakenNs = nowNs
    worst.p50Ns = Number.NaN
    worst.p90Ns = Number.NaN
    worst.p99Ns = Number.NaN
    for (const session of agesNs.keys()) this.acksOf(session)
    for (const [session, { latencies, quantiles }] of this.acks) {
      latencies.trim(nowNs)
      latencies.quantiles(ACK_SHARES, agesNs.get(session) ?? NO_AGES, taken)
      quantiles.p99Ns = taken[0]
      quantiles.p90Ns = taken[1]
      quantiles.p50Ns = taken[2]
      if (!(worst.p50Ns >= quantiles.p50Ns)) worst.p50Ns = quantiles.p50Ns
      if (!(worst.p90Ns >= quantiles.p90Ns)) worst.p90Ns = quantiles.p90Ns
      if (!(worst.p99Ns >= quantiles.p99Ns)) worst.p99Ns = quantiles.p99Ns
    }
  }

  private acksOf(session: number): { readonly latencies: Window; readonly quantiles: AckQuantiles } {
    let known = this.acks.get(session)
    if (known === undefined) {
      known = { latencies: new Window(30 * NS_PER_SECOND, this.belief.promptAckNs), quantiles: { ...UNKNOWN_ACKS } }
      this.acks.set(session, known)
    }
    return known
  }
}
