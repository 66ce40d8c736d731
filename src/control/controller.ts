/*
 * A controller: a machine, its features and what it asks for in each state. The engine steps it; nothing else is needed to
 * write one. Its features read only `Reading`, which a live host can measure; it asks only through `Directives`.
 */
import { assert } from '../kernel/assert.ts'
import type { Directives } from '../order/directives.ts'
import { type Condition, checkMachine, type Machine } from './hysteresis.ts'
import type { Band } from './options.ts'
import type { Reading } from './reading.ts'

export type ControllerName = 'transport' | 'fault' | 'throttle' | 'cancel'

export interface Controller {
  readonly name: ControllerName
  readonly machine: Machine
  /** One record per state of the machine. */
  readonly directives: readonly Directives[]
}

/** A controller whose parts fit together. */
export function controller(machine: Machine & { readonly name: ControllerName }, directives: readonly Directives[]): Controller {
  checkMachine(machine)
  assert(directives.length === machine.states.length, `${machine.name}: directives for every state`)
  return { name: machine.name, machine, directives }
}

/** The feature is at or over its band. */
export function over(feature: string, read: (reading: Reading) => number, band: Band): Condition {
  return { feature, read, band }
}
