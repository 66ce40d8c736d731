/*
 * One stretch of time and the stalls in it, as both sources of stalls give it to the host's loop. Times are relative to
 * `originNs`; intervals [startNs[i], endNs[i]) are sorted and do not overlap.
 */

import type { StallAction } from './stall-actions.ts'

export interface StallSpan {
  /** The span answers for instants from fromNs up to untilNs (absolute). */
  readonly fromNs: number
  readonly untilNs: number
  readonly originNs: number
  readonly startNs: Float64Array
  readonly endNs: Float64Array
  readonly kind: Uint8Array
  readonly count: number
}

/** Faults of a stretch of time as getrusage counts them: minor (with those that reclaimed or compacted) and major. */
export interface FaultCounts {
  minor: number
  major: number
}

/** Counts of faults in windows: how many windows, the sum of their counts and of the squares. */
export interface CountMoments {
  count: number
  sum: number
  squares: number
}

export interface StallSource {
  /** The span that holds `ns`; valid until the next call. */
  spanAt(ns: number): StallSpan
  /** Faults that began in (fromNs, toNs], added to `out`. */
  addFaults(fromNs: number, toNs: number, out: FaultCounts): void
  /** From `atNs` on a memory action is in force or not; false where the source cannot follow it. Calls come in order of time. */
  act(atNs: number, action: StallAction, on: boolean): boolean
  /** Faults in consecutive windows up to `toNs` (see StallWeather.faultCountsPerWindow); the number of windows filled. */
  windows(fromNs: number, toNs: number, windowNs: number, out: Float64Array): number
  /** Moments of the counts in windows of 10 ms inside the stretch. */
  moments(fromNs: number, toNs: number, out: CountMoments): void
}
