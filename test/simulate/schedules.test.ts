/* Schedules in whole worlds: those that ask for the same give the same ledger, and a participant takes its share of what the tape trades. */
import { describe, expect, it } from 'vitest'
import type { ExecutionOptions, ScheduleOptions } from '../../src/policy/options.ts'
import { type Run, simulate, type World } from '../../src/simulate.ts'
import { randomWorld } from './random-world.ts'
import { drawTape, MARKETS, NO_FRICTION, PLAIN_TAKE, parent, world } from './worlds.ts'

const SEEDS = [3, 7, 11, 19, 23, 31]

function ledgerHash(seed: number, schedule: ScheduleOptions | ((spanNs: number) => ScheduleOptions)): string {
  const { tape, world: drawn } = randomWorld(seed)
  const chosen = typeof schedule === 'function' ? schedule(tape.tNs[tape.count - 1]) : schedule
  const execution = { ...drawn.execution, schedule: chosen }
  return simulate({ ...drawn, execution, markets: [MARKETS.timeline(tape)] }).ledgerHash
}

describe('in any world', () => {
  const twap = { kind: 'twap' } as const
  const flat: ScheduleOptions = { kind: 'vwap', curves: [{ startNs: 0, binNs: 1e12, lots: Float64Array.of(7, 7, 7, 7) }] }
  const uneven = (spanNs: number): ScheduleOptions => {
    return {
      kind: 'vwap',
      curves: [{ startNs: 0, binNs: Math.ceil(spanNs / 20), lots: Float64Array.from({ length: 40 }, (_, bin) => bin % 7) }]
    }
  }

  it('VWAP on a flat curve is TWAP to the last bit, and on an uneven one is not', () => {
    const even = SEEDS.map((seed) => ledgerHash(seed, twap))
    expect(SEEDS.map((seed) => ledgerHash(seed, flat))).toEqual(even)
    expect(SEEDS.map((seed) => ledgerHash(seed, uneven))).not.toEqual(even)
  })

  it('front-loaded without hurry is TWAP to the last bit, and with it is not', () => {
    const even = SEEDS.map((seed) => ledgerHash(seed, twap))
    expect(SEEDS.map((seed) => ledgerHash(seed, { kind: 'front-loaded', kappaPerSecond: 0 }))).toEqual(even)
    expect(SEEDS.map((seed) => ledgerHash(seed, { kind: 'front-loaded', kappaPerSecond: 1e-9 }))).toEqual(even)
    expect(SEEDS.map((seed) => ledgerHash(seed, { kind: 'front-loaded', kappaPerSecond: 1e6 }))).not.toEqual(even)
  })
})

describe('a participant', () => {
  /* A deep ask at 102; prints of 30 at 150, 40 at 290, 10 at 310 and 200 at 620, of 7 after the last decision. */
  const TAPE = drawTape(`
    10 add bid 100 1000 1
    10 add ask 102 9000 2
    90 trade ask 102 500 -
    150 trade ask 102 30 -
    290 execute-hidden bid 100 40 -
    310 execute ask 102 10 2
    620 trade bid 100 200 -
    1050 trade bid 100 7 -
  `)

  function run(share: number, fields: Partial<ExecutionOptions> = {}, path: World['path'] = NO_FRICTION): Run {
    const execution: ExecutionOptions = {
      ...PLAIN_TAKE,
      sliceNs: 100,
      childLotsMax: 5,
      schedule: { kind: 'pov', min: share, share, max: share },
      catchUp: 'full',
      catchUpShare: 1,
      ...fields
    }
    return simulate(world({ path, execution, markets: [MARKETS.timeline(TAPE)], parents: [parent({ quantityLots: 200 })] }))
  }

  /** Lots filled by decision: [instant, lots]. */
  function fillsOf({ ledger }: Run): [number, number][] {
    const { fillNs, lots } = ledger.fills.col
    const byInstant = new Map<number, number>()
    for (let row = 0; row < ledger.fills.count; row++) byInstant.set(fillNs[row], (byInstant.get(fillNs[row]) ?? 0) + lots[row])
    return [...byInstant]
  }

  it('takes its share of each stretch at the next decision', () => {
    // Decisions at 100, 200, …; a tenth of 30, of 40, of 10, of 200.
    expect(fillsOf(run(0.1))).toEqual([
      [200, 3],
      [300, 4],
      [400, 1],
      [700, 20]
    ])
  })

  it('ends within a child of its share of what it saw', () => {
    for (const share of [0.03, 0.1, 0.25, 0.5]) {
      const filled = fillsOf(run(share)).reduce((sum, [, lots]) => sum + lots, 0)
      expect(Math.abs(filled - share * 280)).toBeLessThan(5)
    }
  })

  it('sees prints only when the feed has brought them', () => {
    const late = { ...NO_FRICTION, link: { ...NO_FRICTION.link, feedDelayNs: 20 } }
    // The prints of 90 and 290 come at 110 and 310: each one decision later.
    expect(fillsOf(run(0.1, {}, late))).toEqual([
      [200, 53],
      [400, 5],
      [700, 20]
    ])
  })

  it('is held by a cap on participation, whatever its schedule', () => {
    const capped = fillsOf(run(0, { schedule: { kind: 'twap' }, participationMax: 0.2 }))
    // TWAP wants 20 a decision; a fifth of 30, 70, 80, 80, 80, 280, and so on.
    expect(capped).toEqual([
      [200, 6],
      [300, 8],
      [400, 2],
      [700, 40]
    ])
  })
})
