/*
 * The whole command on a recorded day, in a process of its own bound to one core (where taskset is): start, 40 parents x 20 seeds x 2
 * policies, and its JSON. The day is imported by a first, short command, so the second finds it in the cache.
 */
import { strict as assert } from 'node:assert'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Comparison } from '../src/experiment/compare.ts'
import type { Line } from './line.ts'
import type { LobsterDay } from './lobster-files.ts'

const SECONDS_MAX = 8
const MEMORY_MAX_MIB = 1024
const SEED_COUNT = 20

/** What bench/command.ts says of itself. */
interface Usage {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly peakMiB: number
}

export function measureLobsterDay(day: LobsterDay, nsPerEvent: number): Line[] {
  const directory = mkdtempSync(join(tmpdir(), 'tailtax-bench-'))
  try {
    compareDay(day, directory, 1)
    const { usage, comparison } = compareDay(day, directory, SEED_COUNT)
    assert.equal(comparison.parents, 40, 'the scenario has 40 parents')
    const { cpuSeconds, wallSeconds, peakMiB } = usage
    return [
      {
        what: `compare lobster-day: 40 parents x ${SEED_COUNT} seeds x 2 policies, ${comparison.events} events`,
        figure: `${cpuSeconds.toFixed(2)} s`,
        spread: `wall ${wallSeconds.toFixed(2)} s, one core`,
        ratio: `${((cpuSeconds * 1e9) / comparison.events / nsPerEvent).toFixed(1)} x queue per event`,
        target: { text: '<= 8 s', met: cpuSeconds <= SECONDS_MAX }
      },
      {
        what: 'peak memory of that',
        figure: `${peakMiB.toFixed(0)} MiB`,
        spread: '',
        ratio: '',
        target: { text: '<= 1 GiB', met: peakMiB <= MEMORY_MAX_MIB }
      }
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function compareDay(
  day: LobsterDay,
  directory: string,
  seedCount: number
): { readonly usage: Usage; readonly comparison: Comparison } {
  const usageFile = join(directory, 'usage.json')
  const args = [
    fileURLToPath(new URL('./command.js', import.meta.url)),
    usageFile,
    'compare',
    fileURLToPath(new URL('../../scenarios/lobster-day.yaml', import.meta.url)),
    '--set',
    `market.venues.0.tape.messages=${day.messages}`,
    '--set',
    `market.venues.0.tape.orderbook=${day.orderbook}`,
    '--seeds',
    String(seedCount),
    '--cache',
    directory,
    '--json'
  ]
  const bound = spawnSync('taskset', ['-c', '0', 'true']).status === 0
  const child = bound
    ? spawnSync('taskset', ['-c', '0', process.execPath, ...args], { encoding: 'utf8' })
    : spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(child.status, 0, child.stderr)
  return {
    usage: JSON.parse(readFileSync(usageFile, 'utf8')) as Usage,
    comparison: JSON.parse(child.stdout) as Comparison
  }
}
