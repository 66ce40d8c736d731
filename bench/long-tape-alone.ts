/*
 * A tape of 50 million rows (or as many million as the argument says), each step in a process of its own so that its peak memory is its own:
 * made and written; read from Parquet without a cache and indexed; and 40 parents on it against the same 40 on one million rows.
 * Takes some minutes and about 3 GB of disk in the directory for temporary files.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashTape, readTape, writeTape } from '../src/node/tape-store.ts'
import { loadTimeline } from '../src/node/timeline-store.ts'
import type { ReadyScenario } from '../src/node/worlds.ts'
import { type Line, tableOf } from './line.ts'
import { lengthen } from './long-tape.ts'
import { measureLongWorlds } from './long-worlds.ts'
import { cpuMs, peakMiB } from './meter.ts'
import { BYTES_PER_ROW_MAX, bytesPerRowOf } from './timeline.ts'
import { QUICKSTART, readyScenario } from './world-runs.ts'

const MILLION_ROWS = 50
const SECONDS_MAX = 60
/** Of the day before 09:30 there are two lengths of the original. */
const COPIES_BEFORE = 2

/** The quick start until about one million rows are reached, with 40 parents. */
function shortDay(): Promise<ReadyScenario> {
  return readyScenario(QUICKSTART, ['market.venues.0.tape.close=13:50', 'parents.count=40', 'parents.window.end=13:45'])
}

const plain = (what: string, figure: string, spread = ''): Line => ({ what, figure, spread, ratio: '', target: null })
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

async function make(path: string, millionRows: number): Promise<Line[]> {
  const [{ tape: original }] = (await shortDay()).venues
  const copies = Math.ceil((millionRows * 1e6) / original.count)
  const fromMs = cpuMs()
  const { tape } = lengthen(original, COPIES_BEFORE, copies - COPIES_BEFORE - 1)
  const madeMs = cpuMs()
  await writeTape(path, tape)
  const megabytes = statSync(path).size / 1e6
  return [
    plain(`${tape.count} rows made, ${copies} times ${original.count}`, seconds(madeMs - fromMs)),
    plain(
      `written as Parquet (${megabytes.toFixed(0)} MB) and cache`,
      seconds(cpuMs() - madeMs),
      `peak ${peakMiB().toFixed(0)} MiB`
    )
  ]
}

async function importAndIndex(path: string): Promise<Line[]> {
  rmSync(`${path}.cache`)
  const fromMs = cpuMs()
  const fromWallMs = performance.now()
  const tape = await readTape(path)
  const readMs = cpuMs() - fromMs
  const timeline = await loadTimeline(tape, hashTape(tape), `${path}.timeline`)
  const allMs = cpuMs() - fromMs
  const wall = `wall ${seconds(performance.now() - fromWallMs)}`
  const bytesPerRow = bytesPerRowOf(timeline)
  const peak = peakMiB()
  return [
    {
      what: `imported from Parquet (${seconds(readMs)}) and indexed, both kept in caches`,
      figure: seconds(allMs),
      spread: wall,
      ratio: `${((allMs * 1e6) / tape.count).toFixed(0)} ns/row`,
      target: { text: `<= ${SECONDS_MAX} s`, met: allMs <= SECONDS_MAX * 1000 }
    },
    {
      what: 'tape and timeline in memory',
      figure: `${bytesPerRow.toFixed(1)} bytes/row`,
      spread: '',
      ratio: '',
      target: { text: `<= ${BYTES_PER_ROW_MAX} bytes/row`, met: bytesPerRow <= BYTES_PER_ROW_MAX }
    },
    plain('peak memory of that', `${peak.toFixed(0)} MiB`, `${((peak * 2 ** 20) / tape.count).toFixed(1)} bytes/row`)
  ]
}

async function runWorlds(path: string): Promise<Line[]> {
  const short = await shortDay()
  const tape = await readTape(path)
  const timeline = await loadTimeline(tape, hashTape(tape), `${path}.timeline`)
  // A clear stands before each copy.
  const firstRow = COPIES_BEFORE * (short.venues[0].tape.count + 1)
  return [measureLongWorlds(short, { firstRow }, timeline), plain('peak memory of that', `${peakMiB().toFixed(0)} MiB`)]
}

const [step, ...rest] = process.argv.slice(2)
const steps: Readonly<Record<string, () => Promise<Line[]>>> = {
  make: () => make(rest[0], Number(rest[1])),
  import: () => importAndIndex(rest[0]),
  worlds: () => runWorlds(rest[0])
}
if (step in steps) console.log(JSON.stringify(await steps[step]()))
else {
  const directory = mkdtempSync(join(tmpdir(), 'tailtax-long-'))
  try {
    const path = join(directory, 'long.parquet')
    const run = (name: string): Line[] => {
      process.stderr.write(`measuring: ${name}\n`)
      const args = ['--expose-gc', fileURLToPath(import.meta.url), name, path, step ?? String(MILLION_ROWS)]
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    }
    console.log(tableOf(['make', 'import', 'worlds'].flatMap(run)))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
