/*
 * Swarm: a seed makes a world with whole frictions off or extreme; what must hold in every run is read from its ledger. A failure
 * prints the seeds; run one alone with TAILTAX_SWARM_SEED=<seed> npx vitest run test/simulate/swarm.test.ts.
 */
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/simulate.ts'
import { randomWorld } from './random-world.ts'
import { faultsOf } from './run-checks.ts'
import { MARKETS } from './worlds.ts'

const SEED_COUNT = 400
const only = process.env.TAILTAX_SWARM_SEED
const seeds = only === undefined ? Array.from({ length: SEED_COUNT }, (_, i) => i + 1) : [Number(only)]

describe('a world of any frictions', () => {
  it('breaks no invariant, loses nothing and never trades more than it was asked to', () => {
    const failures: string[] = []
    let fillCount = 0
    for (const seed of seeds) {
      const { tape, world } = randomWorld(seed)
      try {
        const run = simulate({ ...world, markets: [MARKETS.timeline(tape)] })
        fillCount += run.ledger.fills.count
        const faults = faultsOf(run, [world.path.orders])
        if (faults.length > 0) failures.push(`seed ${seed}: ${faults.length} faults, first: ${faults[0]}`)
      } catch (error) {
        failures.push(`seed ${seed}: ${(error as Error).message}`)
      }
    }
    const rerun = `rerun one with TAILTAX_SWARM_SEED=<seed> npx vitest run test/simulate/swarm.test.ts`
    expect(failures, rerun).toEqual([])
    expect(fillCount).toBeGreaterThan(seeds.length / 10)
  })
})
