/*
 * Cancel controller (cancel-ack playbook, "State machine for live control"). BACKLOG: cancel acks slow down at p90, or the
 * pending-cancel inventory (count, notional, share of what is under way, seconds to drain) grows. SATURATED: p99 breaches, stale fills spike,
 * SET burns, or its budget goes while it burns. SAFE: SATURATED has held without relief for `safeAfterNs`, or the budget is nearly gone.
 */
import { type Controller, controller, over } from './controller.ts'
import type { CancelOptions } from './options.ts'
import type { Reading } from './reading.ts'

export const CANCEL_STATES = ['CLEAR', 'BACKLOG', 'SATURATED', 'SAFE'] as const

const never = Number.POSITIVE_INFINITY
const spent = (reading: Reading): number => reading.staleExposureBudgetShare

export function cancelController(options: CancelOptions): Controller {
  const { controls } = options
  const slow = over('cancelAckLatencyP90Ns', (reading) => reading.cancelAckLatencyP90Ns, options.cancelAckLatencyP90Ns)
  const tail = over('cancelAckLatencyP99Ns', (reading) => reading.cancelAckLatencyP99Ns, options.cancelAckLatencyP99Ns)
  const pending = over('pendingCancelCount', (reading) => reading.pendingCancelCount, options.pendingCancelCount)
  const notional = over('pendingCancelNotional', (reading) => reading.pendingCancelNotional, options.pendingCancelNotional)
  const share = over('pendingCancelShare', (reading) => reading.pendingCancelShare, options.pendingCancelShare)
  const stale = over('staleFillRatio', (reading) => reading.staleFillRatio, options.staleFillRatio)
  const several = over('staleFillCount', (reading) => reading.staleFillCount, options.staleFillCount)
  const burning = over('staleExposureBps', (reading) => reading.staleExposureBps, options.staleExposureBps)
  const draining = over(
    'cancelBacklogPressureSeconds',
    (reading) => reading.cancelBacklogPressureSeconds,
    options.cancelBacklogPressureSeconds
  )
  const going = over('staleExposureBudgetShare', spent, options.staleExposureBudgetShare)
  const gone = over('staleExposureBudgetShare', spent, options.staleExposureBudgetShareSafe)
  const stillBurning = {
    ...burning,
    band: { enter: options.staleExposureBps.enter / 4, exit: options.staleExposureBps.exit / 4 }
  }
  const governed = controls.setBudget.enabled
  return controller(
    'cancel',
    {
      name: 'cancel',
      states: CANCEL_STATES,
      boundaries: [
        { clauses: [[slow], [pending], [notional], [share], [draining]], sustainedNs: never },
        {
          clauses: [[tail], [stale, several], [burning, several], ...(governed ? [[going, stillBurning, several]] : [])],
          sustainedNs: never
        },
        { clauses: governed ? [[gone, stillBurning, several]] : [], sustainedNs: options.safeAfterNs }
      ],
      dwellNs: options.dwellNs
    },
    Object.entries(controls)
  )
}
