/*
 * How many lots should be filled or working by when. A schedule gives the target of each slice: cumulative, non-decreasing, whole lots, never above
 * the parent's quantity. TWAP, VWAP and front-loaded are known when the parent begins and end at the quantity; POV follows what trades, and ends where
 * that takes it. One file each: twap.ts, vwap.ts, front-loaded.ts, pov.ts; schedules.ts chooses.
 */
import type { SliceGrid } from './slice-grid.ts'
import type { Urgency } from './urgency.ts'

export interface Schedule {
  readonly grid: SliceGrid
  /** Lots that should be filled or working once this slice has started. */
  targetLots(slice: number): number
  /**
   * To be called before targets are asked for: the slice of now, what had traded by then as the host's feed tells, and the class in force. Planned
   * schedules take no notice.
   */
  observe(slice: number, tradedLots: number, urgency: Urgency): void
}
