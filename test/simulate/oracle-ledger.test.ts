/*
 * A world on the timeline and the same world on the sequential oracle write the same ledger, to the last bit: on random tapes under
 * random frictions and policies, on generated days, and on recorded ones.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { generateTape } from '../../src/market/generator.ts'
import { generatorOptions } from '../../src/market/generator-presets.ts'
import { generateVenues } from '../../src/market/generator-venues.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import type { Tape } from '../../src/market/tape.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { summarise } from '../../src/metrics/run-metrics.ts'
import { importLobsterFiles } from '../../src/node/lobster-import.ts'

import { parentsOf } from '../../src/scenario/parents.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { type ParentDrawOptions, type Scenario, withCurves } from '../../src/scenario/scenario.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { randomVenues } from './random-venues.ts'
import { randomWorld } from './random-world.ts'
import { faultsOf } from './run-checks.ts'

const SEED_COUNT = 200
const HOUR_NS = 3_600_000_000_000

/** Table by table, so that a failure says where the two part. */
function tableHashes({ ledger }: Run): Record<string, string> {
  return Object.fromEntries(Object.values(ledger).map((table) => [table.name, table.hash()]))
}

function expectSame(indexed: Run, replayed: Run, context: { readonly headers: readonly Tape['header'][] }, name: string): void {
  expect(tableHashes(indexed), name).toEqual(tableHashes(replayed))
  expect(indexed.ledgerHash, name).toBe(replayed.ledgerHash)
  expect(indexed.stages, name).toEqual(replayed.stages)
  expect(summarise(indexed.ledger, context), name).toEqual(summarise(replayed.ledger, context))
}

/** Every policy of the scenario for some seeds, on both kinds of market, one for each tape. Gives the number of fills. */
function expectSameDay(tapes: readonly Tape[], scenario: Scenario, seeds: readonly number[]): number {
  const timelines = tapes.map(buildTimeline)
  const headers = tapes.map(({ header }) => header)
  const parents = parentsOf(scenario, headers, null)
  let fillCount = 0
  for (const seed of seeds) {
    for (const [policy, { path, execution, control }] of scenario.policies) {
      const world = {
        seed,
        parents: parents(seed),
        path,
        execution: withCurves(execution, []),
        control,
        eventCountMax: scenario.limits.eventCountMax
      }
      const indexed = simulate({ ...world, markets: timelines.map((timeline) => new TimelineMarket(timeline)) })
      const replayed = simulate({ ...world, markets: tapes.map((tape) => new SequentialMarket(tape)) })
      expectSame(indexed, replayed, { headers }, `${policy}, seed ${seed}`)
      fillCount += indexed.ledger.fills.count
    }
  }
  return fillCount
}

/** The options of the LOBSTER day; with a window, parents are drawn inside it. */
const lobsterDay = (draw: Partial<ParentDrawOptions> = {}): Scenario => shipped('lobster-day', draw)

/** A shipped scenario, its parents drawn otherwise. */
function shipped(name: string, draw: Partial<ParentDrawOptions>): Scenario {
  const file = new URL(`../../scenarios/${name}.yaml`, import.meta.url)
  const scenario = parseScenario(readFileSync(file, 'utf8'), { fileName: `scenarios/${name}.yaml` })
  if (scenario.parents.kind !== 'draw') throw new Error(`the parents of ${name} are drawn`)
  return { ...scenario, parents: { kind: 'draw', draw: { ...scenario.parents.draw, ...draw } } }
}

describe('timeline and sequential oracle write the same ledger', () => {
  it(`on ${SEED_COUNT} random tapes with random policies and frictions`, () => {
    let fillCount = 0
    let attemptCount = 0
    for (let seed = 1; seed <= SEED_COUNT; seed++) {
      const { tape, world } = randomWorld(seed)
      const indexed = simulate({ ...world, markets: [new TimelineMarket(buildTimeline(tape))] })
      const replayed = simulate({ ...world, markets: [new SequentialMarket(tape)] })
      expectSame(indexed, replayed, { headers: [tape.header] }, `seed ${seed}`)
      fillCount += indexed.ledger.fills.count
      attemptCount += indexed.ledger.attempts.count
    }
    // The worlds do something.
    expect(fillCount).toBeGreaterThan(SEED_COUNT)
    expect(attemptCount).toBeGreaterThan(10 * SEED_COUNT)
  })

  it('in random worlds of two and three venues, each with its own path, with orders split over them', () => {
    let splitCount = 0
    let fillCount = 0
    for (let seed = 1; seed <= 60; seed++) {
      const { tapes, world } = randomVenues(seed)
      const indexed = simulate({ ...world, markets: tapes.map((tape) => new TimelineMarket(buildTimeline(tape))) })
      const replayed = simulate({ ...world, markets: tapes.map((tape) => new SequentialMarket(tape)) })
      expectSame(indexed, replayed, { headers: tapes.map(({ header }) => header) }, `seed ${seed}`)
      expect(
        faultsOf(
          indexed,
          world.path.venues?.map(({ orders }) => orders)
        ),
        `seed ${seed}`
      ).toEqual([])
      const { children, fills } = indexed.ledger
      fillCount += fills.count
      for (const { parentId } of world.parents) {
        const rows = Array.from({ length: children.count }, (_, row) => row)
        const sentTo = rows.filter((row) => children.col.parentId[row] === parentId).map((row) => children.col.venue[row])
        if (new Set(sentTo).size > 1) splitCount++
      }
    }
    expect(splitCount).toBeGreaterThan(15)
    expect(fillCount).toBeGreaterThan(60)
  })

  it('on generated hours under the options of the LOBSTER day', () => {
    const window = { windowStartNs: 9.5 * HOUR_NS, windowEndNs: 10.5 * HOUR_NS }
    const options = generatorOptions('mid', { openNs: 9.5 * HOUR_NS, closeNs: 10.5 * HOUR_NS })
    expect(expectSameDay([generateTape(options, 7)], lobsterDay({ ...window, count: 10 }), [1, 2])).toBeGreaterThan(20)
  })

  it('on generated venues around one price, under the options of the two venues', () => {
    const openNs = 9.75 * HOUR_NS
    const closeNs = 10 * HOUR_NS
    const window = { windowStartNs: openNs, windowEndNs: closeNs }
    const scenario = shipped('two-venues', { ...window, count: 8, horizonNsMin: HOUR_NS / 20, horizonNsMax: HOUR_NS / 10 })
    const venues = [
      { venue: 'NORTH', marketShare: 0.6, followDelayNs: 0 },
      { venue: 'SOUTH', marketShare: 0.5, followDelayNs: 150_000 }
    ]
    const tapes = generateVenues(generatorOptions('mid', { openNs, closeNs }), venues, 1)
    expect(expectSameDay(tapes, scenario, [1])).toBeGreaterThan(100)
  })
})

const folder = new URL('../../../shared/data/lobster/', import.meta.url)
const fileOf = (name: string): string => fileURLToPath(new URL(name, folder))
const AMZN = 'AMZN_2012-06-21_34200000_57600000'

describe.skipIf(!existsSync(folder))('on recorded days (skipped without ../shared/data/lobster)', () => {
  it('AMZN, five levels, the whole day', async () => {
    const tape = await importLobsterFiles(
      { messages: fileOf(`${AMZN}_message_5.csv.gz`), orderbook: fileOf(`${AMZN}_orderbook_5.csv.gz`) },
      { tick: '0.01' }
    )
    expect(expectSameDay([tape], lobsterDay(), [1, 2, 3])).toBeGreaterThan(1000)
  })

  it('AAPL, fifty levels, the first hour, from messages alone', async () => {
    const tape = await importLobsterFiles(
      { messages: fileOf('AAPL_2012-06-21_34200000_37800000_message_50.csv.gz') },
      { tick: '0.01' }
    )
    const { openNs, closeNs } = tape.header
    const scenario = lobsterDay({ windowStartNs: openNs, windowEndNs: closeNs })
    expect(expectSameDay([tape], scenario, [1, 2])).toBeGreaterThan(500)
  })
})
