/* Every machine of every controller over random streams of features: no illegal state, monotone in severity, at rest the same object. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cancelController } from '../../src/control/cancel.ts'
import { faultControllers } from '../../src/control/fault.ts'
import { type MachineState, REST, step } from '../../src/control/hysteresis.ts'
import { CONTROL_ON } from '../../src/control/presets.ts'
import type { Reading } from '../../src/control/reading.ts'
import { throttleController } from '../../src/control/throttle.ts'
import { transportControllers } from '../../src/control/transport.ts'
import { PLAIN } from './plain-control.ts'
import { reading, UNKNOWN } from './readings.ts'

const SECOND = 1_000_000_000

const machines = [PLAIN, CONTROL_ON].flatMap((options) =>
  [
    ...transportControllers(options.transport),
    ...faultControllers(options.fault),
    throttleController(options.throttle),
    cancelController(options.cancel)
  ].map(({ machine }) => machine)
)

const names = Object.keys(UNKNOWN).filter((name) => name !== 'atNs') as (keyof Reading)[]
/** Of every threshold some are below and some above. */
const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: 2, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 100_000_000_000 }) }
)
const features = fc.record(Object.fromEntries(names.map((name) => [name, value]))) as fc.Arbitrary<Partial<Reading>>

/** At least as severe in every feature: a value that was not known may become known. */
function worse(known: Partial<Reading>, by: Partial<Reading>): Partial<Reading> {
  const add = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b)
  return Object.fromEntries(names.map((name) => [name, add(known[name] ?? Number.NaN, by[name] ?? Number.NaN)]))
}

describe.each(
  machines.map((machine, index) => [`${machine.name} (${index < machines.length / 2 ? 'plain' : 'preset'})`, machine] as const)
)('%s', (_, machine) => {
  it('never leaves its states, moves one at a time, and never sooner than its dwell', () => {
    fc.assert(
      fc.property(fc.array(features, { maxLength: 50 }), (stream) => {
        let state: MachineState = REST
        for (const [index, known] of stream.entries()) {
          const next = step(machine, state, reading(index * SECOND, known))
          expect(next.level).toBeGreaterThanOrEqual(0)
          expect(next.level).toBeLessThan(machine.states.length)
          expect(Math.abs(next.level - state.level)).toBeLessThanOrEqual(1)
          if (next.level !== state.level) expect(next.trigger?.dwellNs).toBeGreaterThanOrEqual(machine.dwellNs)
          state = next
        }
      }),
      { numRuns: 60 }
    )
  })

  it('a worse reading never leads to a calmer state', () => {
    fc.assert(
      fc.property(fc.array(features, { maxLength: 20 }), features, features, (stream, known, by) => {
        let state: MachineState = REST
        for (const [index, seen] of stream.entries()) state = step(machine, state, reading(index * SECOND, seen))
        const atNs = (stream.length + 5) * SECOND
        const mild = step(machine, state, reading(atNs, known))
        const severe = step(machine, state, reading(atNs, worse(known, by)))
        expect(severe.level).toBeGreaterThanOrEqual(mild.level)
      }),
      { numRuns: 100 }
    )
  })

  it('is a pure step, and at rest gives the same object back', () => {
    fc.assert(
      fc.property(fc.array(features, { minLength: 1, maxLength: 20 }), (stream) => {
        let state: MachineState = REST
        for (const [index, known] of stream.entries()) {
          const seen = reading(index * SECOND, known)
          const once = step(machine, state, seen)
          expect(step(machine, state, seen)).toEqual(once)
          state = once
        }
        // Calm for long enough to be at rest: then nothing changes any more.
        for (let i = 0; i < 20; i++) state = step(machine, state, reading((stream.length + i * 1000) * SECOND))
        expect(state.level).toBe(0)
        expect(step(machine, state, reading(1e6 * SECOND))).toBe(state)
      }),
      { numRuns: 60 }
    )
  })
})
