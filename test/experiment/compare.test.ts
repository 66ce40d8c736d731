import { xxhash128 } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { type Comparison, type ComparisonPlan, combine, compare } from '../../src/experiment/compare.ts'
import { reduceRun } from '../../src/experiment/reduction.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { keyedUniform } from '../../src/kernel/random.ts'
import { createLedger, hashLedger } from '../../src/ledger/ledger.ts'
import type { Run, World } from '../../src/simulate.ts'
import { addRow, CONTEXT } from '../metrics/rows.ts'

const PARENTS = 40

/** A stand-in run: parents drawn by seed, each fully filled in one fill that costs what `costTicks` says. */
function madeRun(seed: number, costTicks: (parentId: number) => number, parents = PARENTS): Run {
  const ledger = createLedger()
  for (let parentId = 0; parentId < parents; parentId++) {
    const quantityLots = 100 + Math.floor(keyedUniform(seed, 99, parentId) * 900)
    const mid = 20000
    addRow(ledger.parents, {
      parentId,
      venue: 0,
      side: parentId % 2 === 0 ? 1 : -1,
      quantityLots,
      startNs: parentId * 1e9,
      endNs: parentId * 1e9 + 60e9,
      decisionMidHalfTicks: mid,
      endMidHalfTicks: mid
    })
    const side = parentId % 2 === 0 ? 1 : -1
    addRow(ledger.fills, {
      parentId,
      childId: parentId,
      venue: 0,
      side,
      fillNs: parentId * 1e9 + 1,
      priceTicks: 10000 + side * costTicks(parentId),
      lots: quantityLots,
      liquidity: 'taker'
    })
  }
  return { seed, ledger, ledgerHash: hashLedger(ledger), eventCount: 1000 + seed, stages: [] }
}

const noisy = (seed: number, extra: number) => (parentId: number) => Math.floor(keyedUniform(seed, 98, parentId) * 50) + extra

const PLAN: ComparisonPlan = {
  scenario: 'made',
  seed: 7,
  seeds: [1, 2, 3, 4, 5],
  policies: ['baseline', 'controlled'],
  baseline: 'baseline',
  controlled: 'controlled',
  context: CONTEXT
}

type Cost = (policy: string, seed: number) => (parentId: number) => number

/** The stand-in looks up its cell by the world's identity: worlds here are only labels. */
function compareMade(plan: ComparisonPlan, cost: Cost): Comparison {
  const cells = new Map<World, { policy: string; seed: number }>()
  const makeWorld = (cell: { policy: string; seed: number }): World => {
    const world = { seed: cell.seed } as World
    cells.set(world, cell)
    return world
  }
  return compare(plan, makeWorld, (world) => {
    const cell = cells.get(world) ?? { policy: '', seed: 0 }
    return madeRun(cell.seed, cost(cell.policy, cell.seed))
  })
}

describe('comparing two policies', () => {
  it('gives each policy its shortfall and the difference between them in bps', () => {
    // The controlled policy pays 3 ticks less for every parent: 3 bps of 100.00, in every statistic and resample.
    const result = compareMade(PLAN, (policy, seed) => noisy(seed, policy === 'controlled' ? 7 : 10))
    for (const name of ['mean', 'p50', 'p90', 'p95', 'p99', 'cvar95'] as const) {
      expect(result.paired.shortfallBps[name].delta).toBeCloseTo(-3, 9)
      expect(result.paired.shortfallBps[name].low).toBeCloseTo(-3, 9)
      expect(result.paired.shortfallBps[name].high).toBeCloseTo(-3, 9)
      const { baseline, controlled } = result.policies
      expect((controlled.shortfallBps[name] ?? 0) - (baseline.shortfallBps[name] ?? 0)).toBeCloseTo(-3, 9)
    }
    expect(result.paired.completion).toEqual({ delta: 0, low: 0, high: 0 })
    expect(result.paired.betterShare).toBe(1)
    expect(result).toMatchObject({ scenario: 'made', seed: 7, seeds: 5, parents: PARENTS })
    expect(result.policies.baseline.completion).toBe(1)
    // 2 policies x (1001 + ... + 1005).
    expect(result.events).toBe(2 * 5015)
  })

  it('of one policy with itself shows exactly nothing (A/A)', () => {
    const result = compareMade(PLAN, (_, seed) => noisy(seed, 0))
    for (const difference of [...Object.values(result.paired.shortfallBps), result.paired.completion]) {
      expect(difference).toEqual({ delta: 0, low: 0, high: 0 })
    }
    expect(result.paired.equalShare).toBe(1)
    expect({ ...result.policies.baseline }).toEqual({ ...result.policies.controlled })
  })

  it('with its arms relabelled turns the sign of every difference exactly', () => {
    const cost: Cost = (policy, seed) => noisy(policy === 'controlled' ? seed + 100 : seed, 0)
    const forth = compareMade(PLAN, cost)
    const back = compareMade({ ...PLAN, baseline: 'controlled', controlled: 'baseline' }, cost)
    for (const [name, { delta, low, high }] of Object.entries(forth.paired.shortfallBps)) {
      const mirrored = back.paired.shortfallBps[name as 'mean']
      expect([mirrored.delta, mirrored.low, mirrored.high]).toEqual([0 - (delta ?? 1e9), 0 - (high ?? 1e9), 0 - (low ?? 1e9)])
    }
    // The runs are the same ones in the same order.
    expect(back.ledgerHash).toBe(forth.ledgerHash)
  })

  it('hashes the runs in the order of policies, then seeds', async () => {
    const cost: Cost = (policy, seed) => noisy(seed, policy === 'controlled' ? 1 : 0)
    const hashes = PLAN.policies.flatMap((policy) => PLAN.seeds.map((seed) => madeRun(seed, cost(policy, seed)).ledgerHash))
    expect(compareMade(PLAN, cost).ledgerHash).toBe(await xxhash128(hashes.join('')))
  })

  it('combines reductions from elsewhere, in any order and after a structured clone, to the same result', () => {
    const cost: Cost = (policy, seed) => noisy(seed, policy === 'controlled' ? 1 : 0)
    const reductions = PLAN.policies.flatMap((policy) =>
      PLAN.seeds.map((seed) => structuredClone(reduceRun(policy, seed, madeRun(seed, cost(policy, seed)), CONTEXT)))
    )
    expect(combine(PLAN, reductions.reverse())).toEqual(compareMade(PLAN, cost))
    expect(() => combine(PLAN, reductions.slice(1))).toThrow(/missing/)
  })

  it('has no intervals with one seed, and says why', () => {
    const result = compareMade({ ...PLAN, seeds: [1] }, (policy, seed) => noisy(seed, policy === 'controlled' ? 0 : 2))
    expect(result.paired.shortfallBps.p95).toEqual({ delta: expect.closeTo(-2, 9), low: null, high: null })
    expect(result.paired.intervalNote).toMatch(/one seed/)
  })

  it('leaves a pair out of the shortfall when one arm cannot be priced, and counts it', () => {
    const run = (world: World): Run => {
      const made = madeRun(world.seed, () => 1)
      if (world.eventCountMax === 1) made.ledger.parents.col.decisionMidHalfTicks[3] = Number.NaN
      return made
    }
    const makeWorld = ({ policy, seed }: { policy: string; seed: number }): World =>
      ({ seed, eventCountMax: policy === 'controlled' ? 1 : 0 }) as World
    const result = compare({ ...PLAN, seeds: [1, 2] }, makeWorld, run)
    expect(result.paired).toMatchObject({ pairCount: 78, unpricedPairCount: 2 })
    expect(result.policies.controlled.parents.withoutDecisionMid).toBe(2)
  })

  it('is safe to write as JSON: nothing is lost on the way', () => {
    const result = compareMade(PLAN, (policy, seed) => noisy(seed, policy === 'controlled' ? 1 : 0))
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it('refuses arms whose parents differ, and plans that cannot be compared', () => {
    const uneven = (world: World): Run => madeRun(world.seed, () => 1, world.eventCountMax)
    const makeWorld = ({ policy, seed }: { policy: string; seed: number }): World =>
      ({ seed, eventCountMax: policy === 'controlled' ? 3 : 4 }) as World
    expect(() => compare(PLAN, makeWorld, uneven)).toThrow(/seed 1: the policies had 4 and 3 parents/)
    expect(() => compareMade({ ...PLAN, seeds: [] }, () => () => 0)).toThrow(InputError)
    expect(() => compareMade({ ...PLAN, seeds: [1, 1] }, () => () => 0)).toThrow(/twice/)
    expect(() => compareMade({ ...PLAN, controlled: 'tuned' }, () => () => 0)).toThrow(/"tuned" is not in the scenario/)
  })
})
