/* What one stage of the path did by itself: how long things waited in it, how bunched they left it, what it dropped. */
import { type Burst, burstinessIndex } from './burstiness.ts'
import { type Distribution, distribution, type Figure, figure } from './quantile.ts'

export interface StageSummary {
  /** Rows that came in. */
  readonly count: number
  /** From a row's arrival until it left: its last byte, its turn, its release. */
  readonly waitNs: Distribution
  /** Of what left, over sliding windows of 250 us; see burstiness.ts. */
  readonly burstinessIndex: Figure
  readonly perWindowMax: number
  readonly drops: { readonly count: number; readonly byReason: Readonly<Record<string, number>> }
}

/** `waitsNs` in any order, `departuresNs` ascending, `drops` by reason. */
export function stageSummary(
  count: number,
  waitsNs: ArrayLike<number>,
  departuresNs: ArrayLike<number>,
  drops: ReadonlyMap<string, number>
): StageSummary {
  const burst: Burst = departuresNs.length === 0 ? { index: Number.NaN, windowCountMax: 0 } : burstinessIndex(departuresNs)
  const reasons = [...drops].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    count,
    waitNs: distribution(waitsNs),
    burstinessIndex: figure(burst.index),
    perWindowMax: burst.windowCountMax,
    drops: { count: reasons.reduce((sum, [, dropped]) => sum + dropped, 0), byReason: Object.fromEntries(reasons) }
  }
}
