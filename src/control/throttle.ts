/*
 * Throttle controller (reject-loop playbook, section 5). AMBER: utilisation rho, the burst of messages, the estimated reject hazard, the reject
 * rate or queue resets rise. RED: a sustained burst of rejects, a run of them, or a cluster of timeouts. SAFE: rejects or timeouts are extreme,
 * or the hazard is while slippage burns its budget. "Sustained" is the window of the reading's rates.
 */
import { type Controller, controller, over } from './controller.ts'
import type { ThrottleControlOptions } from './options.ts'
import type { Reading } from './reading.ts'

export const THROTTLE_STATES = ['GREEN', 'AMBER', 'RED', 'SAFE'] as const

const never = Number.POSITIVE_INFINITY
const rejects = (reading: Reading): number => reading.rejectRate
const timeouts = (reading: Reading): number => reading.timeoutCount
const hazard = (reading: Reading): number => reading.rejectHazard

export function throttleController(options: ThrottleControlOptions): Controller {
  const burning = over('fillCostMeanBps', (reading) => reading.fillCostMeanBps, options.fillCostMeanBps)
  return controller(
    'throttle',
    {
      name: 'throttle',
      states: THROTTLE_STATES,
      boundaries: [
        {
          clauses: [
            [over('rho', (reading) => reading.rho, options.rho)],
            [over('rejectRate', rejects, options.rejectRateAmber)],
            [over('rejectHazard', hazard, options.rejectHazard)],
            [over('messageBurst', (reading) => reading.messageBurst, options.messageBurst)],
            [over('queueResetLoad', (reading) => reading.queueResetLoad, options.queueResetLoad)]
          ],
          sustainedNs: never
        },
        {
          clauses: [
            [over('rejectRate', rejects, options.rejectRateRed)],
            [over('rejectClusterCount', (reading) => reading.rejectClusterCount, options.rejectClusterCount)],
            [over('timeoutCount', timeouts, options.timeoutCount)]
          ],
          sustainedNs: never
        },
        {
          clauses: [
            [over('rejectRate', rejects, options.rejectRateSafe)],
            [over('timeoutCount', timeouts, options.timeoutCountSafe)],
            [over('rejectHazard', hazard, options.rejectHazardSafe), burning]
          ],
          sustainedNs: never
        }
      ],
      dwellNs: options.dwellNs
    },
    Object.entries(options.controls)
  )
}

/** SAFE calls an operator and asks for a postmortem (control operatorAlert). */
export function alerts(options: ThrottleControlOptions, to: string): boolean {
  return options.controls.operatorAlert.enabled && to === 'SAFE'
}
