/* The table of live orders against a Map, ids of all sizes; and the 64-bit clock against big integers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Zone } from '../../src/formats/civil-date.ts'
import { DecimalGrid } from '../../src/formats/decimal-grid.ts'
import { ORDER, OrderTable } from '../../src/formats/order-table.ts'
import { SessionClock } from '../../src/formats/session-clock.ts'
import { dateOfDays, daysOfDate } from '../../src/kernel/calendar.ts'

describe('the table of live orders', () => {
  // Few ids, so that many meet in one run of slots; the high words make them differ where the low ones do not.
  const id = fc.record({
    high: fc.constantFrom(0, 1, 0x80000000, 0xffffffff),
    low: fc.constantFrom(0, 1, 2, 16, 17, 4096, 0xffffffff)
  })
  it('finds what was inserted and not removed, through growth and removal', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ id, remove: fc.boolean() }), { maxLength: 200 }), (steps) => {
        const table = new OrderTable(1)
        const truth = new Map<string, number>()
        for (const [
          step,
          {
            id: { high, low },
            remove
          }
        ] of steps.entries()) {
          const key = `${high} ${low}`
          const row = table.find(high, low)
          if (high === 0 && low === 0) {
            expect(row).toBe(-1)
            continue
          }
          expect(row >= 0 ? table.rows[row + ORDER.lots] : undefined).toBe(truth.get(key))
          if (row >= 0 && remove) {
            table.remove(row)
            truth.delete(key)
          } else if (row < 0) {
            const inserted = table.insert(high, low)
            table.rows[inserted + ORDER.lots] = step
            table.rows[inserted + ORDER.arrival] = step
            truth.set(key, step)
          }
          expect(table.count).toBe(truth.size)
        }
        const arrivals = table.byArrival().map((row) => table.rows[row + ORDER.arrival])
        expect(arrivals).toEqual([...truth.values()].sort((a, b) => a - b))
      })
    )
  })
})

describe('dates and zones', () => {
  it('days and dates are each other’s inverse, through leap years and centuries', () => {
    expect([daysOfDate('1970-01-01'), daysOfDate('2000-02-29'), daysOfDate('2100-03-01')]).toEqual([0, 11_016, 47_541])
    fc.assert(fc.property(fc.integer({ min: 0, max: 106_000 }), (days) => daysOfDate(dateOfDays(days)) === days))
    for (const text of ['2023-02-29', '2100-02-29', '2020-13-01', '2020-1-1', '1969-12-31', 'today'])
      expect(() => daysOfDate(text)).toThrow('is not a date')
  })

  it('midnight is local, on both sides of a change of the clocks', () => {
    const zone = new Zone('America/New_York')
    // EST is five hours behind UTC, EDT four; 2020-03-08 starts in EST.
    for (const [date, hours] of [
      ['2020-01-02', 5],
      ['2020-03-08', 5],
      ['2020-03-09', 4],
      ['2020-11-01', 4],
      ['2020-11-02', 5]
    ] as const)
      expect(zone.midnightSeconds(daysOfDate(date))).toBe(daysOfDate(date) * 86_400 + hours * 3600)
    expect(() => new Zone('New York')).toThrow('is not a time zone')
  })

  it('a clock of 64-bit ns is exact to the ns, and takes the date of its first instant', () => {
    const ns = fc.bigInt({ min: 0n, max: 86_399_999_999_999n })
    fc.assert(
      fc.property(ns, fc.integer({ min: 1, max: 100_000 }), (sinceMidnight, days) => {
        const clock = new SessionClock('UTC', undefined, 0)
        const epoch = BigInt(days) * 86_400_000_000_000n + sinceMidnight
        const found = clock.ofEpochNs(Number(epoch >> 32n), Number(epoch & 0xffffffffn))
        return found === Number(sinceMidnight) && clock.date === dateOfDays(days)
      })
    )
  })
})

describe('the grid of prices or quantities', () => {
  const grid = (usual: string | null, given?: string): DecimalGrid =>
    new DecimalGrid({ what: 'tick', decimals: 4, given, usual, stepsMax: 2 ** 30 - 1 })

  it('ends as the coarsest that holds every value, and its factors keep the steps made before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 }), (values) => {
        const tick = grid(null)
        let steps: number[] = []
        for (const value of values) {
          if (Number.isNaN(tick.exactly(value))) {
            const factor = tick.refine(value) ?? Number.NaN
            steps = steps.map((step) => step * factor)
          }
          steps.push(tick.exactly(value))
        }
        expect(steps.map((step) => step * tick.unitsPerStep)).toEqual(values)
        const divisor = values.reduce((a, b) => {
          let [high, low] = [a, b]
          while (low > 0) [high, low] = [low, high % low]
          return high
        })
        expect(tick.unitsPerStep).toBe(divisor)
      })
    )
  })

  it('starts at what is usual, stays at what is given, and tells both as decimals', () => {
    const usual = grid('0.01')
    expect([usual.exactly(12_300), usual.text()]).toEqual([123, '0.01'])
    expect([usual.refine(12_350), usual.text(), usual.header()]).toEqual([2, '0.005', { units: 5, decimals: 3 }])
    const given = grid('0.01', '0.05')
    expect([given.exactly(12_300), given.refine(12_300), given.faultOf(12_300)]).toEqual([
      Number.NaN,
      null,
      'the price 1.23 is not a whole number of the tick 0.05; give a smaller tick'
    ])
    expect(() => grid('0.01', '0.00001')).toThrow('tick: "0.00001" is not a tick size; write a multiple of 0.0001')
  })
})
