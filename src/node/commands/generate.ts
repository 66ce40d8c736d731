/* tailtax generate: a market of its own to a tape. */
import { assert, InputError } from '../../kernel/assert.ts'
import { generateTape } from '../../market/generator.ts'
import { GENERATOR_PRESETS } from '../../market/generator-presets.ts'
import type { GeneratorFit } from '../../model/generator-fit.ts'
import { parseEdit } from '../../scenario/document.ts'
import { generatedVenueText } from '../../scenario/generated-venue.ts'
import { parseScenario } from '../../scenario/parse.ts'
import type { TapeSource } from '../../scenario/scenario.ts'
import { writeAtomicallySync } from '../atomic-file.ts'
import { type Command, JSON_OPTION, SEED_OPTION, SET_OPTION, type Values } from '../command.ts'
import { willWrite } from '../interruption.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress, type Progress } from '../progress.ts'
import { hashTape, readTape, writeTape } from '../tape-store.ts'

const PRESETS = Object.keys(GENERATOR_PRESETS)

export const GENERATE: Command = {
  usage: 'generate',
  describe:
    'Makes a tape of a market of its own: the same preset, options and seed give the same tape. --like fits the options to the facts of a recorded tape.',
  options: {
    preset: { type: 'string', requiresArg: true, describe: `${PRESETS.join(', ')}; default liquid` },
    like: {
      type: 'string',
      requiresArg: true,
      describe:
        'a recorded tape: its spread, depth, rates, sizes, lives, memory of signs and volatility are met; the options found go to <out>.yaml'
    },
    seed: { ...SEED_OPTION, default: '1', describe: 'seed of the order flow' },
    set: { ...SET_OPTION, describe: 'an option of the generator: open=10:00, limitsPerSecond=5 (repeatable)' },
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'the tape to write (Parquet)' },
    json: JSON_OPTION
  },
  examples: [
    ['--preset mid --seed 7 --set open=10:00 --set close=11:00 --out mid.parquet', 'an hour of a mid cap'],
    ['--like day.parquet --seed 2 --out like.parquet', 'a day like a recorded one, and its options in like.yaml']
  ],
  async run(values) {
    const seed = values.whole('seed', 0) ?? 1
    const out = values.needed('out')
    const like = values.text('like')
    if (like !== undefined && values.text('preset') !== undefined)
      throw new InputError('--preset: --like finds the options; leave one out')
    const preset = values.text('preset') ?? 'liquid'
    if (!Object.hasOwn(GENERATOR_PRESETS, preset))
      throw new InputError(`--preset ${preset}: is not a preset; there are ${PRESETS.join(', ')}`)
    const progress = openProgress()
    const found = like === undefined ? null : await fitTo(like, seed, progress)
    const source = readSource(
      found?.text ?? venueText(preset, seed),
      like === undefined ? `--preset ${preset}` : `--like ${like}`,
      values
    )
    progress.say(`generating ${out}`)
    const tape = generateTape(source.options, source.seed)
    progress.say(`writing ${out}`)
    willWrite(out)
    await writeTape(out, tape)
    const { tapeFacts } = await import('../tape-facts.ts')
    const { tapeReport } = await import('../../report/tape.ts')
    const facts = tapeFacts(tape, hashTape(tape))
    if (found === null) {
      progress.clear()
      if (values.flag('json')) printJson({ out, ...facts })
      else print(tapeReport(facts, await paintFor(process.stdout)))
      return
    }
    const scenario = `${out.replace(/\.parquet$/, '')}.yaml`
    writeAtomicallySync(scenario, (put) => put(generatedVenueText(source.options, source.seed)))
    progress.clear()
    if (values.flag('json')) printJson({ out, scenario, fit: found.fit.facts, options: source.options, ...facts })
    else {
      const { generatorFitReport } = await import('../../report/generator-fit.ts')
      print(`${generatorFitReport(found.fit)}\noptions in ${scenario}\n\n${tapeReport(facts, await paintFor(process.stdout))}`)
    }
  }
}

/** The generator's options are those of a scenario's tape, so they are read by the same schema, with the edits of the command line. */
function readSource(text: string, fileName: string, values: Values): Extract<TapeSource, { kind: 'generate' }> {
  const edits = values.list('set').map((given) => {
    const edit = parseEdit(given)
    const [first] = edit.path
    const inTape = first === 'open' || first === 'close'
    return { ...edit, path: ['market', 'venues', '0', 'tape', ...(inTape ? [] : ['options']), ...edit.path] }
  })
  const { tape } = parseScenario(text, { fileName, edits }).market.venues[0]
  assert(tape.kind === 'generate', 'a generated tape stays one')
  return tape
}

function venueText(preset: string, seed: number): string {
  return `market: { venues: [ { tape: { generate: ${JSON.stringify(preset)}, seed: ${seed} } } ] }`
}

/** The fit to a tape's facts, and its options as text. */
async function fitTo(like: string, seed: number, progress: Progress): Promise<{ fit: GeneratorFit; text: string }> {
  progress.say(`reading ${like}`)
  const tape = await readTape(like)
  const { marketFacts } = await import('../../metrics/market-facts.ts')
  const { fitGenerator } = await import('../../model/generator-fit.ts')
  const facts = marketFacts(tape)
  if (facts.flow.count === 0 || facts.book.spreadTicksMean === null || facts.seconds < 1)
    throw new InputError(`${like}: has less than a second of a two-sided book; there is nothing to be like`)
  progress.say(`fitting to ${like}`)
  const fit = fitGenerator(tape.header, facts)
  return { fit, text: generatedVenueText(fit.options, seed) }
}
