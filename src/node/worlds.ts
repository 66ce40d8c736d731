/* A scenario made ready to run: its market loaded, its files read, and a fresh world for any policy and seed. */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { checkSymbols } from '../market/symbols.ts'
import type { LedgerContext } from '../metrics/context.ts'
import type { Scenario, VenueOptions } from '../scenario/scenario.ts'
import { type LoadedVenue, type LoadOptions, loadVenues } from './market-store.ts'
import { readParents } from './parents-file.ts'
import { loadPolicyModules } from './policy-modules.ts'
import { readStallTrace } from './stall-trace.ts'
import { readVolumeCurves } from './volume-curves.ts'
import { type MakeWorld, type WorldParts, worldsOf } from './world-parts.ts'

export interface ReadyScenario {
  readonly scenario: Scenario
  readonly venues: readonly LoadedVenue[]
  readonly context: LedgerContext
  /** "LIQ on SIM, 2026-01-05", for titles. */
  readonly market: string
  /** What another thread needs to make the same worlds. */
  readonly parts: WorldParts
  readonly world: MakeWorld
}

/** Errors: InputError. */
export async function prepare(scenario: Scenario, options: LoadOptions): Promise<ReadyScenario> {
  const venues = await loadVenues(scenario.market.venues, options)
  const headers = venues.map(({ tape }) => tape.header)
  const named = venues.map(({ name, tape }) => ({ name, header: tape.header }))
  checkSymbols(named)
  const listed = scenario.parents.kind === 'file' ? await readParents(scenario.parents.file, named) : null
  const stalls = scenario.stallTrace === null ? null : await readStallTrace(scenario.stallTrace)
  const context = {
    headers,
    venueNames: venues.map(({ name }) => name),
    sessionNames: scenario.path.sessions.map(({ name }) => name)
  }
  const timelines = venues.map(({ timeline: { tape, arrays, bidLevelCount } }) => ({ tape, arrays, bidLevelCount }))
  const tapes = venues.map(({ tape }) => tape)
  const curves = await readVolumeCurves(scenario, tapes, options.cache)
  const parts = { scenario, timelines, listed, stalls, curves, context }
  return {
    scenario,
    venues,
    context,
    market: marketTitle(venues) + impactNote(scenario.market.venues),
    parts,
    world: worldsOf(parts, await loadPolicyModules(scenario))
  }
}

/** A market that our orders move is never reported without saying so. */
function impactNote(venues: readonly VenueOptions[]): string {
  const notes = venues.flatMap(({ name, matching: { impact } }) => {
    if (impact === null) return []
    const withdrawn = impact.displacement === 0 ? '' : `, ${impact.displacement} lots withdrawn per lot taken`
    return [`${name}: impact on, half of what is taken refills in ${impact.halfLifeNs / NS_PER_SECOND} s${withdrawn}`]
  })
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
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
