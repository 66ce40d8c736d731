/*
 * Acceptance time and retry depth (throttle playbook sections 3 and 9): per child, from its first intent to its acceptance by
 * the venue, over however many attempts that took. Children that were never accepted have no time: they are counted by
 * how they ended, so the distribution is not taken for that of all children. Retry depth: sends of a child's new order (1 =
 * accepted or given up at the first try; 0 = never sent).
 */
import type { Ledger } from '../ledger/ledger.ts'
import { CHILD_OUTCOME, MESSAGE_TYPE } from '../order/words.ts'
import { addSample, addSum, namesUnder, type Pool, samplesOf, sumOf } from './pool.ts'
import { type Distribution, distribution } from './quantile.ts'

const TIME = 'acceptanceNs'
const NEVER = 'acceptance.never/'
const DEPTH = 'acceptance.retryDepth/'
const CHILDREN = 'acceptance.childCount'

export interface AcceptanceFigures {
  readonly childCount: number
  readonly acceptanceNs: Distribution
  /** Children never accepted, by how they ended. */
  readonly neverAccepted: Readonly<Record<string, number>>
  readonly neverAcceptedCount: number
  /** Index = sends of the new order, value = children. */
  readonly retryDepth: readonly number[]
}

export function collectAcceptance(ledger: Ledger, pool: Pool): void {
  const { children, attempts } = ledger
  const depth = new Map<number, number>()
  for (let row = 0; row < attempts.count; row++) {
    if (attempts.col.messageType[row] !== MESSAGE_TYPE.of.new || Number.isNaN(attempts.col.dispatchNs[row])) continue
    depth.set(attempts.col.childId[row], (depth.get(attempts.col.childId[row]) ?? 0) + 1)
  }
  for (let row = 0; row < children.count; row++) {
    addSum(pool, CHILDREN, 1)
    addSum(pool, DEPTH + (depth.get(children.col.childId[row]) ?? 0), 1)
    const time = children.col.acceptedNs[row] - children.col.intentNs[row]
    if (Number.isFinite(time)) addSample(pool, TIME, time)
    else addSum(pool, NEVER + (CHILD_OUTCOME.names[children.col.outcome[row]] ?? 'no outcome'), 1)
  }
}

export function acceptanceFigures(pool: Pool): AcceptanceFigures {
  const neverAccepted = Object.fromEntries(namesUnder(pool.sums, NEVER).map((name) => [name, sumOf(pool, NEVER + name)]))
  const retryDepth: number[] = []
  for (const name of namesUnder(pool.sums, DEPTH)) {
    const depth = Number(name)
    while (retryDepth.length <= depth) retryDepth.push(0)
    retryDepth[depth] = sumOf(pool, DEPTH + name)
  }
  return {
    childCount: sumOf(pool, CHILDREN),
    acceptanceNs: distribution(samplesOf(pool, TIME)),
    neverAccepted,
    neverAcceptedCount: Object.values(neverAccepted).reduce((sum, count) => sum + count, 0),
    retryDepth
  }
}
