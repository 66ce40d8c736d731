/*
 * The page-fault playbook's metrics ("Observable metrics").
 *   MFR   minor faults per second: mean over the run's span, and the largest in a sliding 1 s, 10 s and 60 s.
 *   MJS95 p95 of the service time of major faults.
 *   FBS   fault-burst score: variance-to-mean of fault counts in 10 ms bins of the span (1 for Poisson, more when clustered).
 *   DGL   dispatch gap lift: mean over consecutive first sends of a parent's children of max(dispatch gap, intended gap), over the mean
 *         intended gap, minus 1. The intended gap is that of the schedule (scheduledNs), before stalls and spacing: the clean baseline. The
 *         positive part is taken because gaps telescope: the rush after a pause would cancel the pause in a plain mean.
 * Stall totals: a stall is *met* when host work had to wait in it (blockedNs > 0); the rest passed while the host was idle. All
 * figures are of the stalls that the ledger has: where a run records only those that its host met, a busier host shows more of
 * the same weather, and rates compare policies, not hosts.
 */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { type Ledger, STALL_KIND } from '../ledger/ledger.ts'
import { MESSAGE_TYPE } from '../order/words.ts'
import { rowsById, type Span } from './context.ts'
import { addPeak, addSample, addSum, type Pool, peakOf, samplesOf, sumOf } from './pool.ts'
import { ascending, type Distribution, distribution, type Figure, figure, quantile } from './quantile.ts'

const BIN_NS = 10 * NS_PER_MS
const RATE_WINDOW_SECONDS = [1, 10, 60] as const

export interface StallTotals {
  readonly count: number
  readonly totalNs: number
  readonly metCount: number
  readonly blockedNs: number
  readonly longestNs: Figure
}

export interface FaultFigures {
  readonly stalls: StallTotals
  readonly stallsByKind: Readonly<Record<string, StallTotals>>
  readonly minorFaultRatePerSecond: Figure
  readonly minorFaultRatePerSecondMax1s: Figure
  readonly minorFaultRatePerSecondMax10s: Figure
  readonly minorFaultRatePerSecondMax60s: Figure
  readonly majorFaultServiceP95Ns: Figure
  /** Per run; pooled runs give the mean over runs. */
  readonly faultBurstScore: Figure
  readonly dispatchGapLift: Figure
  /** Dispatch gap minus intended gap, both signs, ns. */
  readonly dispatchGapExcessNs: Distribution
}

export function collectFaults(ledger: Ledger, span: Span, pool: Pool): void {
  const { startNs, kind, stallNs } = ledger.stalls.col
  const inSpan: number[] = []
  const minor: number[] = []
  for (let row = 0; row < ledger.stalls.count; row++) {
    if (kind[row] === STALL_KIND.of.major) addSample(pool, 'majorFaultServiceNs', stallNs[row])
    if (startNs[row] < span.startNs || startNs[row] >= span.endNs) continue
    inSpan.push(startNs[row])
    if (kind[row] === STALL_KIND.of.minor) minor.push(startNs[row])
  }
  for (const code of STALL_KIND.names.keys()) collectStalls(ledger, code, pool)
  addSum(pool, 'faults.minorCount', minor.length)
  addSum(pool, 'faults.spanNs', span.endNs - span.startNs)
  const sortedMinor = ascending(minor)
  for (const seconds of RATE_WINDOW_SECONDS) {
    addPeak(pool, `minorFaultRate/${seconds}`, countInWindowMax(sortedMinor, seconds * NS_PER_SECOND) / seconds)
  }
  const score = faultBurstScore(ascending(inSpan), span)
  if (Number.isFinite(score)) addSample(pool, 'faultBurstScore', score)
  collectGaps(ledger, pool)
}

function collectStalls(ledger: Ledger, code: number, pool: Pool): void {
  const { stallNs, kind, blockedNs } = ledger.stalls.col
  let count = 0
  let totalNs = 0
  let metCount = 0
  let waitedNs = 0
  let longestNs = 0
  for (let row = 0; row < ledger.stalls.count; row++) {
    if (kind[row] !== code) continue
    count++
    totalNs += stallNs[row]
    longestNs = Math.max(longestNs, stallNs[row])
    if (!(blockedNs[row] > 0)) continue
    metCount++
    waitedNs += blockedNs[row]
  }
  if (count === 0) return
  for (const name of ['all', STALL_KIND.names[code]]) {
    addSum(pool, `stalls/${name}/count`, count)
    addSum(pool, `stalls/${name}/totalNs`, totalNs)
    addSum(pool, `stalls/${name}/metCount`, metCount)
    addSum(pool, `stalls/${name}/blockedNs`, waitedNs)
    addPeak(pool, `stalls/${name}`, longestNs)
  }
}

function countInWindowMax(sorted: Float64Array, windowNs: number): number {
  let first = 0
  let most = 0
  for (let last = 0; last < sorted.length; last++) {
    while (sorted[last] - sorted[first] >= windowNs) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** Variance (population) over mean of the counts in 10 ms bins from the span's start; a last partial bin is left out. NaN without faults. */
export function faultBurstScore(sortedNs: ArrayLike<number>, span: Span): number {
  const bins = Math.floor((span.endNs - span.startNs) / BIN_NS)
  let count = 0
  let squares = 0
  let row = 0
  while (row < sortedNs.length) {
    const bin = Math.floor((sortedNs[row] - span.startNs) / BIN_NS)
    let inBin = 0
    while (row < sortedNs.length && Math.floor((sortedNs[row] - span.startNs) / BIN_NS) === bin) {
      inBin++
      row++
    }
    if (bin < 0 || bin >= bins) continue
    count += inBin
    squares += inBin * inBin
  }
  const binMean = count / bins
  return (squares / bins - binMean * binMean) / binMean
}

function collectGaps(ledger: Ledger, pool: Pool): void {
  const { attempts, children } = ledger
  const childRow = rowsById(children.col.childId, children.count)
  const sends: { parentId: number; dispatchNs: number; scheduledNs: number }[] = []
  for (let row = 0; row < attempts.count; row++) {
    if (attempts.col.messageType[row] !== MESSAGE_TYPE.of.new || attempts.col.retryIndex[row] !== 0) continue
    const child = childRow.get(attempts.col.childId[row])
    const scheduledNs = child === undefined ? Number.NaN : children.col.scheduledNs[child]
    const dispatchNs = attempts.col.dispatchNs[row]
    if (Number.isFinite(scheduledNs - dispatchNs)) sends.push({ parentId: attempts.col.parentId[row], dispatchNs, scheduledNs })
  }
  sends.sort((a, b) => a.parentId - b.parentId || a.dispatchNs - b.dispatchNs || a.scheduledNs - b.scheduledNs)
  for (let i = 1; i < sends.length; i++) {
    if (sends[i].parentId !== sends[i - 1].parentId) continue
    const gap = sends[i].dispatchNs - sends[i - 1].dispatchNs
    const intended = Math.max(0, sends[i].scheduledNs - sends[i - 1].scheduledNs)
    addSum(pool, 'dispatchGap.intendedNs', intended)
    addSum(pool, 'dispatchGap.liftNs', Math.max(0, gap - intended))
    addSample(pool, 'dispatchGapExcessNs', gap - intended)
  }
}

function stallTotals(pool: Pool, name: string): StallTotals {
  return {
    count: sumOf(pool, `stalls/${name}/count`),
    totalNs: sumOf(pool, `stalls/${name}/totalNs`),
    metCount: sumOf(pool, `stalls/${name}/metCount`),
    blockedNs: sumOf(pool, `stalls/${name}/blockedNs`),
    longestNs: figure(peakOf(pool, `stalls/${name}`))
  }
}

export function faultFigures(pool: Pool): FaultFigures {
  const scores = samplesOf(pool, 'faultBurstScore')
  return {
    stalls: stallTotals(pool, 'all'),
    stallsByKind: Object.fromEntries(STALL_KIND.names.map((name) => [name, stallTotals(pool, name)])),
    minorFaultRatePerSecond: figure((sumOf(pool, 'faults.minorCount') * NS_PER_SECOND) / sumOf(pool, 'faults.spanNs')),
    minorFaultRatePerSecondMax1s: figure(peakOf(pool, 'minorFaultRate/1')),
    minorFaultRatePerSecondMax10s: figure(peakOf(pool, 'minorFaultRate/10')),
    minorFaultRatePerSecondMax60s: figure(peakOf(pool, 'minorFaultRate/60')),
    majorFaultServiceP95Ns: figure(quantile(ascending(samplesOf(pool, 'majorFaultServiceNs')), 0.95)),
    faultBurstScore: distribution(scores).mean,
    dispatchGapLift: figure(sumOf(pool, 'dispatchGap.liftNs') / sumOf(pool, 'dispatchGap.intendedNs')),
    dispatchGapExcessNs: distribution(samplesOf(pool, 'dispatchGapExcessNs'))
  }
}
