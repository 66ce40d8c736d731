/*
 * What controllers do to whole worlds: nothing in a calm one, nothing but writing in shadow, only to its own parents as a canary; and under a square
 * wave of stress they follow the playbooks' order without flapping.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { CONTROLLER, CONTROLLER_STATE, type Ledger } from '../../src/ledger/ledger.ts'
import { summarise } from '../../src/metrics/run-metrics.ts'
import { controllerTimeline } from '../../src/metrics/timeline.ts'
import { prepare, type ReadyScenario } from '../../src/node/worlds.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { simulate } from '../../src/simulate.ts'

const SECOND = 1_000_000_000

const MARKET = `
market:
  venues:
    - tape: { generate: liquid, seed: 3, open: "09:30", close: "09:50", options: { burstCount: 1 } }
parents: { count: 6, quantityLots: [2000, 8000], horizon: [3m, 6m], window: { start: "09:31", end: "09:49" } }
`
const CALM = `${MARKET}
path:
  preset: colo
  host: { stalls: none }
  session: { maxPacingRate: none }
  qdisc: none
  gateway: { backgroundLoad: 0, throttle: none }
  acks: none
policies:
  controlled: { control: { capacityMessagesPerSecond: 10000 } }
`
/** Every minute the acks of twenty seconds crawl and the throttle takes a fifth; the host storms all along. */
const STRESS = `${MARKET}
path:
  preset: colo
  host: { stalls: storm-file }
  session: { maxPacingRate: 24kB/s }
  qdisc: fq
  gateway: { throttle: { kind: sliding, limit: 20, window: 1s, overLimit: reject, cancels: counted } }
  acks: { service: { law: lognormal, median: 6ms, sigma: 0.8 }, backgroundLoad: 0.5 }
  retry: at-once
policies:
  baseline: { execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new } }
  controlled:
    execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new }
    control: { capacityMessagesPerSecond: 20 }
  shadow:
    preset: controlled
    execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new }
    control: { capacityMessagesPerSecond: 20, mode: shadow }
  advisory:
    preset: controlled
    execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new }
    control: { capacityMessagesPerSecond: 20, mode: advisory }
  nobody:
    preset: controlled
    execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new }
    control: { capacityMessagesPerSecond: 20, mode: canary, canary: { share: 0, rules: &lenient { missRateMax: 1, opportunityBpsMax: 1000, rejectRateMax: 1, p95BpsMax: 1000, p99BpsMax: 1000, completionLossMax: 1, staleFillRatioMax: 1, transitionsPerMinuteMax: 1000 } } }
  canary:
    preset: controlled
    execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new }
    control: { capacityMessagesPerSecond: 20, mode: canary, canary: { share: 0.5, rules: *lenient } }
  restless:
    preset: controlled
    execution: { childLotsMax: 50, takeAfterShare: 0.9, cancelImbalance: 0.4, reprice: cancel-new }
    control: { capacityMessagesPerSecond: 20, mode: canary, canary: { share: 0.5, rules: { transitionsPerMinuteMax: 1 } } }
clamps:
  - { target: acks.rate, from: "09:32", to: "09:49", pulse: { factor: 0.2, period: 60s, on: 20s } }
  - { target: throttle.limit, from: "09:32", to: "09:49", pulse: { factor: 0.2, period: 60s, on: 20s } }
`

async function ready(text: string): Promise<ReadyScenario> {
  const progress = { say: () => undefined, clear: () => undefined }
  return prepare(parseScenario(text, { fileName: 'world.yaml' }), { cache: 'none', progress })
}

/** All that happened to orders. */
function traded({ parents, children, attempts, cancels, fills, segments }: Ledger): string[] {
  return [parents, children, attempts, cancels, fills, segments].map((table) => table.hash())
}

describe('a calm world', () => {
  it.each([1, 2, 3])(
    'is the same controlled as not: same messages, same fills, no state left, difference 0 (seed %d)',
    async (seed) => {
      const { world, context } = await ready(CALM)
      const [baseline, controlled] = ['baseline', 'controlled'].map((policy) => simulate(world(policy, seed)).ledger)
      expect(baseline.fills.count).toBeGreaterThan(100)
      expect(baseline.cancels.count).toBeGreaterThan(10)
      expect(traded(controlled)).toEqual(traded(baseline))
      expect(controlled.transitions.count).toBe(0)
      expect(controlled.telemetry.count).toBeGreaterThan(0)
      const { controllers, shortfallBps } = summarise(controlled, context)
      expect(Object.values(controllers).map(({ occupancy }) => Object.values(occupancy))).toEqual([[1], [1], [1], [1]])
      expect(shortfallBps).toEqual(summarise(baseline, context).shortfallBps)
    }
  )
})

describe('a world under a square wave of stress', () => {
  const ledgers: Record<string, Ledger> = {}

  beforeAll(async () => {
    const { world, scenario } = await ready(STRESS)
    for (const policy of scenario.policies.keys()) ledgers[policy] = simulate(world(policy, 1)).ledger
  }, 120_000)

  it('controllers act: other messages than the baseline', () => {
    expect(traded(ledgers.controlled)).not.toEqual(traded(ledgers.baseline))
  })

  it('does not make them flap: no two changes of one controller within its dwell', () => {
    const { col, count } = ledgers.controlled.transitions
    const last = new Map<number, number>()
    let moved = 0
    for (let row = 0; row < count; row++) {
      const beforeNs = last.get(col.controller[row])
      if (beforeNs !== undefined) expect(col.atNs[row] - beforeNs).toBeGreaterThanOrEqual(2 * SECOND)
      last.set(col.controller[row], col.atNs[row])
      moved++
    }
    expect(moved).toBeGreaterThan(10)
  })

  it('shows the order of events: the feature, then the state, then what is asked for, then recovery, in which less is', () => {
    for (const controller of ['throttle', 'cancel']) {
      const events = controllerTimeline(ledgers.controlled).filter((event) => event.controller === controller)
      const up = events.findIndex(({ kind }) => kind === 'state')
      const kinds = events.slice(0, up + 2).map(({ kind }) => kind)
      expect(kinds).toEqual(['feature', 'state', 'action'])
      expect(events[0].value).toBeGreaterThanOrEqual(events[0].threshold)
      expect(events[0].atNs).toBeLessThanOrEqual(events[up].atNs)
      expect(events[up + 1].controls.length).toBeGreaterThan(0)
      const recovery = events.findIndex(({ kind }, index) => index > up && kind === 'recovery')
      expect(events[recovery].atNs).toBeGreaterThan(events[up].atNs)
      expect(events[recovery + 1].kind).toBe('action')
    }
  })

  it.each(['shadow', 'advisory'])('in %s nothing happens to orders, and what would be asked for is written', (mode) => {
    expect(traded(ledgers[mode])).toEqual(traded(ledgers.baseline))
    const events = controllerTimeline(ledgers[mode])
    expect(events.some(({ kind, controls }) => kind === 'action' && controls.length > 0)).toBe(true)
    expect(new Set(events.map((event) => event.mode))).toEqual(new Set([mode]))
  })

  it('a canary of nobody is the baseline; one of some touches its own parents only until orders meet', () => {
    expect(traded(ledgers.nobody)).toEqual(traded(ledgers.baseline))
    expect(traded(ledgers.canary)).not.toEqual(traded(ledgers.baseline))
    expect(traded(ledgers.canary)).not.toEqual(traded(ledgers.controlled))
  })

  it('a canary whose machines are restless is taken back in the run, said once, and never acts again', () => {
    const { col, count } = ledgers.restless.transitions
    const back = [...Array(count).keys()].filter((row) => col.controller[row] === CONTROLLER.of.canary)
    expect(back).toHaveLength(1)
    expect(CONTROLLER_STATE.names[col.to[back[0]]]).toBe('rolled-back')
    expect(col.value[back[0]]).toBeGreaterThan(1)
    expect(
      [...Array(ledgers.canary.transitions.count).keys()].some(
        (row) => ledgers.canary.transitions.col.controller[row] === CONTROLLER.of.canary
      )
    ).toBe(false)
  })
})
