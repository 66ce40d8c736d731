/*
 * What makes the worlds of a scenario once everything is read: plain data that passes to another thread, the long arrays of its markets in
 * shared memory. A world made there is the same as one made here.
 */
import { InputError } from '../kernel/assert.ts'
import { Timeline } from '../market/timeline.ts'
import { TimelineMarket } from '../market/timeline-market.ts'
import type { LedgerContext } from '../metrics/context.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { PathOptions, StallOptions } from '../path/options.ts'
import { parentsOf } from '../scenario/parents.ts'
import { findPolicy, SINGLE_NAMES } from '../scenario/policy-presets.ts'
import { type PolicyChoice, type Scenario, withCurves } from '../scenario/scenario.ts'
import type { World } from '../simulate.ts'
import type { PolicyModules } from './policy-modules.ts'
import type { VolumeCurves } from './volume-curves.ts'

export interface WorldParts {
  readonly scenario: Scenario
  /** One per venue. */
  readonly timelines: readonly Pick<Timeline, 'tape' | 'arrays' | 'bidLevelCount'>[]
  /** The parents of the scenario's file; null = they are drawn. */
  readonly listed: readonly ParentOrder[] | null
  readonly stalls: StallOptions | null
  readonly curves: VolumeCurves
  readonly context: LedgerContext
}

/** A fresh world for any policy and seed. */
export type MakeWorld = (policy: string, seed: number) => World

/** `modules` are those of this thread: code does not pass to another. Errors: InputError. */
export function worldsOf(parts: WorldParts, modules: PolicyModules): MakeWorld {
  const { scenario, timelines, listed, stalls, curves, context } = parts
  const indexes = timelines.map(({ tape, arrays, bidLevelCount }) => new Timeline(tape, arrays, bidLevelCount))
  const parents = remembered(parentsOf(scenario, context.headers, listed))
  const pathOf = (path: PathOptions): PathOptions => (stalls === null ? path : { ...path, host: { ...path.host, stalls } })
  return (policy, seed) => {
    const { execution, control, path } = policyOf(scenario, policy)
    // What is read from files belongs to a policy that is written; single ones are made of the controlled policy.
    const written = scenario.policies.has(policy) ? policy : 'controlled'
    const module = modules.get(written)
    return {
      seed,
      markets: indexes.map((timeline, venue) => new TimelineMarket(timeline, scenario.market.venues[venue].matching)),
      parents: parents(seed),
      path: pathOf(path),
      execution: withCurves(execution, curves.get(written) ?? []),
      ...(module === undefined ? {} : { module }),
      control,
      eventCountMax: scenario.limits.eventCountMax
    }
  }
}

/** Errors: InputError with the names that there are. */
export function policyOf(scenario: Scenario, name: string): PolicyChoice {
  const policy = findPolicy(scenario, name)
  if (policy === undefined) {
    const known = [...scenario.policies.keys()].join(', ')
    const singles = SINGLE_NAMES.slice(0, 2).join(' and ')
    throw new InputError(
      `--policy ${name}: there is no such policy; the scenario has ${known}, and single ones such as ${singles}`
    )
  }
  return policy
}

/** The same list for the same seed, drawn once. */
function remembered(draw: (seed: number) => readonly ParentOrder[]): (seed: number) => readonly ParentOrder[] {
  const known = new Map<number, readonly ParentOrder[]>()
  return (seed) => {
    const parents = known.get(seed) ?? draw(seed)
    known.set(seed, parents)
    return parents
  }
}
