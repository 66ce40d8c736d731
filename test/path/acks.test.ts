import { describe, expect, it } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { ACKS, AckServer } from '../../src/path/acks.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import type { AckOptions, ClampOptions } from '../../src/path/options.ts'
import { NO_ACKS } from '../../src/scenario/path-presets.ts'
import { Rig, Sink } from './stage-rig.ts'

function build(
  given: Partial<AckOptions> & Pick<AckOptions, 'service' | 'backgroundLoad'>,
  clamps: ClampOptions[] = [],
  seed = 1
) {
  const rig = new Rig()
  const acks = new AckServer(rig.simulation, rig.reports, { ...NO_ACKS, ...given }, new ClampSchedule(clamps), seed)
  const target = rig.simulation.register(acks)
  const host = new Sink(rig.simulation)
  acks.connect({ self: target, down: host.hop() })
  return { rig, acks, target, host }
}

describe('AckServer', () => {
  it('sends reports one after the other, in order, and stamps when they leave', () => {
    const { rig, target, host, acks } = build({ service: { law: 'constant', valueNs: 100 }, backgroundLoad: 0 })
    for (const ns of [0, 0, 0, 1_000]) rig.send(ns, target, ACKS.down, rig.report('filled', 3))
    rig.run()
    expect(host.times).toEqual([100, 200, 300, 1_100])
    expect([...rig.reports.departNs.toArray()]).toEqual([100, 200, 300, 1_100])
    checkConservation([acks.count()])
  })

  it('lets its backlog grow under a clamp and drains it after', () => {
    const clamp: ClampOptions = { target: 'acks.rate', shape: { shape: 'step', factor: 0.1 }, startNs: 0, endNs: 2_000 }
    const { rig, target, host } = build({ service: { law: 'constant', valueNs: 100 }, backgroundLoad: 0 }, [clamp])
    for (let i = 0; i < 5; i++) rig.send(i * 200, target, ACKS.down, rig.report('cancelled', i))
    rig.run()
    // At a tenth of the rate each takes 1000 ns until 2000; then 100 ns each.
    expect(host.times).toEqual([1_000, 2_000, 2_100, 2_200, 2_300])
  })

  it('holds what has not left when the run ends, and what never leaves', () => {
    const clamp: ClampOptions = {
      target: 'acks.rate',
      shape: { shape: 'step', factor: 0 },
      startNs: 150,
      endNs: Number.POSITIVE_INFINITY
    }
    const { rig, target, acks } = build({ service: { law: 'constant', valueNs: 100 }, backgroundLoad: 0 }, [clamp])
    for (let i = 0; i < 3; i++) rig.send(0, target, ACKS.down, rig.report('filled', i))
    rig.run()
    expect(acks.count()).toEqual({ stage: 'acks', entered: 3, left: 1, rejected: 0, dropped: 0, held: 2 })
  })

  it('gives every report its own luck, the same for the same seed', () => {
    const departures = (seed: number): number[] => {
      const { rig, target } = build({ service: { law: 'exponential', meanNs: 500 }, backgroundLoad: 0.5 }, [], seed)
      for (let i = 0; i < 50; i++) rig.send(i * 100, target, ACKS.down, rig.report('filled', 1))
      rig.run()
      const { departNs } = rig.reports
      return [...departNs.toArray()]
    }
    expect(departures(1)).toEqual(departures(1))
    expect(departures(1)).not.toEqual(departures(2))
    const rows = departures(1)
    for (let i = 1; i < rows.length; i++) expect(rows[i]).toBeGreaterThanOrEqual(rows[i - 1])
    expect(new Set(rows).size).toBeGreaterThan(40)
  })

  it('holds what a logged out session should get, and lets it follow the next logon in order', () => {
    const play = (whileDown: 'sent' | 'held') => {
      const { rig, target, host, acks } = build({ service: { law: 'constant', valueNs: 100 }, backgroundLoad: 0, whileDown })
      // Served at 100; logged out at 150, so that those served at 200 and 300 wait. Session 1 is served at 400, the logon at 1,100.
      for (const child of [0, 1, 2]) rig.send(0, target, ACKS.down, rig.report('filled', child))
      rig.send(0, target, ACKS.down, rig.report('filled', 3, 0, 1))
      rig.send(150, target, ACKS.logout, 0)
      rig.send(1_000, target, ACKS.down, rig.report('session-up', -1))
      rig.send(1_050, target, ACKS.down, rig.report('filled', 5))
      rig.run()
      checkConservation([acks.count()])
      return {
        seen: host.seen.map(({ subject, atNs }) => `${subject} at ${atNs}`),
        departNs: [...rig.reports.departNs.toArray()]
      }
    }
    expect(play('sent').seen).toEqual(['0 at 100', '1 at 200', '2 at 300', '3 at 400', '4 at 1100', '5 at 1200'])
    const { seen, departNs } = play('held')
    expect(seen).toEqual(['0 at 100', '3 at 400', '4 at 1100', '1 at 1100', '2 at 1100', '5 at 1200'])
    expect(departNs).toEqual([100, 1_100, 1_100, 400, 1_100, 1_200])
  })

  it('stays silent until the last of several logouts is over, and counts what it holds', () => {
    const { rig, target, host, acks } = build({
      service: { law: 'constant', valueNs: 100 },
      backgroundLoad: 0,
      whileDown: 'held'
    })
    rig.send(0, target, ACKS.logout, 0)
    rig.send(10, target, ACKS.down, rig.report('filled', 0))
    rig.send(20, target, ACKS.logout, 0)
    rig.send(30, target, ACKS.down, rig.report('session-up', -1))
    rig.run()
    expect(host.times).toEqual([210])
    expect(acks.count()).toEqual({ stage: 'acks', entered: 2, left: 1, rejected: 0, dropped: 0, held: 1 })
  })
})
