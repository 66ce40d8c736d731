import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Component, Simulation } from '../../src/kernel/simulation.ts'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { EGRESS, Egress } from '../../src/path/egress.ts'
import { Messages } from '../../src/path/messages.ts'
import type { NetworkStackOptions } from '../../src/path/network-stack.ts'
import type { FqOptions, SessionOptions } from '../../src/path/options.ts'
import { PHASE } from '../../src/path/phases.ts'
import { type EgressClamps, NO_CLAMPS, NO_READING } from '../../src/path/session.ts'
import { FQ, guestMachine, NO_MACHINE, TCP, UDP } from './fq-recordings.ts'

const MS = 1_000_000
const EXACT: FqOptions = { ...FQ, timerSlackNs: 0 }
/** 200 bytes of payload every 12.1 ms. */
const SLOW: SessionOptions = { ...UDP, maxPacingRateBytesPerSecond: 20_000 }

const LINK = 0
const DROPPED = 1
const REFUSED = 2

/** A world of the egress alone: what reaches the hops behind it, as [hop, message, ms]. */
function world(options: NetworkStackOptions, clamps: EgressClamps = NO_CLAMPS) {
  const simulation = new Simulation()
  const messages = new Messages()
  const ledger = createLedger()
  const egress = new Egress(simulation, messages, ledger, options, clamps)
  const seen: [hop: number, message: number, ms: number][] = []
  const sink: Component = {
    name: 'sink',
    onEvent: (kind, subject) => {
      seen.push([kind, subject, simulation.nowNs / MS])
    }
  }
  const self = simulation.register(egress)
  const target = simulation.register(sink)
  const hop = (kind: number) => ({ target, kind, phase: PHASE.upstream })
  egress.connect({ self, links: [hop(LINK)], dropped: hop(DROPPED), refused: hop(REFUSED) })
  const send = (ms: number, session = 0, bytes = 200): number => {
    const row = messages.add({
      type: 0,
      session,
      venue: 0,
      parent: 0,
      child: 0,
      ledgerRow: 0,
      retryIndex: 0,
      side: 1,
      priceTicks: 0,
      lots: 1,
      timeInForce: 0,
      postOnly: false,
      clientOrderId: 0,
      bytes
    })
    simulation.at(Math.round(ms * MS), PHASE.upstream, self, EGRESS.send, row)
    return row
  }
  const run = (untilMs = 1e6): void => {
    simulation.run({ endNs: untilMs * MS, eventCountMax: 1e6 })
    checkConservation([egress.count(), ...egress.counts()])
  }
  return { simulation, messages, ledger, egress, seen, send, run }
}

describe('egress', () => {
  test('a message is stamped and handed to the link when it is on the wire, and every packet is a row of segments', () => {
    const { messages, ledger, seen, send, run } = world({ sessions: [SLOW], qdisc: EXACT, machine: NO_MACHINE })
    for (let i = 0; i < 3; i++) send(1)
    run()
    expect(seen).toEqual([
      [LINK, 0, 1],
      [LINK, 1, 13.1],
      [LINK, 2, 25.2]
    ])
    expect([...messages.wireNs.toArray()]).toEqual([1 * MS, 13.1 * MS, 25.2 * MS])
    const { col, count } = ledger.segments
    expect(count).toBe(3)
    expect([...col.wireNs.subarray(0, 3)]).toEqual([1 * MS, 13.1 * MS, 25.2 * MS])
    expect([...col.bytes.subarray(0, 3)]).toEqual([242, 242, 242])
    expect([...col.sequence.subarray(0, 3)]).toEqual([0, 1, 2])
    expect([...col.dropped.subarray(0, 3)]).toEqual([0, 0, 0])
  })

  test('a dropped datagram goes to the dropped hop at once and is counted', () => {
    const { egress, ledger, seen, send, run } = world({
      sessions: [SLOW],
      qdisc: { ...EXACT, flowLimit: 1 },
      machine: NO_MACHINE
    })
    for (let i = 0; i < 3; i++) send(0)
    run()
    expect(seen).toEqual([
      [LINK, 0, 0],
      [DROPPED, 2, 0],
      [LINK, 1, 12.1]
    ])
    expect(egress.count()).toMatchObject({ entered: 3, left: 2, rejected: 0, dropped: 1, held: 0 })
    expect(ledger.segments.col.dropped[1]).toBe(1)
    expect(ledger.segments.col.wireNs[1]).toBeNaN()
  })

  test('a full send buffer holds messages back in order; beyond the backlog they are refused', () => {
    // 1480 bytes of memory a datagram and a limit of 3000: while the first is gone at once, three more enter (0, 1480, 2960 are below it). Four wait, two
    // are refused. Each departure frees one: all eight leave 12.1 ms apart.
    const options = { ...SLOW, sendBufferBytes: 3000, backlogCountMax: 4 }
    const { egress, seen, send, run } = world({ sessions: [options], qdisc: EXACT, machine: NO_MACHINE })
    for (let i = 0; i < 10; i++) send(0)
    run(1)
    const reading = { ...NO_READING }
    egress.readSocket(0, reading)
    expect(reading).toEqual({
      pacingBytesPerSecond: 20_000,
      capBytesPerSecond: 20_000,
      deliveredBytes: 200,
      unsentBytes: 800,
      windowSegments: Number.NaN
    })
    const qdisc = { backlogPackets: 0, backlogBytes: 0, dropCount: 0 }
    egress.readQdisc(qdisc)
    expect(qdisc).toEqual({ backlogPackets: 3, backlogBytes: 726, dropCount: 0 })
    expect(egress.count()).toMatchObject({ entered: 10, left: 1, rejected: 2, dropped: 0, held: 7 })
    run()
    expect(seen.filter(([hop]) => hop === REFUSED).map(([, message]) => message)).toEqual([8, 9])
    expect(seen.filter(([hop]) => hop === LINK)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => [LINK, i, Math.round(i * 121) / 10]))
  })

  test('the gauge sums all sockets as ss shows them; the windows of the TCP ones', () => {
    const tcp: SessionOptions = { ...SLOW, name: 'tcp', transport: 'tcp', rttNs: 100 * MS }
    const { egress, send, run } = world({ sessions: [SLOW, tcp, { ...tcp, name: 'tcp 2' }], qdisc: EXACT, machine: NO_MACHINE })
    send(0)
    send(0, 1)
    run(1)
    const gauge = { ...NO_READING }
    egress.readGauge(gauge)
    expect(gauge).toEqual({
      pacingBytesPerSecond: 60_000,
      capBytesPerSecond: 60_000,
      deliveredBytes: 200,
      unsentBytes: 0,
      windowSegments: 20
    })
  })

  test('a new pacing rate holds from the next charge on', () => {
    // Charged at 0, 12.1 and 24.2 at 20 kB/s; the rate doubles at 30 ms: the charge at 36.3 ms is 6.05 ms.
    const { simulation, egress, seen, send, run } = world({ sessions: [SLOW], qdisc: EXACT, machine: NO_MACHINE })
    for (let i = 0; i < 5; i++) send(0)
    const dial = simulation.register({ name: 'dial', onEvent: () => egress.setPacingRate(0, 40_000) })
    simulation.at(30 * MS, PHASE.observe, dial, 0, 0)
    run()
    expect(seen.map(([, , ms]) => ms)).toEqual([0, 12.1, 24.2, 36.3, 42.35])
  })

  test('a clamp multiplies the rate of the session, or of the discipline, at the instant of a charge', () => {
    const half = (target: string): EgressClamps => ({
      of: (name) => ({ factorAt: (ns) => (name === target && ns >= 30 * MS ? 0.5 : 1) })
    })
    const session = world({ sessions: [SLOW], qdisc: EXACT, machine: NO_MACHINE }, half('session.maxPacingRate'))
    const maxrate = { ...EXACT, maxrateBytesPerSecond: 20_000 }
    const qdisc = world({ sessions: [UDP], qdisc: maxrate, machine: NO_MACHINE }, half('qdisc.rate'))
    for (const { seen, send, run } of [session, qdisc]) {
      for (let i = 0; i < 5; i++) send(0)
      run()
      expect(seen.map(([, , ms]) => ms)).toEqual([0, 12.1, 24.2, 36.3, 60.5])
    }
  })

  test('without a discipline everything leaves at once, at the cost of the machine', () => {
    const { seen, send, run } = world({ sessions: [SLOW], qdisc: { kind: 'none' }, machine: guestMachine(0) })
    send(1)
    send(1)
    run()
    expect(seen.map(([, , ms]) => ms)).toEqual([1.00185, 1.003785])
  })

  test('property: every message leaves, is dropped, refused or held, and the sum holds at any instant', () => {
    const udp = { ...SLOW, sendBufferBytes: 6000, backlogCountMax: 3 }
    const tcp = { ...TCP, maxPacingRateBytesPerSecond: 100_000, rttNs: 3 * MS, sendBufferBytes: 6000, backlogCountMax: 3 }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1), fc.nat(8_000), fc.integer({ min: 1, max: 2500 })), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(400),
        (sends, limit, untilMs) => {
          const { egress, messages, seen, send, run } = world({
            sessions: [udp, tcp],
            qdisc: { ...FQ, limit },
            machine: guestMachine(4_466_000_000)
          })
          let us = 0
          for (const [session, gapUs, bytes] of sends) {
            us += gapUs
            send(us / 1000, session, session === 0 ? Math.min(bytes, 1400) : bytes)
          }
          run(untilMs)
          run()
          const total = egress.count()
          expect(total.held).toBe(0)
          expect(seen.length).toBe(sends.length)
          for (const [hop, message, ms] of seen) {
            if (hop === LINK) expect(messages.wireNs.values[message] / MS).toBe(ms)
          }
        }
      ),
      { seed: 2, numRuns: 60 }
    )
  })
})
