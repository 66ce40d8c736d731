import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../src/policy/schedule.ts'
import { createSchedule } from '../../src/policy/schedules.ts'
import type { FakeDesk } from './fake-desk.ts'
import { open } from './plain-parent.ts'

const POV = { kind: 'pov', min: 0.05, share: 0.1, max: 0.5 } as const

function schedule(quantityLots: number): Schedule {
  const parent = { parentId: 0, venue: 0, side: 1, quantityLots, startNs: 0, endNs: 1000, limitTicks: Number.NaN } as const
  return createSchedule(parent, POV, 100)
}

describe('POV targets', () => {
  it('are a share of the volume since the first look, rounded down', () => {
    const plan = schedule(1000)
    plan.observe(0, 5000, 'neutral')
    expect(plan.targetLots(0)).toBe(0)
    plan.observe(1, 5199, 'neutral')
    expect(plan.targetLots(1)).toBe(19)
    plan.observe(2, 5200, 'neutral')
    expect(plan.targetLots(2)).toBe(20)
  })

  it('grow by the least share while passive and by the most while urgent', () => {
    const plan = schedule(1000)
    plan.observe(0, 0, 'passive')
    plan.observe(1, 100, 'passive')
    expect(plan.targetLots(1)).toBe(5)
    plan.observe(2, 200, 'urgent')
    expect(plan.targetLots(2)).toBe(55)
    plan.observe(3, 300, 'neutral')
    expect(plan.targetLots(3)).toBe(65)
  })

  it('stop at the quantity', () => {
    const plan = schedule(30)
    plan.observe(0, 0, 'neutral')
    plan.observe(1, 10_000, 'neutral')
    expect(plan.targetLots(1)).toBe(30)
  })

  it('after a pause are parted over its slices, as if the volume had come evenly', () => {
    const plan = schedule(1000)
    plan.observe(0, 0, 'neutral')
    plan.observe(4, 1000, 'neutral')
    expect([0, 1, 2, 3, 4].map((slice) => plan.targetLots(slice))).toEqual([0, 25, 50, 75, 100])
  })
})

describe('a parent that participates', () => {
  /* 100 lots over 10 slices of 100 ns, all crossing; each take is filled at once. */
  function step(desk: FakeDesk, nowNs: number, tradedLots: number): string[] {
    desk.tradedLots = tradedLots
    const asked = [...desk.wake(nowNs)]
    for (const order of [...desk.orders]) desk.fill(order.childId, order.openLots)
    return asked
  }

  it('sends at each decision what the volume since the last one asks for', () => {
    const desk = open({ schedule: POV, tactic: 'take' })
    expect(step(desk, 1000, 700)).toEqual([])
    expect(step(desk, 1100, 900)).toEqual(['take 20@102'])
    expect(step(desk, 1200, 905)).toEqual([])
    expect(step(desk, 1300, 1005)).toEqual(['take 10@102'])
  })

  it('takes the whole of its quantity and no more, and leaves the rest where little trades', () => {
    const busy = open({ schedule: POV, tactic: 'take' })
    step(busy, 1000, 0)
    expect(step(busy, 1100, 5000)).toEqual(['take 100@102'])
    const quiet = open({ schedule: POV, tactic: 'take' })
    for (let slice = 0; slice < 10; slice++) step(quiet, 1000 + 100 * slice, 10 * slice)
    expect(quiet.wake(2000)).toEqual([])
    // A tenth of 90.
    expect(quiet.filledLots).toBe(9)
  })

  it('catches up after a pause as the law says', () => {
    const paused = (catchUp: 'full' | 'none'): string[] => {
      const desk = open({ schedule: POV, tactic: 'take', catchUp })
      step(desk, 1000, 0)
      return step(desk, 1450, 400)
    }
    // Slice 1 was next: 10 of the 40 are scheduled, 30 are late.
    expect(paused('full')).toEqual(['catch-up 30@102', 'take 10@102'])
    expect(paused('none')).toEqual(['take 10@102'])
  })
})

describe('a cap on participation', () => {
  it('holds what a schedule wants to a share of what has traded, and gives it back later as scheduled', () => {
    const desk = open({ tactic: 'take', participationMax: 0.1 })
    const wake = (nowNs: number, tradedLots: number): string[] => {
      desk.tradedLots = tradedLots
      const asked = [...desk.wake(nowNs)]
      for (const order of [...desk.orders]) desk.fill(order.childId, order.openLots)
      return asked
    }
    expect(wake(1000, 500)).toEqual([])
    expect(wake(1100, 560)).toEqual(['take 6@102'])
    // 30 are due by now, 15 may be out.
    expect(wake(1200, 650)).toEqual(['take 9@102'])
    expect(wake(1300, 2000)).toEqual(['take 25@102'])
  })

  it('holds in the finish too, which looks again as more trades', () => {
    const desk = open({ tactic: 'join', participationMax: 0.5, finishNs: 80 }, { quantityLots: 10, endNs: 1100 })
    expect(desk.wake(1000)).toEqual([])
    desk.tradedLots = 4
    expect(desk.wake(1020)).toEqual(['liquidation 2@102'])
    desk.fill(0, 2)
    expect(desk.wakeNs).toBe(1030)
    desk.tradedLots = 6
    expect(desk.wake(1030)).toEqual(['liquidation 1@102'])
    desk.fill(1, 1)
    expect(desk.wake(1040)).toEqual([])
  })
})
