/*
 * How parents are worked unless a scenario says otherwise. Every figure is assumed. The baseline does what naive systems
 * do: it catches up at once, cancels whenever the book turns, replaces instead of amending. The controlled policy is the
 * very same execution: what differs are its controllers. The others are the baseline with one schedule or tactic of their own.
 */
import type { ExecutionOptions, TwapOptions } from './options.ts'

type EvenExecution = ExecutionOptions & { readonly schedule: TwapOptions }

const SECOND = 1_000_000_000

export const BASELINE: EvenExecution = {
  schedule: { kind: 'twap' },
  sliceNs: 10 * SECOND,
  childLotsMax: 100,
  tactic: 'passive-then-take',
  urgency: [],
  takeAfterShare: 0.7,
  takeThroughTicks: 1,
  limitFromStartTicks: Number.POSITIVE_INFINITY,
  participationMax: Number.POSITIVE_INFINITY,
  repriceTicks: 1,
  minimumRestNs: 0,
  reprice: 'replace',
  cancelImbalance: 0.6,
  catchUp: 'full',
  catchUpShare: 1,
  finishNs: 5 * SECOND
}

export const CONTROLLED: EvenExecution = { ...BASELINE }

/** One schedule or tactic each, over the baseline; VWAP needs a curve and is not among them. */
export const EXECUTION_PRESETS = {
  baseline: BASELINE,
  twap: BASELINE,
  // A tenth of the volume, half of it while passive and twice as much while urgent; what does not trade by the end is left.
  pov: { ...BASELINE, schedule: { kind: 'pov', min: 0.05, share: 0.1, max: 0.2 }, finishNs: 0 },
  // Half of what is left goes in the next 139 s: ln 2 / kappa.
  'front-loaded': { ...BASELINE, schedule: { kind: 'front-loaded', kappaPerSecond: 0.005 } },
  join: { ...BASELINE, tactic: 'join' },
  peg: { ...BASELINE, tactic: 'peg', minimumRestNs: SECOND },
  take: { ...BASELINE, tactic: 'take' },
  'passive-then-take': { ...BASELINE, tactic: 'passive-then-take' }
} as const satisfies Record<string, ExecutionOptions>
