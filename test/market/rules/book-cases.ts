/* Rule tables: instants, levels and consumption (M1-M3). The format is that of case-runner.ts; sums stand where they are not plain from the table. */
import type { RuleCase } from '../case-runner.ts'

export const instants: readonly RuleCase[] = [
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

export const levels: readonly RuleCase[] = [
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

export const consumption: readonly RuleCase[] = [
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
