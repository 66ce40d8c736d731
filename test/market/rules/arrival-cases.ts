/* Rule tables: own orders that meet own orders (M13), impact (M16), auctions (M17). The format is that of case-runner.ts. */
import type { RuleCase } from '../case-runner.ts'

const OWN_AMONG_OTHERS = `
  10 add ask 101 2 #1
  11 add ask 102 3 #2
  21 add ask 102 4 #3
  22 add ask 103 5 #4`

export const selfMatches: readonly RuleCase[] = [
  {
    title: 'M13: allowed, an own resting order is passed over',
    tape: OWN_AMONG_OTHERS,
    script: `
      20 join A ask 102 6 -> 3
      30 meets buy 103 -> no
      30 take B buy 103 20 -> 14
      30 stopped -> no
      30 open A -> 6`,
    events: `
      3 B 2@101 take
      3 B 7@102 take
      3 B 5@103 take`
  },
  {
    title: 'M13: cancel-newest takes what is better and what is ahead, then stops',
    tape: OWN_AMONG_OTHERS,
    matching: { selfMatch: 'cancel-newest' },
    script: `
      20 join A ask 102 6 -> 3
      30 meets buy 103 -> yes
      30 meets buy 101 -> no
      30 takeable buy 103 20 -> 5
      30 take B buy 103 20 -> 5
      30 stopped -> yes
      30 open A -> 6
      31 takeable buy 103 20 -> 0`,
    events: `
      3 B 2@101 take
      3 B 3@102 take`
  },
  {
    title: 'M13: an order that is done before it meets an own one is not stopped',
    tape: OWN_AMONG_OTHERS,
    matching: { selfMatch: 'cancel-newest' },
    script: `
      20 join A ask 102 6 -> 3
      30 take B buy 103 5 -> 5
      30 stopped -> no`,
    events: `
      3 B 2@101 take
      3 B 3@102 take`
  },
  {
    title: 'M13: cancel-oldest cancels every own order on the way and goes on at the same price',
    tape: OWN_AMONG_OTHERS,
    matching: { selfMatch: 'cancel-oldest' },
    script: `
      20 join A ask 102 6 -> 3
      23 join C ask 103 1 -> 5
      30 takeable buy 103 20 -> 14
      30 take B buy 103 20 -> 14
      30 stopped -> no
      30 open A -> 0
      30 open C -> 0`,
    events: `
      3 B 2@101 take
      3 B 3@102 take
      A self-matched
      3 B 4@102 take
      3 B 5@103 take
      C self-matched`
  },
  {
    title: 'M13: cancel-both cancels the resting one and stops',
    tape: OWN_AMONG_OTHERS,
    matching: { selfMatch: 'cancel-both' },
    script: `
      20 join A ask 102 6 -> 3
      30 take B buy 103 20 -> 5
      30 stopped -> yes
      30 open A -> 0
      31 take B buy 103 20 -> 9
      31 stopped -> no`,
    events: `
      3 B 2@101 take
      3 B 3@102 take
      A self-matched
      3 B 4@102 take
      3 B 5@103 take`
  },
  {
    title: 'M13: an own order alone between the levels is met before the worse one, or behind the last',
    tape: '10 add ask 103 5 #1',
    matching: { selfMatch: 'cancel-newest' },
    script: `
      20 join A ask 102 6 -> 0
      30 take B buy 103 9 -> 0
      30 stopped -> yes
      40 leave A
      40 join A ask 104 6 -> 0
      50 take B buy 104 9 -> 5
      50 stopped -> yes
      60 take B buy 103 9 -> 0
      60 stopped -> no`,
    events: '0 B 5@103 take'
  },
  {
    title: 'M13: while nothing matches, nobody meets',
    tape: `
      10 add ask 103 5 #1
      15 halt`,
    matching: { selfMatch: 'cancel-both' },
    script: `
      20 join A ask 102 6 -> 0
      30 meets buy 103 -> no
      30 take B buy 103 9 -> 0
      30 stopped -> no
      30 open A -> 6`,
    events: ''
  }
]

export const impacts: readonly RuleCase[] = [
  {
    title: 'M16: of what was taken half is back after a half-life, three quarters after two',
    tape: `
      10 level-set ask 101 4 -
      11 add ask 101 4 #1`,
    matching: { impact: { halfLifeNs: 100, displacement: 0 } },
    script: `
      20 take A buy 101 8 -> 8
      20 offered ask 101 -> 0
      120 offered ask 101 -> 4
      220 offered ask 101 -> 6
      1020 offered ask 101 -> 8`,
    events: '1 A 8@101 take'
  },
  {
    title: 'M16: what is taken again starts a half-life of all that is missing',
    // 8 taken; 4 missing at 120, 4 more taken: 8 missing then, 4 at 220.
    tape: '10 level-set ask 101 8 -',
    matching: { impact: { halfLifeNs: 100, displacement: 0 } },
    script: `
      20 take A buy 101 8 -> 8
      120 take A buy 101 9 -> 4
      220 offered ask 101 -> 4`,
    events: `
      0 A 8@101 take
      0 A 4@101 take`
  },
  {
    title: 'M16: a level that falls below what is missing cuts that, and half of the rest comes back',
    // 8 of 9 missing; set to 4: all 4 missing from 20 on; at 120 two.
    tape: `
      10 level-set ask 101 9 -
      20 level-set ask 101 4 -`,
    matching: { impact: { halfLifeNs: 100, displacement: 0 } },
    script: `
      15 take A buy 101 8 -> 8
      20 offered ask 101 -> 0
      120 offered ask 101 -> 2`,
    events: '0 A 8@101 take'
  },
  {
    title: 'M16: a take of 3 withdraws 4 more at one and a half lots per lot, from the best levels left',
    tape: `
      10 level-set ask 101 5 -
      11 level-set ask 102 5 -
      12 level-set bid 99 5 -`,
    matching: { impact: { halfLifeNs: 100, displacement: 1.5 } },
    script: `
      20 take A buy 101 3 -> 3
      20 offered ask 101 -> 0
      20 offered ask 102 -> 3
      20 offered bid 99 -> 5
      120 offered ask 101 -> 2
      120 offered ask 102 -> 4
      1020 offered ask 101 -> 5`,
    events: '2 A 3@101 take'
  }
]

export const auctions: readonly RuleCase[] = [
  {
    title: 'M17: a cross fills nobody and changes no level',
    tape: `
      10 add bid 100 5 #1
      11 add ask 102 5 #2
      30 cross bid 100 900 -
      31 cross ask 90 900 -`,
    script: `
      20 join A bid 100 4 -> 5
      31 ahead A -> 5
      31 touch -> 5@100 5@102`,
    events: ''
  },
  {
    title: 'M17: of a tape by price too, in a halt or not',
    tape: `
      10 level-set bid 100 5 -
      25 halt
      30 cross bid 99 900 -
      40 resume
      41 cross bid 99 900 -`,
    byPrice: true,
    script: `
      20 join A bid 100 4 -> 5
      41 ahead A -> 5
      41 open A -> 4`,
    events: ''
  }
]
