/*
 * A controller: a machine, its features and what it asks for in each state. The engine steps it; nothing else is needed to
 * write one. Its features read only `Reading`, which a live host can measure; it asks only through `Directives`.
 */
import { assert } from '../kernel/assert.ts'
import { CONTROLS, type ControllerKey } from '../order/controls.ts'
import { combine, type DirectiveName, type Directives, NEUTRAL } from '../order/directives.ts'
import { type Condition, checkMachine, type Machine } from './hysteresis.ts'
import type { Band, Control } from './options.ts'
import type { Reading } from './reading.ts'

/** The playbooks' controllers; and machines of two states for the controls that have a threshold of their own. */
export type ControllerName = ControllerKey | 'queue-budget' | 'phase-lock' | 'remediation'

export interface Controller {
  readonly name: ControllerName
  readonly machine: Machine
  /** One record per state of the machine. */
  readonly directives: readonly Directives[]
  /** By state: bits of CONTROLS[its playbook] that ask for something. */
  readonly controls: readonly number[]
}

/** Takes part in a controller: its options' name in CONTROLS, and the options. */
type Levers = readonly (readonly [name: string, control: Control])[]

/** A controller of the enabled among these controls. `playbook`: whose names they have. */
export function controller(
  playbook: ControllerKey,
  machine: Machine & { readonly name: ControllerName },
  levers: Levers
): Controller {
  checkMachine(machine)
  const names: readonly string[] = CONTROLS[playbook]
  const enabled = levers.filter(([, control]) => control.enabled)
  for (const [name, { states }] of enabled) {
    assert(states.length === machine.states.length, `${machine.name}: ${name} says what it asks for in every state`)
  }
  const directives = machine.states.map((_, level) =>
    enabled.reduce((asked, [, { states }]) => combine(asked, { ...NEUTRAL, ...states[level] }), NEUTRAL)
  )
  const controls = machine.states.map((_, level) =>
    enabled.reduce((mask, [name, { states }]) => (asksNothing(states[level]) ? mask : mask | (1 << names.indexOf(name))), 0)
  )
  return { name: machine.name, machine, directives, controls }
}

function asksNothing(asked: Partial<Directives>): boolean {
  return (Object.keys(asked) as DirectiveName[]).every((name) => asked[name] === NEUTRAL[name])
}

/** The feature is at or over its band. */
export function over(feature: string, read: (reading: Reading) => number, band: Band): Condition {
  return { feature, read, band }
}
