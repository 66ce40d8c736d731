/* inspect --facts, and generate --like from a tape to a scenario that runs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, tailtax } from './program.ts'

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-facts-'))
  const made = tailtax(
    ['generate', '--preset', 'mid', '--set', 'open=10:00', '--set', 'close=10:30', '--out', 'mid.parquet'],
    directory
  )
  expect(made.error).toBe('')
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const json = (args: readonly string[]): Record<string, unknown> =>
  JSON.parse(tailtax([...args, '--json'], directory).out) as Record<string, unknown>

describe('inspect --facts', () => {
  it('tells every group of facts, and the same in JSON', () => {
    const { code, out, error } = tailtax(['inspect', 'mid.parquet', '--facts'], directory)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    for (const word of [
      'spread',
      'rows per second',
      'deletes per add',
      'life to cancel',
      'orders ahead',
      'sign memory',
      'ticks per root second'
    ]) {
      expect(out).toContain(word)
    }
    expect(Object.keys(json(['inspect', 'mid.parquet', '--facts']))).toEqual(
      expect.arrayContaining(['book', 'flow', 'lives', 'takes', 'mid', 'fromNs', 'toNs'])
    )
  })

  it('of a span alone', () => {
    const facts = json(['inspect', 'mid.parquet', '--facts', '--from', '10:10', '--to', '10:20'])
    expect(facts.fromNs).toBeGreaterThanOrEqual(36_600e9)
    expect(facts.toNs).toBeLessThan(37_200e9)
  })

  it.each([
    [['--facts', '--book', '--out', 'b.csv'], '--book: is for what is written of a tape; leave out --facts'],
    [['--from', '10:10'], '--from: is for the facts of a tape, or the picture of the wire; add --facts'],
    [['--facts', '--from', '11:00', '--to', '10:00'], '--to: must be after --from']
  ])('%j is refused in one line', (args, line) => {
    const { code, error } = tailtax(['inspect', 'mid.parquet', ...args], directory)
    expect({ code, error }).toEqual({ code: 1, error: `${line}\n` })
  })
})

describe('generate --like', () => {
  it('writes a tape and the market of a scenario that gives the same tape', () => {
    const { code, out, error } = tailtax(['generate', '--like', 'mid.parquet', '--seed', '4', '--out', 'like.parquet'], directory)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toContain('options in like.yaml')
    expect(readFileSync(join(directory, 'like.yaml'), 'utf8')).toMatch(/^market:\n {2}venues:\n {4}- tape:\n/)
    const hash = (JSON.parse(tailtax(['inspect', 'like.parquet', '--json'], directory).out) as { hash: string }).hash
    const run = tailtax(['run', 'like.yaml', '--set', 'parents.count=1', '--out', 'run'], directory)
    expect(run.error).toBe('')
    const manifest = json(['inspect', 'run']) as { tapes: { hash: string }[] }
    expect(JSON.stringify(manifest.tapes)).toContain(hash)
  })

  it('with a preset beside it is refused, and a file that is no tape', () => {
    const both = tailtax(['generate', '--like', 'mid.parquet', '--preset', 'mid', '--out', 'x.parquet'], directory)
    expect(both.error).toBe('--preset: --like finds the options; leave one out\n')
    expect(tailtax(['generate', '--like', 'like.yaml', '--out', 'x.parquet'], directory).code).toBe(1)
  })
})
