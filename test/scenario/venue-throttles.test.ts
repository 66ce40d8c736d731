/*
 * Each venue's limits against the figures of the table of venues' rules (look-ups of 20 November 2026), written here by hand: so many
 * messages pass in one instant, the next does not, what happens to it, and when the venue takes one again.
 */
import { describe, expect, it } from 'vitest'
import { MESSAGE_TYPE } from '../../src/order/words.ts'
import { InFlight } from '../../src/path/in-flight.ts'
import { Throttle } from '../../src/path/throttle.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { THROTTLE_PRESETS, VENUE_THROTTLES } from '../../src/scenario/venue-throttles.ts'

const { new: NEW, replace: REPLACE, cancel: CANCEL } = MESSAGE_TYPE.of
const MS = 1_000_000
const SECOND = 1000 * MS

/** A quarter second after ten: windows of the clock, of the first message and sliding ones end at different instants. */
const START_NS = 36_000 * SECOND + 250 * MS
type Name = keyof typeof VENUE_THROTTLES

/** `again`: when one passes, ns since START_NS, and not 1 ns earlier. `logout`: the message, counted from 1, that ends the session. */
interface Row {
  readonly passes: number
  readonly beyond: 'rejected' | 'disconnected'
  readonly again: number
  readonly logout?: number
}

const TABLE: [name: Name, type: number, row: Row][] = [
  // 500/s and 750/s in a window of 3 s that the first message opens; cancels 1000/s and 1500/s of their own.
  ['cme-ilink', NEW, { passes: 1500, beyond: 'rejected', again: 3 * SECOND, logout: 2251 }],
  ['cme-ilink', REPLACE, { passes: 1500, beyond: 'rejected', again: 3 * SECOND, logout: 2251 }],
  ['cme-ilink', CANCEL, { passes: 3000, beyond: 'rejected', again: 3 * SECOND, logout: 4501 }],
  // 100/s and 150/s before the open; cancels as always.
  ['cme-ilink-preopen', NEW, { passes: 300, beyond: 'rejected', again: 3 * SECOND, logout: 451 }],
  ['cme-ilink-preopen', CANCEL, { passes: 3000, beyond: 'rejected', again: 3 * SECOND, logout: 4501 }],
  ['eurex-hf-ultra', NEW, { passes: 250, beyond: 'rejected', again: SECOND }],
  ['eurex-hf-ultra', CANCEL, { passes: 250, beyond: 'rejected', again: SECOND }],
  // 2/s for each of ten units, seconds of the clock, all inbound.
  ['hkex-10', NEW, { passes: 20, beyond: 'rejected', again: 750 * MS }],
  ['hkex-10', CANCEL, { passes: 20, beyond: 'rejected', again: 750 * MS }],
  ['jpx-arrowhead-200', NEW, { passes: 200, beyond: 'rejected', again: 750 * MS }],
  ['jpx-arrowhead-60', NEW, { passes: 60, beyond: 'rejected', again: 750 * MS }],
  ['jpx-arrowhead-5', NEW, { passes: 5, beyond: 'rejected', again: 750 * MS }],
  ['cboe-edgx', NEW, { passes: 10_000, beyond: 'rejected', again: 750 * MS }],
  ['cboe-digital', NEW, { passes: 100, beyond: 'rejected', again: 750 * MS }],
  ['cboe-digital-mm', NEW, { passes: 500, beyond: 'rejected', again: 750 * MS }],
  // 500 then 1000 in 1 s; 2000 then 5000 in 5 s; the first level is for new and replace.
  ['coinbase-derivatives-sbe', NEW, { passes: 500, beyond: 'rejected', again: 750 * MS, logout: 1001 }],
  ['coinbase-derivatives-sbe', REPLACE, { passes: 500, beyond: 'rejected', again: 750 * MS, logout: 1001 }],
  ['coinbase-derivatives-sbe', CANCEL, { passes: 1000, beyond: 'disconnected', again: 750 * MS }],
  ['coinbase-derivatives-fix', NEW, { passes: 2000, beyond: 'rejected', again: 4750 * MS, logout: 5001 }],
  ['coinbase-derivatives-fix', CANCEL, { passes: 5000, beyond: 'disconnected', again: 4750 * MS }],
  ['coinbase-fix', NEW, { passes: 100, beyond: 'rejected', again: 750 * MS, logout: 201 }],
  ['coinbase-fix', CANCEL, { passes: 100, beyond: 'rejected', again: 750 * MS, logout: 201 }],
  ['coinbase-international', NEW, { passes: 800, beyond: 'rejected', again: 750 * MS, logout: 1001 }],
  ['revolut-x', NEW, { passes: 7500, beyond: 'rejected', again: 5 * SECOND }],
  ['revolut-x', REPLACE, { passes: 7500, beyond: 'rejected', again: 5 * SECOND }],
  // 50 or 100 in 10 s of the clock (a new ten begins 9.75 s later); cancels only have a request weight, 6000 a minute.
  ['binance-spot', NEW, { passes: 50, beyond: 'rejected', again: 9750 * MS }],
  ['binance-spot-100', NEW, { passes: 100, beyond: 'rejected', again: 9750 * MS }],
  ['binance-spot', CANCEL, { passes: 6000, beyond: 'rejected', again: 59_750 * MS }],
  // 10 to 20 a rolling second, each endpoint for itself; 600 in 5 s from one address, then 403.
  ['bybit', NEW, { passes: 10, beyond: 'rejected', again: SECOND, logout: 601 }],
  ['bybit', REPLACE, { passes: 10, beyond: 'rejected', again: SECOND, logout: 601 }],
  ['bybit', CANCEL, { passes: 10, beyond: 'rejected', again: SECOND, logout: 601 }],
  ['bybit-spot', NEW, { passes: 20, beyond: 'rejected', again: SECOND, logout: 601 }],
  ['bybit-spot', REPLACE, { passes: 10, beyond: 'rejected', again: SECOND, logout: 601 }],
  ['bybit-spot', CANCEL, { passes: 20, beyond: 'rejected', again: SECOND, logout: 601 }],
  ['okx', NEW, { passes: 1000, beyond: 'rejected', again: 1750 * MS }],
  ['okx', REPLACE, { passes: 1000, beyond: 'rejected', again: 1750 * MS }],
  // 125 that decay by 2.34 a second; 180 by 3.75. One comes back after 1/2.34 s = 427.350 427 35 ms, 1/3.75 s = 266.666 666 67 ms.
  ['kraken', NEW, { passes: 125, beyond: 'rejected', again: 427_350_428 }],
  ['kraken-pro', NEW, { passes: 180, beyond: 'rejected', again: 266_666_667 }],
  // A burst of 100, 30 a second back: one after 33.333 333 33 ms; 50 and 20: one after 50 ms. Then the session is closed.
  ['deribit', NEW, { passes: 100, beyond: 'disconnected', again: 33_333_334 }],
  ['deribit', CANCEL, { passes: 100, beyond: 'disconnected', again: 33_333_334 }],
  ['deribit-tier-2', NEW, { passes: 50, beyond: 'disconnected', again: 50 * MS }],
  ['bitfinex', NEW, { passes: 256, beyond: 'rejected', again: 120 * SECOND }],
  // 200 to place and 200 to cancel in a block.
  ['dydx', NEW, { passes: 200, beyond: 'rejected', again: 750 * MS }],
  ['dydx', CANCEL, { passes: 200, beyond: 'rejected', again: 750 * MS }]
]

/** Messages that the table says are never limited. */
const FREE: [Name, number][] = [
  ['revolut-x', CANCEL],
  ['okx', CANCEL],
  ['bitfinex', CANCEL]
]

const WORDS = { p: 'passed', R: 'rejected', q: 'queued', d: 'disconnected' } as const

function ask(throttle: Throttle, atNs: number, type: number, session = 0, ageNs = Number.POSITIVE_INFINITY): string {
  return WORDS['pRqd'[throttle.decide(atNs, type, session, 1, ageNs)] as keyof typeof WORDS]
}

function filled(name: Name, type: number, count: number): Throttle {
  const throttle = new Throttle(THROTTLE_PRESETS[name])
  let passes = 0
  for (let i = 0; i < count; i++) if (ask(throttle, START_NS, type) === 'passed') passes++
  expect(passes).toBe(count)
  return throttle
}

describe('a venue of the table', () => {
  it.each(TABLE)('%s, message type %d', (name, type, { passes, beyond, again, logout }) => {
    const full = filled(name, type, passes)
    for (let offered = passes + 1; offered < (logout ?? passes + 5); offered++) {
      expect(ask(full, START_NS, type), `message ${offered}`).toBe(offered < (logout ?? offered + 1) ? beyond : 'disconnected')
    }
    if (logout !== undefined) expect(ask(full, START_NS, type)).toBe('disconnected')
    expect(ask(filled(name, type, passes), START_NS + again - 1, type)).toBe(beyond)
    expect(ask(filled(name, type, passes), START_NS + again, type)).toBe('passed')
  })

  it.each(FREE)('%s never limits message type %d', (name, type) => {
    filled(name, type, 20_000)
  })

  it('is in the table above, or below, by name', () => {
    const tested = new Set<string>([...TABLE.map(([name]) => name), 'cme-msgw', 'cme-msgw-brokertec'])
    expect(Object.keys(VENUE_THROTTLES).filter((name) => !tested.has(name))).toEqual([])
    expect(Object.keys(THROTTLE_PRESETS)).toEqual(['none', ...Object.keys(VENUE_THROTTLES)])
  })

  it('says its source, the day of the look-up, and what is assumed', () => {
    for (const { source, readOn } of Object.values(VENUE_THROTTLES)) {
      expect(source).not.toBe('')
      expect(readOn).toBe('2026-11-20')
    }
    // Not stated, or marked C, in the table: what EDGX does over its limit, how arrowhead counts.
    expect(VENUE_THROTTLES['cboe-edgx'].assumed).toContain('overLimit')
    expect(VENUE_THROTTLES['jpx-arrowhead-5'].assumed).toEqual(expect.arrayContaining(['overLimit', 'cancels']))
    expect(VENUE_THROTTLES['revolut-x'].assumed).toEqual([])
  })

  it('is known to the JSON Schema and to the errors of a scenario', () => {
    const schema = JSON.stringify(scenarioJsonSchema())
    const text = 'market: { venues: [ { tape: { generate: liquid } } ] }\npath: { gateway: { throttle: cme } }\n'
    const fault = (): unknown => parseScenario(text, { fileName: 'a.yaml', edits: [] })
    for (const name of Object.keys(VENUE_THROTTLES)) {
      expect(schema).toContain(`"${name}"`)
      expect(fault).toThrow(name)
    }
  })
})

describe('scopes and in-flight counts of the table', () => {
  it.each([
    ['cme-msgw', 15],
    ['cme-msgw-brokertec', 50]
  ] as const)('%s takes %d in flight, then logs out and cancels', (name, limit) => {
    const preset = THROTTLE_PRESETS[name]
    const inFlight = InFlight.of(preset)
    if (inFlight === null) throw new Error('no in-flight limit')
    const scope = inFlight.scopeOf(CANCEL, 3)
    for (let message = 0; message < limit; message++) {
      expect(inFlight.admits(scope, 1)).toBe(true)
      inFlight.enter(message, scope)
    }
    expect(inFlight.admits(scope, 1)).toBe(false)
    expect(inFlight.admits(inFlight.scopeOf(NEW, 4), 1)).toBe(true)
    inFlight.leave(7)
    expect(inFlight.admits(scope, 1)).toBe(true)
    expect(preset).toMatchObject({ overLimit: 'disconnect', cancelOnDisconnect: true, inFlightUntil: 'processed' })
  })

  it('CME counts by session and cancels on a logout; cancels do not use up what new orders have', () => {
    const throttle = filled('cme-ilink', NEW, 1500)
    expect(ask(throttle, START_NS, CANCEL)).toBe('passed')
    expect(ask(throttle, START_NS, NEW, 1)).toBe('passed')
    expect(THROTTLE_PRESETS['cme-ilink'].cancelOnDisconnect).toBe(true)
  })

  it('Coinbase International has 4000 a second for an account of several keys', () => {
    const throttle = new Throttle(THROTTLE_PRESETS['coinbase-international'])
    for (let i = 0; i < 4000; i++) expect(ask(throttle, START_NS, NEW, i % 5)).toBe('passed')
    expect(ask(throttle, START_NS, NEW, 5)).toBe('rejected')
    expect(ask(throttle, START_NS + 750 * MS, NEW, 5)).toBe('passed')
  })

  it('Coinbase Derivatives counts cancels towards what new orders have', () => {
    const throttle = filled('coinbase-derivatives-sbe', CANCEL, 500)
    expect(ask(throttle, START_NS, NEW)).toBe('rejected')
  })

  it('Binance has 160 000 orders a day for an account', () => {
    const throttle = new Throttle(THROTTLE_PRESETS['binance-spot-100'])
    let passes = 0
    // 50 in each ten seconds from midnight, over three sessions.
    for (let order = 0; order < 160_000; order++) {
      if (ask(throttle, Math.floor(order / 50) * 10 * SECOND, NEW, order % 3) === 'passed') passes++
    }
    expect(passes).toBe(160_000)
    expect(ask(throttle, 36_000 * SECOND, NEW)).toBe('rejected')
    expect(ask(throttle, 86_400 * SECOND - 1, NEW)).toBe('rejected')
    expect(ask(throttle, 86_400 * SECOND, NEW)).toBe('passed')
  })

  it('Bybit counts its endpoints apart, by account', () => {
    const throttle = filled('bybit', NEW, 10)
    expect(ask(throttle, START_NS, REPLACE, 1)).toBe('passed')
    expect(ask(throttle, START_NS, CANCEL, 1)).toBe('passed')
    expect(ask(throttle, START_NS, NEW, 1)).toBe('rejected')
    expect(throttle.blamed.relogonNs).toBe(0)
    // 13 so far; up to 600 each is refused for its endpoint, then the address is shut out for 10 minutes.
    for (let asked = 14; asked < 600; asked++) ask(throttle, START_NS, NEW)
    expect(ask(throttle, START_NS, NEW)).toBe('rejected')
    expect(ask(throttle, START_NS, NEW)).toBe('disconnected')
    expect(throttle.blamed.relogonNs).toBe(600 * SECOND)
  })

  it.each([
    // Cancel 8, 6, 5, 4, 2, 1, 0 below 5, 10, 15, 45, 90, 300 s and from there; amend 1 and 3, 2, 1, 0.
    [4.9, 8, 4],
    [5, 6, 3],
    [9.9, 6, 3],
    [10, 5, 2],
    [15, 4, 1],
    [44.9, 4, 1],
    [45, 2, 1],
    [90, 1, 1],
    [299.9, 1, 1],
    [300, 0, 1]
  ])('Kraken charges the cancel of an order of %d s %d, its amend %d', (ageSeconds, cancel, amend) => {
    for (const [type, charge] of [
      [CANCEL, cancel],
      [REPLACE, amend]
    ] as const) {
      const throttle = new Throttle(THROTTLE_PRESETS.kraken)
      expect(ask(throttle, START_NS, type, 0, ageSeconds * SECOND)).toBe('passed')
      let room = 0
      while (ask(throttle, START_NS, NEW) === 'passed') room++
      expect(room).toBe(125 - charge)
    }
  })
})
