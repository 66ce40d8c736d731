/*
 * What a controller sees at one sample: figures that a live host can measure. NaN = not known yet (no data in the window),
 * which never counts as a breach.
 */
export interface HostReading {
  readonly atNs: number
  /** Transport: from software transmit timestamps and ss -i. Windows: the last second. */
  readonly dispatchToWireP95Ns: number
  /** max over 250 us windows of packets in the window, over all packets of the last second (tx-pacing playbook 3.2). */
  readonly burstinessIndex: number
  /** Delivery rate over the pacing cap, 0..1. */
  readonly capUtilisation: number
  readonly unsentBytes: number
  /** Faults: per second over 1 s and 10 s, from getrusage; service p95 of majors; variance-to-mean of counts in 10 ms. */
  readonly minorFaultRate1s: number
  readonly minorFaultRate10s: number
  readonly majorFaultServiceP95Ns: number
  readonly faultBurstScore: number
  /** Mean inter-dispatch gap over the intended gap, minus 1 (DGL). */
  readonly dispatchGapLift: number
}

/** The host's figures and those of the path to one venue. */
export interface Reading extends HostReading {
  /** Throttle: message rate over believed capacity; rejects per attempt; timeouts in the last 10 s. */
  readonly rho: number
  readonly rejectRate: number
  readonly timeoutCount: number
  /** Cancel: quantiles over the last answers; pending now; stale fills per cancel request; seconds to drain. */
  readonly cancelAckLatencyP90Ns: number
  readonly cancelAckLatencyP99Ns: number
  readonly pendingCancelCount: number
  readonly pendingCancelNotional: number
  readonly staleFillRatio: number
  readonly cancelBacklogPressureSeconds: number
}
