/* Rule tables: takes, joins and changes of resting orders (M4, M5). The format is that of case-runner.ts; sums stand where they are not plain from the table. */
import type { RuleCase } from '../case-runner.ts'

export const takes: readonly RuleCase[] = [
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

export const joins: readonly RuleCase[] = [
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

export const amendments: readonly RuleCase[] = [
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
