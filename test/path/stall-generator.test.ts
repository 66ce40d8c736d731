import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import type { Law } from '../../src/kernel/law.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import type { FaultRates, StallOptions, StallRegime } from '../../src/path/options.ts'
import { StallWeather } from '../../src/path/stall-weather.ts'
import { STALL_PRESETS } from '../../src/scenario/stall-presets.ts'
import { lagOne, varianceToMean } from './stall-recordings.ts'

/* What a regime may have beside rates: dispersion, bursts, an onset, laws of its own; and what memory actions change. */
const NS = 1_000_000_000
const WINDOW_NS = 10_000_000
const none = new ClampSchedule([])
const fixed = (valueNs: number): Law => ({ law: 'constant', valueNs })

function rates(minorPerSecond: number, majorPerSecond: number): FaultRates {
  return { minorPerSecond, majorPerSecond, reclaimPerSecond: 0, compactionPerSecond: 0 }
}

function options(...regimes: Partial<StallRegime>[]): Extract<StallOptions, { kind: 'generated' }> {
  return {
    kind: 'generated',
    regimes: regimes.map((fields) => ({ name: 'clean', ...rates(0, 0), dwellMeanNs: NS, ...fields })),
    minor: fixed(1_000),
    major: fixed(20_000),
    reclaim: fixed(0),
    compaction: fixed(0),
    serialCorrelation: 0
  }
}

function counts(weather: StallWeather, seconds: number, fromNs = 0): Float64Array {
  const out = new Float64Array(seconds * 100)
  expect(weather.faultCountsPerWindow(fromNs, fromNs + seconds * NS, WINDOW_NS, out)).toBe(out.length)
  return out
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)

interface Met {
  readonly startNs: number
  readonly stallNs: number
  readonly kind: number
}

/** Stalls that a thread without rest meets up to `untilNs`. */
function meets(weather: StallWeather, untilNs: number): Met[] {
  const met: Met[] = []
  weather.listener = (startNs, stallNs, kind) => met.push({ startNs, stallNs, kind })
  for (let ns = 0; ns < untilNs; ) ns = weather.serve(ns, 20_000)
  weather.listener = null
  return met.filter(({ startNs }) => startNs < untilNs)
}

describe('the count of faults in 10 ms', () => {
  it.each([
    [0.6, 4_000],
    [1, 3_000],
    [5, 5_000]
  ])('has a variance-to-mean of %d and its mean', (dispersion, perSecond) => {
    const own = options({ ...rates(perSecond, 0), dispersion: { minor: dispersion } })
    const windows = counts(new StallWeather(own, 3, none), 200)
    // 20,000 windows: the variance-to-mean has a standard error of about sqrt(2 / 20000) = 1 %, the mean of sqrt(d / (mean n)).
    expect(Math.abs(varianceToMean(windows) / dispersion - 1)).toBeLessThan(0.05)
    expect(Math.abs(sum(windows) / 200 / perSecond - 1)).toBeLessThan(4 * Math.sqrt(dispersion / (perSecond * 200)))
  })

  it('is at most one a tick of 100 us until each has one', () => {
    const met = meets(new StallWeather(options({ ...rates(4_000, 0) }), 9, none), NS)
    const ticks = new Set(met.map(({ startNs }) => Math.floor(startNs / 100_000)))
    expect(met.length - ticks.size).toBeLessThanOrEqual(met.length * 0.02) // one that waited for another begins a tick late
  })
})

describe('an onset', () => {
  const onset = { ...rates(0, 10_000), holdNs: 50_000_000, decayNs: 100_000_000 }
  const regimes = [
    { name: 'clean' as const, dwell: 'constant' as const },
    { name: 'warming' as const, dwell: 'constant' as const, ...rates(0, 500), onset }
  ]

  it('holds, then falls by e in each decay, on top of the regime, at each entry', () => {
    const mean = new Float64Array(100)
    const worlds = 60
    for (let seed = 1; seed <= worlds; seed++) {
      const windows = counts(new StallWeather(options(...regimes), seed, none), 8)
      // The first window of the warming regime inside 2 .. 6 s: the first after a whole quiet second.
      let entry = 200
      while (!(windows[entry] > 0 && sum(windows.slice(entry - 90, entry)) === 0)) entry++
      for (let w = 0; w < 100; w++) mean[w] += windows[entry + w] / worlds
    }
    const expected = (w: number): number => {
      const decays = (w + 0.5 - 5) / 10
      return 5 + 100 * (w < 5 ? 1 : Math.exp(-decays))
    }
    for (const w of [1, 3, 8, 15, 25, 40, 70]) {
      // Standard error sqrt(mean / worlds); steps of 30 ms are even inside.
      const step = expected(w) * 0.16
      expect(Math.abs(mean[w] - expected(w))).toBeLessThan(step + 4 * Math.sqrt(expected(w) / worlds))
    }
  })

  it('is not for a regime with bursts, nor without a decay', () => {
    const burst = { ...rates(0, 1), dwellMeanNs: NS, gapMeanNs: NS }
    expect(() => new StallWeather(options({ onset, burst }), 1, none)).toThrow(InputError)
    expect(() => new StallWeather(options({ onset: { ...onset, decayNs: 0 } }), 1, none)).toThrow(InputError)
  })
})

describe('bursts and services', () => {
  const burst = {
    ...rates(0, 8_000),
    services: { major: { law: fixed(3_000), serialCorrelation: 0 } },
    dwellMeanNs: 40_000_000,
    gapMeanNs: 160_000_000
  }
  const services = { major: { law: fixed(90_000), serialCorrelation: 0 } }

  it('have the rates and the laws of their state: few faults are slow, many are quick', () => {
    const weather = new StallWeather(options({ name: 'storm', ...rates(0, 500), services, burst }), 5, none)
    const met = meets(weather, 100 * NS)
    const slow = met.filter(({ stallNs }) => stallNs === 90_000).length
    const quick = met.filter(({ stallNs }) => stallNs === 3_000).length
    expect(slow + quick).toBe(met.length)
    // A fifth of the time in bursts, of about 500 of each: the shares have a relative standard error of about 6 %.
    expect(Math.abs(quick / (0.2 * 8_000 * 100) - 1)).toBeLessThan(0.25)
    expect(Math.abs(slow / (0.8 * 500 * 100) - 1)).toBeLessThan(0.1)
  })

  it('keep the correlation of each kind', () => {
    const law: Law = { law: 'lognormal', medianNs: 10_000, sigma: 0.4 }
    const own = options({
      ...rates(2_000, 2_000),
      services: { minor: { law, serialCorrelation: 0.2 }, major: { law, serialCorrelation: 0.8 } }
    })
    const met = meets(new StallWeather(own, 2, none), 100 * NS)
    const lags = [0, 1].map((kind) => lagOne(met.filter((one) => one.kind === kind).map(({ stallNs }) => Math.log(stallNs))))
    expect(Math.abs(lags[0] - 0.2)).toBeLessThan(0.03)
    expect(Math.abs(lags[1] - 0.8)).toBeLessThan(0.03)
  })
})

describe('memory actions', () => {
  const warming = {
    name: 'warming' as const,
    ...rates(2_000, 300),
    dwell: 'constant' as const,
    onset: { ...rates(20_000, 10_000), holdNs: 0, decayNs: 100_000_000 }
  }
  const storm = {
    name: 'storm' as const,
    ...rates(3_000, 1_000),
    burst: { ...rates(3_000, 9_000), dwellMeanNs: 50_000_000, gapMeanNs: 50_000_000 }
  }

  it("scale the rates by the stated shares: onset by 0.1, majors by 0.1, a burst's excess by 0.2", () => {
    const of = (regime: Partial<StallRegime>, actions: object) => {
      const full = { prefault: false, pinned: false, backgroundFreeze: false, ...actions }
      return new StallWeather({ ...options(regime), actions: full }, 4, none).faultCounts(0, 400 * NS)
    }
    const per = 400
    // Onset: 1000 majors and 2000 minors each second, but for its last 2 %.
    expect(Math.abs(of(warming, {}).major / per / 1_280 - 1)).toBeLessThan(0.03)
    expect(Math.abs(of(warming, { prefault: true }).major / per / 398 - 1)).toBeLessThan(0.03)
    expect(Math.abs(of(warming, { prefault: true }).minor / per / 2_196 - 1)).toBeLessThan(0.03)
    expect(Math.abs(of(storm, { pinned: true }).major / per / 500 - 1)).toBeLessThan(0.1)
    expect(Math.abs(of(storm, { pinned: true }).minor / per / 3_000 - 1)).toBeLessThan(0.01)
    expect(Math.abs(of(storm, { backgroundFreeze: true }).major / per / (1_000 + 0.5 * 0.2 * 8_000) - 1)).toBeLessThan(0.1)
    // Without an onset, prefault takes the first touches' share of a warming regime's minors.
    expect(Math.abs(of({ name: 'warming', ...rates(2_000, 300) }, { prefault: true }).minor / per / 1_360 - 1)).toBeLessThan(0.01)
  })

  it('taken in a run change nothing before, and afterwards only take faults away', () => {
    const idle = new StallWeather(options(storm), 6, none)
    const acted = new StallWeather(options(storm), 6, none)
    // Asked ahead of the action, so that what was made for later is made anew.
    const before = acted.faultCounts(0, 4 * NS)
    expect(before).toEqual(idle.faultCounts(0, 4 * NS))
    expect(acted.act(2 * NS, 'pinned', true)).toBe(true)
    expect(acted.faultCounts(0, 2 * NS)).toEqual(idle.faultCounts(0, 2 * NS))
    const without = meets(idle, 4 * NS)
    const withAction = meets(acted, 4 * NS)
    const early = ({ startNs }: Met): boolean => startNs < 2 * NS
    expect(withAction.filter(early)).toEqual(without.filter(early))
    const late = withAction.filter((one) => !early(one))
    const majors = late.filter(({ kind }) => kind === 1).length
    expect(majors).toBeLessThan(0.2 * without.filter((one) => !early(one) && one.kind === 1).length)
    expect(late.filter(({ kind }) => kind === 0).length).toBe(without.filter((one) => !early(one) && one.kind === 0).length)
  })

  it('switched off again leave the rest of the day as it was', () => {
    const idle = new StallWeather(options(storm), 6, none)
    const acted = new StallWeather(options(storm), 6, none)
    acted.act(NS, 'backgroundFreeze', true)
    acted.act(2 * NS, 'backgroundFreeze', false)
    expect(acted.faultCounts(2 * NS, 5 * NS)).toEqual(idle.faultCounts(2 * NS, 5 * NS))
    expect(acted.faultCounts(NS, 2 * NS).major).toBeLessThan(idle.faultCounts(NS, 2 * NS).major)
  })

  it('keep the instant and the service of every fault that stays', () => {
    // So few that none waits for another: what is met is what was drawn.
    const law: Law = {
      law: 'two-part',
      medianNs: 2_000,
      sigma: 0.3,
      tailProbability: 0.05,
      tailMedianNs: 600_000,
      tailSigma: 0.3
    }
    const sparse = { ...options({ name: 'storm', ...rates(0, 60), services: { major: { law, serialCorrelation: 0.5 } } }) }
    const all = new Map(meets(new StallWeather(sparse, 8, none), 60 * NS).map((one) => [one.startNs, one.stallNs]))
    const acted = new StallWeather(sparse, 8, none)
    acted.act(0, 'pinned', true)
    const stayed = meets(acted, 60 * NS)
    expect(stayed.length).toBeGreaterThan(200)
    expect(stayed.length).toBeLessThan(0.15 * all.size)
    const moved = stayed.filter(({ startNs, stallNs }) => all.get(startNs) !== stallNs)
    expect(moved.length).toBeLessThanOrEqual(0.06 * stayed.length)
  })

  it('are nothing to a recording or to no stalls', () => {
    expect(new StallWeather({ kind: 'none' }, 1, none).act(0, 'pinned', true)).toBe(false)
  })
})

describe.each(['warmup', 'storm-file', 'storm-swap'] as const)('the preset %s', (name) => {
  // Dwells of a tenth, so that 60 s see every regime many times.
  const preset = STALL_PRESETS[name]
  if (preset.kind !== 'generated') throw new Error('a preset without a generator')
  const quick = { ...preset, regimes: preset.regimes.map((one) => ({ ...one, dwellMeanNs: one.dwellMeanNs / 10 })) }

  it('answers the same in any order of questions', () => {
    const times = Array.from({ length: 3_000 }, (_, i) => Math.floor(i * 19_876_543.21))
    const ask = (weather: StallWeather, ns: number) => [weather.serve(ns, 7_000), weather.faultCounts(ns - 3_000_000, ns)]
    const ahead = new StallWeather(quick, 17, none)
    const back = new StallWeather(quick, 17, none)
    const forwards = times.map((ns) => ask(ahead, ns))
    expect(
      [...times]
        .reverse()
        .map((ns) => ask(back, ns))
        .reverse()
    ).toEqual(forwards)
    const alone = times.filter((_, i) => i % 97 === 0).map((ns) => ask(new StallWeather(quick, 17, none), ns))
    expect(alone).toEqual(forwards.filter((_, i) => i % 97 === 0))
  })

  it('lets a thread without rest meet the faults that the counters count, once and in order', () => {
    const weather = new StallWeather(preset, 18, none)
    const met = meets(weather, 120 * NS)
    const early = met.filter(({ startNs }, i) => i > 0 && startNs < met[i - 1].startNs + met[i - 1].stallNs)
    const { minor, major } = weather.faultCounts(0, 120 * NS)
    // Where stalls take all of the time (an onset's height), a busy stretch outlasts what is looked back at: the cut loses or repeats some.
    expect(early.length / met.length).toBeLessThan(0.001)
    expect(Math.abs(met.length / (minor + major) - 1)).toBeLessThan(0.005)
  })
})
