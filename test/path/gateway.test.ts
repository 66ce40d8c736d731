import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { MESSAGE_TYPE, REASON, REJECTED_BY } from '../../src/order/words.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { GATEWAY, Gateway } from '../../src/path/gateway.ts'
import type { ClampOptions, GatewayOptions, ThrottleOptions } from '../../src/path/options.ts'
import { Rig, Sink } from './stage-rig.ts'

const throttle: ThrottleOptions = {
  window: 'sliding',
  limit: 2,
  windowNs: 1_000,
  burst: 2,
  overLimit: 'reject',
  queueCountMax: 10,
  relogonNs: 5_000,
  cancelOnDisconnect: true,
  cancels: 'counted',
  cancelLimit: 0,
  scope: 'session'
}
const free: ThrottleOptions = { ...throttle, window: 'none' }

function build(fields: Partial<GatewayOptions> = {}, clamps: ClampOptions[] = [], seed = 1) {
  const rig = new Rig()
  const options: GatewayOptions = {
    service: { law: 'constant', valueNs: 0 },
    backgroundLoad: 0,
    queueCountMax: 1_000,
    throttle,
    ...fields
  }
  const gateway = new Gateway(rig.simulation, rig.messages, rig.reports, options, new ClampSchedule(clamps), seed)
  const target = rig.simulation.register(gateway)
  const engine = new Sink(rig.simulation)
  const acks = new Sink(rig.simulation)
  gateway.connect({
    self: target,
    engine: engine.hop(0, 2),
    disconnect: engine.hop(1, 2),
    acks: acks.hop(0, 3),
    logout: new Sink(rig.simulation).hop()
  })
  return { rig, gateway, target, engine, acks }
}

function arrived(sink: Sink): [number, number][] {
  return sink.seen.map(({ subject, atNs }) => [subject, atNs])
}

describe('Gateway', () => {
  it('serves first in, first out, and stamps', () => {
    const { rig, target, engine } = build({ service: { law: 'constant', valueNs: 100 }, throttle: free })
    for (const ns of [0, 10, 500]) rig.send(ns, target, GATEWAY.up, rig.message())
    rig.run()
    expect(arrived(engine)).toEqual([
      [0, 100],
      [1, 200],
      [2, 600]
    ])
    expect([...rig.messages.gatewayNs.toArray()]).toEqual([0, 10, 500])
    expect([...rig.messages.throttleNs.toArray()]).toEqual([100, 200, 600])
  })

  it('refuses over the limit as throttled', () => {
    const { rig, target, engine, acks, gateway } = build()
    for (const type of ['new', 'replace', 'cancel'] as const) rig.send(0, target, GATEWAY.up, rig.message({ type }))
    rig.send(1_000, target, GATEWAY.up, rig.message())
    rig.run()
    expect(arrived(engine)).toEqual([
      [0, 0],
      [1, 0],
      [3, 1_000]
    ])
    expect(rig.refusals(acks)).toEqual(['cancel-rejected:throttled'])
    expect(rig.reports.rejectedBy.values[0]).toBe(REJECTED_BY.of.throttle)
    expect([...rig.messages.throttled.toArray()]).toEqual([0, 0, 1, 0])
    checkConservation([gateway.count()])
  })

  it('holds over the limit, in order, and refuses beyond its room', () => {
    const { rig, target, engine, acks, gateway } = build({ throttle: { ...throttle, overLimit: 'queue', queueCountMax: 3 } })
    for (let i = 0; i < 6; i++) rig.send(i, target, GATEWAY.up, rig.message())
    rig.run()
    // Passes at 0 and 1; three are held: 1000, 1001, 2000; the sixth finds no room.
    expect(arrived(engine)).toEqual([
      [0, 0],
      [1, 1],
      [2, 1_000],
      [3, 1_001],
      [4, 2_000]
    ])
    expect(rig.refusals(acks)).toEqual(['rejected:throttle-queue-full'])
    checkConservation([gateway.count()])
  })

  it('lets exempt cancels pass those that are held', () => {
    const { rig, target, engine } = build({ throttle: { ...throttle, overLimit: 'queue', cancels: 'exempt' } })
    for (let i = 0; i < 3; i++) rig.send(0, target, GATEWAY.up, rig.message())
    rig.send(10, target, GATEWAY.up, rig.message({ type: 'cancel' }))
    rig.run()
    expect(arrived(engine).map(([subject]) => subject)).toEqual([0, 1, 3, 2])
  })

  it('ends the session over the limit, tells the engine, and answers session-down until it is logged on again', () => {
    const { rig, target, engine, acks, gateway } = build({ throttle: { ...throttle, overLimit: 'disconnect' } })
    for (let i = 0; i < 3; i++) rig.send(0, target, GATEWAY.up, rig.message({ session: 4 }))
    rig.send(100, target, GATEWAY.up, rig.message({ session: 4 }))
    rig.send(200, target, GATEWAY.up, rig.message({ session: 5 }))
    rig.send(4_999, target, GATEWAY.up, rig.message({ session: 4 }))
    rig.send(5_001, target, GATEWAY.up, rig.message({ session: 4 }))
    rig.run()
    expect(engine.seen.map(({ kind, subject, atNs }) => [kind, subject, atNs])).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [1, 4, 0],
      [0, 4, 200],
      [0, 6, 5_001]
    ])
    expect(rig.refusals(acks)).toEqual([
      'rejected:throttled',
      'rejected:session-down',
      'rejected:session-down',
      'session-up:none'
    ])
    expect(acks.times).toEqual([0, 100, 4_999, 5_000])
    expect(rig.reports.session.values[3]).toBe(4)
    checkConservation([gateway.count()])
  })

  it('follows a clamp on its limit and one on its rate, down to a standstill', () => {
    const limit: ClampOptions = { target: 'throttle.limit', shape: { shape: 'step', factor: 0.5 }, startNs: 0, endNs: 500 }
    const clamped = build({}, [limit])
    for (const ns of [0, 0, 600, 600]) clamped.rig.send(ns, clamped.target, GATEWAY.up, clamped.rig.message())
    clamped.rig.run()
    expect(arrived(clamped.engine).map(([subject]) => subject)).toEqual([0, 2])
    const rate: ClampOptions = { target: 'gateway.rate', shape: { shape: 'step', factor: 0 }, startNs: 50, endNs: 1_000 }
    const still = build({ service: { law: 'constant', valueNs: 100 }, throttle: free }, [rate])
    still.rig.send(0, still.target, GATEWAY.up, still.rig.message())
    still.rig.send(60, still.target, GATEWAY.up, still.rig.message())
    still.rig.run()
    // 50 ns of work before the standstill, 50 after it, and 100 more.
    expect(still.engine.times).toEqual([1_050, 1_150])
  })

  it('refuses what finds its line full', () => {
    const { rig, target, acks, engine } = build({ service: { law: 'constant', valueNs: 100 }, queueCountMax: 2, throttle: free })
    for (let i = 0; i < 4; i++) rig.send(0, target, GATEWAY.up, rig.message())
    rig.send(150, target, GATEWAY.up, rig.message())
    rig.run()
    expect(engine.times).toEqual([100, 200, 300])
    expect(acks.seen.map(({ subject }) => REASON.names[rig.reports.reason.values[subject]])).toEqual([
      'throttle-queue-full',
      'throttle-queue-full'
    ])
  })

  it('loses nothing, whatever it does over the limit and whenever the run ends', () => {
    const step = fc.record({ gapNs: fc.nat(400), session: fc.nat(1), type: fc.constantFrom('new', 'replace', 'cancel') })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('reject', 'queue', 'disconnect'),
        fc.constantFrom('counted', 'own-bucket', 'exempt'),
        fc.nat(8_000),
        (steps, overLimit, cancels, endNs) => {
          const { rig, target, gateway, engine, acks } = build({
            service: { law: 'exponential', meanNs: 150 },
            backgroundLoad: 0.4,
            queueCountMax: 8,
            throttle: { ...throttle, overLimit, cancels, cancelLimit: 1, queueCountMax: 3 }
          })
          let atNs = 0
          for (const { gapNs, session, type } of steps) {
            atNs += gapNs
            rig.send(atNs, target, GATEWAY.up, rig.message({ session, type }))
          }
          rig.run(endNs)
          const { entered, left, rejected } = gateway.count()
          checkConservation([gateway.count()])
          expect(left).toBe(engine.seen.filter(({ kind }) => kind === 0).length)
          expect(rejected).toBe(acks.seen.filter(({ subject }) => rig.reports.message.values[subject] >= 0).length)
          rig.run()
          checkConservation([gateway.count()])
          expect(gateway.count().held).toBe(0)
          expect(gateway.count().entered).toBeGreaterThanOrEqual(entered)
          const news = engine.seen.filter(
            ({ kind, subject }) => kind === 0 && rig.messages.type.values[subject] === MESSAGE_TYPE.of.new
          )
          for (const session of [0, 1]) {
            const rows = news.map(({ subject }) => subject).filter((row) => rig.messages.session.values[row] === session)
            expect(rows).toEqual([...rows].sort((a, b) => a - b))
          }
        }
      )
    )
  })
})
