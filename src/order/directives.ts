/*
 * What controllers ask of policies and of the desk, in one record. Neutral changes nothing. Several controllers' directives
 * combine by the most careful of each field, so the order of controllers never matters.
 */
export interface Directives {
  /** Child cadence is stretched by this factor, >= 1. */
  readonly spacingFactor: number
  /** New children that may leave at one decision, >= 1; Infinity = no cap. */
  readonly burstCountMax: number
  /** Share of a schedule deficit that may be caught up at one decision, 0..1. */
  readonly catchUpShare: number
  /** Child size is scaled by this, >= 1 (fewer, larger messages). */
  readonly childSizeFactor: number
  /**
   * Factor on the socket's pacing cap by tactic (tx-pacing playbook, section 6 A): children of a parent's first slice that rest, others that
   * rest, takes and catch-up, liquidation. 1 = as configured. A socket that carries several has the largest of theirs.
   */
  readonly openingCapFactor: number
  readonly passiveCapFactor: number
  readonly takeCapFactor: number
  readonly liquidationCapFactor: number
  /** Messages the desk may send per second; Infinity = no cap. */
  readonly messageRateMaxPerSecond: number
  /** Attempts per child; Infinity = as the scenario's retry says. */
  readonly attemptCountMax: number
  /** Backoff is multiplied by this, >= 1. */
  readonly backoffFactor: number
  /** Dispatch of a child is delayed by a keyed draw up to this, ns. */
  readonly jitterNsMax: number
  /** Repricing that is not needed for completion is held back. */
  readonly modifySuppressed: boolean
  /** The touch must have moved this far beyond the policy's own threshold before a cancel or replace, ticks. */
  readonly cancelThresholdTicks: number
  /** A cancel or replace of an order younger than this waits and is merged with later ones, ns. */
  readonly cancelDebounceNs: number
  /** Cancels and replaces that may be pending at once; Infinity = no cap. */
  readonly pendingCancelCountMax: number
  /** The same by size: their open notional over that of the parents under way; Infinity = no cap. */
  readonly pendingCancelShareMax: number
  /**
   * A cancel that is not essential must be worth at least this, in ticks per lot, where its race with fills is real
   * (control/cancel-decision.ts); -Infinity = the policy's own rule decides.
   */
  readonly cancelWorthTicksMin: number
  /** What is not worth a cancel may become a smaller or a shaded order instead. */
  readonly ackAware: boolean
  /** New passive orders a parent may have working at once; Infinity = no cap. */
  readonly passiveCountMax: number
  /** Share of a slice that may be sent, 0..1; the rest waits for later slices. */
  readonly participationFactor: number
  /** Amend in place (size down, priority kept) is preferred to cancel and replace. */
  readonly preferAmend: boolean
  /** Weight of the path to a venue against the paths to others of the symbol, as a factor, 0..1; 0 = nothing new goes there while another will do. */
  readonly venueWeightFactor: number
  /** Venues of a symbol that may get anything new: those with the largest weights; Infinity = all. */
  readonly venueCountMax: number
  /** Memory actions on the host (path/stall-actions.ts). The first two last once taken; the freeze lasts as long as it is asked for. */
  readonly prefault: boolean
  readonly pinned: boolean
  readonly backgroundFreeze: boolean
  /** Controllers sample at this share of their interval, above 0 and at most 1. */
  readonly sampleFactor: number
}

/** What the desk thinks of a cancel that a policy wants to send: do; leave the order; make it smaller in place; move it away by a tick. */
export type CancelAdvice = 'cancel' | 'hold' | 'reduce' | 'shade'

export type DirectiveName = keyof Directives

export const NEUTRAL: Directives = Object.freeze({
  spacingFactor: 1,
  burstCountMax: Number.POSITIVE_INFINITY,
  catchUpShare: 1,
  childSizeFactor: 1,
  openingCapFactor: 1,
  passiveCapFactor: 1,
  takeCapFactor: 1,
  liquidationCapFactor: 1,
  messageRateMaxPerSecond: Number.POSITIVE_INFINITY,
  attemptCountMax: Number.POSITIVE_INFINITY,
  backoffFactor: 1,
  jitterNsMax: 0,
  modifySuppressed: false,
  cancelThresholdTicks: 0,
  cancelDebounceNs: 0,
  pendingCancelCountMax: Number.POSITIVE_INFINITY,
  pendingCancelShareMax: Number.POSITIVE_INFINITY,
  cancelWorthTicksMin: Number.NEGATIVE_INFINITY,
  ackAware: false,
  passiveCountMax: Number.POSITIVE_INFINITY,
  participationFactor: 1,
  preferAmend: false,
  venueWeightFactor: 1,
  venueCountMax: Number.POSITIVE_INFINITY,
  prefault: false,
  pinned: false,
  backgroundFreeze: false,
  sampleFactor: 1
})

/** Caps below 1 win over caps above 1 (the lowest); among raised caps the lowest raise wins too. */
function carefulCap(a: number, b: number): number {
  if (a < 1 || b < 1) return Math.min(a, b)
  if (a === 1) return b
  if (b === 1) return a
  return Math.min(a, b)
}

/** The most careful of both, field by field. Commutative, associative, idempotent; NEUTRAL is its unit. It cannot be changed. */
export function combine(a: Directives, b: Directives): Directives {
  return Object.freeze({
    spacingFactor: Math.max(a.spacingFactor, b.spacingFactor),
    burstCountMax: Math.min(a.burstCountMax, b.burstCountMax),
    catchUpShare: Math.min(a.catchUpShare, b.catchUpShare),
    childSizeFactor: Math.max(a.childSizeFactor, b.childSizeFactor),
    openingCapFactor: carefulCap(a.openingCapFactor, b.openingCapFactor),
    passiveCapFactor: carefulCap(a.passiveCapFactor, b.passiveCapFactor),
    takeCapFactor: carefulCap(a.takeCapFactor, b.takeCapFactor),
    liquidationCapFactor: carefulCap(a.liquidationCapFactor, b.liquidationCapFactor),
    messageRateMaxPerSecond: Math.min(a.messageRateMaxPerSecond, b.messageRateMaxPerSecond),
    attemptCountMax: Math.min(a.attemptCountMax, b.attemptCountMax),
    backoffFactor: Math.max(a.backoffFactor, b.backoffFactor),
    jitterNsMax: Math.max(a.jitterNsMax, b.jitterNsMax),
    modifySuppressed: a.modifySuppressed || b.modifySuppressed,
    cancelThresholdTicks: Math.max(a.cancelThresholdTicks, b.cancelThresholdTicks),
    cancelDebounceNs: Math.max(a.cancelDebounceNs, b.cancelDebounceNs),
    pendingCancelCountMax: Math.min(a.pendingCancelCountMax, b.pendingCancelCountMax),
    pendingCancelShareMax: Math.min(a.pendingCancelShareMax, b.pendingCancelShareMax),
    cancelWorthTicksMin: Math.max(a.cancelWorthTicksMin, b.cancelWorthTicksMin),
    ackAware: a.ackAware || b.ackAware,
    passiveCountMax: Math.min(a.passiveCountMax, b.passiveCountMax),
    participationFactor: Math.min(a.participationFactor, b.participationFactor),
    preferAmend: a.preferAmend || b.preferAmend,
    venueWeightFactor: Math.min(a.venueWeightFactor, b.venueWeightFactor),
    venueCountMax: Math.min(a.venueCountMax, b.venueCountMax),
    prefault: a.prefault || b.prefault,
    pinned: a.pinned || b.pinned,
    backgroundFreeze: a.backgroundFreeze || b.backgroundFreeze,
    sampleFactor: Math.min(a.sampleFactor, b.sampleFactor)
  })
}
