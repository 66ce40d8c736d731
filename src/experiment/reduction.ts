/*
 * One run reduced to what an experiment needs, so that its ledger can be dropped: per-parent results, the pooled metrics'
 * inputs, hash and event count. Plain data: it passes between threads by structured clone.
 */

import type { LedgerContext } from '../metrics/context.ts'
import { createPool, type Pool } from '../metrics/pool.ts'
import { collectRun } from '../metrics/run-metrics.ts'
import { type ParentResults, parentResults } from '../metrics/shortfall.ts'
import type { Run } from '../simulate.ts'

/** One run of an experiment: a policy in the world of a seed. */
export interface Cell {
  readonly policy: string
  readonly seed: number
}

export interface Reduction extends Cell {
  readonly parents: ParentResults
  readonly pool: Pool
  readonly ledgerHash: string
  readonly eventCount: number
}

export function reduceRun(policy: string, seed: number, run: Run, context: LedgerContext): Reduction {
  const pool = createPool()
  collectRun(run.ledger, context, pool)
  return {
    policy,
    seed,
    parents: parentResults(run.ledger, context),
    pool,
    ledgerHash: run.ledgerHash,
    eventCount: run.eventCount
  }
}
