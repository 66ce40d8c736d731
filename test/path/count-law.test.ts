import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DRAW, KeyedRun } from '../../src/kernel/random.ts'
import { CountTable, countAt, thinnedDispersion } from '../../src/path/count-law.ts'

const laws = fc.record({
  mean: fc.double({ min: 0.01, max: 900, noNaN: true }),
  dispersion: fc.double({ min: 0.1, max: 20, noNaN: true })
})
const uniform = fc.nat(2 ** 32 - 1).map((word) => word / 2 ** 32)

/** Probabilities by factorials, not by the recursion. */
function choose(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i
  return product
}

describe('the law of a count', () => {
  it('is Poisson at 1, binomial below and negative binomial above', () => {
    const cumulative = (mass: (k: number) => number, k: number): number =>
      Array.from({ length: k + 1 }, (_, i) => mass(i)).reduce((sum, p) => sum + p, 0)
    const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
    const poisson = (k: number): number => (Math.exp(-3) * 3 ** k) / factorial(k)
    const binomial = (k: number): number => choose(10, k) * 0.3 ** k * 0.7 ** (10 - k) // mean 3, dispersion 0.7
    const negative = (k: number): number => choose(k + 2, k) * 0.5 ** (3 + k) // mean 3, dispersion 2: size 3
    for (const [mass, dispersion] of [
      [poisson, 1],
      [binomial, 0.7],
      [negative, 2]
    ] as const) {
      for (let k = 0; k < 8; k++) {
        const edge = cumulative(mass, k)
        expect(countAt(3, dispersion, edge - 1e-6)).toBe(k)
        expect(countAt(3, dispersion, edge + 1e-6)).toBe(k + 1)
      }
    }
  })

  it('has its mean and its dispersion, also where the normal law stands in', () => {
    for (const [mean, dispersion] of [
      [3, 0.4],
      [30, 0.6],
      [30, 1],
      [50, 6],
      [900, 1],
      [900, 3]
    ]) {
      const count = 20_000
      let sum = 0
      let squares = 0
      for (let i = 0; i < count; i++) {
        const value = countAt(mean, dispersion, (i + 0.5) / count)
        sum += value
        squares += value * value
      }
      expect(Math.abs(sum / count / mean - 1)).toBeLessThan(0.002)
      expect(Math.abs((squares / sum - sum / count) / dispersion - 1)).toBeLessThan(0.02)
    }
  })

  it('never gives more when it is thinned, at the same uniform number', () => {
    fc.assert(
      fc.property(laws, uniform, fc.double({ min: 0, max: 1, noNaN: true }), ({ mean, dispersion }, u, factor) => {
        const whole = countAt(mean, dispersion, u)
        // The normal law of large means may differ by one from the exact law of small ones.
        const slack = mean > 600 ? 2 : 0
        expect(countAt(mean * factor, thinnedDispersion(dispersion, factor), u)).toBeLessThanOrEqual(whole + slack)
      })
    )
  })

  it('is the same from a table, by one number or by half a word and a further word', () => {
    const run = new KeyedRun()
    fc.assert(
      fc.property(laws, fc.array(uniform, { minLength: 20, maxLength: 20 }), fc.nat(1e6), ({ mean, dispersion }, us, key) => {
        const table = new CountTable(mean, dispersion)
        for (const u of us) expect(table.count(u)).toBe(countAt(mean, dispersion, u))
        run.open(1, DRAW.weather, key)
        for (let i = 0; i < 20; i++) {
          const half = run.word(i) & 0xffff
          expect(table.countOfHalf(half, run, 100 + i)).toBe(countAt(mean, dispersion, (half + run.at(100 + i)) / 65536))
        }
      }),
      { numRuns: 60 }
    )
  })
})
