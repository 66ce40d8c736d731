/* The manifest of a run or a comparison: the scenario as resolved, seeds, versions, tapes and hashes. */
import { toPlain } from '../scenario/resolve.ts'
import type { Manifest } from './run-store.ts'
import { programVersion } from './version.ts'
import type { ReadyScenario } from './worlds.ts'

export function manifestOf(
  { scenario, venues }: ReadyScenario,
  facts: Pick<Manifest, 'kind' | 'policy' | 'seed' | 'ledgerHash' | 'events' | 'stages'>
): Manifest {
  return {
    ...facts,
    scenario: toPlain(scenario),
    versions: { tailtax: programVersion(), node: process.version },
    tapes: venues.map(({ name, tape, tapeHash }) => ({ venue: name, hash: tapeHash, rows: tape.count, header: tape.header }))
  }
}
