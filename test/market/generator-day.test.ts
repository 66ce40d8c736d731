/* The presets beside a recorded day, measured by the same code; prints the table. Skips where ../shared is absent. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { generateTape } from '../../src/market/generator.ts'
import { generatorOptions } from '../../src/market/generator-presets.ts'
import { type Facts, lobsterFacts, tapeFacts } from './tape-facts.ts'

const DAY = new URL('../../../shared/data/lobster/AMZN_2012-06-21_34200000_57600000_', import.meta.url)
const present = existsSync(new URL(`${DAY.href}message_5.csv.gz`))

function text(name: string): string {
  return gunzipSync(readFileSync(new URL(`${DAY.href}${name}`))).toString()
}

function line(facts: Facts): Record<string, string> {
  const { mix, spreadCdf, depthQuartiles, lifeQuartiles, impact, moves } = facts
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`
  const list = (values: readonly number[], digits = 2): string => values.map((x) => x.toFixed(digits)).join(' ')
  return {
    'rows per second': (facts.rows / facts.seconds).toFixed(1),
    'adds, deletes': `${percent(mix.add)} ${percent(mix.delete)}`,
    'executions, hidden': `${percent(mix.execute)} ${percent(mix['execute-hidden'])}`,
    'spread <= 1 3 5 10 15': list(
      [1, 3, 5, 10, 15].map((n) => spreadCdf[n]),
      2
    ),
    'lots at best, quartiles': list(depthQuartiles, 0),
    'life to delete s, quartiles': list(lifeQuartiles, 3),
    'sign memory, lags 1 2 5 10 20': list(facts.signMemory),
    'gaps: variation, median share': list([facts.gapVariation, facts.gapMedianShare], 3),
    'rows by tenths of the session': list(facts.shape),
    'mid, ticks per root s: 1 10 60 s': list(moves),
    'impact 1 10 60 s, half-spread': list([...impact, facts.halfSpread])
  }
}

describe.skipIf(!present)('presets beside AMZN 2012-06-21 (skipped without ../shared/data/lobster)', () => {
  it('the mid cap is of the same kind as the recorded day', () => {
    const day = lobsterFacts(text('message_5.csv.gz'), text('orderbook_5.csv.gz'), 34200, 57600)
    const mid = tapeFacts(generateTape(generatorOptions('mid'), 1))
    const liquid = tapeFacts(generateTape(generatorOptions('liquid', { closeNs: 11.5 * 3600e9 }), 1))
    const lines = [day, mid, liquid].map(line)
    const table = Object.keys(lines[0]).map((key) => `${key.padEnd(34)}${lines.map((entry) => entry[key].padEnd(30)).join('')}`)
    console.log(
      ['', `${''.padEnd(34)}${['AMZN', 'mid', 'liquid, 2 h'].map((name) => name.padEnd(30)).join('')}`, ...table].join('\n')
    )
    const near = (a: number, b: number, factor: number, what: string): void => {
      expect(a / b, what).toBeGreaterThan(1 / factor)
      expect(a / b, what).toBeLessThan(factor)
    }
    near(mid.rows, day.rows, 1.5, 'rows')
    near(mid.mix.execute, day.mix.execute, 1.5, 'executions')
    near(mid.deletesPerAdd, day.deletesPerAdd, 1.2, 'deletes per add')
    near(mid.takesPerSecond, day.takesPerSecond, 1.5, 'takes')
    near(mid.depthQuartiles[1], day.depthQuartiles[1], 1.5, 'depth')
    near(mid.halfSpread, day.halfSpread, 1.5, 'half-spread paid')
    near(mid.moves[1], day.moves[1], 1.5, 'moves')
    near(mid.gapMedianShare, day.gapMedianShare, 2, 'median gap')
    near(mid.roundShare, day.roundShare, 1.2, 'round lots')
    near(mid.hiddenShare, day.hiddenShare, 1.5, 'hidden share')
  })
})
