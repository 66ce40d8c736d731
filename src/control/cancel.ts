/*
 * Cancel controller (cancel-ack playbook, "State machine for live control"). BACKLOG: cancel acks slow down at p90, or the
 * pending-cancel inventory (count, notional, seconds to drain) grows. SATURATED: p99 breaches, or stale fills spike. SAFE: SATURATED has
 * held without relief for `safeAfterNs`.
 * Leaves out: the SET burn rate (it needs a replay), ack quantiles per venue and session, the competing-risks decision.
 */
import { type Controller, controller, over } from './controller.ts'
import type { CancelOptions } from './options.ts'

export const CANCEL_STATES = ['CLEAR', 'BACKLOG', 'SATURATED', 'SAFE'] as const

export function cancelController(options: CancelOptions): Controller {
  const slow = over('cancelAckLatencyP90Ns', (reading) => reading.cancelAckLatencyP90Ns, options.cancelAckLatencyP90Ns)
  const tail = over('cancelAckLatencyP99Ns', (reading) => reading.cancelAckLatencyP99Ns, options.cancelAckLatencyP99Ns)
  const pending = over('pendingCancelCount', (reading) => reading.pendingCancelCount, options.pendingCancelCount)
  const notional = over('pendingCancelNotional', (reading) => reading.pendingCancelNotional, options.pendingCancelNotional)
  const stale = over('staleFillRatio', (reading) => reading.staleFillRatio, options.staleFillRatio)
  const draining = over(
    'cancelBacklogPressureSeconds',
    (reading) => reading.cancelBacklogPressureSeconds,
    options.cancelBacklogPressureSeconds
  )
  const never = Number.POSITIVE_INFINITY
  return controller(
    {
      name: 'cancel',
      states: CANCEL_STATES,
      boundaries: [
        { clauses: [[slow], [pending], [notional], [draining]], sustainedNs: never },
        { clauses: [[tail], [stale]], sustainedNs: never },
        { clauses: [], sustainedNs: options.safeAfterNs }
      ],
      dwellNs: options.dwellNs
    },
    options.directives
  )
}
