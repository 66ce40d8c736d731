/* What a throttle cannot be: one sentence each, before the first message. */
import { InputError } from '../kernel/assert.ts'
import type { ThrottleOptions } from './options.ts'

/** Largest product of ns and credits that is exact. */
const EXACT_MAX = 2 ** 53

/** Errors: InputError for a window of no length, a negative or fractional limit, a bucket that nothing fits into, a rule beside that queues. */
export function checkThrottle(options: ThrottleOptions): void {
  checkRule(options)
  const rules = [options, ...(options.also ?? [])]
  for (const rule of options.also ?? []) {
    checkRule(rule)
    if (rule.also !== undefined) fail('a limit beside another has none beside itself; write them in one list')
    if (rule.overLimit === 'queue') fail('a limit beside another cannot queue; only the first one can')
  }
  if (rules.filter(({ window }) => window === 'in-flight').length > 1) fail('a gateway has at most one in-flight limit')
}

function checkRule(options: ThrottleOptions): void {
  const { window, windowNs, limit } = options
  if (window === 'none') return
  const whole = (value: number): boolean => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 0)
  const checkLimit = (value: number, name: string): void => {
    if (!whole(value)) fail(`a ${name} of ${value} cannot be; give a whole number of messages`)
  }
  if (!(Number.isInteger(windowNs) && windowNs > 0)) {
    fail(`a throttle window of ${windowNs} ns cannot be; give a whole number above 0`)
  }
  checkLimit(limit, 'throttle limit')
  if (options.cancels === 'own-bucket') checkLimit(options.cancelLimit, 'cancel limit')
  checkSecond(options)
  const heaviest = checkWeights(options)
  const share = options.cancelOnDisconnectShare ?? 1
  if (!(share >= 0 && share <= 1)) fail(`a cancel-on-disconnect share of ${share} cannot be; give 0 to 1`)
  if ((options.cancelOnDisconnectDelayNs ?? 0) > options.relogonNs) {
    fail('cancels on disconnect that come after the next logon would cancel new orders; make the relogon block at least as long')
  }
  if (window !== 'token-bucket' && window !== 'leaky-credits') return
  const ceiling = window === 'token-bucket' ? options.burst : limit
  const what = window === 'token-bucket' ? 'a token bucket' : 'a pool'
  if (!(Number.isInteger(ceiling) && ceiling >= 1)) {
    fail(`${what} of ${ceiling} passes nothing; give a whole number of at least 1`)
  }
  if (heaviest > ceiling) fail(`${what} of ${ceiling} never holds enough for a message of weight ${heaviest}`)
  if (ceiling * windowNs >= EXACT_MAX) fail(`${what} of ${ceiling} in ${windowNs} ns is too large; shorten its window`)
  if (!whole(options.refill ?? 0)) fail(`a refill of ${options.refill} cannot be; give a whole number of credits`)
}

function checkSecond(options: ThrottleOptions): void {
  const { disconnectLimit, cancelDisconnectLimit } = options
  for (const [second, first, name] of [
    [disconnectLimit, options.limit, 'disconnect limit'],
    [cancelDisconnectLimit, options.cancelLimit, 'disconnect limit of cancels']
  ] as const) {
    if (second === undefined) continue
    if (options.window === 'in-flight') fail('an in-flight limit has no second one: what is refused is not in flight')
    if (!(Number.isInteger(second) || second === Number.POSITIVE_INFINITY) || second < first) {
      fail(`a ${name} of ${second} cannot be; give a whole number of at least the first limit, ${first}`)
    }
  }
}

/** The most a message can weigh. */
function checkWeights({ weights, ageWeights }: ThrottleOptions): number {
  const base = weights ?? { new: 1, replace: 1, cancel: 1 }
  const { underNs, replace, cancel } = ageWeights ?? { underNs: [], replace: [], cancel: [] }
  if (replace.length !== underNs.length || cancel.length !== underNs.length) fail('weights by age need one weight for each age')
  if (underNs.some((ns, i) => i > 0 && ns <= underNs[i - 1])) fail('weights by age go back in age; sort them by age')
  for (const weight of [base.new, base.replace, base.cancel, ...replace, ...cancel]) {
    if (!(Number.isSafeInteger(weight) && weight >= 0))
      fail(`a message of weight ${weight} cannot be; give a whole number of at least 0`)
  }
  return Math.max(base.new, base.replace + Math.max(0, ...replace), base.cancel + Math.max(0, ...cancel))
}

function fail(fact: string): never {
  throw new InputError(fact)
}
