import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NEUTRAL } from '../../src/order/directives.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import { Router, type RoutingOptions } from '../../src/policy/routing.ts'
import type { PolicyView } from '../../src/policy/view.ts'

const NONE = Number.NaN

function parentOf(venueCount: number): ParentOrder {
  const venues = Array.from({ length: venueCount }, (_, venue) => venue)
  return { parentId: 0, venue: 0, venues, side: 1, quantityLots: 1e6, startNs: 0, endNs: 1, limitTicks: NONE }
}

function router(venueCount: number, options: Partial<RoutingOptions>): Router {
  return new Router(parentOf(venueCount), { rule: 'weighted', roundLots: 100, ...options })
}

/** The controllers ask for these factors on the paths. */
function factors(...venueWeightFactors: number[]): PolicyView {
  const touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  const venues = venueWeightFactors.map((venueWeightFactor) => ({
    touch,
    directives: { ...NEUTRAL, venueWeightFactor },
    tradedLots: 0,
    replaceLotsMax: Number.POSITIVE_INFINITY
  }))
  return { nowNs: 0, parent: parentOf(venues.length), filledLots: 0, workingLots: 0, venues, orders: [], cause: 'wake' }
}

/** Plans and sends all of it; gives the lots by venue. */
function send(routed: Router, lots: number, ticks: readonly number[], shown?: readonly number[], better = -1): number[] {
  routed.plan(lots, Float64Array.from(ticks), better, shown === undefined ? null : Float64Array.from(shown))
  const sent = [...routed.lots]
  for (const [venue, part] of sent.entries()) routed.sent(venue, part)
  return sent
}

describe('routing by weight', () => {
  it('gives every lot to somebody, and each venue its share within one round lot, whatever is sent at a time', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 2 })
    const amounts = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(weights, amounts, fc.constantFrom(1, 10, 100), (given, lots, roundLots) => {
        const routed = router(2, { weights: given, roundLots })
        const total = given[0] + given[1]
        const got = [0, 0]
        let all = 0
        for (const amount of lots) {
          const sent = send(routed, amount, [100, 100])
          expect(sent[0] + sent[1]).toBe(amount)
          all += amount
          for (const venue of [0, 1]) {
            got[venue] += sent[venue]
            expect(Math.abs(got[venue] - (given[venue] / total) * all)).toBeLessThanOrEqual(roundLots + 1e-6)
          }
        }
      })
    )
  })

  it('never leaves one of many venues more than its neighbours behind by round lots', () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 6 })
      .filter((w) => w.some((one) => one > 0))
    fc.assert(
      fc.property(weights, fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }), (given, lots) => {
        const routed = router(given.length, { weights: given, roundLots: 10 })
        const total = given.reduce((sum, weight) => sum + weight, 0)
        const got = given.map(() => 0)
        let all = 0
        for (const amount of lots) {
          send(
            routed,
            amount,
            given.map(() => 100)
          ).forEach((part, venue) => {
            got[venue] += part
          })
          all += amount
          given.forEach((weight, venue) => {
            if (weight === 0) expect(got[venue]).toBe(0)
            // One that is owed little may have to wait while others are served: at most a round lot for each of them.
            expect(Math.abs(got[venue] - (weight / total) * all)).toBeLessThanOrEqual(10 * (given.length - 1) + 1e-6)
          })
        }
      })
    )
  })

  it('a piece below a round lot goes to one venue, the next to who is then owed most, ties to the first', () => {
    const routed = router(2, { weights: [1, 1] })
    expect([send(routed, 30, [1, 1]), send(routed, 30, [1, 1]), send(routed, 50, [1, 1])]).toEqual([
      [30, 0],
      [0, 30],
      [50, 0]
    ])
    expect(send(router(2, { weights: [3, 1] }), 400, [1, 1])).toEqual([300, 100])
  })

  it('a venue where nothing can be sent gets nothing, and is not owed afterwards what it could not have had', () => {
    const routed = router(2, { weights: [1, 1] })
    expect(send(routed, 1000, [NONE, 1])).toEqual([0, 1000])
    expect(send(routed, 1000, [1, 1])).toEqual([500, 500])
    expect(send(routed, 1000, [NONE, NONE])).toEqual([0, 0])
  })

  it('weight moves with the factors that the controllers ask for, and comes back without a debt', () => {
    const routed = router(2, { weights: [0.75, 0.25] })
    routed.look(factors(0, 1))
    expect([routed.main, routed.uses(0), routed.uses(1)]).toEqual([1, false, true])
    expect(send(routed, 1200, [NONE, 1])).toEqual([0, 1200])
    routed.look(factors(1, 1))
    expect(routed.main).toBe(0)
    expect(send(routed, 1200, [1, 1])).toEqual([900, 300])
    routed.look(factors(1 / 3, 1))
    expect(send(routed, 1200, [1, 1])).toEqual([600, 600])
  })

  it('with every path in trouble the weights stand', () => {
    const routed = router(2, { weights: [3, 1] })
    routed.look(factors(0, 0))
    expect(send(routed, 400, [1, 1])).toEqual([300, 100])
  })

  it('weights that leave a symbol out, or none at all, are equal ones', () => {
    expect(send(router(2, { weights: [0, 0] }), 400, [1, 1])).toEqual([200, 200])
    expect(send(router(2, {}), 400, [1, 1])).toEqual([200, 200])
  })
})

describe('routing by best price', () => {
  const rule = 'best-price'

  it('a take goes to the lowest offer for what it shows, then to the next; what nobody shows goes to the best', () => {
    expect(send(router(3, { rule }), 500, [101, 100, 102], [300, 200, 300])).toEqual([300, 200, 0])
    expect(send(router(3, { rule }), 900, [101, 100, 102], [300, 200, 300])).toEqual([300, 300, 300])
    expect(send(router(2, { rule }), 50, [101, 100], [300, 200])).toEqual([0, 50])
  })

  it('a sale takes the highest bid first', () => {
    expect(send(router(2, { rule }), 250, [100, 101], [300, 200], 1)).toEqual([50, 200])
  })

  it('an order that rests goes where the own side is best, all of it; ties by weight', () => {
    expect(send(router(2, { rule }), 500, [100, 101], undefined, 1)).toEqual([0, 500])
    expect(send(router(2, { rule, weights: [3, 2] }), 500, [100, 100], undefined, 1)).toEqual([300, 200])
  })

  it('venues of one price share by weight within what they show', () => {
    expect(send(router(2, { rule, weights: [1, 1] }), 600, [100, 100], [200, 900])).toEqual([200, 400])
  })

  it('gives every lot to somebody and never uses a venue without a price or weight', () => {
    const venue = fc.record({
      ticks: fc.option(fc.integer({ min: 95, max: 99 }), { nil: NONE }),
      shown: fc.integer({ min: 0, max: 400 }),
      weight: fc.integer({ min: 0, max: 3 })
    })
    fc.assert(
      fc.property(fc.array(venue, { minLength: 2, maxLength: 5 }), fc.integer({ min: 1, max: 3000 }), (venues, lots) => {
        const weights = venues.map(({ weight }) => weight)
        const routed = router(venues.length, { rule, weights })
        const sent = send(
          routed,
          lots,
          venues.map(({ ticks }) => ticks),
          venues.map(({ shown }) => shown)
        )
        const weighted = weights.some((weight) => weight > 0)
        const open = venues.map(({ ticks, weight }) => !Number.isNaN(ticks) && (weight > 0 || !weighted))
        expect(sent.reduce((sum, part) => sum + part, 0)).toBe(open.includes(true) ? lots : 0)
        for (const [index, part] of sent.entries()) if (!open[index]) expect(part).toBe(0)
      })
    )
  })
})
