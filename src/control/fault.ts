/*
 * Fault controller (page-fault playbook, "Regime state machine"). AMBER_FAULT_WARMING: the minor-fault rate drifts up (1 s or
 * 10 s), or mild burstiness, or slow major faults. RED_FAULT_STRESS: the dispatch gap has lifted while faults come in bursts or majors are
 * slow. SAFE_CONTAIN: RED has held without relief for `containAfterNs`.
 * Leaves out: the q95 residual (it needs a fitted model), queue-age decay, the 60 s window, host remediation.
 */
import { type Controller, controller, over } from './controller.ts'
import type { FaultOptions } from './options.ts'

export const FAULT_STATES = ['GREEN_FAULT_CLEAN', 'AMBER_FAULT_WARMING', 'RED_FAULT_STRESS', 'SAFE_CONTAIN'] as const

export function faultController(options: FaultOptions): Controller {
  const lifted = over('dispatchGapLift', (reading) => reading.dispatchGapLift, options.dispatchGapLift)
  const bursty = over('faultBurstScore', (reading) => reading.faultBurstScore, options.faultBurstScore)
  const mild = over('faultBurstScore', (reading) => reading.faultBurstScore, options.faultBurstScoreAmber)
  const slow = over('majorFaultServiceP95Ns', (reading) => reading.majorFaultServiceP95Ns, options.majorFaultServiceP95Ns)
  const rising = over('minorFaultRate', (reading) => reading.minorFaultRate1s, options.minorFaultRate)
  const risen = over('minorFaultRate', (reading) => reading.minorFaultRate10s, options.minorFaultRate)
  const never = Number.POSITIVE_INFINITY
  return controller(
    {
      name: 'fault',
      states: FAULT_STATES,
      boundaries: [
        { clauses: [[rising], [risen], [mild], [slow]], sustainedNs: never },
        {
          clauses: [
            [bursty, lifted],
            [slow, lifted]
          ],
          sustainedNs: never
        },
        { clauses: [], sustainedNs: options.containAfterNs }
      ],
      dwellNs: options.dwellNs
    },
    options.directives
  )
}
