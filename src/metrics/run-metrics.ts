/*
 * Every metric of a run in one record of plain numbers, safe to write as JSON (none is null). A run is first reduced (its
 * ledger may then be dropped), and any number of reductions give one record: a run alone, or all runs of a policy.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { type AcceptanceFigures, acceptanceFigures, collectAcceptance } from './acceptance.ts'
import { type BurstinessFigures, burstinessFigures, collectBurstiness } from './burstiness.ts'
import { collectVenues, type VenuesFigures, venuesFigures } from './by-venue.ts'
import { type CancelFigures, cancelFigures, collectCancels, collectStaleFills, staleFills } from './cancel-race.ts'
import { type LedgerContext, runSpan } from './context.ts'
import { collectDispatchToWire, type DispatchToWireFigures, dispatchToWireFigures } from './dispatch-to-wire.ts'
import { collectFaults, type FaultFigures, faultFigures } from './faults.ts'
import { collectMarkouts, type MarkoutFigures, markoutFigures } from './markout.ts'
import { collectMessages, type MessageFigures, messageFigures } from './messages.ts'
import { collectOccupancy, type OccupancyFigures, occupancyFigures } from './occupancy.ts'
import { collectPacing, type PacingFigures, pacingFigures } from './pacing-headroom.ts'
import { pendingIntervals } from './pending-cancel.ts'
import { createPool, type Pool } from './pool.ts'
import type { Figure } from './quantile.ts'
import { collectQueueLoss, type QueueLossFigures, queueLossFigures } from './queue-loss.ts'
import { collectQueueRank, type QueueRankFigures, queueRankFigures } from './queue-rank.ts'
import {
  type CompletionFigures,
  completionFigures,
  type ParentCounts,
  type ParentResults,
  parentCounts,
  parentResults,
  type ShortfallFigures,
  shortfallFigures
} from './shortfall.ts'

export interface RunMetrics {
  readonly parents: ParentCounts
  readonly shortfallBps: ShortfallFigures
  /** Mean filled share of a parent, 0..1. */
  readonly completion: Figure
  readonly completionDetail: CompletionFigures
  readonly dispatchToWireNs: DispatchToWireFigures
  readonly burstinessIndex: BurstinessFigures
  readonly pacing: PacingFigures
  readonly messages: MessageFigures
  readonly acceptance: AcceptanceFigures
  readonly cancels: CancelFigures
  readonly markoutBps: MarkoutFigures
  readonly faults: FaultFigures
  readonly queueRank: QueueRankFigures
  readonly queueLoss: QueueLossFigures
  readonly controllers: OccupancyFigures
  readonly venues: VenuesFigures
}

/** Writes the inputs of all pooled metrics of one run into `pool`. */
export function collectRun(ledger: Ledger, context: LedgerContext, pool: Pool): void {
  const span = runSpan(ledger)
  collectDispatchToWire(ledger, context, pool)
  collectBurstiness(ledger, pool)
  collectPacing(ledger, pool)
  collectMessages(ledger, pool)
  collectAcceptance(ledger, pool)
  const pending = pendingIntervals(ledger)
  const stale = staleFills(ledger, pending)
  collectCancels(ledger, context, span, pending, pool)
  collectStaleFills(ledger, stale, pool)
  collectMarkouts(ledger, context, stale, pool)
  collectFaults(ledger, span, pool)
  collectQueueRank(ledger, pool)
  collectQueueLoss(ledger, pool)
  collectOccupancy(ledger, context, span, pool)
  collectVenues(ledger, context, pool)
}

export function figures(parents: readonly ParentResults[], pool: Pool): RunMetrics {
  const completionDetail = completionFigures(parents)
  return {
    parents: parentCounts(parents),
    shortfallBps: shortfallFigures(parents),
    completion: completionDetail.mean,
    completionDetail,
    dispatchToWireNs: dispatchToWireFigures(pool),
    burstinessIndex: burstinessFigures(pool),
    pacing: pacingFigures(pool),
    messages: messageFigures(pool),
    acceptance: acceptanceFigures(pool),
    cancels: cancelFigures(pool),
    markoutBps: markoutFigures(pool),
    faults: faultFigures(pool),
    queueRank: queueRankFigures(pool),
    queueLoss: queueLossFigures(pool),
    controllers: occupancyFigures(pool),
    venues: venuesFigures(pool)
  }
}

/** All metrics of one run. Throws InvariantError when the ledger is not consistent. */
export function summarise(ledger: Ledger, context: LedgerContext): RunMetrics {
  const pool = createPool()
  collectRun(ledger, context, pool)
  return figures([parentResults(ledger, context)], pool)
}
