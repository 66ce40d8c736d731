/*
 * The controllers of one run: stepped together at every sample, their directives combined by the most careful. A disabled
 * controller does not exist: its level stays 0 and it asks for nothing.
 */
import type { ControllerKey } from '../order/controls.ts'
import { combine, type Directives, NEUTRAL } from '../order/directives.ts'
import { CANCEL_STATES, cancelController } from './cancel.ts'
import type { Controller, ControllerName } from './controller.ts'
import { CONTAINED, FAULT_STATES, faultControllers, REMEDIATION_STATES } from './fault.ts'
import { type MachineState, REST, step, type Trigger } from './hysteresis.ts'
import type { ControlOptions } from './options.ts'
import type { Reading } from './reading.ts'
import { alerts, THROTTLE_STATES, throttleController } from './throttle.ts'
import { PHASE_LOCK_STATES, QUEUE_BUDGET_STATES, TRANSPORT_STATES, transportControllers } from './transport.ts'

/**
 * One move of one controller, as the ledger's transitions table wants it. Why: the feature's value reached the threshold (escalation), or fell
 * below it (recovery; NaN = it is no longer known).
 */
export interface Transition extends Trigger {
  readonly atNs: number
  readonly controller: ControllerName
  readonly from: string
  readonly to: string
  /** Bits of the playbook's CONTROLS that ask for something from now on. */
  readonly controls: number
  /** An operator is called. */
  readonly alert: boolean
}

/** The playbooks' state names, from calm to worst; and those of the machines of single controls. */
export const CONTROLLER_STATES: { readonly [name in ControllerName]: readonly string[] } = {
  transport: TRANSPORT_STATES,
  fault: FAULT_STATES,
  throttle: THROTTLE_STATES,
  cancel: CANCEL_STATES,
  'queue-budget': QUEUE_BUDGET_STATES,
  'phase-lock': PHASE_LOCK_STATES,
  remediation: REMEDIATION_STATES
}

export type Levels = { [name in ControllerKey]: number }

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
  if (options.transport.enabled) controllers.push(...transportControllers(options.transport))
  if (options.fault.enabled) controllers.push(...faultControllers(options.fault))
  if (options.throttle.enabled) controllers.push(throttleController(options.throttle))
  if (options.cancel.enabled) controllers.push(cancelController(options.cancel))
  const fault = controllers.findIndex(({ name }) => name === 'fault')
  const states: MachineState[] = controllers.map(() => REST)
  const levels: Levels = { transport: 0, fault: 0, throttle: 0, cancel: 0 }
  let combined = combineAll(controllers, states)

  return {
    step(given) {
      let transitions: Transition[] | null = null
      const reading = fault < 0 ? given : withContained(given, states[fault])
      for (let i = 0; i < controllers.length; i++) {
        const { name, machine, controls } = controllers[i]
        const before = states[i]
        const after = step(machine, before, reading)
        states[i] = after
        if (after.level === before.level || after.trigger === null) continue
        if (name in levels) levels[name as ControllerKey] = after.level
        const to = machine.states[after.level]
        transitions ??= []
        transitions.push({
          atNs: reading.atNs,
          controller: name,
          from: machine.states[before.level],
          to,
          controls: controls[after.level],
          alert: name === 'throttle' && alerts(options.throttle, to),
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

/** The reading with the time that the fault controller has been in its last state, as it was before this step. */
function withContained(reading: Reading, fault: MachineState): Reading {
  if (fault.level !== CONTAINED) return reading
  return { ...reading, containedNs: reading.atNs - fault.sinceNs }
}

function combineAll(controllers: readonly Controller[], states: readonly MachineState[]): Directives {
  let combined = NEUTRAL
  for (let i = 0; i < controllers.length; i++) combined = combine(combined, controllers[i].directives[states[i].level])
  return combined
}
