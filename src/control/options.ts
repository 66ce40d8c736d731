/*
 * Which controllers run, and their thresholds: what a scenario's control resolves to. A band with `enter` Infinity switches its
 * feature off. `directives` has one record per state, in the order of the playbook's states; the first is normally NEUTRAL.
 */
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
  /** The moderate gap of Pacing-Limited, together with the cap or the queue. */
  readonly dispatchToWireP95Ns: Band
  /** The gap tail of Burst-Released, together with burstinessIndex. */
  readonly dispatchToWireTailNs: Band
  readonly burstinessIndex: Band
  readonly capUtilisation: Band
  readonly unsentBytes: Band
  /** Clean-Flow, Pacing-Limited, Burst-Released. */
  readonly directives: readonly [Directives, Directives, Directives]
}

export interface FaultOptions extends MachineTiming {
  readonly enabled: boolean
  readonly minorFaultRate: Band
  readonly majorFaultServiceP95Ns: Band
  /** Mild burstiness, for AMBER_FAULT_WARMING. */
  readonly faultBurstScoreAmber: Band
  /** High burstiness, for RED_FAULT_STRESS (with dispatchGapLift). */
  readonly faultBurstScore: Band
  readonly dispatchGapLift: Band
  /** In RED this long without relief: SAFE_CONTAIN. */
  readonly containAfterNs: number
  /** GREEN_FAULT_CLEAN, AMBER_FAULT_WARMING, RED_FAULT_STRESS, SAFE_CONTAIN. */
  readonly directives: readonly [Directives, Directives, Directives, Directives]
}

export interface ThrottleControlOptions extends MachineTiming {
  readonly enabled: boolean
  readonly rho: Band
  readonly rejectRateAmber: Band
  readonly rejectRateRed: Band
  readonly rejectRateSafe: Band
  /** A timeout cluster, for RED, and an extreme one, for SAFE. */
  readonly timeoutCount: Band
  readonly timeoutCountSafe: Band
  /** GREEN, AMBER, RED, SAFE. */
  readonly directives: readonly [Directives, Directives, Directives, Directives]
}

export interface CancelOptions extends MachineTiming {
  readonly enabled: boolean
  readonly cancelAckLatencyP90Ns: Band
  readonly cancelAckLatencyP99Ns: Band
  readonly pendingCancelCount: Band
  /** In the unit of Reading.pendingCancelNotional. */
  readonly pendingCancelNotional: Band
  readonly staleFillRatio: Band
  readonly cancelBacklogPressureSeconds: Band
  /** In SATURATED this long without relief: SAFE. */
  readonly safeAfterNs: number
  /** CLEAR, BACKLOG, SATURATED, SAFE. */
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
  /** By venue: what is of the path to it alone; absent: every path has the capacity and the thresholds above. */
  readonly venues?: readonly { readonly capacityMessagesPerSecond: number; readonly throttle: ThrottleControlOptions }[]
}
