/* tailtax run: one policy, one seed; with --out its ledger is kept. */
import { summarise } from '../../metrics/run-metrics.ts'
import { runReport } from '../../report/run.ts'
import { simulate } from '../../simulate.ts'
import { CACHE_OPTION, type Command, JSON_OPTION, SEED_OPTION, SET_OPTION } from '../command.ts'
import { commandLine } from '../command-line.ts'
import { manifestOf } from '../manifest.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { writeRun } from '../run-store.ts'
import { readScenario } from '../scenario-file.ts'
import { policyOf } from '../world-parts.ts'
import { prepare } from '../worlds.ts'

export const RUN: Command = {
  usage: 'run <scenario>',
  describe: 'Runs one policy of a scenario with one seed. With --out its ledger is kept, for inspect and for other programs.',
  options: {
    policy: { type: 'string', requiresArg: true, default: 'baseline', describe: 'name of the policy' },
    seed: SEED_OPTION,
    set: SET_OPTION,
    out: { type: 'string', requiresArg: true, describe: 'directory for the ledger and its manifest' },
    csv: { type: 'boolean', describe: 'write the ledger as CSV, not Parquet' },
    cache: CACHE_OPTION,
    json: JSON_OPTION
  },
  examples: [['scenarios/quickstart.yaml --policy controlled --seed 3 --out out/run', 'keeps the ledger of one run']],
  async run(values) {
    const file = values.needed('scenario')
    const scenario = readScenario(file, { set: values.list('set'), seed: values.text('seed') })
    const policy = values.needed('policy')
    policyOf(scenario, policy)
    const progress = openProgress()
    const ready = await prepare(scenario, { cache: values.text('cache') ?? null, progress })
    progress.say(`running ${policy}, seed ${scenario.seed}`)
    const run = simulate(ready.world(policy, scenario.seed))
    const metrics = summarise(run.ledger, ready.context)
    const out = values.text('out')
    if (out !== undefined) {
      progress.say(`writing ${out}`)
      const { seed, ledgerHash, eventCount: events, stages } = run
      const manifest = manifestOf(ready, { kind: 'run', policy, seed, ledgerHash, events, stages })
      await writeRun(out, manifest, run.ledger, values.flag('csv') ? 'csv' : 'parquet')
    }
    progress.clear()
    const facts = { scenario: scenario.name, policy, seed: run.seed, ledgerHash: run.ledgerHash }
    if (values.flag('json')) {
      printJson({ ...facts, events: run.eventCount, ...metrics, stages: run.stages, ...(out === undefined ? {} : { out }) })
      return
    }
    const context = { market: ready.market, command: commandLine(), paint: await paintFor(process.stdout) }
    print(runReport({ ...facts, eventCount: run.eventCount, metrics }, context))
  }
}
