/*
 * The takes of a tape: executions of one instant against one resting side are one take (its sign: 1 buys). Memory of their signs,
 * and how the mid goes on after them. Sign memory is the autocorrelation at a lag in takes; where it falls as lag^-g, Lillo, Mike and
 * Farmer (2005) explain g = a - 1 by parents whose lengths have the tail exponent a. Impact is the mid's move in the take's direction from just
 * before it to so many rows after it (Bouchaud, Gefen, Potters and Wyart 2004, in event time), by how much of the best level it asked for.
 */
import { float64Column, int8Column, int32Column } from '../kernel/column.ts'
import { type Figure, figure, mean } from './quantile.ts'
import { ThinnedSample } from './thinned-sample.ts'

export const SIGN_LAGS = [1, 2, 5, 10, 20, 50] as const
export const IMPACT_ROWS = [1, 10, 100] as const
/** Least share of the lots at the best price that a class of takes took. */
export const TAKE_STEPS = [0, 0.25, 1] as const

export interface TakeFlow {
  readonly count: number
  readonly perSecond: Figure
  /** Quantiles 5 %, 25 %, 50 %, 75 %, 95 % of a take's lots. */
  readonly lots: readonly Figure[]
  readonly lotsMean: Figure
  /** Share of takes of a multiple of 100 lots, and of 100. */
  readonly hundredsShare: Figure
  readonly hundredShare: Figure
  /** Autocorrelation at SIGN_LAGS; null where there are too few takes. */
  readonly signMemory: readonly Figure[]
  /** g of lag^-g, the least-squares slope of the logarithms over the positive values of signMemory; null with fewer than three. */
  readonly signDecay: Figure
  /** Mean move in ticks after IMPACT_ROWS rows: all takes, then by TAKE_STEPS. */
  readonly impactTicks: readonly Figure[]
  readonly impactTicksBySize: readonly (readonly Figure[])[]
  readonly takesBySize: readonly number[]
  /** Mean distance of executed lots' prices from the mid before their take, ticks. */
  readonly halfSpreadTicks: Figure
}

export class TakeFlowCollector {
  private readonly sign = int8Column()
  private readonly size = int8Column()
  private readonly lastRow = int32Column()
  private readonly midBefore = float64Column()
  private readonly lots = new ThinnedSample()
  private hundreds = 0
  private hundred = 0
  private tNs = -1
  private side = 0
  private open = false
  private openLots = 0
  private bestLots = 0
  private distanceLots = 0
  private executedLots = 0
  private readonly next = IMPACT_ROWS.map(() => 0)
  private readonly moved = IMPACT_ROWS.map(() => new Float64Array(TAKE_STEPS.length))
  private readonly seen = IMPACT_ROWS.map(() => new Float64Array(TAKE_STEPS.length))

  /** An execution that is about to take effect; `mid` NaN where the book has none; `bestLots` of the resting side. */
  execution(row: number, tNs: number, side: number, price: number, lots: number, mid: number, bestLots: number): void {
    if (!this.open || tNs !== this.tNs || side !== this.side) {
      this.close()
      this.open = true
      this.tNs = tNs
      this.side = side
      this.bestLots = bestLots
      this.sign.push(-side)
      this.midBefore.push(mid)
      this.lastRow.push(row)
      this.size.push(0)
    }
    const take = this.sign.count - 1
    this.lastRow.values[take] = row
    this.openLots += lots
    const before = this.midBefore.values[take]
    if (!Number.isNaN(before)) {
      this.distanceLots += Math.abs(price - before) * lots
      this.executedLots += lots
    }
  }

  /** After a row has taken effect. A take is over at the first row of another instant. */
  after(row: number, tNs: number, mid: number): void {
    if (this.open && tNs !== this.tNs) this.close()
    const known = this.sign.count - (this.open ? 1 : 0)
    for (let lag = 0; lag < IMPACT_ROWS.length; lag++) {
      while (this.next[lag] < known && this.lastRow.values[this.next[lag]] + IMPACT_ROWS[lag] <= row) {
        const take = this.next[lag]++
        const move = (mid - this.midBefore.values[take]) * this.sign.values[take]
        if (Number.isNaN(move)) continue
        const size = this.size.values[take]
        this.moved[lag][size] += move
        this.seen[lag][size]++
      }
    }
  }

  finish(seconds: number): TakeFlow {
    this.close()
    const signs = this.sign.toArray()
    const signMemory = SIGN_LAGS.map((lag) => figure(autocorrelation(signs, lag)))
    const sizes = this.size.toArray()
    return {
      count: signs.length,
      perSecond: figure(signs.length / seconds),
      lots: this.lots.quantiles([0.05, 0.25, 0.5, 0.75, 0.95]),
      lotsMean: this.lots.mean(),
      hundredsShare: figure(this.hundreds / this.lots.count),
      hundredShare: figure(this.hundred / this.lots.count),
      signMemory,
      signDecay: decayExponent(SIGN_LAGS, signMemory),
      impactTicks: this.moved.map((sums, lag) => figure(total(sums) / total(this.seen[lag]))),
      impactTicksBySize: TAKE_STEPS.map((_, size) => this.moved.map((sums, lag) => figure(sums[size] / this.seen[lag][size]))),
      takesBySize: TAKE_STEPS.map((_, size) => sizes.reduce((count, at) => count + (at === size ? 1 : 0), 0)),
      halfSpreadTicks: figure(this.distanceLots / this.executedLots)
    }
  }

  private close(): void {
    if (!this.open) return
    this.open = false
    this.lots.add(this.openLots)
    if (this.openLots % 100 === 0) this.hundreds++
    if (this.openLots === 100) this.hundred++
    let size = 0
    while (size + 1 < TAKE_STEPS.length && this.openLots >= TAKE_STEPS[size + 1] * this.bestLots) size++
    this.size.values[this.size.count - 1] = size
    this.openLots = 0
  }
}

/** Of a stationary series: NaN with fewer than 4 values beyond the lag, or without variance. */
export function autocorrelation(values: ArrayLike<number>, lag: number): number {
  const count = values.length
  if (count < lag + 4) return Number.NaN
  const centre = mean(values)
  let product = 0
  let square = 0
  for (let i = 0; i < count; i++) {
    const x = values[i] - centre
    square += x * x
    if (i + lag < count) product += x * (values[i + lag] - centre)
  }
  return product / square
}

/** -slope of ln(value) on ln(lag) over the positive values. */
export function decayExponent(lags: readonly number[], values: readonly Figure[]): Figure {
  const points = lags.flatMap((lag, i) => {
    const value = values[i]
    return value === null || value <= 0 ? [] : [[Math.log(lag), Math.log(value)] as const]
  })
  if (points.length < 3) return null
  const xMean = mean(points.map(([x]) => x))
  const yMean = mean(points.map(([, y]) => y))
  let product = 0
  let square = 0
  for (const [x, y] of points) {
    product += (x - xMean) * (y - yMean)
    square += (x - xMean) * (x - xMean)
  }
  return figure(-product / square)
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
