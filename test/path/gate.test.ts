import { describe, expect, it } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { REASON, REJECTED_BY, REPORT_TYPE } from '../../src/order/words.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { GATE, Gate } from '../../src/path/gate.ts'
import type { ClampOptions, GateOptions } from '../../src/path/options.ts'
import { Rig, Sink } from './stage-rig.ts'

const infinite = Number.POSITIVE_INFINITY
const options: GateOptions = {
  service: { law: 'constant', valueNs: 100 },
  orderLotsMax: infinite,
  orderTickLotsMax: infinite,
  openOrderCountMax: infinite,
  messageCountMax: infinite,
  messageWindowNs: 1_000_000,
  hazard: { intercept: Number.NEGATIVE_INFINITY, utilisation: 0, burst: 0, latencyJitter: 0, stress: 0 }
}

function build(fields: Partial<GateOptions> = {}, clamps: ClampOptions[] = [], seed = 1) {
  const rig = new Rig()
  const gate = new Gate(rig.simulation, rig.messages, rig.reports, { ...options, ...fields }, new ClampSchedule(clamps), seed)
  const target = rig.simulation.register(gate)
  const venue = new Sink(rig.simulation)
  const host = new Sink(rig.simulation)
  gate.connect({ up: venue.hop(), down: host.hop() })
  return { rig, gate, target, venue, host }
}

describe('Gate', () => {
  it('serves in order of arrival and stamps arrival and departure', () => {
    const { rig, target, venue } = build()
    for (const ns of [0, 30, 500]) rig.send(ns, target, GATE.up, rig.message())
    rig.run()
    expect(venue.times).toEqual([100, 200, 600])
    expect([...rig.messages.gateNs.toArray()]).toEqual([0, 30, 500])
    expect([...rig.messages.gateDoneNs.toArray()]).toEqual([100, 200, 600])
  })

  it('slows down under a clamp on its service', () => {
    const clamp: ClampOptions = { target: 'gate.service', shape: { shape: 'step', factor: 3 }, startNs: 0, endNs: 1 }
    const { rig, target, venue } = build({}, [clamp])
    for (const ns of [0, 50]) rig.send(ns, target, GATE.up, rig.message())
    rig.run()
    expect(venue.times).toEqual([300, 400])
  })

  it('refuses by size, notional and rate, each with its reason, and answers when the service ends', () => {
    const { rig, target, venue, host, gate } = build({ orderLotsMax: 10, orderTickLotsMax: 500, messageCountMax: 2 })
    rig.send(0, target, GATE.up, rig.message({ lots: 11, priceTicks: 1 }))
    rig.send(0, target, GATE.up, rig.message({ lots: 6, priceTicks: 100, type: 'replace' }))
    for (let i = 0; i < 3; i++) rig.send(10, target, GATE.up, rig.message({ lots: 5, type: i === 2 ? 'cancel' : 'new' }))
    rig.send(1_000_010, target, GATE.up, rig.message())
    rig.run()
    expect(rig.refusals(host)).toEqual(['rejected:risk-size', 'replace-rejected:risk-notional', 'cancel-rejected:risk-rate'])
    expect(host.times).toEqual([100, 200, 500])
    expect(venue.seen.map(({ subject }) => subject)).toEqual([2, 3, 5])
    expect(rig.reports.rejectedBy.values[0]).toBe(REJECTED_BY.of.gate)
    expect([...rig.reports.madeNs.toArray()]).toEqual([100, 200, 500])
    checkConservation([gate.count()])
    expect(gate.count().rejected).toBe(3)
  })

  it('counts open orders until a report closes them, and a resend only once', () => {
    const { rig, gate, target, host } = build({ openOrderCountMax: 2 })
    rig.send(0, target, GATE.up, rig.message({ child: 1 }))
    rig.send(0, target, GATE.up, rig.message({ child: 2 }))
    rig.send(0, target, GATE.up, rig.message({ child: 2, retryIndex: 1 }))
    rig.send(0, target, GATE.up, rig.message({ child: 3 }))
    rig.send(1_000, target, GATE.down, rig.report('filled', 1, 4))
    rig.send(2_000, target, GATE.up, rig.message({ child: 4 }))
    rig.send(3_000, target, GATE.down, rig.report('filled', 1, 0))
    rig.send(3_000, target, GATE.down, rig.report('cancelled', 1, 0))
    rig.send(4_000, target, GATE.up, rig.message({ child: 5 }))
    rig.run()
    expect(gate.openOrderCount).toBe(2)
    const gone = host.seen.map(({ subject }) => [
      REPORT_TYPE.names[rig.reports.type.values[subject]],
      rig.reports.child.values[subject]
    ])
    expect(gone).toEqual([
      ['rejected', 3],
      ['filled', 1],
      ['rejected', 4],
      ['filled', 1],
      ['cancelled', 1]
    ])
    // Reports pass without delay.
    expect(host.times.filter((ns) => ns % 1_000 === 0)).toEqual([1_000, 3_000, 3_000])
  })

  it('keeps an order open that only a duplicate of it was refused', () => {
    const { rig, gate, target } = build()
    rig.send(0, target, GATE.up, rig.message({ child: 1 }))
    const duplicate = rig.report('rejected', 1)
    rig.reports.reason.values[duplicate] = REASON.of.duplicate
    rig.send(500, target, GATE.down, duplicate)
    rig.run()
    expect(gate.openOrderCount).toBe(1)
  })

  it('refuses by the hazard as often as the logistic says, never a cancel, and the same in every order of arrival', () => {
    // Intercept ln(1/3): a quarter of all; messages 10 ms apart, so no load adds to it.
    const hazard = { intercept: -Math.log(3), utilisation: 0, burst: 0, latencyJitter: 0, stress: 0 }
    const count = 4_000
    const refusedBy = (reverse: boolean, type: 'new' | 'cancel'): number[] => {
      const { rig, target, host } = build({ hazard })
      for (let i = 0; i < count; i++) {
        rig.send(i * 10_000_000, target, GATE.up, rig.message({ type, child: reverse ? count - 1 - i : i }))
      }
      rig.run()
      return host.seen.map(({ subject }) => rig.reports.child.values[subject]).sort((a, b) => a - b)
    }
    const refused = refusedBy(false, 'new')
    // Standard error sqrt(0.25 * 0.75 * 4000) = 27; five of them.
    expect(Math.abs(refused.length - 1_000)).toBeLessThan(137)
    expect(refusedBy(true, 'new')).toEqual(refused)
    expect(refusedBy(false, 'cancel')).toEqual([])
  })

  it('raises the hazard with utilisation, burst, jitter and stress', () => {
    const share = (terms: Partial<GateOptions['hazard']>, gapNs: number, clamps: ClampOptions[] = [], jitter = false): number => {
      const hazard = { intercept: -3, utilisation: 0, burst: 0, latencyJitter: 0, stress: 0, ...terms }
      const { rig, target, host } = build({ hazard, messageCountMax: 10 }, clamps)
      for (let i = 0; i < 2_000; i++) {
        const row = rig.message()
        rig.messages.dispatchNs.values[row] = i * gapNs - (jitter && i % 2 === 1 ? 9_000 : 1_000)
        rig.send(i * gapNs, target, GATE.up, row)
      }
      rig.run()
      return host.seen.length / 2_000
    }
    const base = share({}, 200_000)
    // e^-3 / (1 + e^-3) = 0.047, standard error 0.005.
    expect(Math.abs(base - 0.0474)).toBeLessThan(0.024)
    // Five messages of ten in the window: utilisation 0.5; logistic(-3 + 4 * 0.5) = 0.269, standard error 0.01.
    expect(Math.abs(share({ utilisation: 4 }, 200_000) - 0.269)).toBeLessThan(0.05)
    // One message of one in the tenth of the window: burst 1; logistic(-3 + 2) = 0.269.
    expect(Math.abs(share({ burst: 2 }, 200_000) - 0.269)).toBeLessThan(0.05)
    const clamp: ClampOptions = { target: 'gate.service', shape: { shape: 'step', factor: 2 }, startNs: 0, endNs: 1e15 }
    expect(Math.abs(share({ stress: 2 }, 200_000, [clamp]) - 0.269)).toBeLessThan(0.05)
    expect(share({ latencyJitter: 2 }, 200_000, [], false)).toBe(base)
    expect(share({ latencyJitter: 2 }, 200_000, [], true)).toBeGreaterThan(base + 0.1)
  })

  it('holds what is in service when the run ends', () => {
    const { rig, target, gate } = build({ orderLotsMax: 10 })
    rig.send(0, target, GATE.up, rig.message())
    rig.send(0, target, GATE.up, rig.message({ lots: 11 }))
    rig.send(0, target, GATE.up, rig.message())
    rig.run(150)
    expect(gate.count()).toEqual({ stage: 'gate', entered: 3, left: 1, rejected: 0, dropped: 0, held: 2 })
  })
})
