/*
 * The baseline against the controlled policy in the same worlds: every policy runs every seed with the same parents, market
 * and weather, and results are paired by (parent, seed). The unit is the parent order; intervals resample whole seeds. Runs are
 * streamed: each is reduced as it comes and its ledger dropped, so memory grows with parents and messages, not with ledgers.
 * Negative differences of shortfall mean that the controlled policy paid less.
 */
import { assert, InputError } from '../kernel/assert.ts'
import { fingerprint } from '../ledger/fingerprint.ts'
import type { LedgerContext } from '../metrics/context.ts'
import { absorb, createPool, type Pool } from '../metrics/pool.ts'
import { figures, type RunMetrics } from '../metrics/run-metrics.ts'
import { completionOf, type ParentResults } from '../metrics/shortfall.ts'
import type { Run, World } from '../simulate.ts'
import { bootstrapDifferences, type ClusteredSample, type Difference, type Statistic } from './bootstrap.ts'
import { type Cell, type Reduction, reduceRun } from './reduction.ts'

export interface ComparisonPlan {
  /** Name for titles. */
  readonly scenario: string
  /** The scenario's seed: it decides the bootstrap's draws. */
  readonly seed: number
  /** Seeds of the worlds, all different. */
  readonly seeds: readonly number[]
  /** Names of the policies, all different; these two are compared, and every other one with the baseline. */
  readonly policies: readonly string[]
  readonly baseline: string
  readonly controlled: string
  readonly context: LedgerContext
  /** Default 1000. */
  readonly resampleCount?: number
}

export interface PolicyFigures extends RunMetrics {
  readonly runCount: number
  readonly events: number
}

export interface PairedFigures {
  readonly baseline: string
  readonly controlled: string
  /** controlled - baseline, with 95 % intervals; bps. */
  readonly shortfallBps: Readonly<Record<Statistic, Difference>>
  /** Difference of the mean filled share. */
  readonly completion: Difference
  /** Pairs priced in both arms; pairs left out of the shortfall differences because one arm could not be priced. */
  readonly pairCount: number
  readonly unpricedPairCount: number
  /** Share of pairs in which the controlled policy paid less, and in which both paid the same. */
  readonly betterShare: number | null
  readonly equalShare: number | null
  readonly resampleCount: number
  /** Why there are no intervals; null when there are. */
  readonly intervalNote: string | null
}

/** Safe to write as JSON. */
export interface Comparison {
  readonly scenario: string
  readonly seed: number
  readonly seeds: number
  /** Parents of one seed (the mean, where they differ). */
  readonly parents: number
  readonly policies: Readonly<Record<string, PolicyFigures>>
  readonly paired: PairedFigures
  /** Of the other policies against the baseline, by name; absent without any. */
  readonly others?: Readonly<Record<string, PairedFigures>>
  /** Fingerprint of the runs' ledger hashes in the order of policies, then seeds. */
  readonly ledgerHash: string
  readonly events: number
}

/** The runs of a plan, in the order in which they are combined. Errors: InputError where the plan cannot be compared. */
export function cellsOf(plan: ComparisonPlan): Cell[] {
  const { policies, seeds, baseline, controlled } = plan
  if (seeds.length === 0) throw new InputError('there is no seed to run; give at least one')
  if (new Set(seeds).size !== seeds.length) throw new InputError('a seed is given twice; every seed may stand once')
  if (new Set(policies).size !== policies.length) throw new InputError('two policies have one name; rename one of them')
  for (const name of [baseline, controlled]) {
    if (!policies.includes(name)) throw new InputError(`policy "${name}" is not in the scenario; there is ${policies.join(', ')}`)
  }
  return policies.flatMap((policy) => seeds.map((seed) => ({ policy, seed })))
}

/**
 * Runs the plan. `makeWorld` gives a fresh world of a policy and seed, `run` runs it (simulate); `onRun` sees each run before
 * its ledger is dropped.
 * Throws InvariantError when the two arms of a seed do not have the same parents.
 */
export function compare(
  plan: ComparisonPlan,
  makeWorld: (cell: Cell) => World,
  run: (world: World) => Run,
  onRun?: (cell: Cell, run: Run) => void
): Comparison {
  const accumulation = new Accumulation(plan)
  for (const cell of cellsOf(plan)) {
    const result = run(makeWorld(cell))
    onRun?.(cell, result)
    accumulation.add(reduceRun(cell.policy, cell.seed, result, plan.context))
  }
  return accumulation.finish()
}

/** Combines reductions made elsewhere (in workers, say), given in any order. */
export function combine(plan: ComparisonPlan, reductions: Iterable<Reduction>): Comparison {
  const byCell = new Map<string, Reduction>()
  for (const reduction of reductions) byCell.set(JSON.stringify([reduction.policy, reduction.seed]), reduction)
  const accumulation = new Accumulation(plan)
  for (const { policy, seed } of cellsOf(plan)) {
    const reduction = byCell.get(JSON.stringify([policy, seed]))
    assert(reduction !== undefined, `the run of policy ${policy} with seed ${seed} is missing`)
    accumulation.add(reduction)
  }
  return accumulation.finish()
}

interface PolicyState {
  readonly parents: ParentResults[]
  readonly pool: Pool
  events: number
}

/** Takes reductions in the order of `cellsOf`. */
class Accumulation {
  private readonly plan: ComparisonPlan
  private readonly states = new Map<string, PolicyState>()
  private readonly hashes: string[] = []

  constructor(plan: ComparisonPlan) {
    this.plan = plan
  }

  add(reduction: Reduction): void {
    let state = this.states.get(reduction.policy)
    if (state === undefined) {
      state = { parents: [], pool: createPool(), events: 0 }
      this.states.set(reduction.policy, state)
    }
    state.parents.push(reduction.parents)
    absorb(state.pool, reduction.pool)
    state.events += reduction.eventCount
    this.hashes.push(reduction.ledgerHash)
  }

  finish(): Comparison {
    const { plan } = this
    const policies = [...this.states].map(([name, { parents, pool, events }]) => {
      return [name, { runCount: parents.length, events, ...figures(parents, pool) }] as const
    })
    const parentsOf = (name: string): readonly ParentResults[] => this.states.get(name)?.parents ?? []
    const baseline = parentsOf(plan.baseline)
    const others = plan.policies.filter((name) => name !== plan.baseline && name !== plan.controlled)
    return {
      scenario: plan.scenario,
      seed: plan.seed,
      seeds: plan.seeds.length,
      parents: baseline.reduce((sum, { count }) => sum + count, 0) / plan.seeds.length,
      policies: Object.fromEntries(policies),
      paired: pairedFigures(plan, plan.controlled, baseline, parentsOf(plan.controlled)),
      ...(others.length === 0
        ? {}
        : { others: Object.fromEntries(others.map((name) => [name, pairedFigures(plan, name, baseline, parentsOf(name))])) }),
      ledgerHash: fingerprint(this.hashes),
      events: policies.reduce((sum, [, { events }]) => sum + events, 0)
    }
  }
}

/** Both arms have a seed's parents in one order; the same row is the same mandate. */
function checkPairs(seed: number, control: ParentResults, treatment: ParentResults): void {
  assert(control.count === treatment.count, `seed ${seed}: the policies had ${control.count} and ${treatment.count} parents`)
  for (let row = 0; row < control.count; row++) {
    for (const column of ['parentId', 'venue', 'side', 'startNs', 'quantityLots'] as const) {
      assert(
        control[column][row] === treatment[column][row],
        `seed ${seed}: parent row ${row} differs in ${column} between the policies`
      )
    }
  }
}

function pairedFigures(
  plan: ComparisonPlan,
  controlled: string,
  control: readonly ParentResults[],
  treatment: readonly ParentResults[]
): PairedFigures {
  const shortfall: [number[], number[]] = [[], []]
  const completion: [number[], number[]] = [[], []]
  const shortfallCluster: number[] = []
  const completionCluster: number[] = []
  let better = 0
  let equal = 0
  for (const [cluster, seed] of plan.seeds.entries()) {
    checkPairs(seed, control[cluster], treatment[cluster])
    for (let row = 0; row < control[cluster].count; row++) {
      completion[0].push(completionOf(control[cluster], row))
      completion[1].push(completionOf(treatment[cluster], row))
      completionCluster.push(cluster)
      const paid = [control[cluster].shortfallBps[row], treatment[cluster].shortfallBps[row]] as const
      if (Number.isNaN(paid[0]) || Number.isNaN(paid[1])) continue
      shortfall[0].push(paid[0])
      shortfall[1].push(paid[1])
      shortfallCluster.push(cluster)
      if (paid[1] < paid[0]) better++
      if (paid[1] === paid[0]) equal++
    }
  }
  const resampleCount = plan.resampleCount ?? 1000
  const differences = (values: [number[], number[]], cluster: number[]): Record<Statistic, Difference> => {
    const arm = (index: 0 | 1): ClusteredSample => ({
      values: Float64Array.from(values[index]),
      cluster: Uint32Array.from(cluster)
    })
    return bootstrapDifferences(arm(0), arm(1), plan.seeds.length, resampleCount, plan.seed)
  }
  const pairCount = shortfallCluster.length
  return {
    baseline: plan.baseline,
    controlled,
    shortfallBps: differences(shortfall, shortfallCluster),
    completion: differences(completion, completionCluster).mean,
    pairCount,
    unpricedPairCount: completionCluster.length - pairCount,
    betterShare: pairCount === 0 ? null : better / pairCount,
    equalShare: pairCount === 0 ? null : equal / pairCount,
    resampleCount,
    intervalNote: plan.seeds.length < 2 ? 'one seed: intervals resample seeds, so there are none; run at least two' : null
  }
}
