/* The layering check can fail: one violation of each rule is planted in a small tree of its own, and must be found. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Summary {
  totalCruised: number
  violations: { from: string; to: string; rule: { name: string } }[]
}

const project = fileURLToPath(new URL('../..', import.meta.url))
const cruiser = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')

function cruise(directory: string): Summary {
  const done = spawnSync(
    process.execPath,
    [cruiser, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '--no-cache'],
    { cwd: directory, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }
  )
  return (JSON.parse(done.stdout) as { summary: Summary }).summary
}

/** Two files a room would need, and the rule that must see what they do. */
const planted: [rule: string, from: string, source: string][] = [
  ['room-kernel', 'kernel/planted.ts', "import '../order/word.ts'"],
  ['room-market', 'market/planted.ts', "import '../ledger/fact.ts'"],
  ['room-formats', 'formats/planted.ts', "import '../order/word.ts'"],
  ['room-order', 'order/planted.ts', "import '../market/fact.ts'"],
  ['room-ledger', 'ledger/planted.ts', "import '../market/fact.ts'"],
  ['room-path', 'path/planted.ts', "import type { Fact } from '../policy/fact.ts'\nexport type Planted = Fact"],
  ['room-policy', 'policy/planted.ts', "import '../market/fact.ts'"],
  ['room-control', 'control/planted.ts', "import '../path/fact.ts'"],
  ['room-metrics', 'metrics/planted.ts', "import '../path/fact.ts'"],
  ['room-model', 'model/planted.ts', "import '../path/fact.ts'"],
  ['room-desk', 'desk/planted.ts', "import '../scenario/fact.ts'"],
  ['room-scenario', 'scenario/planted.ts', "import '../desk/fact.ts'"],
  ['room-simulate', 'simulate.ts', "import './scenario/fact.ts'"],
  ['room-experiment', 'experiment/planted.ts', "import '../report/fact.ts'"],
  ['room-report', 'report/planted.ts', "import '../ledger/fact.ts'"],
  ['known-rooms-only', 'attic/planted.ts', "import '../kernel/fact.ts'"],
  ['node-only-in-node', 'metrics/files.ts', "import 'node:fs'"],
  ['native-only-in-node', 'scenario/columns.ts', "import 'fast-csv'"],
  ['no-cycles', 'kernel/arc.ts', "import './ring.ts'"],
  ['no-orphans', 'kernel/alone.ts', 'export const alone = 1'],
  ['no-unresolved', 'kernel/nowhere.ts', "import './not-there.ts'"],
  ['production-only', 'kernel/tooling.ts', "import 'fast-check'"]
]

describe('layers', () => {
  let tree = ''
  let found: Summary

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'tailtax-layers-'))
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) cpSync(join(project, file), join(tree, file))
    symlinkSync(join(project, 'node_modules'), join(tree, 'node_modules'))
    const write = (path: string, source: string): void => {
      mkdirSync(dirname(join(tree, 'src', path)), { recursive: true })
      writeFileSync(join(tree, 'src', path), `${source}\n`)
    }
    for (const room of ['kernel', 'market', 'order', 'ledger', 'path', 'policy', 'desk', 'scenario', 'report']) {
      write(`${room}/fact.ts`, 'export type Fact = 1\nexport const fact = 1')
    }
    write('order/word.ts', 'export const word = 1')
    write('kernel/ring.ts', "import './arc.ts'")
    for (const [, path, source] of planted) write(path, source)
    found = cruise(tree)
  })

  afterAll(() => {
    rmSync(tree, { recursive: true, force: true })
  })

  it.each(planted)('a planted violation of %s in %s is found', (rule, path) => {
    const hits = found.violations.filter((violation) => violation.rule.name === rule && violation.from === `src/${path}`)
    expect(hits.length).toBeGreaterThan(0)
  })

  it('has a planted violation for every rule of the configuration', () => {
    const names = execFileSync(
      process.execPath,
      ['-p', 'JSON.stringify(require("./.dependency-cruiser.cjs").forbidden.map((rule) => rule.name))'],
      { cwd: project, encoding: 'utf8' }
    )
    expect(planted.map(([rule]) => rule).sort()).toEqual((JSON.parse(names) as string[]).sort())
  })

  it('allows what the table allows', () => {
    const innocent = found.violations.filter((violation) => /\/fact\.ts$|\/word\.ts$/.test(violation.from))
    expect(innocent.filter((violation) => violation.rule.name !== 'no-orphans')).toEqual([])
  })

  it('reads the real tree, and finds nothing', () => {
    const summary = cruise(project)
    expect(summary.totalCruised).toBeGreaterThan(30)
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
  })
})
