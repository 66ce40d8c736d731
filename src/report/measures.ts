/*
 * The lines "below the strategy": what the path did to a policy's messages, one line per figure, for one run and for comparisons
 * alike. Names are the playbooks'. Lines that have nothing to say in any column are left out by the caller.
 */
import type { VenueFigures } from '../metrics/by-venue.ts'
import type { RunMetrics } from '../metrics/run-metrics.ts'
import { formatCount, formatFixed, formatShare, formatSpan, NONE } from './format.ts'

export interface Measure {
  readonly label: string
  of(metrics: RunMetrics): string
}

/** Reject reasons of one class of messages with a line of their own; the rest is in the JSON. */
const REASON_COUNT_MAX = 4

const WIRE: readonly Measure[] = [
  { label: 'dispatch to wire p50', of: (m) => formatSpan(m.dispatchToWireNs.all.p50) },
  { label: 'dispatch to wire p99', of: (m) => formatSpan(m.dispatchToWireNs.all.p99) },
  { label: 'packets in the fullest 250 us', of: (m) => formatCount(m.burstinessIndex.packetsPerWindowMax) },
  { label: 'pacing headroom p5, of the cap', of: (m) => formatShare(m.pacing.headroomP5) },
  { label: 'message rate over capacity (rho) p95', of: (m) => formatFixed(m.messages.rho.p95, 3) }
]

const ORDERS_REJECTED: Measure = { label: 'orders rejected, per order sent', of: (m) => formatShare(m.messages.orderRejectRate) }
const CANCELS_REJECTED: Measure = {
  label: 'cancels refused, per cancel sent',
  of: (m) => formatShare(m.messages.cancelRejectRate)
}

const ACCEPTANCE: readonly Measure[] = [
  { label: 'intent to acceptance p50', of: (m) => formatSpan(m.acceptance.acceptanceNs.p50) },
  { label: 'intent to acceptance p99', of: (m) => formatSpan(m.acceptance.acceptanceNs.p99) },
  { label: 'children never accepted', of: (m) => formatCount(m.acceptance.neverAcceptedCount) }
]

const CANCEL_RACE: readonly Measure[] = [
  { label: 'cancel-ack latency (CAL) p50', of: (m) => formatSpan(m.cancels.cancelAckLatencyNs.p50) },
  { label: 'cancel-ack latency (CAL) p99', of: (m) => formatSpan(m.cancels.cancelAckLatencyNs.p99) },
  { label: 'stale fills', of: (m) => formatCount(m.cancels.staleFillCount) },
  { label: 'stale fills per cancel (SFR)', of: (m) => formatFixed(m.cancels.staleFillRatio, 4) },
  { label: 'stale fill markout at 1 s, bps', of: (m) => formatFixed(m.markoutBps.stale['1s'], 2) },
  { label: 'pending-cancel notional (PCN) max', of: (m) => formatCount(m.cancels.pendingCancelNotionalMax) },
  { label: 'cancel backlog pressure (CBP) max', of: (m) => `${formatFixed(m.cancels.cancelBacklogPressureSecondsMax, 1)} s` }
]

const HOST_AND_TRAFFIC: readonly Measure[] = [
  { label: 'stalls met by host work', of: (m) => formatCount(m.faults.stalls.metCount) },
  { label: 'host work blocked', of: (m) => formatSpan(m.faults.stalls.blockedNs) },
  { label: 'dispatch gap lift (DGL)', of: (m) => formatFixed(m.faults.dispatchGapLift, 3) },
  { label: 'queue reset tax (QRT), lots ahead', of: (m) => formatFixed(m.queueRank.queueResetTaxLots, 1) },
  { label: 'messages sent', of: (m) => formatCount(m.messages.sent.total) },
  { label: '  new', of: (m) => formatCount(m.messages.sent.new) },
  { label: '  replace', of: (m) => formatCount(m.messages.sent.replace) },
  { label: '  cancel', of: (m) => formatCount(m.messages.sent.cancel) }
]

/** First states of the controllers: nothing is asked of the policy in them. */
const NORMAL_STATES: readonly string[] = [
  'Clean-Flow',
  'GREEN_FAULT_CLEAN',
  'GREEN',
  'CLEAR',
  'within-budget',
  'even',
  'in-service',
  'canary'
]

/** All lines for these metrics, in order. */
export function measuresOf(columns: readonly RunMetrics[]): Measure[] {
  const controllers = new Set<string>()
  const venues = new Set<string>()
  for (const { venues: known } of columns) for (const name of Object.keys(known)) venues.add(name)
  for (const { controllers: states } of columns) for (const name of Object.keys(states)) controllers.add(name)
  return [
    ...WIRE,
    ORDERS_REJECTED,
    ...reasonMeasures('orders', columns),
    ...ACCEPTANCE,
    CANCELS_REJECTED,
    ...reasonMeasures('cancels', columns),
    ...CANCEL_RACE,
    ...HOST_AND_TRAFFIC,
    ...[...controllers].flatMap((name) => controllerMeasures(name, columns)),
    ...(venues.size > 1 ? [...venues].flatMap(venueMeasures) : [])
  ]
}

/** One venue of several. */
function venueMeasures(name: string): Measure[] {
  const figureOf =
    (format: (figures: VenueFigures) => string) =>
    ({ venues }: RunMetrics): string =>
      venues[name] === undefined ? NONE : format(venues[name])
  return [
    { label: `at ${name}: lots filled`, of: figureOf((venue) => formatCount(venue.filledLots)) },
    { label: '  of all lots filled', of: figureOf((venue) => formatShare(venue.filledShare)) },
    { label: '  resting, of its lots', of: figureOf((venue) => formatShare(venue.makerShare)) },
    { label: '  shortfall of its fills, bps', of: figureOf((venue) => formatFixed(venue.executedBps, 2)) },
    { label: '  orders rejected, per order sent', of: figureOf((venue) => formatShare(venue.orderRejectRate)) },
    { label: '  cancels refused, per cancel sent', of: figureOf((venue) => formatShare(venue.cancelRejectRate)) }
  ]
}

/** The commonest reasons of a class, each per message sent: the lines add up to the class's reject rate, but for what never left the desk. */
function reasonMeasures(messages: 'orders' | 'cancels', columns: readonly RunMetrics[]): Measure[] {
  const counts = new Map<string, number>()
  for (const { messages: traffic } of columns) {
    for (const row of traffic.rejects) {
      if (row.messages === messages) counts.set(row.reason, (counts.get(row.reason) ?? 0) + row.count)
    }
  }
  const reasons = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, REASON_COUNT_MAX)
  return reasons.map(([reason]) => ({
    label: `  ${reason}`,
    of: ({ messages: traffic }) => {
      const sent = messages === 'cancels' ? traffic.sent.cancel : traffic.sent.new + traffic.sent.replace
      const rows = traffic.rejects.filter((row) => row.messages === messages && row.reason === reason)
      const count = rows.reduce((sum, row) => sum + row.count, 0)
      return sent === 0 ? NONE : formatShare(count / sent)
    }
  }))
}

function controllerMeasures(name: string, columns: readonly RunMetrics[]): Measure[] {
  const entered = new Set<string>()
  for (const { controllers } of columns) for (const state of Object.keys(controllers[name]?.occupancy ?? {})) entered.add(state)
  const states = [...entered].filter((state) => !NORMAL_STATES.includes(state))
  if (states.length === 0) return []
  return [
    {
      label: `${name} control: changes per minute`,
      of: ({ controllers }) => formatFixed(controllers[name]?.transitionsPerMinute ?? null, 2)
    },
    { label: '  shortest stay', of: ({ controllers }) => formatSpan(controllers[name]?.shortestDwellNs ?? null) },
    ...(columns.some(({ controllers }) => (controllers[name]?.alertCount ?? 0) > 0)
      ? [{ label: '  operator alerts', of: ({ controllers }: RunMetrics) => formatCount(controllers[name]?.alertCount ?? 0) }]
      : []),
    ...states.map((state) => ({
      label: `  time in ${state}`,
      of: ({ controllers }: RunMetrics) =>
        controllers[name] === undefined ? NONE : formatShare(controllers[name].occupancy[state] ?? 0)
    }))
  ]
}
