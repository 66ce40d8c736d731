import { describe, expect, it } from 'vitest'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { type MakeMarket, RULE_CASES, runCase } from './rule-cases.ts'

const MARKETS: readonly { name: string; make: MakeMarket }[] = [
  { name: 'sequential market', make: (tape, matching) => new SequentialMarket(tape, matching) },
  { name: 'timeline market', make: (tape, matching) => new TimelineMarket(buildTimeline(tape), matching) }
]

for (const { name, make } of MARKETS) {
  describe(name, () => {
    for (const ruleCase of RULE_CASES) it(ruleCase.title, () => runCase(make, ruleCase))
  })
}

describe('rule cases', () => {
  it('have titles of their own and name every rule', () => {
    const titles = RULE_CASES.map((one) => one.title)
    expect(new Set(titles).size).toBe(titles.length)
    // M14 and M15 are admission.test.ts's.
    for (const rule of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17]) {
      expect(titles.filter((title) => new RegExp(`^M${rule}\\b`).test(title)).length, `M${rule}`).toBeGreaterThan(1)
    }
  })

  it('fail on a wrong answer, a wrong event and a missing one', () => {
    const [make] = MARKETS.map((market) => market.make)
    const right = { title: '', tape: '10 add ask 101 5 #1', script: '20 take A buy 101 9 -> 5', events: '0 A 5@101 take' }
    runCase(make, right)
    expect(() => runCase(make, { ...right, script: '20 take A buy 101 9 -> 4' })).toThrow()
    expect(() => runCase(make, { ...right, events: '0 A 4@101 take' })).toThrow()
    expect(() => runCase(make, { ...right, events: '' })).toThrow()
  })
})
