/*
 * The composition root: a world's description in, its run out. Wires market, path, desk, policies and controllers to one
 * simulation, runs it, checks conservation and hashes the ledger.
 */
import type { ControlOptions } from './control/options.ts'
import type { StageCount } from './ledger/conservation.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Market } from './market/market.ts'
import type { ParentOrder } from './order/parent.ts'
import type { PathOptions } from './path/options.ts'
import type { ExecutionOptions } from './policy/options.ts'

/** Everything that decides a run. `markets` are fresh (one world's own), one per venue. */
export interface World {
  readonly seed: number
  readonly markets: readonly Market[]
  readonly parents: readonly ParentOrder[]
  readonly path: PathOptions
  readonly execution: ExecutionOptions
  readonly control: ControlOptions
  /** More events than this stop the run. */
  readonly eventCountMax: number
}

export interface Run {
  readonly seed: number
  readonly ledger: Ledger
  readonly ledgerHash: string
  readonly eventCount: number
  readonly stages: readonly StageCount[]
}

/** Runs one world. Throws InvariantError (with seed and event) when an invariant breaks. */
export function simulate(world: World): Run {
  throw new Error(`not composed yet: ${world.seed}`)
}
