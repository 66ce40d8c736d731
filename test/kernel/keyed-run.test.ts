import { describe, expect, it } from 'vitest'
import { DRAW, KeyedRun } from '../../src/kernel/random.ts'

const COUNT = 20_000

function runOf(seed: number, block: number, tag: number): Float64Array {
  const run = new KeyedRun()
  run.open(seed, DRAW.weather, block, tag)
  return Float64Array.from({ length: COUNT }, (_, index) => run.at(index))
}

function correlation(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let i = 0; i < COUNT; i++) sum += (left[i] - 0.5) * (right[i] - 0.5)
  return (12 * sum) / COUNT
}

describe('a keyed run', () => {
  it('gives the same number for the same key and index, in any order', () => {
    const forwards = runOf(1, 7, 3)
    const run = new KeyedRun()
    run.open(1, DRAW.weather, 7, 3)
    for (let index = COUNT - 1; index >= 0; index -= 97) expect(run.at(index)).toBe(forwards[index])
  })

  it('is uniform: the count in each of 20 cells within 4.5 standard errors', () => {
    for (let block = 0; block < 10; block++) {
      const cells = new Float64Array(20)
      for (const u of runOf(5, block, 1)) cells[Math.floor(u * 20)]++
      for (const count of cells) expect(Math.abs(count - COUNT / 20)).toBeLessThan(4.5 * Math.sqrt((COUNT / 20) * (19 / 20)))
    }
  })

  it('is a run of its own for every seed, block and tag: correlation within 4.5 standard errors of 0', () => {
    const own = runOf(1, 100, 2)
    for (const other of [runOf(2, 100, 2), runOf(1, 101, 2), runOf(1, 100, 3), own.slice(1), own.slice(128)]) {
      const right = new Float64Array(COUNT).fill(0.5)
      right.set(other)
      expect(Math.abs(correlation(own, right))).toBeLessThan(4.5 / Math.sqrt(COUNT))
    }
  })
})
