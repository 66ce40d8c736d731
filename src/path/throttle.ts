/*
 * A venue's message throttle, free of the simulation: what happens to a message that asks at an instant. Fixed windows on the clock
 * or opened by the first message, sliding windows, token buckets; per session or for the gateway; cancels counted, in
 * their own bucket, or exempt (reference/venue-throttles.md). Exact integer arithmetic. Guarantee: with a constant
 * limit L, no window [t, t + windowNs) of a sliding window, and no window of a fixed one, holds more than L passes; a bucket
 * passes at most burst + L (t2 - t1) / windowNs. Only passes use the limit up. Left out: in-flight counts, order-age weights.
 */
import { assert, InputError } from '../kernel/assert.ts'
import { MESSAGE_TYPE } from '../order/words.ts'
import type { ThrottleOptions } from './options.ts'

/** What a throttle decides; `queue` comes with an instant at which to ask again (`releaseNs`). */
export const VERDICT = { pass: 0, reject: 1, queue: 2, disconnect: 3 } as const

/** Largest product of ns and tokens that is exact. */
const EXACT_MAX = 2 ** 53

/** Instants of the last passes in a window, oldest first. Grows to the limit that is asked of it, never beyond. */
export class SlidingWindow {
  private ring = new Float64Array(16)
  private head = 0
  private size = 0
  private readonly windowNs: number

  constructor(windowNs: number) {
    this.windowNs = windowNs
  }

  /** Passes in (nowNs - windowNs, nowNs]. */
  countAt(nowNs: number): number {
    while (this.size > 0 && nowNs - this.ring[this.head] >= this.windowNs) {
      this.head = (this.head + 1) & (this.ring.length - 1)
      this.size--
    }
    return this.size
  }

  /** When the `row`th oldest pass leaves the window. */
  leaveNs(row: number): number {
    return this.ring[(this.head + row) & (this.ring.length - 1)] + this.windowNs
  }

  add(nowNs: number): void {
    if (this.size === this.ring.length) {
      const larger = new Float64Array(this.ring.length * 2)
      for (let i = 0; i < this.size; i++) larger[i] = this.ring[(this.head + i) & (this.ring.length - 1)]
      this.ring = larger
      this.head = 0
    }
    this.ring[(this.head + this.size++) & (this.ring.length - 1)] = nowNs
  }
}

/** One count: of a session or gateway, of all messages or of cancels only. */
class Meter {
  private readonly options: ThrottleOptions
  private readonly window: SlidingWindow
  private windowStartNs = Number.NEGATIVE_INFINITY
  private passed = 0
  /** Token bucket: credit in units of 1 / windowNs of a token, as of creditNs. */
  private credit: number
  private creditNs = 0

  constructor(options: ThrottleOptions) {
    this.options = options
    this.window = new SlidingWindow(options.windowNs)
    this.credit = options.burst * options.windowNs
  }

  /** True, and counted, when a message may pass now under `limit` messages per window. */
  take(nowNs: number, limit: number): boolean {
    const { options } = this
    if (limit === Number.POSITIVE_INFINITY) return true
    switch (options.window) {
      case 'none':
        return true
      case 'fixed-clock':
      case 'fixed-first': {
        this.openWindow(nowNs)
        if (this.passed >= limit) return false
        if (this.windowStartNs === Number.NEGATIVE_INFINITY) this.windowStartNs = nowNs
        this.passed++
        return true
      }
      case 'sliding':
        if (this.window.countAt(nowNs) >= limit) return false
        this.window.add(nowNs)
        return true
      case 'token-bucket':
        this.refill(nowNs, limit)
        if (this.credit < options.windowNs) return false
        this.credit -= options.windowNs
        return true
    }
  }

  /** The earliest instant after now at which `take` will give true when nothing else passes and the limit stays. */
  nextNs(nowNs: number, limit: number): number {
    const { options } = this
    // A limit of 0 gives no such instant: ask again after a window.
    if (limit <= 0) return nowNs + options.windowNs
    switch (options.window) {
      case 'none':
        return nowNs
      case 'fixed-clock':
      case 'fixed-first':
        return this.windowStartNs + options.windowNs
      case 'sliding':
        return this.window.leaveNs(this.window.countAt(nowNs) - limit)
      case 'token-bucket':
        return nowNs + Math.ceil((options.windowNs - this.credit) / limit)
    }
  }

  private openWindow(nowNs: number): void {
    const { windowNs } = this.options
    if (this.options.window === 'fixed-clock') {
      const startNs = nowNs - (nowNs % windowNs)
      if (startNs === this.windowStartNs) return
      this.windowStartNs = startNs
      this.passed = 0
    } else if (nowNs - this.windowStartNs >= windowNs) {
      this.windowStartNs = Number.NEGATIVE_INFINITY
      this.passed = 0
    }
  }

  /** Credit for the time since the last refill, at the limit of now. */
  private refill(nowNs: number, limit: number): void {
    const full = this.options.burst * this.options.windowNs
    const spanNs = nowNs - this.creditNs
    this.creditNs = nowNs
    if (limit <= 0) return
    // Longer spans fill the bucket anyway, and their product might not be exact.
    const room = full - this.credit
    this.credit = spanNs >= Math.ceil(room / limit) ? full : this.credit + spanNs * limit
  }
}

export class Throttle {
  /** After a verdict of `queue`: when to ask again, an instant after the one asked. */
  releaseNs = 0
  private readonly options: ThrottleOptions
  private readonly meters: (Meter | undefined)[] = []
  private readonly cancelMeters: (Meter | undefined)[] = []

  /** Errors: InputError for a window of no length, a negative or fractional limit, a bucket that holds no token. */
  constructor(options: ThrottleOptions) {
    checkThrottle(options)
    this.options = options
  }

  /** The count a message belongs to: 2 * scope, plus 1 for cancels in their own bucket; -1 when it is exempt. */
  scopeOf(messageType: number, session: number): number {
    const { options } = this
    const isCancel = messageType === MESSAGE_TYPE.of.cancel
    if (options.window === 'none' || (isCancel && options.cancels === 'exempt')) return -1
    const scope = options.scope === 'session' ? session : 0
    return 2 * scope + (isCancel && options.cancels === 'own-bucket' ? 1 : 0)
  }

  /** A VERDICT for a message that asks at `nowNs`; calls come in order of time. `factor` scales the limit now, rounded down. */
  decide(nowNs: number, messageType: number, session: number, factor: number): number {
    const scope = this.scopeOf(messageType, session)
    if (scope === -1) return VERDICT.pass
    const { options } = this
    const own = scope % 2 === 1
    const limit = limitAt(own ? options.cancelLimit : options.limit, factor)
    const meter = this.meterOf(scope >> 1, own)
    if (meter.take(nowNs, limit)) return VERDICT.pass
    if (options.overLimit === 'queue') {
      this.releaseNs = meter.nextNs(nowNs, limit)
      assert(this.releaseNs > nowNs, 'a throttle that is full lets nothing through now')
      return VERDICT.queue
    }
    return options.overLimit === 'reject' ? VERDICT.reject : VERDICT.disconnect
  }

  private meterOf(scope: number, own: boolean): Meter {
    const meters = own ? this.cancelMeters : this.meters
    let meter = meters[scope]
    if (meter === undefined) {
      meter = new Meter(this.options)
      meters[scope] = meter
    }
    return meter
  }
}

/** A limit under a clamp's factor: a whole number, at least 0. */
function limitAt(limit: number, factor: number): number {
  if (limit === Number.POSITIVE_INFINITY) return factor > 0 ? limit : 0
  return factor === 1 ? limit : Math.max(0, Math.floor(limit * factor))
}

function checkThrottle(options: ThrottleOptions): void {
  if (options.window === 'none') return
  const whole = (value: number): boolean => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 0)
  if (!(Number.isInteger(options.windowNs) && options.windowNs > 0)) {
    throw new InputError(`a throttle window of ${options.windowNs} ns cannot be; give a whole number above 0`)
  }
  if (!whole(options.limit))
    throw new InputError(`a throttle limit of ${options.limit} cannot be; give a whole number of messages`)
  if (options.cancels === 'own-bucket' && !whole(options.cancelLimit)) {
    throw new InputError(`a cancel limit of ${options.cancelLimit} cannot be; give a whole number of messages`)
  }
  if (options.window === 'token-bucket') {
    if (!(Number.isInteger(options.burst) && options.burst >= 1)) {
      throw new InputError(`a token bucket of ${options.burst} tokens passes nothing; give a whole number of at least 1`)
    }
    if (options.burst * options.windowNs >= EXACT_MAX) {
      throw new InputError(`a token bucket of ${options.burst} tokens in ${options.windowNs} ns is too large; shorten its window`)
    }
  }
}
