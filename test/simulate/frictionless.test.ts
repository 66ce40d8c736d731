/*
 * Without any friction and any delay a run is a market and a policy, and what a parent pays can be worked out by hand. Each case draws
 * its recorded market as a table, says in words what happens, and gives the fills and the shortfall as they follow from the rules
 * (market/market.ts, M1 to M10), not from the program. Every case runs on both markets, and once more mirrored: bids for asks,
 * buyers for sellers, prices turned about 101, at which each case has its decision mid. The bps are then the same.
 */
import { describe, expect, it } from 'vitest'
import type { Tape } from '../../src/market/tape.ts'
import { parentResults, UNPRICED } from '../../src/metrics/shortfall.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import { FILL_CAUSE } from '../../src/order/words.ts'
import type { ExecutionOptions } from '../../src/policy/options.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, PLAIN_TAKE, parent, world } from './worlds.ts'

const PIVOT_TICKS = 101

/** Rests at the best price of its own side until the end, whatever the book does. */
const JOIN: ExecutionOptions = { ...PLAIN_TAKE, tactic: 'join', repriceTicks: 1000 }

interface Case {
  readonly title: string
  readonly tape: string
  readonly execution: ExecutionOptions
  /** Buyers from 100 to 1100 unless said otherwise. */
  readonly parents: readonly Partial<ParentOrder>[]
  /** `parent time price lots cause`, in order. */
  readonly fills: readonly string[]
  /** By parent: cost in tick lots over decision mid times mandate; null where there is no decision mid. */
  readonly paid: readonly (readonly [tickLots: number, midLots: number] | null)[]
}

const CASES: readonly Case[] = [
  {
    title: 'a take at the touch pays half the spread',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 50 2`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10 }],
    fills: ['0 100 102 10 take'],
    // 10 x (102 - 101)
    paid: [[10, 1010]]
  },
  {
    title: 'a take with a tick to spare walks into the second level',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 4 2
      10 add ask 103 9 3`,
    execution: { ...PLAIN_TAKE, takeThroughTicks: 1 },
    parents: [{ quantityLots: 9 }],
    fills: ['0 100 102 4 take', '0 100 103 5 take'],
    // 4 x 1 + 5 x 2
    paid: [[14, 909]]
  },
  {
    title: 'a take stops at its limit; the rest is charged at an end mark that has not moved: nothing',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 4 2
      10 add ask 103 9 3`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10 }],
    fills: ['0 100 102 4 take'],
    paid: [[4, 1010]]
  },
  {
    title: 'what a take left over pays for the move of the market by the end',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 4 2
      10 add ask 103 9 3
      500 delete ask 102 4 2
      500 delete ask 103 9 3
      500 add ask 106 9 4
      510 add bid 104 9 5`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10 }],
    fills: ['0 100 102 4 take'],
    // 4 x 1, and 6 x (105 - 101)
    paid: [[28, 1010]]
  },
  {
    title: 'a resting order waits for those ahead, then trades with what hits the ones behind it, and before hidden orders',
    tape: `
      10 add bid 100 5 1
      10 add bid 99 20 9
      10 add ask 102 50 2
      200 execute bid 100 5 1
      300 add bid 100 3 3
      400 execute bid 100 3 3
      500 execute-hidden bid 100 1 -`,
    execution: JOIN,
    parents: [{ quantityLots: 4 }],
    fills: ['0 400 100 3 behind', '0 500 100 1 hidden'],
    paid: [[-4, 404]]
  },
  {
    title: 'a resting order that is filled in part pays for its rest at the end mark',
    tape: `
      10 add bid 100 5 1
      10 add bid 99 20 9
      10 add ask 102 50 2
      200 execute bid 100 5 1
      300 add bid 100 3 3
      400 execute bid 100 3 3`,
    execution: JOIN,
    parents: [{ quantityLots: 4 }],
    fills: ['0 400 100 3 behind'],
    // 3 x -1, and 1 x ((99 + 102) / 2 - 101)
    paid: [[-3.5, 404]]
  },
  {
    title: 'an execution at a worse price goes through a resting order',
    tape: `
      10 add bid 100 5 1
      10 add bid 99 20 9
      10 add ask 102 50 2
      199 execute bid 100 5 1
      200 execute bid 99 6 9`,
    execution: JOIN,
    parents: [{ quantityLots: 4 }],
    fills: ['0 200 100 4 through'],
    paid: [[-4, 404]]
  },
  {
    title: 'a recorded order of the other side that would have met ours is met, as far as it goes',
    tape: `
      10 add bid 100 5 1
      10 add bid 99 20 9
      10 add ask 102 50 2
      190 delete bid 100 5 1
      200 add ask 100 3 7`,
    execution: JOIN,
    parents: [{ quantityLots: 4 }],
    fills: ['0 200 100 3 crossed'],
    // 3 x -1, and 1 x ((99 + 100) / 2 - 101)
    paid: [[-4.5, 404]]
  },
  {
    title: 'prints below a resting bid fill it at its own price',
    tape: `
      10 add bid 100 5 1
      10 add bid 99 20 9
      10 add ask 102 50 2
      200 execute-hidden bid 99 2 -
      300 trade bid 98 10 -`,
    execution: JOIN,
    parents: [{ quantityLots: 4 }],
    fills: ['0 200 100 2 hidden', '0 300 100 2 hidden'],
    paid: [[-4, 404]]
  },
  {
    title: 'cancels shorten the unknown queue ahead; an execution fills what that queue does not explain',
    tape: `
      10 level-set bid 100 5 -
      10 level-set ask 102 50 -
      150 reduce bid 100 2 -
      200 execute bid 100 4 -
      300 execute bid 100 3 -`,
    execution: JOIN,
    parents: [{ quantityLots: 4 }],
    // 5 - 2 = 3 ahead: of 4 executed, 1 is ours; then nobody is ahead.
    fills: ['0 200 100 1 behind', '0 300 100 3 behind'],
    paid: [[-4, 404]]
  },
  {
    title: 'a limit price that the touch is beyond: nothing is bought, and the whole mandate pays for the move',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 50 2
      500 delete ask 102 50 2
      500 add ask 106 9 4
      510 add bid 104 9 5`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10, limitTicks: 101 }],
    fills: [],
    // 10 x (105 - 101)
    paid: [[40, 1010]]
  },
  {
    title: 'a halt matches nothing: what came in it is gone when trading resumes',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 50 2
      50 halt
      200 resume
      500 delete ask 102 50 2
      500 add ask 104 9 4
      510 add bid 102 9 5`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10 }],
    fills: [],
    // 10 x (103 - 101)
    paid: [[20, 1010]]
  },
  {
    title: 'a locked book matches nothing',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 50 2
      90 add bid 101 5 3
      95 add ask 101 5 4
      500 delete bid 101 5 3
      500 delete ask 101 5 4
      600 delete ask 102 50 2
      600 add ask 104 9 5`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10 }],
    fills: [],
    // 10 x ((100 + 104) / 2 - 101)
    paid: [[10, 1010]]
  },
  {
    title: 'two parents share one level: what the first took, the second cannot take',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 10 2
      10 add ask 103 10 3`,
    execution: { ...PLAIN_TAKE, takeThroughTicks: 1 },
    parents: [{ quantityLots: 8 }, { parentId: 1, quantityLots: 8, startNs: 200 }],
    fills: ['0 100 102 8 take', '1 200 102 2 take', '1 200 103 6 take'],
    // 8 x 1; 2 x 1 + 6 x 2
    paid: [
      [8, 808],
      [14, 808]
    ]
  },
  {
    title: 'a new recorded order at the level can be taken, what was taken before stays taken',
    tape: `
      10 add bid 100 50 1
      10 add ask 102 10 2
      150 add ask 102 4 5`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 8 }, { parentId: 1, quantityLots: 8, startNs: 200 }],
    // 10 - 8 and the 4 new ones, in one fill of the level; the rest pays an end mark of 101.
    fills: ['0 100 102 8 take', '1 200 102 6 take'],
    paid: [
      [8, 808],
      [6, 808]
    ]
  },
  {
    title: 'without the other side there is no decision mid: nothing is sent, and nothing is priced',
    tape: `
      10 add bid 100 50 1`,
    execution: PLAIN_TAKE,
    parents: [{ quantityLots: 10 }],
    fills: [],
    paid: [null]
  },
  {
    title: 'passive, then take: half way what did not fill is cancelled and crosses the spread at once',
    tape: `
      10 add bid 100 5 1
      10 add ask 102 50 2
      300 execute-hidden bid 100 2 -
      700 execute-hidden bid 100 9 -`,
    execution: { ...JOIN, tactic: 'passive-then-take', sliceNs: 1000, takeAfterShare: 0.5 },
    parents: [{ quantityLots: 6 }],
    fills: ['0 300 100 2 hidden', '0 600 102 4 take'],
    // 2 x -1 + 4 x 1
    paid: [[2, 606]]
  },
  {
    title: 'a repriced order joins the new best price at the end of its queue, and goes back when that price is gone',
    tape: `
      10 add bid 100 5 1
      10 add ask 102 50 2
      200 add bid 101 5 5
      250 add bid 101 3 6
      300 execute bid 101 5 5
      400 execute bid 101 3 6
      500 execute-hidden bid 101 4 -`,
    execution: { ...JOIN, repriceTicks: 1 },
    parents: [{ quantityLots: 4 }],
    fills: ['0 400 101 3 behind'],
    // 3 x (101 - 101), and 1 x ((100 + 102) / 2 - 101)
    paid: [[0, 404]]
  }
]

/** Bids for asks and prices turned about the pivot. */
function mirrored(tape: Tape): Tape {
  const { side, priceTicks } = tape
  return {
    ...tape,
    side: side.map((each) => -each),
    priceTicks: priceTicks.map((ticks) => 2 * PIVOT_TICKS - ticks)
  }
}

function fillsOf({ ledger }: Run, isMirrored: boolean): string[] {
  const { parentId, fillNs, priceTicks, lots, cause } = ledger.fills.col
  return Array.from({ length: ledger.fills.count }, (_, row) => {
    const ticks = isMirrored ? 2 * PIVOT_TICKS - priceTicks[row] : priceTicks[row]
    return [parentId[row], fillNs[row], ticks, lots[row], FILL_CAUSE.names[cause[row]]].join(' ')
  })
}

describe.each(['timeline', 'sequential'] as const)('without frictions and delays, on the %s', (market) => {
  describe.each(['as drawn', 'mirrored'] as const)('%s', (form) => {
    it.each(CASES)('$title', ({ tape: text, execution, parents, fills, paid }) => {
      const isMirrored = form === 'mirrored'
      const drawn = drawTape(text)
      const run = simulate(
        world({
          markets: [MARKETS[market](isMirrored ? mirrored(drawn) : drawn)],
          execution,
          parents: parents.map((fields) => {
            const { limitTicks, ...rest } = parent(fields)
            return isMirrored ? { ...rest, side: -1 as const, limitTicks: 2 * PIVOT_TICKS - limitTicks } : { ...rest, limitTicks }
          })
        })
      )
      expect(fillsOf(run, isMirrored)).toEqual(fills)
      const { shortfallBps, unpriced } = parentResults(run.ledger, { headers: [drawn.header] })
      paid.forEach((expected, row) => {
        expect(unpriced[row]).toBe(expected === null ? UNPRICED.noDecisionMid : UNPRICED.no)
        if (expected !== null) expect(shortfallBps[row]).toBeCloseTo((1e4 * expected[0]) / expected[1], 9)
      })
      expect(faultsOf(run)).toEqual([])
    })
  })
})
