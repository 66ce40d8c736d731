/*
 * What every law of a message limit answers: does this weight fit now, count it, and when will it fit. Calls come in order of time. A limit is
 * scaled by a clamp's factor at the instant of the call and rounded down, to nothing at all.
 */

export interface WindowLaw {
  /** True when `weight` more fits now. */
  fits(nowNs: number, factor: number, weight: number): boolean
  /** Counts `weight` now, whether it fits or not. */
  add(nowNs: number, factor: number, weight: number): void
  /**
   * After `fits` said no: the earliest instant at which it says yes when nothing else is counted and the factor stays. Where there is
   * none (the limit is below the weight, or nothing comes back): a window later.
   */
  nextNs(nowNs: number, factor: number, weight: number): number
}

/** A limit under a clamp's factor: a whole number of at least 0, or Infinity. */
export function limitAt(limit: number, factor: number): number {
  if (limit === Number.POSITIVE_INFINITY) return factor > 0 ? limit : 0
  return factor === 1 ? limit : Math.max(0, Math.floor(limit * factor))
}
