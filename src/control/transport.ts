/*
 * Transport controller (tx-pacing playbook, sections 5 and 6). Clean-Flow; Pacing-Limited: the cap is used up or bytes wait
 * unsent while the dispatch-to-wire gap is moderate; Burst-Released: high burstiness with the gap's tail. The middle state is not a
 * milder burst: it asks for a higher cap for takes and larger granularity, the last one for jitter and smaller bursts.
 * Leaves out: estimated transition probabilities and branch costs (section 5).
 */
import { type Controller, controller, over } from './controller.ts'
import type { TransportOptions } from './options.ts'
import type { Reading } from './reading.ts'

export const TRANSPORT_STATES = ['Clean-Flow', 'Pacing-Limited', 'Burst-Released'] as const

const gap = (reading: Reading): number => reading.dispatchToWireP95Ns

export function transportController(options: TransportOptions): Controller {
  const moderate = over('dispatchToWireP95Ns', gap, options.dispatchToWireP95Ns)
  const tail = over('dispatchToWireP95Ns', gap, options.dispatchToWireTailNs)
  const utilised = over('capUtilisation', (reading) => reading.capUtilisation, options.capUtilisation)
  const unsent = over('unsentBytes', (reading) => reading.unsentBytes, options.unsentBytes)
  const bursty = over('burstinessIndex', (reading) => reading.burstinessIndex, options.burstinessIndex)
  const never = Number.POSITIVE_INFINITY
  return controller(
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
        { clauses: [[bursty, tail]], sustainedNs: never }
      ],
      dwellNs: options.dwellNs
    },
    options.directives
  )
}
