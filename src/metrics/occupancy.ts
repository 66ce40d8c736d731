/*
 * State occupancy of the controllers and flapping: transitions per minute, and the shortest stay in a state between two of them (throttle playbook
 * section 9; oscillation is one of its rollback triggers). A controller was on when it changed state or when telemetry carries its state; one that was off has no occupancy. Before
 * its first transition a controller is in the state that transition left, or, without any, in the state of the first telemetry row. With several
 * venues the throttle and cancel controllers of each are apart: "throttle NORTH".
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import { CONTROLLER, CONTROLLER_STATE, type Ledger } from '../ledger/ledger.ts'
import { type LedgerContext, type Span, venueName } from './context.ts'
import { addPeak, addSum, namesUnder, type Pool, peakOf, sumOf } from './pool.ts'
import { type Figure, figure } from './quantile.ts'

export interface ControllerFigures {
  /** Share of time in each state that was entered, 0..1; they add up to 1. */
  readonly occupancy: Readonly<Record<string, number>>
  readonly transitionCount: number
  readonly transitionsPerMinute: Figure
  /** Of stays that a transition began and another ended. */
  readonly shortestDwellNs: Figure
  /** Times that an operator was called. */
  readonly alertCount: number
}

/** Controllers that were on, by name (and venue). */
export type OccupancyFigures = Readonly<Record<string, ControllerFigures>>

/** Controllers of the path to one venue. */
const OF_A_PATH: readonly string[] = ['throttle', 'cancel']

export function collectOccupancy(ledger: Ledger, context: LedgerContext, span: Span, pool: Pool): void {
  const several = context.headers.length > 1
  for (const [number, name] of CONTROLLER.names.entries()) {
    if (!several || !OF_A_PATH.includes(name)) collectController(ledger, number, null, name, span, pool)
    else
      context.headers.forEach((_, venue) => {
        collectController(ledger, number, venue, `${name} ${venueName(context, venue)}`, span, pool)
      })
  }
}

/** One controller, of any venue or of one. */
function collectController(ledger: Ledger, number: number, venue: number | null, name: string, span: Span, pool: Pool): void {
  const { atNs, controller, from, to, venue: movedAt, alert } = ledger.transitions.col
  const { venue: sampledAt, transportState, faultState, throttleState, cancelState } = ledger.telemetry.col
  const rows: number[] = []
  for (let row = 0; row < ledger.transitions.count; row++) {
    if (controller[row] === number && (venue === null || movedAt[row] === venue)) rows.push(row)
  }
  rows.sort((a, b) => atNs[a] - atNs[b] || a - b)
  const sampled = [transportState, faultState, throttleState, cancelState][number]?.subarray(0, ledger.telemetry.count)
  const known = sampled?.find((code, row) => code >= 0 && (venue === null || sampledAt[row] === venue))
  let state = rows.length > 0 ? from[rows[0]] : (known ?? Number.NaN)
  if (Number.isNaN(state)) return
  let sinceNs = span.startNs
  for (const row of rows) {
    const untilNs = Math.min(Math.max(atNs[row], span.startNs), span.endNs)
    addSum(pool, `occupancy/${name}/${CONTROLLER_STATE.names[state]}`, untilNs - sinceNs)
    sinceNs = untilNs
    state = to[row]
  }
  addSum(pool, `occupancy/${name}/${CONTROLLER_STATE.names[state]}`, span.endNs - sinceNs)
  addSum(pool, `transitions/${name}`, rows.length)
  addSum(
    pool,
    `alerts/${name}`,
    rows.reduce((count, row) => count + (alert[row] === 1 ? 1 : 0), 0)
  )
  // A peak of what is negative: the least over runs.
  for (let i = 1; i < rows.length; i++) addPeak(pool, `shortestDwell/${name}`, atNs[rows[i - 1]] - atNs[rows[i]])
  addSum(pool, `controlled/${name}`, span.endNs - span.startNs)
}

/** From calm to worst: the order of the vocabulary, but that SAFE is the last of each machine that has it. */
function severity(state: string): number {
  return state === 'SAFE' ? CONTROLLER_STATE.names.length : (CONTROLLER_STATE.names as readonly string[]).indexOf(state)
}

export function occupancyFigures(pool: Pool): OccupancyFigures {
  const figures: Record<string, ControllerFigures> = {}
  const order = CONTROLLER.names as readonly string[]
  const rank = (name: string): number => order.indexOf(name.split(' ')[0])
  const known = namesUnder(pool.sums, 'controlled/').sort((a, b) => rank(a) - rank(b))
  for (const name of known) {
    const spanNs = sumOf(pool, `controlled/${name}`)
    if (spanNs === 0) continue
    const states = namesUnder(pool.sums, `occupancy/${name}/`)
    states.sort((a, b) => severity(a) - severity(b))
    const shares = states.map((state) => [state, sumOf(pool, `occupancy/${name}/${state}`) / spanNs] as const)
    const transitionCount = sumOf(pool, `transitions/${name}`)
    figures[name] = {
      occupancy: Object.fromEntries(shares.filter(([, share]) => share > 0)),
      transitionCount,
      transitionsPerMinute: figure((transitionCount * 60 * NS_PER_SECOND) / spanNs),
      shortestDwellNs: figure(-peakOf(pool, `shortestDwell/${name}`)),
      alertCount: sumOf(pool, `alerts/${name}`)
    }
  }
  return figures
}
