import { describe, expect, it } from 'vitest'
import { InvariantError } from '../../src/kernel/assert.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { HOST, Host } from '../../src/path/host.ts'
import { HostFaults } from '../../src/path/host-counters.ts'
import type { StallOptions } from '../../src/path/options.ts'
import { Rig, Sink } from './stage-rig.ts'

const MS = 1_000_000
const S = 1_000 * MS

/** Kinds: 0 minor, 1 major, 2 reclaim, 3 compaction. */
function trace(...rows: [atNs: number, stallNs: number, kind: number][]): StallOptions {
  return {
    kind: 'trace',
    atNs: Float64Array.from(rows, (row) => row[0]),
    stallNs: Float64Array.from(rows, (row) => row[1]),
    stallKind: Uint8Array.from(rows, (row) => row[2]),
    startNs: 0,
    periodNs: Number.POSITIVE_INFINITY
  }
}

/** A host that samples its counters when its thread gets to it. */
function build(stalls: StallOptions) {
  const rig = new Rig()
  const options = {
    timerServiceNs: 10,
    marketDataServiceNs: 20,
    ackServiceNs: 30,
    sendServiceNs: 5,
    taskCountMax: 64,
    stalls
  }
  const host = new Host(rig.simulation, rig.messages, rig.reports, options, new ClampSchedule([]), 1)
  const faults = new HostFaults(host)
  const target = rig.simulation.register(host)
  host.connect({ self: target, session: new Sink(rig.simulation).hop() })
  const readings: { atNs: number; minor: number; major: number }[] = []
  host.bind({
    onTask(kind) {
      if (kind === HOST.sample) readings.push({ atNs: rig.simulation.nowNs, ...faults.read(rig.simulation.nowNs) })
    }
  })
  return { rig, target, faults, readings }
}

describe('The fault counters of the host', () => {
  it('are cumulative; reclaim and compaction count as minor, a fault counts at the instant it begins', () => {
    const { rig, target, readings } = build(trace([S, 100, 0], [2 * S, 100, 1], [2 * S + 500, 100, 2], [3 * S, 100, 3]))
    for (const atNs of [S - 1, S + 200, 2 * S + 200, 2 * S + 900, 4 * S]) rig.send(atNs, target, HOST.sample, 0)
    rig.run()
    expect(readings).toEqual([
      { atNs: S - 1, minor: 0, major: 0 },
      { atNs: S + 200, minor: 1, major: 0 },
      { atNs: 2 * S + 200, minor: 1, major: 1 },
      { atNs: 2 * S + 900, minor: 2, major: 1 },
      { atNs: 4 * S, minor: 3, major: 1 }
    ])
  })

  it('are read late by a stalled thread, which then sees all it has been through', () => {
    // Due in the first stall; the second began meanwhile and is served behind it.
    const { rig, target, readings } = build(trace([S, 8 * MS, 1], [S + 2 * MS, MS, 0], [S + 20 * MS, MS, 0]))
    rig.send(S + MS, target, HOST.sample, 0)
    rig.run()
    expect(readings).toEqual([{ atNs: S + 9 * MS, minor: 1, major: 1 }])
  })

  it('give a window as the difference of two readings, evenly where none was taken at its start', () => {
    const { faults } = build(trace([1.1 * S, 10, 0], [1.2 * S, 10, 0], [1.9 * S, 10, 0], [2.4 * S, 10, 1]))
    faults.read(S)
    faults.read(1.5 * S)
    faults.read(2 * S)
    expect(faults.faultCounts(S, 2 * S)).toEqual({ minor: 3, major: 0 })
    expect(faults.faultCounts(1.5 * S, 2 * S)).toEqual({ minor: 1, major: 0 })
    // Between the readings at 1 s and 1.5 s lie two minor faults: half of them are taken to come after 1.25 s.
    expect(faults.faultCounts(1.25 * S, 2 * S)).toEqual({ minor: 2, major: 0 })
    expect(faults.faultCounts(1.25 * S, 2.5 * S)).toEqual({ minor: 2, major: 1 })
    expect(faults.faultCounts(1.2 * S, 2.5 * S)).toEqual({ minor: 2, major: 1 }) // 0.8 of one fault before is one
  })

  it('count anew, from 10 s before, after a pause of more than 10 s', () => {
    const { faults } = build(trace([5 * S, 10, 0], [25 * S, 10, 0], [29 * S, 10, 1]))
    expect(faults.read(6 * S)).toEqual({ minor: 1, major: 0 })
    expect(faults.read(30 * S)).toEqual({ minor: 1, major: 1 })
    expect(faults.faultCounts(20 * S, 30 * S)).toEqual({ minor: 1, major: 1 })
  })

  it('are not read backwards', () => {
    const { faults } = build({ kind: 'none' })
    faults.read(5 * S)
    expect(() => faults.read(4 * S)).toThrow(InvariantError)
  })

  it('have a burst score of variance over mean of the counts in 10 ms', () => {
    // Counts 3, 0, 1, 0 in the four windows up to 40 ms: mean 1, mean square 2.5, variance 1.5.
    const { faults } = build(trace([MS, 10, 0], [2 * MS, 10, 0], [3 * MS, 10, 1], [25 * MS, 10, 0]))
    expect(faults.faultDispersion(0, 40 * MS)).toBe(1.5)
    expect(faults.faultDispersion(50 * MS, 90 * MS)).toBeNaN()
  })
})
