/* What a session's end, an in-flight limit and several limits do to messages on their way through the gateway. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { GATEWAY, Gateway } from '../../src/path/gateway.ts'
import type { ClampOptions, GatewayOptions, ThrottleOptions } from '../../src/path/options.ts'
import { THROTTLE_OFF } from '../../src/scenario/venue-throttles.ts'
import { Rig, Sink } from './stage-rig.ts'

const ENGINE_MESSAGE = 0
const ENGINE_DISCONNECT = 1

/** `answerNs`: how long the venue takes to answer, refusals too; answers pass the gateway on their way back. */
function build(throttle: Partial<ThrottleOptions>, fields: Partial<GatewayOptions> = {}, clamps: ClampOptions[] = []) {
  const rig = new Rig()
  const options: GatewayOptions = {
    service: { law: 'constant', valueNs: 100 },
    backgroundLoad: 0,
    queueCountMax: 1_000,
    throttle: { ...THROTTLE_OFF, windowNs: 1_000, ...throttle },
    ...fields
  }
  const gateway = new Gateway(rig.simulation, rig.messages, rig.reports, options, new ClampSchedule(clamps), 1)
  const target = rig.simulation.register(gateway)
  const engine = new Sink(rig.simulation)
  const acks = new Sink(rig.simulation)
  const host = new Sink(rig.simulation)
  gateway.connect({
    self: target,
    engine: engine.hop(ENGINE_MESSAGE, 2),
    disconnect: engine.hop(ENGINE_DISCONNECT, 2),
    acks: acks.hop(0, 3),
    down: host.hop(0, 3),
    logout: new Sink(rig.simulation).hop()
  })
  const send = (atNs: number, fields: Parameters<Rig['message']>[0] = {}): number => {
    const row = rig.message(fields)
    rig.send(atNs, target, GATEWAY.up, row)
    return row
  }
  return { rig, gateway, target, engine, acks, host, send }
}

/** [message, instant] of what the engine got. */
const passed = ({ seen }: Sink): [number, number][] =>
  seen.filter(({ kind }) => kind === ENGINE_MESSAGE).map(({ subject, atNs }) => [subject, atNs])

describe('the end of a session', () => {
  const closing = { window: 'sliding', limit: 1, overLimit: 'disconnect', relogonNs: 250 } as const

  it('refuses what is in the line, even where the session is logged on again before its turn', () => {
    // Served at 100, 200, ... The second is over the limit at 200: down until 450. The third to fifth were in the line: refused at their
    // turn, the fifth at 500 when the session is up. The one that comes at 460 is of the new connection: served at 600, over the limit.
    const { rig, engine, acks, send, gateway } = build({ ...closing, windowNs: 10_000 })
    for (let i = 0; i < 5; i++) send(0)
    send(460)
    rig.run()
    expect(passed(engine)).toEqual([[0, 100]])
    expect(rig.refusals(acks)).toEqual([
      'rejected:throttled',
      'rejected:session-down',
      'rejected:session-down',
      'session-up:none',
      'rejected:session-down',
      'rejected:throttled',
      'session-up:none'
    ])
    expect(acks.times).toEqual([200, 300, 400, 450, 500, 600, 850])
    checkConservation([gateway.count()])
  })

  it('refuses what was sent on the old connection and comes when the session is up', () => {
    const { rig, engine, acks, send } = build(closing, { service: { law: 'constant', valueNs: 0 } })
    send(0)
    send(0)
    // Up again at 250. Sent at 200, here at 1300; sent at 250, here at 1300.
    rig.messages.dispatchNs.values[send(1_300)] = 200
    rig.messages.dispatchNs.values[send(1_300)] = 250
    rig.run()
    expect(rig.refusals(acks)).toEqual(['rejected:throttled', 'session-up:none', 'rejected:session-down'])
    expect(passed(engine)).toEqual([
      [0, 0],
      [3, 1_300]
    ])
  })

  it('refuses what its throttle held, and lets the other sessions of the account go on', () => {
    // One a window of 1000 for the account, the rest held; a session that offers more than two is closed.
    const { rig, engine, acks, send } = build(
      {
        window: 'fixed-clock',
        limit: 1,
        overLimit: 'queue',
        scope: 'account',
        also: [{ ...THROTTLE_OFF, window: 'fixed-clock', windowNs: 1_000, limit: 9, disconnectLimit: 9, relogonNs: 5_000 }]
      },
      { service: { law: 'constant', valueNs: 0 } }
    )
    for (let i = 0; i < 9; i++) send(0)
    send(1, { session: 1 })
    send(2)
    rig.run()
    // The tenth of session 0 closes it at 2: its eight held ones are refused when the next window opens, and session 1 has that window.
    expect(passed(engine)).toEqual([
      [0, 0],
      [9, 1_000]
    ])
    expect(rig.refusals(acks)).toEqual(['rejected:throttled', ...Array(8).fill('rejected:session-down'), 'session-up:none'])
    expect(acks.times.slice(1, 9)).toEqual(Array(8).fill(1_000))
  })

  it('has the venue cancel its orders at once, later, or on a share of logouts (best effort)', () => {
    const cancelsAt = (fields: Partial<ThrottleOptions>): number[] => {
      const { rig, engine, send } = build({ ...closing, limit: 0, cancelOnDisconnect: true, ...fields })
      for (let i = 0; i < 200; i++) send(i * 1_000)
      rig.run()
      return engine.seen.filter(({ kind }) => kind === ENGINE_DISCONNECT).map(({ atNs }) => atNs)
    }
    expect(cancelsAt({}).slice(0, 3)).toEqual([100, 1_100, 2_100])
    expect(cancelsAt({ cancelOnDisconnectDelayNs: 250 }).slice(0, 3)).toEqual([350, 1_350, 2_350])
    expect(cancelsAt({ cancelOnDisconnectShare: 0 })).toEqual([])
    expect(cancelsAt({ cancelOnDisconnect: false })).toEqual([])
    // 200 logouts, a share of 0.7: 140 with a deviation of 6.5; five of them.
    expect(Math.abs(cancelsAt({ cancelOnDisconnectShare: 0.7 }).length - 140)).toBeLessThan(33)
  })

  it('answers the second limit with a logout though the first one queues', () => {
    const { rig, engine, acks, send } = build(
      { window: 'fixed-clock', limit: 1, overLimit: 'queue', disconnectLimit: 3, relogonNs: 10_000 },
      { service: { law: 'constant', valueNs: 0 } }
    )
    for (let i = 0; i < 4; i++) send(i)
    rig.run()
    expect(passed(engine)).toEqual([[0, 0]])
    expect(rig.refusals(acks)).toEqual([
      'rejected:throttled',
      'rejected:session-down',
      'rejected:session-down',
      'session-up:none'
    ])
    expect(acks.times).toEqual([3, 1_000, 1_000, 10_003])
  })
})

describe('an in-flight limit', () => {
  const two = { window: 'in-flight', limit: 2 } as const

  it('refuses what finds too many in the gateway, until one is processed', () => {
    const { rig, engine, acks, send, gateway } = build(two)
    for (const ns of [0, 10, 20, 99, 101, 110]) send(ns)
    rig.run()
    // Two in flight from 10; one leaves at 100.
    expect(passed(engine)).toEqual([
      [0, 100],
      [1, 200],
      [4, 300]
    ])
    expect(acks.times).toEqual([20, 99, 110])
    expect(rig.refusals(acks)).toEqual(Array(3).fill('rejected:throttled'))
    checkConservation([gateway.count()])
  })

  it('closes the session as the MSGW safeguard does, and refuses all that was in flight', () => {
    const { rig, engine, acks, send } = build({ ...two, overLimit: 'disconnect', relogonNs: 1_000, cancelOnDisconnect: true })
    for (const ns of [0, 10, 20]) send(ns)
    send(2_000)
    rig.run()
    expect(engine.seen.map(({ kind, atNs }) => [kind, atNs])).toEqual([
      [ENGINE_DISCONNECT, 20],
      [ENGINE_MESSAGE, 2_100]
    ])
    expect(rig.refusals(acks)).toEqual([
      'rejected:throttled',
      'rejected:session-down',
      'rejected:session-down',
      'session-up:none'
    ])
    expect(acks.times).toEqual([20, 100, 200, 1_020])
  })

  it('holds what finds too many, in order, and refuses beyond its room', () => {
    const { rig, engine, acks, send, gateway } = build({ ...two, overLimit: 'queue', queueCountMax: 2 })
    for (const ns of [0, 10, 20, 30, 40]) send(ns)
    rig.run(150)
    expect(gateway.count()).toMatchObject({ entered: 5, left: 1, rejected: 1, held: 3 })
    rig.run()
    expect(passed(engine)).toEqual([
      [0, 100],
      [1, 200],
      [2, 300],
      [3, 400]
    ])
    expect(rig.refusals(acks)).toEqual(['rejected:throttle-queue-full'])
    checkConservation([gateway.count()])
  })

  it('lets cancels past those that it holds, where they are never refused', () => {
    const { rig, engine, send } = build({ ...two, overLimit: 'queue', cancels: 'never-refused' })
    for (const ns of [0, 10, 20]) send(ns)
    send(30, { type: 'cancel' })
    rig.run()
    // The cancel makes three in flight: the held one comes in when two have left.
    expect(passed(engine)).toEqual([
      [0, 100],
      [1, 200],
      [3, 300],
      [2, 400]
    ])
  })

  it('counts until the answer has left, where the venue does', () => {
    const { rig, engine, acks, host, target, send } = build({ ...two, inFlightUntil: 'answered' })
    for (const ns of [0, 10, 500]) send(ns)
    const answer = rig.report('accepted', 0)
    rig.reports.message.values[answer] = 0
    rig.send(600, target, GATEWAY.down, answer)
    // A fill of a resting order answers no message; a second report on a message ends nothing twice.
    rig.send(601, target, GATEWAY.down, rig.report('filled', 0))
    rig.send(602, target, GATEWAY.down, answer)
    send(610)
    send(620)
    rig.run()
    expect(passed(engine)).toEqual([
      [0, 100],
      [1, 200],
      [3, 710]
    ])
    expect(acks.times).toEqual([500, 620])
    expect(host.times).toEqual([600, 601, 602])
  })

  it('follows a clamp to nothing and back, though nothing is in flight that would end', () => {
    const clamp: ClampOptions = { target: 'throttle.limit', shape: { shape: 'step', factor: 0.4 }, startNs: 0, endNs: 1_500 }
    const { rig, engine, send } = build({ ...two, overLimit: 'queue' }, {}, [clamp])
    for (const ns of [0, 10]) send(ns)
    rig.run()
    // 0.4 of 2 is 0: held at 0, asked again each window of 1000, in at 2000.
    expect(passed(engine)).toEqual([
      [0, 2_100],
      [1, 2_200]
    ])
  })

  it('is beside a rate limit, and each refuses for itself', () => {
    const { rig, engine, acks, send } = build({
      window: 'fixed-clock',
      limit: 3,
      also: [{ ...THROTTLE_OFF, ...two, windowNs: 1_000 }]
    })
    for (const ns of [0, 1, 2, 300, 301, 302, 600]) send(ns)
    rig.run()
    // In flight: the third and sixth find two. Rate: the fifth is the fourth of its window when served at 500.
    expect(passed(engine).map(([message]) => message)).toEqual([0, 1, 3])
    expect(acks.times).toEqual([2, 302, 500, 700])
  })

  it('never has more in flight than its limit, for each session, account or gateway, and spares exempt cancels', () => {
    const arrival = fc.record({
      gapNs: fc.nat(150),
      session: fc.nat(2),
      type: fc.constantFrom('new', 'replace', 'cancel')
    })
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 60 }),
        fc.constantFrom('session', 'account', 'gateway'),
        fc.constantFrom('counted', 'own-bucket', 'exempt'),
        fc.integer({ min: 1, max: 3 }),
        (arrivals, scope, cancels, limit) => {
          const { rig, engine, acks, send } = build({ ...two, limit, scope, cancels, cancelLimit: 1, accounts: [0, 1, 0] })
          let nowNs = 0
          const rows = arrivals.map(({ gapNs, session, type }) => {
            nowNs += gapNs
            const row = send(nowNs, { session, type })
            const who = { session, account: [0, 1, 0][session], gateway: 0 }[scope]
            return { row, atNs: nowNs, key: `${who}/${type === 'cancel' ? cancels : 'counted'}` }
          })
          rig.run()
          const leftNs = new Map(passed(engine))
          const refused = new Set(acks.seen.map(({ subject }) => rig.reports.message.values[subject]))
          for (const { row, atNs, key } of rows) {
            // Those of the same count that came before (also at the same instant) and have not left; what the test has sent comes first in
            // the instant in which another leaves.
            const inside = rows.filter((o) => o.row < row && o.key === key && (leftNs.get(o.row) ?? -1) >= atNs).length
            const room = key.endsWith('own-bucket') ? 1 : limit
            expect(refused.has(row)).toBe(!key.endsWith('exempt') && inside >= room)
          }
        }
      )
    )
  })
})

describe('weights by age', () => {
  it('takes the time since the order was accepted or changed here', () => {
    // A pool of 8 that never refills: a cancel within 5 s costs 8, then 1.
    const { rig, engine, acks, send } = build(
      {
        window: 'leaky-credits',
        limit: 8,
        refill: 0,
        weights: { new: 0, replace: 0, cancel: 1 },
        ageWeights: { underNs: [5_000], replace: [0], cancel: [7] }
      },
      { service: { law: 'constant', valueNs: 0 } }
    )
    send(0, { child: 1 })
    // 5000 old: 1 of 8. Changed at 6000: 8 are too many at 10999, 1 is not at 11000. Of an order that is not known: 1.
    send(5_000, { child: 1, type: 'cancel' })
    send(6_000, { child: 1, type: 'replace' })
    send(10_999, { child: 1, type: 'cancel' })
    send(11_000, { child: 1, type: 'cancel' })
    send(11_000, { child: 9, type: 'cancel' })
    rig.run()
    expect(passed(engine).map(([message]) => message)).toEqual([0, 1, 2, 4, 5])
    expect(rig.refusals(acks)).toEqual(['cancel-rejected:throttled'])
  })
})

describe('whatever is over a limit', () => {
  it('is passed, refused or held, once, in order, whenever the run ends', () => {
    const arrival = fc.record({ gapNs: fc.nat(400), session: fc.nat(1), type: fc.constantFrom('new', 'replace', 'cancel') })
    const kinds = fc.constantFrom('none', 'fixed-clock', 'fixed-first', 'sliding', 'token-bucket', 'leaky-credits', 'in-flight')
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 40 }),
        kinds,
        fc.constantFrom('reject', 'queue', 'disconnect'),
        fc.constantFrom('counted', 'own-bucket', 'exempt', 'never-refused'),
        fc.record({
          scope: fc.constantFrom('session', 'account', 'gateway'),
          second: fc.boolean(),
          flight: fc.boolean(),
          clamp: fc.boolean(),
          relogonNs: fc.nat(3_000)
        }),
        fc.nat(8_000),
        (arrivals, window, overLimit, cancels, { scope, second, flight, clamp, relogonNs }, endNs) => {
          const beside: ThrottleOptions = { ...THROTTLE_OFF, window: 'in-flight', limit: 3, overLimit: 'disconnect', relogonNs }
          const { rig, gateway, engine, acks, send } = build(
            {
              window,
              overLimit,
              cancels,
              scope,
              relogonNs,
              limit: 2,
              burst: 2,
              cancelLimit: 1,
              queueCountMax: 3,
              ...(second && window !== 'in-flight' ? { disconnectLimit: 4, cancelDisconnectLimit: 2 } : {}),
              ...(flight && window !== 'in-flight' ? { also: [beside] } : {})
            },
            { service: { law: 'exponential', meanNs: 150 }, backgroundLoad: 0.4, queueCountMax: 8 },
            clamp
              ? [
                  {
                    target: 'throttle.limit',
                    shape: { shape: 'pulse', factor: 0, periodNs: 900, onNs: 300 },
                    startNs: 0,
                    endNs: 6_000
                  }
                ]
              : []
          )
          let atNs = 0
          for (const { gapNs, session, type } of arrivals) {
            atNs += gapNs
            send(atNs, { session, type })
          }
          rig.run(endNs)
          checkConservation([gateway.count()])
          rig.run()
          checkConservation([gateway.count()])
          expect(gateway.count()).toMatchObject({ entered: arrivals.length, held: 0 })
          const gone = passed(engine).map(([message]) => message)
          const refused = acks.seen.map(({ subject }) => rig.reports.message.values[subject]).filter((message) => message >= 0)
          expect([...gone, ...refused].sort((a, b) => a - b)).toEqual(arrivals.map((_, row) => row))
          for (const session of [0, 1]) {
            const news = gone.filter((row) => arrivals[row].session === session && arrivals[row].type === 'new')
            expect(news).toEqual([...news].sort((a, b) => a - b))
          }
        }
      ),
      { numRuns: 300 }
    )
  })
})
