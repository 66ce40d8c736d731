/* A throttle: a venue's limits or none, what was given over them, and limits beside it, to ThrottleOptions. */
import { InputError } from '../kernel/assert.ts'
import type { AgeWeights, ThrottleOptions } from '../path/options.ts'
import { checkThrottle } from '../path/throttle-check.ts'
import { ScenarioFault } from './fault.ts'
import { overlay } from './fields.ts'
import type { SessionInput, ThrottleInput } from './path-schema.ts'
import { THROTTLE_OFF, THROTTLE_PRESETS } from './venue-throttles.ts'

type At = readonly (string | number)[]
type LimitInput = Omit<ThrottleInput, 'also'>

/** Account number of each session, in order of first mention; undefined when none names one. */
export function accountsOf(sessions: readonly SessionInput[] | undefined): number[] | undefined {
  if (sessions === undefined || sessions.every(({ account }) => account === undefined)) return undefined
  const names: (string | undefined)[] = []
  return sessions.map(({ account }) => {
    const known = names.indexOf(account)
    return known >= 0 ? known : names.push(account) - 1
  })
}

export function resolveThrottle(
  base: ThrottleOptions,
  given: ThrottleInput | undefined,
  accounts: readonly number[] | undefined,
  at: At
): ThrottleOptions {
  if (given === undefined) return withAccounts(base, accounts)
  const main = resolveLimit(base, given, at)
  const also = given.also?.flatMap((limit, index) => {
    const { also: beside, ...one } = resolveLimit(THROTTLE_OFF, limit, [...at, 'also', index])
    return [one, ...(beside ?? [])]
  })
  const throttle = withAccounts(overlay(main, { also }), accounts)
  try {
    checkThrottle(throttle)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new ScenarioFault(at, error.message)
  }
  return throttle
}

function withAccounts(throttle: ThrottleOptions, accounts: readonly number[] | undefined): ThrottleOptions {
  if (accounts === undefined) return throttle
  return overlay({ ...throttle, accounts }, { also: throttle.also?.map((rule) => ({ ...rule, accounts })) })
}

function resolveLimit(base: ThrottleOptions, given: LimitInput, at: At): ThrottleOptions {
  const limit = overlay(given.preset === undefined ? base : THROTTLE_PRESETS[given.preset], {
    window: given.kind,
    limit: given.limit,
    windowNs: given.window,
    // One bucket unless said otherwise: the window's own limit.
    burst: given.burst ?? (given.kind === 'token-bucket' ? given.limit : undefined),
    refill: given.refill,
    overLimit: given.overLimit,
    disconnectLimit: given.disconnectLimit,
    countsRejects: given.countsRejects,
    queueCountMax: given.queueCountMax,
    relogonNs: given.relogon,
    cancelOnDisconnect: given.cancelOnDisconnect,
    cancelOnDisconnectDelayNs: given.cancelOnDisconnectDelay,
    cancelOnDisconnectShare: given.cancelOnDisconnectShare,
    cancels: given.cancels,
    cancelLimit: given.cancelLimit ?? (given.cancels === 'own-bucket' ? given.limit : undefined),
    cancelDisconnectLimit: given.cancelDisconnectLimit,
    weights: given.weights,
    ageWeights: ageWeightsOf(given.ageWeights),
    scope: given.scope,
    inFlightUntil: given.inFlightUntil
  })
  if (limit.window === 'none' && given.limit !== undefined) {
    throw new ScenarioFault(
      [...at, 'limit'],
      'has no effect without a kind of window; give kind: fixed-clock, fixed-first, sliding, token-bucket, leaky-credits or in-flight'
    )
  }
  const opened = given.kind !== undefined && given.kind !== 'none' && base.window === 'none' && given.preset === undefined
  if (opened && given.limit === undefined) throw new ScenarioFault(at, 'has no limit; give limit: messages per window')
  return limit
}

function ageWeightsOf(given: LimitInput['ageWeights']): AgeWeights | undefined {
  if (given === undefined) return undefined
  return {
    underNs: given.map(({ under }) => under),
    replace: given.map(({ replace }) => replace),
    cancel: given.map(({ cancel }) => cancel)
  }
}
