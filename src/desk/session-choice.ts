/*
 * Which of a venue's sessions carries what: takes go by the one that is called "take", where there is one; all else by the venue's first.
 */
import { assert } from '../kernel/assert.ts'
import type { SessionOptions } from '../path/options.ts'

/** Session numbers, by venue. */
export interface SessionChoice {
  readonly passive: readonly number[]
  readonly take: readonly number[]
}

export function chooseSessions(sessions: readonly SessionOptions[], venueCount: number): SessionChoice {
  const passive: number[] = []
  const take: number[] = []
  for (let venue = 0; venue < venueCount; venue++) {
    const first = sessions.findIndex((session) => (session.venue ?? 0) === venue)
    assert(first >= 0, `venue ${venue} has a session`)
    const named = sessions.findIndex((session) => (session.venue ?? 0) === venue && session.name === 'take')
    passive.push(first)
    take.push(named < 0 ? first : named)
  }
  return { passive, take }
}
