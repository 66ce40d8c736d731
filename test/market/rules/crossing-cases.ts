/* Rule tables: prints of hidden orders and orders that cross (M6). The format is that of case-runner.ts; sums stand where they are not plain from the table. */
import type { RuleCase } from '../case-runner.ts'

export const prints: readonly RuleCase[] = [
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

export const crossings: readonly RuleCase[] = [
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
