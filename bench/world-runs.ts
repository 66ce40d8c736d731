/* Worlds of a shipped scenario run one after the other, and what is kept of them. */
import { fileURLToPath } from 'node:url'
import { readScenario } from '../src/node/scenario-file.ts'
import { prepare, type ReadyScenario } from '../src/node/worlds.ts'
import { type Run, simulate, type World } from '../src/simulate.ts'

export const POLICIES = ['baseline', 'controlled']

/** From dist-bench/bench. */
export const QUICKSTART = fileURLToPath(new URL('../../scenarios/quickstart.yaml', import.meta.url))

/** What is kept of a run: twenty ledgers at once would be the collector's work, not the engine's. */
export interface Outcome {
  readonly ledgerHash: string
  readonly eventCount: number
}

export type MakeWorld = (policy: string, seed: number) => World

/** A shipped scenario with edits, its market in memory and nothing written. */
export function readyScenario(file: string, set: readonly string[]): Promise<ReadyScenario> {
  const progress = { say: () => undefined, clear: () => undefined }
  return prepare(readScenario(file, { set }), { cache: 'none', progress })
}

export function runAll(makeWorld: MakeWorld, seeds: readonly number[], view = outcomeOf): Outcome[] {
  return POLICIES.flatMap((policy) => seeds.map((seed) => view(simulate(makeWorld(policy, seed)))))
}

function outcomeOf({ ledgerHash, eventCount }: Run): Outcome {
  return { ledgerHash, eventCount }
}

export function hashesOf(runs: readonly Outcome[]): string {
  return runs.map(({ ledgerHash }) => ledgerHash).join()
}
