/*
 * Rule tables of tapes by price: trades and queues (M11), and whole fills (M12). The format is that of case-runner.ts; sums stand where they are not
 * plain from the table.
 */
import type { RuleCase } from '../case-runner.ts'

export const tradesByPrice: readonly RuleCase[] = [
  {
    title: 'M11: a trade at the price takes off the queue ahead, then fills what it has left, and leaves the level alone',
    tape: `
      10 level-set bid 100 5 -
      30 trade bid 100 3 -
      40 trade bid 100 4 -`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 2
      30 offered bid 100 -> 5
      40 ahead A -> 0
      40 open A -> 2`,
    events: '2 A 2@100 behind'
  },
  {
    title: 'M11: a trade at a worse price fills what is better, best first, within its lots',
    tape: `
      10 level-set bid 100 5 -
      30 trade bid 99 6 -`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 5
      20 join B bid 101 3 -> 0`,
    events: `
      1 B 3@101 through
      1 A 3@100 through`
  },
  {
    title: 'M11: a trade between two ticks is through for the better one and nothing for the worse',
    tape: `
      10 level-set bid 100 5 -
      30 trade bid 100 6 - between
      40 trade ask 104 6 - between`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 5
      20 join B bid 101 3 -> 0
      20 join C ask 104 2 -> 0
      30 ahead A -> 5`,
    events: `
      1 B 3@101 through
      2 C 2@104 through`
  },
  {
    title: 'M11: a better best of the other side that reaches an own order fills it, up to what rose there',
    tape: `
      10 level-set ask 103 5 -
      30 level-set ask 101 2 -
      31 level-set ask 101 3 -`,
    byPrice: true,
    script: `
      20 join A bid 101 4 -> 0
      30 open A -> 2
      30 phase -> open`,
    events: `
      1 A 2@101 crossed
      2 A 1@101 crossed`
  },
  {
    title: 'M11: while halted a trade fills nothing, and the queue goes on',
    tape: `
      10 level-set bid 100 5 -
      20 halt
      30 trade bid 100 4 -
      31 trade bid 99 4 -
      40 resume
      50 trade bid 100 3 -`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 5
      31 ahead A -> 1`,
    events: '5 A 2@100 behind'
  },
  {
    title: 'M11: each own order has its own queue ahead, but one trade has its lots once',
    // 6 lots: A has 1 ahead and gets 5 of them; B had 3 ahead, 3 left over, all of them given.
    tape: `
      10 level-set bid 100 1 -
      21 level-set bid 100 3 -
      30 trade bid 100 6 -`,
    byPrice: true,
    script: `
      20 join A bid 100 9 -> 1
      22 join B bid 100 9 -> 3
      30 open A -> 4
      30 open B -> 9`,
    events: '2 A 5@100 behind'
  }
]

export const queuesByPrice: readonly RuleCase[] = [
  {
    title: 'M11: risk-averse moves up by trades and the new total only',
    tape: `
      10 level-set bid 100 10 -
      30 level-set bid 100 20 -
      40 level-set bid 100 12 -
      50 level-set bid 100 7 -
      60 trade bid 100 3 -
      70 level-set bid 100 4 -`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 10
      30 ahead A -> 10
      40 ahead A -> 10
      50 ahead A -> 7
      60 ahead A -> 4
      70 ahead A -> 4`,
    events: ''
  },
  {
    title: 'M11: proportional splits a decrease by what is ahead and behind',
    // 10 ahead, 10 behind; 8 cancelled: 4 of them ahead.
    tape: `
      10 level-set bid 100 10 -
      30 level-set bid 100 20 -
      40 level-set bid 100 12 -`,
    byPrice: true,
    matching: { queue: { model: 'proportional' } },
    script: `
      20 join A bid 100 4 -> 10
      30 ahead A -> 10
      40 ahead A -> 6`,
    events: ''
  },
  {
    title: 'M11: of a decrease what was traded since the level was last set is no cancel, and is not counted twice',
    // 10 ahead of 20. 4 trade: 6 ahead. 20 to 12 is 8, 4 of them the trade; 4 cancelled, 6 of 20 ahead: 4 * 6/20 = 1.2, so 4.8.
    tape: `
      10 level-set bid 100 10 -
      30 level-set bid 100 20 -
      40 trade bid 100 4 -
      50 level-set bid 100 12 -
      60 level-set bid 100 12 -`,
    byPrice: true,
    matching: { queue: { model: 'proportional' } },
    script: `
      20 join A bid 100 4 -> 10
      40 ahead A -> 6
      50 ahead A -> 5
      60 ahead A -> 5`,
    events: ''
  },
  {
    title: 'M11: lots ahead have fractions, are told rounded up, and fill by whole lots',
    // As above, 4.8 ahead: a trade of 5 leaves 0.2, no whole lot; nothing is ahead then.
    tape: `
      10 level-set bid 100 10 -
      30 level-set bid 100 20 -
      40 trade bid 100 4 -
      50 level-set bid 100 12 -
      60 trade bid 100 5 -
      70 trade bid 100 1 -`,
    byPrice: true,
    matching: { queue: { model: 'proportional' } },
    script: `
      20 join A bid 100 4 -> 10
      60 ahead A -> 0
      60 open A -> 4`,
    events: '5 A 1@100 behind'
  },
  {
    title: 'M11: what cannot have been behind was ahead',
    // Risk would say 2 of 3 behind (power form 3, exponent 1, as proportional): 9 ahead, 1 behind, 8 gone: 0.8 behind, 7.2 ahead.
    tape: `
      10 level-set bid 100 9 -
      30 level-set bid 100 10 -
      40 level-set bid 100 2 -`,
    byPrice: true,
    matching: { queue: { model: 'power', exponent: 1, form: 3 } },
    script: `
      20 join A bid 100 4 -> 9
      40 ahead A -> 2`,
    events: ''
  },
  {
    title: 'M11: power squares the odds of being behind',
    // 5 ahead, 10 behind: 100 / 125 behind. 5 gone: 1 ahead.
    tape: `
      10 level-set bid 100 5 -
      30 level-set bid 100 15 -
      40 level-set bid 100 10 -`,
    byPrice: true,
    matching: { queue: { model: 'power', exponent: 2, form: 1 } },
    script: `
      20 join A bid 100 4 -> 5
      40 ahead A -> 4`,
    events: ''
  },
  {
    title: 'M11: log of form 2, a lot as its unit',
    // 3 ahead, 12 behind: ln 13 / ln 16 = 0.9251 behind. 10 gone: 0.749 ahead of us, 2.251 left.
    tape: `
      10 level-set bid 100 3 -
      30 level-set bid 100 15 -
      40 level-set bid 100 5 -`,
    byPrice: true,
    matching: { queue: { model: 'log', unitLots: 1, form: 2 } },
    script: `
      20 join A bid 100 4 -> 3
      40 ahead A -> 3`,
    events: ''
  },
  {
    title: 'M11: a clear leaves nothing ahead',
    tape: `
      10 level-set bid 100 5 -
      30 clear
      31 level-set bid 100 7 -
      40 trade bid 100 3 -`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 5
      30 ahead A -> 0
      31 ahead A -> 0`,
    events: '3 A 3@100 behind'
  }
]

export const wholeFills: readonly RuleCase[] = [
  {
    title: 'M12: one lot of a trade through the price fills every order there whole',
    tape: `
      10 level-set bid 100 5 -
      30 trade bid 99 1 -`,
    byPrice: true,
    matching: { fills: 'whole' },
    script: `
      20 join A bid 100 4 -> 5
      20 join B bid 101 3 -> 0`,
    events: `
      1 B 3@101 through
      1 A 4@100 through`
  },
  {
    title: 'M12: a trade that just eats the queue ahead fills nothing, one lot more fills whole',
    tape: `
      10 level-set bid 100 5 -
      30 trade bid 100 5 -
      40 trade bid 100 1 -`,
    byPrice: true,
    matching: { fills: 'whole' },
    script: `
      20 join A bid 100 4 -> 5
      30 open A -> 4`,
    events: '2 A 4@100 behind'
  },
  {
    title: 'M12: what a whole fill consumes of a level that arrived is at most what it offers',
    tape: `
      10 level-set ask 103 5 -
      30 level-set ask 101 2 -`,
    byPrice: true,
    matching: { fills: 'whole' },
    script: `
      20 join A bid 101 4 -> 0
      20 join B bid 102 1 -> 0
      30 offered ask 101 -> 0
      30 offered ask 103 -> 5`,
    events: `
      1 B 1@102 crossed
      1 A 4@101 crossed`
  },
  {
    title: 'M12: orders of a tape by order fill whole as well',
    tape: `
      10 add bid 100 5 #1
      30 add bid 100 3 #2
      40 execute bid 100 1 #2`,
    matching: { fills: 'whole' },
    script: '20 join A bid 100 4 -> 5',
    events: '2 A 4@100 behind'
  }
]
