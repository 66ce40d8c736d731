/* Rules of Linux 6.1 fq, each by hand: those that no recording has, and those that one has only among others. */
import { describe, expect, test } from 'vitest'
import { VERDICT } from '../../src/path/qdisc.ts'
import { FairQueueRig } from './fair-queue-rig.ts'

const MS = 1_000_000
const SECOND = 1000 * MS

/** Instants in ms at which a lone backlog of 242-byte packets leaves. */
function departures(rig: FairQueueRig, untilMs: number): number[] {
  const out: number[] = []
  for (let nowNs = 0; nowNs <= untilMs * MS; ) {
    out.push(...rig.take(nowNs).map(() => nowNs / MS))
    const [{ hardNs }] = rig.queue.watchdogs
    if (rig.queue.packetCount === 0) break
    nowNs = hardNs
  }
  return out
}

function lone(
  options: ConstructorParameters<typeof FairQueueRig>[0],
  rate: number,
  count: number,
  txTimeMs?: number
): FairQueueRig {
  const rig = new FairQueueRig(options, [{ rate }])
  for (let i = 0; i < count; i++) rig.put(0, 0, 242, txTimeMs === undefined ? undefined : txTimeMs * MS)
  return rig
}

describe('charges', () => {
  test('a quantum smaller than a packet: every packet is charged its own length once the credit is used up', () => {
    // 242 / 100 kB/s = 2.42 ms.
    expect(departures(lone({ quantum: 100, initialQuantum: 242 }, 100_000, 4), 10)).toEqual([0, 2.42, 4.84, 7.26])
  })

  test('an initial quantum of 0: the first visit gives a quantum, which then passes a block', () => {
    // 1000 of credit pass 5 (-210); the charge of a quantum is 10 ms.
    expect(departures(lone({ quantum: 1000, initialQuantum: 0 }, 100_000, 6), 10)).toEqual([0, 0, 0, 0, 0, 10])
  })

  test('the rate is the lesser of the socket and maxrate, and the low-rate threshold looks at that', () => {
    const options = { quantum: 1000, initialQuantum: 1000 }
    // 1000 / 100 kB/s after five.
    expect(departures(lone({ ...options, maxrateBytesPerSecond: 100_000 }, 1_000_000, 6), 20)).toEqual([0, 0, 0, 0, 0, 10])
    // 242 / 20 kB/s each: the socket is slower than maxrate.
    expect(departures(lone({ ...options, maxrateBytesPerSecond: 100_000 }, 20_000, 3), 30)).toEqual([0, 12.1, 24.2])
    // 242 / 50 kB/s each: maxrate is low though the socket has no rate.
    expect(departures(lone({ ...options, maxrateBytesPerSecond: 50_000 }, Infinity, 3), 30)).toEqual([0, 4.84, 9.68])
  })

  test('a packet with a departure time is charged its length at maxrate, whatever the credit, and nothing for its socket', () => {
    // Held until 10 ms; then 242 / 100 kB/s apart, with all of the initial quantum left.
    expect(departures(lone({ maxrateBytesPerSecond: 100_000 }, 1000, 3, 10), 30)).toEqual([10, 12.42, 14.84])
    expect(departures(lone({}, 1000, 3, 10), 30)).toEqual([10, 10, 10])
  })

  test('a rate of 0 is a charge of a second', () => {
    expect(departures(lone({}, 0, 3), 3000)).toEqual([0, 1000, 2000])
  })

  test('without pacing a departure time still holds', () => {
    expect(departures(lone({ pacing: false }, 100, 2, 10), 30)).toEqual([10, 10])
  })
})

describe('refusals', () => {
  test('the limit of all comes before the horizon, the horizon before the limit of the flow', () => {
    const rig = new FairQueueRig({ limit: 3, flowLimit: 2, horizonNs: 30 * MS })
    expect(rig.put(0, 0, 242, 10 * MS)).toBe(VERDICT.queued)
    expect(rig.put(0, 0, 242, 10 * MS)).toBe(VERDICT.queued)
    expect(rig.put(0, 0, 242, 31 * MS)).toBe(VERDICT.horizon)
    expect(rig.put(0, 0, 242, 30 * MS)).toBe(VERDICT['flow-limit'])
    expect(rig.put(1, 0, 242, 30 * MS)).toBe(VERDICT.queued)
    expect(rig.put(0, 0, 242, 31 * MS)).toBe(VERDICT.limit)
    expect(rig.queue.dropCount).toBe(3)
  })

  test('beyond the horizon a capped packet leaves at the horizon of its arrival', () => {
    const rig = new FairQueueRig({ horizonNs: 30 * MS, horizonDrop: false })
    rig.put(0, 5 * MS, 242, 100 * MS)
    expect(departures(rig, 100)).toEqual([35])
  })
})

describe('rest', () => {
  /** Flow 0 spends 242 of 1000, is detached by a packet of flow 1 at `detachMs`, and comes back: packets that pass at once. */
  function blockAfter(detachMs: number, backMs: number): number {
    const rig = new FairQueueRig({ quantum: 1000, initialQuantum: 1000 }, [{ rate: 100_000 }])
    for (let i = 0; i < 3; i++) rig.put(0, 0, 242)
    rig.take(0)
    rig.put(1, detachMs * MS, 242)
    rig.take(detachMs * MS)
    for (let i = 0; i < 8; i++) rig.put(0, backMs * MS, 242)
    return rig.take(backMs * MS).length
  }

  test('a detached flow is given a quantum after ten ticks beyond the odd tick at which it was detached', () => {
    // Detached at tick 26 (104 ms), stamped 27: back in a tick after 37. The credit left, 274, passes two.
    expect([blockAfter(104, 151.9), blockAfter(104, 152)]).toEqual([2, 5])
    // Detached at tick 27 (108 ms): the same stamp.
    expect([blockAfter(108, 151.9), blockAfter(108, 152)]).toEqual([2, 5])
    // Detached at tick 28 (112 ms), stamped 29: after 39.
    expect([blockAfter(112, 159.9), blockAfter(112, 160)]).toEqual([2, 5])
  })

  test('a flow with more than a quantum of credit keeps it', () => {
    const rig = new FairQueueRig({ quantum: 242, initialQuantum: 1000 }, [{ rate: 100_000 }])
    rig.put(0, 0, 242)
    rig.take(0)
    rig.put(1, 100 * MS, 242)
    rig.take(100 * MS)
    for (let i = 0; i < 8; i++) rig.put(0, SECOND, 242)
    // 758 passes four.
    expect(rig.take(SECOND)).toHaveLength(4)
  })

  test('among thousands of flows, mostly idle, one that was detached for three seconds starts afresh', () => {
    function blockOf(flowCount: number, atMs: number): number {
      const rig = new FairQueueRig({ quantum: 242, initialQuantum: 1000 }, [{ rate: 100_000 }])
      for (let flow = 0; flow < flowCount; flow++) {
        rig.put(flow, 0, 242)
        rig.take(0)
      }
      // A packet of the same bucket.
      rig.put(1024, atMs * MS, 242)
      rig.take(atMs * MS)
      for (let i = 0; i < 8; i++) rig.put(0, atMs * MS, 242)
      return rig.take(atMs * MS).length
    }
    // 1000 passes five, the 758 left over four.
    expect(blockOf(2048, 3100)).toBe(5)
    expect(blockOf(2048, 2900)).toBe(4)
    expect(blockOf(2047, 3100)).toBe(4)
  })
})

describe('order', () => {
  test('packets of the control priority leave first and are never held', () => {
    const rig = new FairQueueRig({}, [{ rate: 20_000 }, { rate: 20_000, priority: 7 }])
    for (let i = 0; i < 2; i++) rig.put(0, 0, 242)
    for (let i = 0; i < 3; i++) rig.put(1, 0, 242)
    expect(rig.take(0)).toEqual([1, 1, 1, 0])
  })

  test('throttled flows come back in order of their times, at the end of the old ones', () => {
    const rig = new FairQueueRig({}, [{ rate: 20_000 }, { rate: 40_000 }, { rate: 10_000 }])
    for (const flow of [0, 1, 2]) for (let i = 0; i < 2; i++) rig.put(flow, 0, 242)
    expect(rig.take(0)).toEqual([0, 1, 2])
    // Due at 12.1, 6.05 and 24.2 ms.
    expect(rig.take(30 * MS)).toEqual([1, 0, 2])
  })
})
