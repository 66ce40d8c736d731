/*
 * No controller or policy can reach the simulator's truth. The types forbid it: each planted attempt below must be an error, and the type check fails
 * where one is not. And in a run: everything that a policy can reach from its view is plain data, its own orders and the desk's one question.
 */
import { describe, expect, it, vi } from 'vitest'
import { over } from '../../src/control/controller.ts'
import { type Controllers, createControllers } from '../../src/control/controllers.ts'
import { type Condition, REST, step } from '../../src/control/hysteresis.ts'
import type { Reading } from '../../src/control/reading.ts'
import { BASELINE } from '../../src/policy/presets.ts'
import type { IntentBuffer, Policy, PolicyView } from '../../src/policy/view.ts'
import { simulate } from '../../src/simulate.ts'
import { drawTape, MARKETS, parent, world } from '../simulate/worlds.ts'
import { PLAIN } from './plain-control.ts'
import { reading } from './readings.ts'

/** What the policies of a run were shown. */
const { onLook } = vi.hoisted(() => ({ onLook: { call: (_view: unknown): void => undefined } }))

vi.mock('../../src/policy/policy.ts', async (original) => {
  const module = await original<typeof import('../../src/policy/policy.ts')>()
  const createPolicy: typeof module.createPolicy = (...given) => {
    const inner: Policy = module.createPolicy(...given)
    return {
      decide(view: PolicyView, out: IntentBuffer): void {
        onLook.call(view)
        inner.decide(view, out)
      }
    }
  }
  return { ...module, createPolicy }
})

/** What a cheat would like to see. The type check fails here as soon as one of the words can be reached. */
type Wish = 'lotsAhead' | 'queue' | 'regime' | 'weather' | 'market' | 'engine' | 'ledger' | 'gauges' | 'simulation'
type Unreachable<T> = { readonly [K in Wish]: K extends keyof T ? never : true }
const WISHES = {
  lotsAhead: true,
  queue: true,
  regime: true,
  weather: true,
  market: true,
  engine: true,
  ledger: true,
  gauges: true,
  simulation: true
} as const
const HIDDEN: readonly [
  Unreachable<Reading>,
  Unreachable<Controllers>,
  Unreachable<PolicyView>,
  Unreachable<PolicyView['venues'][number]>,
  Unreachable<PolicyView['orders'][number]>,
  Unreachable<PolicyView['venues'][number]['touch']>
] = [WISHES, WISHES, WISHES, WISHES, WISHES, WISHES]

/** A feature that reaches for it all the same, past the types. */
function planted(wish: Wish): Condition {
  return over(wish, (seen) => (seen as unknown as Record<string, number>)[wish], { enter: 1, exit: 0 })
}

/** Every object that can be reached through properties and getters. */
function reachable(root: object): Set<object> {
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    for (let owner: object = value; owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
      if (Array.isArray(value) && owner !== value) break
      for (const key of Reflect.ownKeys(owner)) visit(Reflect.get(owner, key, value))
    }
  }
  visit(root)
  return seen
}

/** Plain data, and the faces of the view: they have nothing but getters of their own. */
const KNOWN: readonly string[] = ['Object', 'Array', 'ViewFace', 'VenueFace', 'TouchFace', 'OrderFace']

describe('a controller', () => {
  it('whose feature is pressed past the types reads nothing, and never moves by it', () => {
    for (const wish of Object.keys(HIDDEN[0]) as Wish[]) {
      const boundaries = [{ clauses: [[planted(wish)]], sustainedNs: Number.POSITIVE_INFINITY }]
      const machine = { name: 'planted', states: ['calm', 'cheated'], boundaries, dwellNs: 0 }
      let state = REST
      for (let second = 0; second < 5; second++) state = step(machine, state, reading(second * 1e9, { rho: 9 }))
      expect(state.level).toBe(0)
    }
  })

  it('is given numbers only, and gives numbers and words only', () => {
    for (const value of Object.values(reading(0))) expect(typeof value).toBe('number')
    const controllers = createControllers(PLAIN)
    controllers.step(reading(0))
    const [moved] = controllers.step(reading(1e9, { rho: 1 }))
    for (const value of Object.values(moved)) expect(['number', 'string', 'boolean']).toContain(typeof value)
    for (const value of Object.values(controllers.directives())) expect(['number', 'boolean']).toContain(typeof value)
  })
})

describe('a policy', () => {
  it('that walks everything its view leads to finds plain data and its own orders', () => {
    const strangers: string[] = []
    let looks = 0
    onLook.call = (view) => {
      looks++
      for (const object of reachable(view as object)) {
        if (!KNOWN.includes(object.constructor.name)) strangers.push(object.constructor.name)
      }
    }
    const tape = drawTape(`0 add bid 100 50 1
      0 add ask 101 50 2
      500 execute bid 100 20 1
      900 add bid 100 30 3`)
    const execution = { ...BASELINE, sliceNs: 200, finishNs: 50 }
    simulate(world({ markets: [MARKETS.timeline(tape)], parents: [parent({})], execution, control: PLAIN }))
    expect(looks).toBeGreaterThan(2)
    expect(strangers).toEqual([])
  })
})
