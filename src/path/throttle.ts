/*
 * A venue's message throttle, free of the simulation: what happens to a message that asks at an instant. One limit or several that all have
 * to be met (a session's beside its account's); windows of every law (fixed-window.ts, sliding-window.ts, leaky-bucket.ts); per session, account
 * or gateway; reject, queue or disconnect over the limit, or reject over a first and disconnect over a second one; cancels counted, in their
 * own bucket, exempt, never refused, or dearer the younger their order. Sources: the venues' own texts (scenario/venue-throttles.ts). Exact integer
 * arithmetic. Guarantee: a message is counted by all of its limits or, where one refuses it, by none, but for limits that count rejects.
 * Left out: consecutive-reject limits, bans that grow, credit that fills give back. In-flight limits: in-flight.ts.
 */
import { assert } from '../kernel/assert.ts'
import type { ThrottleOptions } from './options.ts'
import { checkThrottle } from './throttle-check.ts'
import { ThrottleRule } from './throttle-rule.ts'

/** What a throttle decides; `queue` comes with an instant at which to ask again (`releaseNs`). */
export const VERDICT = { pass: 0, reject: 1, queue: 2, disconnect: 3 } as const

const VERDICT_OVER = { reject: VERDICT.reject, queue: VERDICT.queue, disconnect: VERDICT.disconnect } as const

export class Throttle {
  /** After a verdict of `queue`: when to ask again, an instant after the one asked. */
  releaseNs = 0
  /** After a verdict of `disconnect`: the limit that ends the session. */
  blamed: ThrottleOptions
  /** True when a message's weight depends on its order's age. */
  readonly readsAge: boolean
  private readonly main: ThrottleRule | null
  private readonly rules: readonly ThrottleRule[]

  /** Errors: InputError for a throttle that cannot be (throttle-check.ts). */
  constructor(options: ThrottleOptions) {
    checkThrottle(options)
    this.blamed = options
    const counts = ({ window }: ThrottleOptions): boolean => window !== 'none' && window !== 'in-flight'
    this.main = counts(options) ? new ThrottleRule(options) : null
    const beside = (options.also ?? []).filter(counts).map((rule) => new ThrottleRule(rule))
    this.rules = this.main === null ? beside : [this.main, ...beside]
    this.readsAge = this.rules.some((rule) => rule.options.ageWeights !== undefined)
  }

  /** The line in which a message would be held: the count of the first limit it belongs to; -1 when that would never hold it. */
  scopeOf(messageType: number, session: number, ageNs = Number.POSITIVE_INFINITY): number {
    const { main } = this
    if (main === null || main.weightOf(messageType, ageNs) === 0 || main.isLenient(messageType)) return -1
    return main.scopeOf(messageType, session)
  }

  /** A VERDICT for a message that asks at `nowNs`; calls come in order of time. `factor` scales the limits now, rounded down. */
  decide(nowNs: number, messageType: number, session: number, factor: number, ageNs = Number.POSITIVE_INFINITY): number {
    if (!this.offer(nowNs, messageType, session, factor, ageNs)) return VERDICT.disconnect
    return this.ask(nowNs, messageType, session, factor, ageNs)
  }

  /** The second limits: false when the message ends its session. Once per message, whatever comes of it. */
  offer(nowNs: number, messageType: number, session: number, factor: number, ageNs: number): boolean {
    let within = true
    for (const rule of this.rules) {
      if (rule.offer(nowNs, messageType, session, factor, ageNs)) continue
      within = false
      this.blamed = rule.options
    }
    return within
  }

  /** The first limits: a VERDICT. A held message asks again. */
  ask(nowNs: number, messageType: number, session: number, factor: number, ageNs: number): number {
    const { rules } = this
    let verdict: number = VERDICT.pass
    for (const rule of rules) {
      const weight = rule.look(messageType, session, ageNs)
      const { law } = rule
      if (weight === 0 || law === undefined || rule.isLenient(messageType) || law.fits(nowNs, factor, weight)) continue
      const over = VERDICT_OVER[rule.options.overLimit]
      if (over === VERDICT.queue) {
        this.releaseNs = law.nextNs(nowNs, factor, weight)
        assert(this.releaseNs > nowNs, 'a throttle that is full lets nothing through now')
      }
      if (verdict !== VERDICT.disconnect && over === VERDICT.disconnect) this.blamed = rule.options
      // The first limit's wait ends where another one refuses.
      if (verdict === VERDICT.pass || verdict === VERDICT.queue || over === VERDICT.disconnect) verdict = over
    }
    for (const rule of rules) {
      if (verdict !== VERDICT.pass && (verdict === VERDICT.queue || rule.options.countsRejects !== true)) continue
      if (rule.weight > 0) rule.law?.add(nowNs, factor, rule.weight)
    }
    return verdict
  }
}

/** True when a venue holds new orders back and lets cancels pass them. */
export function cancelsOvertake({ window, overLimit, cancels, weights, ageWeights }: ThrottleOptions): boolean {
  if (window === 'none' || overLimit !== 'queue') return false
  return cancels !== 'counted' || weights?.cancel === 0 || ageWeights !== undefined
}
