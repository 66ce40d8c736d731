/* The features of the gate's hazard, each by hand, and how often the gate refuses against the logistic of them. */
import { describe, expect, it } from 'vitest'
import { openStream } from '../../src/kernel/random.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { GATE, Gate } from '../../src/path/gate.ts'
import { GateLoad } from '../../src/path/gate-load.ts'
import type { ClampOptions, GateOptions } from '../../src/path/options.ts'
import { Rig, Sink } from './stage-rig.ts'

const NO_HAZARD = { intercept: 0, utilisation: 0, burst: 0, latencyJitter: 0, stress: 0 }
const NONE = Number.NaN

describe('what the hazard looks at', () => {
  it('utilisation: messages of the last window, the new one too, over what the gate takes in a window', () => {
    const load = new GateLoad(1_000, 8)
    const seen = [0, 0, 500, 999, 1_000, 1_499, 1_500].map((ns) => {
      load.observe(ns, NONE)
      return load.utilisation
    })
    // At 1000 the two of 0 have left; at 1500 that of 500 has.
    expect(seen).toEqual([1 / 8, 2 / 8, 3 / 8, 4 / 8, 3 / 8, 4 / 8, 4 / 8])
  })

  it('burst: those of the last tenth of the window, as the rate of a whole window', () => {
    const load = new GateLoad(1_000, 8)
    const seen = [0, 0, 99, 100, 198, 199, 1_000].map((ns) => {
      load.observe(ns, NONE)
      return load.burst
    })
    expect(seen).toEqual([10 / 8, 20 / 8, 30 / 8, 20 / 8, 30 / 8, 30 / 8, 10 / 8])
  })

  it('latency jitter: smoothed deviation over smoothed latency, gains 1/4 and 1/8', () => {
    const load = new GateLoad(1_000, 8)
    const seen = [800, 1_600, NONE, 0].map((latencyNs, i) => {
      load.observe(10_000 * (i + 1), 10_000 * (i + 1) - latencyNs)
      return load.latencyJitter
    })
    // 800: no deviation yet. 1600: deviation 800 / 4 = 200, latency 800 + 800 / 8 = 900. No instant: as before.
    // 0: deviation 200 + (900 - 200) / 4 = 375, latency 900 - 900 / 8 = 787.5.
    expect(seen).toEqual([0, 200 / 900, 200 / 900, 375 / 787.5])
  })

  it('stress: how far the clamp is above 1, and nothing below', () => {
    const load = new GateLoad(1_000, 8)
    load.observe(0, NONE)
    const at = (factor: number): number => load.hazardOf({ ...NO_HAZARD, stress: 2 }, factor)
    expect([at(0.5), at(1), at(1.5)]).toEqual([0.5, 0.5, expect.closeTo(1 / (1 + Math.exp(-1)), 12)])
  })

  it('adds up in the logistic', () => {
    const load = new GateLoad(1_000, 10)
    for (const ns of [0, 200, 400]) load.observe(ns, ns - (ns === 0 ? 800 : 1_600))
    // Utilisation 0.3; burst 1; latency 800, 900, 987.5; deviation 0, 200, 325; stress 0.5.
    const x = -3 + 2 * 0.3 + 0.7 * 1 + 1.5 * (325 / 987.5) + 0.4 * 0.5
    const hazard = { intercept: -3, utilisation: 2, burst: 0.7, latencyJitter: 1.5, stress: 0.4 }
    expect(load.hazardOf(hazard, 1.5)).toBeCloseTo(1 / (1 + Math.exp(-x)), 12)
  })

  it('has no load where the gate takes any number', () => {
    const load = new GateLoad(1_000, Number.POSITIVE_INFINITY)
    load.observe(0, NONE)
    expect([load.utilisation, load.burst, load.latencyJitter]).toEqual([0, 0, 0])
  })
})

const WINDOW_NS = 1_000_000
const SERVICE_NS = 10_000
const CAPACITY = WINDOW_NS / SERVICE_NS
const COUNT = 20_000

interface Sent {
  readonly atNs: number
  readonly latencyNs: number
}

/** Messages at a load of the gate, evenly or at random, and their latencies. */
function sentAt(load: number, random: boolean, seed: number): Sent[] {
  const { next } = openStream(seed, 'gate-load')
  const gapNs = SERVICE_NS / load
  let atNs = 1_000_000
  return Array.from({ length: COUNT }, () => {
    atNs += random ? -Math.log(1 - next()) * gapNs : gapNs
    return { atNs: Math.floor(atNs), latencyNs: random ? Math.floor(20_000 + 30_000 * next()) : 20_000 }
  })
}

/** The probabilities of the playbook's formula, from the list of messages alone. */
function probabilities(sent: readonly Sent[], hazard: GateOptions['hazard'], clampFactor: number): number[] {
  let smoothed = sent[0].latencyNs
  let deviation = 0
  return sent.map(({ atNs, latencyNs }, i) => {
    if (i > 0) {
      deviation = 0.75 * deviation + 0.25 * Math.abs(latencyNs - smoothed)
      smoothed = 0.875 * smoothed + 0.125 * latencyNs
    }
    let lately = 0
    let inWindow = 0
    for (let j = i; j >= 0 && atNs - sent[j].atNs < WINDOW_NS; j--) {
      inWindow++
      if (atNs - sent[j].atNs < WINDOW_NS / 10) lately++
    }
    const x =
      hazard.intercept +
      (hazard.utilisation * inWindow) / CAPACITY +
      (hazard.burst * 10 * lately) / CAPACITY +
      (hazard.latencyJitter * deviation) / smoothed +
      hazard.stress * (clampFactor - 1)
    return 1 / (1 + Math.exp(-x))
  })
}

function refusedCount(sent: readonly Sent[], hazard: GateOptions['hazard'], clampFactor: number, type: 'new' | 'cancel'): number {
  const rig = new Rig()
  const infinite = Number.POSITIVE_INFINITY
  const options: GateOptions = {
    service: { law: 'constant', valueNs: SERVICE_NS },
    orderLotsMax: infinite,
    orderTickLotsMax: infinite,
    openOrderCountMax: infinite,
    messageCountMax: infinite,
    messageWindowNs: WINDOW_NS,
    hazard
  }
  const clamp: ClampOptions = {
    target: 'gate.service',
    shape: { shape: 'step', factor: clampFactor },
    startNs: 0,
    endNs: infinite
  }
  const gate = new Gate(rig.simulation, rig.messages, rig.reports, options, new ClampSchedule([clamp]), 5)
  const target = rig.simulation.register(gate)
  const venue = new Sink(rig.simulation)
  const host = new Sink(rig.simulation)
  gate.connect({ up: venue.hop(), down: host.hop() })
  for (const { atNs, latencyNs } of sent) {
    const row = rig.message({ type })
    rig.messages.dispatchNs.values[row] = atNs - latencyNs
    rig.send(atNs, target, GATE.up, row)
  }
  rig.run()
  expect(rig.refusals(host).every((refusal) => refusal === 'rejected:risk-stress')).toBe(true)
  expect(venue.seen.length + host.seen.length).toBe(COUNT)
  return host.seen.length
}

describe('the gate refuses as often as the logistic says', () => {
  const full = { intercept: -3, utilisation: 2, burst: 0.8, latencyJitter: 1.5, stress: 1 }
  const cases: [what: string, load: number, hazard: Partial<GateOptions['hazard']>, random: boolean, clampFactor: number][] = [
    ...[0.1, 0.3, 0.5, 0.7, 0.9, 1.2].map((load): (typeof cases)[number] => [
      'utilisation alone',
      load,
      { intercept: -4, utilisation: 4 },
      false,
      1
    ]),
    ...[0.2, 0.5, 0.8, 1.2].map((load): (typeof cases)[number] => ['all terms', load, full, true, 1]),
    ['all terms and a slow gate', 0.5, full, true, 1.4]
  ]

  // Refusals are a sum of independent draws with known probabilities. Bounds of 4.2 standard deviations: a right gate is outside in
  // one of 37 000 cases, so in one of 3 400 runs of these eleven.
  it.each(cases)('%s, at a load of %d', (_, load, terms, random, clampFactor) => {
    const hazard = { ...NO_HAZARD, ...terms }
    const sent = sentAt(load, random, Math.round(load * 100))
    const chances = probabilities(sent, hazard, clampFactor)
    const expected = chances.reduce((sum, p) => sum + p, 0)
    const deviation = Math.sqrt(chances.reduce((sum, p) => sum + p * (1 - p), 0))
    expect(Math.abs(refusedCount(sent, hazard, clampFactor, 'new') - expected)).toBeLessThan(4.2 * deviation)
    // No bound is wider than a fifth of what is expected: a term left out or doubled is seen.
    expect(4.2 * deviation).toBeLessThan(0.2 * expected)
  })

  it('is steep near saturation: evenly sent messages at 0.3, 0.6 and 0.9', () => {
    const hazard = { ...NO_HAZARD, intercept: -6, utilisation: 8 }
    const shares = [0.3, 0.6, 0.9].map((load) => refusedCount(sentAt(load, false, 1), hazard, 1, 'new') / COUNT)
    // 1 / (1 + e^3.6), 1 / (1 + e^1.2), 1 / (1 + e^-1.2) with deviations of 0.0011, 0.003 and 0.003; four of them.
    expect(Math.abs(shares[0] - 0.0266)).toBeLessThan(0.0046)
    expect(Math.abs(shares[1] - 0.2315)).toBeLessThan(0.012)
    expect(Math.abs(shares[2] - 0.7685)).toBeLessThan(0.012)
  })

  it('and never a cancel', () => {
    expect(refusedCount(sentAt(0.9, true, 3), full, 1, 'cancel')).toBe(0)
  })
})
