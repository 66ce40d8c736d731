/* Tapes on which parents rest: what is ahead, what fills them, and what it costs to wait. */
import { type HandTape, ONE_PARENT, REST, TAKE } from './hand-tape.ts'

export const restingTapes: readonly HandTape[] = [
  {
    title: 'filled from behind: first those ahead go, by execution and by cancel, then an order behind is hit',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 3 1
      20 add bid 99 2 2
      30 add ask 101 9 3
      200 add bid 99 20 4
      300 execute bid 99 3 1
      310 delete bid 99 2 2
      400 execute bid 99 4 4
      500 add ask 102 5 5
      600 reduce bid 99 2 4
      700 execute bid 99 9 4`,
    // 10 lots one tick below: -10.
    fills: `
      A 400 4@99 maker behind
      A 700 6@99 maker behind`,
    endMark: 100,
    bps: { A: -100 }
  },
  {
    title: 'filled in part, the last lot on the last instant; the rest is charged at the end mark',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add ask 101 9 2
      200 add bid 99 20 3
      300 execute bid 99 5 1
      400 execute bid 99 3 3
      500 delete ask 101 9 2
      510 add ask 103 4 4
      600 add bid 101 6 5
      1100 execute bid 99 1 3
      1101 execute bid 99 9 3`,
    // 4 x -1; 6 left at 102: 12. Together 8.
    fills: `
      A 400 3@99 maker behind
      A 1100 1@99 maker behind`,
    endMark: 102,
    bps: { A: 80 }
  },
  {
    title: 'filled through: executions at worse prices fill us at ours',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add bid 98 15 2
      30 add bid 97 8 3
      40 add ask 101 9 4
      200 delete bid 99 5 1
      300 execute bid 98 6 2
      400 execute bid 98 9 2
      500 execute bid 97 8 3
      600 add bid 96 5 5
      700 add ask 100 2 6`,
    // 6 x -1 + 4 x -1.
    fills: `
      A 300 6@99 maker through
      A 400 4@99 maker through`,
    endMark: 98,
    bps: { A: -100 }
  },
  {
    title: 'crossed: recorded sellers who would have met us fill us at our price',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add ask 101 9 2
      30 add bid 97 6 3
      200 delete bid 99 5 1
      300 add ask 99 7 4
      400 add ask 98 2 5
      500 add ask 100 50 6
      600 reduce ask 100 10 6
      700 add bid 96 3 7
      800 delete ask 99 7 4`,
    // 9 x -1; 1 left at 97.5: -2.5. Together -11.5.
    fills: `
      A 300 7@99 maker crossed
      A 400 2@99 maker crossed`,
    endMark: 97.5,
    bps: { A: -115 }
  },
  {
    title:
      'hidden prints at our price and through it fill us before what is displayed ahead; those above it and of the other side do not',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add ask 101 9 2
      200 execute-hidden bid 100 6 -
      300 execute-hidden bid 99 3 -
      400 execute-hidden bid 98 2 - between
      500 execute-hidden ask 100 5 -
      600 trade bid 97 4 -
      700 add bid 98 5 3
      800 execute-hidden bid 99 1 - between
      900 trade bid 95 8 -`,
    // 3 + 2 + 4 + 1 lots one tick below.
    fills: `
      A 300 3@99 maker hidden
      A 400 2@99 maker hidden
      A 600 4@99 maker hidden
      A 900 1@99 maker hidden`,
    endMark: 100,
    bps: { A: -100 }
  },
  {
    title: 'an anonymous queue: a cancel ahead brings us forward by its lots',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 level-set bid 99 10 -
      20 level-set ask 101 9 -
      30 level-set bid 98 20 -
      200 level-set bid 99 28 -
      300 reduce bid 99 4 -
      400 execute bid 99 9 -
      500 execute bid 99 5 -
      600 level-set ask 102 4 -
      800 level-set bid 98 15 -
      1000 level-set ask 102 5 -`,
    // Ahead: 10, after the cancel 6. The execution of 9 leaves 3 for us, that of 5 all 5. 8 x -1; 2 left at 100.
    fills: `
      A 400 3@99 maker behind
      A 500 5@99 maker behind`,
    endMark: 100,
    bps: { A: -80 }
  },
  {
    title: 'the same queue without the cancel: four lots less are ours',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 level-set bid 99 10 -
      20 level-set ask 101 9 -
      30 level-set bid 98 20 -
      200 level-set bid 99 28 -
      400 execute bid 99 9 -
      500 execute bid 99 5 -
      600 level-set ask 102 4 -
      800 level-set bid 98 15 -
      900 level-set bid 97 3 -
      1000 level-set ask 102 5 -`,
    // Ahead: 10. The execution of 9 leaves 1 ahead, that of 5 gives us 4. 4 x -1; 6 left at 100.
    fills: 'A 500 4@99 maker behind',
    endMark: 100,
    bps: { A: -40 }
  },
  {
    title: 'nothing trades with us and the market runs away: all of it is opportunity',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add ask 101 9 2
      200 execute ask 101 9 2
      210 add ask 103 9 3
      300 add bid 101 5 4
      400 execute ask 103 9 3
      410 add ask 105 9 5
      500 add bid 103 5 6
      600 reduce bid 99 4 1
      1101 add ask 104 9 7`,
    // 10 left at 104.
    fills: '',
    endMark: 104,
    bps: { A: 400 }
  },
  {
    title: 'an order that follows the touch joins the new queue at its tail',
    execution: { ...REST, tactic: 'peg', repriceTicks: 1 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add ask 101 9 2
      30 add bid 98 4 3
      300 add bid 100 6 4
      400 add bid 100 20 5
      450 execute bid 99 2 1
      500 execute bid 100 6 4
      600 execute bid 100 3 5
      800 delete ask 101 9 2
      810 add ask 102 3 6`,
    // At 450 an execution at 99 prints through us, at 100: 2 x 0. At 600 one from behind: 3 x 0. 5 left at 101: 5.
    fills: `
      A 450 2@100 maker through
      A 600 3@100 maker behind`,
    endMark: 101,
    bps: { A: 50 }
  },
  {
    title: 'an order that follows the touch goes back when the better price is gone: prints there are no longer its own',
    execution: { ...REST, tactic: 'peg', repriceTicks: 1 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 5 1
      20 add ask 101 9 2
      30 add bid 98 4 3
      200 add bid 100 5 4
      250 add bid 100 3 5
      300 execute bid 100 5 4
      400 execute bid 100 3 5
      500 execute-hidden bid 100 4 -
      600 execute bid 99 2 1
      700 delete ask 101 9 2
      710 add ask 104 9 6`,
    // 3 x 0 at 400, which empties the level; 7 left at 101.5: 10.5.
    fills: 'A 400 3@100 maker behind',
    endMark: 101.5,
    bps: { A: 105 }
  },
  {
    title: 'passive, then take: what has not filled by half-time is cancelled and crosses, the last lot after a pause',
    // One slice of 1000 ns: half-time at 600, a pause is 125 ns.
    execution: { ...TAKE, tactic: 'passive-then-take', sliceNs: 1000 },
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 2 1
      20 add ask 101 4 2
      30 add ask 102 9 3
      200 add bid 99 20 4
      300 execute bid 99 2 1
      400 execute bid 99 3 4
      500 add ask 101 2 5
      650 execute bid 99 5 4
      700 add ask 101 8 6
      800 execute bid 99 5 4`,
    // 3 x -1 + 6 x 1 + 1 x 1 = 4.
    fills: `
      A 400 3@99 maker behind
      A 600 6@101 taker take
      A 725 1@101 taker take`,
    endMark: 100,
    bps: { A: 40 }
  },
  {
    title: "an order rests at its mandate's limit, below the touch",
    execution: REST,
    parents: 'A buy 10 100 1100 98',
    rows: `
      10 add bid 99 5 1
      20 add bid 98 7 2
      30 add ask 101 9 3
      40 add bid 96 9 4
      200 add bid 98 30 5
      300 execute bid 99 5 1
      400 execute bid 98 7 2
      500 execute bid 98 6 5
      600 delete bid 98 24 5
      700 trade bid 96 4 -`,
    // 10 x -2.
    fills: `
      A 500 6@98 maker behind
      A 700 4@98 maker hidden`,
    endMark: 98.5,
    bps: { A: -200 }
  },
  {
    title: 'a halt while we rest: what prints in it is not ours',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 2 1
      20 add ask 101 9 2
      200 add bid 99 30 3
      250 execute bid 99 2 1
      300 halt
      310 execute bid 99 5 3
      320 trade bid 98 5 -
      400 resume
      500 execute bid 99 4 3
      700 delete ask 101 9 2
      710 add ask 103 3 4`,
    // 4 x -1; 6 left at 101: 6. Together 2.
    fills: 'A 500 4@99 maker behind',
    endMark: 101,
    bps: { A: 20 }
  },
  {
    title: 'a book that is crossed while we rest: the order that crosses it meets us, later rows do not until it is open again',
    execution: REST,
    parents: ONE_PARENT,
    rows: `
      10 add bid 99 2 1
      20 add ask 101 9 2
      30 add bid 97 6 3
      200 add bid 99 30 4
      300 add ask 98 4 5
      400 execute bid 99 5 4
      410 trade bid 97 5 -
      500 delete ask 98 4 5
      600 execute bid 99 3 4
      700 add ask 102 1 6`,
    // 7 x -1; 3 left at 100.
    fills: `
      A 300 4@99 maker crossed
      A 600 3@99 maker behind`,
    endMark: 100,
    bps: { A: -70 }
  },
  {
    title: 'two parents rest at one price: the first to join is filled first, and one execution is shared, not doubled',
    execution: REST,
    parents: `
      A buy 10 100 1100
      B buy 10 100 1100`,
    rows: `
      10 add bid 99 2 1
      20 add ask 101 9 2
      30 add bid 98 3 3
      200 add bid 99 40 4
      300 execute bid 99 2 1
      400 execute bid 99 12 4
      500 execute bid 99 3 4
      600 reduce bid 99 2 4
      700 add ask 102 3 5
      1000 reduce bid 98 1 3`,
    // A: 10 x -1. B: 5 x -1; 5 left at 100.
    fills: `
      A 400 10@99 maker behind
      B 400 2@99 maker behind
      B 500 3@99 maker behind`,
    endMark: 100,
    bps: { A: -100, B: -50 }
  },
  {
    title: 'two parents rest at two prices: a print through both serves the better price first',
    execution: REST,
    parents: `
      A buy 10 100 1100 98
      B buy 10 100 1100`,
    rows: `
      10 add bid 99 5 1
      20 add bid 98 5 2
      30 add ask 101 9 3
      40 add bid 96 5 4
      200 trade bid 97 12 -
      300 trade bid 98 3 -
      400 execute-hidden bid 99 7 -
      500 add ask 102 3 5
      600 reduce bid 96 1 4
      700 reduce ask 102 1 5`,
    // B: 10 x -1. A: 5 x -2; 5 left at 100.
    fills: `
      B 200 10@99 maker hidden
      A 200 2@98 maker hidden
      A 300 3@98 maker hidden`,
    endMark: 100,
    bps: { A: -100, B: -100 }
  }
]
