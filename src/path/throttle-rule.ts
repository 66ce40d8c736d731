/*
 * One limit of a venue: whose messages share a count, what each weighs, and the law of the window. A second, larger limit counts all that is
 * offered, refused messages too. Each count (a session's, an account's, the gateway's; cancels apart where they have their own)
 * has its own window, opened when it is first needed.
 */
import { MESSAGE_TYPE } from '../order/words.ts'
import { FixedWindow } from './fixed-window.ts'
import { LeakyBucket } from './leaky-bucket.ts'
import type { ThrottleOptions } from './options.ts'
import { SlidingWindow } from './sliding-window.ts'
import type { WindowLaw } from './window-law.ts'

export class ThrottleRule {
  readonly options: ThrottleOptions
  /** Of the message that was last looked at: its weight here (0: this limit has no say) and its window. */
  weight = 0
  law: WindowLaw | undefined
  /** By message type. */
  private readonly weights: readonly number[]
  private readonly first: (WindowLaw | undefined)[] = []
  private readonly second: (WindowLaw | undefined)[] = []

  constructor(options: ThrottleOptions) {
    this.options = options
    const given = options.weights ?? { new: 1, replace: 1, cancel: 1 }
    const weights: number[] = []
    weights[MESSAGE_TYPE.of.new] = given.new
    weights[MESSAGE_TYPE.of.replace] = given.replace
    weights[MESSAGE_TYPE.of.cancel] = options.cancels === 'exempt' ? 0 : given.cancel
    this.weights = weights
  }

  /** What a message weighs here; 0: this limit does not look at it. `ageNs`: of the order it is about. */
  weightOf(messageType: number, ageNs: number): number {
    const weight = this.weights[messageType]
    const { ageWeights, cancels } = this.options
    if (ageWeights === undefined || messageType === MESSAGE_TYPE.of.new) return weight
    const isCancel = messageType === MESSAGE_TYPE.of.cancel
    if (isCancel && cancels === 'exempt') return 0
    const added = isCancel ? ageWeights.cancel : ageWeights.replace
    for (let i = 0; i < added.length; i++) if (ageNs < ageWeights.underNs[i]) return weight + added[i]
    return weight
  }

  /** The count a message belongs to: 2 * who, plus 1 for cancels in their own bucket. */
  scopeOf(messageType: number, session: number): number {
    const { scope, accounts, cancels } = this.options
    const who = scope === 'session' ? session : scope === 'account' ? (accounts?.[session] ?? 0) : 0
    return 2 * who + (messageType === MESSAGE_TYPE.of.cancel && cancels === 'own-bucket' ? 1 : 0)
  }

  /** True when a message is let through beyond the limit. */
  isLenient(messageType: number): boolean {
    return messageType === MESSAGE_TYPE.of.cancel && this.options.cancels === 'never-refused'
  }

  /** Looks at a message: sets `weight` and `law`; gives the weight. */
  look(messageType: number, session: number, ageNs: number): number {
    this.weight = this.weightOf(messageType, ageNs)
    if (this.weight === 0) return 0
    const scope = this.scopeOf(messageType, session)
    this.law = this.first[scope]
    if (this.law === undefined) {
      this.law = this.lawOf(scope % 2 === 1 ? this.options.cancelLimit : this.options.limit)
      this.first[scope] = this.law
    }
    return this.weight
  }

  /** Counts a message at the second limit; false when it is beyond it. */
  offer(nowNs: number, messageType: number, session: number, factor: number, ageNs: number): boolean {
    const { disconnectLimit, cancelDisconnectLimit } = this.options
    if (disconnectLimit === undefined && cancelDisconnectLimit === undefined) return true
    const weight = this.weightOf(messageType, ageNs)
    if (weight === 0) return true
    const scope = this.scopeOf(messageType, session)
    const limit = scope % 2 === 1 ? cancelDisconnectLimit : disconnectLimit
    if (limit === undefined) return true
    let law = this.second[scope]
    if (law === undefined) {
      law = this.lawOf(limit)
      this.second[scope] = law
    }
    const within = law.fits(nowNs, factor, weight)
    law.add(nowNs, factor, weight)
    return within
  }

  private lawOf(limit: number): WindowLaw {
    const { window, windowNs, burst, refill } = this.options
    switch (window) {
      case 'sliding':
        return new SlidingWindow(limit, windowNs)
      case 'token-bucket':
        return new LeakyBucket(burst, limit, windowNs)
      case 'leaky-credits':
        return new LeakyBucket(limit, refill ?? limit, windowNs)
      default:
        return new FixedWindow(limit, windowNs, window === 'fixed-clock')
    }
  }
}
