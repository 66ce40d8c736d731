/*
 * Worlds: one, many, the same on the sequential oracle, the same on a tape ten times as long; and what an event of a
 * path costs. Ledgers that must be equal are held to be, so a figure never comes from another run than it says.
 */
import { strict as assert } from 'node:assert'
import { SequentialMarket } from '../src/market/sequential-market.ts'
import { buildTimeline } from '../src/market/timeline-build.ts'
import { simulate } from '../src/simulate.ts'
import { measureControl } from './control.ts'
import { type Line, spreadOf } from './line.ts'
import { lengthen } from './long-tape.ts'
import { measureLongWorlds } from './long-worlds.ts'
import { time } from './meter.ts'
import { hashesOf, type MakeWorld, type Outcome, POLICIES, QUICKSTART, readyScenario, runAll } from './world-runs.ts'

const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1)
const COPIES_BEFORE = 5
const COPIES_AFTER = 4

export async function measureWorlds(nsPerEvent: number): Promise<Line[]> {
  const ready = await readyScenario(QUICKSTART, [])
  const onTimeline: MakeWorld = (policy, seed) => ready.world(policy, seed)
  const onOracle: MakeWorld = (policy, seed) => ({
    ...ready.world(policy, seed),
    markets: ready.venues.map(({ tape }) => new SequentialMarket(tape))
  })
  let indexed: Outcome[] = runAll(onTimeline, SEEDS)
  let replayed: Outcome[] = []
  const worldCount = indexed.length
  const rowCount = ready.venues.reduce((sum, { tape }) => sum + tape.count, 0)

  const one = time('one world', () => simulate(onTimeline('baseline', 1)), 6)
  const many = time(
    'many worlds',
    () => {
      indexed = runAll(onTimeline, SEEDS)
    },
    3,
    1
  )
  const oracle = time(
    'many worlds on the oracle',
    () => {
      replayed = runAll(onOracle, SEEDS)
    },
    1,
    0
  )
  assert.equal(hashesOf(replayed), hashesOf(indexed), 'timeline and oracle give one ledger')
  const eventCount = indexed.reduce((sum, run) => sum + run.eventCount, 0)
  const nsPerWorldEvent = (many.medianMs * 1e6) / eventCount
  return [
    {
      what: `one world: quick start, baseline (${indexed[0].eventCount} events)`,
      figure: `${one.medianMs.toFixed(0)} ms`,
      spread: spreadOf(one),
      ratio: `${((one.medianMs * 1e6) / nsPerEvent / indexed[0].eventCount).toFixed(1)} x queue per event`,
      target: null
    },
    {
      what: `many worlds: ${SEEDS.length} seeds x ${POLICIES.length} policies on one timeline (${rowCount} rows)`,
      figure: `${(many.medianMs / 1000).toFixed(2)} s`,
      spread: spreadOf(many),
      ratio: `${((worldCount * 1000) / many.medianMs).toFixed(1)} worlds/s`,
      target: null
    },
    {
      what: 'the same worlds on the sequential oracle, same ledgers',
      figure: `${(oracle.medianMs / 1000).toFixed(2)} s`,
      spread: spreadOf(oracle),
      ratio: `${(oracle.medianMs / many.medianMs).toFixed(2)} x timeline`,
      target: null
    },
    {
      what: `an event of a whole world: path, desk, policies, matching and ledger (${eventCount} in all)`,
      figure: `${nsPerWorldEvent.toFixed(0)} ns`,
      spread: spreadOf(many),
      ratio: `${(nsPerWorldEvent / nsPerEvent).toFixed(1)} x queue`,
      target: { text: '< 1000 ns', met: nsPerWorldEvent < 1000 }
    },
    measureControl(ready),
    await measureLongTape()
  ]
}

/** The same parents on half an hour and on ten of them. */
async function measureLongTape(): Promise<Line> {
  const short = await readyScenario(QUICKSTART, [
    'market.venues.0.tape.close=10:00',
    'parents.count=40',
    'parents.window.end=09:59'
  ])
  const long = lengthen(short.venues[0].tape, COPIES_BEFORE, COPIES_AFTER)
  return measureLongWorlds(short, long, buildTimeline(long.tape))
}
