/* What fq of Linux 6.12 does otherwise than 6.1, each by hand, and the same with the rules of 6.1 beside it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { driveEgress } from '../../src/path/drive-egress.ts'
import { DEFAULT_BANDS } from '../../src/path/flow-bands.ts'
import { VERDICT } from '../../src/path/qdisc.ts'
import { FairQueueRig, type FlowKind } from './fair-queue-rig.ts'
import { FQ, NO_MACHINE, UDP } from './fq-recordings.ts'

const MS = 1_000_000
/** A rate at which a charge is less than a nanosecond. */
const FAST = 1e15

describe('the fast path', () => {
  test('takes eight packets that need not wait past all flows, so no limit of a flow holds for them', () => {
    const verdicts = (kernel: '6.1' | '6.12') => {
      const rig = new FairQueueRig({ kernel, flowLimit: 1 })
      return Array.from({ length: 10 }, () => rig.put(0, 0))
    }
    expect(verdicts('6.12')).toEqual([...new Array(9).fill(VERDICT.queued), VERDICT['flow-limit']])
    expect(verdicts('6.1')).toEqual([VERDICT.queued, ...new Array(9).fill(VERDICT['flow-limit'])])
  })

  test.each<[string, FlowKind, number, boolean]>([
    ['a datagram socket without a rate', {}, Infinity, true],
    ['a datagram socket with a rate', { rate: FAST }, Infinity, false],
    ['a connection with a rate, whose pacing is its departure times', { rate: FAST, isTcp: true }, Infinity, true],
    ['anything under a maxrate', {}, FAST, false]
  ])('%s', (_what, flow, maxrateBytesPerSecond, isFast) => {
    const rig = new FairQueueRig({ kernel: '6.12', flowLimit: 1, maxrateBytesPerSecond }, [flow])
    rig.put(0, 0)
    expect(rig.put(0, 0)).toBe(isFast ? VERDICT.queued : VERDICT['flow-limit'])
  })

  test('is for what is due, while no flow waits for its turn', () => {
    const rig = new FairQueueRig({ kernel: '6.12', flowLimit: 1 })
    // Not due: it is a flow, and is held until 10 ms.
    expect(rig.put(0, 0, 1000, 10 * MS)).toBe(VERDICT.queued)
    // A flow waits for its turn: a second of flow 1 is one too many.
    expect([rig.put(1, 0), rig.put(1, 0)]).toEqual([VERDICT.queued, VERDICT['flow-limit']])
    expect(rig.take(0)).toEqual([1])
    // Flow 0 is throttled, flow 1 empty: nobody waits.
    expect([rig.put(1, MS), rig.put(1, MS)]).toEqual([VERDICT.queued, VERDICT.queued])
    expect(rig.take(MS)).toEqual([1, 1])
    // Flow 0 is due and not yet served.
    expect([rig.put(1, 10 * MS), rig.put(1, 10 * MS)]).toEqual([VERDICT.queued, VERDICT['flow-limit']])
    expect(rig.take(10 * MS)).toEqual([1, 0])
  })

  test('leaves the flows as they are: a foreign packet without a rate detaches nobody', () => {
    const back = (kernel: '6.1' | '6.12') => {
      const rig = new FairQueueRig({ kernel, quantum: 1000, initialQuantum: 1000 }, [{ rate: 100_000 }])
      for (let i = 0; i < 3; i++) rig.put(0, 0, 242)
      rig.take(0)
      rig.put(1, 100 * MS)
      rig.take(100 * MS)
      for (let i = 0; i < 8; i++) rig.put(0, 200 * MS, 242)
      return rig.take(200 * MS).length
    }
    // Refilled: 1000 passes five; what was left, 274, passes two.
    expect([back('6.1'), back('6.12')]).toEqual([5, 2])
  })
})

describe('an empty new flow', () => {
  test('goes through the old list before it is detached, also when it is the only one', () => {
    const kinds = [{ rate: 100_000 }, { rate: FAST }, { rate: FAST }]
    const back = (kernel: '6.1' | '6.12', others: readonly number[]) => {
      const rig = new FairQueueRig({ kernel, quantum: 1000, initialQuantum: 1000 }, kinds)
      for (let i = 0; i < 3; i++) rig.put(0, 0, 242)
      rig.take(0)
      others.forEach((flow, i) => {
        rig.put(flow, (100 + i) * MS, 242)
        rig.take((100 + i) * MS)
      })
      for (let i = 0; i < 8; i++) rig.put(0, 200 * MS, 242)
      return rig.take(200 * MS).length
    }
    expect(back('6.1', [1])).toBe(5)
    // Flow 1 sends flow 0 to the old list. Flow 2 sends flow 1 there behind it; when 1 is served from there, 0 is met before it and detached.
    expect(back('6.12', [1])).toBe(2)
    expect(back('6.12', [1, 2])).toBe(2)
    expect(back('6.12', [1, 2, 1])).toBe(5)
  })
})

describe('bands of priority', () => {
  test('the default map is that of pfifo_fast, with weights 9, 3 and 1', () => {
    // Interactive (6) and control (7) first, bulk (2) and background (1) last, best effort (0) between.
    expect([6, 7, 0, 4, 1, 2].map((priority) => DEFAULT_BANDS.priomap[priority])).toEqual([0, 0, 1, 1, 2, 2])
    expect(DEFAULT_BANDS.weights.map((weight) => weight / 65_536)).toEqual([9, 3, 1])
  })

  const KINDS = [
    { rate: FAST, priority: 6 },
    { rate: FAST, priority: 0 },
    { rate: FAST, priority: 1 }
  ]

  test('take turns by weighted round robin', () => {
    // Packets and quanta of 1000 bytes; no initial quantum, so that each flow is in the old list of its band at once.
    const bands = { ...DEFAULT_BANDS, weights: [3000, 2000, 1000] }
    const rig = new FairQueueRig({ kernel: '6.12', quantum: 1000, initialQuantum: 0, bands }, KINDS)
    for (let i = 0; i < 9; i++) for (const flow of [2, 1, 0]) rig.put(flow, 0)
    expect(rig.take(0, 12)).toEqual([0, 0, 0, 1, 1, 2, 0, 0, 0, 1, 1, 2])
    // Without the first, the other two: its turns pass by.
    expect(rig.take(0)).toEqual([0, 0, 0, 1, 1, 2, 1, 1, 2, 1, 2, 2, 2, 2, 2])
  })

  test('a debt of a band is paid by its next turns', () => {
    // A packet of 5000 on a weight of 3000: a debt of 2000, paid to 1000 the next turn.
    const bands = { ...DEFAULT_BANDS, weights: [3000, 1000, 1000] }
    const rig = new FairQueueRig({ kernel: '6.12', quantum: 5000, initialQuantum: 0, bands }, KINDS)
    for (let i = 0; i < 2; i++) rig.put(0, 0, 5000)
    for (let i = 0; i < 3; i++) rig.put(1, 0, 1000)
    expect(rig.take(0)).toEqual([0, 1, 0, 1, 1])
  })

  test('a new flow waits for its first turn among the new ones of the first band, as the kernel has it', () => {
    // Credit to send all: flow 2 of the last band came first, and keeps its turn until its initial quantum is used up.
    const rig = new FairQueueRig({ kernel: '6.12', quantum: 1000, initialQuantum: 2000 }, KINDS)
    for (let i = 0; i < 3; i++) for (const flow of [2, 0]) rig.put(flow, 0)
    expect(rig.take(0)).toEqual([2, 2, 0, 0, 0, 2])
  })

  test('each band has the limit for itself', () => {
    const verdicts = (kernel: '6.1' | '6.12') => {
      const rig = new FairQueueRig({ kernel, limit: 2 }, KINDS)
      return [0, 0, 0, 1, 1, 2, 1].map((flow) => rig.put(flow, 0))
    }
    const { queued, limit } = VERDICT
    expect(verdicts('6.12')).toEqual([queued, queued, limit, queued, queued, queued, limit])
    expect(verdicts('6.1')).toEqual([queued, queued, limit, limit, limit, limit, limit])
  })

  test('the control priority is no longer past all pacing', () => {
    const take = (kernel: '6.1' | '6.12') => {
      const rig = new FairQueueRig({ kernel }, [{ rate: 20_000, priority: 7 }])
      for (let i = 0; i < 3; i++) rig.put(0, 0, 242)
      return rig.take(0).length
    }
    expect([take('6.1'), take('6.12')]).toEqual([3, 1])
  })
})

describe('the offload horizon', () => {
  test('lets leave at once what is due within it', () => {
    const rig = new FairQueueRig({ kernel: '6.12', offloadHorizonNs: 4 * MS })
    rig.put(0, 0, 1000, 4 * MS)
    expect(rig.take(0)).toEqual([0])
    rig.put(0, 0, 1000, 4 * MS + 1)
    expect(rig.take(0)).toEqual([])
    // The timer is set for the time itself; a run before it finds the packet within the horizon.
    expect(rig.queue.watchdogs[0].hardNs).toBe(4 * MS + 1)
    expect(rig.take(1)).toEqual([0])
  })

  test('a packet that left early is charged from now, without a credit for lateness', () => {
    // 1000 / 10 kB/s = 100 ms, at a low rate: due at 100 ms, within the horizon at 96 ms; the next is due 100 ms after that.
    const rig = new FairQueueRig({ kernel: '6.12', offloadHorizonNs: 4 * MS }, [{ rate: 10_000 }])
    for (let i = 0; i < 3; i++) rig.put(0, 0)
    expect(rig.take(0)).toEqual([0])
    expect(rig.take(96 * MS - 1)).toEqual([])
    expect(rig.take(96 * MS)).toEqual([0])
    expect(rig.queue.watchdogs[0].hardNs).toBe(196 * MS)
  })
})

describe('idle flows', () => {
  test('of the same bucket are forgotten at every packet, however few there are', () => {
    const back = (kernel: '6.1' | '6.12', seconds: number) => {
      const rig = new FairQueueRig({ kernel, quantum: 242, initialQuantum: 1000 }, [
        { rate: 100_000 },
        ...new Array(1024).fill({ rate: FAST })
      ])
      // Flow 0 is detached at 3 ms (see above), with 758 left.
      ;[0, 1, 2, 1].forEach((flow, ms) => {
        rig.put(flow, ms * MS, 242)
        rig.take(ms * MS)
      })
      rig.put(1024, seconds * 1000 * MS, 242)
      rig.take(seconds * 1000 * MS)
      for (let i = 0; i < 8; i++) rig.put(0, seconds * 1000 * MS, 242)
      return rig.take(seconds * 1000 * MS).length
    }
    expect([back('6.12', 4), back('6.12', 2), back('6.1', 4)]).toEqual([5, 4, 4])
  })
})

test('property: a lone datagram socket with a rate is paced as before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5_000, max: 2_000_000 }),
      fc.array(fc.tuple(fc.nat(60 * MS), fc.integer({ min: 1, max: 1400 })), { minLength: 1, maxLength: 200 }),
      (rate, sends) => {
        let ns = 0
        const arrivals = {
          count: sends.length,
          session: sends.map(() => 0),
          tNs: sends.map(([gapNs]) => (ns += gapNs)),
          payloadBytes: sends.map(([, payload]) => payload)
        }
        const [before, now] = (['6.1', '6.12'] as const).map((kernel) =>
          driveEgress(
            {
              sessions: [{ ...UDP, maxPacingRateBytesPerSecond: rate }],
              qdisc: { ...FQ, kernel },
              machine: NO_MACHINE
            },
            arrivals
          )
        )
        expect(now.packets).toEqual(before.packets)
      }
    ),
    { seed: 13, numRuns: 100 }
  )
})
