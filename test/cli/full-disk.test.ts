/*
 * A disk that fills up while a command writes: one located line, exit code 1, nothing left under a final or a temporary name.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, tailtax } from './program.ts'

const directory = mkdtempSync(join(tmpdir(), 'tailtax-disk-'))
const disk = join(directory, 'disk')
let mounted = false

const GENERATE = ['generate', '--preset', 'mid', '--set', 'open=10:00', '--set', 'close=10:30']

const SCENARIO = `seeds: 2
market: { venues: [ { tape: { generate: mid, open: "10:00", close: "10:10" } } ] }
parents: { count: 4, quantityLots: [ 100, 300 ], horizon: [ 1m, 2m ] }
report: { resamples: 50 }
`
/** A LOBSTER day of bids that come and go. */
const MESSAGES = Array.from(
  { length: 4000 },
  (_, i) => `${34200 + i},${i % 2 ? 3 : 1},${1 + (i >> 1)},${1 + ((i >> 1) % 97)},${1000000 - 100 * ((i >> 1) % 89)},1`
)

beforeAll(() => {
  buildProgram()
  mkdirSync(disk)
  writeFileSync(join(directory, 'small.yaml'), SCENARIO)
  writeFileSync(join(directory, 'messages.csv'), `${MESSAGES.join('\n')}\n`)
  tailtax([...GENERATE, '--out', 'day.parquet'], directory)
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status === 0
})

afterAll(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(directory, { recursive: true, force: true })
})

const CASES: readonly { readonly what: string; readonly args: readonly string[]; readonly line: RegExp }[] = [
  { what: 'a tape', args: [...GENERATE, '--out', 'disk/tape.parquet'], line: /^disk\/tape\.parquet: / },
  {
    what: 'an imported tape',
    args: ['import', 'lobster', '--messages', 'messages.csv', '--symbol', 'A', '--date', '2020-01-02', '--out', 'disk/a.parquet'],
    line: /^disk\/a\.parquet: /
  },
  { what: 'a rebuilt book', args: ['inspect', 'day.parquet', '--book', '--out', 'disk/book.csv'], line: /^disk\/book\.csv: / },
  { what: 'a run', args: ['run', 'small.yaml', '--out', 'disk/run'], line: /^disk\/run\b.*: / },
  { what: 'a run as CSV', args: ['run', 'small.yaml', '--csv', '--out', 'disk/run'], line: /^disk\/run\b.*: / },
  { what: 'a comparison', args: ['compare', 'small.yaml', '--out', 'disk/comparison'], line: /^disk\/comparison\b.*: / },
  { what: 'a schema', args: ['schema', '--out', 'disk/schema.json'], line: /^disk\/schema\.json: / }
]

describe('a disk that fills up', () => {
  it.for(CASES)('while $what is written is one line that names the file', ({ args, line }, { skip }) => {
    skip(!mounted, 'needs the right to mount a small disk')
    // Leaves room for the name, not for what is written.
    spawnSync('sh', ['-c', `head -c 60000 /dev/zero > ${join(disk, 'filler')}`])
    const before = readdirSync(disk, { recursive: true })
    const { code, out, error } = tailtax(args, directory)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error.trimEnd()).toMatch(line)
    expect(error.trimEnd()).not.toContain('\n')
    expect(readdirSync(disk, { recursive: true })).toEqual(before)
  })
})
