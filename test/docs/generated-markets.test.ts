/*
 * docs/generated-markets.md says what comes out of the generator today. `UPDATE_DOCS=1 npx vitest run test/docs` writes its tables anew (it needs
 * ../shared; then `npx biome format --write docs`). The recorded side is compared where ../shared/data/lobster is, else skipped.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { areRecordedPresent, linesOf, presetMarkets, recordedMarkets, TABLES, withTables } from './facts-table.ts'

const path = new URL('../../docs/generated-markets.md', import.meta.url)

if (process.env.UPDATE_DOCS === '1') {
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), [...(await recordedMarkets()), ...presetMarkets()]))
}

const document = readFileSync(path, 'utf8')

/** Lines of the tables that name a market, without the heads and the blanks that align them. */
function shown(isRecorded: boolean): string[] {
  const lines = document.split('\n').map((line) => line.replace(/ +/g, ' '))
  return lines.filter((line) => /^\| (?!market |-)/.test(line) && /^\| (like )?A[A-Z]+, /.test(line) === isRecorded)
}

describe('the table of generated markets', () => {
  it('shows the presets as they are generated', () => {
    const lines = presetMarkets().map(linesOf)
    expect(shown(false)).toEqual(Object.keys(TABLES).flatMap((heading) => lines.map((line) => line[heading])))
  })

  it.skipIf(!areRecordedPresent)(
    'shows recorded days and what is fitted to them (skipped without ../shared/data/lobster)',
    async () => {
      const lines = (await recordedMarkets()).map(linesOf)
      expect(shown(true)).toEqual(Object.keys(TABLES).flatMap((heading) => lines.map((line) => line[heading])))
    },
    // Three imports and three fits: some 25 s of one core, more where it is shared.
    300_000
  )
})
