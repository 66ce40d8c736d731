/*
 * dispatchToWire (tx-pacing playbook 3.1): wire time minus dispatch time of every message that reached the wire, by venue,
 * session and tactic class of its child (cancels are a class of their own, whatever their child's). Dispatch = handed to the
 * socket; wire = its last byte left the qdisc. Messages that never reached the wire are counted.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { TACTIC } from '../order/words.ts'
import { type LedgerContext, NameCache, rowsById, sessionName, venueName } from './context.ts'
import { addSample, addSum, namesUnder, type Pool, samplesOf, sumOf } from './pool.ts'
import { type Distribution, distribution } from './quantile.ts'

const ALL = 'dispatchToWireNs'
const GROUP = 'dispatchToWireNs/'
const UNSENT = 'dispatchToWire.neverOnWireCount'

export interface DispatchToWireFigures {
  readonly all: Distribution
  /** Keys are venue/session/tactic. */
  readonly groups: Readonly<Record<string, Distribution>>
  readonly neverOnWireCount: number
}

/** Tactic classes, then cancels, then messages whose child is not in the ledger. */
const KINDS = [...TACTIC.names, 'cancel', 'no child'] as const
const CANCEL = TACTIC.names.length
const NO_CHILD = CANCEL + 1

export function collectDispatchToWire(ledger: Ledger, context: LedgerContext, pool: Pool): void {
  const { attempts, cancels, children } = ledger
  const childRow = rowsById(children.col.childId, children.count)
  const groups = new NameCache((key) => {
    const socket = Math.floor(key / 16)
    return `${GROUP}${venueName(context, Math.floor(socket / 256))}/${sessionName(context, socket % 256)}/${KINDS[key % 16]}`
  })
  let neverOnWire = 0
  const add = (venue: number, session: number, kind: number, dispatchNs: number, wireNs: number): void => {
    if (Number.isNaN(dispatchNs)) return
    if (Number.isNaN(wireNs)) {
      neverOnWire++
      return
    }
    addSample(pool, ALL, wireNs - dispatchNs)
    addSample(pool, groups.name((venue * 256 + session) * 16 + kind), wireNs - dispatchNs)
  }
  for (let row = 0; row < attempts.count; row++) {
    const child = childRow.get(attempts.col.childId[row])
    const venue = child === undefined ? 0 : children.col.venue[child]
    const kind = child === undefined ? NO_CHILD : children.col.tactic[child]
    add(venue, attempts.col.session[row], kind, attempts.col.dispatchNs[row], attempts.col.wireNs[row])
  }
  for (let row = 0; row < cancels.count; row++) {
    add(cancels.col.venue[row], cancels.col.session[row], CANCEL, cancels.col.sendNs[row], cancels.col.wireNs[row])
  }
  addSum(pool, UNSENT, neverOnWire)
}

export function dispatchToWireFigures(pool: Pool): DispatchToWireFigures {
  const groups = namesUnder(pool.samples, GROUP).map((name) => [name, distribution(samplesOf(pool, GROUP + name))])
  return { all: distribution(samplesOf(pool, ALL)), groups: Object.fromEntries(groups), neverOnWireCount: sumOf(pool, UNSENT) }
}
