/*
 * Users' own policies: the modules that a scenario's policies name, loaded by their paths, so that every thread can load them for itself. Errors: InputError
 * `file:line: what` for what cannot be loaded, `file: what` for a module without the exports that are needed.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from '../kernel/assert.ts'
import type { CreatePolicy, PolicyModule } from '../policy/own-policy.ts'
import type { ModuleChoice, Scenario } from '../scenario/scenario.ts'
import { fileError } from './file-error.ts'

/** By name of the policy. */
export type PolicyModules = ReadonlyMap<string, PolicyModule>

export async function loadPolicyModules(scenario: Scenario): Promise<PolicyModules> {
  const modules = new Map<string, PolicyModule>()
  for (const [name, { module }] of scenario.policies) if (module !== null) modules.set(name, await loadModule(module))
  return modules
}

async function loadModule({ file, options }: ModuleChoice): Promise<PolicyModule> {
  const path = resolve(file)
  try {
    readFileSync(path)
  } catch (error) {
    throw fileError(file, error)
  }
  let exported: Readonly<Record<string, unknown>>
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new InputError(`${file}${lineOf(path, error)}: cannot be loaded: ${oneLine(error)}`)
  }
  const { createPolicy } = exported
  if (typeof createPolicy !== 'function') {
    const there = Object.keys(exported)
    const found =
      createPolicy === undefined
        ? `it exports ${there.length === 0 ? 'nothing' : there.join(', ')}`
        : `its createPolicy is a ${typeof createPolicy}`
    throw new InputError(`${file}: needs "export function createPolicy(parent, setup)"; ${found}`)
  }
  return { file, options: deepFrozen(options), createPolicy: createPolicy as CreatePolicy }
}

/** Plain data that no policy can change for another. */
function deepFrozen<T>(data: T): T {
  if (typeof data !== 'object' || data === null) return data
  for (const value of Object.values(data)) deepFrozen(value)
  return Object.freeze(data)
}

/** ":line", where the stack of a syntax error or of a throw tells it. */
function lineOf(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(pathToFileURL(path).href)
  return at < 0 ? '' : (/^[^\s:]*:\/\/[^\s:]*(:\d+)/.exec(stack.slice(at))?.[1] ?? '')
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split('\n')[0]
}
