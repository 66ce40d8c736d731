/*
 * Null tests: a friction that cannot cost anything changes nothing, in worlds in which all else is random; and a policy compared with
 * itself differs by nothing.
 */
import { describe, expect, it } from 'vitest'
import { compare } from '../../src/experiment/compare.ts'
import { prepare } from '../../src/node/worlds.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { simulate } from '../../src/simulate.ts'
import { NULL_FRICTIONS, type TestWorld } from './null-frictions.ts'
import { type RandomWorld, randomWorld } from './random-world.ts'
import { MARKETS } from './worlds.ts'

const SEEDS_EACH = 4
const SEEDS_AT_MOST = 24

/** Every table of the run as a hash; of those with columns left out, the hashes of the columns that stay. */
function tablesOf(tape: RandomWorld['tape'], world: TestWorld, unlike: readonly string[]): Record<string, unknown> {
  const { ledger, stages } = simulate({ ...world, markets: [MARKETS.timeline(tape)] })
  const tables: Record<string, unknown> = { stages: unlike.includes('telemetry') ? null : stages }
  for (const table of Object.values(ledger)) {
    if (unlike.includes(table.name)) continue
    const left = unlike.filter((name) => name.startsWith(`${table.name}.`)).map((name) => name.slice(table.name.length + 1))
    tables[table.name] = table.hash()
    if (left.length === 0) continue
    const { col, count } = table
    tables[table.name] = table.columns
      .filter((column) => !left.includes(column))
      .map((column) => [column, Array.from((col as Record<string, Float64Array>)[column].subarray(0, count))])
  }
  return tables
}

describe('a friction that costs nothing changes nothing', () => {
  for (const [index, friction] of NULL_FRICTIONS.entries()) {
    it(friction.title, () => {
      const { given = (world: TestWorld) => world, without, present, biting, unlike = [] } = friction
      let hasChanged = false
      // More worlds where these are too quiet to be bitten.
      for (let i = 0; i < SEEDS_EACH || (!hasChanged && i < SEEDS_AT_MOST); i++) {
        const seed = 1 + index * SEEDS_AT_MOST + i
        const drawn = randomWorld(seed)
        const world = given(drawn.world)
        const plain = tablesOf(drawn.tape, without(world), unlike)
        expect(tablesOf(drawn.tape, present(world), unlike), `seed ${seed}`).toEqual(plain)
        hasChanged ||= JSON.stringify(tablesOf(drawn.tape, biting(world), unlike)) !== JSON.stringify(plain)
      }
      // The friction is real: where it bites, a world changes.
      expect(hasChanged).toBe(true)
    })
  }
})

describe('a policy compared with itself', () => {
  const SCENARIO = `
    seeds: 4
    market: { venues: [ { tape: { generate: mid, open: "10:00", close: "10:20" } } ] }
    parents: { count: 6, quantityLots: [ 100, 600 ], horizon: [ 2m, 5m ] }
    path:
      preset: colo
      host: { stalls: storm-file }
      gate: { hazard: { intercept: -2, utilisation: 1 } }
      gateway: { throttle: { kind: fixed-clock, limit: 3 } }
      retry: backoff
    policies:
      baseline: {}
      twin: { preset: baseline }
      controlled: { control: on, execution: { takeAfterShare: 0.1 } }
    report: { resamples: 200 }`
  const compared = async (controlled: string) => {
    const scenario = parseScenario(SCENARIO, { fileName: 'twins.yaml' })
    const ready = await prepare(scenario, { cache: 'none', progress: { say: () => undefined, clear: () => undefined } })
    const hashes = new Map<string, string[]>()
    const plan = {
      scenario: 'twins',
      seed: 1,
      seeds: [1, 2, 3, 4],
      policies: ['baseline', controlled],
      baseline: 'baseline',
      controlled,
      context: ready.context,
      resampleCount: 200
    }
    const comparison = compare(
      plan,
      ({ policy, seed }) => ready.world(policy, seed),
      simulate,
      ({ policy }, { ledgerHash }) => {
        hashes.set(policy, [...(hashes.get(policy) ?? []), ledgerHash])
      }
    )
    return { comparison, hashes }
  }

  it('differs by exactly nothing, with intervals of exactly nothing, though its worlds are full of frictions', async () => {
    const { comparison, hashes } = await compared('twin')
    expect(hashes.get('twin')).toEqual(hashes.get('baseline'))
    expect(new Set(hashes.get('twin')).size).toBe(4)
    const { paired, policies } = comparison
    for (const difference of [...Object.values(paired.shortfallBps), paired.completion]) {
      expect(difference).toEqual({ delta: 0, low: 0, high: 0 })
    }
    expect(paired).toMatchObject({ pairCount: 24, betterShare: 0, equalShare: 1 })
    expect(policies.twin).toEqual(policies.baseline)
  })

  it('while another policy in the same worlds differs', async () => {
    const { comparison, hashes } = await compared('controlled')
    expect(hashes.get('controlled')).not.toEqual(hashes.get('baseline'))
    expect(comparison.paired.equalShare).toBeLessThan(1)
    expect(comparison.paired.shortfallBps.mean.delta).not.toBe(0)
  })
})
