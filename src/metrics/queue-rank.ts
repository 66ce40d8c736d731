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
import { type Figure, figure } from './quantile.ts'

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
  const { attempts, cancels, fills } = ledger
  const reprices = new Map<number, number[]>()
  const note = (childId: number, atNs: number): void => {
    const known = reprices.get(childId)
    if (known === undefined) reprices.set(childId, [atNs])
    else known.push(atNs)
  }
  for (let row = 0; row < attempts.count; row++) {
    if (attempts.col.messageType[row] === MESSAGE_TYPE.of.replace) note(attempts.col.childId[row], attempts.col.dispatchNs[row])
  }
  for (let row = 0; row < cancels.count; row++) note(cancels.col.childId[row], cancels.col.sendNs[row])
  const fillsOf = rowsByKey(fills.col.childId, fills.count)
  for (let row = 0; row < attempts.count; row++) {
    const { messageType, outcome, childId, engineNs, lotsAheadBefore, lotsAheadAfter } = attempts.col
    if (messageType[row] !== MESSAGE_TYPE.of.replace || outcome[row] !== ATTEMPT_OUTCOME.of.accepted) continue
    addSum(pool, 'queueReset.count', 1)
    const loss = lotsAheadAfter[row] - lotsAheadBefore[row]
    if (Number.isFinite(loss)) {
      addSum(pool, 'queueReset.rankedCount', 1)
      addSum(pool, 'queueReset.rankLoss', loss)
    }
    let nextNs = Number.POSITIVE_INFINITY
    for (const atNs of reprices.get(childId[row]) ?? []) if (atNs > engineNs[row] && atNs < nextNs) nextNs = atNs
    const filled = fillsOf
      .get(childId[row])
      ?.some((fill) => fills.col.fillNs[fill] >= engineNs[row] && fills.col.fillNs[fill] < nextNs)
    if (filled === true) addSum(pool, 'queueReset.filledCount', 1)
  }
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
  for (let row = 0; row < attempts.count; row++) {
    const child = childRow.get(attempts.col.childId[row])
    const lotsAhead = attempts.col.lotsAheadAfter[row]
    if (child === undefined || attempts.col.messageType[row] !== MESSAGE_TYPE.of.new || Number.isNaN(lotsAhead)) continue
    const fromNs = children.col.scheduledNs[child]
    const toNs = attempts.col.dispatchNs[row]
    if (Number.isNaN(fromNs - toNs)) continue
    let low = 0
    let high = blocking.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (blocking[middle].endNs <= fromNs) low = middle + 1
      else high = middle
    }
    const delayed = low < blocking.length && blocking[low].startNs < toNs
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
