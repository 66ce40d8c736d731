/*
 * Queue-loss proxy (QLP, tx-pacing playbook 3.4):
 *   QLP = E[fill quality | high dispatch-to-wire, high BI] - E[fill quality | low, low].
 * Fill quality is the fill's markout at 1 s in bps (positive is good). A fill belongs to the last message of its child (new or
 * replace) that was on the wire before it: high dispatch-to-wire is above the run's median over such fills, high BI likewise for the
 * number of the session's packets in the 250 us that begin or end with that message's packet. Fills of mixed kind are in neither mean.
 * Medians are of the run, so a pooled figure compares within runs only.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { MESSAGE_TYPE } from '../order/words.ts'
import { BURST_WINDOW_NS } from './burstiness.ts'
import { addSum, type Pool, sumOf } from './pool.ts'
import { ascending, type Figure, figure, firstAt, quantile } from './quantile.ts'

export interface QueueLossFigures {
  /** Fills in the two means. */
  readonly distortedCount: number
  readonly cleanCount: number
  readonly queueLossProxyBps: Figure
}

interface RatedFill {
  readonly quality: number
  readonly delayNs: number
  readonly crowd: number
}

export function collectQueueLoss(ledger: Ledger, pool: Pool): void {
  const rated = rateFills(ledger)
  const delayMedian = quantile(ascending(rated.map(({ delayNs }) => delayNs)), 0.5)
  const crowdMedian = quantile(ascending(rated.map(({ crowd }) => crowd)), 0.5)
  for (const { quality, delayNs, crowd } of rated) {
    if (delayNs > delayMedian && crowd > crowdMedian) {
      addSum(pool, 'queueLoss.distortedCount', 1)
      addSum(pool, 'queueLoss.distortedQuality', quality)
    } else if (delayNs <= delayMedian && crowd <= crowdMedian) {
      addSum(pool, 'queueLoss.cleanCount', 1)
      addSum(pool, 'queueLoss.cleanQuality', quality)
    }
  }
}

function rateFills(ledger: Ledger): RatedFill[] {
  const { attempts, fills, segments } = ledger
  const sends = new Map<number, number[]>()
  for (let row = 0; row < attempts.count; row++) {
    if (attempts.col.messageType[row] === MESSAGE_TYPE.of.cancel) continue
    if (Number.isNaN(attempts.col.wireNs[row] - attempts.col.dispatchNs[row])) continue
    const known = sends.get(attempts.col.childId[row])
    if (known === undefined) sends.set(attempts.col.childId[row], [row])
    else known.push(row)
  }
  const wires = new Map<number, number[]>()
  for (let row = 0; row < segments.count; row++) {
    if (Number.isNaN(segments.col.wireNs[row]) || segments.col.dropped[row] === 1) continue
    const known = wires.get(segments.col.session[row])
    if (known === undefined) wires.set(segments.col.session[row], [segments.col.wireNs[row]])
    else known.push(segments.col.wireNs[row])
  }
  const sorted = new Map([...wires].map(([session, times]) => [session, ascending(times)]))
  const rated: RatedFill[] = []
  for (let fill = 0; fill < fills.count; fill++) {
    const price = 2 * fills.col.priceTicks[fill]
    const quality = (1e4 * fills.col.side[fill] * (fills.col.mid1sHalfTicks[fill] - price)) / price
    let last = -1
    for (const row of sends.get(fills.col.childId[fill]) ?? []) {
      const wireNs = attempts.col.wireNs[row]
      if (wireNs <= fills.col.fillNs[fill] && (last < 0 || wireNs >= attempts.col.wireNs[last])) last = row
    }
    if (last < 0 || !Number.isFinite(quality)) continue
    const times = sorted.get(attempts.col.session[last])
    const crowd = times === undefined ? 1 : crowdAround(times, attempts.col.wireNs[last])
    rated.push({ quality, delayNs: attempts.col.wireNs[last] - attempts.col.dispatchNs[last], crowd })
  }
  return rated
}

/** Packets in the fuller of (t - 250 us, t] and [t, t + 250 us). */
function crowdAround(times: Float64Array, atNs: number): number {
  const before = firstAt(times, atNs - BURST_WINDOW_NS + 1)
  const from = firstAt(times, atNs)
  const after = firstAt(times, atNs + 1)
  const until = firstAt(times, atNs + BURST_WINDOW_NS)
  return Math.max(after - before, until - from)
}

export function queueLossFigures(pool: Pool): QueueLossFigures {
  const distortedCount = sumOf(pool, 'queueLoss.distortedCount')
  const cleanCount = sumOf(pool, 'queueLoss.cleanCount')
  const distorted = sumOf(pool, 'queueLoss.distortedQuality') / distortedCount
  return {
    distortedCount,
    cleanCount,
    queueLossProxyBps: figure(distorted - sumOf(pool, 'queueLoss.cleanQuality') / cleanCount)
  }
}
