import { describe, expect, it } from 'vitest'
import { DRAW, keyedUniform, openStream } from '../../src/kernel/random.ts'

/** Chi-square of counts in equal cells. */
function chiSquare(values: readonly number[], cells: number): number {
  const counts = new Array<number>(cells).fill(0)
  for (const value of values) counts[Math.floor(value * cells)]++
  const expected = values.length / cells
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const meanA = mean(a)
  const meanB = mean(b)
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB)
    aa += (a[i] - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

// 99.99 % quantile of chi-square with 99 degrees of freedom is 161.3; |r| of n independent pairs stays below 4.5 / sqrt n.
const CHI_99_DF = 161.3

describe('streams', () => {
  it('give the same numbers for the same (seed, name, block) and others for any other', () => {
    const draw = (seed: number, name: string, block?: number): number[] => {
      const stream = openStream(seed, name, block)
      return Array.from({ length: 5 }, () => stream.next())
    }
    expect(draw(1, 'weather', 3)).toEqual(draw(1, 'weather', 3))
    expect(draw(1, 'weather', 3)).not.toEqual(draw(1, 'weather', 4))
    expect(draw(1, 'weather', 3)).not.toEqual(draw(2, 'weather', 3))
    expect(draw(1, 'weather')).not.toEqual(draw(1, 'parents'))
  })

  it('of neighbouring seeds are uncorrelated', () => {
    const first = Array.from({ length: 4000 }, (_, seed) => openStream(seed, 'x').next())
    const next = Array.from({ length: 4000 }, (_, seed) => openStream(seed + 1, 'x').next())
    expect(Math.abs(correlation(first, next))).toBeLessThan(4.5 / Math.sqrt(4000))
    expect(chiSquare(first, 100)).toBeLessThan(CHI_99_DF)
  })
})

describe('keyed draws', () => {
  const N = 20_000
  const sweep = (key: (i: number) => number): number[] => Array.from({ length: N }, (_, i) => key(i))

  it.each([
    ['seed', (i: number) => keyedUniform(i, DRAW.gateReject, 1, 2, 3)],
    ['first part', (i: number) => keyedUniform(7, DRAW.gateReject, i, 2, 3)],
    ['second part', (i: number) => keyedUniform(7, DRAW.gateReject, 1, i, 3)],
    ['third part', (i: number) => keyedUniform(7, DRAW.gateReject, 1, 2, i)]
  ])('are uniform and serially uncorrelated along the %s of the key', (_, key) => {
    const values = sweep(key)
    expect(chiSquare(values, 100)).toBeLessThan(CHI_99_DF)
    expect(Math.abs(correlation(values.slice(1), values.slice(0, -1)))).toBeLessThan(4.5 / Math.sqrt(N))
  })

  it('of two draws of one thing are uncorrelated', () => {
    const a = sweep((i) => keyedUniform(7, DRAW.gateReject, i))
    const b = sweep((i) => keyedUniform(7, DRAW.backoffJitter, i))
    expect(Math.abs(correlation(a, b))).toBeLessThan(4.5 / Math.sqrt(N))
  })

  it('tell apart keys that differ above 32 bits', () => {
    expect(keyedUniform(1, 1, 5)).not.toBe(keyedUniform(1, 1, 5 + 2 ** 32))
    expect(keyedUniform(1, 1, 5)).not.toBe(keyedUniform(1 + 2 ** 32, 1, 5))
  })
})
