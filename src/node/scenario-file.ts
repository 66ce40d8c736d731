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
