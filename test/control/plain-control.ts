/*
 * Round thresholds and short dwells for tests of the machines, so that what a preset is tuned to is no part of what a controller does.
 * The controls are the presets'.
 */
import type { Band, ControlOptions } from '../../src/control/options.ts'
import { CONTROL_ON } from '../../src/control/presets.ts'

const MS = 1_000_000
const SECOND = 1_000_000_000

const band = (enter: number, exit: number): Band => ({ enter, exit })

export const PLAIN: ControlOptions = {
  mode: 'on',
  canary: CONTROL_ON.canary,
  sampleNs: SECOND,
  capacityMessagesPerSecond: 100,
  transport: {
    ...CONTROL_ON.transport,
    dwellNs: 500 * MS,
    dispatchToWireP95Ns: band(1 * MS, 0.5 * MS),
    dispatchToWireTailNs: band(5 * MS, 2 * MS),
    burstinessIndex100us: band(0.5, 0.3),
    burstinessIndex: band(0.5, 0.3),
    burstinessIndex500us: band(0.5, 0.3),
    burstRiskBps: band(1, 0.5),
    queueBudgetBytes: band(8192, 4096),
    capUtilisation: band(0.9, 0.7),
    unsentBytes: band(4096, 1024)
  },
  fault: {
    ...CONTROL_ON.fault,
    dwellNs: 500 * MS,
    minorFaultRate: band(6000, 5000),
    majorFaultServiceP95Ns: band(1 * MS, 0.5 * MS),
    faultBurstScoreAmber: band(5, 2),
    faultBurstScore: band(20, 8),
    dispatchGapLift: band(0.5, 0.2),
    queueAgeDecay: band(0.5, 0.25),
    fillCostLift: band(2, 1),
    remediateAfterNs: 20 * SECOND,
    remediationNs: 5 * SECOND,
    containAfterNs: 10 * SECOND
  },
  throttle: {
    ...CONTROL_ON.throttle,
    dwellNs: 500 * MS,
    rho: band(0.7, 0.5),
    rejectHazard: band(0.4, 0.2),
    rejectHazardSafe: band(0.9, 0.5),
    fillCostMeanBps: band(10, 5),
    messageBurst: band(1, 0.5),
    queueResetLoad: band(0.8, 0.4),
    rejectClusterCount: band(6, 2),
    rejectRateAmber: band(0.05, 0.02),
    rejectRateRed: band(0.2, 0.1),
    rejectRateSafe: band(0.5, 0.25),
    timeoutCount: band(3, 1),
    timeoutCountSafe: band(10, 4)
  },
  cancel: {
    ...CONTROL_ON.cancel,
    dwellNs: 500 * MS,
    cancelAckLatencyP90Ns: band(5 * MS, 2.5 * MS),
    cancelAckLatencyP99Ns: band(25 * MS, 12 * MS),
    pendingCancelCount: band(8, 4),
    pendingCancelShare: band(0.5, 0.25),
    staleExposureBps: band(4, 2),
    staleExposureBudgetShare: band(0.5, 0.25),
    staleExposureBudgetShareSafe: band(0.9, 0.7),
    staleFillRatio: band(0.1, 0.05),
    staleFillCount: band(3, 2),
    cancelBacklogPressureSeconds: band(0.5, 0.2),
    safeAfterNs: 10 * SECOND
  }
}
