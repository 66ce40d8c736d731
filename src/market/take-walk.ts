/*
 * How an arriving own order walks the other side of the book (M4), what it does where it meets an own order that rests there (M13), and what others
 * withdraw because of it (M16). One walk for both markets: each says what its levels offer and which own orders rest.
 * Sources of M13: Binance, "Self Trade Prevention" (expire taker, maker, both); CME, "Self-Match Prevention" (tag 8000).
 */
import type { MatchingOptions } from './matching-options.ts'

/** One market's book and own orders as a walk needs them. Levels and own orders are named by handles; -1 is none. */
export interface WalkedBook {
  bestLevel(side: number): number
  /** The next level of the side, away from the best. */
  worseLevel(side: number, level: number): number
  levelTicks(level: number): number
  offeredAt(level: number): number
  /** Takes up to `lots` of what the level offers; gives the lots. */
  takeAt(level: number, lots: number): number
  /** The resting own order of a side that ranks first. */
  firstOwn(side: number): number
  ownTicks(own: number): number
  lotsAhead(own: number): number
  /** M13: it rests no more. */
  cancelOwn(own: number): void
  /** The arriving order traded. */
  filled(own: number, lots: number, priceTicks: number): void
}

export class TakeWalk {
  /** M13 ended the last take: what is left of the arriving order is cancelled. */
  wasStopped = false
  private readonly book: WalkedBook
  private readonly selfMatch: MatchingOptions['selfMatch']
  private readonly displacement: number

  constructor(book: WalkedBook, matching: MatchingOptions) {
    this.book = book
    this.selfMatch = matching.selfMatch
    this.displacement = matching.impact?.displacement ?? 0
  }

  /** Lots taken by `own` of `side` up to its limit. */
  take(own: number, side: number, limitTicks: number, lots: number): number {
    const { book } = this
    this.wasStopped = false
    let left = lots
    let level = book.bestLevel(-side)
    while (left > 0) {
      const inLimit = level >= 0 && side * (limitTicks - book.levelTicks(level)) >= 0
      const met = this.metBefore(side, limitTicks, inLimit ? level : -1)
      if (met >= 0) {
        if (inLimit && book.levelTicks(level) === book.ownTicks(met)) {
          left -= this.fillAt(own, level, Math.min(left, book.lotsAhead(met)))
          if (left === 0) break
        }
        if (this.selfMatch !== 'cancel-newest') book.cancelOwn(met)
        if (this.selfMatch === 'cancel-oldest') continue
        this.wasStopped = true
        break
      }
      if (!inLimit) break
      left -= this.fillAt(own, level, left)
      level = book.worseLevel(-side, level)
    }
    this.displace(side, Math.floor((lots - left) * this.displacement))
    return lots - left
  }

  /** Lots that a take would get, at most `lotsMax`. */
  takeable(side: number, limitTicks: number, lotsMax: number): number {
    const { book } = this
    const stops = this.selfMatch === 'cancel-newest' || this.selfMatch === 'cancel-both'
    let lots = 0
    for (let level = book.bestLevel(-side); level >= 0 && lots < lotsMax; level = book.worseLevel(-side, level)) {
      if (side * (limitTicks - book.levelTicks(level)) < 0) break
      const met = stops ? this.metBefore(side, limitTicks, level) : -1
      if (met >= 0) {
        if (book.levelTicks(level) === book.ownTicks(met)) lots += Math.min(book.offeredAt(level), book.lotsAhead(met))
        break
      }
      lots += book.offeredAt(level)
    }
    return Math.min(lots, lotsMax)
  }

  /** Would an order of this side and limit meet an own one, by a rule that does not allow it? */
  meetsOwn(side: number, limitTicks: number): boolean {
    return this.metBefore(side, limitTicks, -1) >= 0
  }

  /** The own order that is met before all of the level is taken (-1: before the walk ends); -1 when there is none, or it is allowed. */
  private metBefore(side: number, limitTicks: number, level: number): number {
    if (this.selfMatch === 'allowed') return -1
    const { book } = this
    const own = book.firstOwn(-side)
    if (own < 0) return -1
    const ticks = book.ownTicks(own)
    if (side * (limitTicks - ticks) < 0) return -1
    return level >= 0 && side * (book.levelTicks(level) - ticks) < 0 ? -1 : own
  }

  private fillAt(own: number, level: number, lots: number): number {
    if (lots === 0) return 0
    const taken = this.book.takeAt(level, lots)
    if (taken > 0) this.book.filled(own, taken, this.book.levelTicks(level))
    return taken
  }

  /** M16: these lots are withdrawn from the best levels that still offer some. */
  private displace(side: number, lots: number): void {
    const { book } = this
    let left = lots
    for (let level = book.bestLevel(-side); level >= 0 && left > 0; level = book.worseLevel(-side, level)) {
      left -= book.takeAt(level, left)
    }
  }
}
