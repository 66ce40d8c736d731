/*
 * Every law of a message limit against a counter that is as plain as can be: it keeps all that was ever counted and looks through it
 * again for each message; a leaking level falls ns by ns.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MESSAGE_TYPE } from '../../src/order/words.ts'
import type { ThrottleOptions } from '../../src/path/options.ts'
import { Throttle, VERDICT } from '../../src/path/throttle.ts'

const { new: NEW, cancel: CANCEL } = MESSAGE_TYPE.of
const LAWS = ['fixed-clock', 'fixed-first', 'sliding', 'token-bucket', 'leaky-credits'] as const
type Law = (typeof LAWS)[number]

interface Ask {
  readonly gapNs: number
  readonly type: number
  readonly session: number
  readonly factor: number
  readonly ageNs: number
}

const PLAIN: ThrottleOptions = {
  window: 'sliding',
  limit: 3,
  windowNs: 101,
  burst: 3,
  overLimit: 'reject',
  queueCountMax: 10,
  relogonNs: 0,
  cancelOnDisconnect: false,
  cancels: 'counted',
  cancelLimit: 2,
  scope: 'session'
}

const clamped = (limit: number, factor: number): number => Math.floor(limit * factor)

/** One count: all that was put into it, and what it holds. */
class BruteCount {
  private readonly entries: { atNs: number; weight: number }[] = []
  private level = 0
  private levelNs = 0
  private readonly options: ThrottleOptions
  private readonly limit: number

  constructor(options: ThrottleOptions, limit: number) {
    this.options = options
    this.limit = limit
  }

  /** True when `weight` fits; `put` counts it. */
  fits(nowNs: number, weight: number, factor: number): boolean {
    const { window, windowNs, burst, refill } = this.options
    const sum = (fromNs: number): number =>
      this.entries.filter(({ atNs }) => atNs >= fromNs).reduce((all, e) => all + e.weight, 0)
    if (window === 'sliding') return sum(nowNs - windowNs + 1) + weight <= clamped(this.limit, factor)
    if (window === 'fixed-clock') return sum(Math.floor(nowNs / windowNs) * windowNs) + weight <= clamped(this.limit, factor)
    if (window === 'fixed-first') {
      let openedNs = Number.NEGATIVE_INFINITY
      for (const { atNs } of this.entries) if (atNs >= openedNs + windowNs) openedNs = atNs
      const held = nowNs < openedNs + windowNs ? sum(openedNs) : 0
      return held + weight <= clamped(this.limit, factor)
    }
    const rate = window === 'token-bucket' ? this.limit : (refill ?? this.limit)
    const rateNow = clamped(rate, factor)
    for (; this.levelNs < nowNs; this.levelNs++) this.level = Math.max(0, this.level - rateNow)
    return this.level + weight * windowNs <= this.room(factor, window === 'token-bucket' ? burst : this.limit, rate) * windowNs
  }

  put(nowNs: number, weight: number, factor: number): void {
    const { window, windowNs, burst, refill } = this.options
    this.entries.push({ atNs: nowNs, weight })
    const ceiling = window === 'token-bucket' ? burst : this.limit
    const rate = window === 'token-bucket' ? this.limit : (refill ?? this.limit)
    const full = Math.max(ceiling, this.room(factor, ceiling, rate)) * windowNs
    this.level = Math.min(full, this.level + weight * windowNs)
  }

  /** Nothing where a clamp stopped the refill, else at least one. */
  private room(factor: number, ceiling: number, rate: number): number {
    if (factor === 0 || (rate > 0 && clamped(rate, factor) === 0)) return 0
    return Math.max(1, clamped(ceiling, factor))
  }
}

/** What a venue with these rules says to each message, by the plain counters. */
function bruteForce(options: ThrottleOptions, asks: readonly Ask[]): string {
  const first = new Map<string, BruteCount>()
  const second = new Map<string, BruteCount>()
  const countOf = (counts: typeof first, key: string, limit: number): BruteCount => {
    const known = counts.get(key) ?? new BruteCount(options, limit)
    counts.set(key, known)
    return known
  }
  let nowNs = 0
  let told = ''
  for (const { gapNs, type, session, factor, ageNs } of asks) {
    nowNs += gapNs
    const isCancel = type === CANCEL
    const weight = weightOf(options, type, ageNs)
    if (weight === 0) {
      told += 'p'
      continue
    }
    const own = isCancel && options.cancels === 'own-bucket'
    const who = { session, account: options.accounts?.[session] ?? 0, gateway: 'all' }[options.scope]
    const key = `${who}/${own}`
    const limit2 = own ? options.cancelDisconnectLimit : options.disconnectLimit
    if (limit2 !== undefined) {
      const offered = countOf(second, key, limit2)
      const within = offered.fits(nowNs, weight, factor)
      offered.put(nowNs, weight, factor)
      if (!within) {
        told += 'd'
        continue
      }
    }
    const counted = countOf(first, key, own ? options.cancelLimit : options.limit)
    const fits = counted.fits(nowNs, weight, factor) || (isCancel && options.cancels === 'never-refused')
    if (fits || options.countsRejects === true) counted.put(nowNs, weight, factor)
    told += fits ? 'p' : 'R'
  }
  return told
}

function weightOf({ cancels, weights, ageWeights }: ThrottleOptions, type: number, ageNs: number): number {
  if (type === CANCEL && cancels === 'exempt') return 0
  const word = type === NEW ? 'new' : type === CANCEL ? 'cancel' : 'replace'
  const base = weights === undefined ? 1 : weights[word]
  if (ageWeights === undefined || word === 'new') return base
  const step = ageWeights.underNs.findIndex((underNs) => ageNs < underNs)
  return base + (step < 0 ? 0 : ageWeights[word][step])
}

const step = (factors: readonly number[]): fc.Arbitrary<Ask> =>
  fc.record({
    gapNs: fc.oneof(fc.nat(40), fc.constantFrom(0, 0, 101, 150)),
    type: fc.constantFrom(NEW, NEW, MESSAGE_TYPE.of.replace, CANCEL),
    session: fc.nat(2),
    factor: fc.constantFrom(...factors),
    ageNs: fc.nat(30)
  })

/** Rules of one law: every other choice is drawn. */
const rules = (window: Law): fc.Arbitrary<ThrottleOptions> =>
  fc
    .record({
      limit: fc.integer({ min: 1, max: 6 }),
      burst: fc.integer({ min: 4, max: 7 }),
      refill: fc.nat(9),
      more: fc.option(fc.nat(5), { nil: undefined }),
      countsRejects: fc.boolean(),
      cancels: fc.constantFrom('counted', 'own-bucket', 'exempt', 'never-refused'),
      cancelLimit: fc.integer({ min: 1, max: 4 }),
      scope: fc.constantFrom('session', 'account', 'gateway'),
      weigh: fc.boolean(),
      byAge: fc.boolean()
    })
    .map(({ limit, more, weigh, byAge, refill, ...rest }) => {
      // A pool has to hold the heaviest message: 2 + 3.
      const first = window === 'leaky-credits' ? limit + 4 : limit
      const cancelLimit = window === 'leaky-credits' ? rest.cancelLimit + 4 : rest.cancelLimit
      return {
        ...PLAIN,
        ...rest,
        window,
        limit: first,
        burst: rest.burst + 1,
        cancelLimit,
        accounts: [0, 1, 0],
        ...(window === 'leaky-credits' ? { refill } : {}),
        ...(more === undefined ? {} : { disconnectLimit: first + more, cancelDisconnectLimit: cancelLimit + more }),
        ...(weigh ? { weights: { new: 2, replace: 1, cancel: 0 } } : {}),
        ...(byAge ? { ageWeights: { underNs: [5, 20], replace: [1, 0], cancel: [3, 1] } } : {})
      }
    })

function told(options: ThrottleOptions, asks: readonly Ask[]): string {
  const throttle = new Throttle(options)
  let nowNs = 0
  return asks
    .map(({ gapNs, type, session, factor, ageNs }) => {
      nowNs += gapNs
      return 'pRqd'[throttle.decide(nowNs, type, session, factor, ageNs)]
    })
    .join('')
}

describe.each(LAWS)('%s', (window) => {
  it('agrees with a brute-force counter over random arrivals, rules and sessions', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(rules(window), fc.array(step([1]), { minLength: 1, maxLength: 100 }), (options, asks) => {
        const verdicts = told(options, asks)
        expect(verdicts).toBe(bruteForce(options, asks))
        for (const verdict of verdicts) seen.add(verdict)
      }),
      { numRuns: 400 }
    )
    // The draws reach every verdict.
    expect([...seen].sort()).toEqual(['R', 'd', 'p'])
  })

  it('agrees with it under a clamp that changes with every message, down to nothing at all and above', () => {
    fc.assert(
      fc.property(
        rules(window),
        fc.array(step([1, 1, 0.5, 0.34, 0.1, 0, 1.7]), { minLength: 1, maxLength: 100 }),
        (options, asks) => {
          expect(told(options, asks)).toBe(bruteForce(options, asks))
        }
      ),
      { numRuns: 400 }
    )
  })

  it('lets nothing that counts through while a clamp holds it at nothing', () => {
    fc.assert(
      fc.property(fc.array(step([0]), { minLength: 1, maxLength: 30 }), fc.integer({ min: 4, max: 9 }), (asks, limit) => {
        expect(told({ ...PLAIN, window, limit }, asks)).toBe('R'.repeat(asks.length))
      })
    )
  })

  it('says when to ask again, and passes then and not 1 ns earlier', () => {
    let waits = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 3, max: 6 }),
        fc.integer({ min: 3, max: 5 }),
        fc.constantFrom(1, 1.5),
        (steps, limit, burst, factor) => {
          const options: ThrottleOptions = {
            ...PLAIN,
            window,
            limit,
            burst,
            windowNs: 97,
            overLimit: 'queue',
            weights: { new: 1, replace: 2, cancel: 3 },
            ...(window === 'leaky-credits' ? { refill: burst } : {})
          }
          const throttle = new Throttle(options)
          const early = new Throttle(options)
          let nowNs = 0
          for (const [gapNs, weight] of steps) {
            nowNs += gapNs
            const type = weight === 1 ? NEW : weight === 2 ? MESSAGE_TYPE.of.replace : CANCEL
            const verdict = throttle.decide(nowNs, type, 0, factor)
            expect(early.decide(nowNs, type, 0, factor)).toBe(verdict)
            if (verdict === VERDICT.pass) continue
            waits++
            const { releaseNs } = throttle
            expect(releaseNs).toBeGreaterThan(nowNs)
            if (releaseNs - 1 > nowNs) expect(early.decide(releaseNs - 1, type, 0, factor)).toBe(VERDICT.queue)
            expect(throttle.decide(releaseNs, type, 0, factor)).toBe(VERDICT.pass)
            expect(early.decide(releaseNs, type, 0, factor)).toBe(VERDICT.pass)
            nowNs = releaseNs
          }
        }
      )
    )
    expect(waits).toBeGreaterThan(100)
  })

  it('asks to be asked a window later where no instant would do', () => {
    const throttle = new Throttle({ ...PLAIN, window, overLimit: 'queue' })
    expect(throttle.decide(7, NEW, 0, 0)).toBe(VERDICT.queue)
    expect(throttle.releaseNs).toBe(108)
  })
})
