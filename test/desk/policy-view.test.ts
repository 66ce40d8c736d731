/*
 * No policy can reach the simulator's truth: not by following what it is handed, not by changing it. The attempts are planted in whole worlds; the types are
 * held by the compiler.
 */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { NEUTRAL } from '../../src/order/directives.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import type { CreatePolicy } from '../../src/policy/own-policy.ts'
import { createPolicy } from '../../src/policy/policy.ts'
import type { IntentBuffer, PolicyView } from '../../src/policy/view.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { randomWorld } from '../simulate/random-world.ts'
import { MARKETS } from '../simulate/worlds.ts'

const SEEDS = [2, 5, 9, 14]

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** The fields of T that may be written. */
type Writable<T> = { [K in keyof T]-?: Same<Pick<T, K>, Readonly<Pick<T, K>>> extends true ? never : K }[keyof T]

function run(seed: number, create: CreatePolicy): Run {
  const { tape, world } = randomWorld(seed)
  return simulate({
    ...world,
    module: { file: 'planted.js', options: null, createPolicy: create },
    markets: [MARKETS.timeline(tape)]
  })
}

const honest: CreatePolicy = (parent, { execution }) => createPolicy(parent, execution)

/** As the honest one, but does that to what it is handed, before and after. */
function meddling(meddle: (view: PolicyView, out: IntentBuffer, parent: ParentOrder) => void): CreatePolicy {
  return (parent, setup) => {
    const inner = honest(parent, setup)
    return {
      decide(view, out) {
        inner.decide(view, out)
        meddle(view, out, parent)
      }
    }
  }
}

const INTRINSICS: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype, Function.prototype])

/** Every object and function that can be reached, by fields of any kind, getters and prototypes, and how. */
function reachable(roots: Readonly<Record<string, unknown>>): Map<object, string> {
  const found = new Map<object, string>()
  const visit = (value: unknown, how: string): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || INTRINSICS.has(value) || found.has(value))
      return
    found.set(value, how)
    for (const key of Reflect.ownKeys(value)) {
      let field: unknown
      try {
        field = (value as Record<PropertyKey, unknown>)[key]
      } catch {
        // A getter of a prototype has no instance to read.
        continue
      }
      visit(field, `${how}.${String(key)}`)
    }
    let prototype = Object.getPrototypeOf(value) as object | null
    while (prototype !== null && !INTRINSICS.has(prototype)) {
      for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        if (get !== undefined) visit(get.call(value), `${how}.${key}`)
      }
      visit(prototype, `prototype of ${how}`)
      prototype = Object.getPrototypeOf(prototype) as object | null
    }
  }
  for (const [name, root] of Object.entries(roots)) visit(root, name)
  return found
}

/** Classes and functions aside, what is there to hold a thing in. */
function holders(found: Map<object, string>): string[] {
  return [...found].filter(([value]) => typeof value !== 'function').map(([, how]) => how.replace(/\d+/g, 'n'))
}

describe('what a policy can follow', () => {
  it('ends at the view, its venues, touches, directives, orders and parent', () => {
    const places = new Set<string>()
    let orderCount = 0
    for (const seed of SEEDS) {
      run(
        seed,
        meddling((view, out, parent) => {
          for (const how of holders(reachable({ view, out, parent }))) places.add(how)
          orderCount += view.orders.length
        })
      )
    }
    expect(orderCount).toBeGreaterThan(0)
    expect([...places].filter((how) => !how.startsWith('prototype of ') && !how.endsWith('.prototype')).sort()).toEqual([
      'out',
      'view',
      'view.orders',
      'view.orders.n',
      'view.parent',
      'view.venues',
      'view.venues.n',
      'view.venues.n.directives',
      'view.venues.n.touch'
    ])
  })

  it('would be seen to lead further, if it did', () => {
    class Leaking {
      private readonly desk = { markets: [{ tape: 'the truth' }] }
      get shown(): number {
        return this.desk.markets.length
      }
    }
    expect(holders(reachable({ view: new Leaking() }))).toContain('view.desk.markets.n')
    expect(
      holders(
        reachable({
          view: Object.create({
            get desk() {
              return { truth: 1 }
            }
          }) as object
        })
      )
    ).toContain('view.desk')
  })
})

describe('what a policy can change', () => {
  /** Everything it is handed, and the classes of it: set, deleted, redefined. */
  function spoil(...roots: object[]): number {
    let refused = 0
    const attempt = (change: () => unknown): void => {
      try {
        if (change() === false) refused++
      } catch {
        refused++
      }
    }
    for (const root of roots) {
      for (const value of reachable({ root }).keys()) {
        const names = new Set([
          ...Reflect.ownKeys(value),
          ...Reflect.ownKeys((Object.getPrototypeOf(value) ?? {}) as object),
          'planted'
        ])
        for (const name of names) {
          if (name === 'constructor' || name === 'length') continue
          attempt(() => Reflect.set(value, name, 7))
          attempt(() => Reflect.defineProperty(value, name, { value: () => 7, configurable: true }))
          attempt(() => Reflect.deleteProperty(value, name))
        }
        attempt(() => Reflect.setPrototypeOf(value, { planted: 7 }))
      }
    }
    return refused
  }

  it('is nothing that anybody sees again: not fields, not prototypes, not the list of orders', () => {
    let refused = 0
    for (const seed of SEEDS) {
      const { ledgerHash } = run(
        seed,
        meddling((view, out, parent) => {
          refused += spoil(view, out, parent)
          const [orders, venues] = [view.orders as unknown[], view.venues as unknown[]]
          if (orders.length === 0) return
          for (const change of [() => orders.splice(0), () => orders.push(orders[0]), () => venues.pop()]) {
            expect(change).toThrow(TypeError)
          }
        })
      )
      expect(ledgerHash, `seed ${seed}`).toBe(run(seed, honest).ledgerHash)
    }
    expect(refused).toBeGreaterThan(1000)
    expect([NEUTRAL.spacingFactor, 'planted' in NEUTRAL]).toEqual([1, false])
  })

  it('is not what it wished for before: the desk keeps copies', () => {
    for (const seed of SEEDS) {
      const placed: { lots: number; limitTicks: number }[] = []
      const keeping: CreatePolicy = (parent, setup) => {
        const inner = honest(parent, setup)
        return {
          decide(view, out) {
            for (const intent of placed) intent.lots = intent.limitTicks = 0
            inner.decide(view, {
              place: (intent) => {
                const kept = { ...intent }
                placed.push(kept)
                out.place(kept)
                kept.lots = -1
              },
              cancel: (childId, essential) => out.cancel(childId, essential),
              replace: (childId, limitTicks, lots) => out.replace(childId, limitTicks, lots),
              wakeAt: (timeNs) => out.wakeAt(timeNs)
            })
          }
        }
      }
      expect(run(seed, keeping).ledgerHash).toBe(run(seed, honest).ledgerHash)
    }
  })

  it('is forbidden by the types', () => {
    expectTypeOf<Writable<PolicyView>>().toBeNever()
    expectTypeOf<Writable<PolicyView['venues'][number]>>().toBeNever()
    expectTypeOf<Writable<PolicyView['venues'][number]['touch']>>().toBeNever()
    expectTypeOf<Writable<PolicyView['venues'][number]['directives']>>().toBeNever()
    expectTypeOf<Writable<PolicyView['orders'][number]>>().toBeNever()
    expectTypeOf<Writable<ParentOrder>>().toBeNever()
    expectTypeOf<PolicyView['orders']>().not.toHaveProperty('push')
    expectTypeOf<PolicyView['venues']>().not.toHaveProperty('push')
    expectTypeOf<Writable<{ shown: number }>>().toEqualTypeOf<'shown'>()
  })
})

describe('what a policy may not wish for', () => {
  const cases: [what: string, wish: (view: PolicyView, out: IntentBuffer) => void, rule: string][] = [
    ['more than the quantity', (view, out) => out.place({ ...CHILD, lots: view.parent.quantityLots + 1 }), "parent's quantity"],
    [
      'more than the quantity, in parts',
      (view, out) => {
        for (const lots of [view.parent.quantityLots, 1]) out.place({ ...CHILD, lots })
      },
      "parent's quantity"
    ],
    ['part of a lot', (_, out) => out.place({ ...CHILD, lots: 0.5 }), 'whole lots'],
    ['nothing', (_, out) => out.place({ ...CHILD, lots: 0 }), 'whole lots'],
    ['no price', (_, out) => out.place({ ...CHILD, limitTicks: Number.NaN }), 'whole ticks'],
    ['a venue that is not there', (_, out) => out.place({ ...CHILD, venueIndex: 1 }), 'venue of the view'],
    ['a tactic that is not there', (_, out) => out.place({ ...CHILD, tactic: 'toString' as 'take' }), 'passive, take'],
    ['a price beyond the limit', (_, out) => out.place({ ...CHILD, limitTicks: 1_000_000 }), "parent's limit"],
    ['the cancel of a child of another', (_, out) => out.cancel(99, true), 'child 99'],
    ['the replace of a child of another', (_, out) => out.replace(99, 1, 1), 'child 99'],
    ['a wake-up now', (view, out) => out.wakeAt(view.nowNs), 'after now'],
    ['a wake-up never', (_, out) => out.wakeAt(Number.POSITIVE_INFINITY), 'instant in ns'],
    ['a wake-up at no time', (_, out) => out.wakeAt(Number.NaN), 'after now']
  ]
  const CHILD = { venueIndex: 0, tactic: 'take', limitTicks: 100, lots: 1, slice: 0, scheduledNs: 0 } as const

  it.each(cases)('%s', (_, wish, rule) => {
    const { tape, world } = randomWorld(2)
    const parents = [{ ...world.parents[0], side: 1 as const, limitTicks: 1000 }]
    const module = { file: 'own/mine.js', options: null, createPolicy: () => ({ decide: wish }) }
    const play = (): Run => simulate({ ...world, parents, module, markets: [MARKETS.timeline(tape)] })
    expect(play).toThrow(/^own\/mine\.js: the policy of parent \d+ threw at event \d+, [\d:.]+ \(seed 2\): the rule /)
    expect(play).toThrow(rule)
  })
})
