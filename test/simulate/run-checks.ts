/*
 * What holds in every run, whatever its frictions: read from the ledger alone. Each check gives the first sentence that says
 * what is wrong, so that a failure can be read.
 */
import { ATTEMPT_OUTCOME, CANCEL_OUTCOME, CHILD_OUTCOME, MESSAGE_TYPE } from '../../src/order/words.ts'
import type { OrderRules } from '../../src/path/options.ts'
import type { Run } from '../../src/simulate.ts'

type Rules = Pick<OrderRules, 'inFlightMitigation'>

const MITIGATES: readonly Rules[] = [{ inFlightMitigation: true }]

const JOURNEY = [
  'intentNs',
  'dispatchNs',
  'wireNs',
  'gateNs',
  'gateDoneNs',
  'gatewayNs',
  'throttleNs',
  'engineNs',
  'answerNs',
  'ackNs'
] as const

/** Every fault found; an empty list is a good run. `rules` are those of its venues, by number: without mitigation a child may be overfilled. */
export function faultsOf({ ledger }: Run, rules = MITIGATES): string[] {
  const { parents, children, attempts, cancels, fills } = ledger
  const faults: string[] = []
  const filledOf = new Float64Array(children.count)
  const fillsOf = rowsOf(fills.col.childId, fills.count)

  for (let row = 0; row < fills.count; row++) {
    const child = fills.col.childId[row]
    filledOf[child] += fills.col.lots[row]
    if (!(fills.col.lots[row] > 0)) faults.push(`fill ${row} has no lots`)
    if (!(fills.col.fillNs[row] >= children.col.acceptedNs[child]))
      faults.push(`fill ${row} is before its child ${child} was accepted`)
    const { reportNs, fillNs } = fills.col
    if (!(reportNs[row] >= fillNs[row]))
      faults.push(`fill ${row} of child ${child} was reported at ${reportNs[row]}, filled at ${fillNs[row]}`)
    if (reportNs[row] > children.col.doneNs[child]) {
      faults.push(
        `child ${child} was done for the host at ${children.col.doneNs[child]}, yet fill ${row} was reported at ${reportNs[row]}`
      )
    }
  }

  for (let row = 0; row < children.count; row++) {
    if (filledOf[row] !== children.col.filledLots[row])
      faults.push(`child ${row} has ${children.col.filledLots[row]} lots, its fills ${filledOf[row]}`)
    if (rules[children.col.venue[row]].inFlightMitigation && filledOf[row] > children.col.quantityLots[row])
      faults.push(`child ${row} filled ${filledOf[row]} of ${children.col.quantityLots[row]}`)
    const isOpen = children.col.outcome[row] === CHILD_OUTCOME.of.open
    if (isOpen !== Number.isNaN(children.col.doneNs[row])) faults.push(`child ${row} is open or done, not both`)
  }

  for (let row = 0; row < parents.count; row++) {
    const { filledLots, quantityLots, parentId } = parents.col
    if (filledLots[row] > quantityLots[row])
      faults.push(`parent ${parentId[row]} filled ${filledLots[row]} of ${quantityLots[row]}`)
  }

  for (let row = 0; row < attempts.count; row++) {
    const { outcome, ackNs, engineNs, childId, messageType } = attempts.col
    if (outcome[row] === ATTEMPT_OUTCOME.of.pending) faults.push(`attempt ${row} has no outcome`)
    if (outcome[row] === ATTEMPT_OUTCOME.of.accepted && Number.isNaN(ackNs[row] + engineNs[row]))
      faults.push(`attempt ${row} was accepted nowhere`)
    if (
      messageType[row] === MESSAGE_TYPE.of.new &&
      outcome[row] === ATTEMPT_OUTCOME.of.accepted &&
      children.col.acceptedNs[childId[row]] !== engineNs[row]
    ) {
      faults.push(`child ${childId[row]} was accepted twice`)
    }
    faults.push(
      ...backwards(
        `attempt ${row}`,
        JOURNEY.map((name) => attempts.col[name][row])
      )
    )
  }

  for (let row = 0; row < cancels.count; row++) {
    const { col } = cancels
    if (col.outcome[row] === CANCEL_OUTCOME.of.pending) faults.push(`cancel ${row} has no outcome`)
    const stamps = [
      col.intentNs,
      col.sendNs,
      col.wireNs,
      col.gateNs,
      col.gateDoneNs,
      col.gatewayNs,
      col.throttleNs,
      col.engineNs,
      col.answerNs
    ]
    faults.push(
      ...backwards(`cancel ${row}`, [
        ...stamps.map((column) => column[row]),
        Number.isNaN(col.ackNs[row]) ? col.rejectNs[row] : col.ackNs[row]
      ])
    )
    if (col.outcome[row] !== CANCEL_OUTCOME.of.acked) continue
    for (const fill of fillsOf.get(col.childId[row]) ?? []) {
      if (fills.col.fillNs[fill] > col.engineNs[row]) {
        faults.push(
          `child ${col.childId[row]} filled at ${fills.col.fillNs[fill]}, after its cancel took effect at ${col.engineNs[row]}`
        )
      }
    }
  }
  faults.push(...leaks(ledger))
  faults.push(...overcommitments(ledger, rules))
  return faults
}

/** A refused cancel is tried again after a second at the latest (CANCEL_WAIT_NS_MAX), or after the retries' own wait. */
const CANCEL_RETRY_NS = 2_000_000_000
/** As simulate.ts: how long a run goes on after its last parent's end. */
const DRAIN_NS = 11_000_000_000

/**
 * What is still open when the run ends is open for a reason: a parent because a child of it is, a child because its last cancel is under
 * way or about to be sent again.
 */
function leaks({ parents, children, cancels }: Run['ledger']): string[] {
  const faults: string[] = []
  const endNs = Math.max(...parents.col.endNs.subarray(0, parents.count)) + DRAIN_NS
  const childrenOf = rowsOf(children.col.parentId, children.count)
  const cancelsOf = rowsOf(cancels.col.childId, cancels.count)
  for (let parent = 0; parent < parents.count; parent++) {
    const open = (childrenOf.get(parents.col.parentId[parent]) ?? []).filter((child) => Number.isNaN(children.col.doneNs[child]))
    if (Number.isNaN(parents.col.doneNs[parent]) !== open.length > 0) {
      faults.push(`parent ${parent} has ${open.length} open children and ended at ${parents.col.doneNs[parent]}`)
    }
    for (const child of open) {
      const last = cancelsOf.get(child)?.at(-1)
      const waits =
        last !== undefined &&
        (cancels.col.outcome[last] === CANCEL_OUTCOME.of.unanswered || cancels.col.rejectNs[last] > endNs - CANCEL_RETRY_NS)
      if (!waits) faults.push(`child ${child} is open at the end, and nothing is asked about it any more`)
    }
  }
  return faults
}

function backwards(name: string, stamps: readonly number[]): string[] {
  const known = stamps.filter((stamp) => !Number.isNaN(stamp))
  const at = known.findIndex((stamp, i) => i > 0 && stamp < known[i - 1])
  return at < 0 ? [] : [`${name} goes back in time: ${stamps.join(' ')}`]
}

/** Rows of each value of a column. */
function rowsOf(column: Float64Array, count: number): ReadonlyMap<number, number[]> {
  const rows = new Map<number, number[]>()
  for (let row = 0; row < count; row++) {
    const known = rows.get(column[row])
    if (known === undefined) rows.set(column[row], [row])
    else known.push(row)
  }
  return rows
}

/** At every new child: what the host knows as filled plus what it has open stays within the parent. */
function overcommitments({ parents, children, attempts, fills }: Run['ledger'], rules: readonly Rules[]): string[] {
  const faults: string[] = []
  const childrenOf = rowsOf(children.col.parentId, children.count)
  const fillsOf = rowsOf(fills.col.childId, fills.count)
  const attemptsOf = rowsOf(attempts.col.childId, attempts.count)
  const filledBy = (child: number, atNs: number): number => {
    let lots = 0
    for (const fill of fillsOf.get(child) ?? []) if (fills.col.reportNs[fill] <= atNs) lots += fills.col.lots[fill]
    return lots
  }
  for (let parent = 0; parent < parents.count; parent++) {
    const rows = childrenOf.get(parents.col.parentId[parent]) ?? []
    let doneLots = 0
    let working: number[] = []
    for (const row of rows) {
      const nowNs = children.col.intentNs[row]
      // What is done stays at its fills.
      for (const child of working) if (children.col.doneNs[child] <= nowNs) doneLots += children.col.filledLots[child]
      working = working.filter((child) => !(children.col.doneNs[child] <= nowNs))
      working.push(row)
      let lots = doneLots
      for (const child of working) {
        let quantity = children.col.quantityLots[child]
        for (const attempt of attemptsOf.get(child) ?? []) {
          const { messageType, outcome, ackNs, quantityLots } = attempts.col
          if (messageType[attempt] !== MESSAGE_TYPE.of.replace || outcome[attempt] !== ATTEMPT_OUTCOME.of.accepted) continue
          if (!(ackNs[attempt] <= nowNs)) continue
          // Open quantity, or that of the order: what had filled by then counts.
          quantity =
            quantityLots[attempt] + (rules[children.col.venue[child]].inFlightMitigation ? 0 : filledBy(child, ackNs[attempt]))
        }
        lots += Math.max(quantity, filledBy(child, nowNs))
      }
      if (lots > parents.col.quantityLots[parent]) {
        faults.push(`parent ${parent} has ${lots} of ${parents.col.quantityLots[parent]} lots filled or open at ${nowNs}`)
      }
    }
  }
  return faults
}
