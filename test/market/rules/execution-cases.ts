/* Rule tables: executions at and through an own price (M6). The format is that of case-runner.ts; sums stand where they are not plain from the table. */
import type { RuleCase } from '../case-runner.ts'

export const executions: readonly RuleCase[] = [
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
