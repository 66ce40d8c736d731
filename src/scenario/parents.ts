/* The parents of a seed, once the tapes are known: drawn inside the session, or those of a file; none past the scenario's end. */
import { InputError } from '../kernel/assert.ts'
import { formatClock, formatDuration } from '../kernel/units.ts'
import { venuesBySymbol } from '../market/symbols.ts'
import type { TapeHeader } from '../market/tape.ts'
import type { ParentOrder } from '../order/parent.ts'
import { drawParents, type ParentDraw } from '../order/parents.ts'
import type { ParentDrawOptions, Scenario } from './scenario.ts'

/** The draw with what the tapes say: the window is the common session unless given. Errors: InputError. */
export function parentDraw(draw: ParentDrawOptions, headers: readonly TapeHeader[], endNs: number | null): ParentDraw {
  const { windowStartNs: givenStart, windowEndNs: givenEnd, ...rest } = draw
  const openNs = Math.max(...headers.map((header) => header.openNs))
  const closeNs = Math.min(...headers.map((header) => header.closeNs))
  const windowStartNs = givenStart ?? openNs
  const windowEndNs = Math.min(givenEnd ?? closeNs, endNs ?? Infinity)
  const window = `${formatClock(windowStartNs)} to ${formatClock(windowEndNs)}`
  if (windowStartNs < openNs || windowEndNs > closeNs) {
    throw new InputError(
      `parents.window: ${window} is not inside the tapes' session, ${formatClock(openNs)} to ${formatClock(closeNs)}`
    )
  }
  if (windowEndNs - windowStartNs < rest.horizonNsMin) {
    throw new InputError(`parents.horizon: ${formatDuration(rest.horizonNsMin)} is longer than the window, ${window}`)
  }
  return {
    ...rest,
    horizonNsMax: Math.min(rest.horizonNsMax, windowEndNs - windowStartNs),
    windowStartNs,
    windowEndNs,
    venues: venuesBySymbol(headers)
  }
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
