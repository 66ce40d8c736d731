/* Policies of one's own through the built program: by path, in threads, with what goes wrong told in one line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, type Outcome, tailtax } from './program.ts'

const SCENARIO = `
seeds: 4
market: { venues: [ { tape: { generate: mid, open: "10:00", close: "10:10" } } ] }
parents: { count: 3, quantityLots: [ 100, 300 ], horizon: [ 1m, 2m ] }
report: { resamples: 50 }
policies: { named: { module: policies/taker.mjs, options: { share: 0.5 } } }
`

/** Takes a share of what is left, every ten seconds. */
const TAKER = `
export function createPolicy(parent, { options }) {
  const share = options?.share ?? 0.25
  return {
    decide(view, out) {
      const left = parent.quantityLots - view.filledLots - view.workingLots
      const { touch } = view.venues[0]
      if (view.cause !== 'wake' || view.nowNs >= parent.endNs) return
      out.wakeAt(view.nowNs + 10e9)
      const [limitTicks, shown] = parent.side > 0 ? [touch.askTicks, touch.askLots] : [touch.bidTicks, touch.bidLots]
      const lots = Math.ceil(left * share)
      if (shown > 0 && lots > 0) out.place({ venueIndex: 0, tactic: 'take', limitTicks, lots, slice: 0, scheduledNs: view.nowNs })
    }
  }
}
`

const FILES: Readonly<Record<string, string>> = {
  'a.yaml': SCENARIO,
  'policies/taker.mjs': TAKER,
  'other/taker.mjs': TAKER,
  'throws.mjs': 'export const createPolicy = () => ({\n  decide(view) {\n    view.nothing.there()\n  }\n})\n',
  'greedy.mjs': TAKER.replace('left * share', 'parent.quantityLots + 1'),
  'broken.js': 'export function createPolicy( {\n  const = 3\n',
  'remembers.mjs': TAKER.replace('export', 'let made = 1\nexport').replace('options?.share ?? 0.25', '1 / ++made')
}

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-own-'))
  for (const name of ['policies', 'other']) mkdirSync(join(directory, name))
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(directory, name), content)
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const run = (...args: string[]): Outcome => tailtax(args, directory)

function result(...args: string[]): Record<string, unknown> {
  const { code, out, error } = run(...args, '--json')
  expect({ code, error }).toEqual({ code: 0, error: '' })
  return JSON.parse(out) as Record<string, unknown>
}

describe('a policy of one own', () => {
  it('is run by its path, under the name of its file, and twice with --check', () => {
    const own = result('run', 'a.yaml', '--policy', './policies/taker.mjs', '--check')
    expect(own).toMatchObject({ policy: 'taker' })
    expect(own.ledgerHash).not.toBe(result('run', 'a.yaml').ledgerHash)
  })

  it('is run by its name in the scenario, which says where it stands and what it is given', () => {
    const named = result('run', 'a.yaml', '--policy', 'named')
    const bare = result('run', 'a.yaml', '--policy', './policies/taker.mjs')
    const given = result('run', 'a.yaml', '--policy', './policies/taker.mjs', '--set', 'policies.taker.options.share=0.5')
    expect(named.ledgerHash).toBe(given.ledgerHash)
    expect(named.ledgerHash).not.toBe(bare.ledgerHash)
  })

  it('is loaded by every thread, and changes nothing there', () => {
    const compared = (threads: string): unknown =>
      result('compare', 'a.yaml', '--baseline', 'named', '--controlled', './policies/taker.mjs', '--threads', threads).ledgerHash
    expect(compared('2')).toBe(compared('1'))
  })

  it.each([
    [
      'throws',
      ['run', 'a.yaml', '--policy', './throws.mjs'],
      /^\.\/throws\.mjs:3:18: the policy of parent \d threw at event \d+/
    ],
    [
      'throws in a thread',
      ['compare', 'a.yaml', '--controlled', './throws.mjs', '--threads', '2'],
      /^\.\/throws\.mjs:3:18: .*\(seed 1\): TypeError: /
    ],
    [
      'asks for too much',
      ['run', 'a.yaml', '--policy', './greedy.mjs'],
      /^\.\/greedy\.mjs:12:\d+: .*the rule ".*parent's quantity" is broken$/
    ],
    ['is no JavaScript', ['run', 'a.yaml', '--policy', './broken.js'], /^\.\/broken\.js:2: cannot be loaded: SyntaxError: /],
    ['is not there', ['run', 'a.yaml', '--policy', './nowhere.js'], /^\.\/nowhere\.js: there is no such file/],
    [
      'remembers another run',
      ['run', 'a.yaml', '--policy', './remembers.mjs', '--check'],
      /^--policy \.\/remembers\.mjs: gave ledger \w+, and \w+ the second time/
    ],
    [
      'has the name of another',
      ['compare', 'a.yaml', '--baseline', './policies/taker.mjs', '--controlled', './other/taker.mjs'],
      /^--baseline \.\/policies\/taker\.mjs: has the same name as --controlled/
    ]
  ] as const)('that %s is told in one line, with exit code 1 and nothing printed', (_, args, message) => {
    const { code, out, error } = run(...args)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error.trim()).toMatch(message)
    expect(error.trim().split('\n')).toHaveLength(1)
  })
})
