import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BANS, faults, LINE_COUNT_MAX } from './tidy.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: project, encoding: 'utf8' })
const files = listed.split('\n').filter((path) => path !== '' && existsSync(join(project, path)))
const sources = files.filter((path) => /^(src|test|bench)\/.*\.ts$/.test(path) && !path.includes('/fixtures/'))

/** A fault of each rule. */
const canaries: [rule: string, path: string, text: string][] = [
  ['math-random', 'src/kernel/dice.ts', 'const u = Math.random()'],
  ['math-random', 'test/kernel/dice.test.ts', 'const u = Math.random()'],
  ['wall-clock', 'src/path/host.ts', 'const now = Date.now()'],
  ['wall-clock', 'src/path/host.ts', 'const now = performance.now()'],
  ['timer', 'src/desk/desk.ts', 'setTimeout(wake, 1)'],
  ['environment', 'src/simulate.ts', 'const seed = process.env.SEED'],
  ['inexact-math', 'src/kernel/law.ts', 'return Math.exp(x)'],
  ['inexact-math', 'src/market/generator.ts', 'return Math.cos(x)'],
  ['power-operator', 'src/market/generator.ts', 'return x ** y'],
  ['locale', 'src/report/table.ts', 'return value.toLocaleString()'],
  ['any', 'src/path/link.ts', 'let x: any'],
  ['suppression', 'src/path/link.ts', '// @ts-ignore'],
  ['focused-test', 'test/path/link.test.ts', "it.only('', () => {})"],
  ['unfinished', 'src/path/link.ts', '// TODO later'],
  ['absolute-path', 'src/node/main.ts', "read('/home/me/tape')"],
  ['length', 'src/path/link.ts', '// x\n'.repeat(LINE_COUNT_MAX + 1)],
  ['vague-name', 'src/path/link-utils.ts', ''],
  ['vague-name', 'src/common/link.ts', ''],
  ['kebab-case', 'src/path/linkDelay.ts', ''],
  ['head-comment', 'src/path/link.ts', 'export const a = 1\n'.repeat(61)]
]

describe('tidy', () => {
  it.each(canaries)('sees a planted %s in %s', (rule, path, text) => {
    expect(faults(path, text).map((fault) => fault.rule)).toContain(rule)
  })

  it('has a planted fault for every ban', () => {
    const planted = new Set(canaries.map(([rule]) => rule))
    expect(BANS.filter(({ rule }) => !planted.has(rule))).toEqual([])
  })

  it('leaves honest text alone', () => {
    const honest = '/* Nothing here calls Math.random or Date. */\nexport const side = 2 ** 53 // not Math.exp\n'
    expect(faults('src/kernel/time.ts', honest)).toEqual([])
  })

  it('reads the sources, and finds nothing', () => {
    expect(sources.length).toBeGreaterThan(40)
    const found = sources.flatMap((path) => faults(path, readFileSync(join(project, path), 'utf8')))
    expect(found.map(({ rule, where }) => `${rule}: ${where}`)).toEqual([])
  })

  it('has links in its documents that lead somewhere', () => {
    const documents = files.filter((path) => path.endsWith('.md'))
    expect(documents).toContain('README.md')
    const broken = documents.flatMap((document) => {
      const text = readFileSync(join(project, document), 'utf8')
      return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .filter(([, target]) => !existsSync(join(project, dirname(document), target)))
        .map(([, target]) => `${document}: ${target}`)
    })
    expect(broken).toEqual([])
  })
})
