import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import type { Law } from '../../src/kernel/law.ts'
import { BackgroundLoad } from '../../src/path/background-load.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { FifoServer } from '../../src/path/server.ts'

const clock = new ClampSchedule([]).of('gateway.rate').clock()
const free = Number.POSITIVE_INFINITY

/** Mean wait of an M/G/1 queue (Pollaczek-Khinchine): load * mean * (1 + squared coefficient of variation) / (2 (1 - load)). */
function pollaczekKhinchine(load: number, meanNs: number, scv: number): number {
  return (load * meanNs * (1 + scv)) / (2 * (1 - load))
}

const laws: [string, Law, number, number][] = [
  ['M/M/1', { law: 'exponential', meanNs: 10_000 }, 10_000, 1],
  ['M/D/1', { law: 'constant', valueNs: 10_000 }, 10_000, 0],
  // Uniform on [0, 20000): variance 20000^2 / 12, so scv 1/3.
  ['M/G/1', { law: 'uniform', lowNs: 0, highNs: 20_000 }, 10_000, 1 / 3]
]

describe('BackgroundLoad', () => {
  for (const [name, law, meanNs, scv] of laws) {
    it.each([0.3, 0.6, 0.9])(`delays rare own messages by the mean wait of ${name} within 3 % at load %d`, (load) => {
      const server = new FifoServer(clock, new BackgroundLoad(law, load, 7, 1, clock, free))
      // Samples far apart, at odd distances. The wait's deviation is below 1.6 of its mean at load .6, 1.2 at .9 and 3 at .3:
      // standard errors of 1.5, 1.1 and 1.2 %, for a band of 3 %.
      const count = load === 0.3 ? 60_000 : 12_000
      let sum = 0
      for (let i = 1; i <= count; i++) {
        const nowNs = i * 40_000_003
        const found = server.workFound(nowNs)
        sum += found
        server.admit(nowNs, found, 0)
      }
      const expected = pollaczekKhinchine(load, meanNs, scv)
      expect(Math.abs(sum / count / expected - 1)).toBeLessThan(0.03)
    })
  }

  it('is a function of seed and time, whatever was asked before', () => {
    const law: Law = { law: 'lognormal', medianNs: 8_000, sigma: 0.7 }
    const make = (seed: number): BackgroundLoad => new BackgroundLoad(law, 0.7, seed, 1, clock, free)
    const times = Array.from({ length: 200 }, (_, i) => i * 123_457)
    const ahead = make(3)
    const back = make(3)
    const forwards = times.map((ns) => ahead.workAt(ns))
    const backwards = [...times].reverse().map((ns) => back.workAt(ns))
    expect(backwards.reverse()).toEqual(forwards)
    expect(times.map((ns) => make(4).workAt(ns))).not.toEqual(forwards)
  })

  it('lets own work and strangers share the line: an own burst adds its whole work, and drains at the rest of the rate', () => {
    const law: Law = { law: 'exponential', meanNs: 1_000 }
    const load = new BackgroundLoad(law, 0.5, 9, 1, clock, free)
    const server = new FifoServer(clock, load)
    const nowNs = 10_000_000
    const before = server.workFound(nowNs)
    server.admit(nowNs, before, 2_000_000)
    expect(server.workFound(nowNs)).toBe(before + 2_000_000)
    // After 1 ms: 1 ms served, 0.5 ms of strangers arrived; deviation sqrt(1e6 / 2000 * 2) * 1000 ns = 32 us.
    const found = server.workFound(nowNs + 1_000_000)
    expect(Math.abs(found - (before + 1_500_000))).toBeLessThan(160_000)
    // Long after, nothing of the burst is left.
    expect(server.workFound(nowNs + 500_000_000)).toBe(load.workAt(nowNs + 500_000_000))
  })

  it('builds up a fluid backlog while a clamp holds the rate below the load, and drains it after', () => {
    const clamps = new ClampSchedule([
      { target: 'gateway.rate', shape: { shape: 'step', factor: 0.25 }, startNs: 1_000_000_000, endNs: 2_000_000_000 }
    ])
    const slow = clamps.of('gateway.rate').clock()
    const load = new BackgroundLoad({ law: 'exponential', meanNs: 1_000 }, 0.5, 9, 1, slow, free)
    // Load 0.5 against rate 0.25: 0.25 ns of work pile up per ns, 250 ms by the end; then 0.5 ns drain per ns: gone 0.5 s later.
    expect(Math.abs(load.workAt(2_000_000_000) / 250_000_000 - 1)).toBeLessThan(0.02)
    expect(Math.abs(load.workAt(2_250_000_000) / 125_000_000 - 1)).toBeLessThan(0.03)
    expect(load.workAt(2_800_000_000)).toBeLessThan(1_000_000)
  })

  it('never holds more than its bound, and refuses a load of 1', () => {
    const load = new BackgroundLoad({ law: 'exponential', meanNs: 1_000 }, 0.95, 9, 1, clock, 5_000)
    for (let i = 0; i < 200; i++) expect(load.workAt(i * 100_003)).toBeLessThanOrEqual(5_000)
    expect(() => new BackgroundLoad({ law: 'constant', valueNs: 1 }, 1, 9, 1, clock, free)).toThrow(InputError)
  })
})
