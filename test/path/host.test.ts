import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvariantError } from '../../src/kernel/assert.ts'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { HOST, Host } from '../../src/path/host.ts'
import type { HostOptions, StallOptions } from '../../src/path/options.ts'
import { Rig, Sink } from './stage-rig.ts'

const options: HostOptions = {
  timerServiceNs: 10,
  marketDataServiceNs: 20,
  ackServiceNs: 30,
  sendServiceNs: 5,
  taskCountMax: 4,
  stalls: { kind: 'none' }
}

function stall(...rows: [number, number][]): StallOptions {
  return {
    kind: 'trace',
    atNs: Float64Array.from(rows, (row) => row[0]),
    stallNs: Float64Array.from(rows, (row) => row[1]),
    stallKind: new Uint8Array(rows.length).fill(1),
    startNs: 0,
    periodNs: Number.POSITIVE_INFINITY
  }
}

function build(fields: Partial<HostOptions> = {}, onTask?: (rig: Rig, host: Host, kind: number, subject: number) => void) {
  const rig = new Rig()
  const host = new Host(rig.simulation, rig.messages, rig.reports, { ...options, ...fields }, new ClampSchedule([]), 1)
  const target = rig.simulation.register(host)
  const wire = new Sink(rig.simulation)
  const done: { kind: number; subject: number; enqueuedNs: number; atNs: number }[] = []
  host.connect({ self: target, session: wire.hop() })
  host.bind({
    onTask(kind, subject, enqueuedNs) {
      done.push({ kind, subject, enqueuedNs, atNs: rig.simulation.nowNs })
      onTask?.(rig, host, kind, subject)
    }
  })
  return { rig, host, target, wire, done }
}

describe('Host', () => {
  it('serves tasks in order of arrival, each for the service of its kind', () => {
    const { rig, target, done } = build()
    rig.send(100, target, HOST.touch, 7)
    rig.send(105, target, HOST.timer, 8)
    rig.send(106, target, HOST.report, rig.report('accepted', 0))
    rig.send(300, target, HOST.sample, 9)
    rig.run()
    expect(done).toEqual([
      { kind: HOST.touch, subject: 7, enqueuedNs: 100, atNs: 120 },
      { kind: HOST.timer, subject: 8, enqueuedNs: 105, atNs: 130 },
      { kind: HOST.report, subject: 0, enqueuedNs: 106, atNs: 160 },
      { kind: HOST.sample, subject: 9, enqueuedNs: 300, atNs: 300 }
    ])
    expect(rig.reports.hostNs.values[0]).toBe(160)
  })

  it('gives no time to a timer that was taken back: who is told, when it is due, decides', () => {
    const { rig, host, target, done } = build()
    host.bind({
      onTask: (kind, subject, enqueuedNs) => done.push({ kind, subject, enqueuedNs, atNs: rig.simulation.nowNs }),
      isDue: (subject) => subject !== 8
    })
    rig.send(100, target, HOST.timer, 8)
    rig.send(104, target, HOST.timer, 9)
    rig.run()
    expect(done).toEqual([{ kind: HOST.timer, subject: 9, enqueuedNs: 104, atNs: 114 }])
    expect(host.count()).toMatchObject({ entered: 1, left: 1 })
  })

  it('runs back to back what waited for a stall to end', () => {
    const { rig, target, done, host } = build({ stalls: stall([110, 1000]) })
    const met: number[][] = []
    host.stallListener = (...row) => met.push(row)
    rig.send(100, target, HOST.touch, 0) // 10 ns before the stall, 10 after
    rig.send(500, target, HOST.timer, 0)
    rig.send(900, target, HOST.timer, 1)
    rig.run()
    expect(done.map(({ atNs }) => atNs)).toEqual([1120, 1130, 1140])
    expect(met).toEqual([[110, 1000, 1, 1000]])
    expect([host.metMajorP95Ns(0, 2000), host.metMajorP95Ns(1110, 2000)]).toEqual([1000, Number.NaN])
  })

  it('sends in order, each message after its own CPU time, and begins the next task after the last', () => {
    const { rig, target, wire, done } = build({ stalls: stall([127, 100]) }, (at, host, kind) => {
      if (kind === HOST.touch) for (let i = 0; i < 3; i++) host.send(at.message())
    })
    rig.send(100, target, HOST.touch, 0)
    rig.send(101, target, HOST.timer, 0)
    rig.run()
    // The task ends at 120; sends end at 125, then 2 ns before and 3 after the stall: 230, and 235. The timer: 245.
    expect(wire.times).toEqual([125, 230, 235])
    expect([0, 1, 2].map((row) => rig.messages.dispatchNs.values[row])).toEqual([125, 230, 235])
    expect(done.map(({ atNs }) => atNs)).toEqual([120, 245])
  })

  it('keeps a task that comes while it still sends waiting', () => {
    const { rig, target, done } = build({ sendServiceNs: 50 }, (at, host, kind) => {
      if (kind === HOST.timer) host.send(at.message())
    })
    rig.send(0, target, HOST.timer, 0) // done at 10, sends until 60
    rig.send(20, target, HOST.touch, 0)
    rig.run()
    expect(done.map(({ atNs }) => atNs)).toEqual([10, 80])
  })

  it('merges touches beyond its room, and breaks on any other task', () => {
    const { rig, target, host } = build({ taskCountMax: 2 })
    for (let i = 0; i < 6; i++) rig.send(i, target, HOST.touch, i)
    rig.run()
    expect(host.count()).toEqual({ stage: 'host', entered: 6, left: 3, rejected: 0, dropped: 3, held: 0 })
    const full = build({ taskCountMax: 2 })
    for (let i = 0; i < 4; i++) full.rig.send(i, full.target, HOST.timer, i)
    expect(() => full.rig.run()).toThrow(InvariantError)
  })

  it('refuses a send from outside a task', () => {
    const { rig, host } = build()
    expect(() => host.send(rig.message())).toThrow(InvariantError)
  })

  it('loses nothing and never overtakes, whatever comes when', () => {
    const task = fc.record({ gapNs: fc.nat(60), kind: fc.constantFrom(HOST.touch, HOST.timer, HOST.sample) })
    fc.assert(
      fc.property(fc.array(task, { maxLength: 40 }), fc.nat(1500), (tasks, endNs) => {
        const { rig, target, host, done } = build({ taskCountMax: 64, stalls: stall([50, 30], [300, 200]) })
        let atNs = 0
        tasks.forEach(({ gapNs, kind }, i) => {
          atNs += gapNs
          rig.send(atNs, target, kind, i)
        })
        rig.run(endNs)
        checkConservation([host.count()])
        expect(done.map(({ subject }) => subject)).toEqual(done.map((_, i) => i))
      })
    )
  })
})
