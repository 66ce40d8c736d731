import { describe, expect, it } from 'vitest'
import { CONTROL_OFF, CONTROL_ON, controlFor } from '../../src/control/presets.ts'
import { LIQUID } from '../../src/market/generator-presets.ts'
import { PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { BASELINE, CONTROLLED } from '../../src/policy/presets.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

const MARKET = 'market: { venues: [ { tape: { generate: liquid } } ] }\n'

const resolved = (text = ''): Scenario => parseScenario(MARKET + text, { fileName: 'dir/plain.yaml' })
const AT_ONCE = { law: 'constant', valueNs: 0 }

describe('a scenario that gives nothing but a market', () => {
  const plain = resolved()

  it('is valid, and named after its file', () => {
    expect(plain).toMatchObject({ name: 'plain', title: 'plain', seed: 1 })
    expect(plain.market.venues).toEqual([
      { name: LIQUID.venue, tape: { kind: 'generate', options: LIQUID, seed: 1 }, matching: PLAIN_MATCHING }
    ])
  })

  it('has the two policies, which differ in controllers and backoff', () => {
    expect([...plain.policies.keys()]).toEqual(['baseline', 'controlled'])
    const baseline = plain.policies.get('baseline')
    const controlled = plain.policies.get('controlled')
    expect(baseline).toMatchObject({ execution: BASELINE, control: CONTROL_OFF })
    expect(controlled).toMatchObject({ execution: CONTROLLED, control: CONTROL_ON })
    expect(baseline?.path.retry.backoff).toBe('immediate')
    expect(controlled?.path.retry.backoff).toBe('exponential')
    expect({ ...controlled?.path, retry: 0 }).toEqual({ ...baseline?.path, retry: 0 })
  })
})

describe('people write, the model takes', () => {
  it('rules of orders in flight: those of a venue by name, and any of them over it', () => {
    const plain = { inFlightMitigation: true, tooLate: 'rejected', whilePending: 'served', sizeDownKeepsPriority: true }
    expect(resolved().path.orders).toEqual(plain)
    expect(resolved('path: { orders: cme-ilink }').path.orders).toEqual({ ...plain, inFlightMitigation: false })
    const { orders } = resolved('path: { orders: { preset: cme-ilink, tooLate: silent, whilePending: replaces-refused } }').path
    expect(orders).toEqual({ ...plain, inFlightMitigation: false, tooLate: 'silent', whilePending: 'replaces-refused' })
  })

  it('units become integers of the model', () => {
    const { path, parents } = resolved(`
parents: { count: 3, quantityLots: [ 100, 900 ], horizon: [ 90s, 5m ], window: { start: "09:45", end: 10:30 } }
path:
  host: { timerService: 1.5us }
  session: { maxPacingRate: 2mbit, header: 42B, rtt: 60us }
  qdisc: { kind: fq, initialQuantum: 3KiB, timerSlack: 10us }
`)
    expect(path.host.timerServiceNs).toBe(1500)
    expect(path.sessions).toHaveLength(1)
    expect(path.sessions[0]).toMatchObject({ maxPacingRateBytesPerSecond: 250_000, headerBytes: 42, rttNs: 60_000 })
    expect(path.qdisc).toMatchObject({ kind: 'fq', initialQuantum: 3072, timerSlackNs: 10_000, quantum: 3028 })
    expect(parents).toEqual({
      kind: 'draw',
      draw: {
        count: 3,
        quantityLotsMin: 100,
        quantityLotsMax: 900,
        roundLots: 100,
        horizonNsMin: 90e9,
        horizonNsMax: 300e9,
        sides: 'both',
        windowStartNs: (9 * 60 + 45) * 60e9,
        windowEndNs: (10 * 60 + 30) * 60e9
      }
    })
  })

  it('tc and byte notations of one rate are one rate', () => {
    const rate = (text: string): number =>
      resolved(`path: { session: { maxPacingRate: ${text} } }\n`).path.sessions[0].maxPacingRateBytesPerSecond
    expect([rate('1600kbit'), rate('200kB/s'), rate('200kbps'), rate('none')]).toEqual([200_000, 200_000, 200_000, Infinity])
  })

  it('every session has what `session` says, and its own over it', () => {
    const { sessions } = resolved(
      'path: { session: { transport: tcp }, sessions: [ { name: a }, { name: b, transport: udp } ] }\n'
    ).path
    expect(sessions.map(({ name, transport }) => [name, transport])).toEqual([
      ['a', 'tcp'],
      ['b', 'udp']
    ])
  })

  it('clamps have the shapes of the path', () => {
    const { clamps } = resolved(`
clamps:
  - { target: throttle.limit, factor: 0.5, from: 09:30, to: 10:00 }
  - { target: host.faults, ramp: [ 1, 4 ], from: 09:30, to: 10:00 }
  - { target: link.delay, pulse: { factor: 3, period: 10s, on: 1s } }
  - { target: acks.rate, curve: [ { at: 09:30, factor: 1 }, { at: 09:31, factor: 0.1 } ] }
`).path
    const open = 34_200e9
    expect(clamps.map(({ shape }) => shape)).toEqual([
      { shape: 'step', factor: 0.5 },
      { shape: 'ramp', from: 1, to: 4 },
      { shape: 'pulse', factor: 3, periodNs: 10e9, onNs: 1e9 },
      { shape: 'curve', atNs: [open, open + 60e9], factors: [1, 0.1] }
    ])
    expect(clamps[0]).toMatchObject({ startNs: open, endNs: 36_000e9 })
  })

  it("a policy changes its own host's socket and retry, and nobody else's", () => {
    const { policies, path } = resolved('policies: { controlled: { session: { maxPacingRate: 1mbit }, retry: none } }\n')
    expect(policies.get('controlled')?.path.sessions[0].maxPacingRateBytesPerSecond).toBe(125_000)
    expect(policies.get('controlled')?.path.retry.attemptCountMax).toBe(1)
    expect(policies.get('baseline')?.path).toEqual(path)
  })

  it('a policy of a new name starts from the preset that it names', () => {
    const { policies } = resolved('policies: { hasty: { execution: { slice: 2s } }, careful: { preset: controlled } }\n')
    expect(policies.get('hasty')).toMatchObject({ execution: { ...BASELINE, sliceNs: 2e9 }, control: CONTROL_OFF })
    expect(policies.get('careful')).toMatchObject({ control: CONTROL_ON })
  })

  it('thresholds and directives of controllers are set by name, with units', () => {
    const control = resolved(`
policies:
  controlled:
    control:
      capacityMessagesPerSecond: 40
      transport: { dispatchToWireP95: { enter: 90ms }, controls: { jitter: { states: { 1: { jitterMax: 2ms } } }, branchModel: off } }
      cancel: { enabled: false }
`).policies.get('controlled')?.control
    const on = controlFor(40)
    expect(control?.transport.dispatchToWireP95Ns).toEqual({ enter: 90_000_000, exit: on.transport.dispatchToWireP95Ns.exit })
    expect(control?.transport.controls).toEqual({
      ...on.transport.controls,
      jitter: { enabled: true, states: [{ jitterNsMax: 0 }, { jitterNsMax: 2_000_000 }] },
      branchModel: { ...on.transport.controls.branchModel, enabled: false }
    })
    expect(control?.cancel).toEqual({ ...on.cancel, enabled: false })
    expect(control?.throttle).toEqual(on.throttle)
  })

  it('a threshold of none switches its feature off', () => {
    const text =
      'policies: { controlled: { control: { cancel: { cancelAckLatencyP90: { enter: none }, staleFillRatio: { enter: none } } } } }\n'
    const cancel = resolved(text).policies.get('controlled')?.control.cancel
    expect([cancel?.cancelAckLatencyP90Ns.enter, cancel?.staleFillRatio.enter]).toEqual([Infinity, Infinity])
  })

  it('on, off, true and false switch all controllers', () => {
    const enabled = (text: string): boolean | undefined =>
      resolved(`policies: { baseline: { control: ${text} } }\n`).policies.get('baseline')?.control.fault.enabled
    expect([enabled('on'), enabled('off'), enabled('true'), enabled('false')]).toEqual([true, false, true, false])
  })
})

describe('each friction has one key that switches it off', () => {
  it.each([
    ['host: { stalls: none }', { host: { stalls: { kind: 'none' } } }],
    ['qdisc: none', { qdisc: { kind: 'none' } }],
    ['link: none', { link: { delayNs: 0, returnDelayNs: 0, feedDelayNs: 0, weather: AT_ONCE } }],
    [
      'gate: none',
      { gate: { service: AT_ONCE, orderLotsMax: Infinity, messageCountMax: Infinity, hazard: { intercept: -Infinity } } }
    ],
    ['gateway: none', { gateway: { service: AT_ONCE, backgroundLoad: 0, throttle: { window: 'none' } } }],
    ['gateway: { throttle: none }', { gateway: { throttle: { window: 'none' } } }],
    ['acks: none', { acks: { service: AT_ONCE, backgroundLoad: 0 } }],
    ['retry: none', { retry: { attemptCountMax: 1 } }],
    ['session: { maxPacingRate: none }', { sessions: [{ maxPacingRateBytesPerSecond: Infinity }] }]
  ])('%s', (text, expected) => {
    expect(resolved(`path: { ${text} }\n`).path).toMatchObject(expected)
  })

  it('ideal has none of them', () => {
    const { path } = resolved('path: ideal\n')
    expect(path.host).toMatchObject({ timerServiceNs: 0, marketDataServiceNs: 0, ackServiceNs: 0, sendServiceNs: 0 })
    expect(path).toMatchObject({
      host: { stalls: { kind: 'none' } },
      qdisc: { kind: 'none' },
      link: { delayNs: 0, returnDelayNs: 0, feedDelayNs: 0, weather: AT_ONCE },
      gate: { service: AT_ONCE },
      gateway: { service: AT_ONCE, backgroundLoad: 0 },
      acks: { service: AT_ONCE, backgroundLoad: 0 }
    })
  })
})

describe('the JSON Schema', () => {
  it('knows the keys of a scenario and the forms of a tape', () => {
    const schema = scenarioJsonSchema() as {
      properties: Record<string, unknown>
      required: string[]
      additionalProperties: boolean
    }
    expect(schema.required).toEqual(['market'])
    expect(schema.additionalProperties).toBe(false)
    const text = JSON.stringify(schema)
    for (const key of [
      'maxPacingRate',
      'generate',
      'messages',
      'storm-swap',
      'throttle.limit',
      'minorFaultRate',
      'limitsPerSecond'
    ]) {
      expect(text).toContain(`"${key}"`)
    }
  })
})
