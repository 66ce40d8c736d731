import { describe, expect, it } from 'vitest'
import { NEUTRAL } from '../../src/order/directives.ts'
import { Budget } from '../../src/policy/budget.ts'
import { BASELINE } from '../../src/policy/presets.ts'
import { createSchedule } from '../../src/policy/schedules.ts'

const SLICE_NS = 10

function budget(): Budget {
  const parent = { parentId: 0, venue: 0, side: 1, quantityLots: 40, startNs: 1000, endNs: 1040, limitTicks: Number.NaN } as const
  return new Budget(parent, { ...BASELINE, sliceNs: SLICE_NS }, createSchedule(parent, { kind: 'twap' }, SLICE_NS))
}

describe('decisions of a budget', () => {
  it('that fall due together are one: back on the grid after a stretched gap, the next is never now', () => {
    const stretched = { ...NEUTRAL, spacingFactor: 1.5 }
    const plan = budget()
    expect(plan.decide(1000, 0, stretched, Infinity)).toBe(true)
    expect([plan.ceilingLots, plan.nextNs]).toEqual([10, 1015])
    // Due at 1015 and, on the grid again, at 1020: met at 1020, both at once, and nothing of it is late.
    expect(plan.decide(1020, 10, NEUTRAL, Infinity)).toBe(true)
    expect([plan.ceilingLots, plan.catchUpLots, plan.anchorNs, plan.nextNs]).toEqual([30, 0, 1020, 1030])
  })

  it('that a pause of a slice or more held up are caught up, as far as the law goes', () => {
    const plan = budget()
    plan.decide(1000, 0, NEUTRAL, Infinity)
    // The decisions of 1010 and 1020 are met at 1025: 10 lots of the first were scheduled, 10 of the second are late.
    expect(plan.decide(1025, 10, NEUTRAL, Infinity)).toBe(true)
    expect([plan.ceilingLots, plan.catchUpLots, plan.anchorNs, plan.nextNs]).toEqual([30, 10, 1020, 1030])
  })

  it('end with the last slice', () => {
    const plan = budget()
    plan.decide(1000, 0, NEUTRAL, Infinity)
    plan.decide(1030, 10, NEUTRAL, Infinity)
    expect([plan.ceilingLots, plan.nextNs]).toEqual([40, Number.POSITIVE_INFINITY])
  })
})
