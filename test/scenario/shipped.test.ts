import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseEdit } from '../../src/scenario/document.ts'
import { parseScenario } from '../../src/scenario/parse.ts'

const directory = new URL('../../scenarios/', import.meta.url)
const names = readdirSync(fileURLToPath(directory)).filter((name) => name.endsWith('.yaml'))

describe('shipped scenarios', () => {
  it('are there', () => {
    expect(names).toEqual(
      expect.arrayContaining(
        ['cancel-backlog', 'fault-storm', 'lobster-day', 'pacing-quantization', 'quickstart', 'reject-loop'].map(
          (n) => `${n}.yaml`
        )
      )
    )
  })

  it.each(names)('%s is valid and says what to look for', (fileName) => {
    const text = readFileSync(new URL(fileName, directory), 'utf8')
    expect(text).toMatch(/^#/)
    const edits = fileName === 'lobster-day.yaml' ? [parseEdit('market.venues.0.tape.messages=m.csv')] : []
    expect(parseScenario(text, { fileName, edits }).title).not.toBe('')
  })
})
