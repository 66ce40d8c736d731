import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Condition, checkMachine, type Machine, type MachineState, REST, step } from '../../src/control/hysteresis.ts'
import { InvariantError } from '../../src/kernel/assert.ts'
import { reading } from './readings.ts'

/* rho is the first ladder (enter 10, exit 5; enter 20, exit 12), rejectRate and timeoutCount a pair for the second boundary. */
const never = Number.POSITIVE_INFINITY
const rho = (enter: number, exit: number): Condition => ({ feature: 'rho', read: (r) => r.rho, band: { enter, exit } })
const reject: Condition = { feature: 'rejectRate', read: (r) => r.rejectRate, band: { enter: 4, exit: 2 } }
const timeouts: Condition = { feature: 'timeoutCount', read: (r) => r.timeoutCount, band: { enter: 8, exit: 6 } }
const LADDER: Machine = {
  name: 'ladder',
  states: ['calm', 'warm', 'hot'],
  boundaries: [
    { clauses: [[rho(10, 5)]], sustainedNs: never },
    { clauses: [[rho(20, 12)], [reject, timeouts]], sustainedNs: never }
  ],
  dwellNs: 100
}
const TIMED: Machine = {
  name: 'timed',
  states: ['calm', 'warm', 'safe'],
  boundaries: [
    { clauses: [[rho(10, 5)]], sustainedNs: never },
    { clauses: [], sustainedNs: 500 }
  ],
  dwellNs: 100
}

/** Levels after feeding rho every 50 ns from 0. */
function path(machine: Machine, values: readonly number[]): number[] {
  let state = REST
  return values.map((value, index) => {
    state = step(machine, state, reading(index * 50, { rho: value }))
    return state.level
  })
}

function feed(machine: Machine, known: readonly Parameters<typeof reading>[1][], everyNs = 100): MachineState {
  let state = REST
  for (const [index, features] of known.entries()) state = step(machine, state, reading(index * everyNs, features))
  return state
}

describe('hysteresis', () => {
  it('rises one state per dwell and recovers one state per dwell', () => {
    //  t:              0  50 100 150 200 250 300 350 400 450
    expect(path(LADDER, [30, 30, 30, 30, 30, 0, 0, 0, 0, 0])).toEqual([0, 0, 1, 1, 2, 2, 1, 1, 0, 0])
  })

  it('enters at the enter threshold, stays between the two, leaves below the exit threshold', () => {
    expect(path(LADDER, [9.99, 9.99, 9.99, 10, 7, 7, 7, 5, 4.99, 9.99])).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 0, 0])
  })

  it('says which feature, value, threshold and dwell moved it', () => {
    const up = feed(LADDER, [{}, { rho: 11 }])
    expect(up.trigger).toEqual({ feature: 'rho', value: 11, threshold: 10, dwellNs: 100, sinceNs: 100 })
    const down = step(LADDER, up, reading(350, { rho: 3 }))
    expect(down).toMatchObject({ level: 0, sinceNs: 350, trigger: { feature: 'rho', value: 3, threshold: 5, dwellNs: 250 } })
  })

  it('needs every condition of a clause, and names the one that was last to be reached', () => {
    const warm = feed(LADDER, [{}, { rho: 11 }])
    expect(step(LADDER, warm, reading(300, { rho: 11, rejectRate: 40 })).level).toBe(1)
    const hot = step(LADDER, warm, reading(300, { rho: 11, rejectRate: 40, timeoutCount: 8 }))
    // 8 / 8 is nearer to its threshold than 40 / 4.
    expect(hot).toMatchObject({ level: 2, trigger: { feature: 'timeoutCount', value: 8, threshold: 8 } })
    // A clause holds while all its conditions are at or above exit: timeouts below 6 lets go.
    expect(step(LADDER, hot, reading(400, { rho: 11, rejectRate: 2, timeoutCount: 6 })).level).toBe(2)
    expect(step(LADDER, hot, reading(400, { rho: 11, rejectRate: 40, timeoutCount: 5 }))).toMatchObject({
      level: 1,
      trigger: { feature: 'rho', value: 11, threshold: 12 }
    })
  })

  it('rises towards a higher breach even when the lower boundary is quiet, and does not recover under it', () => {
    const breach = { rho: 0, rejectRate: 40, timeoutCount: 80 }
    expect(feed(LADDER, [{}, breach]).level).toBe(1)
    expect(feed(LADDER, [{}, breach, breach, breach, breach]).level).toBe(2)
    // Between exit and enter of the higher clause: no reason to rise, none to recover.
    const warm = feed(LADDER, [{}, { rho: 11 }])
    expect(step(LADDER, warm, reading(900, { rho: 0, rejectRate: 3, timeoutCount: 7 })).level).toBe(1)
    expect(step(LADDER, warm, reading(900, { rho: 0, rejectRate: 3, timeoutCount: 5 })).level).toBe(0)
  })

  it('what is not known neither breaches nor holds', () => {
    expect(feed(LADDER, [{}, {}, {}]).level).toBe(0)
    const down = feed(LADDER, [{}, { rho: 11 }, {}])
    expect(down.level).toBe(0)
    expect(down.trigger?.value).toBeNaN()
  })

  it('gives the same object back at rest', () => {
    const rested = step(LADDER, REST, reading(0))
    expect(step(LADDER, rested, reading(1000, { rho: 9 }))).toBe(rested)
    const warm = step(LADDER, rested, reading(1000, { rho: 11 }))
    expect(step(LADDER, warm, reading(5000, { rho: 7 }))).toBe(warm)
  })

  it('escalates by time when a breach holds without relief', () => {
    const held = feed(
      TIMED,
      [0, 11, 6, 6, 6, 6].map((value) => ({ rho: value }))
    )
    // Warm since 100; at 500 held for 400.
    expect(held.level).toBe(1)
    const safe = step(TIMED, held, reading(600, { rho: 6 }))
    expect(safe).toMatchObject({ level: 2, trigger: { feature: 'dwell', value: 500, threshold: 500, dwellNs: 500 } })
    // It stays while the breach below holds, and comes back when it lets go.
    expect(step(TIMED, safe, reading(900, { rho: 5 })).level).toBe(2)
    expect(step(TIMED, safe, reading(900, { rho: 4 })).level).toBe(1)
  })

  it('relief restarts the clock of a sustained breach', () => {
    const warm = feed(TIMED, [{}, { rho: 11 }])
    // Relief inside the dwell: no recovery yet, but no longer "without relief".
    const relieved = step(TIMED, warm, reading(150, { rho: 0 }))
    expect(relieved.level).toBe(1)
    const again = step(TIMED, relieved, reading(190, { rho: 6 }))
    expect(step(TIMED, again, reading(650, { rho: 6 })).level).toBe(1)
    expect(step(TIMED, again, reading(690, { rho: 6 })).level).toBe(2)
  })

  it('does not flap under a square wave: at most one transition per dwell', () => {
    for (const periodNs of [2, 20, 60, 130, 250]) {
      let state = REST
      let transitions = 0
      let lastNs = Number.NEGATIVE_INFINITY
      for (let atNs = 0; atNs <= 10_000; atNs++) {
        const next = step(LADDER, state, reading(atNs, { rho: Math.floor(atNs / periodNs) % 2 === 0 ? 100 : 0 }))
        if (next.level !== state.level) {
          transitions++
          expect(Math.abs(next.level - state.level)).toBe(1)
          expect(atNs - lastNs).toBeGreaterThanOrEqual(100)
          lastNs = atNs
        }
        state = next
      }
      expect(transitions).toBeGreaterThan(0)
      expect(transitions).toBeLessThanOrEqual(100)
    }
  })

  it('from the same state a worse reading never leads to a calmer state', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(Number.NaN))
    const worse = (a: number, by: number): number => (Number.isNaN(a) ? by : a + by)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 30 }),
        fc.tuple(value, value, value),
        fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)),
        fc.constantFrom(LADDER, TIMED),
        (history, [a, b, c], [x, y, z], machine) => {
          const before = feed(
            machine,
            history.map(([first, second, third]) => ({ rho: first, rejectRate: second, timeoutCount: third })),
            60
          )
          const atNs = history.length * 60
          const mild = step(machine, before, reading(atNs, { rho: a, rejectRate: b, timeoutCount: c }))
          const severe = step(
            machine,
            before,
            reading(atNs, { rho: worse(a, x), rejectRate: worse(b, y), timeoutCount: worse(c, z) })
          )
          expect(severe.level).toBeGreaterThanOrEqual(mild.level)
          expect(mild.level).toBeGreaterThanOrEqual(0)
          expect(severe.level).toBeLessThan(machine.states.length)
        }
      )
    )
  })

  it('refuses a machine whose parts do not fit', () => {
    expect(() => checkMachine(LADDER)).not.toThrow()
    expect(() => checkMachine({ ...LADDER, states: ['calm', 'warm'] })).toThrow(InvariantError)
    const flat = { ...LADDER, boundaries: [{ clauses: [[rho(5, 5)]], sustainedNs: never }], states: ['calm', 'warm'] }
    expect(() => checkMachine(flat)).toThrow(/exit < enter/)
  })
})
