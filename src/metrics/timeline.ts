/*
 * What the controllers of a run did, in order of time, as each playbook tells it: first a feature (since when it had been over its threshold, or
 * under it again), then the state, then what is asked for from now on, and recovery the same way back. Nothing is inferred: every event is
 * a row of the transitions table, and what changed is told against the row before it of the same host or path.
 */
import { CONTROL_MODE, CONTROLLER, CONTROLLER_STATE, DIRECTIVES, FEATURE, type Ledger } from '../ledger/ledger.ts'
import { CONTROLS, type ControllerKey, type ControlMode } from '../order/controls.ts'
import { type DirectiveName, NEUTRAL } from '../order/directives.ts'

export type TimelineKind = 'feature' | 'state' | 'action' | 'recovery' | 'alert'

export interface TimelineEvent {
  readonly atNs: number
  readonly kind: TimelineKind
  readonly controller: string
  /** NaN: of the host. */
  readonly venue: number
  readonly mode: ControlMode
  /** Feature: its name, value at the transition, threshold. NaN elsewhere. */
  readonly feature: string
  readonly value: number
  readonly threshold: number
  readonly from: string
  readonly to: string
  /** Time spent in `from`. */
  readonly dwellNs: number
  /** Action: controls that ask for something from now on, and the directives that changed. */
  readonly controls: readonly string[]
  readonly asks: readonly { readonly name: DirectiveName; readonly value: number }[]
}

/** Machines of single controls belong to their playbook. */
const PLAYBOOK: Readonly<Record<string, ControllerKey>> = {
  'queue-budget': 'transport',
  'phase-lock': 'transport',
  remediation: 'fault'
}

/** By time; at one instant in the order feature, state, action. */
export function controllerTimeline(ledger: Ledger): TimelineEvent[] {
  const { transitions } = ledger
  const { col } = transitions
  const events: TimelineEvent[] = []
  const asked = new Map<number, Record<DirectiveName, number>>()
  for (let row = 0; row < transitions.count; row++) {
    const controller = CONTROLLER.names[col.controller[row]]
    const key = PLAYBOOK[controller] ?? (controller in CONTROLS ? (controller as ControllerKey) : null)
    const none = {
      controller,
      venue: col.venue[row],
      mode: CONTROL_MODE.names[col.mode[row]] ?? 'on',
      feature: FEATURE.names[col.feature[row]] ?? 'no feature',
      value: Number.NaN,
      threshold: Number.NaN,
      from: CONTROLLER_STATE.names[col.from[row]] ?? '',
      to: CONTROLLER_STATE.names[col.to[row]] ?? '',
      dwellNs: Number.NaN,
      controls: [],
      asks: []
    }
    const atNs = col.atNs[row]
    const value = col.value[row]
    const threshold = col.threshold[row]
    const rises = value >= threshold
    const sinceNs = Number.isNaN(col.sinceNs[row]) ? atNs : col.sinceNs[row]
    events.push({ ...none, atNs: sinceNs, kind: 'feature', value, threshold })
    events.push({ ...none, atNs, kind: rises ? 'state' : 'recovery', dwellNs: col.dwellNs[row] })
    if (col.alert[row] === 1) events.push({ ...none, atNs, kind: 'alert' })
    if (key === null) continue
    const scope = Number.isNaN(col.venue[row]) ? -1 : col.venue[row]
    const before = asked.get(scope) ?? nothing()
    const now = Object.fromEntries(DIRECTIVES.map((name) => [name, col[name][row]])) as Record<DirectiveName, number>
    asked.set(scope, now)
    const asks = DIRECTIVES.filter((name) => !Object.is(now[name], before[name])).map((name) => ({ name, value: now[name] }))
    const controls = CONTROLS[key].filter((_, bit) => (col.controls[row] & (1 << bit)) !== 0)
    events.push({ ...none, atNs, kind: 'action', controls, asks })
  }
  const order = events.map((_, index) => index)
  order.sort((a, b) => events[a].atNs - events[b].atNs || a - b)
  return order.map((index) => events[index])
}

/** What is asked for before the first transition, as the columns have it. */
function nothing(): Record<DirectiveName, number> {
  const values = DIRECTIVES.map((name) => [name, Number.isFinite(Number(NEUTRAL[name])) ? Number(NEUTRAL[name]) : Number.NaN])
  return Object.fromEntries(values) as Record<DirectiveName, number>
}
