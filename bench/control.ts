/*
 * What controllers cost: the same worlds with controllers off and in shadow, where they sample, step and write as always and change no
 * order. CPU time in turns, so that both meet the same machine.
 */
import { strict as assert } from 'node:assert'
import type { ReadyScenario } from '../src/node/worlds.ts'
import { simulate } from '../src/simulate.ts'
import type { Line } from './line.ts'
import { time } from './meter.ts'

const SEEDS = [1, 2, 3]
const TURNS = 5
const RATIO_MAX = 1.05

export function measureControl(ready: ReadyScenario): Line {
  const controlled = ready.world('controlled', 1).control
  const fills = { off: 0, shadow: 0 }
  const run = (mode: 'off' | 'shadow') => (): void => {
    fills[mode] = 0
    for (const seed of SEEDS) {
      const world = ready.world('baseline', seed)
      const control = mode === 'off' ? world.control : { ...controlled, mode }
      fills[mode] += simulate({ ...world, control }).ledger.fills.count
    }
  }
  time('warm-up', run('shadow'), 1, 0)
  const ratios: number[] = []
  let offMs = 0
  for (let turn = 0; turn < TURNS; turn++) {
    offMs = time('controllers off', run('off'), 1, 0).medianMs
    ratios.push(time('controllers in shadow', run('shadow'), 1, 0).medianMs / offMs)
  }
  assert.equal(fills.shadow, fills.off, 'in shadow nothing happens to orders')
  const ratio = ratios.sort((a, b) => a - b)[TURNS >> 1]
  return {
    what: `four controllers in shadow: quick start, ${SEEDS.length} seeds`,
    figure: `${(offMs * (ratio - 1)).toFixed(0)} ms of ${offMs.toFixed(0)}`,
    spread: `${ratios[0].toFixed(2)} to ${ratios[TURNS - 1].toFixed(2)}`,
    ratio: `${ratio.toFixed(3)} x off`,
    target: { text: '<= 1.05 x', met: ratio <= RATIO_MAX }
  }
}
