/*
 * Worlds: one, many, the same on the sequential oracle, the same on a tape ten times as long; and what an event of a
 * path costs. Ledgers that must be equal are held to be, so a figure never comes from another run than it says.
 */
import { strict as assert } from 'node:assert'
import { fileURLToPath } from 'node:url'
import { hashLedger } from '../src/ledger/ledger.ts'
import { SequentialMarket } from '../src/market/sequential-market.ts'
import { buildTimeline } from '../src/market/timeline-build.ts'
import { TimelineMarket } from '../src/market/timeline-market.ts'
import { readScenario } from '../src/node/scenario-file.ts'
import { prepare, type ReadyScenario } from '../src/node/worlds.ts'
import { type Run, simulate, type World } from '../src/simulate.ts'
import { measureControl } from './control.ts'
import { type Line, spreadOf } from './line.ts'
import { lengthen } from './long-tape.ts'
import { time } from './meter.ts'

const POLICIES = ['baseline', 'controlled']
const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1)
/** Enough for a ratio. */
const LONG_TAPE_SEEDS = SEEDS.slice(0, 3)
const COPIES_BEFORE = 5
const COPIES_AFTER = 4
const LONG_RATIO_MAX = 1.3

/** From dist-bench/bench. */
const QUICKSTART = fileURLToPath(new URL('../../scenarios/quickstart.yaml', import.meta.url))

/** What is kept of a run: twenty ledgers at once would be the collector's work, not the engine's. */
interface Outcome {
  readonly ledgerHash: string
  readonly eventCount: number
}

type MakeWorld = (policy: string, seed: number) => World

/** A shipped scenario with edits, its market in memory and nothing written. */
export function readyScenario(file: string, set: readonly string[]): Promise<ReadyScenario> {
  const progress = { say: () => undefined, clear: () => undefined }
  return prepare(readScenario(file, { set }), { cache: 'none', progress })
}

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
  const nsPerPathEvent = (many.medianMs * 1e6) / eventCount
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
      what: `an event of a path (${eventCount} events in all)`,
      figure: `${nsPerPathEvent.toFixed(0)} ns`,
      spread: spreadOf(many),
      ratio: `${(nsPerPathEvent / nsPerEvent).toFixed(1)} x queue`,
      target: { text: '< 1000 ns', met: nsPerPathEvent < 1000 }
    },
    measureControl(ready),
    await measureLongTape()
  ]
}

/** The same parents on half an hour and on ten of them: in-window rows are equal, and so are the ledgers but for the row numbers. */
async function measureLongTape(): Promise<Line> {
  const short = await readyScenario(QUICKSTART, [
    'market.venues.0.tape.close=10:00',
    'parents.count=40',
    'parents.window.end=09:59'
  ])
  const [{ tape, timeline }] = short.venues
  const long = lengthen(tape, COPIES_BEFORE, COPIES_AFTER)
  const longTimeline = buildTimeline(long.tape)
  const onShort: MakeWorld = (policy, seed) => ({ ...short.world(policy, seed), markets: [new TimelineMarket(timeline)] })
  const onLong: MakeWorld = (policy, seed) => ({ ...short.world(policy, seed), markets: [new TimelineMarket(longTimeline)] })
  const expected = hashesOf(runAll(onShort, LONG_TAPE_SEEDS))
  const moved = runAll(onLong, LONG_TAPE_SEEDS, ({ ledger, eventCount }) => {
    const { tapeRow } = ledger.fills.col
    for (let row = 0; row < ledger.fills.count; row++) tapeRow[row] -= long.firstRow
    return { ledgerHash: hashLedger(ledger), eventCount }
  })
  assert.equal(hashesOf(moved), expected, 'rows outside the windows change no ledger')
  // In turns, so that both meet the same machine.
  const ratios: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const shortMs = time('short tape', () => runAll(onShort, LONG_TAPE_SEEDS), 1, 0).medianMs
    ratios.push(time('long tape', () => runAll(onLong, LONG_TAPE_SEEDS), 1, 0).medianMs / shortMs)
  }
  const ratio = ratios.sort((a, b) => a - b)[1]
  return {
    what: `the same worlds on ${long.tape.count} rows instead of ${tape.count}, same ledgers`,
    figure: '',
    spread: `${ratios[0].toFixed(2)} to ${ratios[2].toFixed(2)}`,
    ratio: `${ratio.toFixed(2)} x short`,
    target: { text: '<= 1.3 x', met: ratio <= LONG_RATIO_MAX }
  }
}

function runAll(makeWorld: MakeWorld, seeds: readonly number[], view = outcomeOf): Outcome[] {
  return POLICIES.flatMap((policy) => seeds.map((seed) => view(simulate(makeWorld(policy, seed)))))
}

function outcomeOf({ ledgerHash, eventCount }: Run): Outcome {
  return { ledgerHash, eventCount }
}

function hashesOf(runs: readonly Outcome[]): string {
  return runs.map(({ ledgerHash }) => ledgerHash).join()
}
