import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ParentOrder } from '../../src/order/parent.ts'
import type { Schedule } from '../../src/policy/schedule.ts'
import { createSchedule } from '../../src/policy/schedules.ts'

function parent(quantityLots: number, startNs: number, endNs: number): ParentOrder {
  return { parentId: 0, venue: 0, side: 1, quantityLots, startNs, endNs, limitTicks: Number.NaN }
}

const createTwap = (order: ParentOrder, sliceNs: number): Schedule => createSchedule(order, { kind: 'twap' }, sliceNs)

describe('TWAP targets', () => {
  it('are cumulative, rounded down, and end at the quantity', () => {
    const schedule = createTwap(parent(10, 0, 300), 100)
    // 10/3, 20/3, 30/3.
    expect([0, 1, 2].map((slice) => schedule.targetLots(slice))).toEqual([3, 6, 10])
    expect(schedule.grid.count).toBe(3)
  })

  it('give a shorter last slice its share of the time', () => {
    const schedule = createTwap(parent(100, 1000, 1250), 100)
    expect([0, 1, 2].map((slice) => schedule.targetLots(slice))).toEqual([40, 80, 100])
    expect([0, 1, 2].map((slice) => schedule.grid.startNs(slice))).toEqual([1000, 1100, 1200])
    expect([999, 1000, 1099, 1100, 1249, 5000].map((nowNs) => schedule.grid.at(nowNs))).toEqual([0, 0, 0, 1, 2, 2])
  })

  it('has one slice when the slice is longer than the horizon', () => {
    const schedule = createTwap(parent(7, 0, 10), 100)
    expect([schedule.grid.count, schedule.targetLots(0)]).toEqual([1, 7])
  })

  it('are exact where the product of lots and time is beyond doubles', () => {
    // A third of 2.1e9 lots; 2.1e9 * 1.9e13 rounds down in doubles and would give 699,999,999.
    expect(createTwap(parent(2_100_000_000, 0, 57_000_000_399_000), 19_000_000_133_000).targetLots(0)).toBe(700_000_000)
  })

  it('are exact integers at any size', () => {
    const lots = fc.integer({ min: 1, max: 2 ** 31 - 1 })
    const horizon = fc.integer({ min: 1, max: 86_400_000_000_000 })
    fc.assert(
      fc.property(lots, horizon, fc.integer({ min: 1, max: 500 }), (quantity, horizonNs, wanted) => {
        const sliceNs = Math.ceil(horizonNs / wanted)
        const schedule = createTwap(parent(quantity, 0, horizonNs), sliceNs)
        let before = 0
        for (let slice = 0; slice < schedule.grid.count; slice++) {
          const endNs = Math.min(horizonNs, (slice + 1) * sliceNs)
          const exact = Number((BigInt(quantity) * BigInt(endNs)) / BigInt(horizonNs))
          expect(schedule.targetLots(slice)).toBe(exact)
          expect(exact).toBeGreaterThanOrEqual(before)
          before = exact
        }
        expect(before).toBe(quantity)
      })
    )
  })
})
