import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { MESSAGE_TYPE } from '../../src/order/words.ts'
import type { ThrottleOptions } from '../../src/path/options.ts'
import { Throttle, VERDICT } from '../../src/path/throttle.ts'

const NEW = MESSAGE_TYPE.of.new
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

  it.each(['fixed-clock', 'fixed-first', 'sliding', 'token-bucket'] as const)(
    'says when to ask again, and passes then and not 1 ns earlier: %s',
    (window) => {
      const steps = fc.array(fc.nat(60), { minLength: 1, maxLength: 60 })
      fc.assert(
        fc.property(steps, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (gaps, limit, burst) => {
          const make = (): Throttle => new Throttle(options({ window, limit, burst, windowNs: 97, overLimit: 'queue' }))
          const throttle = make()
          const early = make()
          let nowNs = 0
          for (const gap of gaps) {
            nowNs += gap
            const verdict = throttle.decide(nowNs, NEW, 0, 1)
            expect(early.decide(nowNs, NEW, 0, 1)).toBe(verdict)
            if (verdict === VERDICT.pass) continue
            const { releaseNs } = throttle
            expect(releaseNs).toBeGreaterThan(nowNs)
            if (releaseNs - 1 > nowNs) expect(early.decide(releaseNs - 1, NEW, 0, 1)).toBe(VERDICT.queue)
            expect(throttle.decide(releaseNs, NEW, 0, 1)).toBe(VERDICT.pass)
            expect(early.decide(releaseNs, NEW, 0, 1)).toBe(VERDICT.pass)
            nowNs = releaseNs
          }
        })
      )
    }
  )

  it.each(['fixed-clock', 'fixed-first', 'sliding', 'token-bucket'] as const)(
    'agrees with a brute-force counter over random arrivals: %s',
    (window) => {
      const steps = fc.array(fc.nat(40), { minLength: 1, maxLength: 120 })
      fc.assert(
        fc.property(steps, fc.nat(4), fc.integer({ min: 1, max: 5 }), (gaps, limit, burst) => {
          const windowNs = 101
          const throttle = new Throttle(options({ window, limit, burst, windowNs }))
          const passes: number[] = []
          // The bucket in units of 1 / windowNs of a token, filled ns by ns.
          let credit = burst * windowNs
          let firstNs = Number.NEGATIVE_INFINITY
          let nowNs = 0
          for (const gap of gaps) {
            for (let i = 0; i < gap; i++) credit = Math.min(burst * windowNs, credit + limit)
            nowNs += gap
            let allowed: boolean
            if (window === 'sliding') allowed = passes.filter((ns) => ns > nowNs - windowNs).length < limit
            else if (window === 'fixed-clock') {
              allowed = passes.filter((ns) => Math.floor(ns / windowNs) === Math.floor(nowNs / windowNs)).length < limit
            } else if (window === 'fixed-first') {
              if (nowNs >= firstNs + windowNs) firstNs = nowNs
              allowed = passes.filter((ns) => ns >= firstNs).length < limit
            } else allowed = credit >= windowNs
            expect(throttle.decide(nowNs, NEW, 0, 1) === VERDICT.pass).toBe(allowed)
            if (!allowed) continue
            passes.push(nowNs)
            credit -= windowNs
          }
        })
      )
    }
  )

  it('refuses a window of nothing and an empty bucket', () => {
    expect(() => new Throttle(options({ windowNs: 0 }))).toThrow(InputError)
    expect(() => new Throttle(options({ window: 'token-bucket', burst: 0 }))).toThrow(InputError)
    expect(() => new Throttle(options({ limit: 1.5 }))).toThrow(InputError)
  })
})
