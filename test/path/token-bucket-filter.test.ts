import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { driveEgress } from '../../src/path/drive-egress.ts'
import type { TbfOptions } from '../../src/path/options.ts'
import { tbfLimitBytes } from '../../src/path/qdisc.ts'
import { FQ, NO_MACHINE, TCP, UDP } from './fq-recordings.ts'

const MS = 1_000_000
/** 1 byte per us; 1000 bytes deep. */
const TBF: TbfOptions = {
  kind: 'tbf',
  rateBytesPerSecond: 1_000_000,
  burstBytes: 1000,
  limitBytes: 100_000,
  peakrateBytesPerSecond: 0,
  mtuBytes: 0
}

function run(qdisc: TbfOptions, sends: readonly (readonly [session: number, ns: number, payload: number])[]) {
  const record = driveEgress(
    { sessions: [UDP, UDP], qdisc, machine: NO_MACHINE },
    {
      count: sends.length,
      session: sends.map((send) => send[0]),
      tNs: sends.map((send) => send[1]),
      payloadBytes: sends.map((send) => send[2])
    }
  )
  checkConservation(record.counts)
  return record.packets
}

const burst = (count: number, payload = 258) => Array.from({ length: count }, () => [0, 0, payload] as const)

describe('token bucket filter', () => {
  test('a full bucket passes its burst at once, then each packet waits for its own length', () => {
    // 300 bytes each: three pass (900), the fourth lacks 200 us, then 300 us apart.
    expect(run(TBF, burst(6)).map((packet) => packet.wireNs / 1000)).toEqual([0, 0, 0, 200, 500, 800])
  })

  test('a rest fills the bucket, never above the burst', () => {
    const times = run(TBF, [
      ...burst(3),
      [0, 1_000_000_000, 258],
      [0, 1_000_000_000, 258],
      [0, 1_000_000_000, 258],
      [0, 1_000_000_000, 258]
    ])
    expect(times.slice(3).map((packet) => (packet.wireNs - 1_000_000_000) / 1000)).toEqual([0, 0, 0, 200])
  })

  test('the peak rate spaces packets inside the burst', () => {
    // The peak bucket holds one packet: 300 bytes at 3 MB/s = 100 us apart, until the bucket of the rate is the tighter one.
    const options = { ...TBF, peakrateBytesPerSecond: 3_000_000, mtuBytes: 300 }
    // Tokens of the rate: 1000 - 300 = 700; at 100 us 800 - 300 = 500; at 200 us 600 - 300 = 300; at 300 us 400 - 300 = 100; then 200 us short.
    expect(run(options, burst(6)).map((packet) => packet.wireNs / 1000)).toEqual([0, 100, 200, 300, 500, 800])
  })

  test('drops what does not fit: the limit in bytes, and a packet larger than the bucket', () => {
    const packets = run({ ...TBF, limitBytes: 600 }, [...burst(7), [0, 0, 959]])
    // Three leave at once; two wait (600 bytes); the others find it full.
    expect(packets.filter((packet) => packet.verdict !== 0).map((packet) => [packet.sequence, packet.verdict])).toEqual([
      [5, 1],
      [6, 1],
      [7, 4]
    ])
  })

  test('a latency gives a limit of what the rate sends in it, and a burst', () => {
    expect(tbfLimitBytes(250_000, 50 * MS, 5000)).toBe(17_500)
  })

  test('a fair queue below it shares the bottleneck between flows', () => {
    // Flow 0 has ten packets waiting when flow 1 sends one: a quantum of 300 lets them alternate, where a FIFO would make flow 1 last.
    const child = { ...FQ, quantum: 300, initialQuantum: 300 }
    const packets = run({ ...TBF, burstBytes: 300, child }, [...burst(10), [1, 1000, 258]])
    const place = packets.findIndex((packet) => packet.session === 1)
    expect(place).toBeGreaterThan(0)
    expect(place).toBeLessThanOrEqual(3)
  })

  test('TCP cuts its buffers to what the bucket takes; a bucket below one segment is an error of the input', () => {
    const tcp = { ...TCP, rttNs: 50_000 }
    const drive = (burstBytes: number) =>
      driveEgress(
        { sessions: [tcp], qdisc: { ...TBF, burstBytes }, machine: NO_MACHINE },
        {
          count: 40,
          session: new Array(40).fill(0),
          tNs: Array.from({ length: 40 }, (_, i) => i * 1000),
          payloadBytes: new Array(40).fill(1000)
        }
      )
    const { packets, messageWireNs } = drive(3028)
    expect(packets.every((packet) => packet.verdict === 0 && packet.bytes <= 3028)).toBe(true)
    expect(messageWireNs.every((ns) => Number.isFinite(ns))).toBe(true)
    expect(() => drive(1513)).toThrow('session tcp sends segments of 1514 bytes, and the tbf takes none above 1513')
  })

  test('property: over any span no more leaves than the burst and the rate allow, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(800_000), fc.integer({ min: 1, max: 900 })), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 100_000, max: 5_000_000 }),
        (gaps, rate) => {
          let ns = 0
          const sends = gaps.map(([gapNs, payload]) => {
            ns += gapNs
            return [0, ns, payload] as const
          })
          const packets = run({ ...TBF, rateBytesPerSecond: rate, limitBytes: 1e9 }, sends)
          expect(packets.map((packet) => packet.sequence)).toEqual(sends.map((_, i) => i))
          for (let i = 0; i < packets.length; i++) {
            let bytes = 0
            for (let j = i; j < packets.length; j++) {
              bytes += packets[j].bytes
              const spanNs = packets[j].wireNs - packets[i].wireNs
              // Each transmission time is rounded down to a whole ns.
              expect(bytes).toBeLessThanOrEqual(1000 + ((spanNs + (j - i + 2)) * rate) / 1e9)
            }
          }
        }
      ),
      { seed: 3, numRuns: 60 }
    )
  })
})
