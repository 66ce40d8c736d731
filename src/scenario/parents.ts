/* The parents of a seed, once the tapes are known: drawn inside the session, or those of a file; none past the scenario's end. */
import { InputError } from '../kernel/assert.ts'
import { formatClock, formatDuration, NS_PER_DAY } from '../kernel/units.ts'
import { venuesBySymbol } from '../market/symbols.ts'
import { daysOf, type TapeDay, type TapeHeader } from '../market/tape.ts'
import type { ParentOrder } from '../order/parent.ts'
import { drawParents, type ParentDraw, type ParentWindow } from '../order/parents.ts'
import type { ParentDrawOptions, Scenario } from './scenario.ts'

/** The draw with what the tapes say: the windows are the common sessions unless given, one a day. Errors: InputError. */
export function parentDraw(draw: ParentDrawOptions, headers: readonly TapeHeader[], endNs: number | null): ParentDraw {
  const { windowStartNs, windowEndNs, ...rest } = draw
  const given = { startNs: windowStartNs, endNs: windowEndNs }
  const windows = sessionsOf(headers, given).map((session) => windowOf(session, given, endNs))
  const long = windows.filter(({ startNs, endNs: end }) => end - startNs >= rest.horizonNsMin)
  if (long.length === 0) {
    throw new InputError(
      `parents.horizon: ${formatDuration(rest.horizonNsMin)} is longer than the window, ${spanText(windows[0])}`
    )
  }
  const longestNs = Math.max(...long.map(({ startNs, endNs: end }) => end - startNs))
  return { ...rest, horizonNsMax: Math.min(rest.horizonNsMax, longestNs), windows: long, venues: venuesBySymbol(headers) }
}

/** A day of all tapes: when every venue is open, and what is added to times of day. */
interface Session extends ParentWindow {
  readonly shiftNs: number
}

interface GivenWindow {
  readonly startNs: number | null
  readonly endNs: number | null
}

/** Every day that the tapes have in common; of a window written with a day (+1d 09:30), the session it lies in. Errors: InputError. */
function sessionsOf(headers: readonly TapeHeader[], given: GivenWindow): Session[] {
  const sessions = commonSessions(headers)
  if (sessions.length === 0) throw new InputError('market.venues: the tapes have no day in common; give tapes of the same days')
  const inNs = given.startNs ?? given.endNs ?? 0
  if (inNs <= NS_PER_DAY) return sessions
  const session = sessions.find(({ endNs }) => inNs <= endNs) ?? sessions[sessions.length - 1]
  return [{ ...session, shiftNs: 0 }]
}

function commonSessions(headers: readonly TapeHeader[]): Session[] {
  const [first, ...others] = headers.map(daysOf)
  const dayOf = ({ openNs }: TapeDay): number => Math.floor(openNs / NS_PER_DAY)
  return first.flatMap((day) => {
    const all = [day, ...others.flatMap((days) => days.filter((other) => dayOf(other) === dayOf(day)))]
    if (all.length < headers.length) return []
    const startNs = Math.max(...all.map(({ openNs }) => openNs))
    const endNs = Math.min(...all.map(({ closeNs }) => closeNs))
    return [{ startNs, endNs, shiftNs: dayOf(day) * NS_PER_DAY }]
  })
}

/** Errors: InputError when the window leaves the session. */
function windowOf(session: Session, given: GivenWindow, endNs: number | null): ParentWindow {
  const startNs = given.startNs === null ? session.startNs : given.startNs + session.shiftNs
  const givenEndNs = given.endNs === null ? session.endNs : given.endNs + session.shiftNs
  const window = { startNs, endNs: Math.min(givenEndNs, endNs ?? Number.POSITIVE_INFINITY) }
  if (startNs < session.startNs || window.endNs > session.endNs) {
    throw new InputError(`parents.window: ${spanText(window)} is not inside the tapes' session, ${spanText(session)}`)
  }
  return window
}

function spanText({ startNs, endNs }: ParentWindow): string {
  return `${formatClock(startNs)} to ${formatClock(endNs)}`
}

/** Gives the parents of a seed: the same for every policy. `listed` are those of the file, when there is one. */
export function parentsOf(
  scenario: Scenario,
  headers: readonly TapeHeader[],
  listed: readonly ParentOrder[] | null
): (seed: number) => readonly ParentOrder[] {
  const { endNs } = scenario.limits
  if (scenario.parents.kind === 'draw') {
    const draw = parentDraw(scenario.parents.draw, headers, endNs)
    return (seed) => drawParents(seed, draw)
  }
  const parents = (listed ?? [])
    .filter(({ startNs }) => endNs === null || startNs < endNs)
    .map((parent) => (endNs === null || parent.endNs <= endNs ? parent : { ...parent, endNs }))
  return () => parents
}
