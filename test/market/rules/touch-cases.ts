/* Rule tables: the touch, its notices and a delayed feed (M9, M10). The format is that of case-runner.ts; sums stand where they are not plain from the table. */
import type { RuleCase } from '../case-runner.ts'

export const touches: readonly RuleCase[] = [
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
