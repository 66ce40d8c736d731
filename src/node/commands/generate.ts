/* tailtax generate: a market of its own to a tape. */
import { assert, InputError } from '../../kernel/assert.ts'
import { generateTape } from '../../market/generator.ts'
import { GENERATOR_PRESETS } from '../../market/generator-presets.ts'
import { parseEdit } from '../../scenario/document.ts'
import { parseScenario } from '../../scenario/parse.ts'
import { type Command, JSON_OPTION, SEED_OPTION, SET_OPTION } from '../command.ts'
import { willWrite } from '../interruption.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { hashTape, writeTape } from '../tape-store.ts'

export const GENERATE: Command = {
  usage: 'generate',
  describe: 'Makes a tape of a market of its own: the same preset, options and seed give the same tape.',
  options: {
    preset: { type: 'string', requiresArg: true, default: 'liquid', describe: 'liquid or mid' },
    seed: { ...SEED_OPTION, default: '1', describe: 'seed of the order flow' },
    set: { ...SET_OPTION, describe: 'an option of the generator: open=10:00, limitsPerSecond=5 (repeatable)' },
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'the tape to write (Parquet)' },
    json: JSON_OPTION
  },
  examples: [['--preset mid --seed 7 --set open=10:00 --set close=11:00 --out mid.parquet', 'an hour of a mid cap']],
  async run(values) {
    const seed = values.whole('seed', 0) ?? 1
    const out = values.needed('out')
    const preset = values.needed('preset')
    if (!Object.hasOwn(GENERATOR_PRESETS, preset)) {
      throw new InputError(`--preset ${preset}: is not a preset; there are ${Object.keys(GENERATOR_PRESETS).join(', ')}`)
    }
    // The generator's options are those of a scenario's tape, so they are read by the same schema.
    const edits = values.list('set').map((given) => {
      const edit = parseEdit(given)
      const [first] = edit.path
      const inTape = first === 'open' || first === 'close'
      return { ...edit, path: ['market', 'venues', '0', 'tape', ...(inTape ? [] : ['options']), ...edit.path] }
    })
    const text = `market: { venues: [ { tape: { generate: ${JSON.stringify(preset)}, seed: ${seed} } } ] }`
    const { tape: source } = parseScenario(text, { fileName: `--preset ${preset}`, edits }).market.venues[0]
    assert(source.kind === 'generate', 'a generated tape stays one')
    const progress = openProgress()
    progress.say(`generating ${preset}`)
    const tape = generateTape(source.options, source.seed)
    progress.say(`writing ${out}`)
    willWrite(out)
    await writeTape(out, tape)
    const { tapeFacts } = await import('../tape-facts.ts')
    const { tapeReport } = await import('../../report/tape.ts')
    const facts = tapeFacts(tape, hashTape(tape))
    progress.clear()
    if (values.flag('json')) printJson({ out, ...facts })
    else print(tapeReport(facts, await paintFor(process.stdout)))
  }
}
