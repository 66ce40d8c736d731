/*
 * Faulty input through the built program: one line that says where, exit code 1, nothing printed, and every file as it was: also the one
 * that stands under the name to be written.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, tailtax } from './program.ts'

const MARKET = 'market: { venues: [ { tape: { generate: mid, open: "10:00", close: "10:10" } } ] }\n'
const PARENTS = 'parents: { count: 2, quantityLots: [ 100, 300 ], horizon: [ 1m, 2m ] }\n'
const GOOD_ROWS = ['34200,1,11,30,1000000,1', '34201,1,12,30,1010000,-1', '34202.5,3,11,30,1000000,1']
const GOOD_BOOK = ['9999999999,0,1000000,30', '1010000,30,1000000,30', '1010000,30,-9999999999,0']
const HEAD = 'parentId,side,quantityLots,start,end'

const lines = (rows: readonly string[]): string => `${rows.join('\n')}\n`
const withRow = (rows: readonly string[], row: number, text: string): string =>
  lines(rows.map((old, i) => (i === row ? text : old)))

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'good.csv': lines(GOOD_ROWS),
  'good-book.csv': lines(GOOD_BOOK),
  'short.csv': withRow(GOOD_ROWS, 1, '34201,1,12,30'),
  'cut.csv': lines(GOOD_ROWS).slice(0, -12),
  'cut.csv.gz': gzipSync(lines(GOOD_ROWS)).subarray(0, 40),
  'short-book.csv': withRow(GOOD_BOOK, 2, '1010000,30,-9999999999'),
  'back.csv': withRow(GOOD_ROWS, 2, '34200.5,3,11,30,1000000,1'),
  'negative.csv': withRow(GOOD_ROWS, 1, '34201,1,12,-30,1010000,-1'),
  'negative-book.csv': withRow(GOOD_BOOK, 1, '1010000,-30,1000000,30'),
  'good.yaml': MARKET + PARENTS,
  'unknown-key.yaml': `${MARKET}${PARENTS}path:\n  session:\n    maxPacingRat: 2mbit\n`,
  'no-unit.yaml': `${MARKET}${PARENTS}path:\n  link: { delay: 25 }\n`,
  'negative-clamp.yaml': `${MARKET}${PARENTS}clamps:\n  - { target: throttle.limit, factor: -0.5 }\n`,
  'backward-clamp.yaml': `${MARKET}${PARENTS}clamps:\n  - { target: link.delay, factor: 2, from: "10:05", to: "10:04" }\n`,
  'stopping-clamp.yaml': `${MARKET}${PARENTS}clamps:\n  - { target: gateway.rate, factor: 0 }\n`,
  'fine-clamp.yaml': `${MARKET}${PARENTS}clamps:\n  - { target: gateway.rate, pulse: { factor: 0.5, period: 1us, on: 500ns } }\n`,
  'short-parents.csv': lines([HEAD, '0,buy,100,10:01,10:03', '1,sell,100,10:01']),
  'back-parents.csv': lines([HEAD, '0,buy,100,10:03,10:01']),
  'negative-parents.csv': lines([HEAD, '0,buy,-100,10:01,10:03'])
}

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-bad-'))
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(directory, name), content)
  // What was written before stays.
  writeFileSync(join(directory, 'day.parquet'), 'an older tape')
  mkdirSync(join(directory, 'kept'))
  const made = tailtax(
    ['generate', '--preset', 'mid', '--set', 'open=10:00', '--set', 'close=10:10', '--out', 'whole.parquet'],
    directory
  )
  expect(made).toMatchObject({ code: 0, error: '' })
  const tape = readFileSync(join(directory, 'whole.parquet'))
  writeFileSync(join(directory, 'half.parquet'), tape.subarray(0, tape.length >> 1))
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** Every file with its content. */
function tree(): Record<string, string> {
  const names = readdirSync(directory, { recursive: true }).map(String).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(directory, name)
      return [name, statSync(path).isDirectory() ? 'a directory' : readFileSync(path).toString('latin1')]
    })
  )
}

const NAMED = ['--symbol', 'ABC', '--date', '2020-01-02', '--out', 'day.parquet']
const imported = (messages: string, ...rest: readonly string[]): string[] => [
  'import',
  'lobster',
  '--messages',
  messages,
  ...rest,
  ...NAMED
]
const run = (scenario: string, ...set: readonly string[]): string[] => [
  'run',
  scenario,
  ...set.flatMap((edit) => ['--set', edit]),
  '--out',
  'kept'
]

const CASES: readonly (readonly [what: string, args: readonly string[], line: RegExp])[] = [
  ['a message file that is not there', imported('none.csv'), /^none\.csv: there is no such file or directory/],
  [
    'an orderbook file that is not there',
    imported('good.csv', '--orderbook', 'none.csv'),
    /^none\.csv: there is no such file or directory/
  ],
  ['a scenario that is not there', run('none.yaml'), /^none\.yaml: there is no such file or directory/],
  [
    'a tape that is not there',
    run('good.yaml', 'market.venues.0.tape={ file: none.parquet }'),
    /^none\.parquet: there is no such file or directory/
  ],
  [
    'parents that are not there',
    run('good.yaml', 'parents={ file: none.csv }'),
    /^none\.csv: there is no such file or directory/
  ],
  [
    'a recording of stalls that is not there',
    run('good.yaml', 'path.host.stalls={ trace: none.csv }'),
    /^none\.csv: there is no such file or directory/
  ],
  ['a message row with too few fields', imported('short.csv'), /^short\.csv:2:/],
  ['a message file cut off in its last row', imported('cut.csv'), /^cut\.csv:3:/],
  ['a gzip file cut off', imported('cut.csv.gz'), /^cut\.csv\.gz:\d+: the gzip data is cut off/],
  ['an orderbook row with too few fields', imported('good.csv', '--orderbook', 'short-book.csv'), /^short-book\.csv:3:/],
  ['a row of parents with too few cells', run('good.yaml', 'parents={ file: short-parents.csv }'), /^short-parents\.csv:3: /],
  ['a tape cut off', run('good.yaml', 'market.venues.0.tape={ file: half.parquet }'), /^half\.parquet: /],
  ['a tape cut off, inspected', ['inspect', 'half.parquet', '--book', '--out', 'kept/book.csv'], /^half\.parquet: /],
  ['messages whose times go back', imported('back.csv'), /^back\.csv:3:/],
  ['a parent that ends before it starts', run('good.yaml', 'parents={ file: back-parents.csv }'), /^back-parents\.csv:2: end: /],
  ['a message of a negative quantity', imported('negative.csv'), /^negative\.csv:2:/],
  ['a level of a negative quantity', imported('good.csv', '--orderbook', 'negative-book.csv'), /^negative-book\.csv:2:/],
  [
    'a parent of a negative quantity',
    run('good.yaml', 'parents={ file: negative-parents.csv }'),
    /^negative-parents\.csv:2: quantityLots: /
  ],
  [
    'an unknown key of a scenario',
    run('unknown-key.yaml'),
    /^unknown-key\.yaml:5:5: path\.session\.maxPacingRat: is not a known key; did you mean maxPacingRate\?$/
  ],
  [
    'an unknown key of an edit',
    run('good.yaml', 'path.sesion=1'),
    /^--set path\.sesion=1: is not a known key; did you mean session/
  ],
  ['a unit missing', run('no-unit.yaml'), /^no-unit\.yaml:4:18: path\.link\.delay: "25" has no unit/],
  ['a unit missing in an edit', run('good.yaml', 'path.link.delay=25'), /^--set path\.link\.delay=25: "25" has no unit/],
  ['a clamp of a negative factor', run('negative-clamp.yaml'), /^negative-clamp\.yaml:4:39: clamps\.0\.factor: is -0\.5/],
  [
    'a clamp that ends before it starts',
    run('backward-clamp.yaml'),
    /^backward-clamp\.yaml:4:\d+: clamps\.0\.to: must be after from$/
  ],
  ['a clamp that stops a server for good', run('stopping-clamp.yaml'), /^stopping-clamp\.yaml:4:\d+: clamps\.0\.factor: /],
  [
    'a clamp of more pulses than can be held',
    run('fine-clamp.yaml'),
    /^fine-clamp\.yaml:4:5: clamps\.0: the pulse clamp on gateway\.rate has more than 262144 edges/
  ]
]

describe('faulty input is one located line, exit code 1, and leaves every file as it was', () => {
  it.each(CASES)('%s', (_, args, line) => {
    const before = tree()
    const { code, out, error } = tailtax(args, directory)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toMatch(/^[^\n]+\n$/)
    expect(error.trimEnd()).toMatch(line)
    expect(error).not.toMatch(/\bat .*:\d+:\d+\)|node:/)
    expect(tree()).toEqual(before)
  })

  it('the same commands with good input write what was asked for', () => {
    expect(tailtax(imported('good.csv', '--orderbook', 'good-book.csv'), directory)).toMatchObject({ code: 0, error: '' })
    expect(readFileSync(join(directory, 'day.parquet')).toString('latin1', 0, 4)).toBe('PAR1')
    expect(tailtax(run('good.yaml'), directory)).toMatchObject({ code: 0, error: '' })
    expect(readdirSync(join(directory, 'kept'))).toContain('fills.parquet')
  })
})
