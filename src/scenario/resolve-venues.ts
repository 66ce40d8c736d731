/*
 * The paths of several venues: what stands under a venue's own `path` over the common one, part by part. Sessions belong to a venue: each has
 * those of the common path unless it lists its own. A lone venue's path is simply the path.
 */
import type { PathOptions, SessionOptions, VenuePathOptions } from '../path/options.ts'
import { ScenarioFault } from './fault.ts'
import { PATH_PRESETS } from './path-presets.ts'
import type { PathInput, VenuePathInput } from './path-schema.ts'
import { resolveSessions, resolveVenuePart, withSocket } from './resolve-path.ts'
import { accountsOf } from './resolve-throttle.ts'

/** A session's number is a byte. */
const SESSION_COUNT_MAX = 256

/** `common` is `input` resolved. Errors: ScenarioFault. */
export function withVenues(
  common: PathOptions,
  input: PathInput | undefined,
  given: readonly (VenuePathInput | undefined)[]
): PathOptions {
  const lone = given.length === 1
  if (lone && given[0] === undefined) return common
  const sessions: SessionOptions[] = []
  const sharesAccounts = [input?.sessions, ...given.map((own) => own?.sessions)].some((list) => accountsOf(list) !== undefined)
  const venues = given.map((own, venue): VenuePathOptions => {
    const at = ['market', 'venues', venue, 'path']
    const base = own?.preset === undefined ? common : PATH_PRESETS[own.preset]
    const ownSessions = sessionsOf(base.sessions, input, own, at)
    const accounts = accountsOf(own?.sessions ?? input?.sessions) ?? ownSessions.map(() => 0)
    // Accounts are by session number, and those of the venues before come first.
    const numbered = sharesAccounts ? [...sessions.map(() => 0), ...accounts] : undefined
    sessions.push(...ownSessions.map((session) => (lone ? session : { ...session, venue })))
    if (sessions.length > SESSION_COUNT_MAX) {
      throw new ScenarioFault(['market', 'venues', venue], `brings more sessions than the desk can have (${SESSION_COUNT_MAX})`)
    }
    return resolveVenuePart(base, own, numbered, at)
  })
  if (lone) return { ...common, ...venues[0], sessions }
  const differ = sharesAccounts || given.some((own) => own !== undefined)
  return differ ? { ...common, sessions, venues } : { ...common, sessions }
}

function sessionsOf(
  base: readonly SessionOptions[],
  input: PathInput | undefined,
  own: VenuePathInput | undefined,
  at: readonly (string | number)[]
): SessionOptions[] {
  if (own?.sessions === undefined) return withSocket(base, own?.session, [...at, 'session'])
  const start = own.preset === undefined ? { session: { ...input?.session, ...own.session } } : { session: own.session }
  return resolveSessions(
    PATH_PRESETS[own.preset ?? input?.preset ?? 'colo'].sessions[0],
    { ...start, sessions: own.sessions },
    at
  )
}
