/*
 * What may follow at once of a deficit: what earlier decisions did not do, because of a pause, rejects, or takes that found nothing. Full: all of it.
 * Capped: a share of it per decision. None: it waits for the finish. Controllers may ask for less, never for more.
 */
import type { Directives } from '../order/directives.ts'
import type { ExecutionOptions } from './options.ts'
import { roundUp } from './whole-lots.ts'

export function catchUpLots(deficitLots: number, options: ExecutionOptions, directives: Directives): number {
  const { catchUp } = options
  const own = catchUp === 'full' ? 1 : catchUp === 'capped' ? options.catchUpShare : 0
  return roundUp(deficitLots * Math.min(own, directives.catchUpShare))
}
