/* The README's commands run as they stand, in a directory of their own; only the install and the test command itself are left out. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { buildProgram, project, tailtax } from './program.ts'

const readme = readFileSync(join(project, 'README.md'), 'utf8')
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, body]) => body)
const lines = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line.trim() !== ''))
const commands = lines.filter((line) => line.startsWith('npx tailtax '))

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-readme-'))
  symlinkSync(join(project, 'scenarios'), join(directory, 'scenarios'))
  mkdirSync(join(directory, 'out'))
  for (const source of blocks('js')) writeFileSync(join(directory, 'mine.mjs'), source)
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

describe('README', () => {
  it('begins with the two commands', () => {
    expect(lines.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test'])
    expect(lines.slice(2)).toEqual(commands)
    expect(commands.length).toBeGreaterThan(4)
  })

  it.each(commands)('%s', (command) => {
    const { code, error } = tailtax(command.replace('npx tailtax ', '').split(' '), directory)
    expect({ code, error }).toEqual({ code: 0, error: '' })
  })

  it('shows what npm start prints, line for line, with … for what it leaves out', () => {
    const [shown] = blocks('text').map((block) => block.split('\n').filter((line) => line.trim() !== ''))
    expect(shown[0]).toMatch(/^Quick start/)
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { scripts: { start: string } }
    const { code, out } = tailtax(scripts.start.replace('node dist/node/main.js ', '').split(' '), directory)
    expect(code).toBe(0)
    const printed = out.split('\n')
    let row = 0
    for (const line of shown) {
      if (line.trim() === '…') continue
      const at = printed.indexOf(line, row)
      expect(at, `"${line}" is not printed, or not after what stands before it`).toBeGreaterThanOrEqual(row)
      row = at + 1
    }
    expect(shown.length).toBeGreaterThan(20)
  })

  it('its scenarios are scenarios', () => {
    const market = 'market: { venues: [{ tape: { generate: liquid } }] }\n'
    // Some are parts of one.
    const scenarios = blocks('yaml').map((text) => (text.includes('market:') ? text : market + text))
    const parsed = scenarios.map((text) => parseScenario(text, { fileName: 'README.yaml' }))
    expect(parsed.filter(({ path }) => path.clamps.length === 1).length).toBeGreaterThan(0)
    expect(parsed.filter(({ market }) => market.venues[0].matching.impact !== null)).toHaveLength(1)
    const careful = parsed.flatMap(({ policies }) => policies.get('careful') ?? [])
    expect(careful.map(({ control }) => control.mode)).toEqual(['shadow'])
  })
})
