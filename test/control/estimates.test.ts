/* What controllers estimate while they run: branches and their costs, the reject hazard, the race of a cancel, a canary's rollback. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BranchModel } from '../../src/control/branch-model.ts'
import { adviseCancel, type CancelRace, estimateCancel, fillHazardPerSecond } from '../../src/control/cancel-decision.ts'
import { CONTROL_ON } from '../../src/control/presets.ts'
import { RejectHazard } from '../../src/control/reject-hazard.ts'
import { type CanaryFigures, type CanaryWindow, rollback } from '../../src/control/rollback.ts'

const MS = 1_000_000

describe('the branch model', () => {
  it('learns the odds of the next branch from the branches it has seen', () => {
    const model = new BranchModel()
    // Pacing-Limited is left for a burst every second time.
    for (let i = 0; i < 2000; i++) {
      model.observe(1)
      model.observe(2)
    }
    model.observe(1)
    const { burstOdds, pacingOdds } = model.estimate()
    expect(burstOdds).toBeGreaterThan(0.98)
    expect(pacingOdds).toBeLessThan(0.02)
  })

  it('learns what a fill in a branch costs, and never takes a worse branch for a cheaper one', () => {
    const model = new BranchModel()
    model.observe(1)
    for (let i = 0; i < 10_000; i++) model.onFill(2)
    model.observe(2)
    for (let i = 0; i < 10_000; i++) model.onFill(5)
    const { burstOdds, burstRiskBps, expectedCostBps, pacingOdds } = model.estimate()
    expect(burstRiskBps / burstOdds).toBeCloseTo(3, 1)
    expect(expectedCostBps).toBeCloseTo(pacingOdds * 2 + burstOdds * 5, 1)
    for (let i = 0; i < 100_000; i++) model.onFill(-5)
    expect(model.estimate().burstRiskBps).toBe(0)
  })

  it('odds add up to one and a fill without a mid is no observation', () => {
    const model = new BranchModel()
    const before = model.estimate()
    model.onFill(Number.NaN)
    expect(model.estimate()).toEqual(before)
    expect(before.burstOdds + before.pacingOdds).toBeLessThan(1)
  })
})

describe('the reject hazard', () => {
  const weights = CONTROL_ON.throttle.hazard
  const load = fc.record({
    rho: fc.double({ min: 0, max: 2, noNaN: true }),
    burst: fc.double({ min: 0, max: 2, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    stress: fc.double({ min: 0, max: 1, noNaN: true })
  })

  it('is the logistic of the playbook: idle 0.7 %, at capacity 27 %', () => {
    const hazard = new RejectHazard(weights)
    expect(hazard.odds({ rho: 0, burst: 0, jitter: 0, stress: 0 })).toBeCloseTo(1 / (1 + Math.exp(5)), 10)
    expect(hazard.odds({ rho: 1, burst: 0, jitter: 0, stress: 0 })).toBeCloseTo(1 / (1 + Math.exp(1)), 10)
  })

  it('never falls with load, whatever it has learnt', () => {
    const learnt = fc.array(fc.tuple(load, fc.nat(40), fc.nat(40)), { maxLength: 40 })
    fc.assert(
      fc.property(learnt, load, load, (history, a, b) => {
        const hazard = new RejectHazard(weights)
        for (const [features, count, rejects] of history) hazard.sample(features, count, Math.min(count, rejects))
        const worse = { rho: a.rho + b.rho, burst: a.burst + b.burst, jitter: a.jitter + b.jitter, stress: a.stress + b.stress }
        expect(hazard.odds(worse)).toBeGreaterThanOrEqual(hazard.odds(a))
        expect(hazard.odds(worse)).toBeLessThanOrEqual(1)
      })
    )
  })

  it('follows the answers: a path that refuses half at this load is soon believed to', () => {
    const hazard = new RejectHazard(weights)
    const features = { rho: 0.5, burst: 0.1, jitter: 0, stress: 0 }
    for (let i = 0; i < 500; i++) hazard.sample(features, 20, 10)
    expect(hazard.odds(features)).toBeCloseTo(0.5, 1)
  })
})

/** A bid whose fill would lose 0.4 ticks: the book leans on it and drifts. Trades reach it once a second. */
const RACE: CancelRace = {
  adverseTicks: -0.2,
  driftTicksPerSecond: 0.2,
  imbalance: 0.6,
  halfSpreadTicks: 0.5,
  lotsAhead: 60,
  openLots: 20,
  tradedLotsPerSecond: 50,
  ackP50Ns: 50 * MS,
  ackP90Ns: 100 * MS,
  ackP99Ns: 200 * MS
}

describe('the cancel decision', () => {
  it('the hazard of a fill: trades over the queue, weighted by imbalance, and the drift through the price', () => {
    // 50 / 80 lots, 1.6 times; and 0.2 ticks a second over at least half a tick.
    expect(fillHazardPerSecond(RACE)).toBeCloseTo(1 + 0.4, 12)
    expect(fillHazardPerSecond({ ...RACE, driftTicksPerSecond: -1 })).toBeCloseTo(1, 12)
    expect(fillHazardPerSecond({ ...RACE, lotsAhead: 140 })).toBeLessThan(fillHazardPerSecond(RACE))
  })

  it('delta C is the stale fill plus re-entry less the toxic fill avoided', () => {
    const { deltaTicks, avoidedTicks, staleTicks, reentryTicks, staleOdds, toxicTicks } = estimateCancel(RACE)
    // -0.2 + 0.2 of drift + half a tick by 0.8.
    expect(toxicTicks).toBeCloseTo(0.4, 12)
    const stale = 0.7 * (1 - Math.exp(-1.4 * 0.05)) + 0.25 * (1 - Math.exp(-1.4 * 0.1)) + 0.05 * (1 - Math.exp(-1.4 * 0.2))
    expect(staleOdds).toBeCloseTo(stale, 12)
    expect(staleTicks).toBeCloseTo(0.4 * stale, 12)
    expect(avoidedTicks).toBeCloseTo(0.4 * (1 - Math.exp(-1.4) - stale), 12)
    expect(reentryTicks).toBeCloseTo((1 - stale) * 0.5 * 0.2, 12)
    expect(deltaTicks).toBeCloseTo(staleTicks + reentryTicks - avoidedTicks, 12)
  })

  it('the slower the acks, the less a cancel is worth', () => {
    const factor = fc.double({ min: 1, max: 50, noNaN: true })
    const races = fc.record({
      adverseTicks: fc.double({ min: -2, max: 2, noNaN: true }),
      driftTicksPerSecond: fc.double({ min: -2, max: 2, noNaN: true }),
      imbalance: fc.double({ min: -1, max: 1, noNaN: true }),
      lotsAhead: fc.nat(1000),
      tradedLotsPerSecond: fc.nat(500)
    })
    fc.assert(
      fc.property(races, factor, (changes, slower) => {
        const race = { ...RACE, ...changes }
        const slow = {
          ...race,
          ackP50Ns: race.ackP50Ns * slower,
          ackP90Ns: race.ackP90Ns * slower,
          ackP99Ns: race.ackP99Ns * slower
        }
        const [before, after] = [estimateCancel(race), estimateCancel(slow)]
        expect(after.staleOdds).toBeGreaterThanOrEqual(before.staleOdds - 1e-12)
        expect(after.avoidedTicks).toBeLessThanOrEqual(before.avoidedTicks + 1e-12)
        expect(after.staleTicks).toBeGreaterThanOrEqual(before.staleTicks - 1e-12)
      })
    )
  })

  it('cancels only below minus epsilon; a stricter epsilon never cancels more', () => {
    const { deltaTicks } = estimateCancel(RACE)
    expect(deltaTicks).toBeLessThan(0)
    expect(adviseCancel(RACE, -deltaTicks - 1e-9, true, true)).toBe('cancel')
    expect(adviseCancel(RACE, -deltaTicks + 1e-9, true, true)).toBe('reduce')
  })

  it('what is not worth its cancel is made smaller where that keeps priority, else shaded, else left', () => {
    expect(adviseCancel(RACE, 9, true, true)).toBe('reduce')
    expect(adviseCancel(RACE, 9, true, false)).toBe('shade')
    expect(adviseCancel({ ...RACE, openLots: 1 }, 9, true, true)).toBe('shade')
    expect(adviseCancel(RACE, 9, false, true)).toBe('hold')
    // A fill that would gain is no reason to do anything.
    expect(adviseCancel({ ...RACE, adverseTicks: -2 }, 9, true, true)).toBe('hold')
  })

  it('where there is no race the policy decides: prompt acks, no rule, no ack yet', () => {
    const prompt = { ...RACE, ackP50Ns: 100_000, ackP90Ns: 200_000, ackP99Ns: 300_000 }
    expect(adviseCancel(prompt, 9, true, true)).toBe('cancel')
    expect(adviseCancel(RACE, Number.NEGATIVE_INFINITY, true, true)).toBe('cancel')
    expect(adviseCancel({ ...RACE, ackP50Ns: Number.NaN }, 9, true, true)).toBe('cancel')
  })
})

describe('the rollback of a canary', () => {
  const rules = CONTROL_ON.canary.rules
  const even: CanaryFigures = {
    missRate: 0.1,
    opportunityBps: 0,
    rejectRate: 0.05,
    p95Bps: 3,
    p99Bps: 5,
    completion: 1,
    staleFillRatio: 0.02
  }
  const window = (changes: Partial<CanaryFigures>, transitionsPerMinute = 0): CanaryWindow => ({
    canary: { ...even, ...changes },
    others: even,
    transitionsPerMinute
  })

  it('stays while the canary is no worse than the others by more than its budgets', () => {
    expect(rollback(rules, window({}), null)).toBeNull()
    expect(rollback(rules, window({ completion: 0.995, missRate: 0.3, p95Bps: 6 }), window({ p95Bps: 6 }))).toBeNull()
  })

  it.each([
    ['missRate', window({ missRate: 0.4 })],
    ['opportunity', window({ opportunityBps: 3 })],
    ['rejectRate', window({ rejectRate: 0.2 })],
    ['completion', window({ completion: 0.95 })],
    ['oscillation', window({}, 11)]
  ] as const)('one window of %s is enough', (rule, broken) => {
    expect(rollback(rules, broken, null)).toMatchObject({ rule })
  })

  it.each([
    ['fillCostP95', window({ p95Bps: 8 })],
    ['fillCostP99', window({ p99Bps: 14 })],
    ['staleFillRatio', window({ staleFillRatio: 0.2 })]
  ] as const)('%s takes two windows running', (rule, broken) => {
    expect(rollback(rules, broken, null)).toBeNull()
    expect(rollback(rules, broken, window({}))).toBeNull()
    expect(rollback(rules, broken, broken)).toMatchObject({ rule })
  })

  it('what is not known breaks no rule', () => {
    const unknown = Object.fromEntries(Object.keys(even).map((name) => [name, Number.NaN])) as unknown as CanaryFigures
    expect(rollback(rules, { canary: unknown, others: even, transitionsPerMinute: 0 }, null)).toBeNull()
  })
})
