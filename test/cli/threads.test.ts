/* Worlds on several threads: the same comparison, the same error, and nothing left when it is interrupted. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, project, tailtax } from './program.ts'

const QUICKSTART = join(project, 'scenarios/quickstart.yaml')
const SMALL = [
  'compare',
  QUICKSTART,
  ...['parents.count=3', 'market.venues.0.tape.close=09:50', 'parents.window.end=09:48', 'report.resamples=50'].flatMap(
    (edit) => ['--set', edit]
  )
]

let dir = ''
beforeAll(() => {
  buildProgram()
  dir = mkdtempSync(join(tmpdir(), 'threads-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

describe('compare --threads', () => {
  it('prints the same bytes for any number of threads', () => {
    const outcomes = [1, 2, 3, 16].map((threads) =>
      tailtax([...SMALL, '--seeds', '3', '--json', '--threads', String(threads)], dir)
    )
    for (const { code, out, error } of outcomes) {
      expect({ code, error }).toEqual({ code: 0, error: '' })
      expect(out).toBe(outcomes[0].out)
    }
    expect(JSON.parse(outcomes[0].out).ledgerHash).toMatch(/^[0-9a-f]{32}$/)
  })

  it('passes on the fault of the first run that fails, with its seed and event', () => {
    // No run comes through with so few events; the first of all is that of the first policy and seed.
    const failing = [...SMALL, '--seeds', '3', '--set', 'limits.eventCountMax=2000']
    const [one, two] = [1, 2].map((threads) => tailtax([...failing, '--threads', String(threads)], dir))
    expect(one.code).toBe(1)
    expect(one.error).toMatch(/more than 2000 events .*\(seed 1, event 2001, at \d+ ns\)\n$/)
    expect(two).toEqual(one)
  })

  it.each(['0', '-1', 'two', '65'])('refuses %s threads', (threads) => {
    const { code, error } = tailtax([...SMALL, '--threads', threads], dir)
    expect(code).toBe(1)
    expect(error).toBe(`--threads ${threads}: needs a whole number from 1 to 64\n`)
  })

  it('leaves nothing when it is interrupted', async () => {
    const out = join(dir, 'out')
    const args = [join(project, 'dist/node/main.js'), 'compare', QUICKSTART, '--seeds', '200', '--threads', '2', '--out', out]
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    await new Promise((resolve) => setTimeout(resolve, 5000))
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(readdirSync(dir)).toEqual([])
  })
})
