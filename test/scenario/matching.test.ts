import { describe, expect, it } from 'vitest'
import { type MatchingOptions, PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { parseScenario } from '../../src/scenario/parse.ts'

const scenario = (matching: string): string =>
  `market:\n  venues:\n    - tape: { generate: liquid }\n      matching: ${matching}\n`

const resolved = (matching: string): MatchingOptions =>
  parseScenario(scenario(matching), { fileName: 'm.yaml' }).market.venues[0].matching

describe('how a venue matches', () => {
  it('is plain where nothing is said', () => {
    expect(resolved('{}')).toEqual(PLAIN_MATCHING)
    expect(PLAIN_MATCHING).toMatchObject({ fills: 'partial', selfMatch: 'allowed', collar: null, halted: 'rests', impact: null })
  })

  it('takes a queue model by name, or with its parameters', () => {
    expect(resolved('{ queue: proportional }').queue).toEqual({ model: 'proportional' })
    expect(resolved('{ queue: power }').queue).toEqual({ model: 'power', exponent: 2, form: 1 })
    expect(resolved('{ queue: { model: power, exponent: 3, form: 3 } }').queue).toEqual({ model: 'power', exponent: 3, form: 3 })
    expect(resolved('{ queue: { model: log, unitLots: 1000 } }').queue).toEqual({ model: 'log', unitLots: 1000, form: 1 })
  })

  it('takes every other option in people\u2019s units', () => {
    const text =
      '{ fills: whole, selfMatch: cancel-oldest, halted: refused, collar: { bps: 50, beyond: limited }, impact: { halfLife: 1.5s } }'
    expect(resolved(text)).toEqual({
      ...PLAIN_MATCHING,
      fills: 'whole',
      selfMatch: 'cancel-oldest',
      halted: 'refused',
      collar: { widthTicks: 0, widthBps: 50, beyond: 'limited' },
      impact: { halfLifeNs: 1.5e9, displacement: 0 }
    })
    expect(resolved('{ collar: { ticks: 7 }, impact: { halfLife: 1ms, displacement: 0.5 } }')).toMatchObject({
      collar: { widthTicks: 7, widthBps: 0, beyond: 'refused' },
      impact: { halfLifeNs: 1e6, displacement: 0.5 }
    })
    expect(resolved('{ collar: none, impact: none }')).toEqual(PLAIN_MATCHING)
  })

  it.each([
    ['{ fills: all }', 'm.yaml:4:26: market.venues.0.matching.fills'],
    ['{ queue: fifo }', 'm.yaml:4:26: market.venues.0.matching.queue'],
    ['{ queue: { model: power, exponent: 0 } }', 'm.yaml:4:52: market.venues.0.matching.queue.exponent'],
    ['{ queue: { model: log, form: 3 } }', 'm.yaml:4:46: market.venues.0.matching.queue.form'],
    ['{ collar: { beyond: limited } }', 'm.yaml:4:27: market.venues.0.matching.collar: has no width; give ticks, bps or both'],
    ['{ impact: { displacement: 2 } }', 'm.yaml:4:27: market.venues.0.matching.impact'],
    ['{ selfMatching: allowed }', 'm.yaml:4:19: market.venues.0.matching.selfMatching']
  ])('%s is a fault at its place', (matching, message) => {
    expect(() => resolved(matching)).toThrow(message)
  })
})
