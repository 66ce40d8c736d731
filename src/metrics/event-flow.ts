/*
 * How events arrive: rates and mix by kind, gaps, variance of counts, the day's shape, sizes of new orders. Rows that an import put in
 * (flag ADDED) are not events. A level-set is split into rises and falls of its level, the nearest that a level feed has to adds and cancels.
 *
 * Variance to mean of the counts in windows of one length is 1 for a Poisson process and 1 / (1 - n)^2 for a stationary Hawkes process of
 * branching ratio n in windows far longer than its memory (Hawkes and Oakes 1974; Bacry, Mastromatteo and Muzy 2015); the day's shape and bursts
 * add to it. Burstiness is (v - 1) / (v + 1) of the gaps' coefficient of variation v (Goh and Barabasi 2008).
 */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { ROW_KIND } from '../market/tape.ts'
import { type Figure, figure } from './quantile.ts'
import { ThinnedSample } from './thinned-sample.ts'

export const COUNT_WINDOWS_NS = [10 * NS_PER_MS, NS_PER_SECOND, 60 * NS_PER_SECOND] as const
export const HALF_HOUR_NS = 1800 * NS_PER_SECOND
/** Sizes told apart when the commonest is looked for. */
const SIZE_COUNT_MAX = 65536

export interface EventFlow {
  readonly count: number
  readonly perSecond: Figure
  /** Rows of a kind, of those that occur. */
  readonly kinds: Readonly<Record<string, { readonly count: number; readonly perSecond: Figure; readonly share: number }>>
  /** Level-set rows that raised or lowered their level. */
  readonly riseCount: number
  readonly fallCount: number
  /** Deletes per add; lots cancelled (reduce and delete), and executed from the display, per lot added. */
  readonly deletesPerAdd: Figure
  readonly cancelledLotsShare: Figure
  readonly executedLotsShare: Figure
  /** Reduces per reduce and delete. */
  readonly partialCancelShare: Figure
  /** Of executions. */
  readonly hiddenShare: Figure
  readonly gapNsP50: Figure
  readonly gapMedianShare: Figure
  readonly gapVariation: Figure
  readonly burstiness: Figure
  /** Variance to mean of counts, per COUNT_WINDOWS_NS; null with fewer than 10 windows. */
  readonly countDispersion: readonly Figure[]
  /** Rate in each half hour of the clock that holds any of the span, over the mean rate. */
  readonly halfHours: readonly { readonly startNs: number; readonly rate: number }[]
  readonly addLotsMean: Figure
  /** Quantiles 5 %, 25 %, 50 %, 75 %, 95 %. */
  readonly addLots: readonly Figure[]
  readonly commonLots: Figure
  /** Share of new orders of the commonest size, of a multiple of 100 lots, and of 100. */
  readonly commonLotsShare: Figure
  readonly hundredsShare: Figure
  readonly hundredShare: Figure
}

/** Counts of consecutive windows, empty ones too; a window that the span does not fill is left out. */
class WindowCounts {
  private readonly fromNs: number
  private readonly lengthNs: number
  private index = 0
  private current = 0
  private windows = 0
  private sum = 0
  private square = 0

  constructor(fromNs: number, lengthNs: number) {
    this.fromNs = fromNs
    this.lengthNs = lengthNs
  }

  add(tNs: number): void {
    const at = Math.floor((tNs - this.fromNs) / this.lengthNs)
    if (at !== this.index) this.close(at)
    this.current++
  }

  dispersion(untilNs: number): Figure {
    this.close(Math.floor((untilNs - this.fromNs) / this.lengthNs))
    if (this.windows < 10) return null
    const mean = this.sum / this.windows
    return figure((this.square / this.windows - mean * mean) / mean)
  }

  private close(next: number): void {
    if (next <= this.index) return
    this.sum += this.current
    this.square += this.current * this.current
    this.windows += next - this.index
    this.index = next
    this.current = 0
  }
}

export class EventFlowCollector {
  private readonly counts = new Float64Array(ROW_KIND.names.length)
  private readonly lots = new Float64Array(ROW_KIND.names.length)
  private readonly fromNs: number
  private readonly gaps = new ThinnedSample()
  private readonly windows: readonly WindowCounts[]
  private readonly halfHours: number[] = []
  private readonly sizes = new ThinnedSample()
  private readonly sizeCounts = new Map<number, number>()
  private hundreds = 0
  private rises = 0
  private falls = 0
  private lastNs = Number.NaN

  constructor(fromNs: number) {
    this.fromNs = fromNs
    this.windows = COUNT_WINDOWS_NS.map((lengthNs) => new WindowCounts(fromNs, lengthNs))
  }

  /** A row; `change` is what a level-set did to its level's lots. */
  add(tNs: number, kind: number, lots: number, change: number): void {
    this.counts[kind]++
    this.lots[kind] += lots
    if (!Number.isNaN(this.lastNs)) this.gaps.add(tNs - this.lastNs)
    this.lastNs = tNs
    for (let i = 0; i < this.windows.length; i++) this.windows[i].add(tNs)
    const half = Math.floor(tNs / HALF_HOUR_NS) - Math.floor(this.fromNs / HALF_HOUR_NS)
    while (this.halfHours.length <= half) this.halfHours.push(0)
    this.halfHours[half]++
    if (change > 0) this.rises++
    else if (change < 0) this.falls++
    if (kind === ROW_KIND.of.add) this.addSize(lots)
    else if (change > 0) this.addSize(change)
  }

  finish(untilNs: number): EventFlow {
    const { counts, lots } = this
    const of = ROW_KIND.of
    const total = counts.reduce((sum, count) => sum + count, 0)
    const seconds = (untilNs - this.fromNs) / NS_PER_SECOND
    const kinds = ROW_KIND.names.flatMap((name, kind) =>
      counts[kind] === 0
        ? []
        : [[name, { count: counts[kind], perSecond: figure(counts[kind] / seconds), share: counts[kind] / total }] as const]
    )
    const [gapNsP50] = this.gaps.quantiles([0.5])
    const gapMean = this.gaps.mean()
    const variation = this.gaps.variation()
    const [commonLots, commonCount] = this.commonest()
    const printed = counts[of['execute-hidden']]
    return {
      count: total,
      perSecond: figure(total / seconds),
      kinds: Object.fromEntries(kinds),
      riseCount: this.rises,
      fallCount: this.falls,
      deletesPerAdd: figure(counts[of.delete] / counts[of.add]),
      cancelledLotsShare: figure((lots[of.reduce] + lots[of.delete]) / lots[of.add]),
      executedLotsShare: figure(lots[of.execute] / lots[of.add]),
      partialCancelShare: figure(counts[of.reduce] / (counts[of.reduce] + counts[of.delete])),
      hiddenShare: figure(printed / (printed + counts[of.execute])),
      gapNsP50,
      gapMedianShare: gapNsP50 === null || gapMean === null ? null : figure(gapNsP50 / gapMean),
      gapVariation: variation,
      burstiness: variation === null ? null : (variation - 1) / (variation + 1),
      countDispersion: this.windows.map((window) => window.dispersion(untilNs)),
      halfHours: this.shape(untilNs, total / (untilNs - this.fromNs)),
      addLotsMean: this.sizes.mean(),
      addLots: this.sizes.quantiles([0.05, 0.25, 0.5, 0.75, 0.95]),
      commonLots,
      commonLotsShare: figure(commonCount / this.sizes.count),
      hundredsShare: figure(this.hundreds / this.sizes.count),
      hundredShare: figure((this.sizeCounts.get(100) ?? 0) / this.sizes.count)
    }
  }

  private addSize(lots: number): void {
    this.sizes.add(lots)
    if (lots % 100 === 0) this.hundreds++
    const count = this.sizeCounts.get(lots)
    if (count !== undefined) this.sizeCounts.set(lots, count + 1)
    else if (this.sizeCounts.size < SIZE_COUNT_MAX) this.sizeCounts.set(lots, 1)
  }

  private commonest(): [Figure, number] {
    let common: Figure = null
    let most = 0
    for (const [lots, count] of this.sizeCounts) {
      if (count < most || (count === most && common !== null && lots > common)) continue
      common = lots
      most = count
    }
    return [common, most]
  }

  private shape(untilNs: number, perNs: number): { startNs: number; rate: number }[] {
    const first = Math.floor(this.fromNs / HALF_HOUR_NS) * HALF_HOUR_NS
    return this.halfHours.flatMap((count, half) => {
      const startNs = first + half * HALF_HOUR_NS
      const ns = Math.min(startNs + HALF_HOUR_NS, untilNs) - Math.max(startNs, this.fromNs)
      return ns <= 0 ? [] : [{ startNs, rate: count / ns / perNs }]
    })
  }
}
