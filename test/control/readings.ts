/* Readings for tests: everything unknown but what a test names. */
import type { Reading } from '../../src/control/reading.ts'

export const UNKNOWN: Reading = {
  atNs: 0,
  dispatchToWireP95Ns: Number.NaN,
  burstinessIndex: Number.NaN,
  capUtilisation: Number.NaN,
  unsentBytes: Number.NaN,
  minorFaultRate1s: Number.NaN,
  minorFaultRate10s: Number.NaN,
  majorFaultServiceP95Ns: Number.NaN,
  faultBurstScore: Number.NaN,
  dispatchGapLift: Number.NaN,
  rho: Number.NaN,
  rejectRate: Number.NaN,
  timeoutCount: Number.NaN,
  cancelAckLatencyP90Ns: Number.NaN,
  cancelAckLatencyP99Ns: Number.NaN,
  pendingCancelCount: Number.NaN,
  pendingCancelNotional: Number.NaN,
  staleFillRatio: Number.NaN,
  cancelBacklogPressureSeconds: Number.NaN
}

export function reading(atNs: number, known: Partial<Reading> = {}): Reading {
  return { ...UNKNOWN, ...known, atNs }
}
