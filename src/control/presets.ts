/*
 * Controllers off, and all four on. Every threshold, dwell and directive here is assumed unless a source stands beside it; each
 * directive names the control of its playbook. What was tried out was tried on seeds 101 to 110 of the shipped scenarios, so that others can
 * still tell what it is worth. Host figures lean on recorded page-fault traces of a small event loop: clean 2,000 to 4,000 minor
 * faults per second and a variance-to-mean ratio near 0.9 in 10 ms counts, warming and storm 40 to 170.
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
  dwellNs: 3 * SECOND,
  // A handful of messages waits tens of ms at any cap worth setting; a queue of dozens is what bites.
  dispatchToWireP95Ns: band(50 * MS, 15 * MS),
  dispatchToWireTailNs: band(250 * MS, 80 * MS),
  // One block of fq's quantum (a dozen messages) in a second with fifty.
  burstinessIndex: band(0.2, 0.1),
  // Of a whole second: a queue that drains in half of it was at the cap for half of it.
  capUtilisation: band(0.5, 0.25),
  unsentBytes: band(4096, 1024),
  directives: [
    NEUTRAL,
    asks({
      // A: the cap of takes is raised, that of passive messages is not.
      takeCapFactor: 2,
      // C: the queue is over budget, so fewer and larger children.
      childSizeFactor: 4,
      // C: high-value intents only; a reprice by one tick is not one.
      cancelThresholdTicks: 1,
      cancelDebounceNs: 250 * MS
    }),
    asks({
      // A: passive messages make room for takes.
      takeCapFactor: 2,
      passiveCapFactor: 0.75,
      // B: breaks the lock between dispatch and the pacing refill; two windows of the burstiness index.
      jitterNsMax: 0.5 * MS,
      // C.
      childSizeFactor: 8,
      // D: what waited is not released at once.
      burstCountMax: 4,
      catchUpShare: 0.5,
      cancelThresholdTicks: 1,
      cancelDebounceNs: 500 * MS
    })
  ]
}

/** page-fault playbook, "Control actions by state". */
const FAULT: FaultOptions = {
  enabled: true,
  dwellNs: 2 * SECOND,
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
    dwellNs: 3 * SECOND,
    // Slices of several parents now and then meet in one second; that is not saturation.
    rho: band(0.9, 0.6),
    rejectRateAmber: band(0.1, 0.03),
    rejectRateRed: band(0.3, 0.1),
    rejectRateSafe: band(0.8, 0.4),
    timeoutCount: band(3, 1),
    timeoutCountSafe: band(10, 4),
    directives: [
      NEUTRAL,
      asks({
        // Throttle our own message rate: wider child spacing.
        spacingFactor: 1.25,
        // Fewer non-essential modifies.
        cancelThresholdTicks: 1,
        cancelDebounceNs: 250 * MS,
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
        cancelDebounceNs: 500 * MS,
        preferAmend: true,
        // Tighter retry budget.
        attemptCountMax: 3,
        backoffFactor: 4,
        // Route weight moves to the paths that refuse less.
        venueWeightFactor: 0.25
      }),
      asks({
        messageRateMaxPerSecond: 0.3 * capacityMessagesPerSecond,
        childSizeFactor: 4,
        spacingFactor: 2,
        // Optional quote refresh is frozen.
        modifySuppressed: true,
        cancelThresholdTicks: 1,
        cancelDebounceNs: SECOND,
        preferAmend: true,
        attemptCountMax: 2,
        backoffFactor: 8,
        // Fragile tactics are off; completion is conservative: one resting order, and a share of the deficit per decision.
        passiveCountMax: 1,
        catchUpShare: 0.25,
        venueWeightFactor: 0
      })
    ]
  }
}

/** cancel-ack playbook, "State machine for live control" and controls 1 to 4. */
const CANCEL: CancelOptions = {
  enabled: true,
  dwellNs: 3 * SECOND,
  // A loaded venue answers in tens of ms; what the race costs begins where the touch moves before the answer comes.
  cancelAckLatencyP90Ns: band(250 * MS, 100 * MS),
  cancelAckLatencyP99Ns: band(1500 * MS, 600 * MS),
  // Slices of several parents that end together are not an inventory; what stays is.
  pendingCancelCount: band(40, 15),
  // Its unit is the market's; a scenario sets it.
  pendingCancelNotional: OFF,
  staleFillRatio: band(0.1, 0.05),
  // Sampled between the requests of a slice and their acks it reads the count of the slice; so above that.
  cancelBacklogPressureSeconds: band(40, 15),
  safeAfterNs: 60 * SECOND,
  directives: [
    NEUTRAL,
    asks({
      // Tighter cancel criteria.
      cancelThresholdTicks: 1,
      // Control 2: debounce and coalesce.
      cancelDebounceNs: 500 * MS,
      // Control 1: cap of the pending inventory.
      pendingCancelCountMax: 16,
      // Control 3: move in place rather than cancel and enter anew.
      preferAmend: true
    }),
    asks({
      // Non-essential cancels are frozen.
      modifySuppressed: true,
      cancelThresholdTicks: 2,
      cancelDebounceNs: SECOND,
      pendingCancelCountMax: 8,
      preferAmend: true,
      // Control 4: new passive exposure is capped.
      passiveCountMax: 2,
      // Away from degraded lanes.
      venueWeightFactor: 0.25
    }),
    asks({
      modifySuppressed: true,
      cancelThresholdTicks: 3,
      cancelDebounceNs: 2 * SECOND,
      pendingCancelCountMax: 4,
      preferAmend: true,
      passiveCountMax: 1,
      // Reduced aggression, bounded participation.
      catchUpShare: 0.25,
      participationFactor: 0.5,
      // Venue quarantine, where another quotes the symbol.
      venueWeightFactor: 0
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
