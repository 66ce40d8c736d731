/* Readings for tests: everything unknown but what a test names. */
import type { Reading } from '../../src/control/reading.ts'

export const UNKNOWN: Reading = {
  atNs: 0,
  dispatchToWireP95Ns: Number.NaN,
  burstinessIndex100us: Number.NaN,
  burstinessIndex: Number.NaN,
  burstinessIndex500us: Number.NaN,
  capUtilisation: Number.NaN,
  unsentBytes: Number.NaN,
  queuedBytes: Number.NaN,
  burstRiskBps: Number.NaN,
  minorFaultRate1s: Number.NaN,
  minorFaultRate10s: Number.NaN,
  minorFaultRate60s: Number.NaN,
  majorFaultServiceP95Ns: Number.NaN,
  faultBurstScore: Number.NaN,
  dispatchGapLift: Number.NaN,
  queueAgeDecay: Number.NaN,
  fillCostMeanBps: Number.NaN,
  fillCostLift: Number.NaN,
  containedNs: 0,
  rho: Number.NaN,
  rejectHazard: Number.NaN,
  messageBurst: Number.NaN,
  queueResetLoad: Number.NaN,
  rejectRate: Number.NaN,
  rejectClusterCount: Number.NaN,
  timeoutCount: Number.NaN,
  cancelAckLatencyP90Ns: Number.NaN,
  cancelAckLatencyP99Ns: Number.NaN,
  pendingCancelCount: Number.NaN,
  pendingCancelNotional: Number.NaN,
  pendingCancelShare: Number.NaN,
  staleFillRatio: Number.NaN,
  staleFillCount: Number.NaN,
  staleExposureBps: Number.NaN,
  staleExposureBudgetShare: Number.NaN,
  cancelBacklogPressureSeconds: Number.NaN
}

export function reading(atNs: number, known: Partial<Reading> = {}): Reading {
  return { ...UNKNOWN, ...known, atNs }
}
