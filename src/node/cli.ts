/*
 * The command line. Commands are loaded when they are called: yaml, zod and DuckDB cost a tenth of a second each. Exit codes: 0 done,
 * 1 usage, input or tool error. Errors are one line on stderr.
 */
import yargs from 'yargs'
import { InputError } from '../kernel/assert.ts'
import { type Command, describeCommand, Values } from './command.ts'
import { print, printError } from './output.ts'
import { programVersion } from './version.ts'

interface Entry {
  readonly name: string
  readonly what: string
  load(): Promise<Command>
}

const COMMANDS: readonly Entry[] = [
  { name: 'import', what: 'a recorded day to a tape', load: async () => (await import('./commands/import.ts')).IMPORT },
  {
    name: 'generate',
    what: 'a market of its own to a tape',
    load: async () => (await import('./commands/generate.ts')).GENERATE
  },
  { name: 'inspect', what: 'what a tape or a run holds', load: async () => (await import('./commands/inspect.ts')).INSPECT },
  { name: 'run', what: 'one policy, one seed', load: async () => (await import('./commands/run.ts')).RUN },
  { name: 'compare', what: 'two policies in the same worlds', load: async () => (await import('./commands/compare.ts')).COMPARE },
  {
    name: 'stage',
    what: 'one stage of the path by itself',
    load: async () => (await import('./commands/stage.ts')).STAGE
  },
  { name: 'schema', what: "the scenario's JSON Schema", load: async () => (await import('./commands/schema.ts')).SCHEMA }
]

const HELP = `tailtax: what trade execution pays below the strategy

tailtax <command> …

${COMMANDS.map(({ name, what }) => `  ${name.padEnd(10)}${what}`).join('\n')}

tailtax <command> --help   its options, with an example
tailtax --version          the version
`

/** Gives the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await dispatch(args)
    return 0
  } catch (error) {
    printError(error)
    return 1
  }
}

async function dispatch(args: readonly string[]): Promise<void> {
  const [name] = args
  if (name === undefined) throw new InputError(`no command is given; there are ${COMMANDS.map((entry) => entry.name).join(', ')}`)
  if (name === '--help' || name === '-h' || name === 'help') return print(HELP)
  if (name === '--version') return print(`${programVersion()}\n`)
  const entry = COMMANDS.find((known) => known.name === name)
  if (entry === undefined) {
    throw new InputError(`"${name}" is not a command; there are ${COMMANDS.map((known) => known.name).join(', ')}`)
  }
  const command = await entry.load()
  const parser = yargs()
    .scriptName('tailtax')
    .parserConfiguration({
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false
    })
    .exitProcess(false)
    .version(false)
    .help(false)
    .option('help', { type: 'boolean', describe: 'this text' })
    .strict()
    .fail((message, error) => {
      // A fault of usage comes as a message, as a YError, or as both.
      if (error !== undefined && error !== null && error.name !== 'YError') throw error
      throw new InputError(`${entry.name}: ${usageFault(message ?? error.message)}; see tailtax ${entry.name} --help`)
    })
  let help = false
  const ready = parser.command(
    command.usage,
    false,
    (argv) => describeCommand(argv, command),
    async (given) => {
      if (!help) await command.run(new Values(given))
    }
  )
  if (args.includes('--help')) {
    help = true
    return print(`${await describeCommand(ready, command).wrap(100).getHelp()}\n`)
  }
  await ready.parseAsync([...args])
}

/** yargs' words, made one plain sentence. */
function usageFault(message: string): string {
  return message
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^Unknown arguments?: (\S+).*/, (_, name: string) => `--${name} is not an option or argument`)
    .replace(/^Not enough non-option arguments.*/, 'an argument is missing')
    .replace(/^Not enough arguments following: (\S+)/, (_, name: string) => `--${name} needs a value`)
    .replace(/^Missing required argument: (\S+)/, (_, name: string) => `--${name} is missing`)
    .trim()
}
