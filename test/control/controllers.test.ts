import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cancelController } from '../../src/control/cancel.ts'
import type { Controller } from '../../src/control/controller.ts'
import { CONTROLLER_STATES, createControllers, type Transition } from '../../src/control/controllers.ts'
import { faultControllers } from '../../src/control/fault.ts'
import { alone, CONTROL_OFF, CONTROL_ON, controlFor } from '../../src/control/presets.ts'
import type { Reading } from '../../src/control/reading.ts'
import { throttleController } from '../../src/control/throttle.ts'
import { transportControllers } from '../../src/control/transport.ts'
import { CONTROLLER_STATE, FEATURE } from '../../src/ledger/ledger.ts'
import { CONTROLLER_KEYS, CONTROLS, type ControllerKey } from '../../src/order/controls.ts'
import { combine, NEUTRAL } from '../../src/order/directives.ts'
import { PLAIN } from './plain-control.ts'
import { reading } from './readings.ts'

const SECOND = 1_000_000_000
const MS = 1_000_000

/** In CLEAR the decision rule of cancels stands by; nothing else is asked for before a transition. */
const AT_REST = { ...NEUTRAL, cancelWorthTicksMin: 0 }

/** Feeds one reading per second (longer than every dwell) and gives the controller's states after each. */
function states(name: ControllerKey, known: readonly Partial<Reading>[]): { path: string[]; transitions: Transition[] } {
  const controllers = createControllers(PLAIN)
  controllers.step(reading(0))
  const transitions: Transition[] = []
  const path = known.map((features, index) => {
    transitions.push(...controllers.step(reading((index + 1) * SECOND, features)))
    return CONTROLLER_STATES[name][controllers.levels()[name]] ?? ''
  })
  return { path, transitions }
}

describe('transport', () => {
  it('a used-up cap alone is not a limit: it takes a moderate gap too; burst with the tail releases; then back down', () => {
    const full = { capUtilisation: 1, dispatchToWireP95Ns: 0.1 * MS }
    const limited = { capUtilisation: 1, dispatchToWireP95Ns: 2 * MS }
    const released = { ...limited, burstinessIndex: 0.8, dispatchToWireP95Ns: 6 * MS }
    const { path, transitions } = states('transport', [full, limited, limited, released, limited, {}])
    expect(path).toEqual(['Clean-Flow', 'Pacing-Limited', 'Pacing-Limited', 'Burst-Released', 'Pacing-Limited', 'Clean-Flow'])
    // 1 / 0.9 is nearer to its threshold than 2 / 1.
    expect(transitions[0]).toEqual({
      atNs: 2 * SECOND,
      controller: 'transport',
      from: 'Clean-Flow',
      to: 'Pacing-Limited',
      feature: 'capUtilisation',
      value: 1,
      threshold: 0.9,
      dwellNs: 2 * SECOND,
      sinceNs: 2 * SECOND,
      controls: 1 << CONTROLS.transport.indexOf('capByTactic'),
      alert: false
    })
  })

  it('bytes that wait unsent limit as well', () => {
    expect(states('transport', [{ unsentBytes: 5000, dispatchToWireP95Ns: 2 * MS }]).path).toEqual(['Pacing-Limited'])
  })
})

describe('fault', () => {
  it('warms on a fault-rate drift, stresses on bursts with a dispatch gap, contains after ten seconds, recovers stepwise', () => {
    const drift = { minorFaultRate1s: 7000 }
    // 0.9 / 0.5 is nearer to its threshold than 40 / 20.
    const storm = { faultBurstScore: 40, dispatchGapLift: 0.9 }
    const { path, transitions } = states('fault', [drift, ...Array<Partial<Reading>>(11).fill(storm), {}, {}, {}])
    expect(path[0]).toBe('AMBER_FAULT_WARMING')
    // RED from second 2; held ten seconds at second 12.
    expect(path.slice(1, 11)).toEqual(Array(10).fill('RED_FAULT_STRESS'))
    expect(path.slice(11)).toEqual(['SAFE_CONTAIN', 'RED_FAULT_STRESS', 'AMBER_FAULT_WARMING', 'GREEN_FAULT_CLEAN'])
    expect(transitions.map((transition) => transition.feature).slice(0, 3)).toEqual([
      'minorFaultRate',
      'dispatchGapLift',
      'dwell'
    ])
  })

  it('bursts without a dispatch gap only warm', () => {
    const { path } = states('fault', [{ faultBurstScore: 40 }, { faultBurstScore: 40, dispatchGapLift: 0.1 }])
    expect(path).toEqual(['AMBER_FAULT_WARMING', 'AMBER_FAULT_WARMING'])
  })

  it('slow majors with a gap stress, even when minors are calm', () => {
    const slow = { majorFaultServiceP95Ns: 5 * MS, dispatchGapLift: 0.6, minorFaultRate1s: 2000, minorFaultRate10s: 2000 }
    expect(states('fault', [slow, slow]).path).toEqual(['AMBER_FAULT_WARMING', 'RED_FAULT_STRESS'])
  })

  it('a rate that has been high for ten seconds keeps it warm', () => {
    const { path } = states('fault', [{ minorFaultRate1s: 9000 }, { minorFaultRate1s: 1000, minorFaultRate10s: 5500 }])
    expect(path).toEqual(['AMBER_FAULT_WARMING', 'AMBER_FAULT_WARMING'])
  })
})

describe('throttle', () => {
  it('follows rho, then rejects, to SAFE and back', () => {
    const { path } = states('throttle', [
      { rho: 0.8 },
      { rho: 0.9, rejectRate: 0.3 },
      { rho: 0.9, rejectRate: 0.6 },
      { rho: 0.9, rejectRate: 0.15 },
      { rho: 0.9, rejectRate: 0.15 },
      { rho: 0.6, rejectRate: 0.01 },
      { rho: 0.4, rejectRate: 0 }
    ])
    expect(path).toEqual(['AMBER', 'RED', 'SAFE', 'RED', 'RED', 'AMBER', 'GREEN'])
  })

  it('a cluster of timeouts is RED, an extreme one SAFE', () => {
    expect(states('throttle', [{ timeoutCount: 3 }, { timeoutCount: 3 }, { timeoutCount: 3 }]).path).toEqual([
      'AMBER',
      'RED',
      'RED'
    ])
    expect(states('throttle', Array(3).fill({ timeoutCount: 10 })).path).toEqual(['AMBER', 'RED', 'SAFE'])
  })
})

describe('cancel', () => {
  it('backs off on slow acks or a pending inventory, saturates on the tail or stale fills, is SAFE when that lasts', () => {
    const tail = { cancelAckLatencyP90Ns: 10 * MS, cancelAckLatencyP99Ns: 80 * MS }
    const { path } = states('cancel', [{ pendingCancelCount: 9 }, ...Array<Partial<Reading>>(11).fill(tail), {}, {}, {}])
    expect([path[0], path[1], path[10], path[11]]).toEqual(['BACKLOG', 'SATURATED', 'SATURATED', 'SAFE'])
    expect(path.slice(12)).toEqual(['SATURATED', 'BACKLOG', 'CLEAR'])
    const spike = { staleFillRatio: 0.2, staleFillCount: 3 }
    expect(states('cancel', [spike, spike]).path).toEqual(['BACKLOG', 'SATURATED'])
    // One or two stale fills are chance.
    expect(states('cancel', [{ staleFillRatio: 0.2, staleFillCount: 2 }]).path).toEqual(['CLEAR'])
    expect(states('cancel', [{ cancelBacklogPressureSeconds: 1 }]).path).toEqual(['BACKLOG'])
  })
})

describe('a band of infinity', () => {
  it('switches a feature off; a finite one switches it on', () => {
    const lots = { pendingCancelNotional: 1e9 }
    expect(states('cancel', [lots]).path).toEqual(['CLEAR'])
    const cancel = { ...PLAIN.cancel, pendingCancelNotional: { enter: 1e9, exit: 1e8 } }
    const controllers = createControllers({ ...PLAIN, cancel })
    controllers.step(reading(0))
    expect(controllers.step(reading(SECOND, lots))[0]).toMatchObject({ to: 'BACKLOG', feature: 'pendingCancelNotional' })
  })
})

describe('all controllers together', () => {
  it('combine what their states ask for, and nothing else', () => {
    const controllers = createControllers(PLAIN)
    controllers.step(reading(0))
    expect(controllers.directives()).toEqual(AT_REST)
    const moved = controllers.step(reading(SECOND, { rho: 0.9, minorFaultRate1s: 9000 }))
    expect(moved.map(({ controller, to }) => `${controller} ${to}`)).toEqual(['fault AMBER_FAULT_WARMING', 'throttle AMBER'])
    const [fault] = faultControllers(PLAIN.fault)
    const asked = combine(fault.directives[1], throttleController(PLAIN.throttle).directives[1])
    expect(controllers.directives()).toEqual(combine(AT_REST, asked))
    expect(controllers.levels()).toEqual({ transport: 0, fault: 1, throttle: 1, cancel: 0 })
  })

  it('a disabled controller never moves', () => {
    const controllers = createControllers(CONTROL_OFF)
    const storm = { rho: 9, rejectRate: 1, faultBurstScore: 99, dispatchGapLift: 9, staleFillRatio: 1, pendingCancelCount: 99 }
    for (let second = 0; second < 20; second++) expect(controllers.step(reading(second * SECOND, storm))).toEqual([])
    expect(controllers.directives()).toEqual(NEUTRAL)
  })

  it('at rest nothing is allocated: the same directives and the same empty answer', () => {
    const controllers = createControllers(PLAIN)
    const directives = controllers.directives()
    const first = controllers.step(reading(0))
    for (let second = 1; second < 5; second++) expect(controllers.step(reading(second * SECOND, { rho: 0.1 }))).toBe(first)
    expect(controllers.directives()).toBe(directives)
  })

  it('any stream of readings moves each controller one state at a time, never faster than its dwell', () => {
    const value = (max: number): fc.Arbitrary<number> =>
      fc.oneof(fc.double({ min: 0, max, noNaN: true }), fc.constant(Number.NaN))
    const features = fc.record({
      dispatchToWireP95Ns: value(10 * MS),
      burstinessIndex: value(1),
      capUtilisation: value(1),
      unsentBytes: value(9000),
      minorFaultRate1s: value(9000),
      minorFaultRate10s: value(9000),
      majorFaultServiceP95Ns: value(3 * MS),
      faultBurstScore: value(50),
      dispatchGapLift: value(1),
      rho: value(1.5),
      rejectRate: value(1),
      timeoutCount: value(12),
      cancelAckLatencyP90Ns: value(10 * MS),
      cancelAckLatencyP99Ns: value(50 * MS),
      pendingCancelCount: value(16),
      pendingCancelNotional: value(1e9),
      staleFillRatio: value(0.3),
      cancelBacklogPressureSeconds: value(1)
    })
    fc.assert(
      fc.property(fc.array(features, { maxLength: 60 }), (stream) => {
        const controllers = createControllers(PLAIN)
        const since = new Map<string, number>()
        for (const [index, known] of stream.entries()) {
          const atNs = index * PLAIN.sampleNs
          for (const transition of controllers.step(reading(atNs, known))) {
            const names = CONTROLLER_STATES[transition.controller]
            expect(Math.abs(names.indexOf(transition.to) - names.indexOf(transition.from))).toBe(1)
            const enteredNs = since.get(transition.controller) ?? 0
            expect(transition.dwellNs).toBe(atNs - enteredNs)
            expect(transition.dwellNs).toBeGreaterThanOrEqual(500 * MS)
            expect(transition.sinceNs).toBeLessThanOrEqual(atNs)
            since.set(transition.controller, atNs)
          }
        }
      })
    )
  })

  it('speaks the words of the ledger', () => {
    for (const names of Object.values(CONTROLLER_STATES)) {
      for (const name of names) expect(CONTROLLER_STATE.names).toContain(name)
    }
    const features = new Set<string>()
    const storm: Partial<Reading> = Object.fromEntries(Object.keys(reading(0)).map((name) => [name, 1e12]))
    const controllers = createControllers(PLAIN)
    for (let second = 0; second < 30; second++) {
      const known = second < 15 ? storm : {}
      for (const { feature } of controllers.step(reading(second * SECOND, known))) features.add(feature)
    }
    expect(features.size).toBeGreaterThan(4)
    for (const feature of features) expect(FEATURE.names).toContain(feature)
  })
})

describe('presets', () => {
  const built = (): Record<ControllerKey, Controller> => ({
    transport: transportControllers(CONTROL_ON.transport)[0],
    fault: faultControllers(CONTROL_ON.fault)[0],
    throttle: throttleController(CONTROL_ON.throttle),
    cancel: cancelController(CONTROL_ON.cancel)
  })

  it('start neutral in every first state but for the decision rule, and worse states ask for more', () => {
    for (const [name, { directives }] of Object.entries(built())) {
      const [first, ...rest] = directives
      expect(first).toEqual(name === 'cancel' ? AT_REST : NEUTRAL)
      for (const asked of rest) expect(asked).not.toEqual(first)
    }
    // Severity ladders: each state's record is at least as careful as the one before (transport's middle state is of another kind).
    for (const name of ['fault', 'throttle', 'cancel'] as const) {
      const { directives } = built()[name]
      for (let level = 1; level < directives.length; level++) {
        expect(directives[level]).toEqual(combine(directives[level - 1], directives[level]))
      }
    }
  })

  it('scale the message cap with the capacity believed in', () => {
    expect(throttleController(controlFor(50).throttle).directives[2].messageRateMaxPerSecond).toBe(30)
  })

  it('name every control of every playbook, and each can stand alone', () => {
    for (const key of CONTROLLER_KEYS) {
      expect(Object.keys(CONTROL_ON[key].controls).sort()).toEqual([...CONTROLS[key]].sort())
      for (const name of CONTROLS[key]) {
        const options = alone(CONTROL_ON, key, name)
        expect(CONTROLLER_KEYS.filter((other) => options[other].enabled)).toEqual([key])
        const on = Object.entries(options[key].controls).filter(([, { enabled }]) => enabled)
        expect(on.map(([control]) => control)).toEqual([name])
        expect(() => createControllers(options)).not.toThrow()
      }
    }
  })
})
