/*
 * Transport controller (tx-pacing playbook, sections 5 and 6). Clean-Flow; Pacing-Limited: the cap is used up or bytes wait
 * unsent while the dispatch-to-wire gap is moderate; Burst-Released: high burstiness with the gap's tail, or a burst that is likely and dear
 * (branch-model.ts) while the gap is moderate. The middle state is not a milder burst. Two controls have thresholds of their own and so
 * machines of their own: the queue budget (C) acts on the bytes that wait, anti-phase-lock (B) on burstiness that the path has made (with a
 * gap: what is decided at one instant and leaves at once is bunched by the desk, and no jitter is called for).
 */
import type { Branch } from './branch-model.ts'
import { type Controller, controller, over } from './controller.ts'
import type { TransportOptions } from './options.ts'
import type { HostReading, Reading } from './reading.ts'

export const TRANSPORT_STATES = ['Clean-Flow', 'Pacing-Limited', 'Burst-Released'] as const
export const QUEUE_BUDGET_STATES = ['within-budget', 'over-budget'] as const
export const PHASE_LOCK_STATES = ['even', 'bunched'] as const

const gap = (reading: Reading): number => reading.dispatchToWireP95Ns
const never = Number.POSITIVE_INFINITY

type BranchReading = Pick<
  HostReading,
  'dispatchToWireP95Ns' | 'burstinessIndex100us' | 'burstinessIndex' | 'burstinessIndex500us' | 'capUtilisation' | 'unsentBytes'
>

/** Which branch a reading is of by itself, without hysteresis: what the branch model counts. */
export function branchOf(options: TransportOptions, reading: BranchReading): Branch {
  const gapNs = reading.dispatchToWireP95Ns
  const bursty =
    reading.burstinessIndex100us >= options.burstinessIndex100us.enter ||
    reading.burstinessIndex >= options.burstinessIndex.enter ||
    reading.burstinessIndex500us >= options.burstinessIndex500us.enter
  if (bursty && gapNs >= options.dispatchToWireTailNs.enter) return 2
  const full = reading.capUtilisation >= options.capUtilisation.enter || reading.unsentBytes >= options.unsentBytes.enter
  return full && gapNs >= options.dispatchToWireP95Ns.enter ? 1 : 0
}

/** The controller and the machines of its two controls. */
export function transportControllers(options: TransportOptions): Controller[] {
  const moderate = over('dispatchToWireP95Ns', gap, options.dispatchToWireP95Ns)
  const tail = over('dispatchToWireP95Ns', gap, options.dispatchToWireTailNs)
  const utilised = over('capUtilisation', (reading) => reading.capUtilisation, options.capUtilisation)
  const unsent = over('unsentBytes', (reading) => reading.unsentBytes, options.unsentBytes)
  const risky = over('burstRiskBps', (reading) => reading.burstRiskBps, options.burstRiskBps)
  const bunched = [
    over('burstinessIndex100us', (reading) => reading.burstinessIndex100us, options.burstinessIndex100us),
    over('burstinessIndex', (reading) => reading.burstinessIndex, options.burstinessIndex),
    over('burstinessIndex500us', (reading) => reading.burstinessIndex500us, options.burstinessIndex500us)
  ]
  const { controls, dwellNs } = options
  const machines = [
    controller(
      'transport',
      {
        name: 'transport',
        states: TRANSPORT_STATES,
        boundaries: [
          {
            clauses: [
              [utilised, moderate],
              [unsent, moderate]
            ],
            sustainedNs: never
          },
          {
            clauses: [...bunched.map((bursty) => [bursty, tail]), ...(controls.branchModel.enabled ? [[risky, moderate]] : [])],
            sustainedNs: never
          }
        ],
        dwellNs
      },
      [
        ['capByTactic', controls.capByTactic],
        ['burstFallback', controls.burstFallback],
        ['branchModel', controls.branchModel]
      ]
    )
  ]
  if (controls.queueBudget.enabled) {
    const waiting = over('queuedBytes', (reading) => reading.queuedBytes, options.queueBudgetBytes)
    const boundaries = [{ clauses: [[waiting]], sustainedNs: never }]
    const machine = { name: 'queue-budget', states: QUEUE_BUDGET_STATES, boundaries, dwellNs } as const
    machines.push(controller('transport', machine, [['queueBudget', controls.queueBudget]]))
  }
  if (controls.jitter.enabled) {
    const boundaries = [{ clauses: bunched.map((bursty) => [bursty, moderate]), sustainedNs: never }]
    const machine = { name: 'phase-lock', states: PHASE_LOCK_STATES, boundaries, dwellNs } as const
    machines.push(controller('transport', machine, [['jitter', controls.jitter]]))
  }
  return machines
}
