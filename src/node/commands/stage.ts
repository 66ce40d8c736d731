/* tailtax stage: one stage of the path by itself, arrivals in, departures out. */
import { readFileSync } from 'node:fs'
import { InputError } from '../../kernel/assert.ts'
import { stageReport } from '../../report/stage.ts'
import { parseEdit } from '../../scenario/document.ts'
import { type Command, JSON_OPTION, SEED_OPTION, SET_OPTION } from '../command.ts'
import { fileError } from '../file-error.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { ACKS_STAGE } from '../stages/acks.ts'
import { HOST_STAGE } from '../stages/host.ts'
import { QDISC_STAGE } from '../stages/qdisc.ts'
import type { Stage } from '../stages/stage.ts'
import { THROTTLE_STAGE } from '../stages/throttle.ts'

const STAGES: Readonly<Record<string, Stage>> = {
  host: HOST_STAGE,
  qdisc: QDISC_STAGE,
  throttle: THROTTLE_STAGE,
  acks: ACKS_STAGE
}

export const STAGE: Command = {
  usage: 'stage <stage>',
  describe: [
    'Drives one stage of the path by itself: host, qdisc, throttle or acks. Arrivals and departures are CSV files, times whole ns.',
    ...Object.entries(STAGES).map(([name, { describe }]) => `${name}: ${describe}.`),
    "Rates and sizes of a qdisc are read as tc(8) reads them (2mbit, 550kbit, 200kbps; a bare number is bits per second, a bare size bytes) or in B/s; a flow's max_pacing_rate needs its unit."
  ].join('\n'),
  options: {
    config: { type: 'string', requiresArg: true, demandOption: true, describe: 'what the stage is (YAML)' },
    in: { type: 'string', requiresArg: true, demandOption: true, describe: 'the arrivals, in order of time (CSV, plain or .gz)' },
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'the departures to write (CSV)' },
    seed: { ...SEED_OPTION, default: '1', describe: "seed of the stage's luck and weather" },
    set: { ...SET_OPTION, describe: 'change one value of the config before it is checked: path=value (repeatable)' },
    json: JSON_OPTION
  },
  examples: [
    ['qdisc --config fq.yaml --in arrivals.csv --out departures.csv', 'what fq does with these packets'],
    ['throttle --config bybit.yaml --set limit=20 --in messages.csv --out outcomes.csv', 'a venue limit, doubled']
  ],
  async run(values) {
    const name = values.needed('stage')
    const stage = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined
    if (stage === undefined) throw new InputError(`stage: "${name}" is not a stage; there are ${Object.keys(STAGES).join(', ')}`)
    const fileName = values.needed('config')
    const arrivals = values.needed('in')
    const out = values.needed('out')
    const seed = values.whole('seed', 0) ?? 1
    const edits = values.list('set').map(parseEdit)
    let text: string
    try {
      text = readFileSync(fileName, 'utf8')
    } catch (error) {
      throw fileError(fileName, error)
    }
    const progress = openProgress()
    try {
      const summary = await stage.run({ config: { text, fileName, edits }, arrivals, out, seed, progress })
      progress.clear()
      if (values.flag('json')) printJson({ stage: name, ...summary, out })
      else print(stageReport(name, summary, out, await paintFor(process.stdout)))
    } finally {
      progress.clear()
    }
  }
}
