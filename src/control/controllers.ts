/*
 * The controllers of one run: stepped together at every sample, their directives combined by the most careful. A disabled
 * controller does not exist: its level stays 0 and it asks for nothing.
 */
import { combine, type Directives, NEUTRAL } from '../order/directives.ts'
import { CANCEL_STATES, cancelController } from './cancel.ts'
import type { Controller, ControllerName } from './controller.ts'
import { FAULT_STATES, faultController } from './fault.ts'
import { type MachineState, REST, step } from './hysteresis.ts'
import type { ControlOptions } from './options.ts'
import type { Reading } from './reading.ts'
import { THROTTLE_STATES, throttleController } from './throttle.ts'
import { TRANSPORT_STATES, transportController } from './transport.ts'

/** One move of one controller, as the ledger's transitions table wants it. */
export interface Transition {
  readonly atNs: number
  readonly controller: ControllerName
  readonly from: string
  readonly to: string
  /** Why: the feature's value reached the threshold (escalation), or fell below it (recovery; NaN = it is no longer known). */
  readonly feature: string
  readonly value: number
  readonly threshold: number
  /** Time spent in `from`. */
  readonly dwellNs: number
}

/** The playbooks' state names, from calm to worst. */
export const CONTROLLER_STATES: { readonly [name in ControllerName]: readonly string[] } = {
  transport: TRANSPORT_STATES,
  fault: FAULT_STATES,
  throttle: THROTTLE_STATES,
  cancel: CANCEL_STATES
}

export interface Levels {
  transport: number
  fault: number
  throttle: number
  cancel: number
}

export interface Controllers {
  /** At most one transition per controller; mostly the same empty array. */
  step(reading: Reading): readonly Transition[]
  /** The combined directives now; the same object until a transition. */
  directives(): Directives
  /** The state of each, as an index of CONTROLLER_STATES; a live view. */
  levels(): Readonly<Levels>
}

const NONE: readonly Transition[] = []

export function createControllers(options: ControlOptions): Controllers {
  const controllers: Controller[] = []
  if (options.transport.enabled) controllers.push(transportController(options.transport))
  if (options.fault.enabled) controllers.push(faultController(options.fault))
  if (options.throttle.enabled) controllers.push(throttleController(options.throttle))
  if (options.cancel.enabled) controllers.push(cancelController(options.cancel))
  const states: MachineState[] = controllers.map(() => REST)
  const levels: Levels = { transport: 0, fault: 0, throttle: 0, cancel: 0 }
  let combined = combineAll(controllers, states)

  return {
    step(reading) {
      let transitions: Transition[] | null = null
      for (let i = 0; i < controllers.length; i++) {
        const { name, machine } = controllers[i]
        const before = states[i]
        const after = step(machine, before, reading)
        states[i] = after
        if (after.level === before.level || after.trigger === null) continue
        levels[name] = after.level
        transitions ??= []
        transitions.push({
          atNs: reading.atNs,
          controller: name,
          from: machine.states[before.level],
          to: machine.states[after.level],
          ...after.trigger
        })
      }
      if (transitions === null) return NONE
      combined = combineAll(controllers, states)
      return transitions
    },
    directives: () => combined,
    levels: () => levels
  }
}

function combineAll(controllers: readonly Controller[], states: readonly MachineState[]): Directives {
  let combined = NEUTRAL
  for (let i = 0; i < controllers.length; i++) combined = combine(combined, controllers[i].directives[states[i].level])
  return combined
}
