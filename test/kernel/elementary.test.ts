import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exp, ln, logistic, normalQuantile, power, sinh, sinTurn } from '../../src/kernel/elementary.ts'

const relative = (value: number, reference: number): number => Math.abs(value - reference) / Math.abs(reference)

describe('elementary functions from the basic operations', () => {
  it('exp is within 1e-15 of the engine, relative to its size and argument', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (x) => {
        expect(relative(exp(x), Math.exp(x))).toBeLessThan(4e-16 * (1 + Math.abs(x) / 100) + 4e-16)
      }),
      { numRuns: 5000 }
    )
    expect(exp(0)).toBe(1)
    expect(exp(-800)).toBe(0)
    expect(exp(800)).toBe(Number.POSITIVE_INFINITY)
  })

  it('ln is within 1e-15 of the engine', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-15 * Math.max(1, Math.abs(Math.log(x))))
      }),
      { numRuns: 5000 }
    )
    expect(ln(1)).toBe(0)
    expect(ln(0)).toBe(Number.NEGATIVE_INFINITY)
  })

  it('power, logistic and sine agree with the engine', () => {
    expect(relative(power(10, 2.5), 10 ** 2.5)).toBeLessThan(1e-14)
    expect(logistic(0)).toBe(0.5)
    expect(relative(logistic(3), 1 / (1 + Math.exp(-3)))).toBeLessThan(1e-15)
    for (const turn of [0, 0.1, 0.25, 0.4, 0.5, 0.77, 1.3]) {
      expect(Math.abs(sinTurn(turn) - Math.sin(2 * Math.PI * turn))).toBeLessThan(1e-15)
    }
  })

  it('sinh is within 1e-15 of the engine, relative to its size and argument, also where the exponentials would cancel', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (x) => {
        expect(Math.abs(sinh(x) - Math.sinh(x))).toBeLessThanOrEqual((2e-15 + 4e-18 * Math.abs(x)) * Math.abs(Math.sinh(x)))
      }),
      { numRuns: 5000 }
    )
    for (const x of [1e-300, 1e-9, 0.01, 0.5, 0.999, 1, 1.001]) expect(relative(sinh(x), Math.sinh(x))).toBeLessThan(1e-15)
    expect([sinh(0), sinh(-2) + sinh(2)]).toEqual([0, 0])
  })

  it('the normal quantile hits the tabled values and is odd', () => {
    // Abramowitz and Stegun, table 26.5.
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8)
    expect(normalQuantile(0.99)).toBeCloseTo(2.326347874, 8)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 8)
    expect(normalQuantile(0.5)).toBe(0)
    expect(normalQuantile(0.3)).toBeCloseTo(-normalQuantile(0.7), 12)
  })
})
