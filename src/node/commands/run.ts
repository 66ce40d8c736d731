/* tailtax run: one policy, one seed; with --out its ledger is kept. */

import { InputError } from '../../kernel/assert.ts'
import { summarise } from '../../metrics/run-metrics.ts'
import { runReport } from '../../report/run.ts'
import { EXECUTION_NAMES } from '../../scenario/execution-presets.ts'
import { type Run, simulate } from '../../simulate.ts'
import { CACHE_OPTION, type Command, JSON_OPTION, POLICY_HELP, SEED_OPTION, SET_OPTION } from '../command.ts'
import { commandLine } from '../command-line.ts'
import { manifestOf } from '../manifest.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { writeRun } from '../run-store.ts'
import { policyName, readScenario } from '../scenario-file.ts'
import { policyOf } from '../world-parts.ts'
import { prepare } from '../worlds.ts'

export const RUN: Command = {
  usage: 'run <scenario>',
  describe: 'Runs one policy of a scenario with one seed. With --out its ledger is kept, for inspect and for other programs.',
  options: {
    policy: { type: 'string', requiresArg: true, default: 'baseline', describe: POLICY_HELP },
    seed: SEED_OPTION,
    set: SET_OPTION,
    out: { type: 'string', requiresArg: true, describe: 'directory for the ledger and its manifest' },
    check: { type: 'boolean', describe: 'run twice, and fail unless both runs give the same ledger' },
    csv: { type: 'boolean', describe: 'write the ledger as CSV, not Parquet' },
    cache: CACHE_OPTION,
    json: JSON_OPTION
  },
  examples: [
    ['scenarios/quickstart.yaml --policy controlled --seed 3 --out out/run', 'keeps the ledger of one run'],
    [
      'scenarios/quickstart.yaml --policy pov --set policies.pov.execution=pov',
      `an execution by name: ${EXECUTION_NAMES.join(', ')}`
    ],
    ['scenarios/quickstart.yaml --policy ./mine.js --check', 'a policy of your own, run twice']
  ],
  async run(values) {
    const file = values.needed('scenario')
    const given = values.needed('policy')
    const policy = policyName(given)
    const scenario = readScenario(file, {
      set: values.list('set'),
      seed: values.text('seed'),
      policies: [{ option: '--policy', given }]
    })
    policyOf(scenario, policy)
    const progress = openProgress()
    const ready = await prepare(scenario, { cache: values.text('cache') ?? null, progress })
    progress.say(`running ${policy}, seed ${scenario.seed}`)
    const run = simulate(ready.world(policy, scenario.seed))
    if (values.flag('check')) checkAgain(given, run, simulate(ready.world(policy, scenario.seed)))
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

/** A policy that has a memory of earlier runs, or reads a clock, cannot be compared with another. Errors: InputError. */
function checkAgain(policy: string, first: Run, second: Run): void {
  if (first.ledgerHash === second.ledgerHash) return
  throw new InputError(
    `--policy ${policy}: gave ledger ${first.ledgerHash}, and ${second.ledgerHash} the second time; it must depend on nothing but what it is shown`
  )
}
