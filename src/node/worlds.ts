/* A scenario made ready to run: its market loaded, its files read, and a fresh world for any policy and seed. */
import { InputError } from '../kernel/assert.ts'
import { checkSymbols } from '../market/symbols.ts'
import { TimelineMarket } from '../market/timeline-market.ts'
import type { LedgerContext } from '../metrics/context.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { PathOptions } from '../path/options.ts'
import { parentsOf } from '../scenario/parents.ts'
import type { PolicyChoice, Scenario } from '../scenario/scenario.ts'
import type { World } from '../simulate.ts'
import { type LoadedVenue, type LoadOptions, loadVenues } from './market-store.ts'
import { readParents } from './parents-file.ts'
import { readStallTrace } from './stall-trace.ts'

export interface ReadyScenario {
  readonly scenario: Scenario
  readonly venues: readonly LoadedVenue[]
  readonly context: LedgerContext
  /** "LIQ on SIM, 2026-01-05", for titles. */
  readonly market: string
  world(policy: string, seed: number): World
}

/** Errors: InputError. */
export async function prepare(scenario: Scenario, options: LoadOptions): Promise<ReadyScenario> {
  const venues = await loadVenues(scenario.market.venues, options)
  const headers = venues.map(({ tape }) => tape.header)
  const named = venues.map(({ name, tape }) => ({ name, header: tape.header }))
  checkSymbols(named)
  const listed = scenario.parents.kind === 'file' ? await readParents(scenario.parents.file, named) : null
  const stalls = scenario.stallTrace === null ? null : await readStallTrace(scenario.stallTrace)
  const parents = remembered(parentsOf(scenario, headers, listed))
  const pathOf = (path: PathOptions): PathOptions => (stalls === null ? path : { ...path, host: { ...path.host, stalls } })
  return {
    scenario,
    venues,
    context: {
      headers,
      venueNames: venues.map(({ name }) => name),
      sessionNames: scenario.path.sessions.map(({ name }) => name)
    },
    market: marketTitle(venues),
    world(policy, seed) {
      const { execution, control, path } = policyOf(scenario, policy)
      return {
        seed,
        markets: venues.map(({ timeline }) => new TimelineMarket(timeline)),
        parents: parents(seed),
        path: pathOf(path),
        execution,
        control,
        eventCountMax: scenario.limits.eventCountMax
      }
    }
  }
}

/** "LIQ on SIM, 2026-01-05"; venues that quote the same on one day stand together. */
function marketTitle(venues: readonly LoadedVenue[]): string {
  const groups = new Map<string, string[]>()
  for (const { name, tape } of venues) {
    const { symbol, venue, date } = tape.header
    const key = `${symbol}\n${date}`
    groups.set(key, [...(groups.get(key) ?? []), venues.length === 1 ? venue : name])
  }
  return [...groups]
    .map(([key, names]) => {
      const [symbol, date] = key.split('\n')
      return `${symbol} on ${names.join(', ')}, ${date}`
    })
    .join('; ')
}

/** Errors: InputError with the names that there are. */
export function policyOf(scenario: Scenario, name: string): PolicyChoice {
  const policy = scenario.policies.get(name)
  if (policy === undefined) {
    throw new InputError(
      `--policy ${name}: there is no such policy; the scenario has ${[...scenario.policies.keys()].join(', ')}`
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
