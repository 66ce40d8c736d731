/*
 * One stretch of time and the stalls in it, as both sources of stalls give it to the host's loop. Times are relative to
 * `originNs`; intervals [startNs[i], endNs[i]) are sorted and do not overlap.
 */
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

export interface StallSource {
  /** The span that holds `ns`; valid until the next call. */
  spanAt(ns: number): StallSpan
  /** Faults that began in (fromNs, toNs], added to `out`. */
  addFaults(fromNs: number, toNs: number, out: FaultCounts): void
  /** Faults in consecutive windows up to `toNs` (see StallWeather.faultCountsPerWindow); the number of windows filled. */
  windows(fromNs: number, toNs: number, windowNs: number, out: Float64Array): number
}
