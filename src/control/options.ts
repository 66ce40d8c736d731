/*
 * Which controllers run, in which mode, with which thresholds and controls: what a scenario's control resolves to. A band with `enter`
 * Infinity switches its feature off. A control is one lever of a playbook; what the enabled ones ask for in a state combines to the
 * directives of that state, and the first state asks for nothing (but for the cancel decision rule, which only bites where there is a race).
 */
import type { ControllerKey, ControlMode, ControlName } from '../order/controls.ts'
import type { Directives } from '../order/directives.ts'
import type { HazardWeights } from './reject-hazard.ts'
import type { RollbackRules } from './rollback.ts'

/** Enter a state when the feature reaches `enter`, leave when it is below `exit` (exit < enter). */
export interface Band {
  readonly enter: number
  readonly exit: number
}

export interface Control {
  readonly enabled: boolean
  /** By state of its machine. */
  readonly states: readonly Partial<Directives>[]
}

export interface ControllerOptions<K extends ControllerKey> {
  readonly enabled: boolean
  /** Least time in a state before the next transition. */
  readonly dwellNs: number
  readonly controls: { readonly [name in ControlName<K>]: Control }
}

export interface TransportOptions extends ControllerOptions<'transport'> {
  /** The moderate gap of Pacing-Limited, together with the cap or the queue. */
  readonly dispatchToWireP95Ns: Band
  /** The gap tail of Burst-Released, together with burstiness. */
  readonly dispatchToWireTailNs: Band
  /** Over windows of 100, 250 and 500 us; any of them. */
  readonly burstinessIndex100us: Band
  readonly burstinessIndex: Band
  readonly burstinessIndex500us: Band
  readonly capUtilisation: Band
  readonly unsentBytes: Band
  /** Estimated cost of a burst still to come; with the moderate gap it is met as Burst-Released (control branchModel). */
  readonly burstRiskBps: Band
  /** Bytes that may wait before the wire until the queue budget's control acts. */
  readonly queueBudgetBytes: Band
}

export interface FaultOptions extends ControllerOptions<'fault'> {
  readonly minorFaultRate: Band
  readonly majorFaultServiceP95Ns: Band
  /** Mild burstiness, for AMBER_FAULT_WARMING. */
  readonly faultBurstScoreAmber: Band
  /** High burstiness, for RED_FAULT_STRESS (with dispatchGapLift or queueAgeDecay). */
  readonly faultBurstScore: Band
  readonly dispatchGapLift: Band
  readonly queueAgeDecay: Band
  /** p95 of fill costs over its own long run, less 1: with RED_FAULT_STRESS's burstiness, SAFE_CONTAIN (control tailBudget). */
  readonly fillCostLift: Band
  /** In RED this long without relief: SAFE_CONTAIN. */
  readonly containAfterNs: number
  /** In SAFE_CONTAIN this long: the host is remediated, for at least so long. */
  readonly remediateAfterNs: number
  readonly remediationNs: number
}

export interface ThrottleControlOptions extends ControllerOptions<'throttle'> {
  readonly rho: Band
  readonly rejectHazard: Band
  /** An extreme hazard with critical slippage is SAFE. */
  readonly rejectHazardSafe: Band
  readonly fillCostMeanBps: Band
  /** Messages in 100 ms over what the path takes in a second. */
  readonly messageBurst: Band
  /** Replaces and cancels that give up a queue place, per second, over the capacity. */
  readonly queueResetLoad: Band
  readonly rejectRateAmber: Band
  readonly rejectRateRed: Band
  readonly rejectRateSafe: Band
  /** Rejects in runs of three or more, for RED. */
  readonly rejectClusterCount: Band
  /** A timeout cluster, for RED, and an extreme one, for SAFE. */
  readonly timeoutCount: Band
  readonly timeoutCountSafe: Band
  /** Where the estimate of the reject hazard begins; the desk's own answers move it. */
  readonly hazard: HazardWeights
}

export interface CancelOptions extends ControllerOptions<'cancel'> {
  readonly cancelAckLatencyP90Ns: Band
  readonly cancelAckLatencyP99Ns: Band
  readonly pendingCancelCount: Band
  /** In the unit of Reading.pendingCancelNotional. */
  readonly pendingCancelNotional: Band
  /** Pending over the notional of the parents under way. */
  readonly pendingCancelShare: Band
  readonly staleFillRatio: Band
  /** Fewer stale fills than this are no spike, whatever their ratio or cost. */
  readonly staleFillCount: Band
  /** SET of the last minute as a live host can mark it. */
  readonly staleExposureBps: Band
  /** Share of the day's SET budget that is spent; with SET still burning it is SATURATED, or SAFE (control setBudget). */
  readonly staleExposureBudgetBps: number
  readonly staleExposureBudgetShare: Band
  readonly staleExposureBudgetShareSafe: Band
  readonly cancelBacklogPressureSeconds: Band
  /** In SATURATED this long without relief: SAFE. */
  readonly safeAfterNs: number
}

export interface CanaryOptions {
  /** Share of the parents that the controllers act on, 0..1. */
  readonly share: number
  readonly rules: RollbackRules
}

export interface ControlOptions {
  readonly mode: ControlMode
  /** For mode canary. */
  readonly canary: CanaryOptions
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

/** A controller that is on in any mode: without one nothing depends on samples but the telemetry. */
export function isControlled({ transport, fault, throttle, cancel }: ControlOptions): boolean {
  return transport.enabled || fault.enabled || throttle.enabled || cancel.enabled
}
