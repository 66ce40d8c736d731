import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import type { StallOptions, StallRegime } from '../../src/path/options.ts'
import { StallWeather } from '../../src/path/stall-weather.ts'

const NS = 1_000_000_000
const none = new ClampSchedule([])

function regime(fields: Partial<StallRegime>): StallRegime {
  return {
    name: 'clean',
    minorPerSecond: 0,
    majorPerSecond: 0,
    reclaimPerSecond: 0,
    compactionPerSecond: 0,
    dwellMeanNs: NS,
    ...fields
  }
}

function generated(regimes: StallRegime[], fields: Partial<Extract<StallOptions, { kind: 'generated' }>> = {}): StallOptions {
  return {
    kind: 'generated',
    regimes,
    minor: { law: 'lognormal', medianNs: 3_000, sigma: 0.35 },
    major: { law: 'two-part', medianNs: 45_000, sigma: 0.34, tailProbability: 0.0044, tailMedianNs: 4_430_000, tailSigma: 0.86 },
    reclaim: { law: 'lognormal', medianNs: 300_000, sigma: 1.2 },
    compaction: { law: 'lognormal', medianNs: 1_000_000, sigma: 0.8 },
    serialCorrelation: 0.4,
    ...fields
  }
}

const storm = generated([
  regime({ name: 'clean', minorPerSecond: 3000, dwellMeanNs: 0.3 * NS }),
  regime({
    name: 'storm',
    minorPerSecond: 4000,
    majorPerSecond: 8000,
    reclaimPerSecond: 50,
    compactionPerSecond: 10,
    dwellMeanNs: 0.1 * NS
  })
])

function trace(rows: [number, number, number][], startNs = 0, periodNs = Number.POSITIVE_INFINITY): StallOptions {
  return {
    kind: 'trace',
    atNs: Float64Array.from(rows, (row) => row[0]),
    stallNs: Float64Array.from(rows, (row) => row[1]),
    stallKind: Uint8Array.from(rows, (row) => row[2]),
    startNs,
    periodNs
  }
}

function met(weather: StallWeather): number[][] {
  const rows: number[][] = []
  weather.listener = (...row) => rows.push(row)
  return rows
}

describe('StallWeather without stalls', () => {
  it('lets work run as it comes', () => {
    const weather = new StallWeather({ kind: 'none' }, 1, none)
    expect(weather.serve(5, 7)).toBe(12)
    expect(weather.faultCounts(0, NS)).toEqual({ minor: 0, major: 0 })
  })
})

describe('StallWeather from a recording', () => {
  // Stalls at [10, 15), then one due at 12 that starts when the first ends: [15, 18), then [30, 40).
  const rows: [number, number, number][] = [
    [10, 5, 0],
    [12, 3, 1],
    [30, 10, 1]
  ]

  it('suspends work during stalls and resumes it', () => {
    const weather = new StallWeather(trace(rows), 1, none)
    expect(weather.serve(0, 10)).toBe(10) // done just as the first stall begins
    expect(weather.serve(0, 11)).toBe(19) // 10 ns before, 8 ns stalled, 1 ns after
    expect(weather.serve(12, 0)).toBe(18) // nothing to do, but not before the stall's end
    expect(weather.serve(18, 0)).toBe(18)
    expect(weather.serve(18, 13)).toBe(41)
    expect(weather.availableNs(10)).toBe(18)
    expect(weather.availableNs(9)).toBe(9)
  })

  it('tells each stall that blocked work once, with the time it blocked', () => {
    const weather = new StallWeather(trace(rows), 1, none)
    const told = met(weather)
    weather.serve(13, 3)
    weather.availableNs(31)
    weather.serve(21, 20)
    // From 13: 2 ns of the first stall, all of the second. From 21 on 20 ns of work: all of [30, 40).
    expect(told).toEqual([
      [10, 5, 0, 2],
      [15, 3, 1, 3],
      [30, 10, 1, 10]
    ])
  })

  it('repeats from its start every period, is nothing before, and cuts what outlasts the period', () => {
    const weather = new StallWeather(trace([[90, 50, 1]], 1000, 100), 1, none)
    expect(weather.serve(500, 0)).toBe(500)
    expect(weather.serve(1090, 0)).toBe(1100)
    expect(weather.serve(1290, 5)).toBe(1305)
    expect(weather.serve(1050, 100)).toBe(1050 + 100 + 10) // runs 1050..1090 and 1100..1160
    expect(weather.faultCounts(0, 1500)).toEqual({ minor: 0, major: 5 })
    expect(weather.faultCounts(1090, 1190)).toEqual({ minor: 0, major: 1 })
    const out = new Float64Array(3)
    expect(weather.faultCountsPerWindow(1000, 1300, 100, out)).toBe(3)
    expect([...out]).toEqual([1, 1, 1])
  })

  it('lengthens its stalls under a clamp on host.faults', () => {
    const clamps = new ClampSchedule([{ target: 'host.faults', shape: { shape: 'step', factor: 3 }, startNs: 20, endNs: 100 }])
    const weather = new StallWeather(trace(rows), 1, clamps)
    expect([weather.serve(10, 0), weather.serve(30, 0)]).toEqual([18, 60])
  })

  it('refuses a trace that goes back in time', () => {
    const back = trace([
      [10, 1, 0],
      [9, 1, 0]
    ])
    expect(() => new StallWeather(back, 1, none)).toThrow(InputError)
  })

  it('equals a brute-force count of free nanoseconds', () => {
    const row = fc.tuple(fc.nat(200), fc.nat(20), fc.constantFrom(0, 1))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(250), fc.nat(60), (unsorted, startNs, serviceNs) => {
        const sorted = [...unsorted].sort((a, b) => a[0] - b[0])
        const stalled = new Set<number>()
        let freeNs = 0
        for (const [atNs, stallNs] of sorted) {
          const from = Math.max(freeNs, atNs)
          for (let ns = from; ns < from + stallNs; ns++) stalled.add(ns)
          freeNs = from + stallNs
        }
        let ns = startNs
        for (let rest = serviceNs; rest > 0; ns++) if (!stalled.has(ns)) rest--
        if (serviceNs === 0) while (stalled.has(ns)) ns++
        expect(new StallWeather(trace(sorted), 1, none).serve(startNs, serviceNs)).toBe(ns)
      })
    )
  })
})

describe('StallWeather from the generator', () => {
  it('is the same in any order of questions', () => {
    const ahead = new StallWeather(storm, 42, none)
    const back = new StallWeather(storm, 42, none)
    const times = Array.from({ length: 400 }, (_, i) => i * 7_654_321)
    const forwards = times.map((ns) => [ahead.serve(ns, 20_000), ahead.faultCounts(ns - 5_000_000, ns).minor])
    const backwards = [...times].reverse().map((ns) => [back.serve(ns, 20_000), back.faultCounts(ns - 5_000_000, ns).minor])
    expect(backwards.reverse()).toEqual(forwards)
    const other = new StallWeather(storm, 43, none)
    expect(times.map((ns) => other.serve(ns, 20_000))).not.toEqual(forwards.map((row) => row[0]))
  })

  it('never ends earlier for a later start, and never before the work itself', () => {
    const weather = new StallWeather(storm, 5, none)
    fc.assert(
      fc.property(fc.nat(3 * NS), fc.nat(30_000_000), fc.nat(200_000), (startNs, laterNs, serviceNs) => {
        const endNs = weather.serve(startNs, serviceNs)
        expect(endNs).toBeGreaterThanOrEqual(startNs + serviceNs)
        expect(weather.serve(startNs + laterNs, serviceNs)).toBeGreaterThanOrEqual(endNs)
        const halfNs = serviceNs >> 1
        if (halfNs > 0) expect(weather.serve(weather.serve(startNs, halfNs), serviceNs - halfNs)).toBe(endNs)
      })
    )
  })

  it('counts what it stalls: blocked faults over a stretch of full work equal the counters', () => {
    // Faults short enough not to queue past their block: every one is met by a thread that never rests.
    const options = generated([regime({ minorPerSecond: 2000, majorPerSecond: 500 })], {
      minor: { law: 'constant', valueNs: 1000 },
      major: { law: 'constant', valueNs: 40_000 }
    })
    const weather = new StallWeather(options, 3, none)
    const told = met(weather)
    const endNs = weather.serve(0, 2 * NS)
    const counts = weather.faultCounts(0, endNs)
    expect(Math.abs(told.length - counts.minor - counts.major)).toBeLessThanOrEqual(3)
    const blockedNs = told.reduce((sum, row) => sum + row[3], 0)
    expect(blockedNs).toBe(endNs - 2 * NS)
  })

  it('adds up: counts of parts make the count of the whole, with edges anywhere', () => {
    const weather = new StallWeather(storm, 11, none)
    fc.assert(
      fc.property(fc.nat(5 * NS), fc.nat(NS), fc.nat(NS), (a, b, c) => {
        const left = weather.faultCounts(a, a + b)
        const right = weather.faultCounts(a + b, a + b + c)
        const whole = weather.faultCounts(a, a + b + c)
        expect(whole).toEqual({ minor: left.minor + right.minor, major: left.major + right.major })
        expect(Math.min(left.minor, left.major)).toBeGreaterThanOrEqual(0)
      })
    )
  })

  it('meets its rates: a regime of 3000 + 500 faults a second over 100 s, Poisson in 10 ms windows', () => {
    const weather = new StallWeather(generated([regime({ minorPerSecond: 3000, majorPerSecond: 500 })]), 8, none)
    const { minor, major } = weather.faultCounts(0, 100 * NS)
    expect(Math.abs(minor - 300_000)).toBeLessThan(5 * Math.sqrt(300_000))
    expect(Math.abs(major - 50_000)).toBeLessThan(5 * Math.sqrt(50_000))
    const out = new Float64Array(10_000)
    expect(weather.faultCountsPerWindow(0, 100 * NS, 10_000_000, out)).toBe(10_000)
    const total = out.reduce((sum, count) => sum + count, 0)
    const mean = total / out.length
    const variance = out.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (out.length - 1)
    expect(total).toBe(minor + major)
    // Variance over mean of a Poisson law is 1, with standard error sqrt(2 / 10000) = 0.014.
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.07)
  })

  it('meets the mixture of its regimes: mean rate and variance over mean of a two-state modulated process', () => {
    // Dwell shares 0.75 and 0.25 of rates 1000 and 9000 per second: mean rate 3000. Regimes change between blocks of T = 10 ms, so the rate is
    // one over a block and Var N = mean + Var(rate) T^2.
    const options = generated([
      regime({ minorPerSecond: 1000, dwellMeanNs: 0.3 * NS }),
      regime({ name: 'storm', minorPerSecond: 9000, dwellMeanNs: 0.1 * NS })
    ])
    const weather = new StallWeather(options, 21, none)
    const seconds = 2000
    const { minor } = weather.faultCounts(0, seconds * NS)
    expect(Math.abs(minor / seconds / 3000 - 1)).toBeLessThan(0.05)
    const out = new Float64Array(seconds * 100)
    weather.faultCountsPerWindow(0, seconds * NS, 10_000_000, out)
    const mean = out.reduce((sum, count) => sum + count, 0) / out.length
    const variance = out.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (out.length - 1)
    const rateVariance = 0.75 * 0.25 * 8000 ** 2
    const expected = 1 + (rateVariance * 0.01 ** 2) / 30
    expect(Math.abs(variance / mean / expected - 1)).toBeLessThan(0.05)
  })

  it('meets its service law and its serial correlation', () => {
    const options = generated([regime({ majorPerSecond: 2000 })], {
      major: { law: 'lognormal', medianNs: 40_000, sigma: 0.5 },
      serialCorrelation: 0.6
    })
    const weather = new StallWeather(options, 4, none)
    const told = met(weather)
    weather.serve(0, 100 * NS)
    const logs = told.map((row) => Math.log(row[1]))
    const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length
    const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / logs.length
    let lag = 0
    for (let i = 1; i < logs.length; i++) lag += (logs[i] - mean) * (logs[i - 1] - mean)
    // 100 s have 1250 slow levels of 80 ms: the mean's standard error is 0.5 sqrt(0.6 / 1250) = 0.011, that of the variance's share of the
    // levels sqrt(2 / 1250) = 4 %, of sigma 0.6 * 2 % = 0.006, of the correlation 0.6 * 0.4 * 4 % = 0.01.
    expect(Math.abs(mean - Math.log(40_000))).toBeLessThan(4 * 0.011)
    expect(Math.abs(Math.sqrt(variance) - 0.5)).toBeLessThan(4 * 0.006)
    // 160 faults share a level: a pair in 160 does not, 0.6 * 159/160 = 0.596.
    expect(Math.abs(lag / logs.length / variance - 0.596)).toBeLessThan(4 * 0.01)
  })

  it('follows the clamp on host.faults, and leaves other times as they were', () => {
    const clamps = new ClampSchedule([
      { target: 'host.faults', shape: { shape: 'step', factor: 4 }, startNs: 10 * NS, endNs: 20 * NS }
    ])
    const options = generated([regime({ minorPerSecond: 1000 })])
    const plain = new StallWeather(options, 6, none)
    const clamped = new StallWeather(options, 6, clamps)
    expect(clamped.faultCounts(0, 10 * NS - 1)).toEqual(plain.faultCounts(0, 10 * NS - 1))
    expect(clamped.faultCounts(20 * NS, 30 * NS)).toEqual(plain.faultCounts(20 * NS, 30 * NS))
    const { minor } = clamped.faultCounts(10 * NS, 20 * NS)
    expect(Math.abs(minor - 40_000)).toBeLessThan(5 * Math.sqrt(40_000))
  })

  it('gets through a regime whose offered stalls exceed the CPU', () => {
    const weather = new StallWeather(generated([regime({ majorPerSecond: 100_000 })]), 6, none)
    // Held to 95 % of the time: a second of work takes about 20 s, and ends.
    const endNs = weather.serve(0, NS)
    expect(endNs).toBeGreaterThan(5 * NS)
    expect(endNs).toBeLessThan(100 * NS)
  })

  it('refuses a negative rate', () => {
    expect(() => new StallWeather(generated([regime({ minorPerSecond: -1 })]), 1, none)).toThrow(InputError)
    expect(() => new StallWeather(generated([]), 1, none)).toThrow(InputError)
  })
})
