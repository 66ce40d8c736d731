/*
 * The same scenario and seed give the same ledger: twice in a process, whatever else was run in between; in a worker thread, from the built
 * program; and after options were set that are none of the run's business.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Cell } from '../../src/experiment/reduction.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { readScenario } from '../../src/node/scenario-file.ts'
import { prepare } from '../../src/node/worlds.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { buildProgram, project } from '../cli/program.ts'
import { randomWorld } from './random-world.ts'

const SILENT = { say: () => undefined, clear: () => undefined }
/** Shipped scenarios that need no file. */
const names = readdirSync(join(project, 'scenarios')).filter((name) => name.endsWith('.yaml') && name !== 'lobster-day.yaml')
const FEW = ['parents.count=3', 'market.venues.0.tape.close=10:10', 'parents.window.end=10:08']
const CELLS: readonly Cell[] = [
  { policy: 'baseline', seed: 1 },
  { policy: 'baseline', seed: 2 },
  { policy: 'controlled', seed: 1 }
]

const fileOf = (name: string): string => join(project, 'scenarios', name)

async function readyOf(name: string, ...set: readonly string[]) {
  return prepare(readScenario(fileOf(name), { set: [...FEW, ...set] }), { cache: 'none', progress: SILENT })
}

function runInWorker(name: string): Promise<string[]> {
  const url = new URL('../fixtures/worker/run-cells.mjs', import.meta.url)
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: { file: fileOf(name), set: FEW, cells: CELLS } })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code} and said nothing`)))
  })
}

beforeAll(buildProgram)

describe('the same world twice in a process', () => {
  it('is the same run, with others of the same and of other markets in between', () => {
    const timelines = new Map<number, ReturnType<typeof buildTimeline>>()
    const run = (seed: number): Run => {
      const { tape, world } = randomWorld(seed)
      // Kept and shared by runs, as a comparison does.
      const timeline = timelines.get(seed) ?? buildTimeline(tape)
      timelines.set(seed, timeline)
      return simulate({ ...world, markets: [new TimelineMarket(timeline)] })
    }
    const seeds = Array.from({ length: 40 }, (_, i) => 3000 + i)
    const forth = seeds.map((seed) => run(seed))
    const back = [...seeds].reverse().map((seed) => run(seed))
    const said = ({ ledgerHash, eventCount, stages }: Run) => ({ ledgerHash, eventCount, stages })
    expect(back.reverse().map(said)).toEqual(forth.map(said))
    expect(new Set(forth.map(({ ledgerHash }) => ledgerHash)).size).toBe(seeds.length)
  })
})

describe.each(names)('%s with few parents', (name) => {
  it('gives the same ledgers twice in a process and in a worker', async () => {
    const ready = await readyOf(name)
    const hashes = (): string[] => CELLS.map(({ policy, seed }) => simulate(ready.world(policy, seed)).ledgerHash)
    const here = hashes()
    expect(hashes()).toEqual(here)
    expect(await runInWorker(name)).toEqual(here)
    // Another seed is another run.
    expect(here[0]).not.toBe(here[1])
  })
})

describe('an option that is none of the run', () => {
  // The quick start has all frictions, and a clamp of its own on the throttle.
  const NAME = 'quickstart.yaml'
  const unrelated: readonly (readonly [what: string, ...set: string[]])[] = [
    ['the title', 'title=another'],
    ['resamples of the report', 'report.resamples=7'],
    ['the number of seeds', 'seeds=99'],
    ['the name of the venue', 'market.venues.0.name=OTHER'],
    ['a limit that is not reached', 'limits.eventCountMax=2000000'],
    ['the execution of a policy that is not run', 'policies.controlled.execution.takeAfterShare=0.1'],
    ['the controllers of a policy that is not run', 'policies.controlled.control=off'],
    ['a policy that is not run', 'policies.third={ preset: controlled }'],
    ['a clamp of 1 on the gateway', 'clamps.1={ target: gateway.rate, factor: 1 }'],
    ['a clamp of 1 on the link', 'clamps.1={ target: link.delay, factor: 1, from: "09:40" }'],
    ['a ramp from 1 to 1 on the faults', 'clamps.1={ target: host.faults, ramp: [1, 1], from: "10:00", to: "11:00" }'],
    [
      'pulses of 1 on the acks',
      'clamps.1={ target: acks.rate, pulse: { factor: 1, period: 1m, on: 5s }, from: "10:00", to: "11:00" }'
    ],
    ['a curve at 1 on the pacing cap', 'clamps.1={ target: session.maxPacingRate, curve: [ { at: "10:00", factor: 1 } ] }'],
    ['a clamp after the last parent', 'clamps.1={ target: gateway.rate, factor: 0.1, from: "15:00" }']
  ]
  const hashOf = async (...set: readonly string[]): Promise<string> =>
    simulate((await readyOf(NAME, ...set)).world('baseline', 1)).ledgerHash

  let plain = ''
  beforeAll(async () => {
    plain = await hashOf()
  })

  it.each(unrelated)('%s: the same ledger', async (_, ...set) => {
    expect(await hashOf(...set)).toBe(plain)
  })

  it.each([
    ['an option of the policy that is run', 'policies.baseline.execution.takeAfterShare=0.1'],
    ['a clamp of a half', 'clamps.1={ target: gateway.rate, factor: 0.5 }'],
    ['the seed of the market', 'market.venues.0.tape.seed=8']
  ])('%s: another ledger', async (_, ...set) => {
    expect(await hashOf(...set)).not.toBe(plain)
  })
})
