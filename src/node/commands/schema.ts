import { writeAtomicallySync } from '../atomic-file.ts'
import type { Command } from '../command.ts'
import { willWrite } from '../interruption.ts'
import { print } from '../output.ts'

export const SCHEMA: Command = {
  usage: 'schema',
  describe: 'Prints the JSON Schema of scenario files, for editors that complete and check YAML.',
  options: { out: { type: 'string', requiresArg: true, describe: 'write it to this file' } },
  examples: [['--out scenario.schema.json', 'writes the schema to a file']],
  async run(values) {
    const { scenarioJsonSchema } = await import('../../scenario/json-schema.ts')
    const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
    const out = values.text('out')
    if (out === undefined) return print(text)
    willWrite(out)
    writeAtomicallySync(out, (put) => put(text))
  }
}
