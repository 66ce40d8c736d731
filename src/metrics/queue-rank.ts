/*
 * What timing and churn do to the place in the queue. Rank is lots ahead: larger is worse.
 *   queueResetTax (QRT, throttle playbook section 4): E[dRank | replace] * P(fill before the next reprice), in lots ahead. dRank = lots ahead after
 *         minus before, over accepted replaces that know both; P = share of accepted replaces followed by a fill of that child
 *         before its next replace or cancel is sent. Both terms are given, not only the product.
 *   queueAgeDecay (QAD, page-fault playbook metric 5): mean lots ahead at the join of orders that a stall delayed, minus that of the others. Delayed:
 *         a stall that blocked host work overlaps the time from the child's schedule to its dispatch.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { ATTEMPT_OUTCOME, MESSAGE_TYPE } from '../order/words.ts'
import { rowsById, rowsByKey } from './context.ts'
import { addSum, type Pool, sumOf } from './pool.ts'
import { ascending, type Figure, figure, firstAt } from './quantile.ts'

export interface QueueRankFigures {
  readonly replaceCount: number
  readonly rankLossLotsMean: Figure
  readonly fillBeforeRepriceShare: Figure
  readonly queueResetTaxLots: Figure
  readonly delayedJoinCount: number
  readonly queueAgeDecayLots: Figure
}

export function collectQueueRank(ledger: Ledger, pool: Pool): void {
  collectResets(ledger, pool)
  collectJoins(ledger, pool)
}

function collectResets(ledger: Ledger, pool: Pool): void {
  const { attempts, fills } = ledger
  const { messageType, outcome, childId, engineNs, lotsAheadBefore, lotsAheadAfter } = attempts.col
  const reprices = repriceTimes(ledger)
  const fillsOf = rowsByKey(fills.col.childId, fills.count)
  for (const rows of fillsOf.values()) rows.sort((a, b) => fills.col.fillNs[a] - fills.col.fillNs[b])
  const counts = { all: 0, ranked: 0, filled: 0 }
  let rankLoss = 0
  for (let row = 0; row < attempts.count; row++) {
    if (messageType[row] !== MESSAGE_TYPE.of.replace || outcome[row] !== ATTEMPT_OUTCOME.of.accepted) continue
    counts.all++
    const loss = lotsAheadAfter[row] - lotsAheadBefore[row]
    if (Number.isFinite(loss)) {
      counts.ranked++
      rankLoss += loss
    }
    const times = reprices.get(childId[row]) ?? NO_TIMES
    const next = firstAt(times, engineNs[row] + 1)
    const untilNs = next < times.length ? times[next] : Number.POSITIVE_INFINITY
    const fill = fillsOf.get(childId[row])?.find((candidate) => fills.col.fillNs[candidate] >= engineNs[row])
    if (fill !== undefined && fills.col.fillNs[fill] < untilNs) counts.filled++
  }
  addSum(pool, 'queueReset.count', counts.all)
  addSum(pool, 'queueReset.rankedCount', counts.ranked)
  addSum(pool, 'queueReset.filledCount', counts.filled)
  addSum(pool, 'queueReset.rankLoss', rankLoss)
}

const NO_TIMES = new Float64Array(0)

/** When each child's replaces and cancels were sent, ascending. */
function repriceTimes(ledger: Ledger): Map<number, Float64Array> {
  const { attempts, cancels } = ledger
  const times = new Map<number, number[]>()
  const note = (childId: number, atNs: number): void => {
    if (Number.isNaN(atNs)) return
    const known = times.get(childId)
    if (known === undefined) times.set(childId, [atNs])
    else known.push(atNs)
  }
  for (let row = 0; row < attempts.count; row++) {
    if (attempts.col.messageType[row] === MESSAGE_TYPE.of.replace) note(attempts.col.childId[row], attempts.col.dispatchNs[row])
  }
  for (let row = 0; row < cancels.count; row++) note(cancels.col.childId[row], cancels.col.sendNs[row])
  return new Map([...times].map(([childId, values]) => [childId, ascending(values)]))
}

function collectJoins(ledger: Ledger, pool: Pool): void {
  const { attempts, children, stalls } = ledger
  const childRow = rowsById(children.col.childId, children.count)
  const blocking: { startNs: number; endNs: number }[] = []
  for (let row = 0; row < stalls.count; row++) {
    const { startNs, stallNs, blockedNs } = stalls.col
    if (blockedNs[row] > 0) blocking.push({ startNs: startNs[row], endNs: startNs[row] + stallNs[row] })
  }
  blocking.sort((a, b) => a.endNs - b.endNs)
  const endsNs = Float64Array.from(blocking, ({ endNs }) => endNs)
  for (let row = 0; row < attempts.count; row++) {
    const child = childRow.get(attempts.col.childId[row])
    const lotsAhead = attempts.col.lotsAheadAfter[row]
    if (child === undefined || attempts.col.messageType[row] !== MESSAGE_TYPE.of.new || Number.isNaN(lotsAhead)) continue
    const fromNs = children.col.scheduledNs[child]
    const toNs = attempts.col.dispatchNs[row]
    if (Number.isNaN(fromNs - toNs)) continue
    const stall = firstAt(endsNs, fromNs + 1)
    const delayed = stall < blocking.length && blocking[stall].startNs < toNs
    addSum(pool, delayed ? 'join.delayedCount' : 'join.promptCount', 1)
    addSum(pool, delayed ? 'join.delayedLots' : 'join.promptLots', lotsAhead)
  }
}

export function queueRankFigures(pool: Pool): QueueRankFigures {
  const rankLoss = sumOf(pool, 'queueReset.rankLoss') / sumOf(pool, 'queueReset.rankedCount')
  const fillShare = sumOf(pool, 'queueReset.filledCount') / sumOf(pool, 'queueReset.count')
  const delayed = sumOf(pool, 'join.delayedLots') / sumOf(pool, 'join.delayedCount')
  const prompt = sumOf(pool, 'join.promptLots') / sumOf(pool, 'join.promptCount')
  return {
    replaceCount: sumOf(pool, 'queueReset.count'),
    rankLossLotsMean: figure(rankLoss),
    fillBeforeRepriceShare: figure(fillShare),
    queueResetTaxLots: figure(rankLoss * fillShare),
    delayedJoinCount: sumOf(pool, 'join.delayedCount'),
    queueAgeDecayLots: figure(delayed - prompt)
  }
}
