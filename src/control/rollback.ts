/*
 * When a canary is taken back while it runs: the rollback rules of the playbooks, held against the parents that the controllers leave alone. Page-fault:
 * miss rate and opportunity cost beyond budget. Reject-loop: reject rate overshoot, p95 of cost, completion, oscillation. Cancel-ack: q95
 * or the stale fill ratio in two windows running. tx-pacing: completion and q95/q99. A figure that is not known (too few observations) breaches
 * nothing. Pure: windows in, the first rule that is broken out.
 */

/** Figures of one window, of the canary's parents or of the others; opportunity and completion are of all parents that have ended so far. */
export interface CanaryFigures {
  /** Children that ended without any fill, over those that ended. */
  readonly missRate: number
  /** Unfilled rest at the last mid, bps of the parents' notional. */
  readonly opportunityBps: number
  readonly rejectRate: number
  /** Of fills, against the mid at their intent. */
  readonly p95Bps: number
  readonly p99Bps: number
  readonly completion: number
  readonly staleFillRatio: number
}

export interface CanaryWindow {
  readonly canary: CanaryFigures
  readonly others: CanaryFigures
  /** Of the most restless controller in the window. */
  readonly transitionsPerMinute: number
}

/** How much worse than the others a canary may be. */
export interface RollbackRules {
  readonly windowNs: number
  readonly missRateMax: number
  readonly opportunityBpsMax: number
  readonly rejectRateMax: number
  readonly p95BpsMax: number
  readonly p99BpsMax: number
  readonly completionLossMax: number
  readonly staleFillRatioMax: number
  readonly transitionsPerMinuteMax: number
}

export interface Breach {
  readonly rule:
    | 'missRate'
    | 'opportunity'
    | 'rejectRate'
    | 'fillCostP95'
    | 'fillCostP99'
    | 'completion'
    | 'staleFillRatio'
    | 'oscillation'
  /** Excess of the canary over the others; transitions per minute for oscillation. */
  readonly value: number
  readonly threshold: number
}

/** Tails and stale fills of one window are chance; two running are not (cancel-ack playbook, "two consecutive windows"). */
const TWICE: ReadonlySet<Breach['rule']> = new Set(['fillCostP95', 'fillCostP99', 'staleFillRatio'])

/** The rule that this window breaks, with the window before it where two are needed; null = none. */
export function rollback(rules: RollbackRules, window: CanaryWindow, before: CanaryWindow | null): Breach | null {
  const earlier = before === null ? [] : breaches(rules, before)
  for (const breach of breaches(rules, window)) {
    if (!TWICE.has(breach.rule) || earlier.some(({ rule }) => rule === breach.rule)) return breach
  }
  return null
}

function breaches(rules: RollbackRules, { canary, others, transitionsPerMinute }: CanaryWindow): Breach[] {
  const all: readonly Breach[] = [
    { rule: 'missRate', value: canary.missRate - others.missRate, threshold: rules.missRateMax },
    { rule: 'opportunity', value: canary.opportunityBps - others.opportunityBps, threshold: rules.opportunityBpsMax },
    { rule: 'rejectRate', value: canary.rejectRate - others.rejectRate, threshold: rules.rejectRateMax },
    { rule: 'fillCostP95', value: canary.p95Bps - others.p95Bps, threshold: rules.p95BpsMax },
    { rule: 'fillCostP99', value: canary.p99Bps - others.p99Bps, threshold: rules.p99BpsMax },
    { rule: 'completion', value: others.completion - canary.completion, threshold: rules.completionLossMax },
    { rule: 'staleFillRatio', value: canary.staleFillRatio - others.staleFillRatio, threshold: rules.staleFillRatioMax },
    { rule: 'oscillation', value: transitionsPerMinute, threshold: rules.transitionsPerMinuteMax }
  ]
  return all.filter(({ value, threshold }) => value > threshold)
}
