/* A comparison of hand-made runs with a bit of everything, for the reports' tests. */
import { type Comparison, compare } from '../../src/experiment/compare.ts'
import { createLedger, hashLedger, type Ledger } from '../../src/ledger/ledger.ts'
import type { Run, World } from '../../src/simulate.ts'
import { addRow, CONTEXT } from '../metrics/rows.ts'

const S = 1e9
const MS = 1e6

/** Four parents of one child each; parent k pays k + seed ticks, less `gainTicks`; one attempt is refused; one fill is stale. */
export function madeLedger(seed: number, gainTicks: number, ackMs: number): Ledger {
  const ledger = createLedger()
  const touch = { bidTicks: 9999, askTicks: 10001, bidLots: 5, askLots: 5 }
  for (let k = 0; k < 4; k++) {
    const startNs = 34_200 * S + k * S
    addRow(ledger.parents, {
      parentId: k,
      venue: 0,
      side: 1,
      quantityLots: 100,
      startNs,
      endNs: startNs + 10 * S,
      decisionNs: startNs,
      decisionMidHalfTicks: 20000,
      endMidHalfTicks: 20000
    })
    const ids = { parentId: k, childId: k }
    addRow(ledger.children, {
      ...ids,
      venue: 0,
      session: 0,
      tactic: 'passive',
      side: 1,
      timeInForce: 'day',
      scheduledNs: startNs,
      intentNs: startNs + 2 * MS,
      acceptedNs: startNs + 5 * MS,
      doneNs: startNs + 2 * S,
      outcome: 'filled',
      filledLots: 100,
      priceTicks: 9999,
      quantityLots: 100,
      decisionMidHalfTicks: 20001
    })
    const attempt = {
      ...ids,
      session: 0,
      messageType: 'new',
      priceTicks: 9999,
      quantityLots: 100,
      reason: 'none',
      rejectedBy: 'none'
    }
    addRow(ledger.attempts, {
      ...attempt,
      attemptId: 2 * k,
      retryIndex: 0,
      intentNs: startNs + 2 * MS,
      dispatchNs: startNs + 2 * MS,
      wireNs: startNs + 3 * MS,
      gateNs: startNs + 3 * MS,
      gateDoneNs: startNs + 3 * MS,
      gatewayNs: startNs + 3.5 * MS,
      ackNs: startNs + 4 * MS,
      outcome: 'rejected',
      rejectedBy: 'throttle',
      reason: 'throttled'
    })
    addRow(ledger.attempts, {
      ...attempt,
      attemptId: 2 * k + 1,
      retryIndex: 1,
      intentNs: startNs + 4 * MS,
      dispatchNs: startNs + 4 * MS,
      wireNs: startNs + 4.5 * MS,
      engineNs: startNs + 5 * MS,
      ackNs: startNs + 6 * MS,
      lotsAheadAfter: 300,
      outcome: 'accepted'
    })
    addRow(ledger.cancels, {
      ...ids,
      ...touch,
      cancelId: k,
      venue: 0,
      session: 0,
      side: 1,
      retryIndex: 0,
      intentNs: startNs + S,
      sendNs: startNs + S,
      wireNs: startNs + S + MS,
      rejectNs: startNs + S + ackMs * MS,
      outcome: 'too-late',
      rejectedBy: 'engine',
      reason: 'too-late',
      openLots: 100
    })
    addRow(ledger.fills, {
      ...ids,
      fillId: k,
      venue: 0,
      side: 1,
      fillNs: startNs + S + MS / 2,
      reportNs: startNs + S + ackMs * MS,
      priceTicks: 10000 + k + seed - gainTicks,
      lots: 100,
      liquidity: 'maker',
      cause: 'through',
      pendingCancel: 1,
      midHalfTicks: 19999,
      mid1sHalfTicks: 19990
    })
  }
  addRow(ledger.stalls, { startNs: 34_200 * S, stallNs: 2 * MS, kind: 'major', blockedNs: 2 * MS })
  const transition = { controller: 'throttle', feature: 'rejectRate', value: 0.5, threshold: 0.2 }
  if (gainTicks > 0) addRow(ledger.transitions, { ...transition, atNs: 34_201 * S, from: 'GREEN', to: 'RED' })
  return ledger
}

export function madeRun(seed: number, gainTicks: number, ackMs = 20): Run {
  const ledger = madeLedger(seed, gainTicks, ackMs)
  return { seed, ledger, ledgerHash: hashLedger(ledger), eventCount: 1234, stages: [] }
}

/** The stand-in world says by eventCountMax how many ticks the controlled policy gains. */
export function madeComparison(seeds: readonly number[], gainTicks: (seed: number) => number): Comparison {
  const plan = {
    scenario: 'made',
    seed: 7,
    seeds,
    policies: ['baseline', 'controlled'],
    baseline: 'baseline',
    controlled: 'controlled',
    context: CONTEXT,
    resampleCount: 100
  }
  return compare(
    plan,
    ({ policy, seed }) => ({ seed, eventCountMax: policy === 'controlled' ? gainTicks(seed) : 0 }) as World,
    (world) => madeRun(world.seed, world.eventCountMax)
  )
}
