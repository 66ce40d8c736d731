/*
 * The cancel playbook's metrics of stale exposure, from cancel send to the host's reading of the answer.
 *   cancelAckLatency (CAL, metric 1)       CAL_i = t_cancel_ack,i - t_cancel_send,i over acked cancels, by venue and session.
 *   pendingCancelNotional (PCN, metric 2)  PCN_t = sum over orders pending cancel at t of |open lots| * mid; open lots fall with stale fills.
 *                                          The ledger has no series of mids: the mid is the touch stored with the cancel (else the order's price).
 *   staleFillRatio (SFR, metric 3)         fills with t_send < t_fill < t_ack (strictly), each once, over cancel messages sent.
 *   cancelBacklogPressure (CBP, metric 5)  pending_t / max(1, answers read in (t - 1 s, t] per second): seconds to drain. Too-late
 *                                          answers count with acks: they end a pending cancel as well.
 * SET (metric 4) needs the replay with instant cancels and is made by attribution, not here.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { CANCEL_OUTCOME } from '../order/words.ts'
import {
  halfTickValue,
  type LedgerContext,
  NameCache,
  rowsById,
  rowsByKey,
  type Span,
  sessionName,
  venueName
} from './context.ts'
import type { PendingInterval } from './pending-cancel.ts'
import { addPeak, addSample, addSum, namesUnder, type Pool, peakOf, samplesOf, sumOf } from './pool.ts'
import { type Distribution, distribution, type Figure, figure } from './quantile.ts'
import { Steps } from './steps.ts'

/** The Delta of CBP's ack rate. Assumed: the playbook leaves it open. */
const RATE_WINDOW_NS = NS_PER_SECOND

const CAL = 'cancelAckLatencyNs'
const CAL_GROUP = 'cancelAckLatencyNs/'
const OUTCOME = 'cancels.outcome/'
const REQUESTS = 'cancels.requestCount'
const STALE = 'cancels.staleFillCount'
const STALE_LOTS = 'cancels.staleFillLots'
const UNMARKED = 'cancels.unmarkedCount'
const PCN = 'pendingCancelNotional'
const CBP = 'cancelBacklogPressure'
const COUNT = 'pendingCancelCount'
const SPAN = 'cancels.spanNs'

export interface CancelFigures {
  readonly requestCount: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly cancelAckLatencyNs: Distribution
  /** Keys are venue/session. */
  readonly cancelAckLatencyNsGroups: Readonly<Record<string, Distribution>>
  readonly staleFillCount: number
  readonly staleFillLots: number
  readonly staleFillRatio: Figure
  /** In currency. Means are over the run's whole span. */
  readonly pendingCancelNotionalMax: number
  readonly pendingCancelNotionalMean: Figure
  /** Pending orders whose notional could not be told (no touch and no price): not in PCN. */
  readonly unmarkedCount: number
  readonly pendingCancelCountMax: number
  readonly cancelBacklogPressureSecondsMax: number
  readonly cancelBacklogPressureSecondsMean: Figure
}

/** For each fill 1 when it was stale: strictly between the send of a cancel of its child and the reading of the answer. */
export function staleFills(ledger: Ledger, intervals: readonly PendingInterval[]): Uint8Array {
  const byChild = new Map<number, PendingInterval[]>()
  for (const interval of intervals) {
    const known = byChild.get(interval.childId)
    if (known === undefined) byChild.set(interval.childId, [interval])
    else known.push(interval)
  }
  const { childId, fillNs } = ledger.fills.col
  return Uint8Array.from({ length: ledger.fills.count }, (_, fill) => {
    const stale = byChild.get(childId[fill])?.some(({ startNs, endNs }) => startNs < fillNs[fill] && fillNs[fill] < endNs)
    return stale === true ? 1 : 0
  })
}

/** Levels of the series: orders pending, answers of the last second, notional pending. */
const LEVEL_COUNT = 3

export function collectCancels(
  ledger: Ledger,
  context: LedgerContext,
  span: Span,
  intervals: readonly PendingInterval[],
  pool: Pool
): void {
  const series = new Steps(LEVEL_COUNT)
  collectAnswers(ledger, context, series, pool)
  addPending(ledger, context, intervals, series, pool)
  const [pressure, pending, notional] = series.measure(span.startNs, span.endNs, [
    (levels) => levels[0] / Math.max(1, levels[1]),
    (levels) => levels[0],
    (levels) => levels[2]
  ])
  addPeak(pool, CBP, pressure.peak)
  addSum(pool, CBP, pressure.integral)
  addPeak(pool, COUNT, pending.peak)
  addPeak(pool, PCN, notional.peak)
  addSum(pool, PCN, notional.integral)
  addSum(pool, SPAN, span.endNs - span.startNs)
}

/** Adds to the pool how many fills were stale. */
export function collectStaleFills(ledger: Ledger, stale: Uint8Array, pool: Pool): void {
  for (let fill = 0; fill < stale.length; fill++) {
    if (stale[fill] === 0) continue
    addSum(pool, STALE, 1)
    addSum(pool, STALE_LOTS, ledger.fills.col.lots[fill])
  }
}

function collectAnswers(ledger: Ledger, context: LedgerContext, series: Steps, pool: Pool): void {
  const { venue, session, sendNs, ackNs, rejectNs, outcome } = ledger.cancels.col
  const groups = new NameCache(
    (key) => `${CAL_GROUP}${venueName(context, Math.floor(key / 256))}/${sessionName(context, key % 256)}`
  )
  const outcomes = new Float64Array(CANCEL_OUTCOME.names.length)
  for (let row = 0; row < ledger.cancels.count; row++) {
    if (Number.isNaN(sendNs[row])) continue
    outcomes[outcome[row]]++
    const answerNs = Number.isNaN(ackNs[row]) ? rejectNs[row] : ackNs[row]
    series.add(answerNs, 0, 1, 0)
    series.add(answerNs + RATE_WINDOW_NS, 0, -1, 0)
    if (outcome[row] !== CANCEL_OUTCOME.of.acked || Number.isNaN(ackNs[row])) continue
    addSample(pool, CAL, ackNs[row] - sendNs[row])
    addSample(pool, groups.name(venue[row] * 256 + session[row]), ackNs[row] - sendNs[row])
  }
  for (const [code, count] of outcomes.entries()) {
    if (count === 0) continue
    addSum(pool, REQUESTS, count)
    addSum(pool, OUTCOME + CANCEL_OUTCOME.names[code], count)
  }
}

function addPending(
  ledger: Ledger,
  context: LedgerContext,
  intervals: readonly PendingInterval[],
  series: Steps,
  pool: Pool
): void {
  const { cancels, children, fills } = ledger
  const { bidTicks, askTicks, bidLots, askLots, openLots, venue } = cancels.col
  const childRow = rowsById(children.col.childId, children.count)
  const fillsOf = rowsByKey(fills.col.childId, fills.count)
  for (const { childId, startNs, endNs, cancelRow } of intervals) {
    const child = childRow.get(childId)
    const twoSided = bidLots[cancelRow] > 0 && askLots[cancelRow] > 0
    const price = child === undefined ? Number.NaN : children.col.priceTicks[child]
    const midHalfTicks = twoSided ? bidTicks[cancelRow] + askTicks[cancelRow] : 2 * price
    const value = midHalfTicks * halfTickValue(context, venue[cancelRow])
    let rest = openLots[cancelRow]
    if (!Number.isFinite(value * rest)) {
      addSum(pool, UNMARKED, 1)
      series.add(startNs, 1, 0, 0)
      series.add(endNs, -1, 0, 0)
      continue
    }
    series.add(startNs, 1, 0, rest * value)
    for (const fill of fillsOf.get(childId) ?? []) {
      const atNs = fills.col.fillNs[fill]
      if (atNs <= startNs || atNs >= endNs) continue
      const lots = Math.min(rest, fills.col.lots[fill])
      rest -= lots
      series.add(atNs, 0, 0, -lots * value)
    }
    series.add(endNs, -1, 0, -rest * value)
  }
}

export function cancelFigures(pool: Pool): CancelFigures {
  const groups = namesUnder(pool.samples, CAL_GROUP).map((name) => [name, distribution(samplesOf(pool, CAL_GROUP + name))])
  const outcomes = namesUnder(pool.sums, OUTCOME).map((name) => [name, sumOf(pool, OUTCOME + name)])
  const spanNs = sumOf(pool, SPAN)
  return {
    requestCount: sumOf(pool, REQUESTS),
    outcomes: Object.fromEntries(outcomes),
    cancelAckLatencyNs: distribution(samplesOf(pool, CAL)),
    cancelAckLatencyNsGroups: Object.fromEntries(groups),
    staleFillCount: sumOf(pool, STALE),
    staleFillLots: sumOf(pool, STALE_LOTS),
    staleFillRatio: figure(sumOf(pool, STALE) / sumOf(pool, REQUESTS)),
    pendingCancelNotionalMax: peakOf(pool, PCN) || 0,
    pendingCancelNotionalMean: figure(sumOf(pool, PCN) / spanNs),
    unmarkedCount: sumOf(pool, UNMARKED),
    pendingCancelCountMax: peakOf(pool, COUNT) || 0,
    cancelBacklogPressureSecondsMax: peakOf(pool, CBP) || 0,
    cancelBacklogPressureSecondsMean: figure(sumOf(pool, CBP) / spanNs)
  }
}
