import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ParentOrder } from '../../src/order/parent.ts'
import { kappaPerSecond } from '../../src/policy/front-loaded.ts'
import type { ScheduleOptions } from '../../src/policy/options.ts'
import { createSchedule } from '../../src/policy/schedules.ts'
import { checkVolumeCurve, smileCurve, type VolumeCurve } from '../../src/policy/volume-curve.ts'

const SECOND = 1e9

function parent(quantityLots: number, startNs: number, endNs: number): ParentOrder {
  return { parentId: 0, venue: 0, side: 1, quantityLots, startNs, endNs, limitTicks: Number.NaN }
}

function targets(order: ParentOrder, options: ScheduleOptions, sliceNs: number): number[] {
  const schedule = createSchedule(order, options, sliceNs)
  return Array.from({ length: schedule.grid.count }, (_, slice) => schedule.targetLots(slice))
}

const vwap = (...curves: VolumeCurve[]): ScheduleOptions => ({ kind: 'vwap', curves })
const curve = (startNs: number, binNs: number, ...lots: number[]): VolumeCurve => ({
  startNs,
  binNs,
  lots: Float64Array.from(lots)
})

const anyParent = fc.tuple(
  fc.integer({ min: 1, max: 2 ** 31 }),
  fc.integer({ min: 0, max: 1e13 }),
  fc.integer({ min: 1, max: 3e13 })
)

describe('VWAP targets', () => {
  it('follow the bins by hand', () => {
    // Bins of 100 from 0: 10, 30, 40, 20. A parent of 90 lots from 100 to 400 meets 30, 40, 20.
    expect(targets(parent(90, 100, 400), vwap(curve(0, 100, 10, 30, 40, 20)), 100)).toEqual([30, 70, 90])
    // Halves of bins: 15, 30, 50, 70, 80, 90 of 90.
    expect(targets(parent(90, 100, 400), vwap(curve(0, 100, 10, 30, 40, 20)), 50)).toEqual([15, 30, 50, 70, 80, 90])
  })

  it('take parts of bins where the parent begins and ends inside them, and round down', () => {
    // From 50: half of 10, then all of 31: 5 + 31 = 36. Of 10 lots: floor(50/36) = 1, then the rest.
    expect(targets(parent(10, 50, 200), vwap(curve(0, 100, 10, 31)), 50)).toEqual([1, 5, 10])
  })

  it('expect nothing outside the curve, nor in an empty bin', () => {
    expect(targets(parent(10, 0, 500), vwap(curve(100, 100, 4, 0, 4)), 100)).toEqual([0, 5, 5, 10, 10])
  })

  it('are those of TWAP where the curve expects nothing at all in the whole time of the parent', () => {
    expect(targets(parent(9, 1000, 1300), vwap(curve(0, 100, 4, 4)), 100)).toEqual([3, 6, 9])
  })

  it('read the curve of the first venue of the parent', () => {
    const curves = [curve(0, 100, 1, 1), curve(0, 100, 3, 1)]
    expect(targets({ ...parent(8, 0, 200), venue: 1 }, vwap(...curves), 100)).toEqual([6, 8])
    expect(targets({ ...parent(8, 0, 200), venue: 5 }, vwap(...curves), 100)).toEqual([4, 8])
  })

  it('under a flat curve are those of TWAP, to the lot, at any size', () => {
    fc.assert(
      fc.property(
        anyParent,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        ([lots, startNs, spanNs], count, each) => {
          const order = parent(lots, startNs, startNs + spanNs)
          const sliceNs = Math.ceil(spanNs / count)
          const flat = curve(0, 1e12, ...Array<number>(50).fill(each))
          expect(targets(order, vwap(flat), sliceNs)).toEqual(targets(order, { kind: 'twap' }, sliceNs))
        }
      ),
      { numRuns: 200 }
    )
  })

  it('never decrease, never pass the quantity and end at it', () => {
    const bins = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(anyParent, fc.integer({ min: 1, max: 100 }), bins, ([lots, startNs, spanNs], count, volumes) => {
        const plan = targets(
          parent(lots, startNs, startNs + spanNs),
          vwap(curve(1e12, 7e11, ...volumes)),
          Math.ceil(spanNs / count)
        )
        plan.forEach((target, slice) => {
          expect(Number.isInteger(target)).toBe(true)
          expect(target).toBeGreaterThanOrEqual(slice === 0 ? 0 : plan[slice - 1])
        })
        expect(plan.at(-1)).toBe(lots)
      }),
      { numRuns: 200 }
    )
  })

  it('want a curve of whole lots in which something trades', () => {
    expect(() => checkVolumeCurve(curve(0, 100, 1, 0.5))).toThrow('0.5')
    expect(() => checkVolumeCurve(curve(0, 100, 1, -1))).toThrow('-1')
    expect(() => checkVolumeCurve(curve(0, 100, 0, 0))).toThrow('something trades')
    expect(() => checkVolumeCurve(curve(0, 0.5, 1))).toThrow('whole ns')
  })
})

describe('the smile', () => {
  it('covers the session, is symmetric, and ends near four times its middle', () => {
    const { startNs, binNs, lots } = smileCurve(34_200 * SECOND, 57_600 * SECOND, 900 * SECOND)
    expect([startNs, binNs, lots.length]).toEqual([34_200 * SECOND, 900 * SECOND, 26])
    expect([...lots]).toEqual([...lots].reverse())
    // x = 25/26: 1 + 3 x^2 = 3.774; x = 1/26: 1.004.
    expect([lots[0], lots[13]]).toEqual([3774, 1004])
  })
})

describe('front-loaded targets', () => {
  const kappa = (perSecond: number): ScheduleOptions => ({ kind: 'front-loaded', kappaPerSecond: perSecond })

  it('are what the closed form of Almgren and Chriss leaves', () => {
    // Their equation 17 over 100 s: left(t) = X sinh(kappa (T - t)) / sinh(kappa T).
    const lots = 1_000_000
    for (const perSecond of [0.001, 0.02, 0.1]) {
      const plan = targets(parent(lots, 5 * SECOND, 105 * SECOND), kappa(perSecond), 10 * SECOND)
      for (const slice of [0, 3, 6, 8]) {
        const leftSeconds = 100 - 10 * (slice + 1)
        const left = (lots * Math.sinh(perSecond * leftSeconds)) / Math.sinh(perSecond * 100)
        expect(plan[slice]).toBe(Math.floor(lots - left))
      }
      expect(plan[9]).toBe(lots)
    }
  })

  it('send nearly all in the first slice under a large kappa, where sinh itself would overflow', () => {
    // 1 - exp(-kappa t): with kappa 10 per second after 1 s 0.0000454 is left.
    expect(targets(parent(1_000_000, 0, 1000 * SECOND), kappa(10), SECOND).slice(0, 2)).toEqual([999_954, 999_999])
  })

  it('are those of TWAP at kappa 0, and as it goes there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(0, 1e-12, 1e-9),
        (lots, count, k) => {
          const order = parent(lots, 0, 600 * SECOND)
          const sliceNs = Math.ceil((600 * SECOND) / count)
          expect(targets(order, kappa(k), sliceNs)).toEqual(targets(order, { kind: 'twap' }, sliceNs))
        }
      )
    )
  })

  it('are never behind TWAP, never decrease and end at the quantity', () => {
    const k = fc.double({ min: 1e-6, max: 5, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 1, max: 90 }), k, (lots, count, perSecond) => {
        const order = parent(lots, 0, 900 * SECOND)
        const sliceNs = Math.ceil((900 * SECOND) / count)
        const plan = targets(order, kappa(perSecond), sliceNs)
        const even = targets(order, { kind: 'twap' }, sliceNs)
        plan.forEach((target, slice) => {
          expect(target).toBeGreaterThanOrEqual(even[slice])
          expect(target).toBeGreaterThanOrEqual(slice === 0 ? 0 : plan[slice - 1])
        })
        expect(plan.at(-1)).toBe(lots)
      }),
      { numRuns: 200 }
    )
  })

  it('take kappa from risk aversion, volatility and impact as their equation 16 has it', () => {
    const options = { kind: 'front-loaded', lambda: 2e-6, sigma: 3, eta: 0.02, gamma: 1e-4 } as const
    const tau = 10
    const kappaTilde2 = (options.lambda * options.sigma ** 2) / (options.eta - (options.gamma * tau) / 2)
    const expected = Math.acosh(1 + (kappaTilde2 * tau * tau) / 2) / tau
    expect(kappaPerSecond(options, tau * SECOND)).toBeCloseTo(expected, 10)
    // With short slices it is sqrt(lambda sigma^2 / eta).
    expect(kappaPerSecond({ ...options, gamma: 0 }, SECOND / 1000)).toBeCloseTo(Math.sqrt((2e-6 * 9) / 0.02), 9)
    expect(kappaPerSecond({ ...options, lambda: 0 }, SECOND)).toBe(0)
    expect(() => kappaPerSecond({ ...options, gamma: 0.004 }, tau * SECOND)).toThrow('eta must be above')
  })
})
