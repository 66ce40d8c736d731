import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { MESSAGE_TYPE } from '../../src/order/words.ts'
import type { ThrottleOptions } from '../../src/path/options.ts'
import { cancelsOvertake, Throttle, VERDICT } from '../../src/path/throttle.ts'

const NEW = MESSAGE_TYPE.of.new
const REPLACE = MESSAGE_TYPE.of.replace
const CANCEL = MESSAGE_TYPE.of.cancel

function options(fields: Partial<ThrottleOptions>): ThrottleOptions {
  return {
    window: 'sliding',
    limit: 2,
    windowNs: 100,
    burst: 2,
    overLimit: 'reject',
    queueCountMax: 10,
    relogonNs: 0,
    cancelOnDisconnect: false,
    cancels: 'counted',
    cancelLimit: 0,
    scope: 'session',
    ...fields
  }
}

function verdicts(fields: Partial<ThrottleOptions>, times: number[], type = NEW): string {
  const throttle = new Throttle(options(fields))
  return times.map((ns) => 'pRqd'[throttle.decide(ns, type, 0, 1)]).join('')
}

describe('Throttle', () => {
  it('passes all without a window', () => {
    expect(verdicts({ window: 'none', limit: 0 }, [0, 0, 0])).toBe('ppp')
  })

  it('counts fixed windows on the clock', () => {
    // Windows [0, 100), [100, 200): four in 40 ns pass across the border.
    expect(verdicts({ window: 'fixed-clock' }, [80, 90, 95, 100, 110, 120, 200])).toBe('ppRppRp')
  })

  it('opens a window with the first message, and the next one with the first after its end', () => {
    expect(verdicts({ window: 'fixed-first' }, [80, 90, 179, 180, 279, 279, 280])).toBe('ppRppRp')
  })

  it('slides: a pass leaves the window exactly windowNs later', () => {
    expect(verdicts({ window: 'sliding' }, [0, 50, 99, 100, 149, 150])).toBe('ppRpRp')
  })

  it('refills a bucket evenly up to its size', () => {
    // 2 tokens per 100 ns, bucket of 2: one token each 50 ns.
    expect(verdicts({ window: 'token-bucket' }, [0, 0, 0, 49, 50, 99, 100, 1000, 1000, 1000])).toBe('ppRRpRpppR')
  })

  it('counts, spares or counts apart cancels', () => {
    expect(verdicts({ cancels: 'counted' }, [0, 0, 0], CANCEL)).toBe('ppR')
    expect(verdicts({ cancels: 'exempt' }, [0, 0, 0], CANCEL)).toBe('ppp')
    const throttle = new Throttle(options({ cancels: 'own-bucket', cancelLimit: 1 }))
    const seen = [NEW, NEW, NEW, CANCEL, CANCEL].map((type) => throttle.decide(0, type, 0, 1))
    expect(seen).toEqual([VERDICT.pass, VERDICT.pass, VERDICT.reject, VERDICT.pass, VERDICT.reject])
  })

  it('counts per session or for all sessions', () => {
    const perSession = new Throttle(options({ limit: 1 }))
    expect([0, 1, 0].map((session) => perSession.decide(0, NEW, session, 1))).toEqual([
      VERDICT.pass,
      VERDICT.pass,
      VERDICT.reject
    ])
    const shared = new Throttle(options({ limit: 1, scope: 'gateway' }))
    expect([0, 1].map((session) => shared.decide(0, NEW, session, 1))).toEqual([VERDICT.pass, VERDICT.reject])
  })

  it('scales its limit by the factor of the instant, rounded down, to nothing at all', () => {
    const throttle = new Throttle(options({ limit: 5 }))
    const seen = [0.5, 0.5, 0.5, 1, 0].map((factor) => throttle.decide(0, NEW, 0, factor))
    expect(seen).toEqual([VERDICT.pass, VERDICT.pass, VERDICT.reject, VERDICT.pass, VERDICT.reject])
  })

  it('disconnects where the venue does', () => {
    expect(verdicts({ overLimit: 'disconnect' }, [0, 0, 0])).toBe('ppd')
  })

  it('gives credits back evenly up to the pool, and charges a message its weight', () => {
    // A pool of 10, 5 back per 100 ns: one each 20 ns. New orders cost 4, cancels 1.
    const throttle = new Throttle(
      options({ window: 'leaky-credits', limit: 10, refill: 5, weights: { new: 4, replace: 4, cancel: 1 } })
    )
    const seen = [
      [0, NEW],
      [0, NEW],
      [0, NEW],
      [0, CANCEL],
      [0, CANCEL],
      [0, CANCEL],
      [79, NEW],
      [80, NEW],
      [10_000, NEW],
      [10_000, NEW],
      [10_000, NEW]
    ].map(([ns, type]) => 'pRqd'[throttle.decide(ns, type, 0, 1)])
    expect(seen.join('')).toBe('ppRppRRpppR')
  })

  it('makes cancels and replaces of young orders dear', () => {
    const throttle = new Throttle(
      options({
        window: 'leaky-credits',
        limit: 10,
        refill: 0,
        weights: { new: 1, replace: 1, cancel: 0 },
        ageWeights: { underNs: [5, 10], replace: [3, 0], cancel: [8, 6] }
      })
    )
    const ask = (type: number, ageNs: number): string => 'pRqd'[throttle.decide(0, type, 0, 1, ageNs)]
    // 8 of 10; 4 more do not fit; 1 does (9); 6 do not; 0 always does; 1 does (10); 1 does not; 0 still does.
    expect(ask(CANCEL, 4)).toBe('p')
    expect(ask(REPLACE, 4)).toBe('R')
    expect(ask(REPLACE, 5)).toBe('p')
    expect(ask(CANCEL, 5)).toBe('R')
    expect(ask(CANCEL, 9)).toBe('R')
    expect(ask(CANCEL, 10)).toBe('p')
    expect(ask(NEW, 0)).toBe('p')
    expect(ask(NEW, 0)).toBe('R')
    expect(ask(CANCEL, 10)).toBe('p')
  })

  it('rejects over the first limit and disconnects over the second, which counts what was rejected too', () => {
    const twice = { window: 'fixed-clock', limit: 2, disconnectLimit: 4 } as const
    expect(verdicts(twice, [0, 1, 2, 3, 4, 100])).toBe('ppRRdp')
    expect(verdicts({ ...twice, cancels: 'own-bucket', cancelLimit: 1, cancelDisconnectLimit: 2 }, [0, 1, 2], CANCEL)).toBe('pRd')
  })

  it('lets cancels through that count but are never refused, up to the second limit', () => {
    const throttle = new Throttle(options({ limit: 2, disconnectLimit: 4, cancels: 'never-refused' }))
    const seen = [CANCEL, NEW, CANCEL, NEW, CANCEL].map((type) => 'pRqd'[throttle.decide(0, type, 0, 1)])
    expect(seen.join('')).toBe('pppRd')
  })

  it('lets rejected messages use the limit up where the venue does', () => {
    // Sliding, 2 in 100 ns: who hammers at a window that counts rejects stays out.
    expect(verdicts({ countsRejects: false }, [0, 0, 60, 100, 100])).toBe('ppRpp')
    expect(verdicts({ countsRejects: true }, [0, 0, 60, 100, 100, 160])).toBe('ppRpRR')
  })

  it('shares a count between the sessions of an account', () => {
    const throttle = new Throttle(options({ limit: 1, scope: 'account', accounts: [0, 1, 0] }))
    const seen = [0, 1, 2].map((session) => 'pRqd'[throttle.decide(0, NEW, session, 1)])
    expect(seen.join('')).toBe('ppR')
  })

  it('asks all limits, and counts a message in all of them or in none', () => {
    // Two a session in 100 ns, three an account in 1000 ns.
    const account = options({ limit: 3, windowNs: 1_000, scope: 'account' })
    const throttle = new Throttle(options({ limit: 2, also: [account] }))
    const ask = (ns: number, session: number): string => 'pRqd'[throttle.decide(ns, NEW, session, 1)]
    expect([ask(0, 0), ask(0, 0), ask(0, 0)]).toEqual(['p', 'p', 'R'])
    // The third was not counted by the account: session 1 has one left, and a refused one is not counted by the session.
    expect([ask(0, 1), ask(0, 1), ask(500, 1)]).toEqual(['p', 'R', 'R'])
    expect([ask(1_000, 1), ask(1_000, 1)]).toEqual(['p', 'p'])
  })

  it('takes the more severe verdict and names the limit that ends the session', () => {
    const ban = options({ limit: 3, overLimit: 'disconnect', relogonNs: 600 })
    const throttle = new Throttle(options({ limit: 2, also: [{ ...ban, countsRejects: true }] }))
    const seen = [0, 0, 0, 0].map((ns) => 'pRqd'[throttle.decide(ns, NEW, 0, 1)])
    expect(seen.join('')).toBe('ppRd')
    expect(throttle.blamed.relogonNs).toBe(600)
  })

  it('says when cancels overtake: only where new orders wait and cancels do not', () => {
    const queue = options({ overLimit: 'queue' })
    expect(cancelsOvertake(queue)).toBe(false)
    expect(cancelsOvertake({ ...queue, cancels: 'own-bucket' })).toBe(true)
    expect(cancelsOvertake({ ...queue, weights: { new: 1, replace: 1, cancel: 0 } })).toBe(true)
    expect(cancelsOvertake(options({ cancels: 'exempt' }))).toBe(false)
  })

  it('refuses a window of nothing and an empty bucket', () => {
    expect(() => new Throttle(options({ windowNs: 0 }))).toThrow(InputError)
    expect(() => new Throttle(options({ window: 'token-bucket', burst: 0 }))).toThrow(InputError)
    expect(() => new Throttle(options({ limit: 1.5 }))).toThrow(InputError)
    expect(() => new Throttle(options({ limit: 2, disconnectLimit: 1 }))).toThrow(/at least the first limit, 2/)
    expect(() => new Throttle(options({ window: 'in-flight', disconnectLimit: 9 }))).toThrow(/no second one/)
    expect(() => new Throttle(options({ also: [options({ overLimit: 'queue' })] }))).toThrow(/cannot queue/)
    expect(() => new Throttle(options({ relogonNs: 5, cancelOnDisconnectDelayNs: 6 }))).toThrow(/relogon block/)
    expect(
      () => new Throttle(options({ window: 'leaky-credits', limit: 3, weights: { new: 4, replace: 1, cancel: 1 } }))
    ).toThrow(/weight 4/)
  })
})
