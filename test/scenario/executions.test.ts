import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { BASELINE } from '../../src/policy/presets.ts'
import { parseEdit } from '../../src/scenario/document.ts'
import { EXECUTION_NAMES } from '../../src/scenario/execution-presets.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { ExecutionChoice, PolicyChoice } from '../../src/scenario/scenario.ts'

const MARKET = 'market: { venues: [ { tape: { generate: liquid, seed: 3 } } ] }\n'

function policy(text: string, ...sets: string[]): PolicyChoice {
  const scenario = parseScenario(`${MARKET}policies:\n  mine: ${text}\n`, {
    fileName: 'desk/a.yaml',
    edits: sets.map(parseEdit),
    locate: (file, from) => `${from}:${file}`
  })
  const found = scenario.policies.get('mine')
  if (found === undefined) throw new Error('there is no policy mine')
  return found
}

const execution = (text: string): ExecutionChoice => policy(`{ execution: ${text} }`).execution

function fault(text: string): string {
  try {
    policy(text)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as Error).message.replace(/^desk\/a\.yaml:\d+:\d+: policies\.mine\./, '')
  }
  return 'no fault'
}

describe('executions by name', () => {
  it('are a word, or the start of a map; each schedule and tactic has one', () => {
    expect(execution('peg')).toMatchObject({ tactic: 'peg', schedule: { kind: 'twap' } })
    expect(execution('{ preset: peg, repriceTicks: 3 }')).toEqual({ ...execution('peg'), repriceTicks: 3 })
    expect(execution('pov')).toMatchObject({ schedule: { kind: 'pov', min: 0.05, share: 0.1, max: 0.2 }, finishNs: 0 })
    expect(execution('vwap')).toMatchObject({ schedule: { kind: 'vwap', curve: { source: 'smile' }, binNs: 300e9 } })
    expect(execution('baseline')).toEqual(BASELINE)
    expect(EXECUTION_NAMES).toEqual(
      expect.arrayContaining(['twap', 'vwap', 'pov', 'front-loaded', 'join', 'peg', 'take', 'passive-then-take'])
    )
    for (const name of EXECUTION_NAMES) expect(execution(name).sliceNs).toBe(BASELINE.sliceNs)
  })

  it('are taken for a policy of that name, which may change them', () => {
    const { policies } = parseScenario(`${MARKET}policies: { pov: {}, take: { execution: { slice: 5s } } }\n`, {
      fileName: 'a.yaml'
    })
    expect(policies.get('pov')?.execution).toEqual(execution('pov'))
    expect(policies.get('take')?.execution).toEqual({ ...execution('take'), sliceNs: 5e9 })
  })

  it('are told by the JSON Schema, as are schedules, tactics and classes', () => {
    const schema = JSON.stringify(scenarioJsonSchema())
    for (const word of [...EXECUTION_NAMES, 'oracle', 'smile', 'kappaPerSecond', 'participationMax', 'urgent', 'module']) {
      expect(schema).toContain(`"${word}"`)
    }
  })
})

describe('schedules', () => {
  it('POV: a share alone is least and most too; a least or a most alone draws the share', () => {
    expect(execution('{ schedule: { kind: pov, share: 0.2 } }').schedule).toEqual({ kind: 'pov', min: 0.2, share: 0.2, max: 0.2 })
    expect(execution('{ schedule: { kind: pov, min: 0.3 } }').schedule).toEqual({ kind: 'pov', min: 0.3, share: 0.3, max: 0.3 })
    expect(execution('{ schedule: { kind: pov, max: 0.3 } }').schedule).toEqual({ kind: 'pov', min: 0.1, share: 0.1, max: 0.3 })
    expect(fault('{ execution: { schedule: { kind: pov, share: 0.2, max: 0.1 } } }')).toBe(
      'execution.schedule.max: is below the share (0.2)'
    )
    expect(fault('{ execution: { schedule: { kind: pov, share: 0.2, min: 0.3 } } }')).toBe(
      'execution.schedule.min: is above the share (0.2)'
    )
  })

  it('POV is not driven to its end unless that is asked for', () => {
    expect(execution('{ schedule: pov }').finishNs).toBe(0)
    expect(execution('{ schedule: pov, finish: 9s }').finishNs).toBe(9e9)
    expect(execution('{ schedule: twap }').finishNs).toBe(BASELINE.finishNs)
  })

  it('front-loaded: kappa, or the figures it follows from, never both', () => {
    expect(execution('{ schedule: { kind: front-loaded, kappaPerSecond: 0.01 } }').schedule).toMatchObject({
      kappaPerSecond: 0.01
    })
    expect(execution('{ schedule: { kind: front-loaded, lambda: 1e-6, sigma: 2, eta: 0.1 } }').schedule).toEqual({
      kind: 'front-loaded',
      lambda: 1e-6,
      sigma: 2,
      eta: 0.1,
      gamma: 0
    })
    expect(fault('{ execution: { schedule: { kind: front-loaded, kappaPerSecond: 1, sigma: 2 } } }')).toContain(
      'execution.schedule.sigma: has no meaning beside kappaPerSecond'
    )
    expect(fault('{ execution: { schedule: { kind: front-loaded, sigma: 2 } } }')).toContain(
      'needs lambda, sigma and eta together'
    )
  })

  it('VWAP: a curve by name, of a file beside the scenario, of the tape of another day', () => {
    const curve = (text: string) => execution(`{ schedule: { kind: vwap, curve: ${text} } }`).schedule
    expect(curve('oracle')).toMatchObject({ curve: { source: 'oracle' } })
    expect(curve('{ file: volume.csv }')).toMatchObject({ curve: { source: 'file', file: 'scenario:volume.csv' } })
    expect(curve('{ tape: { file: day.parquet } }')).toMatchObject({
      curve: { tape: { kind: 'file', file: 'scenario:day.parquet' } }
    })
    expect(curve('{ tape: { generate: liquid, seed: 4 } }')).toMatchObject({ curve: { tape: { kind: 'generate', seed: 4 } } })
  })

  it('VWAP does not look ahead unless it says so', () => {
    expect(fault('{ execution: { schedule: { kind: vwap, curve: { tape: { generate: liquid, seed: 3 } } } } }')).toBe(
      'execution.schedule.curve.tape: is the day that SIM trades; to look ahead write curve: oracle'
    )
    // A generated day without a seed is another one than the venue's.
    expect(execution('{ schedule: { kind: vwap, curve: { tape: { generate: liquid } } } }').schedule).toMatchObject({
      curve: { tape: { seed: expect.not.stringMatching('3') as number } }
    })
  })

  it('faults name what there is', () => {
    expect(fault('{ execution: { schedule: vwop } }')).toBe(
      'execution.schedule: is the text "vwop"; it needs one of twap, vwap, pov, front-loaded; did you mean vwap?'
    )
    expect(fault('{ execution: { schedule: { kind: vwap, bin: 7s } } }')).toContain('must divide a day into whole bins')
    expect(fault('{ execution: { schedule: { kind: vwap, curve: { csv: a } } } }')).toContain('says no source')
    expect(fault('{ execution: { schedule: { kind: twap, share: 1 } } }')).toContain('is not a known key')
    expect(fault('{ execution: pog }')).toContain('did you mean')
  })
})

describe('the rest of an execution', () => {
  it('urgency is one class, or steps in order', () => {
    expect(execution('{ urgency: urgent }').urgency).toEqual([{ after: 0, urgency: 'urgent' }])
    expect(execution('{ urgency: [ { after: 0.7, class: urgent } ] }').urgency).toEqual([{ after: 0.7, urgency: 'urgent' }])
    expect(fault('{ execution: { urgency: [ { after: 0.7, class: urgent }, { after: 0.7, class: passive } ] } }')).toBe(
      'execution.urgency.1.after: must be above that of the step before'
    )
  })

  it('caps and limits are none unless given', () => {
    expect(execution('{}')).toMatchObject({ participationMax: Infinity, limitFromStartTicks: Infinity, urgency: [] })
    expect(execution('{ participationMax: 0.2, limitFromStartTicks: 5 }')).toMatchObject({
      participationMax: 0.2,
      limitFromStartTicks: 5
    })
    expect(execution('{ participationMax: none }').participationMax).toBe(Infinity)
  })
})

describe("a module of one's own", () => {
  it('stands beside the scenario, or where the command runs when an edit names it', () => {
    expect(policy('{ module: ./mine.js, options: { slices: [ 1, 2 ] } }').module).toEqual({
      file: 'scenario:./mine.js',
      options: { slices: [1, 2] }
    })
    expect(policy('{}', 'policies.mine.module=./mine.js').module).toEqual({ file: 'edit:./mine.js', options: null })
    expect(policy('{}').module).toBe(null)
    expect(fault('{ options: { slices: 4 } }')).toBe('options: is what a module is given; there is no module')
  })
})
