/* A scenario file with the command line's edits over it. Files named in it stand beside it; those named in an edit, where the command runs. */
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { InputError } from '../kernel/assert.ts'
import { type Edit, parseEdit } from '../scenario/document.ts'
import { parseScenario } from '../scenario/parse.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { fileError } from './file-error.ts'

export interface ScenarioChanges {
  /** `path=value`, in the order given. */
  readonly set?: readonly string[] | undefined
  readonly seed?: string | undefined
  readonly seeds?: string | undefined
  /** Policies as named by options: `option` and what was given, a policy's name or the path of a module. */
  readonly policies?: readonly { readonly option: string; readonly given: string }[]
}

/** Is it the path of a module, not the name of a policy? */
const isModulePath = (given: string): boolean => /[/\\]|\.[cm]?[jt]s$/.test(given)

/** The name of the policy that an option gives: for a module, its file's name without the extension. */
export function policyName(given: string): string {
  if (!isModulePath(given)) return given
  const name = given.replace(/^.*[/\\]/, '').replace(/\.[cm]?[jt]s$/, '')
  return /^[A-Za-z][\w-]*$/.test(name) ? name : 'module'
}

/** Errors: InputError `file:line:column: path: what`, `--set path=value: what`, `file: reason`. */
export function readScenario(path: string, changes: ScenarioChanges): Scenario {
  const edits: Edit[] = (changes.set ?? []).map(parseEdit)
  for (const key of ['seed', 'seeds'] as const) {
    const value = changes[key]
    if (value === undefined) continue
    if (!/^\d+$/.test(value)) throw new InputError(`--${key} ${value}: needs a whole number`)
    edits.push({ option: `--${key} ${value}`, path: [key], value })
  }
  for (const { option, given } of changes.policies ?? []) {
    if (!isModulePath(given)) continue
    const path = ['policies', policyName(given), 'module']
    const other = changes.policies?.find((policy) => policyName(policy.given) === path[1] && policy.given !== given)
    if (other !== undefined)
      throw new InputError(`${option} ${given}: has the same name as ${other.option} ${other.given}; rename a file`)
    edits.push({ option: `${option} ${given}`, path, value: JSON.stringify(given) })
  }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error)
  }
  const locate = (file: string, from: 'scenario' | 'edit'): string =>
    from === 'edit' || isAbsolute(file) ? file : join(dirname(path), file)
  return parseScenario(text, { fileName: path, edits, locate })
}
