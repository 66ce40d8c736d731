/*
 * How parents are worked unless a scenario says otherwise. Every figure is assumed. The baseline does what naive systems
 * do: it catches up at once, cancels whenever the book turns, replaces instead of amending. The controlled policy is the
 * very same execution: what differs are its controllers. The others are the baseline with one schedule or tactic of their own.
 */
import type { ExecutionOptions } from './options.ts'

const SECOND = 1_000_000_000

export const BASELINE: ExecutionOptions = {
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

export const CONTROLLED: ExecutionOptions = { ...BASELINE }
