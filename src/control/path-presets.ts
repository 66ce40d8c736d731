/*
 * Thresholds and controls of the two controllers of the path to a venue, throttle and cancel. All are assumed unless a source stands beside them.
 */
import { band, gate, ladder, MS, OFF, SECOND } from './ladder.ts'
import type { CancelOptions, ThrottleControlOptions } from './options.ts'

/** reject-loop playbook, section 5. States: GREEN, AMBER, RED, SAFE. */
export function throttleFor(capacityMessagesPerSecond: number): ThrottleControlOptions {
  return {
    enabled: true,
    dwellNs: 3 * SECOND,
    // Slices of several parents now and then meet in one second; that is not saturation.
    rho: band(0.9, 0.6),
    rejectHazard: band(0.3, 0.15),
    rejectHazardSafe: band(0.8, 0.4),
    // Dear against a spread of some bps.
    fillCostMeanBps: band(20, 10),
    // A whole second's messages in a tenth of it.
    messageBurst: band(1, 0.5),
    queueResetLoad: band(0.7, 0.4),
    rejectRateAmber: band(0.1, 0.03),
    rejectRateRed: band(0.3, 0.1),
    rejectRateSafe: band(0.8, 0.4),
    rejectClusterCount: band(12, 4),
    timeoutCount: band(3, 1),
    timeoutCountSafe: band(10, 4),
    // Idle 0.7 %, at capacity 27 %, with a second's burst in it 73 %.
    hazard: { intercept: -5, utilisation: 4, burst: 2, jitter: 1, stress: 4 },
    controls: {
      widerSpacing: ladder({}, { spacingFactor: 1.25 }, { spacingFactor: 1.5 }, { spacingFactor: 2 }),
      fewerModifies: ladder(
        {},
        { cancelThresholdTicks: 1, cancelDebounceNs: 250 * MS },
        { cancelThresholdTicks: 1, cancelDebounceNs: 500 * MS, modifySuppressed: true },
        { cancelThresholdTicks: 1, cancelDebounceNs: SECOND, modifySuppressed: true }
      ),
      keepPriority: ladder({}, { preferAmend: true }, { preferAmend: true }, { preferAmend: true }),
      // Retries no longer hit the same window.
      acceptanceFirst: ladder({}, { backoffFactor: 2 }, { backoffFactor: 4 }, { backoffFactor: 8 }),
      messageRateCap: ladder(
        {},
        {},
        { messageRateMaxPerSecond: 0.6 * capacityMessagesPerSecond },
        { messageRateMaxPerSecond: 0.3 * capacityMessagesPerSecond }
      ),
      largerChildren: ladder({}, {}, { childSizeFactor: 2 }, { childSizeFactor: 4 }),
      // Weight moves to the paths that refuse less.
      routeAway: ladder({}, {}, { venueWeightFactor: 0.25 }, { venueWeightFactor: 0 }),
      retryBudget: ladder({}, {}, { attemptCountMax: 3 }, { attemptCountMax: 2 }),
      // One resting order.
      fragileTacticsOff: ladder({}, {}, {}, { passiveCountMax: 1 }),
      conservativeCompletion: ladder({}, {}, {}, { catchUpShare: 0.25 }),
      refreshFreeze: ladder({}, {}, {}, { modifySuppressed: true }),
      operatorAlert: gate(4)
    }
  }
}

/** cancel-ack playbook, "State machine for live control" and controls 1 to 5. States: CLEAR, BACKLOG, SATURATED, SAFE. */
export const CANCEL: CancelOptions = {
  enabled: true,
  dwellNs: 3 * SECOND,
  // A loaded venue answers in tens of ms; what the race costs begins where the touch moves before the answer comes.
  cancelAckLatencyP90Ns: band(250 * MS, 100 * MS),
  cancelAckLatencyP99Ns: band(1500 * MS, 600 * MS),
  // Slices of several parents that end together are not an inventory; what stays is.
  pendingCancelCount: band(40, 15),
  // Its unit is the market's; a scenario sets it.
  pendingCancelNotional: OFF,
  pendingCancelShare: band(0.25, 0.1),
  staleFillRatio: band(0.1, 0.05),
  staleFillCount: band(3, 2),
  staleExposureBps: band(0.5, 0.25),
  staleExposureBudgetBps: 0.5,
  staleExposureBudgetShare: band(0.5, 0.4),
  staleExposureBudgetShareSafe: band(0.9, 0.8),
  // Sampled between the requests of a slice and their acks it reads the count of the slice; so above that.
  cancelBacklogPressureSeconds: band(40, 15),
  safeAfterNs: 60 * SECOND,
  controls: {
    // Epsilon, stricter with the backlog. In CLEAR too: where acks are prompt there is no race, and it does not bite.
    decisionRule: ladder(
      { cancelWorthTicksMin: 0 },
      { cancelWorthTicksMin: 0.1 },
      { cancelWorthTicksMin: 0.25 },
      { cancelWorthTicksMin: 0.25 }
    ),
    inventoryCap: ladder(
      {},
      { pendingCancelCountMax: 16, pendingCancelShareMax: 0.2 },
      { pendingCancelCountMax: 8, pendingCancelShareMax: 0.1 },
      { pendingCancelCountMax: 4, pendingCancelShareMax: 0.05 }
    ),
    debounce: ladder({}, { cancelDebounceNs: 500 * MS }, { cancelDebounceNs: SECOND }, { cancelDebounceNs: 2 * SECOND }),
    // Rather moved or made smaller in place than cancelled and entered anew.
    ackAware: ladder(
      {},
      { preferAmend: true, ackAware: true },
      { preferAmend: true, ackAware: true },
      { preferAmend: true, ackAware: true }
    ),
    passiveThrottle: ladder({}, { passiveCountMax: 4 }, { passiveCountMax: 2 }, { passiveCountMax: 1 }),
    setBudget: gate(4),
    tighterCriteria: ladder({}, { cancelThresholdTicks: 1 }, { cancelThresholdTicks: 2 }, { cancelThresholdTicks: 3 }),
    cancelFreeze: ladder({}, {}, { modifySuppressed: true }, { modifySuppressed: true }),
    // Away from degraded lanes; in SAFE the venue is in quarantine, where another quotes the symbol.
    routeAway: ladder({}, {}, { venueWeightFactor: 0.25 }, { venueWeightFactor: 0 }),
    boundedParticipation: ladder({}, {}, {}, { catchUpShare: 0.25, participationFactor: 0.5 })
  }
}
