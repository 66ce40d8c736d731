/* Which controllers run, and their thresholds: what a scenario's control resolves to. */
import type { Directives } from '../order/directives.ts'

/** Enter a state when the feature reaches `enter`, leave when it is below `exit` (exit < enter). */
export interface Band {
  readonly enter: number
  readonly exit: number
}

export interface MachineTiming {
  /** Least time in a state before the next transition. */
  readonly dwellNs: number
}

export interface TransportOptions extends MachineTiming {
  readonly enabled: boolean
  readonly dispatchToWireP95Ns: Band
  readonly burstinessIndex: Band
  readonly capUtilisation: Band
  readonly unsentBytes: Band
  /** Directives while Pacing-Limited and while Burst-Released. */
  readonly directives: readonly [Directives, Directives, Directives]
}

export interface FaultOptions extends MachineTiming {
  readonly enabled: boolean
  readonly minorFaultRate: Band
  readonly majorFaultServiceP95Ns: Band
  readonly faultBurstScore: Band
  readonly dispatchGapLift: Band
  /** In RED this long without relief: SAFE_CONTAIN. */
  readonly containAfterNs: number
  readonly directives: readonly [Directives, Directives, Directives, Directives]
}

export interface ThrottleControlOptions extends MachineTiming {
  readonly enabled: boolean
  readonly rho: Band
  readonly rejectRateAmber: Band
  readonly rejectRateRed: Band
  readonly rejectRateSafe: Band
  readonly timeoutCount: Band
  readonly directives: readonly [Directives, Directives, Directives, Directives]
}

export interface CancelOptions extends MachineTiming {
  readonly enabled: boolean
  readonly cancelAckLatencyP90Ns: Band
  readonly cancelAckLatencyP99Ns: Band
  readonly pendingCancelCount: Band
  readonly staleFillRatio: Band
  readonly cancelBacklogPressureSeconds: Band
  readonly safeAfterNs: number
  readonly directives: readonly [Directives, Directives, Directives, Directives]
}

export interface ControlOptions {
  /** How often controllers sample and step. */
  readonly sampleNs: number
  /** What the desk believes the venue accepts, for rho. */
  readonly capacityMessagesPerSecond: number
  readonly transport: TransportOptions
  readonly fault: FaultOptions
  readonly throttle: ThrottleControlOptions
  readonly cancel: CancelOptions
}
