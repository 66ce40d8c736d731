/* Several venues in a scenario: what each has of its own over the common path, what is named by venue, and the faults, each at its place. */
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { venuePath } from '../../src/path/options.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { parentDraw, parentsOf } from '../../src/scenario/parents.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { PATH_PRESETS } from '../../src/scenario/path-presets.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { VENUE_THROTTLES } from '../../src/scenario/venue-throttles.ts'
import { HEADER } from '../metrics/rows.ts'

const read = (text: string): Scenario => parseScenario(text, { fileName: 'a.yaml' })

/** Venues A, B and C; the second and third with what is given. */
function market(second = '', third = ''): string {
  const venue = (name: string, more: string): string =>
    `    - { name: ${name}, tape: { generate: liquid }${more === '' ? '' : `, ${more}`} }`
  return `market:\n  venues:\n${[venue('A', ''), venue('B', second), venue('C', third)].join('\n')}\n`
}

function faultOf(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return 'no fault'
}

describe('the path of a venue', () => {
  it('is the common one where it says nothing; the desk has the sessions of each', () => {
    const { path } = read(
      `${market()}path: { session: { maxPacingRate: 80kB/s }, sessions: [ { name: orders }, { name: take } ] }\n`
    )
    expect(path.venues).toBeUndefined()
    expect(path.sessions.map(({ name, venue }) => [name, venue])).toEqual([
      ['orders', 0],
      ['take', 0],
      ['orders', 1],
      ['take', 1],
      ['orders', 2],
      ['take', 2]
    ])
    expect(new Set(path.sessions.map((session) => session.maxPacingRateBytesPerSecond))).toEqual(new Set([80_000]))
  })

  it('is changed part by part, and starts from the common one or from a preset', () => {
    const { path } = read(
      `${market(
        'path: { link: { delay: 2ms }, gateway: { throttle: bybit }, session: { newMessage: 300B } }',
        'path: { preset: ideal, acks: { backgroundLoad: 0.5 }, sessions: [ { name: lone } ] }'
      )}path: { link: { returnDelay: 3ms }, gateway: { backgroundLoad: 0.9, throttle: { kind: sliding, limit: 7, window: 1s } } }\n`
    )
    const [a, b, c] = [0, 1, 2].map((venue) => venuePath(path, venue))
    expect(a.link).toMatchObject({ delayNs: 25_000, returnDelayNs: 3e6 })
    expect(a.gateway).toMatchObject({ backgroundLoad: 0.9, throttle: { window: 'sliding', limit: 7 } })
    expect(b.link).toMatchObject({ delayNs: 2e6, returnDelayNs: 3e6 })
    expect(b.gateway.backgroundLoad).toBe(0.9)
    expect(b.gateway.throttle).toMatchObject({ limit: VENUE_THROTTLES.bybit.throttle.limit })
    expect(c).toMatchObject({ link: PATH_PRESETS.ideal.link, gateway: PATH_PRESETS.ideal.gateway, acks: { backgroundLoad: 0.5 } })
    expect(path.sessions.map(({ name, venue, newMessageBytes }) => [name, venue, newMessageBytes])).toEqual([
      ['orders', 0, 200],
      ['orders', 1, 300],
      ['lone', 2, 200]
    ])
  })

  it('of a lone venue is simply the path', () => {
    const own = read('market: { venues: [ { tape: { generate: liquid }, path: { link: { delay: 2ms } } } ] }\n').path
    expect(own).toEqual(read('market: { venues: [ { tape: { generate: liquid } } ] }\npath: { link: { delay: 2ms } }\n').path)
  })

  it('keeps accounts apart: they are by session number, over all venues', () => {
    const sessions = 'sessions: [ { name: x, account: one }, { name: y, account: two } ]'
    const { path } = read(
      `${market(`path: { ${sessions} }`)}path: { gateway: { throttle: { kind: sliding, limit: 5, window: 1s, scope: account } } }\n`
    )
    expect(path.sessions.map(({ name }) => name)).toEqual(['orders', 'x', 'y', 'orders'])
    expect(venuePath(path, 1).gateway.throttle.accounts?.slice(1, 3)).toEqual([0, 1])
  })

  it('is in the JSON Schema', () => {
    const text = JSON.stringify(scenarioJsonSchema())
    expect(text.split('"backgroundLoad"').length).toBeGreaterThan(4)
  })
})

describe('what is named by venue', () => {
  it('clamps, weights and capacities are of the venues that they name', () => {
    const { path, policies } = read(`${market()}clamps:
  - { target: throttle.limit, venue: B, factor: 0.5 }
  - { target: acks.rate, factor: 0.5 }
policies:
  baseline: { execution: { routing: { rule: best-price, weights: { C: 3, A: 1 } } } }
  controlled: { control: { capacityMessagesPerSecond: { B: 10, C: 20 }, throttle: { dwell: 7s } } }
`)
    expect(path.clamps.map(({ target, venue }) => [target, venue])).toEqual([
      ['throttle.limit', 1],
      ['acks.rate', undefined]
    ])
    expect(policies.get('baseline')?.execution.routing).toEqual({ rule: 'best-price', weights: [1, 0, 3], roundLots: 100 })
    const control = policies.get('controlled')?.control
    expect(control?.venues?.map((venue) => [venue.capacityMessagesPerSecond, venue.throttle.dwellNs])).toEqual([
      [100, 7e9],
      [10, 7e9],
      [20, 7e9]
    ])
    // The cap on messages is a share of the path's own capacity.
    expect(control?.venues?.map(({ throttle }) => throttle.controls.messageRateCap.states[2].messageRateMaxPerSecond)).toEqual([
      60, 6, 12
    ])
  })

  const faults: [what: string, text: string, message: string][] = [
    ['a key of the host', market('path: { «host»: { stalls: none } }'), 'market.venues.1.path.host: is not a known key'],
    [
      'a misspelt key',
      market('path: { «gatway»: none }'),
      'market.venues.1.path.gatway: is not a known key; did you mean gateway?'
    ],
    ['a value that cannot be', market('path: { link: { delay: «5» } }'), 'market.venues.1.path.link.delay: "5" has no unit'],
    [
      'a limit that is none',
      market('path: { gateway: { throttle: { limit: «5» } } }'),
      'market.venues.1.path.gateway.throttle.limit: has no effect without a kind of window'
    ],
    ['a name twice', market().replace('name: C', 'name: «B»'), 'market.venues.2.name: "B" is there twice'],
    [
      'a clamp on a venue that is not there',
      `${market()}clamps: [ { target: acks.rate, venue: «D», factor: 0.5 } ]\n`,
      'clamps.0.venue: "D" is not a venue; there is A, B, C'
    ],
    [
      'a clamp of a venue on what all share',
      `${market()}clamps: [ { target: host.faults, venue: «A», factor: 2 } ]\n`,
      'clamps.0.venue: has no meaning for host.faults, which all venues share; leave it out'
    ],
    [
      'a weight for nobody',
      `${market()}policies: { baseline: { execution: { routing: { weights: { D: «1» } } } } }\n`,
      'policies.baseline.execution.routing.weights.D: "D" is not a venue; there is A, B, C'
    ],
    [
      'weights that are all 0',
      `${market()}policies: { baseline: { execution: { routing: { weights: «{ A: 0 }» } } } }\n`,
      'policies.baseline.execution.routing.weights: gives no venue any weight'
    ],
    [
      'a capacity of nobody',
      `${market()}policies: { controlled: { control: { capacityMessagesPerSecond: { D: «1» } } } }\n`,
      'policies.controlled.control.capacityMessagesPerSecond.D: "D" is not a venue'
    ]
  ]
  it.each(faults)('%s is told at its place', (_, text, message) => {
    const before = text.slice(0, text.indexOf('«'))
    const place = `a.yaml:${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}: `
    expect(faultOf(text.replace(/[«»]/g, ''))).toContain(`${place}${message}`)
  })
})

describe('parents that are drawn', () => {
  const scenario = read(`${market()}parents: { count: 40 }\n`)
  const headers = (...symbols: string[]) => symbols.map((symbol) => ({ ...HEADER, openNs: 34_200e9, closeNs: 57_600e9, symbol }))

  it('are of a symbol, and may trade on all venues that quote it', () => {
    const parents = parentsOf(scenario, headers('ONE', 'TWO', 'ONE'), null)(1)
    expect(new Set(parents.map(({ venue, venues }) => JSON.stringify([venue, venues])))).toEqual(
      new Set([JSON.stringify([0, [0, 2]]), JSON.stringify([1, undefined])])
    )
  })

  it('are the same when a symbol that is there gets another venue', () => {
    const places = ({ venue, venues, ...rest }: ReturnType<ReturnType<typeof parentsOf>>[number]) => rest
    const before = parentsOf(scenario, headers('ONE', 'TWO'), null)(1)
    const after = parentsOf(scenario, headers('ONE', 'TWO', 'ONE'), null)(1)
    expect(after.map(places)).toEqual(before.map(places))
    expect(after.map(({ venue }) => venue)).toEqual(before.map(({ venue }) => venue))
    if (scenario.parents.kind !== 'draw') throw new Error('they are drawn')
    expect(parentDraw(scenario.parents.draw, headers('ONE', 'TWO', 'ONE'), null).venues).toEqual([[0, 2], [1]])
  })
})
