/* Tapes on which parents take: what is offered, up to which price, and what is left when it is not. */
import { type HandTape, ONE_PARENT, TAKE } from './hand-tape.ts'

export const takingTapes: readonly HandTape[] = [
  {
    title: 'the touch has enough; what comes on the instant of the decision is there, a better offer one nanosecond later is not',
    execution: TAKE,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 8 2
      30 add ask 102 9 3
      40 add bid 98 5 4
      50 reduce ask 101 1 2
      60 add ask 103 2 5
      100 add ask 101 3 6
      101 add ask 100 50 7
      300 execute ask 100 20 7
      900 reduce bid 98 1 4`,
    // 7 + 3 offered at 101; 10 lots one tick above: 10 lot ticks.
    fills: 'A 100 10@101 taker take',
    endMark: 99.5,
    bps: { A: 100 }
  },
  {
    title: 'a take may pay two ticks through the touch and walks three levels, each at its own price',
    execution: { ...TAKE, takeThroughTicks: 2 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 3 2
      30 add ask 102 2 3
      40 add ask 102 2 4
      50 add ask 103 5 5
      60 add ask 104 50 6
      70 add bid 98 1 7
      80 reduce ask 104 10 6
      200 delete ask 103 5 5
      1000 add ask 101 1 8`,
    // 3 x 1 + 4 x 2 + 3 x 3 = 20.
    fills: `
      A 100 3@101 taker take
      A 100 4@102 taker take
      A 100 3@103 taker take`,
    endMark: 100,
    bps: { A: 200 }
  },
  {
    title: 'a take stops one tick through the touch; the rest is charged where the market has gone to',
    execution: { ...TAKE, takeThroughTicks: 1 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 3 2
      30 add ask 102 4 3
      40 add ask 103 9 4
      200 execute ask 101 3 2
      210 execute ask 102 4 3
      220 execute ask 103 9 4
      300 add ask 105 6 5
      400 add bid 103 6 6
      1050 add bid 102 1 7`,
    // 3 x 1 + 4 x 2 = 11 executed; 3 left at 104: 3 x 4 = 12. Together 23.
    fills: `
      A 100 3@101 taker take
      A 100 4@102 taker take`,
    endMark: 104,
    bps: { A: 230 }
  },
  {
    title: 'a partial take, then nothing; the market falls, and not having bought is a gain',
    execution: TAKE,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 4 2
      30 add ask 102 20 3
      40 add bid 97 3 4
      100 add ask 103 1 5
      200 execute bid 99 8 1
      210 delete ask 101 4 2
      300 add ask 98 6 6
      310 add bid 96 4 7
      320 delete bid 97 3 4`,
    // 4 x 1 executed; 6 left at 97: 6 x -3 = -18. Together -14.
    fills: 'A 100 4@101 taker take',
    endMark: 97,
    bps: { A: -140 }
  },
  {
    title: 'a take is repeated after a pause: what was taken is gone, what history adds is taken',
    // One slice of 1000 ns: a pause is an eighth of it. Tries at 100, 225, 350, ... 975.
    execution: { ...TAKE, sliceNs: 1000 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 4 2
      30 add ask 102 20 3
      40 add bid 98 3 4
      300 add ask 101 3 5
      400 reduce ask 102 2 3
      1000 delete ask 101 4 2
      1010 delete ask 101 3 5
      1020 add bid 100 6 6
      1090 reduce bid 98 1 4`,
    // 4 x 1 + 3 x 1 = 7; 3 left at 101: 3. Together 10.
    fills: `
      A 100 4@101 taker take
      A 350 3@101 taker take`,
    endMark: 101,
    bps: { A: 100 }
  },
  {
    title: 'two slices: half is taken now, half when the offer has gone up',
    execution: { ...TAKE, sliceNs: 500 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 6 2
      30 add ask 103 9 3
      40 add bid 98 3 4
      300 execute ask 101 6 2
      400 add ask 104 9 5
      450 add bid 100 9 6
      599 add ask 103 1 7
      601 add ask 102 50 8
      900 reduce bid 98 1 4`,
    // 5 x 1 + 5 x 3 = 20.
    fills: `
      A 100 5@101 taker take
      A 600 5@103 taker take`,
    endMark: 101,
    bps: { A: 200 }
  },
  {
    title: "the mandate's limit binds before the take's own",
    execution: { ...TAKE, takeThroughTicks: 3 },
    parents: 'A buy 10 100 1100 101',
    rows: `
      10 add bid 99 8 1
      20 add ask 101 4 2
      30 add ask 102 9 3
      40 add ask 103 9 4
      50 add bid 98 2 5
      300 execute ask 101 4 2
      400 delete ask 102 9 3
      410 add bid 101 6 6
      420 reduce ask 103 4 4
      900 reduce bid 98 1 5`,
    // 4 x 1; 6 left at 102: 12. Together 16.
    fills: 'A 100 4@101 taker take',
    endMark: 102,
    bps: { A: 160 }
  },
  {
    title: 'a limit below the offer buys nothing, and that costs what the market did',
    execution: { ...TAKE, takeThroughTicks: 3 },
    parents: 'A buy 10 100 1100 100',
    rows: `
      10 add bid 99 8 1
      20 add ask 101 4 2
      30 add ask 102 9 3
      40 add ask 104 9 4
      50 add bid 98 2 5
      300 execute ask 101 4 2
      400 execute ask 102 9 3
      410 add bid 102 6 6
      420 reduce ask 104 4 4
      900 reduce bid 98 1 5`,
    // 10 left at 103.
    fills: '',
    endMark: 103,
    bps: { A: 300 }
  },
  {
    title: 'a halt at the decision: no match, and the order does not wait for the end of the halt',
    execution: TAKE,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 40 2
      30 add ask 102 9 3
      50 halt
      500 resume
      600 execute ask 101 40 2
      610 add bid 100 5 4
      700 add ask 103 9 5
      800 reduce bid 99 1 1
      900 reduce ask 103 1 5`,
    // 10 left at 101.
    fills: '',
    endMark: 101,
    bps: { A: 100 }
  },
  {
    title: 'a locked book at the decision: no match',
    execution: TAKE,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 12 2
      30 add bid 100 5 3
      40 add ask 100 80 4
      300 delete bid 100 5 3
      320 delete bid 99 8 1
      330 add bid 98 4 5
      500 reduce ask 101 1 2
      600 reduce ask 100 1 4
      900 add bid 97 1 6`,
    // 10 left at 99.
    fills: '',
    endMark: 99,
    bps: { A: -100 }
  },
  {
    title: 'a crossed book at the decision: no match, cheap as the offer looks',
    execution: TAKE,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 12 2
      30 add bid 101 5 3
      40 add ask 99 60 4
      200 delete bid 101 5 3
      210 delete ask 99 60 4
      300 delete ask 101 12 2
      310 add bid 101 6 5
      320 add ask 103 7 6
      900 add ask 104 1 7`,
    // 10 left at 102.
    fills: '',
    endMark: 102,
    bps: { A: 200 }
  },
  {
    title: 'three parents share one level: what the first took, the second and third do not get; new orders are new',
    execution: TAKE,
    parents: `
      A buy 10 100 1100
      B buy 10 100 1100
      C buy 10 400 1100`,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 12 2
      30 add ask 102 20 3
      40 add bid 98 4 4
      200 reduce ask 101 5 2
      300 add ask 101 3 5
      310 add bid 99 2 6
      500 add ask 101 9 7
      900 reduce bid 99 1 6
      1000 reduce ask 102 5 3`,
    // At 400 order 2 has 7 lots on record, but 12 of it were taken: it offers none. A: 10 x 1; B: 2 x 1 and 8 x 0; C: 3 x 1 and 7 x 0.
    fills: `
      A 100 10@101 taker take
      B 100 2@101 taker take
      C 400 3@101 taker take`,
    endMark: 100,
    bps: { A: 100, B: 20, C: 30 }
  },
  {
    title: 'an empty side at the decision: there is no mid to pay against',
    execution: TAKE,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 12 2
      30 add bid 98 4 3
      50 execute ask 101 12 2
      200 add ask 101 9 4
      300 add ask 102 9 5
      400 reduce bid 98 1 3
      500 reduce bid 99 1 1
      600 reduce ask 101 1 4
      900 reduce ask 102 1 5`,
    fills: '',
    endMark: 100,
    bps: { A: 'no decision mid' }
  },
  {
    title: 'an empty side at the end: a rest has no mark, a parent that is filled needs none',
    execution: TAKE,
    parents: `
      A buy 4 100 1100
      B buy 10 100 1100`,
    rows: `
      10 add bid 99 8 1
      20 add ask 101 6 2
      30 add bid 98 4 3
      40 reduce bid 98 1 3
      300 execute ask 101 6 2
      400 reduce bid 98 1 3
      500 execute bid 99 8 1
      600 delete bid 98 2 3
      700 add bid 97 2 4
      1101 add ask 99 4 5`,
    // A: 4 x 1 of 4 lots: 100 bps.
    fills: `
      A 100 4@101 taker take
      B 100 2@101 taker take`,
    endMark: null,
    bps: { A: 100, B: 'no end mark' }
  }
]
