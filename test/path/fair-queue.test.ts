import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { driveEgress, type EgressPacket } from '../../src/path/drive-egress.ts'
import type { FqOptions, MachineOptions } from '../../src/path/options.ts'
import { FQ, guestMachine, NO_MACHINE, UDP } from './fq-recordings.ts'

const MS = 1_000_000
/** The rules alone: timers fire at once. */
const EXACT: FqOptions = { ...FQ, timerSlackNs: 0, flowLimit: 1000 }

/** [flow, ms, payload bytes, departure time in ms]: what leaves, in order. */
type Send = readonly [flow: number, ms: number, payload: number, txTimeMs?: number]

function run(qdisc: FqOptions, rates: readonly number[], sends: readonly Send[], machine: MachineOptions = NO_MACHINE) {
  const record = driveEgress(
    { sessions: rates.map((rate) => ({ ...UDP, maxPacingRateBytesPerSecond: rate })), qdisc, machine },
    {
      count: sends.length,
      session: sends.map((send) => send[0]),
      tNs: sends.map((send) => Math.round(send[1] * MS)),
      payloadBytes: sends.map((send) => send[2]),
      txTimeNs: sends.map((send) => (send[3] === undefined ? Number.NaN : Math.round(send[3] * MS)))
    }
  )
  checkConservation(record.counts)
  return record
}

const burst = (flow: number, ms: number, count: number, payload = 200): Send[] =>
  Array.from({ length: count }, () => [flow, ms, payload] as const)

/** Departures in ms of one flow's packets. */
const departures = (packets: readonly EgressPacket[], flow = 0): number[] =>
  packets.filter((packet) => packet.session === flow && packet.verdict === 0).map((packet) => packet.wireNs / MS)

/** [ms, packets] per instant of departure. */
function blocks(times: readonly number[]): [number, number][] {
  const out: [number, number][] = []
  for (const ms of times) {
    const last = out[out.length - 1]
    if (last !== undefined && last[0] === ms) last[1]++
    else out.push([ms, 1])
  }
  return out
}

describe('fair queue', () => {
  test('a burst of 242-byte packets leaves as 63 at once, then blocks of 13 and 12 every 15.14 ms', () => {
    // 15140 bytes of credit pass 63 packets (63 x 242 = 15246: credit -106). Each stall is 3028 / 200 kB/s = 15.14 ms and gives 3028 of credit:
    // 2922 passes 13 (-224), 2804 passes 12 (-100), 2928 passes 13 (-218), 2810 passes 12 (-94).
    const { packets } = run(EXACT, [200_000], burst(0, 0, 63 + 13 + 12 + 13 + 12))
    expect(blocks(departures(packets))).toEqual([
      [0, 63],
      [15.14, 13],
      [30.28, 12],
      [45.42, 13],
      [60.56, 12]
    ])
  })

  test('the first stall after a pause is half as long', () => {
    // Credit 1000 at 100 kB/s: five pass (-210), the sixth after 1000 / 100 kB/s = 10 ms (548 left). At 1 s three pass (-178); the timer is
    // 990 ms late by then, which takes half of the 10 ms charge; the next stall is whole again.
    const { packets } = run(
      { ...EXACT, quantum: 1000, initialQuantum: 1000 },
      [100_000],
      [...burst(0, 0, 6), ...burst(0, 1000, 8)]
    )
    expect(blocks(departures(packets))).toEqual([
      [0, 5],
      [10, 1],
      [1000, 3],
      [1005, 4],
      [1015, 1]
    ])
  })

  test('at a rate up to the threshold every packet is spaced by its own length from the first on', () => {
    // 242 / 20 kB/s = 12.1 ms.
    const { packets } = run(EXACT, [20_000], burst(0, 0, 5))
    expect(departures(packets)).toEqual([0, 12.1, 24.2, 36.3, 48.4])
  })

  test('the threshold itself is a low rate, one byte per second more is not', () => {
    const { packets } = run(EXACT, [68_750, 68_751], [...burst(0, 0, 3), ...burst(1, 0, 3)])
    expect(departures(packets, 0)).toEqual([0, 3.52, 7.04])
    expect(departures(packets, 1)).toEqual([0, 0, 0])
  })

  test('a charge is at most one second', () => {
    const { packets } = run(EXACT, [150, 0], [...burst(0, 0, 3), ...burst(1, 0, 3)])
    expect(departures(packets, 0)).toEqual([0, 1000, 2000])
    expect(departures(packets, 1)).toEqual([0, 1000, 2000])
  })

  test('idling does not refill a lone flow; a foreign packet in the pause detaches it and it starts with a full quantum', () => {
    // Three packets leave 274 of 1000. Alone, two more pass (-210) and the rest waits 10 ms. Detached at 100 ms and back at 200 ms
    // (more than 48 ms) it has 1000 again: five pass.
    const options = { ...EXACT, quantum: 1000, initialQuantum: 1000 }
    const alone = run(options, [100_000, Infinity], [...burst(0, 0, 3), ...burst(0, 200, 5)])
    expect(blocks(departures(alone.packets))).toEqual([
      [0, 3],
      [200, 2],
      [210, 3]
    ])
    const met = run(options, [100_000, Infinity], [...burst(0, 0, 3), ...burst(1, 100, 1), ...burst(0, 200, 5)])
    expect(blocks(departures(met.packets))).toEqual([
      [0, 3],
      [200, 5]
    ])
  })

  test('the refill needs more than ten whole ticks since the odd tick at which the flow detached', () => {
    // Detached at 100 ms = tick 25, odd already: refilled from tick 36 = 144 ms on.
    const options = { ...EXACT, quantum: 1000, initialQuantum: 1000 }
    const back = (ms: number) =>
      blocks(
        departures(run(options, [100_000, Infinity], [...burst(0, 0, 3), ...burst(1, 100, 1), ...burst(0, ms, 5)]).packets)
      )[1]
    expect(back(143.9)).toEqual([143.9, 2])
    expect(back(144)).toEqual([144, 5])
  })

  test('departure times order a flow and hold its packets exactly, uncharged; but a flow that waits is not woken for an earlier one', () => {
    // Rule 4: the first packet puts the flow to sleep until 30 ms. What comes later is sorted before it and leaves then, too.
    const { packets } = run(
      EXACT,
      [50_000],
      [
        [0, 0, 200, 30],
        [0, 0, 200, 10],
        [0, 0, 200, 20],
        [0, 0, 200, 10],
        [0, 25, 200, 5],
        [0, 26, 200, 30.5],
        [0, 26, 200, 30.7]
      ]
    )
    expect(packets.map((packet) => [packet.sequence, packet.wireNs / MS])).toEqual([
      [4, 30],
      [1, 30],
      [3, 30],
      [2, 30],
      [0, 30],
      [5, 30.5],
      [6, 30.7]
    ])
  })

  test('a departure time beyond the horizon is dropped, or capped', () => {
    const sends: Send[] = [
      [0, 0, 200, 30],
      [0, 0, 200, 30.1]
    ]
    const options = { ...EXACT, horizonNs: 30 * MS }
    const dropped = run(options, [Infinity], sends).packets
    expect(dropped.map((packet) => [packet.sequence, packet.verdict])).toEqual([
      [1, 3],
      [0, 0]
    ])
    const capped = run({ ...options, horizonDrop: false }, [Infinity], sends).packets
    expect(capped.map((packet) => packet.wireNs / MS)).toEqual([30, 30])
  })

  test('a full flow and a full queue drop the arriving packet', () => {
    const perFlow = run({ ...EXACT, flowLimit: 2 }, [20_000, 20_000], [...burst(0, 0, 4), ...burst(1, 1, 1)]).packets
    expect(
      perFlow.filter((packet) => packet.verdict !== 0).map((packet) => [packet.session, packet.sequence, packet.verdict])
    ).toEqual([[0, 3, 2]])
    const total = run({ ...EXACT, limit: 2 }, [20_000, 20_000], [...burst(0, 0, 3), ...burst(1, 1, 1)]).packets
    expect(
      total.filter((packet) => packet.verdict !== 0).map((packet) => [packet.session, packet.sequence, packet.verdict])
    ).toEqual([[1, 0, 1]])
  })

  test('nopacing holds nothing back', () => {
    const { packets } = run({ ...EXACT, pacing: false }, [100], burst(0, 5, 100))
    expect(blocks(departures(packets))).toEqual([[5, 100]])
  })

  test('a timer fires at the end of its slack, and its lateness is taken off the next charge', () => {
    const { packets } = run({ ...EXACT, timerSlackNs: 10_000 }, [20_000], burst(0, 0.5, 3))
    // T = 12.6 ms: fires at 12.61. Next T = 12.61 + 12.1 - 0.01.
    expect(departures(packets)).toEqual([0.5, 12.61, 24.71])
  })

  test('a scheduler tick inside the slack fires the timer early while the machine is awake', () => {
    // T = 11.5 + 0.4 = 11.9 ms; the slack reaches to 12.9; the tick is at 12 ms.
    const { packets } = run(
      { ...EXACT, timerSlackNs: MS },
      [68_000],
      [
        [0, 11.5, 200],
        [0, 11.5, 200]
      ]
    )
    // 242 / 68 kB/s = 3.558823 ms: T = 15.058823, no tick until 16.058823 but the one at 16 ms, 4.5 ms after the last arrival: asleep.
    expect(departures(packets)).toEqual([11.5, 16.058823])
    const awake = run(
      { ...EXACT, timerSlackNs: MS },
      [68_000, Infinity],
      [
        [0, 11.5, 200],
        [0, 11.5, 200],
        [1, 14, 200]
      ]
    )
    expect(departures(awake.packets)).toEqual([11.5, 16])
  })

  const flows = fc.record({
    rates: fc.array(fc.integer({ min: 5_000, max: 2_000_000 }), { minLength: 1, maxLength: 4 }),
    sends: fc.array(fc.tuple(fc.nat(3), fc.nat(3_000_000), fc.integer({ min: 1, max: 1400 })), { minLength: 1, maxLength: 300 }),
    quantum: fc.integer({ min: 100, max: 4000 }),
    flowLimit: fc.integer({ min: 1, max: 60 }),
    machine: fc.constantFrom(NO_MACHINE, guestMachine(4_466_000_000))
  })

  test('property: nothing leaves before it came, a flow is first in first out, every packet is accounted for', () => {
    fc.assert(
      fc.property(flows, ({ rates, sends, quantum, flowLimit, machine }) => {
        let ns = 0
        const rows = sends.map(([flow, gapNs, payload]): Send => {
          ns += gapNs
          return [flow % rates.length, ns / MS, payload]
        })
        const { packets } = run({ ...FQ, quantum, initialQuantum: quantum * 3, flowLimit }, rates, rows, machine)
        expect(packets.length).toBe(sends.length)
        const last = rates.map(() => -1)
        let before = 0
        for (const { verdict, session, sequence, queuedNs, wireNs } of packets) {
          if (verdict !== 0) continue
          expect(wireNs).toBeGreaterThanOrEqual(queuedNs + machine.unqueuedNs)
          expect(wireNs).toBeGreaterThanOrEqual(before)
          expect(sequence).toBeGreaterThan(last[session])
          last[session] = sequence
          before = wireNs
        }
      }),
      { seed: 7, numRuns: 150 }
    )
  })

  test('property: a backlogged flow never runs ahead of its credit and its rate, and keeps the rate in the long run', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 70_000, max: 3_000_000 }),
        fc.array(fc.integer({ min: 50, max: 1400 }), { minLength: 150, maxLength: 400 }),
        fc.constantFrom(NO_MACHINE, guestMachine(4_466_000_000)),
        (rate, payloads, machine) => {
          const { packets } = run(
            { ...FQ, flowLimit: 1000 },
            [rate],
            payloads.map((payload): Send => [0, 0, payload]),
            machine
          )
          let bytes = 0
          for (const packet of packets) {
            // Credit may be overdrawn by the packet that uses it up, and a block is a quantum.
            const allowed = FQ.initialQuantum + FQ.quantum + packet.bytes + (packet.wireNs * rate) / 1e9
            expect(bytes).toBeLessThanOrEqual(allowed)
            bytes += packet.bytes
          }
          const end = packets[packets.length - 1].wireNs
          // At the latest each byte beyond the first block has waited its share, plus one charge and a wake-up's lateness.
          expect(end).toBeLessThanOrEqual(((bytes + FQ.quantum) / rate) * 1e9 + packets.length * machine.backToBackNs + 20_000)
          expect(end).toBeGreaterThanOrEqual(((bytes - FQ.initialQuantum - FQ.quantum - 1442) / rate) * 1e9)
        }
      ),
      { seed: 11, numRuns: 60 }
    )
  })
})
