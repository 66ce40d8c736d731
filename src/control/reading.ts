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
