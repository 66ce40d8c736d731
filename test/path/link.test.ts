import { describe, expect, it } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { LINK, Link, LinkWeather } from '../../src/path/link.ts'
import type { ClampOptions, LinkOptions } from '../../src/path/options.ts'
import { Rig, Sink } from './stage-rig.ts'

const options: LinkOptions = {
  delayNs: 1_000,
  returnDelayNs: 3_000,
  feedDelayNs: 0,
  weather: { law: 'constant', valueNs: 0 },
  weatherBlockNs: 10_000,
  weatherCorrelationNs: 0,
  jitter: { law: 'constant', valueNs: 0 }
}

function build(fields: Partial<LinkOptions> = {}, clamps: ClampOptions[] = []) {
  const rig = new Rig()
  const link = new Link(rig.simulation, rig.messages, rig.reports, { ...options, ...fields }, new ClampSchedule(clamps), 5)
  const target = rig.simulation.register(link)
  const venue = new Sink(rig.simulation)
  const host = new Sink(rig.simulation)
  link.connect({ up: venue.hop(), down: host.hop() })
  return { rig, link, target, venue, host }
}

describe('Link', () => {
  it('delays each way by its own delay', () => {
    const { rig, target, venue, host, link } = build()
    rig.send(100, target, LINK.up, rig.message())
    rig.send(200, target, LINK.down, rig.report('accepted', 0))
    rig.run()
    expect([venue.times, host.times]).toEqual([[1_100], [3_200]])
    checkConservation([link.count()])
  })

  it('never lets a message overtake another of its session, but those of other sessions', () => {
    // The delay falls from 10 us to 1 us at 500: the later message would arrive first.
    const clamp: ClampOptions = { target: 'link.delay', shape: { shape: 'step', factor: 10 }, startNs: 0, endNs: 500 }
    const { rig, target, venue } = build({}, [clamp])
    rig.send(0, target, LINK.up, rig.message({ session: 0 }))
    rig.send(600, target, LINK.up, rig.message({ session: 0 }))
    rig.send(700, target, LINK.up, rig.message({ session: 1 }))
    rig.run()
    expect(venue.seen.map(({ subject, atNs }) => [subject, atNs])).toEqual([
      [2, 1_700],
      [0, 10_000],
      [1, 10_000]
    ])
  })

  it('gives each message and report jitter of its own, the same whatever else is sent, and still in order', () => {
    const jitter = { law: 'exponential', meanNs: 5_000 } as const
    const arrivals = (children: readonly number[], stepNs: number) => {
      const { rig, target, venue, host } = build({ jitter })
      for (const child of children) {
        rig.send(child * stepNs, target, LINK.up, rig.message({ child }))
        rig.send(child * stepNs, target, LINK.down, rig.report('accepted', child))
      }
      rig.run()
      const delaysOf = (sink: Sink, baseNs: number) =>
        sink.times.map((atNs, nth) => [children[nth], atNs - children[nth] * stepNs - baseNs] as const)
      return { up: new Map(delaysOf(venue, 1_000)), down: new Map(delaysOf(host, 3_000)) }
    }
    const children = Array.from({ length: 2_000 }, (_, child) => child)
    // Far enough apart that none waits for the one before.
    const apart = arrivals(children, 1_000_000)
    for (const way of [apart.up, apart.down]) {
      const delays = [...way.values()]
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
      // Standard error 5000 / sqrt(2000) = 112 ns; five of them.
      expect(Math.abs(delays.reduce((sum, ns) => sum + ns) / 2_000 - 5_000)).toBeLessThan(560)
    }
    expect(apart.up).not.toEqual(apart.down)
    const few = arrivals(
      children.filter((child) => child % 7 === 0),
      1_000_000
    )
    for (const [child, ns] of few.up) expect(ns).toBe(apart.up.get(child))
    for (const [child, ns] of few.down) expect(ns).toBe(apart.down.get(child))
    // 1 us apart with jitter of 5 us: those that would overtake arrive with the one before them.
    const close = [...arrivals(children, 1_000).up].map(([child, ns]) => child * 1_000 + ns)
    expect(close).toEqual([...close].sort((a, b) => a - b))
    expect(new Set(close).size).toBeLessThan(1_000)
  })

  it('counts what is under way when the run ends', () => {
    const { rig, target, link } = build()
    rig.send(0, target, LINK.up, rig.message())
    rig.send(500, target, LINK.up, rig.message())
    rig.run(1_200)
    expect(link.count()).toEqual({ stage: 'link', entered: 2, left: 1, rejected: 0, dropped: 0, held: 1 })
  })

  it('has weather that is one and the same in a block, differs between blocks, and follows its law', () => {
    const weather = new LinkWeather({ ...options, weather: { law: 'exponential', meanNs: 2_000 } }, new ClampSchedule([]), 9)
    expect(weather.delayNs(0, 10_000)).toBe(weather.delayNs(0, 19_999))
    let sum = 0
    const values = new Set<number>()
    for (let block = 0; block < 20_000; block++) {
      const ns = weather.delayNs(0, block * 10_000) - 1_000
      expect(ns).toBeGreaterThanOrEqual(0)
      expect(ns + 1_000).toBeLessThanOrEqual(weather.delayNsMax(0))
      values.add(ns)
      sum += ns
    }
    expect(values.size).toBeGreaterThan(5_000)
    // Standard error 2000 / sqrt(20000) = 14 ns; five of them.
    expect(Math.abs(sum / 20_000 - 2_000)).toBeLessThan(71)
  })
})
