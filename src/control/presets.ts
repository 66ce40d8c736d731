/*
 * Controllers off, and all four on. Every threshold, dwell and directive here is assumed unless a source stands beside it; each
 * directive names the control of its playbook. Host figures lean on recorded page-fault traces of a small event loop: clean 2,000 to
 * 4,000 minor faults per second and a variance-to-mean ratio near 0.9 in 10 ms counts, warming and storm 40 to 170.
 */
import { type Directives, NEUTRAL } from '../order/directives.ts'
import type { Band, CancelOptions, ControlOptions, FaultOptions, ThrottleControlOptions, TransportOptions } from './options.ts'

const MS = 1_000_000
const SECOND = 1_000_000_000

const band = (enter: number, exit: number): Band => ({ enter, exit })
const OFF = band(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)

const asks = (changes: Partial<Directives>): Directives => ({ ...NEUTRAL, ...changes })

/** tx-pacing playbook, section 6. */
const TRANSPORT: TransportOptions = {
  enabled: true,
  dwellNs: 500 * MS,
  dispatchToWireP95Ns: band(1 * MS, 0.5 * MS),
  dispatchToWireTailNs: band(5 * MS, 2 * MS),
  burstinessIndex: band(0.5, 0.3),
  capUtilisation: band(0.9, 0.7),
  unsentBytes: band(4096, 1024),
  directives: [
    NEUTRAL,
    asks({
      // A: the cap of takes is raised, that of passive messages is not.
      takeCapFactor: 2,
      // C: the queue is over budget, so fewer and larger children.
      childSizeFactor: 2,
      // C: high-value intents only; a reprice by one tick is not one.
      cancelThresholdTicks: 1
    }),
    asks({
      // A: passive messages make room for takes.
      takeCapFactor: 2,
      passiveCapFactor: 0.75,
      // B: breaks the lock between dispatch and the pacing refill; two windows of the burstiness index.
      jitterNsMax: 0.5 * MS,
      // C.
      childSizeFactor: 2,
      // D: what waited is not released at once.
      burstCountMax: 2,
      catchUpShare: 0.5,
      cancelThresholdTicks: 1,
      cancelDebounceNs: 20 * MS
    })
  ]
}

/** page-fault playbook, "Control actions by state". */
const FAULT: FaultOptions = {
  enabled: true,
  dwellNs: 500 * MS,
  // Clean recordings stay below 4,010 per second.
  minorFaultRate: band(6000, 5000),
  majorFaultServiceP95Ns: band(1 * MS, 0.5 * MS),
  faultBurstScoreAmber: band(5, 2),
  faultBurstScore: band(20, 8),
  dispatchGapLift: band(0.5, 0.2),
  containAfterNs: 10 * SECOND,
  directives: [
    NEUTRAL,
    asks({
      // Pre-emptive and soft: a pause would be followed by at most this burst.
      burstCountMax: 4,
      catchUpShare: 0.5
    }),
    asks({
      // Lower burst size, capped catch-up.
      burstCountMax: 2,
      catchUpShare: 0.25,
      // Stretched cadence against pause-then-sweep.
      spacingFactor: 1.5,
      // More conservative posture: no reprices that a late view would send too late.
      cancelThresholdTicks: 1,
      cancelDebounceNs: 10 * MS
    }),
    asks({
      burstCountMax: 1,
      catchUpShare: 0.1,
      spacingFactor: 2,
      // Lower participation cap: the strict risk envelope.
      participationFactor: 0.5,
      cancelThresholdTicks: 2,
      cancelDebounceNs: 50 * MS
    })
  ]
}

/** reject-loop playbook, section 5. */
function throttleFor(capacityMessagesPerSecond: number): ThrottleControlOptions {
  return {
    enabled: true,
    dwellNs: 500 * MS,
    rho: band(0.7, 0.5),
    rejectRateAmber: band(0.05, 0.02),
    rejectRateRed: band(0.2, 0.1),
    rejectRateSafe: band(0.5, 0.25),
    timeoutCount: band(3, 1),
    timeoutCountSafe: band(10, 4),
    directives: [
      NEUTRAL,
      asks({
        // Throttle our own message rate: wider child spacing.
        spacingFactor: 1.25,
        // Fewer non-essential modifies.
        cancelThresholdTicks: 1,
        cancelDebounceNs: 50 * MS,
        // Amends that keep priority come first.
        preferAmend: true,
        // Retries no longer hit the same window.
        backoffFactor: 2
      }),
      asks({
        // Hard cap on the message rate.
        messageRateMaxPerSecond: 0.6 * capacityMessagesPerSecond,
        // Larger children, fewer messages.
        childSizeFactor: 2,
        spacingFactor: 1.5,
        modifySuppressed: true,
        cancelThresholdTicks: 1,
        cancelDebounceNs: 100 * MS,
        preferAmend: true,
        // Tighter retry budget.
        attemptCountMax: 3,
        backoffFactor: 4
      }),
      asks({
        messageRateMaxPerSecond: 0.3 * capacityMessagesPerSecond,
        childSizeFactor: 4,
        spacingFactor: 2,
        // Optional quote refresh is frozen.
        modifySuppressed: true,
        cancelThresholdTicks: 1,
        cancelDebounceNs: 250 * MS,
        preferAmend: true,
        attemptCountMax: 2,
        backoffFactor: 8,
        // Fragile tactics are off; completion is conservative: takes only, a share per decision.
        passiveCountMax: 0,
        catchUpShare: 0.25
      })
    ]
  }
}

/** cancel-ack playbook, "State machine for live control" and controls 1 to 4. */
const CANCEL: CancelOptions = {
  enabled: true,
  dwellNs: 500 * MS,
  cancelAckLatencyP90Ns: band(5 * MS, 2.5 * MS),
  cancelAckLatencyP99Ns: band(25 * MS, 12 * MS),
  pendingCancelCount: band(8, 4),
  // Its unit is the market's; a scenario sets it.
  pendingCancelNotional: OFF,
  staleFillRatio: band(0.1, 0.05),
  cancelBacklogPressureSeconds: band(0.5, 0.2),
  safeAfterNs: 10 * SECOND,
  directives: [
    NEUTRAL,
    asks({
      // Tighter cancel criteria.
      cancelThresholdTicks: 1,
      // Control 2: debounce and coalesce.
      cancelDebounceNs: 50 * MS,
      // Control 1: cap of the pending inventory.
      pendingCancelCountMax: 8,
      // Control 3: reduce in place rather than cancel.
      preferAmend: true,
      // Control 4: fewer new passive orders.
      passiveCountMax: 2
    }),
    asks({
      // Non-essential cancels are frozen.
      modifySuppressed: true,
      cancelThresholdTicks: 2,
      cancelDebounceNs: 200 * MS,
      pendingCancelCountMax: 4,
      preferAmend: true,
      // Control 4: new passive exposure is capped.
      passiveCountMax: 1
    }),
    asks({
      modifySuppressed: true,
      cancelThresholdTicks: 3,
      cancelDebounceNs: 500 * MS,
      pendingCancelCountMax: 2,
      preferAmend: true,
      passiveCountMax: 0,
      // Reduced aggression, bounded participation.
      catchUpShare: 0.25,
      participationFactor: 0.5
    })
  ]
}

/** All four controllers on, for a venue believed to accept this many messages per second. */
export function controlFor(capacityMessagesPerSecond: number): ControlOptions {
  return {
    sampleNs: 1000 * MS,
    capacityMessagesPerSecond,
    transport: TRANSPORT,
    fault: FAULT,
    throttle: throttleFor(capacityMessagesPerSecond),
    cancel: CANCEL
  }
}

/** All four on, for 100 messages per second (assumed; Coinbase's FIX limit is of that size). */
export const CONTROL_ON: ControlOptions = controlFor(100)

/** The same thresholds with every controller disabled. */
export const CONTROL_OFF: ControlOptions = {
  ...CONTROL_ON,
  transport: { ...CONTROL_ON.transport, enabled: false },
  fault: { ...CONTROL_ON.fault, enabled: false },
  throttle: { ...CONTROL_ON.throttle, enabled: false },
  cancel: { ...CONTROL_ON.cancel, enabled: false }
}
