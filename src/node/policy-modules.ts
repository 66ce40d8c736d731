/*
 * Users' own policies: the modules that a scenario's policies name, loaded by their paths, so that every thread can load them for itself. Errors: InputError
 * `file:line: what` for what cannot be loaded, `file: what` for a module without the exports that are needed.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from '../kernel/assert.ts'
import { type CreatePolicy, type PolicyModule, placeOf } from '../policy/own-policy.ts'
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
  let source: string
  try {
    source = readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(file, error)
  }
  let exported: Readonly<Record<string, unknown>>
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new InputError(`${placeIn(file, source, error)}: cannot be loaded: ${oneLine(error)}${hint(error)}`)
  }
  const { createPolicy } = exported
  if (typeof createPolicy !== 'function') {
    const there = Object.keys(exported)
    const found =
      createPolicy === undefined
        ? `it exports ${there.length === 0 ? 'nothing' : there.join(', ')}`
        : `its createPolicy is of type ${typeof createPolicy}`
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

/** `file:line` or `file:line:column`, as far as it can be known: what an import says of a syntax error has no place, but Node's own check tells the line. */
function placeIn(file: string, source: string, error: unknown): string {
  if (!(error instanceof SyntaxError)) return placeOf(file, error)
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--check', '-'], { input: source, encoding: 'utf8' })
  const line = /^\S*:(\d+)$/m.exec(stderr)?.[1]
  return line === undefined ? file : `${file}:${line}`
}

/** Before its version 20.19 Node takes a .js file that no package.json speaks for as CommonJS. */
function hint(error: unknown): string {
  const isCommon = error instanceof SyntaxError && /'export'|outside a module/.test(error.message)
  return isCommon ? '; call it .mjs, or set "type": "module" in the package.json beside it' : ''
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split('\n')[0]
}
