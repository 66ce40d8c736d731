/* What a tactic does with the lots of one decision, under each class of urgency: do they rest, do resting ones follow the touch, when do they cross. */
import type { ExecutionOptions } from './options.ts'
import type { UrgencyPath } from './urgency.ts'

/** When what is unfilled of a decision crosses; Infinity = not before the finish. `periodNs`: from the decision to the next. */
export function takeInstantNs(options: ExecutionOptions, urgency: UrgencyPath, anchorNs: number, periodNs: number): number {
  if (urgency.now === 'passive') return Number.POSITIVE_INFINITY
  if (urgency.now === 'urgent') return Math.max(anchorNs, urgency.sinceNs)
  switch (options.tactic) {
    case 'take':
      return anchorNs
    case 'passive-then-take':
      return anchorNs + Math.floor(periodNs * options.takeAfterShare)
    default:
      return Number.POSITIVE_INFINITY
  }
}

/** May lots rest at all? A take that has nothing to cross with waits, unless it may not cross. */
export function mayRest({ tactic }: ExecutionOptions, urgency: UrgencyPath): boolean {
  return tactic !== 'take' || urgency.now === 'passive'
}

/** Do resting orders follow the touch, or stay in the queue that they joined? */
export function follows({ tactic }: ExecutionOptions): boolean {
  return tactic !== 'join'
}
