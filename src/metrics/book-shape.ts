/*
 * The book's shape over time: how long each spread stood, and how many lots rested at the n-th best level of a side. All means are over
 * the time in which both sides stood and did not meet. A level that is missing counts as 0 lots.
 */
import type { Book, Depth } from '../market/book.ts'
import { type Figure, figure } from './quantile.ts'

export const DEPTH_LEVELS = 10

export interface BookShape {
  /** Shares of the time, 0..1. */
  readonly twoSidedShare: Figure
  readonly crossedShare: Figure
  readonly spreadTicksMean: Figure
  readonly spreadTicksP50: Figure
  readonly spreadTicksP95: Figure
  /** Share of the two-sided time with a spread of exactly 1, 2, 3, 4 and of 5 or more ticks. */
  readonly spreadShares: readonly Figure[]
  /** Mean lots at level 1 to 10 of a side. */
  readonly bidLots: readonly Figure[]
  readonly askLots: readonly Figure[]
  /** Mean distance in ticks from the best price to level 2 to 10, both sides together, over the time that the level was there. */
  readonly levelTicks: readonly Figure[]
  /** Mean of |bid - ask| / (bid + ask) of the lots at the best prices. */
  readonly imbalanceMean: Figure
}

export class BookShapeCollector {
  private totalNs = 0
  private twoSidedNs = 0
  private crossedNs = 0
  private imbalanceNs = 0
  private readonly bidLotNs = new Float64Array(DEPTH_LEVELS)
  private readonly askLotNs = new Float64Array(DEPTH_LEVELS)
  private readonly levelTickNs = new Float64Array(DEPTH_LEVELS)
  private readonly levelNs = new Float64Array(DEPTH_LEVELS)
  private readonly depth: Depth = { priceTicks: new Int32Array(DEPTH_LEVELS), lots: new Int32Array(DEPTH_LEVELS) }
  private readonly spreadNs = new Map<number, number>()

  /** The book stood so for `ns`. */
  add(book: Book, ns: number): void {
    this.totalNs += ns
    if (book.isEmpty(1) || book.isEmpty(-1)) return
    const spread = book.best(-1) - book.best(1)
    if (spread <= 0) {
      this.crossedNs += ns
      return
    }
    this.twoSidedNs += ns
    this.spreadNs.set(spread, (this.spreadNs.get(spread) ?? 0) + ns)
    const bid = book.bestLots(1)
    const ask = book.bestLots(-1)
    this.imbalanceNs += (Math.abs(bid - ask) / (bid + ask)) * ns
    this.addSide(book, 1, this.bidLotNs, ns)
    this.addSide(book, -1, this.askLotNs, ns)
  }

  finish(): BookShape {
    const { totalNs, twoSidedNs } = this
    const mean = (sum: number): Figure => figure(sum / twoSidedNs)
    let spreadSum = 0
    const shares = [0, 0, 0, 0, 0]
    for (const [spread, ns] of this.spreadNs) {
      spreadSum += spread * ns
      shares[Math.min(spread, 5) - 1] += ns
    }
    return {
      twoSidedShare: figure(twoSidedNs / totalNs),
      crossedShare: figure(this.crossedNs / totalNs),
      spreadTicksMean: mean(spreadSum),
      spreadTicksP50: this.spreadQuantile(0.5),
      spreadTicksP95: this.spreadQuantile(0.95),
      spreadShares: shares.map(mean),
      bidLots: Array.from(this.bidLotNs, mean),
      askLots: Array.from(this.askLotNs, mean),
      levelTicks: Array.from(this.levelTickNs, (sum, rank) => figure(sum / this.levelNs[rank])).slice(1),
      imbalanceMean: mean(this.imbalanceNs)
    }
  }

  private addSide(book: Book, side: number, lotNs: Float64Array, ns: number): void {
    const { priceTicks, lots } = this.depth
    const count = book.levels(side, DEPTH_LEVELS, this.depth)
    for (let rank = 0; rank < count; rank++) {
      lotNs[rank] += lots[rank] * ns
      this.levelTickNs[rank] += (priceTicks[0] - priceTicks[rank]) * side * ns
      this.levelNs[rank] += ns
    }
  }

  /** The least spread that stood, together with narrower ones, for this share of the time. */
  private spreadQuantile(p: number): Figure {
    let ns = 0
    for (const [spread, spreadNs] of [...this.spreadNs].sort(([a], [b]) => a - b)) {
      ns += spreadNs
      if (ns >= p * this.twoSidedNs) return spread
    }
    return null
  }
}
