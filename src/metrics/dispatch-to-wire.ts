/*
 * dispatchToWire (tx-pacing playbook 3.1): wire time minus dispatch time of every message that reached the wire, by venue,
 * session and tactic class of its child (cancels are a class of their own, whatever their child's). Dispatch = handed to the
 * socket; wire = its last byte left the qdisc. Messages that never reached the wire are counted.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { TACTIC } from '../order/words.ts'
import { type LedgerContext, rowsById, sessionName, venueName } from './context.ts'
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

export function collectDispatchToWire(ledger: Ledger, context: LedgerContext, pool: Pool): void {
  const { attempts, cancels, children } = ledger
  const childRow = rowsById(children.col.childId, children.count)
  const add = (venue: number, session: number, kind: string, dispatchNs: number, wireNs: number): void => {
    if (Number.isNaN(dispatchNs)) return
    if (Number.isNaN(wireNs)) {
      addSum(pool, UNSENT, 1)
      return
    }
    addSample(pool, ALL, wireNs - dispatchNs)
    addSample(pool, `${GROUP}${venueName(context, venue)}/${sessionName(context, session)}/${kind}`, wireNs - dispatchNs)
  }
  for (let row = 0; row < attempts.count; row++) {
    const child = childRow.get(attempts.col.childId[row])
    const venue = child === undefined ? Number.NaN : children.col.venue[child]
    const tactic = child === undefined ? 'no child' : TACTIC.names[children.col.tactic[child]]
    add(venue, attempts.col.session[row], tactic ?? 'no tactic', attempts.col.dispatchNs[row], attempts.col.wireNs[row])
  }
  for (let row = 0; row < cancels.count; row++) {
    add(cancels.col.venue[row], cancels.col.session[row], 'cancel', cancels.col.sendNs[row], cancels.col.wireNs[row])
  }
}

export function dispatchToWireFigures(pool: Pool): DispatchToWireFigures {
  const groups = namesUnder(pool.samples, GROUP).map((name) => [name, distribution(samplesOf(pool, GROUP + name))])
  return { all: distribution(samplesOf(pool, ALL)), groups: Object.fromEntries(groups), neverOnWireCount: sumOf(pool, UNSENT) }
}
