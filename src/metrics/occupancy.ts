/*
 * State occupancy of the controllers and transitions per minute (throttle playbook section 9; oscillation is one of its rollback
 * triggers). A controller was on when it changed state or when telemetry carries its state; one that was off has no occupancy. Before
 * its first transition a controller is in the state that transition left, or, without any, in the state of the first telemetry row.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { CONTROLLER, CONTROLLER_STATE, type Ledger } from '../ledger/ledger.ts'
import type { Span } from './context.ts'
import { addSum, namesUnder, type Pool, sumOf } from './pool.ts'
import { type Figure, figure } from './quantile.ts'

export interface ControllerFigures {
  /** Share of time in each state that was entered, 0..1; they add up to 1. */
  readonly occupancy: Readonly<Record<string, number>>
  readonly transitionCount: number
  readonly transitionsPerMinute: Figure
}

/** Controllers that were on, by name. */
export type OccupancyFigures = Readonly<Record<string, ControllerFigures>>

export function collectOccupancy(ledger: Ledger, span: Span, pool: Pool): void {
  const { atNs, controller, from, to } = ledger.transitions.col
  const telemetry = ledger.telemetry.col
  const sampled = [telemetry.transportState, telemetry.faultState, telemetry.throttleState, telemetry.cancelState]
  for (const [number, name] of CONTROLLER.names.entries()) {
    const rows: number[] = []
    for (let row = 0; row < ledger.transitions.count; row++) if (controller[row] === number) rows.push(row)
    rows.sort((a, b) => atNs[a] - atNs[b] || a - b)
    const known = sampled[number].subarray(0, ledger.telemetry.count).find((code) => code >= 0)
    let state = rows.length > 0 ? from[rows[0]] : (known ?? Number.NaN)
    if (Number.isNaN(state)) continue
    let sinceNs = span.startNs
    for (const row of rows) {
      const untilNs = Math.min(Math.max(atNs[row], span.startNs), span.endNs)
      addSum(pool, `occupancy/${name}/${CONTROLLER_STATE.names[state]}`, untilNs - sinceNs)
      sinceNs = untilNs
      state = to[row]
    }
    addSum(pool, `occupancy/${name}/${CONTROLLER_STATE.names[state]}`, span.endNs - sinceNs)
    addSum(pool, `transitions/${name}`, rows.length)
    addSum(pool, `controlled/${name}`, span.endNs - span.startNs)
  }
}

/** From calm to worst: the order of the vocabulary, but that SAFE is the last of each machine that has it. */
function severity(state: string): number {
  return state === 'SAFE' ? CONTROLLER_STATE.names.length : (CONTROLLER_STATE.names as readonly string[]).indexOf(state)
}

export function occupancyFigures(pool: Pool): OccupancyFigures {
  const figures: Record<string, ControllerFigures> = {}
  for (const name of CONTROLLER.names) {
    const spanNs = sumOf(pool, `controlled/${name}`)
    if (spanNs === 0) continue
    const states = namesUnder(pool.sums, `occupancy/${name}/`)
    states.sort((a, b) => severity(a) - severity(b))
    const shares = states.map((state) => [state, sumOf(pool, `occupancy/${name}/${state}`) / spanNs] as const)
    const transitionCount = sumOf(pool, `transitions/${name}`)
    figures[name] = {
      occupancy: Object.fromEntries(shares.filter(([, share]) => share > 0)),
      transitionCount,
      transitionsPerMinute: figure((transitionCount * 60 * NS_PER_SECOND) / spanNs)
    }
  }
  return figures
}
