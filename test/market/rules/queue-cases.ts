/* Rule tables: the place in the queue, and when there is no match (M7, M8). The format is that of case-runner.ts; sums stand where they are not plain from the table. */
import type { RuleCase } from '../case-runner.ts'

export const queue: readonly RuleCase[] = [
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

export const phases: readonly RuleCase[] = [
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
