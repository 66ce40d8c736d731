/*
 * What a controller sees at one sample: figures that a live host can measure. NaN = not known yet (no data in the window),
 * which never counts as a breach.
 */
export interface HostReading {
  readonly atNs: number
  /** Transport: from software transmit timestamps and ss -i. Windows: the last second. */
  readonly dispatchToWireP95Ns: number
  /** max over windows of 100, 250 and 500 us of packets in the window, over all packets of the last second (tx-pacing playbook 3.2). */
  readonly burstinessIndex100us: number
  readonly burstinessIndex: number
  readonly burstinessIndex500us: number
  /** Delivery rate over the pacing cap, 0..1. */
  readonly capUtilisation: number
  readonly unsentBytes: number
  /** What waits before the wire, in the socket or the qdisc (sk_wmem_queued): unsent, sent without a transmit timestamp, or as much as the gap says. */
  readonly queuedBytes: number
  /** Estimate: odds of Burst-Released at the next sample times what it costs over Pacing-Limited, bps (branch-model.ts). */
  readonly burstRiskBps: number
  /** Faults: per second over 1 s, 10 s and 60 s, from getrusage; service p95 of majors; variance-to-mean of counts in 10 ms. */
  readonly minorFaultRate1s: number
  readonly minorFaultRate10s: number
  readonly minorFaultRate60s: number
  readonly majorFaultServiceP95Ns: number
  readonly faultBurstScore: number
  /** Mean inter-dispatch gap over the intended gap, minus 1 (DGL). */
  readonly dispatchGapLift: number
  /** 1 - mean age of resting orders of the last 10 s over that in calm samples (QAD). */
  readonly queueAgeDecay: number
  /** Fills reported in the last minute against the mid at the intent: mean, and p95 over its long run, minus 1. */
  readonly fillCostMeanBps: number
  readonly fillCostLift: number
  /** How long the fault controller has been in SAFE_CONTAIN; 0 while it is not. Filled in by the engine. */
  readonly containedNs: number
}

/** The host's figures and those of the path to one venue. */
export interface Reading extends HostReading {
  /** Throttle: message rate over believed capacity; estimated odds of a reject; rejects per attempt; timeouts in the last 10 s. */
  readonly rho: number
  readonly rejectHazard: number
  readonly messageBurst: number
  readonly queueResetLoad: number
  readonly rejectRate: number
  readonly rejectClusterCount: number
  readonly timeoutCount: number
  /** Cancel: quantiles over the last answers, of the worst session; pending now; stale fills per cancel request; seconds to drain. */
  readonly cancelAckLatencyP90Ns: number
  readonly cancelAckLatencyP99Ns: number
  readonly pendingCancelCount: number
  readonly pendingCancelNotional: number
  readonly pendingCancelShare: number
  readonly staleFillRatio: number
  /** Stale fills of the last minute. */
  readonly staleFillCount: number
  /** SET of the last minute, bps of what was filled in it; and over the run so far, as a share of its budget. */
  readonly staleExposureBps: number
  readonly staleExposureBudgetShare: number
  readonly cancelBacklogPressureSeconds: number
}

type Filled<T> = { -readonly [K in keyof T]: T[K] }

/** Nothing known yet. One object of fixed shape is filled anew at every sample: a fresh one of so many figures would cost more than they do. */
export function blankReading(): Filled<Reading> {
  return {
    atNs: 0,
    dispatchToWireP95Ns: Number.NaN,
    burstinessIndex100us: Number.NaN,
    burstinessIndex: Number.NaN,
    burstinessIndex500us: Number.NaN,
    capUtilisation: Number.NaN,
    unsentBytes: Number.NaN,
    queuedBytes: Number.NaN,
    burstRiskBps: Number.NaN,
    minorFaultRate1s: Number.NaN,
    minorFaultRate10s: Number.NaN,
    minorFaultRate60s: Number.NaN,
    majorFaultServiceP95Ns: Number.NaN,
    faultBurstScore: Number.NaN,
    dispatchGapLift: Number.NaN,
    queueAgeDecay: Number.NaN,
    fillCostMeanBps: Number.NaN,
    fillCostLift: Number.NaN,
    containedNs: 0,
    rho: Number.NaN,
    rejectHazard: Number.NaN,
    messageBurst: Number.NaN,
    queueResetLoad: Number.NaN,
    rejectRate: Number.NaN,
    rejectClusterCount: Number.NaN,
    timeoutCount: Number.NaN,
    cancelAckLatencyP90Ns: Number.NaN,
    cancelAckLatencyP99Ns: Number.NaN,
    pendingCancelCount: Number.NaN,
    pendingCancelNotional: Number.NaN,
    pendingCancelShare: Number.NaN,
    staleFillRatio: Number.NaN,
    staleFillCount: Number.NaN,
    staleExposureBps: Number.NaN,
    staleExposureBudgetShare: Number.NaN,
    cancelBacklogPressureSeconds: Number.NaN
  }
}

/** The host's figures into the reading of a path. */
export function copyHost(from: HostReading, into: Filled<HostReading>): void {
  into.atNs = from.atNs
  into.dispatchToWireP95Ns = from.dispatchToWireP95Ns
  into.burstinessIndex100us = from.burstinessIndex100us
  into.burstinessIndex = from.burstinessIndex
  into.burstinessIndex500us = from.burstinessIndex500us
  into.capUtilisation = from.capUtilisation
  into.unsentBytes = from.unsentBytes
  into.queuedBytes = from.queuedBytes
  into.burstRiskBps = from.burstRiskBps
  into.minorFaultRate1s = from.minorFaultRate1s
  into.minorFaultRate10s = from.minorFaultRate10s
  into.minorFaultRate60s = from.minorFaultRate60s
  into.majorFaultServiceP95Ns = from.majorFaultServiceP95Ns
  into.faultBurstScore = from.faultBurstScore
  into.dispatchGapLift = from.dispatchGapLift
  into.queueAgeDecay = from.queueAgeDecay
  into.fillCostMeanBps = from.fillCostMeanBps
  into.fillCostLift = from.fillCostLift
  into.containedNs = from.containedNs
}
