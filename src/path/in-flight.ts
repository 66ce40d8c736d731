/*
 * In-flight limits: how many messages may be inside the gateway at once, from their arrival until they are processed (left the gateway) or
 * answered (the answer left the venue). CME's MSGW safeguard: 15 until processed, then logout (EPICSANDBOX 46175517; there only while a
 * packet is held for 3 us, here always: assumed). A clamp scales the limit at the instant a message asks. Guarantee: with a constant
 * limit no count is ever above it, but by what is never refused.
 */
import { assert } from '../kernel/assert.ts'
import { int32Column } from '../kernel/column.ts'
import type { ThrottleOptions } from './options.ts'
import { ThrottleRule } from './throttle-rule.ts'
import { limitAt } from './window-law.ts'

export class InFlight {
  readonly options: ThrottleOptions
  private readonly rule: ThrottleRule
  private readonly counts: number[] = []
  /** Count each message is in, by message row; -1: none. */
  private readonly scopes = int32Column()

  constructor(options: ThrottleOptions) {
    this.options = options
    this.rule = new ThrottleRule(options)
  }

  /** The in-flight limit of a throttle, if it has one. */
  static of(options: ThrottleOptions): InFlight | null {
    const found = [options, ...(options.also ?? [])].find(({ window }) => window === 'in-flight')
    return found === undefined ? null : new InFlight(found)
  }

  /** The count a message belongs to; -1: not counted. */
  scopeOf(messageType: number, session: number): number {
    return this.rule.weightOf(messageType, Number.POSITIVE_INFINITY) === 0 ? -1 : this.rule.scopeOf(messageType, session)
  }

  countOf(scope: number): number {
    return this.counts[scope] ?? 0
  }

  /** True when a message comes in whatever is in flight. */
  isLenient(messageType: number): boolean {
    return this.rule.isLenient(messageType)
  }

  /** True when a message of this count may come in now. */
  admits(scope: number, factor: number): boolean {
    const { limit, cancelLimit } = this.options
    return this.countOf(scope) < limitAt(scope % 2 === 1 ? cancelLimit : limit, factor)
  }

  enter(message: number, scope: number): void {
    const { scopes } = this
    while (scopes.count <= message) scopes.push(-1)
    scopes.values[message] = scope
    this.counts[scope] = this.countOf(scope) + 1
  }

  /** Ends a message's flight; gives its count, or -1 when it was not in flight. */
  leave(message: number): number {
    const { scopes } = this
    if (message >= scopes.count) return -1
    const scope = scopes.values[message]
    if (scope === -1) return -1
    scopes.values[message] = -1
    this.counts[scope]--
    assert(this.counts[scope] >= 0, 'no more messages end their flight than began it')
    return scope
  }
}
