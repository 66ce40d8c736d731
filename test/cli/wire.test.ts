/* `inspect --wire` on a run of the pacing scenario, as its comments say. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, project, tailtax } from './program.ts'

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-wire-'))
  symlinkSync(join(project, 'scenarios'), join(directory, 'scenarios'))
  expect(tailtax(['run', 'scenarios/pacing-blocks.yaml', '--out', 'blocks', '--json'], directory).code).toBe(0)
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

interface Picture {
  readonly blockGapNs: number
  readonly sessions: readonly {
    readonly session: number
    readonly blocks: readonly { readonly messageCount: number; readonly startNs: number }[]
  }[]
}

const picture = (...args: string[]): Picture =>
  JSON.parse(tailtax(['inspect', 'blocks', '--wire', '--json', ...args], directory).out) as Picture

describe('tailtax inspect --wire', () => {
  it('pictures the finding: 63, then 12 or 13 every 15.14 ms', () => {
    const { code, out, error } = tailtax(['inspect', 'blocks', '--wire'], directory)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    const [, , , head, first, second, third] = out.split('\n')
    expect(head).toMatch(/^ms since first +gap, ms +messages +bytes +one mark per message$/)
    expect(first).toMatch(/^ +0\.000 +63 +15,246 {2}\|{63}$/)
    expect(second).toMatch(/^ +15\.\d{3} +15\.1[45]\d +1[23] +[\d,]+ {2}\|{12,13}$/)
    expect(third).toMatch(/^ +30\.\d{3} +15\.140 +1[23] +[\d,]+ {2}\|{12,13}$/)
    expect(out).toMatch(
      /\nburstinessIndex 0\.4200 \(63 of 150 packets within 250us\); mean rate 3\d\d\.\d kB\/s, after the first block \d+/
    )
  })

  it('--json gives the blocks; --session, --from, --to and --gap choose', () => {
    const all = picture()
    expect(all.blockGapNs).toBe(1_000_000)
    expect(all.sessions[0].blocks.slice(0, 1).map(({ messageCount }) => messageCount)).toEqual([63])
    expect(picture('--session', '1').sessions).toEqual([])
    expect(picture('--session', '0')).toEqual(all)
    expect(picture('--gap', '1us').sessions[0].blocks.length).toBeGreaterThan(all.sessions[0].blocks.length)
    expect(picture('--gap', '1s').sessions[0].blocks.length).toBe(1)
    expect(picture('--to', '09:31').sessions).toEqual([])
    expect(picture('--from', '09:31', '--to', '10:00')).toEqual(all)
  })

  it.each([
    [['--wire', '--parent', '0'], /^--parent: is for the story of an order; leave out --wire$/],
    [['--session', '0'], /^--session: is for the picture of the wire; add --wire$/],
    [['--wire', '--gap', '5'], /^--gap: "5" has no unit/],
    [['--wire', '--gap', '0us'], /^--gap: must be longer than 0$/],
    [['--wire', '--from', 'noon'], /^--from: "noon" is not a time of day/],
    [['--wire', '--from', '10:00', '--to', '09:30'], /^--to: must be after --from$/]
  ])('%j is one located line and exit code 1', (args, line) => {
    const { code, out, error } = tailtax(['inspect', 'blocks', ...args], directory)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error.trimEnd()).toMatch(line)
    expect(error.trimEnd()).not.toContain('\n')
  })
})
