/*
 * What became of new orders whose ids are known: how far from the touch they joined, how long they lived until they were cancelled or
 * executed in full, and for those that joined a best price how often they were filled, by the orders that stood before them.
 * Lives are those of orders that ended inside the span; one still alive at its end has none. "Filled" is a first execution, at any time before
 * the order ended. Orders put in by an import are left out: when they were born is not known.
 */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import type { Book } from '../market/book.ts'
import { ROW_FLAG, ROW_KIND, type Tape } from '../market/tape.ts'
import { type Figure, figure } from './quantile.ts'
import { ThinnedSample } from './thinned-sample.ts'

/** A life shorter than each of these is counted. */
export const LIFE_LIMITS_NS = [NS_PER_MS, 10 * NS_PER_MS, 100 * NS_PER_MS, NS_PER_SECOND, 10 * NS_PER_SECOND] as const
/** Least number of orders ahead of each class of joiners. */
export const RANK_STEPS = [0, 1, 2, 4, 8, 16] as const
export const FILL_HORIZONS_NS = [NS_PER_SECOND, 10 * NS_PER_SECOND, 60 * NS_PER_SECOND] as const

/** Bits of an add row's mark: the class of its rank above 0, and whether it was filled. */
const FILLED = 128

export interface FillByRank {
  /** Orders ahead: from this many to below the next class. */
  readonly ordersAhead: number
  readonly count: number
  readonly lotsAheadMean: Figure
  /** Share filled at all, and within FILL_HORIZONS_NS of joining. */
  readonly filledShare: Figure
  readonly filledWithin: readonly Figure[]
}

export interface OrderLives {
  readonly cancelledCount: number
  /** Life of cancelled orders, ns: 25 %, 50 %, 75 %, 95 %; the mean; shares shorter than LIFE_LIMITS_NS. */
  readonly cancelledNs: readonly Figure[]
  readonly cancelledNsMean: Figure
  readonly cancelledWithin: readonly Figure[]
  readonly executedCount: number
  readonly executedNsP50: Figure
  /** Shares of new orders that join better than, at, and behind the best price of their side. */
  readonly improvingShare: Figure
  readonly atBestShare: Figure
  readonly behindShare: Figure
  /** Ticks behind the best price of those behind it: 25 %, 50 %, 75 %, 95 %. */
  readonly behindTicks: readonly Figure[]
  readonly fillByRank: readonly FillByRank[]
}

export class OrderLivesCollector {
  private readonly cancelled = new ThinnedSample()
  private readonly within = new Float64Array(LIFE_LIMITS_NS.length)
  private readonly executed = new ThinnedSample()
  private readonly behind = new ThinnedSample()
  private improving = 0
  private atBest = 0
  private readonly marks: Uint8Array
  private readonly joined = new Float64Array(RANK_STEPS.length)
  private readonly lotsAhead = new Float64Array(RANK_STEPS.length)
  private readonly filled = new Float64Array(RANK_STEPS.length)
  private readonly filledWithin = FILL_HORIZONS_NS.map(() => new Float64Array(RANK_STEPS.length))

  constructor(rowCount: number) {
    this.marks = new Uint8Array(rowCount)
  }

  /** A row that is about to take effect. */
  before(book: Book, tape: Tape, row: number): void {
    const kind = tape.kind[row]
    if (kind === ROW_KIND.of.add) this.join(book, tape, row)
    else if (kind === ROW_KIND.of.delete || kind === ROW_KIND.of.execute) this.end(book, tape, row, kind)
  }

  finish(): OrderLives {
    const { cancelled, joined } = this
    const adds = this.improving + this.atBest + this.behind.count
    return {
      cancelledCount: cancelled.count,
      cancelledNs: cancelled.quantiles([0.25, 0.5, 0.75, 0.95]),
      cancelledNsMean: cancelled.mean(),
      cancelledWithin: Array.from(this.within, (count) => figure(count / cancelled.count)),
      executedCount: this.executed.count,
      executedNsP50: this.executed.quantiles([0.5])[0],
      improvingShare: figure(this.improving / adds),
      atBestShare: figure(this.atBest / adds),
      behindShare: figure(this.behind.count / adds),
      behindTicks: this.behind.quantiles([0.25, 0.5, 0.75, 0.95]),
      fillByRank: RANK_STEPS.map((ordersAhead, rank) => ({
        ordersAhead,
        count: joined[rank],
        lotsAheadMean: figure(this.lotsAhead[rank] / joined[rank]),
        filledShare: figure(this.filled[rank] / joined[rank]),
        filledWithin: this.filledWithin.map((counts) => figure(counts[rank] / joined[rank]))
      }))
    }
  }

  private join(book: Book, tape: Tape, row: number): void {
    const side = tape.side[row]
    const price = tape.priceTicks[row]
    const ticksBehind = book.isEmpty(side) ? -1 : (book.best(side) - price) * side
    if (ticksBehind > 0) {
      this.behind.add(ticksBehind)
      return
    }
    if (ticksBehind < 0) this.improving++
    else this.atBest++
    const level = ticksBehind === 0 ? book.levelOf(side, price) : -1
    const rank = level === -1 ? 0 : rankAt(book, side, price, level)
    this.joined[rank]++
    if (level !== -1) this.lotsAhead[rank] += book.totalLots(side, price)
    this.marks[row] = rank + 1
  }

  private end(book: Book, tape: Tape, row: number, kind: number): void {
    const order = book.orderAt(tape.side[row], tape.priceTicks[row], tape.orderId[row])
    if (order === -1) return
    const born = book.rowOf(order)
    if ((tape.flags[born] & ROW_FLAG.added) !== 0) return
    const lifeNs = tape.tNs[row] - tape.tNs[born]
    if (kind === ROW_KIND.of.delete) {
      this.cancelled.add(lifeNs)
      for (let i = 0; i < LIFE_LIMITS_NS.length; i++) if (lifeNs < LIFE_LIMITS_NS[i]) this.within[i]++
      return
    }
    if (tape.lots[row] >= book.restLots(order)) this.executed.add(lifeNs)
    const mark = this.marks[born]
    if (mark === 0 || mark >= FILLED) return
    this.marks[born] = mark | FILLED
    this.filled[mark - 1]++
    for (let i = 0; i < FILL_HORIZONS_NS.length; i++) if (lifeNs < FILL_HORIZONS_NS[i]) this.filledWithin[i][mark - 1]++
  }
}

/** Class of the orders that stand at a level; what is anonymous there counts as one. */
function rankAt(book: Book, side: number, priceTicks: number, level: number): number {
  const most = RANK_STEPS[RANK_STEPS.length - 1]
  let count = book.anonymousLots(side, priceTicks) > 0 ? 1 : 0
  for (let order = book.firstOrder(level); order !== -1 && count < most; order = book.nextOrder(order)) count++
  let rank = 0
  while (rank + 1 < RANK_STEPS.length && RANK_STEPS[rank + 1] <= count) rank++
  return rank
}
