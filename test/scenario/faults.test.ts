/* Every fault of a scenario is one sentence at its place. The place is marked in the text with « »; the marks are taken out. */
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { parseEdit } from '../../src/scenario/document.ts'
import { parseScenario } from '../../src/scenario/parse.ts'

const MARKET = 'market:\n  venues:\n    - tape: { generate: liquid }\n'

function messageFor(text: string, ...sets: string[]): string {
  try {
    parseScenario(text, { fileName: 'a.yaml', edits: sets.map(parseEdit) })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.message).not.toContain('\n')
    return error.message
  }
  return 'no fault'
}

/** The marked text and "a.yaml:line:column: " of the mark. */
function marked(text: string): { text: string; place: string } {
  const before = text.slice(0, text.indexOf('«'))
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  return { text: text.replace(/[«»]/g, ''), place: `a.yaml:${line}:${column}: ` }
}

const cases: [what: string, text: string, message: string][] = [
  [
    'an unknown key, with the nearest known one',
    `${MARKET}path:\n  session:\n    «maxPacingRat»: 2mbit\n`,
    'path.session.maxPacingRat: is not a known key; did you mean maxPacingRate?'
  ],
  ['an unknown key at the top', `«markte»:\n  venues: []\n`, 'markte: is not a known key; did you mean market?'],
  [
    'an unknown key like no other, with all known ones',
    `${MARKET}report: { «zzz»: 1 }\n`,
    'report.zzz: is not a known key; there are resamples'
  ],
  [
    'a misspelt key before the missing one that it causes',
    'market:\n  venues:\n    - tape: { format: lobster, «mesages»: x.csv }\n',
    'market.venues.0.tape.mesages: is not a known key; did you mean messages?'
  ],
  [
    'a rate without a unit',
    `${MARKET}path: { session: { maxPacingRate: «2» } }\n`,
    'path.session.maxPacingRate: "2" has no unit; a rate needs one of bit, kbit, mbit, gbit, bps, kbps, mbps, B/s, kB/s, MB/s, for example 200kB/s or 2mbit'
  ],
  [
    'a duration without a unit',
    `${MARKET}path:\n  link:\n    delay: «25»\n`,
    'path.link.delay: "25" has no unit; a duration needs one of ns, us, ms, s, m, h, for example 250us'
  ],
  [
    'a size without a unit',
    `${MARKET}path: { session: { sendBuffer: «9000» } }\n`,
    'path.session.sendBuffer: "9000" has no unit; a size needs one of b, B, kb, kB, KiB, mb, MB, MiB, for example 64KiB'
  ],
  [
    'a unit of something else',
    `${MARKET}path: { link: { delay: «3mbit» } }\n`,
    'path.link.delay: "mbit" is not a unit of a duration; use one of ns, us, ms, s, m, h'
  ],
  [
    'a list where a duration stands',
    `${MARKET}path: { link: { delay: «[]» } }\n`,
    'path.link.delay: needs a duration such as 250us, not a list'
  ],
  [
    'a negative duration',
    `${MARKET}path: { link: { delay: «-3us» } }\n`,
    'path.link.delay: "-3us" is negative; a duration is at least 0'
  ],
  ['a text where a number stands', `${MARKET}seed: «one»\n`, 'seed: needs a number, not the text "one"'],
  ['a fraction where a whole number stands', `${MARKET}seeds: «2.5»\n`, 'seeds: needs a whole number, not 2.5'],
  [
    'a number out of its range',
    `${MARKET}path: { gateway: { backgroundLoad: «1.5» } }\n`,
    'path.gateway.backgroundLoad: is 1.5; it must be at most 0.99'
  ],
  ['a name that is no preset', `${MARKET}path: «colocated»\n`, 'path: is the text "colocated"; it needs one of ideal, colo'],
  [
    'a misspelt preset',
    `${MARKET}path: { host: { stalls: «storm-fil» } }\n`,
    'path.host.stalls: is the text "storm-fil"; it needs one of none, warmup, storm-file, storm-swap; did you mean storm-file?'
  ],
  [
    'a misspelt preset of the generator',
    'market: { venues: [ { tape: { generate: «liqid» } } ] }\n',
    'market.venues.0.tape.generate: is the text "liqid"; it needs one of liquid, mid, large-cap, mid-cap, thin, perpetual; did you mean liquid?'
  ],
  [
    'an unknown queueing discipline',
    `${MARKET}path: { qdisc: «fqq» }\n`,
    'path.qdisc: is the text "fqq"; it needs one of none, fq; did you mean fq?'
  ],
  [
    'a shaper without its rate',
    `${MARKET}path: { qdisc: «tbf» }\n`,
    'path.qdisc: a tbf needs its rate: write { kind: tbf, rate: 2mbit }'
  ],
  [
    'an unknown law',
    `${MARKET}path: { gate: { service: { law: «lognorml», median: 5us } } }\n`,
    'path.gate.service.law: is the text "lognorml"; it needs one of constant, uniform, exponential, lognormal, two-part; did you mean lognormal?'
  ],
  [
    'a law that lacks a figure',
    `${MARKET}path: { gate: { service: «{» law: lognormal, median: 5us } } }\n`,
    'path.gate.service.sigma: is missing; it needs a number'
  ],
  ['no market', '«seed»: 1\n', 'market: is missing; it needs a map of keys'],
  [
    'a tape of no source',
    'market: { venues: [ { tape: «{» seed: 1 } } ] }\n',
    'market.venues.0.tape: says no source; give one of generate, file, or format with its files'
  ],
  [
    'LOBSTER without its file',
    'market: { venues: [ { tape: «{» format: lobster } } ] }\n',
    'market.venues.0.tape.messages: is missing; it needs a text'
  ],
  [
    'an option of the generator out of range',
    'market: { venues: [ { tape: { generate: liquid, options: «{» deepShare: 3 } } } ] }\n',
    'market.venues.0.tape.options: deepShare is 3; it must be from 0 to 1'
  ],
  [
    'a session that ends before it starts',
    'market: { venues: [ { tape: { generate: liquid, open: 10:00, close: «09:00» } } ] }\n',
    'market.venues.0.tape.close: must be after open'
  ],
  [
    'a whole number too large to be exact',
    `${MARKET}seed: «99999999999999999»\n`,
    'seed: 99999999999999999 is too large to be exact; the largest whole number is 9007199254740991'
  ],
  [
    'a duration too large to be exact',
    `${MARKET}path: { link: { delay: «99999h» } }\n`,
    'path.link.delay: "99999h" is too large to be exact'
  ],
  ['a key twice', `${MARKET}seed: 1\n«seed»: 2\n`, 'the key seed is there twice; keep one'],
  ['an unknown tag', `${MARKET}seed: «!!number» 1\n`, 'Unresolved tag: tag:yaml.org,2002:number'],
  ['an empty file', '«»', 'is empty; it needs a map of keys such as market, parents, path and policies'],
  ['a list for a scenario', '«-» 1\n', 'needs a map of keys such as market, parents, path and policies'],
  [
    'a time of day that is none',
    `${MARKET}parents: { window: { start: «25:00» } }\n`,
    'parents.window.start: "25:00" is not a time of day'
  ],
  [
    'a window that ends before it starts',
    `${MARKET}parents: { window: { start: 10:00, end: «09:00» } }\n`,
    'parents.window.end: must be after start'
  ],
  [
    'a range the wrong way round',
    `${MARKET}parents: { quantityLots: «[» 500, 100 ] }\n`,
    'parents.quantityLots: has its least above its most'
  ],
  [
    'a clamp on nothing',
    `${MARKET}clamps: [ { target: «throtle.limit», factor: 0.5 } ]\n`,
    'clamps.0.target: is the text "throtle.limit"; it needs one of session.maxPacingRate, qdisc.rate, gate.service, throttle.limit, gateway.rate, acks.rate, host.faults, link.delay; did you mean throttle.limit?'
  ],
  [
    'a clamp with a negative factor',
    `${MARKET}clamps: [ { target: throttle.limit, factor: «-0.5» } ]\n`,
    'clamps.0.factor: is -0.5; it must be at least 0'
  ],
  [
    'a clamp that ends before it starts',
    `${MARKET}clamps: [ { target: link.delay, factor: 2, from: 10:00, to: «09:00» } ]\n`,
    'clamps.0.to: must be after from'
  ],
  [
    'a clamp of two shapes',
    `${MARKET}clamps: [ «{» target: link.delay, factor: 2, ramp: [ 1, 2 ] } ]\n`,
    'clamps.0: has both factor and ramp; a clamp has one shape'
  ],
  [
    'a clamp of no shape',
    `${MARKET}clamps: [ «{» target: link.delay } ]\n`,
    'clamps.0: has no shape; give one of factor, ramp, pulse or curve'
  ],
  [
    'a clamp that stops a server for good',
    `${MARKET}clamps: [ { target: gateway.rate, factor: «0» } ]\n`,
    'clamps.0.factor: takes gateway.rate to 0, and nothing would ever leave; use a small factor such as 0.01'
  ],
  [
    'a throttle without a limit',
    `${MARKET}path: { gateway: { throttle: «{» kind: sliding } } }\n`,
    'path.gateway.throttle: has no limit; give limit: messages per window'
  ],
  [
    'a limit without a kind of window',
    `${MARKET}path: { gateway: { throttle: { limit: «5» } } }\n`,
    'path.gateway.throttle.limit: has no effect without a kind of window; give kind: fixed-clock, fixed-first, sliding, token-bucket, leaky-credits or in-flight'
  ],
  [
    'a backoff of nothing',
    `${MARKET}path: { retry: { backoff: «fixed» } }\n`,
    'path.retry.backoff: is fixed, which needs backoffFirst above 0'
  ],
  [
    'a band with its exit above its enter',
    `${MARKET}policies:\n  controlled:\n    control: { throttle: { rho: { enter: 0.5, exit: «0.6» } } }\n`,
    'policies.controlled.control.throttle.rho.exit: is 0.6; it must be below enter (0.5)'
  ],
  [
    'a session twice',
    `${MARKET}path: { sessions: [ { name: a }, { name: «a» } ] }\n`,
    'path.sessions.1.name: "a" is there twice'
  ],
  [
    'a message larger than the send buffer',
    `${MARKET}path: { session: { sendBuffer: «100B» } }\n`,
    'path.session.sendBuffer: of 100 bytes cannot hold one message of 200 bytes'
  ]
]

describe('faults of a scenario', () => {
  it.each(cases)('%s', (_, source, message) => {
    const { text, place } = marked(source)
    expect(messageFor(text)).toBe(place + message)
  })

  it('broken YAML is told at its place', () => {
    expect(messageFor(`${MARKET}seed: [1\n`)).toMatch(/^a\.yaml:5:1: /)
    expect(messageFor('a: b: c\n')).toMatch(/^a\.yaml:1:4: /)
  })

  it('a second document is a fault', () => {
    expect(messageFor(`${MARKET}---\n${MARKET}`)).toMatch(/^a\.yaml:4:1: /)
  })

  it('an alias is told where its anchor stands', () => {
    const text = `${MARKET}path:\n  gate: { service: &slow 5 }\n  acks: { service: *slow }\n`
    expect(messageFor(text)).toMatch(/^a\.yaml:5:26: path\.gate\.service: "5" has no unit/)
  })
})
