import { describe, expect, it } from 'vitest'
import { parseEdit } from '../../src/scenario/document.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

const MARKET = 'market:\n  venues:\n    - tape: { generate: liquid }\n'

const edited = (text: string, ...sets: string[]): Scenario =>
  parseScenario(text, { fileName: 'a.yaml', edits: sets.map(parseEdit) })

describe('--set', () => {
  it('changes a value of the file', () => {
    expect(edited(`${MARKET}seed: 1\n`, 'seed=7').seed).toBe(7)
  })

  it('makes the keys on the way', () => {
    expect(edited(MARKET, 'path.link.delay=1ms').path.link.delayNs).toBe(1_000_000)
  })

  it('goes into lists by number and may add the next entry', () => {
    expect(edited(MARKET, 'market.venues.0.name=X').market.venues[0].name).toBe('X')
    const two = edited(MARKET, 'market.venues.1.tape.generate=mid')
    expect(two.market.venues.map(({ tape }) => tape.kind === 'generate' && tape.options.preset)).toEqual(['liquid', 'mid'])
    expect(() => edited(MARKET, 'market.venues.2.name=X')).toThrow(
      '--set market.venues.2.name=X: market.venues has 1 entry; 2 would leave a gap'
    )
    expect(() => edited(MARKET, 'market.venues.first.name=X')).toThrow('its entries have numbers from 0, not "first"')
  })

  it('a lone word on the way is the preset that it names', () => {
    const { path } = edited(`${MARKET}path: ideal\n`, 'path.link.delay=1ms')
    expect(path.link.delayNs).toBe(1_000_000)
    expect(path.gate.service).toEqual({ law: 'constant', valueNs: 0 })
    expect(edited(`${MARKET}path: { qdisc: fq }\n`, 'path.qdisc.flowLimit=5').path.qdisc).toMatchObject({
      kind: 'fq',
      flowLimit: 5
    })
  })

  it('the last one of a path holds', () => {
    expect(edited(MARKET, 'seed=2', 'seed=3').seed).toBe(3)
  })

  it('a value may be a list or a map', () => {
    const { parents } = edited(MARKET, 'parents.horizon=[1m, 2m]')
    expect(parents.kind === 'draw' && [parents.draw.horizonNsMin, parents.draw.horizonNsMax]).toEqual([60e9, 120e9])
  })

  it('a value may hold an equals sign', () => {
    expect(edited(MARKET, 'title=a=b').title).toBe('a=b')
  })

  it.each([
    ['seed=one', '--set seed=one: needs a number, not the text "one"'],
    [
      'path.link.delay=5',
      '--set path.link.delay=5: "5" has no unit; a duration needs one of ns, us, ms, s, m, h, for example 250us'
    ],
    ['path.link.dely=5us', '--set path.link.dely=5us: is not a known key; did you mean delay?'],
    ['pth.link.delay=5us', '--set pth.link.delay=5us: pth: is not a known key; did you mean path?'],
    [
      'seed=99999999999999999',
      '--set seed=99999999999999999: 99999999999999999 is too large to be exact; the largest whole number is 9007199254740991'
    ],
    ['market.venues.0.tape.generate.x=1', '--set market.venues.0.tape.generate.x=1: market.venues.0.tape.generate: is missing'],
    ['seed', '--set seed: needs path=value, such as parents.count=40'],
    ['=1', '--set =1: needs path=value, such as parents.count=40'],
    ['path..x=1', '--set path..x=1: the path has an empty part'],
    ['seed=[1', '--set seed=[1: the value is not YAML']
  ])('%s is told as an edit', (set, message) => {
    const run = (): Scenario => edited(MARKET, set)
    if (set.startsWith('market.venues.0.tape.generate.x')) expect(run).toThrow('--set market.venues.0.tape.generate.x=1: ')
    else expect(run).toThrow(message)
  })

  it('an edit of one place leaves others that share its anchor alone', () => {
    const text = `${MARKET}path:\n  gate: &slow { service: 5us }\n  acks: *slow\n`
    const { path } = edited(text, 'path.acks.service=9us')
    expect(path.gate.service).toEqual({ law: 'constant', valueNs: 5000 })
    expect(path.acks.service).toEqual({ law: 'constant', valueNs: 9000 })
  })

  it('files stand beside the scenario, those of an edit where the command runs', () => {
    const text = 'market: { venues: [ { tape: { format: lobster, messages: m.csv } } ] }\n'
    const { tape } = parseScenario(text, {
      fileName: 'a.yaml',
      edits: [parseEdit('market.venues.0.tape.orderbook=o.csv')],
      locate: (file, from) => `${from}/${file}`
    }).market.venues[0]
    expect(tape).toMatchObject({ files: ['scenario/m.csv', 'edit/o.csv'] })
  })
})
