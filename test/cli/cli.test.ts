import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, project, tailtax } from './program.ts'

const SMALL = `seeds: 2
market: { venues: [ { tape: { generate: mid, open: "10:00", close: "10:10" } } ] }
parents: { count: 2, quantityLots: [ 100, 300 ], horizon: [ 1m, 2m ] }
report: { resamples: 50 }
`

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-cli-'))
  writeFileSync(join(directory, 'small.yaml'), SMALL)
  writeFileSync(
    join(directory, 'parents.csv'),
    'parentId,side,quantityLots,start,end\n0,buy,100,10:01,10:03\n1,hold,100,10:01,10:03\n'
  )
  writeFileSync(join(directory, 'not-a-tape.parquet'), 'nothing')
  mkdirSync(join(directory, 'full'))
  writeFileSync(join(directory, 'full', 'mine.txt'), 'mine')
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const files = (): string[] => readdirSync(directory, { recursive: true }).map(String).sort()
const hashOf = (args: readonly string[]): unknown =>
  (JSON.parse(tailtax(args, directory).out) as { ledgerHash: string }).ledgerHash

describe('help', () => {
  it.each(['import', 'generate', 'inspect', 'run', 'compare', 'stage', 'schema'])(
    '%s --help has options and an example',
    (command) => {
      const { code, out, error } = tailtax([command, '--help'], directory)
      expect(code).toBe(0)
      expect(error).toBe('')
      expect(out).toContain(`tailtax ${command}`)
      expect(out).toContain('Options:')
      expect(out).toContain('Examples:')
    }
  )
})

describe('errors are one line, exit code 1, and leave nothing behind', () => {
  const cases: [args: string[], line: RegExp][] = [
    [[], /^no command is given; there are import, generate, inspect, run, compare, stage, schema$/],
    [['comprae'], /^"comprae" is not a command/],
    [['run'], /^run: an argument is missing; see tailtax run --help$/],
    [['run', 'small.yaml', '--sed', '3'], /^run: --sed is not an option or argument/],
    [['run', 'small.yaml', '--seed', 'x'], /^--seed x: needs a whole number$/],
    [['run', 'small.yaml', '--seed', '1', '--seed', '2'], /^--seed: is given 2 times; give it once$/],
    [['run', 'nowhere.yaml'], /^nowhere\.yaml: there is no such file or directory/],
    [
      ['run', 'small.yaml', '--policy', 'none'],
      /^--policy none: there is no such policy; the scenario has baseline, controlled, and single ones such as transport-only and transport-capByTactic$/
    ],
    [['run', 'small.yaml', '--set', 'path.link.delay=5', '--out', 'r'], /^--set path\.link\.delay=5: "5" has no unit/],
    [
      ['run', 'small.yaml', '--set', 'parents.file=parents.csv', '--out', 'r'],
      /^small\.yaml:3:12: parents\.count: is not a known key; there are file$/
    ],
    [
      ['run', 'small.yaml', '--set', 'parents={file: parents.csv}', '--out', 'r'],
      /^parents\.csv:3: side: "hold" is neither buy nor sell$/
    ],
    [
      ['run', 'small.yaml', '--set', 'parents.window.start=08:00', '--out', 'r'],
      /^parents\.window: .* is not inside the tapes' session/
    ],
    [['run', 'small.yaml', '--set', 'market.venues.0.tape={file: not-a-tape.parquet}', '--out', 'r'], /^not-a-tape\.parquet: /],
    [['run', 'small.yaml', '--out'], /^run: --out needs a value; see tailtax run --help$/],
    [['inspect', 'small.yaml'], /^small\.yaml: this is not a Parquet file; give a tape made by import or generate, or /],
    [['run', 'small.yaml', '--out', 'full'], /^full: holds files that are not of a run; give a new or empty directory$/],
    [['inspect', 'not-a-tape.parquet', '--parent', '1'], /^--parent: is for a run directory/],
    [['inspect', 'small.yaml', '--depth', '3'], /^--depth: is for the rebuilt book; add --book$/],
    [['import', 'lobster', '--messages', 'no.csv', '--out', 'x.parquet'], /^no\.csv: there is no such file or directory/],
    [
      ['import', 'pcap', '--messages', 'no.csv', '--out', 'x.parquet'],
      /^import: "pcap" is not a format; there is lobster, itch, /
    ],
    [
      ['generate', '--preset', 'liqid', '--out', 'x.parquet'],
      /^--preset liqid: is not a preset; there are liquid, mid, large-cap, mid-cap, thin, perpetual$/
    ],
    [
      ['generate', '--set', 'limitsPerSecnd=3', '--out', 'x.parquet'],
      /^--set limitsPerSecnd=3: is not a known key; did you mean limitsPerSecond\?$/
    ]
  ]

  it.each(cases)('tailtax %j', (args, line) => {
    const before = files()
    const { code, out, error } = tailtax(args, directory)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(error.endsWith('\n')).toBe(true)
    expect(error.trimEnd()).toMatch(line)
    expect(error.trimEnd()).not.toContain('\n')
    expect(files()).toEqual(before)
  })
})

describe('one run, however it is asked for', () => {
  it('gives the same ledger twice, and after --set of an option that is not of the model', () => {
    const run = ['run', 'small.yaml', '--json']
    const first = hashOf(run)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(hashOf(run)).toBe(first)
    expect(hashOf([...run, '--set', 'report.resamples=7', '--set', 'title=other', '--set', 'seeds=9'])).toBe(first)
    expect(hashOf([...run, '--seed', '2'])).not.toBe(first)
  })

  it('compare and run --json print one JSON object and nothing else, with the promised figures', () => {
    const { code, out, error } = tailtax(['compare', 'small.yaml', '--json'], directory)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out.trimEnd()).not.toContain('\n')
    const result = JSON.parse(out) as {
      policies: Record<string, { shortfallBps: object; completion: number }>
      paired: { shortfallBps: object }
    }
    expect(result).toMatchObject({ ledgerHash: expect.stringMatching(/^[0-9a-f]{32}$/), events: expect.any(Number) })
    for (const name of ['baseline', 'controlled']) {
      expect(Object.keys(result.policies[name].shortfallBps)).toEqual(
        expect.arrayContaining(['mean', 'p50', 'p90', 'p95', 'p99', 'cvar95'])
      )
      expect(typeof result.policies[name].completion).toBe('number')
    }
    expect(result.paired.shortfallBps).toMatchObject({
      p95: { delta: expect.any(Number), low: expect.any(Number), high: expect.any(Number) }
    })
  })

  it.each(['parquet', 'csv'])('a run kept as %s can be inspected, and replaced by another', (format) => {
    const out = `kept-${format}`
    const args = ['run', 'small.yaml', '--out', out, ...(format === 'csv' ? ['--csv'] : [])]
    expect(tailtax(args, directory).code).toBe(0)
    expect(readdirSync(join(directory, out)).filter((name) => name.endsWith(format))).not.toHaveLength(0)
    expect(tailtax(['inspect', out, '--parent', '0'], directory)).toMatchObject({
      code: 0,
      out: expect.stringContaining('parent 0')
    })
    expect(tailtax([...args, '--seed', '2'], directory).code).toBe(0)
    expect(files().filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('a reader that goes away is not an error', () => {
    const main = join(project, 'dist/node/main.js')
    const done = spawnSync('sh', ['-c', `"${process.execPath}" "${main}" schema | head -c 10`], { encoding: 'utf8' })
    expect(done.stderr).toBe('')
    expect(done.stdout).toHaveLength(10)
  })
})
