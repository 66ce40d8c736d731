/* How a scenario switches controllers, single controls and modes; and the policies that it has without naming them. */
import { describe, expect, it } from 'vitest'
import { CONTROLLER_KEYS, CONTROLS } from '../../src/order/controls.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { findPolicy, SINGLE_NAMES } from '../../src/scenario/policy-presets.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

function resolved(text: string): Scenario {
  return parseScenario(`market: { venues: [{ tape: { generate: liquid } }] }\n${text}`, { fileName: 'test.yaml' })
}

const enabled = (scenario: Scenario, name: string): string[] => {
  const control = findPolicy(scenario, name)?.control
  return CONTROLLER_KEYS.filter((key) => control?.[key].enabled)
}

describe('modes', () => {
  it.each(['on', 'shadow', 'advisory', 'canary'])('the word %s is a mode of all four controllers', (mode) => {
    const scenario = resolved(`policies: { controlled: { control: ${mode} } }\n`)
    expect(scenario.policies.get('controlled')?.control.mode).toBe(mode)
    expect(enabled(scenario, 'controlled')).toEqual(CONTROLLER_KEYS)
  })

  it('off switches every controller off, whatever stands beside it', () => {
    const scenario = resolved('policies: { controlled: { control: { mode: off, fault: { enabled: true } } } }\n')
    expect(enabled(scenario, 'controlled')).toEqual([])
  })

  it('only a policy that acts waits before its retries: a shadow meets the world of the baseline, a canary has a retry of its own', () => {
    const scenario = resolved(`
path: { retry: at-once }
policies:
  controlled: {}
  shadow: { preset: controlled, control: shadow }
  canary: { preset: controlled, control: { mode: canary, canary: { share: 0.2 } } }
`)
    const path = (name: string) => scenario.policies.get(name)?.path
    expect(path('controlled')?.retry.backoff).toBe('exponential')
    expect(path('shadow')?.retry).toEqual(scenario.path.retry)
    expect(path('canary')?.retry).toEqual(scenario.path.retry)
    expect(path('canary')?.canaryRetry).toEqual(path('controlled')?.retry)
    expect(scenario.policies.get('canary')?.control.canary.share).toBe(0.2)
  })
})

describe('controls', () => {
  it('each is a switch by its name, and a misspelt one is told with the nearest', () => {
    for (const key of CONTROLLER_KEYS) {
      for (const name of CONTROLS[key]) {
        const scenario = resolved(`policies: { controlled: { control: { ${key}: { controls: { ${name}: off } } } } }\n`)
        const controls = scenario.policies.get('controlled')?.control[key].controls as Record<string, { enabled: boolean }>
        expect(Object.keys(controls).filter((control) => !controls[control].enabled)).toEqual([name])
      }
    }
    expect(() => resolved('policies: { controlled: { control: { fault: { controls: { pining: off } } } } }\n')).toThrow(
      /policies\.controlled\.control\.fault\.controls\.pining: is not a known key; did you mean pinning\?/
    )
    expect(() => resolved('policies: { controlled: { control: { fault: { controls: { pinning: maybe } } } } }\n')).toThrow(
      /controls\.pinning: /
    )
  })
})

describe('single policies', () => {
  it('there is one per controller alone and one per single control', () => {
    expect(SINGLE_NAMES).toHaveLength(CONTROLLER_KEYS.length + Object.values(CONTROLS).flat().length)
    const scenario = resolved('policies: { controlled: { control: { fault: off, throttle: { dwell: 9s } } } }\n')
    for (const name of SINGLE_NAMES) expect(enabled(scenario, name)).toEqual([name.split('-')[0]])
    // All else is the controlled policy's.
    expect(findPolicy(scenario, 'throttle-only')?.control.throttle.dwellNs).toBe(9e9)
    expect(findPolicy(scenario, 'nothing-only')).toBeUndefined()
  })

  it('the wait before a retry comes with the throttle controls that need it only', () => {
    const scenario = resolved('path: { retry: at-once }\n')
    const backoff = (name: string): string | undefined => findPolicy(scenario, name)?.path.retry.backoff
    expect([backoff('throttle-only'), backoff('throttle-retryBudget'), backoff('throttle-acceptanceFirst')]).toEqual(
      Array(3).fill('exponential')
    )
    expect([backoff('throttle-widerSpacing'), backoff('fault-only'), backoff('baseline')]).toEqual(Array(3).fill('immediate'))
  })
})
