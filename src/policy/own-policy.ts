/*
 * Policies of a user's own: a module that makes them, and the guard around each one. The guard turns whatever such a policy throws, and whatever the
 * desk cannot take, into one line that says where: file, line, parent, event and seed.
 */
import { InputError } from '../kernel/assert.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { ExecutionOptions } from './options.ts'
import type { IntentBuffer, Policy, PolicyView } from './view.ts'

/** What a module's policies are given beside their parent. */
export interface PolicySetup {
  /** The execution of the policy in the scenario: for modules that change or wrap the policies of this program (`createPolicy(parent, execution)`). */
  readonly execution: ExecutionOptions
  /** The scenario's `options` of the policy, any plain data; null where there are none. */
  readonly options: unknown
}

/**
 * Makes the policy of one parent order; exported as `createPolicy` by a module named in a scenario's `policies.<name>.module`. It is called once per
 * parent and run, before the run begins. Neither the parent nor the setup can be changed.
 */
export type CreatePolicy = (parent: ParentOrder, setup: PolicySetup) => Policy

export interface PolicyModule {
  /** As it was named. */
  readonly file: string
  readonly options: unknown
  readonly createPolicy: CreatePolicy
}

/** The module's policy of a parent, guarded. `instant`: where the run is, for messages. Errors, then and when it is asked: InputError. */
export function ownPolicy(module: PolicyModule, parent: ParentOrder, execution: ExecutionOptions, instant: () => string): Policy {
  const fault = (doing: string, error: unknown): InputError =>
    new InputError(
      `${placeOf(module.file, error)}: the policy of parent ${parent.parentId} ${doing} ${instant()}: ${inWords(error)}`,
      {
        cause: error
      }
    )
  let policy: Policy
  try {
    policy = module.createPolicy(parent, { execution, options: module.options })
  } catch (error) {
    throw fault('could not be made', error)
  }
  if (typeof policy?.decide !== 'function') {
    throw new InputError(`${module.file}: createPolicy gave no object with a function decide(view, out)`)
  }
  return {
    decide(view: PolicyView, out: IntentBuffer): void {
      let result: unknown
      try {
        result = policy.decide(view, out)
      } catch (error) {
        throw fault('threw', error)
      }
      if (result instanceof Promise)
        throw fault('failed', new Error('decide must not be async: it has to wish before it returns'))
    }
  }
}

/** `file:line:column` where the error's stack tells it, else `file`. */
export function placeOf(file: string, error: unknown): string {
  const name = file.replace(/^.*[/\\]/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const place = new RegExp(`[/\\\\]${name}(?:\\?[^:\\s]*)?(:\\d+:\\d+)`).exec(stack)
  return place === null ? file : file + place[1]
}

function inWords(error: unknown): string {
  const text =
    error instanceof Error
      ? error.name === 'InvariantError'
        ? `the rule "${error.message}" is broken`
        : `${error.name}: ${error.message}`
      : String(error)
  return text.replace(/\s+/g, ' ').trim()
}
