/* The schedule of a parent by its kind. */
import type { ParentOrder } from '../order/parent.ts'
import { frontLoadedTarget } from './front-loaded.ts'
import type { ScheduleOptions } from './options.ts'
import { Pov } from './pov.ts'
import type { Schedule } from './schedule.ts'
import { SliceGrid } from './slice-grid.ts'
import { twapTarget } from './twap.ts'
import { vwapTarget } from './vwap.ts'

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

function planned(grid: SliceGrid, targetLots: Schedule['targetLots']): Schedule {
  return { grid, targetLots, observe: () => {} }
}
