/*
 * How many lots should be filled or working by when. A schedule gives the target of each slice: cumulative, non-decreasing, whole lots, never above
 * the parent's quantity. TWAP, VWAP and front-loaded are known when the parent begins and end at the quantity; POV follows what trades, and ends where
 * that takes it. One file each: twap.ts, vwap.ts, front-loaded.ts, pov.ts.
 */
import type { ParentOrder } from '../order/parent.ts'
import { frontLoadedTarget } from './front-loaded.ts'
import type { ScheduleOptions } from './options.ts'
import { Pov } from './pov.ts'
import { SliceGrid } from './slice-grid.ts'
import { twapTarget } from './twap.ts'
import type { Urgency } from './urgency.ts'
import { vwapTarget } from './vwap.ts'

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

/** The target of a slice, for schedules that are known in advance. */
export type TargetLots = (slice: number) => number

export function createSchedule(parent: ParentOrder, options: ScheduleOptions, sliceNs: number): Schedule {
  const grid = new SliceGrid(parent, sliceNs)
  switch (options.kind) {
    case 'twap':
      return planned(grid, twapTarget(parent, grid))
    case 'vwap':
      return planned(grid, vwapTarget(parent, grid, options))
    case 'front-loaded':
      return planned(grid, frontLoadedTarget(parent, grid, options))
    case 'pov':
      return new Pov(parent, grid, options)
  }
}

function planned(grid: SliceGrid, targetLots: TargetLots): Schedule {
  return { grid, targetLots, observe: () => {} }
}
