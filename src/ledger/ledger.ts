/*
 * What happened in one run, and the only thing that metrics read. The columns carry at least the data contracts of the
 * throttle playbook (section 6: every attempt, not just fills) and of the cancel playbook. Times are ns since midnight named by
 * event, spans end in DelayNs; prices are ticks, mids are half ticks (bid + ask: an integer). None = NaN. A ledger of one venue and one symbol has
 * the hash that it would have without the columns that tell venues and symbols apart in tables which otherwise do without.
 */
import { code } from '../kernel/code.ts'
import { CONTROL_MODES } from '../order/controls.ts'
import { type DirectiveName, NEUTRAL } from '../order/directives.ts'
import {
  ATTEMPT_OUTCOME,
  CANCEL_OUTCOME,
  CHILD_OUTCOME,
  FILL_CAUSE,
  LIQUIDITY,
  MESSAGE_TYPE,
  REASON,
  REJECTED_BY,
  TACTIC,
  TIME_IN_FORCE
} from '../order/words.ts'
import { fingerprint } from './fingerprint.ts'
import { CAPACITY, Table } from './table.ts'

/** The playbooks' four; then machines of single controls, and the canary. */
export const CONTROLLER = code('transport', 'fault', 'throttle', 'cancel', 'queue-budget', 'phase-lock', 'remediation', 'canary')
/** The states of all controllers, the four's as the playbooks name them; each controller uses its own. */
export const CONTROLLER_STATE = code(
  'Clean-Flow',
  'Pacing-Limited',
  'Burst-Released',
  'GREEN_FAULT_CLEAN',
  'AMBER_FAULT_WARMING',
  'RED_FAULT_STRESS',
  'SAFE_CONTAIN',
  'GREEN',
  'AMBER',
  'RED',
  'SAFE',
  'CLEAR',
  'BACKLOG',
  'SATURATED',
  'within-budget',
  'over-budget',
  'even',
  'bunched',
  'in-service',
  'remediated',
  'canary',
  'rolled-back'
)
/** Measured quantities that controllers act on; the playbooks' names where they have one. */
export const FEATURE = code(
  'dispatchToWireP95Ns',
  'burstinessIndex',
  'capUtilisation',
  'unsentBytes',
  'minorFaultRate',
  'majorFaultServiceP95Ns',
  'faultBurstScore',
  'dispatchGapLift',
  'rho',
  'rejectRate',
  'timeoutCount',
  'cancelAckLatencyP90Ns',
  'cancelAckLatencyP99Ns',
  'pendingCancelCount',
  'pendingCancelNotional',
  'staleFillRatio',
  'cancelBacklogPressureSeconds',
  'dwell',
  'burstinessIndex100us',
  'burstinessIndex500us',
  'burstRiskBps',
  'queuedBytes',
  'queueAgeDecay',
  'fillCostLift',
  'fillCostMeanBps',
  'containedNs',
  'rejectHazard',
  'messageBurst',
  'queueResetLoad',
  'rejectClusterCount',
  'pendingCancelShare',
  'staleFillCount',
  'staleExposureBps',
  'staleExposureBudgetShare',
  'missRate',
  'opportunity',
  'fillCostP95',
  'fillCostP99',
  'completion',
  'oscillation'
)
export const CONTROL_MODE = code(...CONTROL_MODES)
/** What controllers ask for, as columns: numbers as they are, flags 0 or 1, what is without bound none. */
export const DIRECTIVES = Object.keys(NEUTRAL) as readonly DirectiveName[]
const ASKED = Object.fromEntries(DIRECTIVES.map((name) => [name, 'real'])) as Record<DirectiveName, 'real'>
/** Columns of the telemetry that only controllers need. */
const CONTROL_TELEMETRY = [
  'burstinessIndex100us',
  'burstinessIndex500us',
  'queuedBytes',
  'minorFaultRate60s',
  'queueAgeDecay',
  'fillCostMeanBps',
  'fillCostLift',
  'pacingOdds',
  'burstOdds',
  'expectedBranchCostBps',
  'burstRiskBps',
  'rejectHazard',
  'messageBurst',
  'queueResetLoad',
  'rejectClusterCount',
  'pendingCancelShare',
  'staleExposureBps',
  'staleExposureBudgetShare'
] as const
const MEASURED = Object.fromEntries(CONTROL_TELEMETRY.map((name) => [name, 'real'])) as Record<
  (typeof CONTROL_TELEMETRY)[number],
  'real'
>
export const STALL_KIND = code('minor', 'major', 'reclaim', 'compaction')

export function createLedger() {
  return {
    parents: new Table(
      'parents',
      {
        parentId: 'integer',
        /** Number of its symbol; the first of the venues where it may trade. */
        symbol: 'integer',
        venue: 'integer',
        side: 'integer',
        quantityLots: 'integer',
        startNs: 'integer',
        endNs: 'integer',
        limitTicks: 'integer',
        decisionNs: 'integer',
        decisionMidHalfTicks: 'integer',
        arrivalMidHalfTicks: 'integer',
        filledLots: 'integer',
        /** Sum of fill price times lots. */
        filledTickLots: 'integer',
        doneNs: 'integer',
        endMidHalfTicks: 'integer',
        childCount: 'integer'
      },
      CAPACITY,
      ['symbol']
    ),
    children: new Table('children', {
      childId: 'integer',
      parentId: 'integer',
      slice: 'integer',
      venue: 'integer',
      session: 'integer',
      tactic: TACTIC,
      side: 'integer',
      priceTicks: 'integer',
      quantityLots: 'integer',
      timeInForce: TIME_IN_FORCE,
      /** When the schedule wanted it, before stalls and spacing. */
      scheduledNs: 'integer',
      intentNs: 'integer',
      /** Host's view of the mid when it decided, and the venue's mid when it arrived. */
      decisionMidHalfTicks: 'integer',
      arrivalMidHalfTicks: 'integer',
      submitNs: 'integer',
      acceptedNs: 'integer',
      ackNs: 'integer',
      doneNs: 'integer',
      outcome: CHILD_OUTCOME,
      filledLots: 'integer',
      attemptCount: 'integer',
      replaceCount: 'integer'
    }),
    attempts: new Table(
      'attempts',
      {
        attemptId: 'integer',
        parentId: 'integer',
        childId: 'integer',
        messageType: MESSAGE_TYPE,
        venue: 'integer',
        retryIndex: 'integer',
        session: 'integer',
        priceTicks: 'integer',
        quantityLots: 'integer',
        /** Backoff waited before this attempt (0 for the first). */
        pacingDelayNs: 'integer',
        intentNs: 'integer',
        /** Handed to the socket. */
        dispatchNs: 'integer',
        /** Last byte left the qdisc. */
        wireNs: 'integer',
        /** Reached the risk gate; left it; reached the venue's gateway; passed its throttle; reached the engine. */
        gateNs: 'integer',
        gateDoneNs: 'integer',
        gatewayNs: 'integer',
        throttleNs: 'integer',
        engineNs: 'integer',
        /** The answer left the venue; the host had read it. */
        answerNs: 'integer',
        ackNs: 'integer',
        outcome: ATTEMPT_OUTCOME,
        rejectedBy: REJECTED_BY,
        reason: REASON,
        /** Queue ahead: before a replace (the old place), and after this attempt joined. */
        lotsAheadBefore: 'integer',
        lotsAheadAfter: 'integer',
        bidTicks: 'integer',
        bidLots: 'integer',
        askTicks: 'integer',
        askLots: 'integer',
        /** Change of the size-weighted mid since intent, in ticks. */
        micropriceDriftTicks: 'real',
        fallback: TACTIC
      },
      CAPACITY,
      ['venue']
    ),
    cancels: new Table('cancels', {
      cancelId: 'integer',
      parentId: 'integer',
      childId: 'integer',
      venue: 'integer',
      session: 'integer',
      side: 'integer',
      retryIndex: 'integer',
      intentNs: 'integer',
      /** cancel_send_ts of the playbook: handed to the socket. */
      sendNs: 'integer',
      wireNs: 'integer',
      gateNs: 'integer',
      gateDoneNs: 'integer',
      gatewayNs: 'integer',
      throttleNs: 'integer',
      engineNs: 'integer',
      answerNs: 'integer',
      /** cancel_ack_ts or cancel_reject_ts, as read by the host. */
      ackNs: 'integer',
      rejectNs: 'integer',
      outcome: CANCEL_OUTCOME,
      rejectedBy: REJECTED_BY,
      reason: REASON,
      openLots: 'integer',
      lotsAhead: 'integer',
      bidTicks: 'integer',
      bidLots: 'integer',
      askTicks: 'integer',
      askLots: 'integer',
      throttled: 'integer'
    }),
    fills: new Table('fills', {
      fillId: 'integer',
      parentId: 'integer',
      childId: 'integer',
      venue: 'integer',
      side: 'integer',
      fillNs: 'integer',
      /** The host had read the report. */
      reportNs: 'integer',
      priceTicks: 'integer',
      lots: 'integer',
      liquidity: LIQUIDITY,
      cause: FILL_CAUSE,
      tapeRow: 'integer',
      /** 1: a cancel of this child was under way (sent, its answer not yet read). */
      pendingCancel: 'integer',
      /** Venue mid at the fill, and at 100 ms, 1 s and 10 s after it (capped at the end of the run). */
      midHalfTicks: 'integer',
      mid100msHalfTicks: 'integer',
      mid1sHalfTicks: 'integer',
      mid10sHalfTicks: 'integer'
    }),
    segments: new Table('segments', {
      session: 'integer',
      sequence: 'integer',
      bytes: 'integer',
      messageCount: 'integer',
      queuedNs: 'integer',
      wireNs: 'integer',
      dropped: 'integer'
    }),
    stalls: new Table('stalls', {
      startNs: 'integer',
      stallNs: 'integer',
      kind: STALL_KIND,
      /** How much of it host work had to wait. */
      blockedNs: 'integer'
    }),
    transitions: new Table(
      'transitions',
      {
        atNs: 'integer',
        controller: CONTROLLER,
        /** None: of the host. */
        venue: 'integer',
        from: CONTROLLER_STATE,
        to: CONTROLLER_STATE,
        feature: FEATURE,
        value: 'real',
        threshold: 'real',
        dwellNs: 'integer',
        /** The first sample since which the reason held. */
        sinceNs: 'integer',
        /** Did it act, or only say so? */
        mode: CONTROL_MODE,
        /** Bits of the playbook's CONTROLS that ask for something from now on: what advisory mode recommends. */
        controls: 'integer',
        /** 1: an operator is called, and a postmortem. */
        alert: 'integer',
        /** All that the controllers of the path (of the host, where venue is none) ask for from now on. */
        ...ASKED
      },
      CAPACITY,
      ['venue', 'sinceNs', 'mode', 'controls', 'alert', ...DIRECTIVES]
    ),
    telemetry: new Table(
      'telemetry',
      {
        atNs: 'integer',
        venue: 'integer',
        session: 'integer',
        pacingBytesPerSecond: 'real',
        capBytesPerSecond: 'real',
        deliveredBytes: 'integer',
        unsentBytes: 'integer',
        windowSegments: 'real',
        minorFaults: 'integer',
        majorFaults: 'integer',
        messageRatePerSecond: 'real',
        rho: 'real',
        rejectRate: 'real',
        dispatchToWireP95Ns: 'real',
        burstinessIndex: 'real',
        faultBurstScore: 'real',
        dispatchGapLift: 'real',
        cancelAckLatencyP90Ns: 'real',
        cancelAckLatencyP99Ns: 'real',
        pendingCancelCount: 'integer',
        pendingCancelNotional: 'real',
        staleFillRatio: 'real',
        cancelBacklogPressureSeconds: 'real',
        transportState: CONTROLLER_STATE,
        faultState: CONTROLLER_STATE,
        throttleState: CONTROLLER_STATE,
        cancelState: CONTROLLER_STATE,
        ...MEASURED
      },
      CAPACITY,
      ['venue', ...CONTROL_TELEMETRY]
    )
  }
}

export type Ledger = ReturnType<typeof createLedger>

/** Fingerprint of the tables' hashes in the order above: equal when every value of every row is equal. */
export function hashLedger(ledger: Ledger): string {
  return fingerprint(Object.values(ledger).map((table) => table.hash()))
}
