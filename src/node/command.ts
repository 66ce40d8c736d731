/* What every command shares: its shape, its options, and how their values are read. */
import type { ArgumentsCamelCase, Argv, Options } from 'yargs'
import { InputError } from '../kernel/assert.ts'

export interface Command {
  /** In yargs' notation: `run <scenario>`. */
  readonly usage: string
  readonly describe: string
  readonly options: Readonly<Record<string, Options>>
  /** A command line and what it does. */
  readonly examples: readonly (readonly [command: string, what: string])[]
  run(values: Values): Promise<void>
}

/** The values of one call. Everything is text until a reader below has checked it. */
export class Values {
  private readonly given: ArgumentsCamelCase

  constructor(given: ArgumentsCamelCase) {
    this.given = given
  }

  text(name: string): string | undefined {
    const value = this.given[name]
    if (value === undefined) return undefined
    if (Array.isArray(value)) throw new InputError(`--${name}: is given ${value.length} times; give it once`)
    const text = String(value)
    if (text === '') throw new InputError(`--${name}: is empty`)
    return text
  }

  needed(name: string): string {
    const text = this.text(name)
    if (text === undefined) throw new InputError(`--${name} is missing`)
    return text
  }

  list(name: string): readonly string[] {
    const value = this.given[name]
    if (value === undefined) return []
    return Array.isArray(value) ? value.map(String) : [String(value)]
  }

  flag(name: string): boolean {
    return this.given[name] === true
  }

  whole(name: string, low: number, high = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InputError(`--${name} ${text}: needs a whole number from ${low} to ${high}`)
    }
    return value
  }
}

export const JSON_OPTION: Options = { type: 'boolean', describe: 'print one JSON object on stdout and nothing else there' }

export const SET_OPTION: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'change one value before anything is checked: path=value (repeatable)'
}

/** Of an option that names a policy. */
export const POLICY_HELP = `name of the policy (baseline, controlled, or one of the scenario's), or the path of your own: ./mine.js`

export const SEED_OPTION: Options = { type: 'string', requiresArg: true, describe: 'the first seed' }

export const CACHE_OPTION: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'where imported tapes are kept: a directory, or none (default: the user cache directory)'
}

/** Adds a command's options and examples. */
export function describeCommand(argv: Argv, command: Command): Argv {
  const [name, ...positions] = command.usage.split(' ')
  let described = argv.usage(`$0 ${command.usage}\n\n${command.describe}`).options(command.options)
  for (const position of positions) {
    // A dotted position takes any number of words.
    described = described.positional(position.replace(/[<>[\].]/g, ''), { type: 'string', array: position.includes('..') })
  }
  for (const [line, what] of command.examples) described = described.example(`$0 ${name} ${line}`, what)
  return described
}
