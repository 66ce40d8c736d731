/* The link as people write it. */
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { PATH_PRESETS } from '../../src/scenario/path-presets.ts'

function linkOf(text: string) {
  const scenario = `market:\n  venues: [{ tape: { generate: liquid } }]\npath:\n  link: ${text}\n`
  return parseScenario(scenario, { fileName: 'a.yaml' }).path.link
}

describe('path.link', () => {
  it('takes weather that lasts and jitter over its preset', () => {
    expect(linkOf('{ weather: { law: exponential, mean: 40us }, weatherCorrelation: 50ms, jitter: 3us }')).toEqual({
      ...PATH_PRESETS.colo.link,
      weather: { law: 'exponential', meanNs: 40_000, floorNs: 0 },
      weatherCorrelationNs: 50_000_000,
      jitter: { law: 'constant', valueNs: 3_000 }
    })
    expect(linkOf('none')).toMatchObject({ delayNs: 0, weatherCorrelationNs: 0, jitter: { law: 'constant', valueNs: 0 } })
    expect(linkOf('{ weatherCorrelation: 0 }')).toEqual(PATH_PRESETS.colo.link)
  })

  it.each([
    [
      '{ weatherBlock: 1us, weatherCorrelation: 2m }',
      /^a\.yaml:4:\d+: path\.link\.weatherCorrelation: is too long for such short blocks/
    ],
    ['{ weatherCorrelation: 50 }', /^a\.yaml:4:\d+: path\.link\.weatherCorrelation: "50" has no unit/],
    [
      '{ weatherCorelation: 5ms }',
      /^a\.yaml:4:\d+: path\.link\.weatherCorelation: is not a known key; did you mean weatherCorrelation\?/
    ]
  ])('%s is one located line', (text, line) => {
    expect(() => linkOf(text)).toThrow(line)
  })
})
