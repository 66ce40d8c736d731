/*
 * Fault controller (page-fault playbook, "Regime state machine"). AMBER_FAULT_WARMING: the minor-fault rate drifts up (over 1, 10 or
 * 60 s), or mild burstiness, or slow major faults. RED_FAULT_STRESS: the dispatch gap has lifted or queue age has decayed while faults come in
 * bursts, or the gap has lifted while majors are slow. SAFE_CONTAIN: RED has held without relief for `containAfterNs`, or the cost tail
 * of fills has widened in the bursts (tail budget). A machine of its own remediates the host when SAFE_CONTAIN persists, for at least
 * `remediationNs`: new orders wait meanwhile, and normal policy resumes when it is over.
 */
import { type Controller, controller, over } from './controller.ts'
import type { FaultOptions } from './options.ts'
import type { Reading } from './reading.ts'

export const FAULT_STATES = ['GREEN_FAULT_CLEAN', 'AMBER_FAULT_WARMING', 'RED_FAULT_STRESS', 'SAFE_CONTAIN'] as const
export const REMEDIATION_STATES = ['in-service', 'remediated'] as const
export const CONTAINED = FAULT_STATES.indexOf('SAFE_CONTAIN')

const never = Number.POSITIVE_INFINITY
const score = (reading: Reading): number => reading.faultBurstScore

export function faultControllers(options: FaultOptions): Controller[] {
  const { controls } = options
  const lifted = over('dispatchGapLift', (reading) => reading.dispatchGapLift, options.dispatchGapLift)
  const aged = over('queueAgeDecay', (reading) => reading.queueAgeDecay, options.queueAgeDecay)
  const bursty = over('faultBurstScore', score, options.faultBurstScore)
  const mild = over('faultBurstScore', score, options.faultBurstScoreAmber)
  const slow = over('majorFaultServiceP95Ns', (reading) => reading.majorFaultServiceP95Ns, options.majorFaultServiceP95Ns)
  const rising = over('minorFaultRate', (reading) => reading.minorFaultRate1s, options.minorFaultRate)
  const risen = over('minorFaultRate', (reading) => reading.minorFaultRate10s, options.minorFaultRate)
  const stayed = over('minorFaultRate', (reading) => reading.minorFaultRate60s, options.minorFaultRate)
  const widened = over('fillCostLift', (reading) => reading.fillCostLift, options.fillCostLift)
  const { remediation, ...levers } = controls
  const fault = controller(
    'fault',
    {
      name: 'fault',
      states: FAULT_STATES,
      boundaries: [
        { clauses: [[rising], [risen], [stayed], [mild], [slow]], sustainedNs: never },
        {
          clauses: [
            [bursty, lifted],
            [bursty, aged],
            [slow, lifted]
          ],
          sustainedNs: never
        },
        { clauses: controls.tailBudget.enabled ? [[bursty, widened]] : [], sustainedNs: options.containAfterNs }
      ],
      dwellNs: options.dwellNs
    },
    Object.entries(levers)
  )
  if (!remediation.enabled) return [fault]
  const band = { enter: options.remediateAfterNs, exit: 1 }
  const persisting = over('containedNs', (reading) => reading.containedNs, band)
  const boundaries = [{ clauses: [[persisting]], sustainedNs: never }]
  const machine = { name: 'remediation', states: REMEDIATION_STATES, boundaries, dwellNs: options.remediationNs } as const
  return [fault, controller('fault', machine, [['remediation', remediation]])]
}
