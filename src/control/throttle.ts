/*
 * Throttle controller (reject-loop playbook, section 5). AMBER: utilisation rho or the reject rate rises. RED: a sustained burst
 * of rejects, or a cluster of timeouts. SAFE: rejects or timeouts are extreme. "Sustained" is the window of the reading's rates.
 * Leaves out: rho and hazard per path, queue-reset tax, slippage budget, operator alert.
 */
import { type Controller, controller, over } from './controller.ts'
import type { ThrottleControlOptions } from './options.ts'
import type { Reading } from './reading.ts'

export const THROTTLE_STATES = ['GREEN', 'AMBER', 'RED', 'SAFE'] as const

const rejects = (reading: Reading): number => reading.rejectRate
const timeouts = (reading: Reading): number => reading.timeoutCount

export function throttleController(options: ThrottleControlOptions): Controller {
  const never = Number.POSITIVE_INFINITY
  return controller(
    {
      name: 'throttle',
      states: THROTTLE_STATES,
      boundaries: [
        {
          clauses: [[over('rho', (reading) => reading.rho, options.rho)], [over('rejectRate', rejects, options.rejectRateAmber)]],
          sustainedNs: never
        },
        {
          clauses: [[over('rejectRate', rejects, options.rejectRateRed)], [over('timeoutCount', timeouts, options.timeoutCount)]],
          sustainedNs: never
        },
        {
          clauses: [
            [over('rejectRate', rejects, options.rejectRateSafe)],
            [over('timeoutCount', timeouts, options.timeoutCountSafe)]
          ],
          sustainedNs: never
        }
      ],
      dwellNs: options.dwellNs
    },
    options.directives
  )
}
