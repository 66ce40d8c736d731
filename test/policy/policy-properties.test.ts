import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Directives, NEUTRAL } from '../../src/order/directives.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import type { ExecutionOptions, ScheduleOptions } from '../../src/policy/options.ts'
import { createPolicy } from '../../src/policy/policy.ts'
import type { UrgencyStep } from '../../src/policy/urgency.ts'
import { FakeDesk } from './fake-desk.ts'

const options: fc.Arbitrary<ExecutionOptions> = fc.record({
  schedule: fc.constantFrom<ScheduleOptions[]>(
    { kind: 'twap' },
    { kind: 'vwap', curves: [{ startNs: 900, binNs: 150, lots: Float64Array.of(5, 0, 1, 9) }] },
    { kind: 'front-loaded', kappaPerSecond: 2e6 },
    { kind: 'pov', min: 0.1, share: 0.5, max: 1.5 }
  ),
  sliceNs: fc.integer({ min: 10, max: 400 }),
  childLotsMax: fc.integer({ min: 1, max: 60 }),
  tactic: fc.constantFrom('passive-then-take' as const, 'take' as const, 'join' as const, 'peg' as const),
  urgency: fc.constantFrom<(readonly UrgencyStep[])[]>(
    [],
    [],
    [{ after: 0.5, urgency: 'urgent' }],
    [
      { after: 0, urgency: 'passive' },
      { after: 0.3, urgency: 'neutral' },
      { after: 0.7, urgency: 'passive' }
    ]
  ),
  limitFromStartTicks: fc.constantFrom(Number.POSITIVE_INFINITY, 2),
  participationMax: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0.4),
  takeAfterShare: fc.double({ min: 0, max: 1, noNaN: true }),
  takeThroughTicks: fc.integer({ min: 0, max: 3 }),
  repriceTicks: fc.integer({ min: 0, max: 3 }),
  minimumRestNs: fc.constantFrom(0, 20),
  reprice: fc.constantFrom('replace' as const, 'cancel-new' as const),
  cancelImbalance: fc.constantFrom(0, 0.5, 1),
  catchUp: fc.constantFrom('full' as const, 'capped' as const, 'none' as const),
  catchUpShare: fc.double({ min: 0, max: 1, noNaN: true }),
  finishNs: fc.constantFrom(0, 50, 5000)
})

const parents: fc.Arbitrary<ParentOrder> = fc.record({
  parentId: fc.constant(0),
  venue: fc.constant(0),
  side: fc.constantFrom(1 as const, -1 as const),
  quantityLots: fc.integer({ min: 1, max: 300 }),
  startNs: fc.constant(1000),
  endNs: fc.integer({ min: 1001, max: 2500 }),
  limitTicks: fc.constantFrom(Number.NaN, 98, 101, 104)
})

const directives: fc.Arbitrary<Directives> = fc.record({
  ...Object.fromEntries(Object.entries(NEUTRAL).map(([name, value]) => [name, fc.constant(value)])),
  spacingFactor: fc.constantFrom(1, 1.5, 3),
  burstCountMax: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
  catchUpShare: fc.constantFrom(0, 0.3, 1),
  childSizeFactor: fc.constantFrom(1, 2.5),
  modifySuppressed: fc.boolean(),
  cancelThresholdTicks: fc.constantFrom(0, 1),
  cancelDebounceNs: fc.constantFrom(0, 30),
  passiveCountMax: fc.constantFrom(0, 1, Number.POSITIVE_INFINITY),
  participationFactor: fc.constantFrom(0, 0.4, 1),
  preferAmend: fc.boolean(),
  venueWeightFactor: fc.constantFrom(1, 0.25, 0)
}) as fc.Arbitrary<Directives>

type Step =
  | { kind: 'wake' | 'ack' | 'gone' | 'refuse'; afterNs: number; pick: number }
  | { kind: 'fill'; afterNs: number; pick: number; lots: number }
  | { kind: 'touch'; afterNs: number; bid: number; spread: number; bidLots: number; askLots: number }
  | { kind: 'directives'; afterNs: number; directives: Directives }

const afterNs = fc.integer({ min: 0, max: 60 })
const pick = fc.nat(50)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wake' as const), afterNs, pick }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('ack' as const, 'gone' as const, 'refuse' as const), afterNs, pick })
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('fill' as const), afterNs, pick, lots: fc.integer({ min: 1, max: 80 }) })
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('touch' as const),
        afterNs,
        bid: fc.constantFrom(97, 99, 100, 101, 103, Number.NaN),
        spread: fc.integer({ min: -1, max: 3 }),
        bidLots: fc.constantFrom(0, 10, 500),
        askLots: fc.constantFrom(0, 10, 500)
      })
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('directives' as const), afterNs, directives }) }
  ),
  { maxLength: 120 }
)

/** Plays a script; the desk itself checks at every call that nothing can overfill. */
function play(parent: ParentOrder, execution: ExecutionOptions, script: readonly Step[]): { desk: FakeDesk; log: string[] } {
  const desk = new FakeDesk(parent, createPolicy(parent, execution))
  const log: string[] = []
  const note = (): void => void log.push(`${desk.nowNs} ${desk.asked.join(', ')} -> ${desk.wakeNs}`)
  let wakeNs = 1000
  let nowNs = 990
  const keep = (): void => {
    if (!Number.isNaN(desk.wakeNs)) wakeNs = desk.wakeNs
    note()
  }
  for (const step of script) {
    nowNs += step.afterNs
    // A lot trades every other ns.
    desk.tradedLots = Math.floor(Math.max(0, nowNs - 900) / 2)
    if (wakeNs <= nowNs) {
      wakeNs = Number.POSITIVE_INFINITY
      desk.wake(nowNs)
      keep()
    }
    const order = 'pick' in step ? desk.orders[step.pick % Math.max(1, desk.orders.length)] : undefined
    if (step.kind === 'wake') desk.wake(nowNs)
    else if (step.kind === 'touch') desk.move(nowNs, step.bid, step.bid + step.spread, step.bidLots, step.askLots)
    else if (step.kind === 'directives') desk.directives = step.directives
    else if (order === undefined) continue
    else if (step.kind === 'fill') desk.fill(order.childId, Math.min(step.lots, order.openLots), nowNs)
    else if (step.kind === 'gone') desk.gone(order.childId, nowNs)
    else desk.ack(order.childId, nowNs)
    keep()
  }
  return { desk, log }
}

describe('any policy under any fills, rejects, refusals and touches', () => {
  it('never overfills, never places before the start, at the end or after it, nor beyond the limit', () => {
    fc.assert(
      fc.property(parents, options, steps, (parent, execution, script) => {
        const { desk } = play(parent, execution, script)
        for (const child of desk.placed) {
          expect(child.nowNs).toBeGreaterThanOrEqual(parent.startNs)
          expect(child.nowNs).toBeLessThan(parent.endNs)
          expect(child.scheduledNs).toBeLessThanOrEqual(child.nowNs)
          expect(child.scheduledNs).toBeGreaterThanOrEqual(parent.startNs)
          expect(parent.side * (child.limitTicks - parent.limitTicks) > 0).toBe(false)
          expect(Number.isInteger(child.lots) && Number.isInteger(child.limitTicks)).toBe(true)
        }
        expect(desk.filledLots).toBeLessThanOrEqual(parent.quantityLots)
      }),
      { numRuns: 400 }
    )
  })

  it('never has more out than the cap on participation allows of what has traded since the first look', () => {
    const capped = options.map((execution) => ({ ...execution, participationMax: 0.4 }))
    fc.assert(
      fc.property(parents, capped, steps, (parent, execution, script) => {
        const { desk } = play(parent, execution, script)
        const [first] = desk.outAt
        for (const { tradedLots, outLots } of desk.outAt) {
          expect(outLots).toBeLessThanOrEqual(0.4 * (tradedLots - (first?.lookedAtLots ?? 0)) + 1e-9)
        }
      }),
      { numRuns: 200 }
    )
  })

  it('gives the same intents and wake-ups for the same views', () => {
    fc.assert(
      fc.property(parents, options, steps, (parent, execution, script) => {
        expect(play(parent, execution, script).log).toEqual(play(parent, execution, script).log)
      }),
      { numRuns: 50 }
    )
  })

  it('has everything that can still trade under cancel at the end', () => {
    fc.assert(
      fc.property(parents, options, steps, (parent, execution, script) => {
        const { desk } = play(parent, execution, script)
        desk.wake(Math.max(desk.nowNs, parent.endNs) + 10_000)
        for (const order of desk.orders) {
          if (order.passive || order.state === 'pending-new') expect(order.state).toBe('pending-cancel')
        }
      }),
      { numRuns: 100 }
    )
  })

  it('keeps asking to be woken until the end', () => {
    fc.assert(
      fc.property(parents, options, steps, (parent, execution, script) => {
        const { desk } = play(parent, execution, script)
        const nowNs = Math.max(desk.nowNs, 0)
        desk.wake(nowNs)
        if (nowNs < parent.endNs) expect(desk.wakeNs).toBeLessThanOrEqual(parent.endNs)
      }),
      { numRuns: 100 }
    )
  })
})

/** May lots be left at the last decision, before the finish? */
function mayLeave({ tactic, catchUp, schedule, urgency }: ExecutionOptions): boolean {
  return tactic === 'join' || tactic === 'peg' || catchUp !== 'full' || schedule.kind === 'pov' || urgency.length > 0
}

describe('a kind venue', () => {
  /** Everything is acknowledged at once; resting orders never fill, takes fill whole, cancels succeed. */
  function answer(desk: FakeDesk): void {
    for (let round = 0; round < 2000; round++) {
      const order = desk.orders.find((candidate) => !candidate.passive || candidate.state !== 'live')
      if (order === undefined) return
      if (!order.passive) desk.fill(order.childId, order.openLots)
      else if (order.state === 'pending-cancel') desk.gone(order.childId)
      else desk.ack(order.childId)
    }
  }

  it('completes every parent exactly when takes fill, whatever the slices and children', () => {
    const kind = options.map((execution) => ({
      ...execution,
      childLotsMax: Math.max(20, execution.childLotsMax),
      takeAfterShare: execution.takeAfterShare * 0.9,
      // What does not cross by itself, or not all of it, is left to the finish.
      finishNs: mayLeave(execution) ? 50 : execution.finishNs,
      participationMax: Number.POSITIVE_INFINITY,
      limitFromStartTicks: Number.POSITIVE_INFINITY
    }))
    fc.assert(
      fc.property(parents, kind, (parent, execution) => {
        const free = { ...parent, limitTicks: Number.NaN }
        const desk = new FakeDesk(free, createPolicy(free, execution))
        desk.wake(1000)
        answer(desk)
        for (let calls = 0; calls < 10_000 && desk.nowNs < free.endNs; calls++) {
          desk.wake(Number.isNaN(desk.wakeNs) ? free.endNs : desk.wakeNs)
          answer(desk)
        }
        expect(desk.filledLots).toBe(free.quantityLots)
        expect(desk.orders).toEqual([])
      }),
      { numRuns: 200 }
    )
  })
})
