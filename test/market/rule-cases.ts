/*
 * The market's rules M1-M10 as small tables with expectations derived by hand: any Market must meet them. The format
 * is that of case-runner.ts. A comment gives the sum where it is not plain from the table.
 */
import type { RuleCase } from './case-runner.ts'

export { type RuleCase, runCase } from './case-runner.ts'

const instants: RuleCase[] = [
  {
    title: 'M1: a row of the very instant is in effect, one a nanosecond later is not',
    tape: `
      10 add bid 100 5 #1
      11 add bid 100 2 #2`,
    script: `
      9 offered bid 100 -> 0
      10 offered bid 100 -> 5
      11 offered bid 100 -> 7`,
    events: ''
  },
  {
    title: 'M1: an order due between two rows meets the book of its own instant, not that of the next row',
    tape: `
      10 add ask 101 5 #1
      500 delete ask 101 5 #1
      500 add ask 105 5 #2`,
    script: `
      20 take A buy 101 5 -> 5
      500 take B buy 101 5 -> 0`,
    events: '0 A 5@101 take'
  },
  {
    title: 'M1: of several rows of one instant all are in effect, in the order of the tape',
    tape: `
      10 add ask 101 5 #1
      10 execute ask 101 2 #1
      10 add ask 101 1 #2`,
    script: `
      10 offered ask 101 -> 4
      10 take A buy 101 9 -> 4`,
    events: '2 A 4@101 take'
  },
  {
    title: 'M1: before the first row the book is empty and open',
    tape: '10 add ask 101 5 #1',
    script: `
      5 phase -> open
      5 touch -> - -
      5 touch-at 4 -> - -
      5 take A buy 150 5 -> 0
      5 takeable buy 150 5 -> 0
      5 offered ask 101 -> 0
      5 join B bid 100 3 -> 0
      5 ahead B -> 0`,
    events: ''
  },
  {
    title: 'M1: after the last row its book stays',
    tape: '10 add ask 101 5 #1',
    script: '900 take A buy 101 2 -> 2',
    events: '0 A 2@101 take'
  }
]

const levels: RuleCase[] = [
  {
    title: 'M2: reduce and execute take off the named order, at most its rest',
    // 3 + 4 + 2; reduce 9 of #1 takes its 3; execute 1 of #2 leaves 3.
    tape: `
      10 add bid 100 3 #1
      11 add bid 100 4 #2
      12 add bid 100 2 #3
      20 reduce bid 100 9 #1
      30 execute bid 100 1 #2`,
    script: `
      12 offered bid 100 -> 9
      20 offered bid 100 -> 6
      30 offered bid 100 -> 5`,
    events: ''
  },
  {
    title: 'M2: delete takes all of the named order, whatever its lots say',
    tape: `
      10 add bid 100 5 #1
      11 add bid 100 1 #2
      20 delete bid 100 2 #1`,
    script: '20 offered bid 100 -> 1',
    events: ''
  },
  {
    title: 'M2: a row whose order is not live takes off the anonymous order, at most its rest',
    tape: `
      10 level-set bid 100 5 -
      11 add bid 100 3 #1
      20 delete bid 100 2 #99
      30 reduce bid 100 9 #98`,
    script: `
      11 offered bid 100 -> 8
      20 offered bid 100 -> 6
      30 offered bid 100 -> 3`,
    events: ''
  },
  {
    title: 'M2: a row that names a live order at another price takes off the anonymous order there',
    tape: `
      10 add bid 100 5 #1
      11 level-set bid 99 4 -
      20 reduce bid 99 3 #1`,
    script: `
      20 offered bid 100 -> 5
      20 offered bid 99 -> 1`,
    events: ''
  },
  {
    title: 'M2: an order id used again after its death is a new order',
    tape: `
      10 add bid 100 5 #1
      20 delete bid 100 5 #1
      30 add bid 99 3 #1
      40 reduce bid 99 1 #1
      50 reduce bid 100 1 #1`,
    script: `
      20 offered bid 100 -> 0
      50 offered bid 99 -> 2`,
    events: ''
  },
  {
    title: 'M2: a level-set above the known orders keeps them; the anonymous order becomes the difference',
    // 6 = 2 anonymous + 4 known; the delete takes all 4 known.
    tape: `
      10 level-set bid 100 5 -
      11 add bid 100 4 #1
      20 level-set bid 100 6 -
      30 delete bid 100 1 #1`,
    script: `
      20 offered bid 100 -> 6
      30 offered bid 100 -> 2`,
    events: ''
  },
  {
    title: 'M2: a level-set at the total of the known orders keeps them and empties the anonymous order',
    tape: `
      10 level-set bid 100 5 -
      11 add bid 100 4 #1
      20 level-set bid 100 4 -
      30 delete bid 100 1 #1`,
    script: `
      20 offered bid 100 -> 4
      30 offered bid 100 -> 0`,
    events: ''
  },
  {
    title: 'M2: a level-set below the total of the known orders drops them all; all is anonymous',
    // The delete of #2, no longer live, takes 1 lot off the anonymous order.
    tape: `
      10 add bid 100 4 #1
      11 add bid 100 3 #2
      20 level-set bid 100 6 -
      30 delete bid 100 1 #2`,
    script: `
      20 offered bid 100 -> 6
      30 offered bid 100 -> 5`,
    events: ''
  },
  {
    title: 'M2: clear empties every level of both sides',
    tape: `
      10 add bid 100 4 #1
      11 add bid 99 4 #2
      12 level-set ask 103 4 -
      20 clear`,
    script: `
      12 touch -> 4@100 4@103
      20 touch -> - -
      20 offered bid 99 -> 0
      20 take A buy 150 1 -> 0`,
    events: ''
  },
  {
    title: 'M2: hidden executions, prints, halts and resumes change no level',
    tape: `
      10 add bid 100 4 #1
      20 execute-hidden bid 100 2 -
      21 trade bid 100 2 -
      22 halt
      23 resume`,
    script: `
      23 offered bid 100 -> 4
      23 touch -> 4@100 -`,
    events: ''
  }
]

const consumption: RuleCase[] = [
  {
    title: 'M3: taken liquidity cannot be taken twice',
    tape: '10 add ask 101 5 #1',
    script: `
      20 take A buy 101 3 -> 3
      21 offered ask 101 -> 2
      21 take B buy 101 9 -> 2
      22 takeable buy 150 9 -> 0
      22 take C buy 150 9 -> 0
      22 touch -> - 5@101`,
    events: `
      0 A 3@101 take
      0 B 2@101 take`
  },
  {
    title: 'M3: a level taken empty offers only what history adds to it',
    tape: `
      10 add ask 101 5 #1
      30 add ask 101 4 #2`,
    script: `
      20 take A buy 101 5 -> 5
      30 offered ask 101 -> 4
      30 take B buy 101 9 -> 4`,
    events: `
      0 A 5@101 take
      1 B 4@101 take`
  },
  {
    title: 'M3: a dead order takes its consumption along',
    tape: `
      10 add ask 101 5 #1
      11 add ask 101 4 #2
      30 delete ask 101 5 #1
      40 add ask 101 5 #1`,
    script: `
      20 take A buy 101 5 -> 5
      30 offered ask 101 -> 4
      40 offered ask 101 -> 9`,
    events: '1 A 5@101 take'
  },
  {
    title: 'M3: an order never offers less than nothing, however little of it rests',
    // #1: rest 5, 4 consumed; executed 3: rest 2 < 4 consumed: offers 0, and #2 its 4.
    tape: `
      10 add ask 101 5 #1
      11 add ask 101 4 #2
      30 execute ask 101 3 #1`,
    script: `
      20 take A buy 101 4 -> 4
      20 offered ask 101 -> 5
      30 offered ask 101 -> 4`,
    events: '1 A 4@101 take'
  },
  {
    title: 'M3: history that takes what this world left does not give back what it took',
    // Rest 5, consumed 2, offers 3; reduced by 2: rest 3, offers 1.
    tape: `
      10 add ask 101 5 #1
      30 reduce ask 101 2 #1`,
    script: `
      20 take A buy 101 2 -> 2
      30 take B buy 101 9 -> 1`,
    events: `
      0 A 2@101 take
      1 B 1@101 take`
  },
  {
    title: 'M3: the consumption of an anonymous order is never above its rest after a row',
    // 10, consumed 4; 8 cancelled: rest 2, consumed 2; set to 20: offers 18.
    tape: `
      10 level-set ask 101 10 -
      30 reduce ask 101 8 -
      40 level-set ask 101 20 -`,
    script: `
      20 take A buy 101 4 -> 4
      20 offered ask 101 -> 6
      30 offered ask 101 -> 0
      40 offered ask 101 -> 18`,
    events: '0 A 4@101 take'
  },
  {
    title: 'M3: orders dropped by a level-set pass the lesser of consumption and rest to the anonymous order',
    // 6 taken: #1 5, #2 1. #1 executed 3: rest 2. Known 2 + 4 > 5: anonymous 5, consumed min(5, 2) + min(1, 4) = 3.
    tape: `
      10 add ask 101 5 #1
      11 add ask 101 4 #2
      30 execute ask 101 3 #1
      40 level-set ask 101 5 -`,
    script: `
      20 take A buy 101 6 -> 6
      30 offered ask 101 -> 3
      40 offered ask 101 -> 2`,
    events: '1 A 6@101 take'
  },
  {
    title: 'M3: passed consumption adds to that of the anonymous order and is capped by its rest',
    // Anonymous 2 and #1 4, 5 taken: anonymous 2, #1 3. Set to 3 (< 4): 2 + 3 = 5, capped at 3. Set to 7: offers 7 - 3.
    tape: `
      10 level-set ask 101 2 -
      11 add ask 101 4 #1
      30 level-set ask 101 3 -
      40 level-set ask 101 7 -`,
    script: `
      20 take A buy 101 5 -> 5
      30 offered ask 101 -> 0
      40 offered ask 101 -> 4`,
    events: '1 A 5@101 take'
  },
  {
    title: 'M3: a level-set that keeps the known orders keeps their consumption',
    tape: `
      10 add ask 101 5 #1
      30 level-set ask 101 7 -`,
    script: `
      20 take A buy 101 3 -> 3
      30 offered ask 101 -> 4`,
    events: '0 A 3@101 take'
  },
  {
    title: 'M3: a level that history empties starts anew',
    tape: `
      10 level-set ask 101 5 -
      30 level-set ask 101 0 -
      40 level-set ask 101 5 -
      60 clear
      60 level-set ask 101 6 -`,
    script: `
      20 take A buy 101 5 -> 5
      30 offered ask 101 -> 0
      40 offered ask 101 -> 5
      50 take B buy 101 5 -> 5
      60 offered ask 101 -> 6`,
    events: `
      0 A 5@101 take
      2 B 5@101 take`
  }
]

const takes: RuleCase[] = [
  {
    title: 'M4: a take walks the levels from the best, one fill per level, the last one partial',
    tape: `
      10 add ask 101 3 #1
      11 add ask 101 2 #2
      12 add ask 103 4 #3
      13 add ask 102 1 #4
      14 add ask 105 9 #5`,
    script: `
      20 take A buy 104 9 -> 9
      21 offered ask 103 -> 1`,
    events: `
      4 A 5@101 take
      4 A 1@102 take
      4 A 3@103 take`
  },
  {
    title: 'M4: a take stops at its limit and gives what it got',
    tape: `
      10 add ask 101 3 #1
      11 add ask 103 4 #2
      12 add ask 105 9 #3`,
    script: `
      20 take A buy 104 50 -> 7
      21 take B buy 100 5 -> 0
      22 take C buy 105 5 -> 5`,
    events: `
      2 A 3@101 take
      2 A 4@103 take
      2 C 5@105 take`
  },
  {
    title: 'M4: takeableLots counts what a take would get, up to its bound, and takes nothing',
    tape: `
      10 level-set ask 101 3 -
      11 add ask 103 4 #2
      12 add ask 105 9 #3`,
    script: `
      20 takeable buy 104 100 -> 7
      20 takeable buy 104 5 -> 5
      20 takeable buy 101 5 -> 3
      20 takeable buy 100 5 -> 0
      20 takeable buy 105 100 -> 16
      20 take A buy 101 2 -> 2
      20 takeable buy 104 100 -> 5`,
    events: '2 A 2@101 take'
  },
  {
    title: 'M4: within a level the anonymous order goes first, then known orders by time',
    // 4 taken: anonymous 2, #1 2 of 3. #1 deleted: only its 1 lot goes. Then #2 offers all its 4.
    tape: `
      10 add ask 101 3 #1
      11 add ask 101 4 #2
      12 level-set ask 101 9 -
      30 delete ask 101 3 #1`,
    script: `
      20 take A buy 101 4 -> 4
      20 offered ask 101 -> 5
      30 offered ask 101 -> 4`,
    events: '2 A 4@101 take'
  },
  {
    title: 'M4: own resting orders are passed over',
    tape: '10 add ask 102 3 #1',
    script: `
      20 join A ask 101 5 -> 0
      21 take B buy 102 9 -> 3
      22 open A -> 5`,
    events: '0 B 3@102 take'
  },
  {
    title: 'M4: a level that offers nothing any more gives no fill',
    tape: `
      10 add ask 101 2 #1
      11 add ask 102 2 #2`,
    script: `
      20 take A buy 101 2 -> 2
      21 take B buy 102 1 -> 1`,
    events: `
      1 A 2@101 take
      1 B 1@102 take`
  },
  {
    title: 'M4: a take does not meet its own side',
    tape: '10 add bid 100 5 #1',
    script: `
      20 take A buy 150 5 -> 0
      20 take A sell 100 2 -> 2`,
    events: '0 A 2@100 take'
  }
]

const joins: RuleCase[] = [
  {
    title: 'M5: join is behind what the level offers, less what this world took',
    tape: `
      10 level-set bid 100 2 -
      11 add bid 100 5 #1`,
    script: `
      20 take A sell 100 3 -> 3
      20 join B bid 100 4 -> 4
      20 join C bid 99 4 -> 0`,
    events: '1 A 3@100 take'
  },
  {
    title: 'M5: an order added at the very instant of the join is ahead of it',
    tape: `
      20 add bid 100 5 #1
      21 add bid 100 3 #2`,
    script: `
      20 join A bid 100 4 -> 5
      21 ahead A -> 5`,
    events: ''
  },
  {
    title: 'M5: own orders do not count in what is ahead, nor in what is offered',
    tape: '10 add bid 100 5 #1',
    script: `
      20 join A bid 100 4 -> 5
      20 join B bid 100 2 -> 5
      20 offered bid 100 -> 5
      20 touch -> 5@100 -`,
    events: ''
  },
  {
    title: 'M5: own orders rank by price, then by join',
    // 7 lots print below all: B and C at 100 by join, then A at 99.
    tape: `
      10 add bid 98 1 #1
      30 trade bid 98 7 -`,
    script: `
      20 join A bid 99 4 -> 0
      20 join B bid 100 2 -> 0
      21 join C bid 100 3 -> 0`,
    events: `
      1 B 2@100 hidden
      1 C 3@100 hidden
      1 A 2@99 hidden`
  },
  {
    title: 'M5: a joined order opens with its lots and reports what is left',
    tape: `
      10 add bid 100 5 #1
      30 trade bid 100 3 -`,
    script: `
      20 join A bid 100 4 -> 5
      20 open A -> 4
      30 open A -> 1
      30 open B -> 0`,
    events: '1 A 3@100 hidden'
  }
]

const executions: RuleCase[] = [
  {
    title: 'M6 through: an execution at a worse price fills up to its lots, at the own price',
    tape: `
      10 add bid 100 9 #1
      11 add bid 99 9 #2
      30 execute bid 99 2 #2
      40 execute bid 99 5 #2`,
    script: '20 join A bid 100 3 -> 9',
    events: `
      2 A 2@100 through
      3 A 1@100 through`
  },
  {
    title: 'M6: an execution at a better price leaves the own order alone',
    tape: `
      10 add bid 100 9 #1
      30 execute bid 100 5 #1`,
    script: '20 join A bid 99 3 -> 0',
    events: ''
  },
  {
    title: 'M6: an execution on the other side leaves the own order alone',
    tape: `
      10 add bid 100 1 #1
      11 add ask 103 9 #2
      30 execute ask 103 5 #2`,
    script: '20 join A bid 100 3 -> 1',
    events: ''
  },
  {
    title: 'M6 behind: an execution of an order that joined after ours gives us its lots',
    tape: `
      10 add bid 100 5 #1
      20 add bid 100 6 #2
      30 execute bid 100 5 #1
      40 execute bid 100 3 #2
      50 execute bid 100 3 #2`,
    script: `
      15 join A bid 100 4 -> 5
      30 ahead A -> 0
      40 open A -> 1
      50 open A -> 0`,
    events: `
      3 A 3@100 behind
      4 A 1@100 behind`
  },
  {
    title: 'M6 behind: orders ahead leave in any way, and our turn comes with them',
    tape: `
      10 add bid 100 5 #1
      11 add bid 100 3 #2
      12 add bid 100 2 #3
      20 delete bid 100 5 #1
      21 reduce bid 100 1 #2
      22 execute bid 100 2 #2
      23 delete bid 100 2 #3
      24 add bid 100 2 #4
      25 execute bid 100 2 #4`,
    script: `
      15 join A bid 100 3 -> 10
      20 ahead A -> 5
      21 ahead A -> 4
      22 ahead A -> 2
      23 ahead A -> 0
      24 ahead A -> 0`,
    events: '8 A 2@100 behind'
  },
  {
    title: 'M6 behind: an execution of a younger order counts for us also while older ones rest',
    tape: `
      10 add bid 100 5 #1
      20 add bid 100 6 #2
      30 execute bid 100 2 #2`,
    script: `
      15 join A bid 100 4 -> 5
      30 ahead A -> 5`,
    events: '2 A 2@100 behind'
  },
  {
    title: 'M6 behind: an anonymous execution gives us what the anonymous lots ahead do not explain',
    // Ahead 5: 3 executed are explained; then 4 executed with 2 ahead leave 2.
    tape: `
      10 level-set bid 100 5 -
      30 execute bid 100 3 -
      40 execute bid 100 4 -`,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 2
      40 ahead A -> 0
      40 open A -> 2`,
    events: '2 A 2@100 behind'
  },
  {
    title: 'M6 behind: an execution of an order never seen is anonymous',
    tape: `
      10 add bid 99 5 #1
      30 execute bid 100 3 #77`,
    script: '20 join A bid 100 4 -> 0',
    events: '1 A 3@100 behind'
  },
  {
    title: 'M6 behind: an execution of a known order ahead explains itself, anonymous lots or not',
    tape: `
      10 level-set bid 100 2 -
      11 add bid 100 5 #1
      30 execute bid 100 5 #1`,
    script: `
      20 join A bid 100 4 -> 7
      30 ahead A -> 2`,
    events: ''
  },
  {
    title: 'M6 behind: an order ahead that this world took still explains its execution',
    tape: `
      10 add bid 100 5 #1
      30 execute bid 100 5 #1`,
    script: `
      20 join A bid 100 4 -> 5
      21 take B sell 100 5 -> 5
      21 ahead A -> 0`,
    events: '0 B 5@100 take'
  },
  {
    title: 'M6: the budget is the lots of the row as written, also beyond the rest of its order',
    tape: `
      10 add bid 100 5 #1
      20 add bid 100 2 #2
      30 execute bid 100 6 #2`,
    script: '15 join A bid 100 9 -> 5',
    events: '2 A 6@100 behind'
  },
  {
    title: 'M6: through and behind share one budget, the better price first',
    // 4 lots of an order behind B: A takes 3 through, B has 4 - 3 left.
    tape: `
      10 add bid 99 1 #1
      30 add bid 99 6 #2
      40 execute bid 99 4 #2`,
    script: `
      20 join A bid 100 3 -> 0
      20 join B bid 99 2 -> 1`,
    events: `
      2 A 3@100 through
      2 B 1@99 behind`
  },
  {
    title: 'M6: behind an anonymous order, the own part is what is not explained less what earlier ones got',
    // 7 executed: A 3 through; B: 7 - min(7, 2) = 5, less 3.
    tape: `
      10 level-set bid 99 2 -
      40 execute bid 99 7 -`,
    script: `
      20 join A bid 100 3 -> 0
      20 join B bid 99 5 -> 2`,
    events: `
      1 A 3@100 through
      1 B 2@99 behind`
  },
  {
    title: 'M6 behind: a recorded order between two own ones is behind the first and ahead of the second',
    tape: `
      20 add bid 100 6 #1
      40 execute bid 100 5 #1
      50 execute bid 100 1 #1`,
    script: `
      10 join A bid 100 3 -> 0
      30 join B bid 100 3 -> 6
      40 ahead B -> 1
      50 ahead B -> 0`,
    events: '1 A 3@100 behind'
  },
  {
    title: 'M6 behind: two own orders behind one anonymous order share what it does not explain',
    // Ahead of both 4; 9 executed: 5 unexplained for each, A gets 2, B 5 - 2 = 3.
    tape: `
      10 level-set bid 100 4 -
      30 execute bid 100 9 -`,
    script: `
      20 join A bid 100 2 -> 4
      20 join B bid 100 9 -> 4`,
    events: `
      1 A 2@100 behind
      1 B 3@100 behind`
  },
  {
    title: 'M6: own orders of both sides are served by the rows of their side',
    tape: `
      10 add bid 99 5 #1
      11 add ask 104 5 #2
      30 execute bid 99 2 #1
      40 execute ask 104 1 #2`,
    script: `
      20 join A bid 100 3 -> 0
      20 join B ask 103 3 -> 0`,
    events: `
      2 A 2@100 through
      3 B 1@103 through`
  }
]

const prints: RuleCase[] = [
  {
    title: 'M6 hidden: a hidden execution at our price fills us before it, whatever is ahead',
    tape: `
      10 add bid 100 5 #1
      30 execute-hidden bid 100 2 -`,
    script: `
      20 join A bid 100 3 -> 5
      30 ahead A -> 5`,
    events: '1 A 2@100 hidden'
  },
  {
    title: 'M6 hidden: a print beyond our price fills us, one at a better price does not',
    tape: `
      10 add bid 99 5 #1
      30 execute-hidden bid 101 2 -
      40 execute-hidden bid 99 1 -
      50 trade bid 101 2 -
      60 trade bid 98 1 -`,
    script: '20 join A bid 100 3 -> 0',
    events: `
      2 A 1@100 hidden
      4 A 1@100 hidden`
  },
  {
    title: 'M6 hidden: prints of the other side leave us alone',
    tape: `
      10 add bid 99 5 #1
      30 execute-hidden ask 100 2 -
      40 trade ask 99 2 -`,
    script: '20 join A bid 100 3 -> 0',
    events: ''
  },
  {
    title: 'M6 hidden: a print between ticks fills a bid from the tick above on',
    tape: `
      30 execute-hidden bid 100 9 - between
      40 trade bid 100 9 - between
      50 trade bid 100 1 -`,
    script: `
      20 join A bid 100 3 -> 0
      20 join B bid 101 2 -> 0
      20 join C bid 102 1 -> 0`,
    events: `
      0 C 1@102 hidden
      0 B 2@101 hidden
      2 A 1@100 hidden`
  },
  {
    title: 'M6 hidden: a print between ticks fills an ask from the tick below on',
    tape: `
      30 execute-hidden ask 103 9 - between
      40 trade ask 103 1 - between`,
    script: `
      20 join A ask 104 3 -> 0
      20 join B ask 103 10 -> 0`,
    events: `
      0 B 9@103 hidden
      1 B 1@103 hidden`
  },
  {
    title: 'M6 hidden: several own orders share the lots of one print',
    tape: '30 execute-hidden bid 100 6 -',
    script: `
      20 join A bid 100 3 -> 0
      21 join B bid 101 2 -> 0
      22 join C bid 100 3 -> 0`,
    events: `
      0 B 2@101 hidden
      0 A 3@100 hidden
      0 C 1@100 hidden`
  }
]

const crossings: RuleCase[] = [
  {
    title: 'M6 crossed: an order that would have met us fills us and is consumed',
    tape: `
      10 add bid 100 5 #1
      11 add ask 103 5 #2
      30 add ask 101 6 #3`,
    script: `
      20 join A bid 101 4 -> 0
      30 offered ask 101 -> 2
      30 take B buy 101 9 -> 2
      30 touch -> 5@100 6@101`,
    events: `
      2 A 4@101 crossed
      2 B 2@101 take`
  },
  {
    title: 'M6 crossed: the fill is at our price, also when the order comes below it',
    tape: `
      10 add bid 98 5 #1
      30 add ask 99 3 #2`,
    script: `
      20 join A bid 101 4 -> 0
      30 offered ask 99 -> 0
      30 open A -> 1`,
    events: '1 A 3@101 crossed'
  },
  {
    title: 'M6 crossed: an order that does not reach us, or of our side, fills nothing',
    tape: `
      30 add ask 102 3 #2
      40 add bid 101 3 #3`,
    script: '20 join A bid 101 4 -> 0',
    events: ''
  },
  {
    title: 'M6 crossed: own orders share one arriving order, the better price first',
    // 4 lots: B 3 at 102, A 1 at 101; all of it consumed. The next brings 5: A's last lot, 4 left.
    tape: `
      30 add ask 100 4 #2
      40 add ask 101 5 #3`,
    script: `
      20 join A bid 101 2 -> 0
      20 join B bid 102 3 -> 0
      30 offered ask 100 -> 0
      40 offered ask 101 -> 4`,
    events: `
      0 B 3@102 crossed
      0 A 1@101 crossed
      1 A 1@101 crossed`
  },
  {
    title: 'M6 crossed: only the arriving order is consumed, not what rests at its price',
    // #1 rests 3 at 101 when A joins above it; #2 brings 2: A gets 2, and 3 + 0 are offered. #1 leaves: 0.
    tape: `
      10 add ask 101 3 #1
      30 add ask 101 2 #2
      40 delete ask 101 3 #1`,
    script: `
      20 join A bid 101 4 -> 0
      30 offered ask 101 -> 3
      40 offered ask 101 -> 0`,
    events: '1 A 2@101 crossed'
  },
  {
    title: 'M6 crossed: a level-set that raises a level brings its rise, off the anonymous order',
    tape: `
      10 level-set ask 103 5 -
      30 level-set ask 103 9 -
      40 level-set ask 103 10 -`,
    script: `
      20 join A bid 103 6 -> 0
      30 offered ask 103 -> 5
      40 offered ask 103 -> 5`,
    events: `
      1 A 4@103 crossed
      2 A 1@103 crossed`
  },
  {
    title: 'M6 crossed: the rise above known orders is anonymous, and consumed there',
    // 5 known, set to 8: rise 3. Set to 5: the anonymous order and its consumption are gone. Set to 8 again: rise 3.
    tape: `
      10 add ask 103 5 #1
      30 level-set ask 103 8 -
      40 level-set ask 103 5 -
      50 level-set ask 103 8 -`,
    script: `
      20 join A bid 103 4 -> 0
      30 offered ask 103 -> 5
      40 offered ask 103 -> 5
      50 offered ask 103 -> 7`,
    events: `
      1 A 3@103 crossed
      3 A 1@103 crossed`
  },
  {
    title: 'M6 crossed: a level-set of a new level brings all of it, shared in rank order',
    tape: '30 level-set ask 101 5 -',
    script: `
      20 join A bid 101 4 -> 0
      20 join B bid 102 3 -> 0
      20 join C bid 100 3 -> 0
      30 offered ask 101 -> 0`,
    events: `
      0 B 3@102 crossed
      0 A 2@101 crossed`
  },
  {
    title: 'M6 crossed: a rise stacks on what the world consumed before',
    // 5 anonymous, 4 taken; set to 8: rise 3 to A; consumed 7 of 8.
    tape: `
      10 level-set ask 103 5 -
      30 level-set ask 103 8 -`,
    script: `
      20 take B buy 103 4 -> 4
      20 join A bid 103 9 -> 0
      30 offered ask 103 -> 1`,
    events: `
      0 B 4@103 take
      1 A 3@103 crossed`
  },
  {
    title: 'M6 crossed: a level-set that does not raise the level fills nothing, known orders dropped or not',
    tape: `
      10 add ask 103 5 #1
      30 level-set ask 103 5 -
      40 level-set ask 103 4 -
      50 level-set ask 103 0 -`,
    script: '20 join A bid 103 6 -> 0',
    events: ''
  },
  {
    title: 'M6 crossed: a level-set of our own side fills nothing',
    tape: '30 level-set bid 103 5 -',
    script: '20 join A bid 103 6 -> 0',
    events: ''
  },
  {
    title: 'M6: rows added by an import serve own orders like any other',
    tape: '30 level-set ask 101 5 - added',
    script: '20 join A bid 101 6 -> 0',
    events: '0 A 5@101 crossed'
  },
  {
    title: 'M6: cancels fill nothing, on either side',
    tape: `
      10 add bid 99 5 #1
      11 add ask 102 5 #2
      30 reduce bid 99 1 #1
      31 delete bid 99 4 #1
      32 reduce ask 102 2 #2
      33 delete ask 102 3 #2
      34 delete bid 100 3 -`,
    script: '20 join A bid 100 4 -> 0',
    events: ''
  }
]

const queue: RuleCase[] = [
  {
    title: 'M7: what is taken off the anonymous order comes off what is ahead, cancels and executions alike',
    tape: `
      10 level-set bid 100 5 -
      30 reduce bid 100 2 -
      40 delete bid 100 1 #88
      50 execute bid 100 1 #89`,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 3
      40 ahead A -> 2
      50 ahead A -> 1`,
    events: ''
  },
  {
    title: 'M7: a level-set lowers what is ahead to the new anonymous rest and never raises it',
    tape: `
      10 level-set bid 100 5 -
      30 level-set bid 100 9 -
      40 level-set bid 100 3 -
      50 level-set bid 100 9 -`,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 5
      40 ahead A -> 3
      50 ahead A -> 3`,
    events: ''
  },
  {
    title: 'M7: a cancel counts as ahead of us while anonymous lots are there, whoever joined first',
    // Set to 9 after the join: 5 ahead, 4 behind. 6 cancelled: max(0, 5 - 6) = 0 ahead, 3 rest.
    tape: `
      10 level-set bid 100 5 -
      30 level-set bid 100 9 -
      40 reduce bid 100 6 -
      50 execute bid 100 2 -`,
    script: `
      20 join A bid 100 4 -> 5
      40 ahead A -> 0
      40 offered bid 100 -> 3`,
    events: '3 A 2@100 behind'
  },
  {
    title: 'M7: known orders that joined later are not ahead',
    tape: `
      10 add bid 100 5 #1
      30 add bid 100 3 #2
      40 reduce bid 100 1 #2`,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 5
      35 join B bid 100 4 -> 8
      40 ahead A -> 5
      40 ahead B -> 7`,
    events: ''
  },
  {
    title: 'M7: what this world takes from those ahead is ahead no more',
    tape: `
      10 level-set bid 100 2 -
      11 add bid 100 5 #1`,
    script: `
      20 join A bid 100 4 -> 7
      21 take B sell 100 3 -> 3
      21 ahead A -> 4`,
    events: '1 B 3@100 take'
  },
  {
    title: 'M7: of the anonymous order no more is ahead than it offers',
    // Ahead 8 of 12 when B takes 6: it offers 6. Set to 20: it offers 14, still 8 ahead.
    tape: `
      10 level-set bid 100 8 -
      30 level-set bid 100 12 -
      50 level-set bid 100 20 -`,
    script: `
      20 join A bid 100 4 -> 8
      30 ahead A -> 8
      40 take B sell 100 6 -> 6
      40 ahead A -> 6
      50 ahead A -> 8`,
    events: '1 B 6@100 take'
  },
  {
    title: 'M7: anonymous lots ahead are counted as they rest at join, taken or not',
    // 8 rest, 3 taken: 5 offered. Executed 6: explained by the 8 ahead at join, of which 2 are left.
    tape: `
      10 level-set bid 100 8 -
      30 execute bid 100 6 -
      40 execute bid 100 3 -`,
    script: `
      20 take B sell 100 3 -> 3
      20 join A bid 100 4 -> 5
      30 ahead A -> 0`,
    events: `
      0 B 3@100 take
      2 A 1@100 behind`
  },
  {
    title: 'M7: known orders dropped by a level-set are ahead no more',
    // No anonymous lots at join: min(0, 6) = 0. An anonymous execution is then all ours.
    tape: `
      10 add bid 100 5 #1
      11 add bid 100 4 #2
      30 level-set bid 100 6 -
      40 execute bid 100 2 -`,
    script: `
      20 join A bid 100 4 -> 9
      30 ahead A -> 0
      30 join B bid 100 4 -> 6`,
    events: '3 A 2@100 behind'
  },
  {
    title: 'M7: a clear leaves nothing ahead, and what is seeded after it comes behind',
    tape: `
      10 level-set bid 100 5 -
      11 add bid 100 2 #1
      30 clear
      31 level-set bid 100 7 -
      40 execute bid 100 3 -`,
    script: `
      20 join A bid 100 4 -> 7
      30 ahead A -> 0
      31 ahead A -> 0`,
    events: '4 A 3@100 behind'
  },
  {
    title: 'M7: after lots were taken off the anonymous order, rows of known orders leave it alone',
    tape: `
      10 level-set bid 100 5 -
      30 reduce bid 100 2 -
      31 add bid 100 4 #1
      32 reduce bid 100 1 #1
      33 execute bid 100 1 #1
      34 trade bid 101 2 -
      35 delete bid 100 2 #1`,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 3
      31 ahead A -> 3
      32 ahead A -> 3
      33 ahead A -> 3
      34 ahead A -> 3
      35 ahead A -> 3`,
    events: '4 A 1@100 behind'
  },
  {
    title: 'M7: rows at other prices or of the other side change nothing ahead',
    tape: `
      10 level-set bid 100 5 -
      11 level-set bid 99 5 -
      12 level-set ask 103 5 -
      30 reduce bid 99 2 -
      31 reduce ask 103 2 -
      32 level-set bid 99 1 -`,
    script: `
      20 join A bid 100 4 -> 5
      32 ahead A -> 5`,
    events: ''
  }
]

const phases: RuleCase[] = [
  {
    title: 'M8: while halted neither takes nor rows fill, orders may join, and the queue goes on',
    tape: `
      10 add ask 103 5 #1
      11 level-set bid 100 5 -
      20 halt
      30 execute bid 99 3 -
      31 execute bid 100 2 -
      32 trade bid 99 3 -
      33 add ask 101 3 #2
      40 resume
      50 trade bid 99 1 -`,
    script: `
      15 phase -> open
      20 phase -> halted
      20 take A buy 103 5 -> 0
      20 takeable buy 103 5 -> 0
      20 join B bid 100 4 -> 5
      20 join C bid 101 4 -> 0
      32 ahead B -> 3
      40 phase -> open
      40 take D buy 101 2 -> 2`,
    events: `
      7 D 2@101 take
      8 C 1@101 hidden`
  },
  {
    title: 'M8: in a locked book nothing fills',
    tape: `
      10 add bid 100 5 #1
      11 add ask 100 5 #2
      30 trade bid 99 3 -
      31 execute bid 99 3 -
      32 add ask 99 1 #3`,
    script: `
      20 phase -> crossed
      20 take A buy 103 5 -> 0
      20 takeable buy 103 5 -> 0
      20 join B bid 100 4 -> 5
      32 open B -> 4`,
    events: ''
  },
  {
    title: 'M8: the book is judged before the row: the row that crosses it fills, the row that uncrosses it does not',
    // Row 2 locks recorded bid 100 and ask 100, and meets A. Row 3 meets B in a locked book, which it ends; row 4 is open.
    tape: `
      10 add bid 100 5 #1
      11 add ask 103 5 #2
      30 add ask 100 9 #3
      31 execute bid 100 5 #1
      32 trade bid 100 2 -`,
    script: `
      20 join A bid 102 4 -> 0
      20 join B bid 101 3 -> 0
      30 phase -> crossed
      31 phase -> open`,
    events: `
      2 A 4@102 crossed
      2 B 3@101 crossed`
  },
  {
    title: 'M8: the row that unlocks the book fills nothing, the next one does',
    tape: `
      10 add bid 100 5 #1
      11 add ask 100 9 #2
      31 execute bid 100 5 #1
      32 trade bid 99 2 -`,
    script: '20 join B bid 100 3 -> 5',
    events: '3 B 2@100 hidden'
  },
  {
    title: 'M8: a halt is named before a crossed book',
    tape: `
      10 add bid 101 5 #1
      11 add ask 100 5 #2
      20 halt
      30 delete bid 101 5 #1
      40 resume`,
    script: `
      11 phase -> crossed
      20 phase -> halted
      30 phase -> halted
      40 phase -> open`,
    events: ''
  },
  {
    title: 'M8: own orders do not lock the book',
    tape: '10 add ask 103 5 #1',
    script: `
      20 join A bid 103 2 -> 0
      20 phase -> open
      20 take B buy 103 5 -> 5
      20 phase -> open`,
    events: '0 B 5@103 take'
  },
  {
    title: 'M8: halting twice is halted, one resume ends it',
    tape: `
      10 add ask 103 5 #1
      20 halt
      21 halt
      30 resume
      31 resume`,
    script: `
      21 phase -> halted
      30 phase -> open
      31 phase -> open
      31 take A buy 103 1 -> 1`,
    events: '4 A 1@103 take'
  }
]

const touches: RuleCase[] = [
  {
    title: 'M9: a notice for each row that moves a best price, none for lots alone',
    tape: `
      10 add bid 100 5 #1
      11 add bid 100 5 #2
      12 add bid 99 5 #3
      13 add ask 103 5 #4
      14 add bid 101 5 #5
      15 execute bid 101 5 #5
      16 delete bid 100 5 #1
      17 delete bid 100 5 #2`,
    script: '5 watch on',
    events: `
      0 touch
      3 touch
      4 touch
      5 touch
      7 touch`
  },
  {
    title: 'M9: no notice unless watched, and none for what moved meanwhile',
    tape: `
      10 add bid 100 5 #1
      20 add bid 101 5 #2
      30 add bid 102 5 #3
      40 add bid 103 5 #4`,
    script: `
      15 watch on
      25 watch off
      35 watch on`,
    events: `
      1 touch
      3 touch`
  },
  {
    title: 'M9: each row of one instant gives its own notice, also when the last restores the price',
    tape: `
      10 add bid 100 5 #1
      20 add bid 101 5 #2
      20 delete bid 101 5 #2`,
    script: '15 watch on',
    events: `
      1 touch
      2 touch`
  },
  {
    title: 'M9: the notice comes after the fills of its row',
    tape: `
      10 add bid 99 5 #1
      30 add ask 101 3 #2`,
    script: `
      20 watch on
      20 join A bid 101 2 -> 0`,
    events: `
      1 A 2@101 crossed
      1 touch`
  },
  {
    title: 'M9: own orders and consumption move nothing; a side that empties does',
    tape: `
      10 add bid 99 5 #1
      11 add ask 101 3 #2
      40 clear
      50 clear`,
    script: `
      15 watch on
      20 join A bid 100 2 -> 0
      20 take B buy 101 3 -> 3
      30 touch -> 5@99 3@101`,
    events: `
      1 B 3@101 take
      2 touch`
  },
  {
    title: 'M9: halts, prints and level-sets away from the touch give no notice',
    tape: `
      10 add bid 99 5 #1
      20 halt
      21 resume
      22 trade bid 98 1 -
      23 level-set bid 98 5 -
      24 level-set bid 99 2 -
      25 level-set bid 99 0 -`,
    script: '15 watch on',
    events: '6 touch'
  },
  {
    title: 'M9: a level at price 0 is a level like any other, and its coming and going move the touch',
    tape: `
      10 add bid 0 5 #1
      20 add ask 1 4 #2
      30 execute bid 0 2 #1
      40 delete bid 0 3 #1`,
    script: `
      5 watch on
      15 touch -> 5@0 -
      20 takeable sell 0 9 -> 5
      20 join A bid 0 2 -> 5
      25 touch-at 20 -> 5@0 4@1
      35 offered bid 0 -> 3
      40 touch -> - 4@1`,
    events: `
      0 touch
      1 touch
      3 touch`
  },
  {
    title: 'M10: the touch is the recorded one',
    tape: `
      10 level-set bid 100 2 -
      11 add bid 100 5 #1
      12 add ask 103 3 #2
      13 add ask 104 4 #3`,
    script: `
      9 touch -> - -
      11 touch -> 7@100 -
      20 touch -> 7@100 3@103
      20 join A bid 101 2 -> 0
      20 take B buy 103 3 -> 3
      20 touch -> 7@100 3@103`,
    events: '3 B 3@103 take'
  },
  {
    title: 'M10: a delayed touch is that of its own instant, ties included, while the market goes on',
    tape: `
      10 add bid 100 5 #1
      20 add bid 101 2 #2
      20 add ask 103 4 #3
      30 delete bid 101 2 #2
      40 clear`,
    script: `
      15 touch-at 9 -> - -
      25 touch-at 10 -> 5@100 -
      26 touch -> 2@101 4@103
      35 touch-at 19 -> 5@100 -
      35 touch-at 20 -> 2@101 4@103
      45 touch-at 29 -> 2@101 4@103
      45 touch -> - -
      70 touch-at 39 -> 5@100 4@103
      70 touch-at 70 -> - -`,
    events: ''
  },
  {
    title: 'M10: a delayed touch at the instant itself is the touch',
    tape: `
      10 add bid 100 5 #1
      20 add bid 101 2 #2`,
    script: `
      20 touch-at 20 -> 2@101 -
      20 touch -> 2@101 -`,
    events: ''
  }
]

const amendments: RuleCase[] = [
  {
    title: 'reduceTo keeps the rank',
    tape: `
      10 add bid 100 1 #1
      40 add bid 100 9 #2
      50 execute bid 100 4 #2`,
    script: `
      20 join A bid 100 5 -> 1
      21 join B bid 100 3 -> 1
      30 reduce A 2
      30 open A -> 2
      30 ahead A -> 1`,
    events: `
      2 A 2@100 behind
      2 B 2@100 behind`
  },
  {
    title: 'reduceTo the same lots changes nothing, to 0 removes the order',
    tape: '40 trade bid 100 9 -',
    script: `
      20 join A bid 100 5 -> 0
      20 join B bid 100 5 -> 0
      30 reduce A 0
      30 reduce B 5
      30 open A -> 0`,
    events: '0 B 5@100 hidden'
  },
  {
    title: 'an order that leaves and joins again goes to the back, also behind own orders',
    tape: `
      10 add bid 100 1 #1
      25 add bid 100 4 #2
      40 trade bid 100 4 -`,
    script: `
      20 join A bid 100 3 -> 1
      21 join B bid 100 3 -> 1
      30 leave A
      30 open A -> 0
      30 join A bid 100 3 -> 5`,
    events: `
      2 B 3@100 hidden
      2 A 1@100 hidden`
  },
  {
    title: 'an order that left is filled no more, and its number may join elsewhere',
    tape: `
      10 add bid 100 1 #1
      30 trade bid 99 5 -
      40 trade ask 104 5 -`,
    script: `
      20 join A bid 100 3 -> 1
      21 leave A
      22 join A ask 104 2 -> 0`,
    events: '2 A 2@104 hidden'
  },
  {
    title: 'the number of a filled order is free at once, at any price',
    tape: `
      30 trade bid 100 5 -
      40 trade bid 98 5 -`,
    script: `
      20 join A bid 100 3 -> 0
      30 open A -> 0
      30 join A bid 98 2 -> 0`,
    events: `
      0 A 3@100 hidden
      1 A 2@98 hidden`
  },
  {
    title: 'a take leaves its rest to join at its limit, which may be beyond a level taken empty',
    // 3 of 5 taken at 103; the rest rests at 103 opposite the recorded level. A later seller at 103 meets it.
    tape: `
      10 add ask 103 3 #1
      30 add ask 103 1 #2
      40 execute ask 103 3 #1`,
    script: `
      20 take A buy 103 5 -> 3
      20 join A bid 103 2 -> 0
      30 offered ask 103 -> 0
      40 open A -> 1`,
    events: `
      0 A 3@103 take
      1 A 1@103 crossed`
  }
]

export const RULE_CASES: readonly RuleCase[] = [
  ...instants,
  ...levels,
  ...consumption,
  ...takes,
  ...joins,
  ...executions,
  ...prints,
  ...crossings,
  ...queue,
  ...phases,
  ...touches,
  ...amendments
]
