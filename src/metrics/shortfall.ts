/*
 * What a parent order paid: implementation shortfall (Perold 1988) against the decision mid, and completion.
 * Per parent, with s its side, M the decision mid, E the end mark, Q the mandate and F the filled lots:
 *   shortfallBps = 10^4 * ( sum over fills of s (price - M) lots  +  s (E - M) (Q - F) ) / (M Q)
 * The first part is what was executed, the second what was not: the rest is charged at the end mark (opportunity). An
 * overfill (F > Q, possible when a cancel loses its race) makes the second part the sale of the excess at the end mark.
 * Fills are those of the fills table: all that happened at the venue, read by the host or not. Sums are whole half-tick lots
 * (checked to be exact); the only division is the last step. Parents that cannot be priced are marked and counted, not dropped.
 * Leaves out fees and rebates.
 */
import { assert } from '../kernel/assert.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { halfTickValue, type LedgerContext, rowsById } from './context.ts'
import { ascending, conditionalValueAtRisk, type Figure, figure, mean, quantile } from './quantile.ts'

/** Why a parent has no shortfall. */
export const UNPRICED = { no: 0, noDecisionMid: 1, noEndMark: 2 } as const

/** One row per parent, in the ledger's order; columns have length `count`. Structured-clone safe. */
export interface ParentResults {
  readonly count: number
  readonly parentId: Float64Array
  readonly venue: Float64Array
  readonly side: Float64Array
  readonly startNs: Float64Array
  readonly quantityLots: Float64Array
  readonly filledLots: Float64Array
  /** NaN where `unpriced` is not 0. */
  readonly shortfallBps: Float64Array
  /** The two parts of shortfallBps: what was executed, and the rest at the end mark. */
  readonly executedBps: Float64Array
  readonly opportunityBps: Float64Array
  /** Decision mid times mandate, in currency; NaN without a decision mid. */
  readonly decisionNotional: Float64Array
  readonly unpriced: Uint8Array
}

export interface ShortfallFigures {
  /** Parents that could be priced. */
  readonly count: number
  readonly mean: Figure
  readonly p50: Figure
  readonly p90: Figure
  readonly p95: Figure
  readonly p99: Figure
  readonly cvar95: Figure
  /** Means of the two parts; they add up to `mean`. */
  readonly executedMean: Figure
  readonly opportunityMean: Figure
}

/** Every parent of the ledger with its shortfall. Throws InvariantError when a sum leaves the exact integers. */
export function parentResults(ledger: Ledger, context: LedgerContext): ParentResults {
  const { parents, fills } = ledger
  const count = parents.count
  const rows = rowsById(parents.col.parentId, count)
  const filledLots = new Float64Array(count)
  const filledTickLots = new Float64Array(count)
  for (let fill = 0; fill < fills.count; fill++) {
    const row = rows.get(fills.col.parentId[fill])
    assert(row !== undefined, `fill ${fill} names parent ${fills.col.parentId[fill]}, which is not in the ledger`)
    filledLots[row] += fills.col.lots[fill]
    filledTickLots[row] += fills.col.priceTicks[fill] * fills.col.lots[fill]
  }
  const column = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const results = {
    count,
    parentId: parents.col.parentId.slice(0, count),
    venue: parents.col.venue.slice(0, count),
    side: parents.col.side.slice(0, count),
    startNs: parents.col.startNs.slice(0, count),
    quantityLots: parents.col.quantityLots.slice(0, count),
    filledLots,
    shortfallBps: column(),
    executedBps: column(),
    opportunityBps: column(),
    decisionNotional: column(),
    unpriced: new Uint8Array(count)
  }
  for (let row = 0; row < count; row++) {
    const mid = parents.col.decisionMidHalfTicks[row]
    const mark = parents.col.endMidHalfTicks[row]
    const side = results.side[row]
    const rest = results.quantityLots[row] - filledLots[row]
    if (!(mid > 0)) {
      results.unpriced[row] = UNPRICED.noDecisionMid
      continue
    }
    const notional = mid * results.quantityLots[row]
    results.decisionNotional[row] = notional * halfTickValue(context, results.venue[row])
    if (rest !== 0 && !(mark > 0)) {
      results.unpriced[row] = UNPRICED.noEndMark
      continue
    }
    const executed = side * (2 * filledTickLots[row] - mid * filledLots[row])
    const opportunity = rest === 0 ? 0 : side * (mark - mid) * rest
    const exact =
      Number.isSafeInteger(executed + opportunity) &&
      Number.isSafeInteger(2 * filledTickLots[row]) &&
      Number.isSafeInteger(notional)
    assert(exact, `parent ${results.parentId[row]}: its notional is beyond the exact integers; use a larger lot`)
    results.shortfallBps[row] = (1e4 * (executed + opportunity)) / notional
    results.executedBps[row] = (1e4 * executed) / notional
    results.opportunityBps[row] = (1e4 * opportunity) / notional
  }
  return results
}

/** Filled share of one parent's mandate, 0..1; an overfill counts as 1. */
export function completionOf(results: ParentResults, row: number): number {
  const share = results.filledLots[row] / results.quantityLots[row]
  return share > 1 ? 1 : share
}

export interface CompletionFigures {
  /** Mean over parents of filled share (the unit of analysis is the parent). */
  readonly mean: Figure
  /** Filled lots over all lots asked for. */
  readonly ofLots: Figure
  /** Share of parents that were filled completely. */
  readonly fullShare: Figure
  readonly overfilledLots: number
}

export function completionFigures(all: readonly ParentResults[]): CompletionFigures {
  let count = 0
  let full = 0
  let sum = 0
  let filled = 0
  let asked = 0
  let over = 0
  for (const results of all) {
    for (let row = 0; row < results.count; row++) {
      const quantity = results.quantityLots[row]
      count++
      sum += completionOf(results, row)
      if (results.filledLots[row] >= quantity) full++
      over += Math.max(0, results.filledLots[row] - quantity)
      filled += Math.min(results.filledLots[row], quantity)
      asked += quantity
    }
  }
  return { mean: figure(sum / count), ofLots: figure(filled / asked), fullShare: figure(full / count), overfilledLots: over }
}

/** Quantiles are type 7, CVaR is Acerbi-Tasche; over the parents that could be priced. */
export function shortfallFigures(all: readonly ParentResults[]): ShortfallFigures {
  const sorted = ascending(all.flatMap((results) => Array.from(results.shortfallBps.filter(Number.isFinite))))
  const part = (name: 'executedBps' | 'opportunityBps'): Figure =>
    figure(mean(all.flatMap((results) => Array.from(results[name].filter(Number.isFinite)))))
  return {
    count: sorted.length,
    mean: figure(mean(sorted)),
    p50: figure(quantile(sorted, 0.5)),
    p90: figure(quantile(sorted, 0.9)),
    p95: figure(quantile(sorted, 0.95)),
    p99: figure(quantile(sorted, 0.99)),
    cvar95: figure(conditionalValueAtRisk(sorted, 0.95)),
    executedMean: part('executedBps'),
    opportunityMean: part('opportunityBps')
  }
}

export interface ParentCounts {
  readonly count: number
  /** Not priced: nobody could see a mid when the parent was decided. */
  readonly withoutDecisionMid: number
  /** Not priced: a rest was unfilled and there was no mid at the end to mark it. */
  readonly withoutEndMark: number
}

export function parentCounts(all: readonly ParentResults[]): ParentCounts {
  const counts = [0, 0, 0]
  let count = 0
  for (const results of all) {
    count += results.count
    for (const reason of results.unpriced) counts[reason]++
  }
  return { count, withoutDecisionMid: counts[UNPRICED.noDecisionMid], withoutEndMark: counts[UNPRICED.noEndMark] }
}
