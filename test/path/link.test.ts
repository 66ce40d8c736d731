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
  weatherBlockNs: 10_000
}

function build(fields: Partial<LinkOptions> = {}, clamps: ClampOptions[] = []) {
  const rig = new Rig()
  const link = new Link(rig.simulation, rig.messages, rig.reports, { ...options, ...fields }, new ClampSchedule(clamps), 5)
  const target = rig.simulation.register(link)
  const venue = new Sink(rig.simulation)
  const host = new Sink(rig.simulation)
  link.connect({ up: [venue.hop()], down: host.hop() })
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
