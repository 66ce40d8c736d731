import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import type { StallOptions, StallRegime } from '../../src/path/options.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { STALL_PRESETS } from '../../src/scenario/stall-presets.ts'

const MARKET = 'market: { venues: [ { tape: { generate: liquid } } ] }\n'
const resolved = (host: string): Scenario => parseScenario(`${MARKET}path: { host: ${host} }\n`, { fileName: 'dir/a.yaml' })

type Generated = Extract<StallOptions, { kind: 'generated' }>

function generated(host: string): Generated {
  const { stalls } = resolved(host).path.host
  if (stalls.kind !== 'generated') throw new Error('stalls are not generated')
  return stalls
}

function preset(name: keyof typeof STALL_PRESETS, regime: StallRegime['name']): StallRegime {
  const options = STALL_PRESETS[name]
  const found = options.kind === 'generated' ? options.regimes.find((one) => one.name === regime) : undefined
  if (found === undefined) throw new Error(`${name} has no ${regime}`)
  return found
}

describe('regimes of stalls', () => {
  it("that give no rate are the preset's, with the dwell given", () => {
    const { regimes } = generated(
      '{ stalls: { preset: storm-file, regimes: [ { name: clean, dwellMean: 300s }, { name: storm, dwell: constant } ] } }'
    )
    expect(regimes).toEqual([
      { ...preset('storm-file', 'clean'), dwellMeanNs: 300e9 },
      { ...preset('storm-file', 'storm'), dwell: 'constant' }
    ])
  })

  it('that give a rate stand alone, by the laws of all', () => {
    const { regimes, major } = generated(
      '{ stalls: { preset: storm-file, regimes: [ { name: storm, majorPerSecond: 100, dwellMean: 9s } ], major: 50us } }'
    )
    expect(regimes).toEqual([
      { name: 'storm', minorPerSecond: 0, majorPerSecond: 100, reclaimPerSecond: 0, compactionPerSecond: 0, dwellMeanNs: 9e9 }
    ])
    expect(major).toEqual({ law: 'constant', valueNs: 50_000 })
  })

  it('have bursts, an onset, dispersion and laws of their own', () => {
    const { regimes } = generated(
      `{ stalls: { preset: warmup, regimes: [
        { name: clean, minorPerSecond: 10, dwellMean: 1s, dispersion: { minor: 0.7 },
          burst: { majorPerSecond: 5, dwellMean: 40ms, gapMean: 360ms } },
        { name: warming, majorPerSecond: 2, dwellMean: 1s, services: { major: { law: 3us, serialCorrelation: 0.4 } },
          onset: { majorPerSecond: 7, hold: 30ms, decay: 20ms } } ] } }`.replaceAll('\n', ' ')
    )
    const none = { minorPerSecond: 0, majorPerSecond: 0, reclaimPerSecond: 0, compactionPerSecond: 0 }
    expect(regimes).toEqual([
      {
        ...none,
        name: 'clean',
        minorPerSecond: 10,
        dispersion: { minor: 0.7 },
        dwellMeanNs: 1e9,
        burst: { ...none, majorPerSecond: 5, dwellMeanNs: 40e6, gapMeanNs: 360e6 }
      },
      {
        ...none,
        name: 'warming',
        majorPerSecond: 2,
        services: { major: { law: { law: 'constant', valueNs: 3_000 }, serialCorrelation: 0.4 } },
        dwellMeanNs: 1e9,
        onset: { ...none, majorPerSecond: 7, holdNs: 30e6, decayNs: 20e6 }
      }
    ])
  })

  it('give way to a law that is given for all', () => {
    const { regimes, major } = generated('{ stalls: { preset: storm-swap, major: 50us } }')
    expect(major).toEqual({ law: 'constant', valueNs: 50_000 })
    for (const { services, burst, onset } of regimes) {
      for (const own of [services, burst?.services, onset?.services]) expect(own?.major).toBeUndefined()
      expect(services?.minor).toBeDefined()
    }
  })
})

describe('memory actions', () => {
  it('are switches of the host that hold for the whole run', () => {
    const { actions } = generated('{ stalls: storm-file, prefault: true, backgroundFreeze: true }')
    expect(actions).toEqual({ prefault: true, pinned: false, backgroundFreeze: true })
    expect(generated('{ stalls: storm-file, pinned: false }').actions).toBeUndefined()
  })
})

describe('traces of stalls', () => {
  it('are CSV unless said, and perf text has a thread and laws for what has no duration', () => {
    expect(resolved('{ stalls: { trace: a.csv, start: 1s } }').stallTrace).toMatchObject({
      file: 'a.csv',
      format: 'csv',
      startNs: 1e9,
      periodNs: null
    })
    expect(resolved('{ stalls: { trace: a.txt, format: perf, thread: "77", major: 40us } }').stallTrace).toMatchObject({
      format: 'perf',
      thread: '77',
      major: { law: 'constant', valueNs: 40_000 },
      minor: { law: 'lognormal' }
    })
  })

  it.each([
    [
      '{ stalls: { preset: storm-file, regimes: [ { name: clean, minorPerSecond: 3 } ] } }',
      'regimes.0.dwellMean: is missing; for example 3s'
    ],
    [
      '{ stalls: { preset: warmup, regimes: [ { name: storm } ] } }',
      'regimes.0.minorPerSecond: is missing; the preset has no regime storm'
    ],
    ['{ stalls: { preset: storm-file, format: perf } }', 'format: is for a trace; give trace: file'],
    ['{ stalls: { trace: a.csv, major: 3us } }', 'major: has no effect on a trace that is not of format: perf'],
    ['{ stalls: { trace: a.csv, regimes: [ { name: clean } ] } }', 'regimes: has no effect beside trace'],
    ['{ stalls: none, pinned: true }', 'pinned: has no effect without stalls'],
    ['{ stalls: { trace: a.csv }, pinned: true }', 'pinned: has no effect on a trace']
  ])('and switches that say nothing are faults: %s', (host, message) => {
    expect(() => resolved(host)).toThrow(InputError)
    expect(() => resolved(host)).toThrow(/^dir\/a\.yaml:2:\d+: path\.host\./)
    expect(() => resolved(host)).toThrow(message)
  })
})
