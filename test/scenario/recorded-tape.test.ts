/* Recorded files as a venue's tape, in a scenario's words. */
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

const tapeOf = (tape: string, venue = ''): unknown =>
  parseScenario(`market: { venues: [ { ${venue}tape: ${tape} } ] }\n`, {
    fileName: 'a.yaml',
    locate: (file, from) => `${from}/${file}`
  }).market.venues[0].tape

describe('a recorded tape', () => {
  it('names its format, its files and what the files do not say', () => {
    expect(
      tapeOf(
        '{ format: itch, files: [day.itch], date: 2020-01-02, tickSize: 0.01, from: 09:35, clockOffset: -250us, gaps: halt, crossed: drop }',
        'symbol: ABC, '
      )
    ).toEqual({
      kind: 'import',
      format: 'itch',
      files: ['scenario/day.itch'],
      options: {
        symbol: 'ABC',
        date: '2020-01-02',
        tick: '0.01',
        fromNs: 34_500_000_000_000,
        clockOffsetNs: -250_000,
        gapRule: 'halt',
        crossedRule: 'drop'
      }
    })
    expect(tapeOf('{ format: dbn, files: es.dbn.zst }')).toMatchObject({
      format: 'dbn',
      files: ['scenario/es.dbn.zst'],
      options: {}
    })
  })

  it.each([
    ['{ format: itsch, files: a }', /format: is the text "itsch"; it needs one of .*; did you mean itch\?$/],
    ['{ format: itch }', /files: /],
    ['{ format: itch, files: a, gaps: ignore }', /gaps: is the text "ignore"; it needs one of keep, clear, halt$/],
    ['{ format: itch, files: a, from: 10:00, to: 09:00 }', /tape\.to: must not be before from$/],
    ['{ format: dbn, messages: a }', /./]
  ])('%s is a located fault', (tape, message) => {
    expect(() => tapeOf(tape)).toThrow(message)
    expect(() => tapeOf(tape)).toThrow(/^a\.yaml:1:\d+: market\.venues\.0\.tape/)
  })
})
