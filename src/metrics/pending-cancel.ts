/*
 * When orders were pending cancel: per child the merged intervals from a cancel's send to the host's reading of its answer,
 * because an order is pending once however many requests are under way. A request without an answer ends when another
 * request of the child is answered for good (acked or too late), or when the child is done; else never (Infinity).
 */
import type { Ledger } from '../ledger/ledger.ts'
import { CANCEL_OUTCOME } from '../order/words.ts'
import { rowsById } from './context.ts'

export interface PendingInterval {
  readonly childId: number
  readonly startNs: number
  /** Exclusive; Infinity when it never ended. */
  readonly endNs: number
  /** Row of the cancel that opened it. */
  readonly cancelRow: number
}

/** By child, then by start. */
export function pendingIntervals(ledger: Ledger): PendingInterval[] {
  const { childId, sendNs } = ledger.cancels.col
  const rows: number[] = []
  for (let row = 0; row < ledger.cancels.count; row++) if (Number.isFinite(sendNs[row])) rows.push(row)
  rows.sort((a, b) => childId[a] - childId[b] || sendNs[a] - sendNs[b] || a - b)
  const doneOf = rowsById(ledger.children.col.childId, ledger.children.count)
  const intervals: PendingInterval[] = []
  let first = 0
  while (first < rows.length) {
    let next = first
    while (next < rows.length && childId[rows[next]] === childId[rows[first]]) next++
    const child = doneOf.get(childId[rows[first]])
    const doneNs = child === undefined ? Number.NaN : ledger.children.col.doneNs[child]
    mergeChild(ledger, rows.slice(first, next), doneNs, intervals)
    first = next
  }
  return intervals
}

/** When the host had read the answer to a cancel; NaN without one. */
function answeredNs(ledger: Ledger, row: number): number {
  const { ackNs, rejectNs } = ledger.cancels.col
  return Number.isNaN(ackNs[row]) ? rejectNs[row] : ackNs[row]
}

function mergeChild(ledger: Ledger, rows: readonly number[], doneNs: number, out: PendingInterval[]): void {
  const { sendNs, outcome, childId } = ledger.cancels.col
  let open: { childId: number; startNs: number; endNs: number; cancelRow: number } | undefined
  for (const row of rows) {
    let endNs = answeredNs(ledger, row)
    if (Number.isNaN(endNs)) {
      endNs = doneNs >= sendNs[row] ? doneNs : Number.POSITIVE_INFINITY
      for (const other of rows) {
        const final = outcome[other] === CANCEL_OUTCOME.of.acked || outcome[other] === CANCEL_OUTCOME.of['too-late']
        const answerNs = answeredNs(ledger, other)
        if (final && answerNs >= sendNs[row] && answerNs < endNs) endNs = answerNs
      }
    }
    if (open !== undefined && sendNs[row] < open.endNs) {
      open.endNs = Math.max(open.endNs, endNs)
      continue
    }
    if (open !== undefined) out.push(open)
    open = { childId: childId[row], startNs: sendNs[row], endNs, cancelRow: row }
  }
  if (open !== undefined) out.push(open)
}
