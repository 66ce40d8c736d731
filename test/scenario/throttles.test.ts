/* A throttle as people write it, and what the model takes. */
import { describe, expect, it } from 'vitest'
import type { ThrottleOptions } from '../../src/path/options.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { THROTTLE_PRESETS } from '../../src/scenario/venue-throttles.ts'

function throttleOf(yaml: string, sessions = ''): ThrottleOptions {
  const text = `market: { venues: [ { tape: { generate: liquid } } ] }\npath:\n${sessions}  gateway: { throttle: ${yaml} }\n`
  const throttle = parseScenario(text, { fileName: 'a.yaml', edits: [] }).policies.get('baseline')?.path.gateway.throttle
  if (throttle === undefined) throw new Error('a scenario has a baseline')
  return throttle
}

describe('a throttle in a scenario', () => {
  it('may be written out in full', () => {
    expect(
      throttleOf(
        '{ kind: leaky-credits, limit: 125, refill: 234, window: 100s, overLimit: disconnect, disconnectLimit: 200, countsRejects: true, ' +
          'relogon: 15s, cancelOnDisconnect: true, cancelOnDisconnectDelay: 2ms, cancelOnDisconnectShare: 0.9, cancels: never-refused, ' +
          'weights: { cancel: 0 }, ageWeights: [ { under: 5s, replace: 3, cancel: 8 }, { under: 10s, cancel: 6 } ], scope: account }'
      )
    ).toEqual({
      ...THROTTLE_PRESETS.none,
      window: 'leaky-credits',
      limit: 125,
      refill: 234,
      windowNs: 100e9,
      overLimit: 'disconnect',
      disconnectLimit: 200,
      countsRejects: true,
      relogonNs: 15e9,
      cancelOnDisconnect: true,
      cancelOnDisconnectDelayNs: 2e6,
      cancelOnDisconnectShare: 0.9,
      cancels: 'never-refused',
      weights: { new: 1, replace: 1, cancel: 0 },
      ageWeights: { underNs: [5e9, 10e9], replace: [3, 0], cancel: [8, 6] },
      scope: 'account'
    })
  })

  it('is a venue by name, or one that is changed', () => {
    expect(throttleOf('cme-ilink')).toEqual(THROTTLE_PRESETS['cme-ilink'])
    expect(throttleOf('{ preset: cme-ilink, relogon: 3s }')).toEqual({ ...THROTTLE_PRESETS['cme-ilink'], relogonNs: 3e9 })
  })

  it('has limits beside it, by name or written out, their own ones with them', () => {
    const { also, ...main } = throttleOf('{ preset: cme-ilink, also: [ cme-msgw, { kind: sliding, limit: 9 }, binance-spot ] }')
    expect(main).toEqual(THROTTLE_PRESETS['cme-ilink'])
    const { also: beside, ...binance } = THROTTLE_PRESETS['binance-spot']
    expect(also).toEqual([
      THROTTLE_PRESETS['cme-msgw'],
      { ...THROTTLE_PRESETS.none, window: 'sliding', limit: 9 },
      binance,
      ...(beside ?? [])
    ])
  })

  it('knows which sessions are of one account', () => {
    const sessions = '  sessions: [ { name: a, account: x }, { name: b, account: y }, { name: c, account: x } ]\n'
    expect(throttleOf('okx', sessions).accounts).toEqual([0, 1, 0])
    expect(throttleOf('bybit', sessions).also?.map(({ accounts }) => accounts)).toEqual(Array(3).fill([0, 1, 0]))
    expect(throttleOf('okx', '  sessions: [ { name: a }, { name: b } ]\n').accounts).toBeUndefined()
  })

  it.each([
    [
      '{ preset: cme-ilink, limit: 3000 }',
      'a disconnect limit of 2250 cannot be; give a whole number of at least the first limit, 3000'
    ],
    ['{ kind: leaky-credits, limit: 3, weights: { new: 4 } }', 'a pool of 3 never holds enough for a message of weight 4'],
    [
      '{ kind: sliding, limit: 3, also: [ { kind: sliding, limit: 9, overLimit: queue } ] }',
      'a limit beside another cannot queue; only the first one can'
    ],
    ['{ preset: cme-msgw, also: [ cme-msgw ] }', 'a gateway has at most one in-flight limit'],
    [
      '{ kind: sliding, limit: 3, ageWeights: [ { under: 5s }, { under: 5s } ] }',
      'weights by age go back in age; sort them by age'
    ]
  ])('%s is a fault at its place', (yaml, message) => {
    expect(() => throttleOf(yaml)).toThrow(`a.yaml:3:24: path.gateway.throttle: ${message}`)
  })

  it.each([
    [
      '{ kind: sliding, limit: 3, also: [ { limit: 9 } ] }',
      'path.gateway.throttle.also.0.limit: has no effect without a kind of window'
    ],
    ['{ kind: sliding, limit: 3, also: [ { kind: sliding } ] }', 'path.gateway.throttle.also.0: has no limit'],
    [
      '{ kind: sliding, limit: 3, weights: { news: 2 } }',
      'path.gateway.throttle.weights.news: is not a known key; did you mean new?'
    ],
    ['{ kind: sliding, limit: 3, also: [ cmee-ilink ] }', 'did you mean cme-ilink?']
  ])('%s is a fault that names the part', (yaml, message) => {
    expect(() => throttleOf(yaml)).toThrow(message)
  })
})
