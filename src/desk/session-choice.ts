/*
 * Which of a venue's sessions carries what (tx-pacing playbook, section 6 A: one static cap for every urgency is rarely right). By the session's
 * name, where a venue has one: "opening" for children of a parent's first slice that rest, "take" for takes and catch-up, "liquidation" for the
 * end of a parent; else opening goes by the venue's first session, liquidation with the takes, and takes by the first.
 */
import { assert } from '../kernel/assert.ts'
import type { Directives } from '../order/directives.ts'
import { TACTIC } from '../order/words.ts'
import type { SessionOptions } from '../path/options.ts'

/** Session numbers, by venue. */
export interface SessionChoice {
  readonly opening: readonly number[]
  readonly passive: readonly number[]
  readonly take: readonly number[]
  readonly liquidation: readonly number[]
}

export function chooseSessions(sessions: readonly SessionOptions[], venueCount: number): SessionChoice {
  const choice = { opening: [] as number[], passive: [] as number[], take: [] as number[], liquidation: [] as number[] }
  for (let venue = 0; venue < venueCount; venue++) {
    const ofVenue = (name: string, otherwise: number): number => {
      const found = sessions.findIndex((session) => (session.venue ?? 0) === venue && session.name === name)
      return found < 0 ? otherwise : found
    }
    const first = sessions.findIndex((session) => (session.venue ?? 0) === venue)
    assert(first >= 0, `venue ${venue} has a session`)
    const take = ofVenue('take', first)
    choice.opening.push(ofVenue('opening', first))
    choice.passive.push(first)
    choice.take.push(take)
    choice.liquidation.push(ofVenue('liquidation', take))
  }
  return choice
}

/** The session of a new child. */
export function sessionFor(choice: SessionChoice, venue: number, tactic: number, slice: number): number {
  if (tactic === TACTIC.of.liquidation) return choice.liquidation[venue]
  if (tactic !== TACTIC.of.passive) return choice.take[venue]
  return slice === 0 ? choice.opening[venue] : choice.passive[venue]
}

/** The factor on a session's cap: the largest that is asked for what it carries; 1 where it carries nothing. */
export function capFactor(choice: SessionChoice, venue: number, session: number, asked: Directives): number {
  let factor = Number.NaN
  const carries = (sessions: readonly number[], own: number): void => {
    if (sessions[venue] === session && !(factor >= own)) factor = own
  }
  carries(choice.opening, asked.openingCapFactor)
  carries(choice.passive, asked.passiveCapFactor)
  carries(choice.take, asked.takeCapFactor)
  carries(choice.liquidation, asked.liquidationCapFactor)
  return Number.isNaN(factor) ? 1 : factor
}
