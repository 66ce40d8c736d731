/* tailtax compare: two policies in the same worlds, seed by seed, and what each paid. */
import { join } from 'node:path'
import { type Comparison, type ComparisonPlan, cellsOf, combine } from '../../experiment/compare.ts'
import { InputError } from '../../kernel/assert.ts'
import { comparisonReport } from '../../report/comparison.ts'
import { worthReport } from '../../report/worth.ts'
import { SINGLE_NAMES } from '../../scenario/policy-presets.ts'
import { CACHE_OPTION, type Command, JSON_OPTION, POLICY_HELP, SEED_OPTION, SET_OPTION } from '../command.ts'
import { commandLine } from '../command-line.ts'
import { manifestOf } from '../manifest.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { MANIFEST, writeDirectory, writeText } from '../run-store.ts'
import { policyName, readScenario } from '../scenario-file.ts'
import { policyOf } from '../world-parts.ts'
import { defaultThreadCount, runCells, THREADS_MAX } from '../world-threads.ts'
import { prepare } from '../worlds.ts'

export const COMPARE: Command = {
  usage: 'compare <scenario>',
  describe:
    'Runs two policies in the same worlds, seed by seed, and says what each paid and whether the difference is more than luck.',
  options: {
    baseline: { type: 'string', requiresArg: true, default: 'baseline', describe: `the first: ${POLICY_HELP}` },
    controlled: { type: 'string', requiresArg: true, default: 'controlled', describe: 'the second, likewise' },
    policies: {
      type: 'string',
      requiresArg: true,
      describe:
        'many policies against the first: names with commas between; fault-only and fault-cappedCatchUp are single ones, fault-* all of fault'
    },
    seed: SEED_OPTION,
    seeds: { type: 'string', requiresArg: true, describe: 'number of seeds' },
    set: SET_OPTION,
    out: { type: 'string', requiresArg: true, describe: 'directory for the comparison, its text and its manifest' },
    cache: CACHE_OPTION,
    threads: {
      type: 'string',
      requiresArg: true,
      describe: 'threads that run worlds, default the cores, at most 4; changes no result'
    },
    json: JSON_OPTION
  },
  examples: [
    ['scenarios/quickstart.yaml --seeds 20 --set path.gateway.throttle.limit=12', 'twenty seeds, half the capacity'],
    [
      "scenarios/fault-storm.yaml --policies 'baseline,controlled,fault-*'",
      'what each control of the fault controller is worth alone'
    ],
    ['scenarios/quickstart.yaml --controlled ./mine.js', 'a policy of your own against the baseline']
  ],
  async run(values) {
    const given = values.whole('threads', 1, THREADS_MAX)
    const file = values.needed('scenario')
    const many = namesOf(values.text('policies'))
    const policies =
      many?.map((name) => ({ option: '--policies', given: name })) ??
      ['baseline', 'controlled'].map((name) => ({ option: `--${name}`, given: values.needed(name) }))
    const scenario = readScenario(file, {
      set: values.list('set'),
      seed: values.text('seed'),
      seeds: values.text('seeds'),
      policies
    })
    const names = policies.map((policy) => policyName(policy.given))
    for (const name of names) policyOf(scenario, name)
    const [baseline, controlled] = names
    const progress = openProgress()
    const ready = await prepare(scenario, { cache: values.text('cache') ?? null, progress })
    const plan: ComparisonPlan = {
      scenario: scenario.title,
      seed: scenario.seed,
      seeds: Array.from({ length: scenario.seedCount }, (_, index) => scenario.seed + index),
      policies: names,
      baseline,
      controlled,
      context: ready.context,
      resampleCount: scenario.report.resamples
    }
    const cells = cellsOf(plan)
    const threads = given ?? defaultThreadCount(cells.length)
    const reductions = await runCells(ready, cells, threads, (done) => progress.say(`${done} of ${cells.length} runs done`))
    progress.say('comparing')
    const comparison = combine(plan, reductions)
    const context = { market: ready.market, command: commandLine() }
    const out = values.text('out')
    if (out !== undefined) {
      const { ledgerHash, events } = comparison
      const manifest = manifestOf(ready, { kind: 'comparison', seed: scenario.seed, ledgerHash, events })
      await writeDirectory(out, async (temporary) => {
        writeText(join(temporary, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`)
        writeText(join(temporary, 'comparison.txt'), reportOf(comparison)(comparison, context))
        writeText(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
      })
    }
    progress.clear()
    if (values.flag('json')) printJson(comparison)
    else print(reportOf(comparison)(comparison, { ...context, paint: await paintFor(process.stdout) }))
  }
}

/** Of --policies; a star stands for all single policies that begin so. Undefined: the option was not given. */
function namesOf(given: string | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined
  const names = given.split(',').flatMap((part) => {
    const name = part.trim()
    return name.endsWith('*') ? SINGLE_NAMES.filter((single) => single.startsWith(name.slice(0, -1))) : [name]
  })
  if (names.length < 2) throw new InputError('--policies: needs at least two names, such as baseline,fault-only')
  return [...new Set(names)]
}

function reportOf({ others }: Comparison): typeof comparisonReport {
  return others === undefined ? comparisonReport : worthReport
}
