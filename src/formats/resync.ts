/*
 * Holds the rebuilt book to a level-limited file. A LOBSTER level-N file leaves out what happens beyond the best N levels: a
 * level that comes into the window shows lots that no message explained. After every message the book is compared with the
 * file's row, and where they differ a level-set row (ADDED) makes them equal: levels inside the window's price range that the
 * file does not have are emptied first, then levels are set, so that no re-sync passes through a crossed book. A level
 * beyond the window keeps its last known state until it comes back.
 * Guarantee: after `meet`, the best N levels of both sides equal the file's row.
 */
import { ROW_FLAG, ROW_KIND, type TapeBuilder } from '../market/tape.ts'
import type { ImportBook } from './import-book.ts'
import { type Levels, LOTS_MAX, MESSAGE_TYPE, type Message } from './lobster-rows.ts'

const LEVEL_SET = ROW_KIND.of['level-set']

export class Resync {
  /** Level-set rows written; recorded rows that needed some; those whose best level differed. */
  rowCount = 0
  resyncedCount = 0
  touchCount = 0
  private readonly book: ImportBook
  private readonly rows: TapeBuilder
  private readonly gone: number[] = []

  constructor(book: ImportBook, rows: TapeBuilder) {
    this.book = book
    this.rows = rows
  }

  /**
   * Before the first message nothing is known: seeds the book so that the message leads to `after`, the file's first row.
   * Gives the number of levels seeded.
   */
  seed(first: Message, after: Levels): number {
    let count = 0
    for (const half of [1, 0] as const) {
      const side = half === 1 ? 1 : -1
      const undone = first.side === side && first.type <= MESSAGE_TYPE.execute
      const change = first.type === MESSAGE_TYPE.add ? -first.lots : first.lots
      const prices = after.priceTicks[half]
      let found = false
      for (let level = 0; level < after.count[half]; level++) {
        const here = undone && prices[level] === first.priceTicks
        if (here) found = true
        const lots = Math.min(LOTS_MAX, after.lots[half][level] + (here ? change : 0))
        if (lots > 0) count += this.set(first.tNs, side, prices[level], lots)
      }
      const emptied = undone && !found && first.type !== MESSAGE_TYPE.add
      if (emptied && this.inWindow(after, half, first.priceTicks))
        count += this.set(first.tNs, side, first.priceTicks, first.lots)
    }
    return count
  }

  /** Makes the book equal to `file` where it is not, with rows at `tNs`. */
  meet(tNs: number, file: Levels): void {
    const bidsEqual = this.equals(file, 1)
    const asksEqual = this.equals(file, 0)
    if (bidsEqual && asksEqual) return
    this.resyncedCount++
    if (this.touchDiffers(file, 1) || this.touchDiffers(file, 0)) this.touchCount++
    if (!bidsEqual) this.rowCount += this.emptyLevels(tNs, file, 1)
    if (!asksEqual) this.rowCount += this.emptyLevels(tNs, file, 0)
    if (!bidsEqual) this.rowCount += this.setLevels(tNs, file, 1)
    if (!asksEqual) this.rowCount += this.setLevels(tNs, file, 0)
  }

  private equals(file: Levels, half: 0 | 1): boolean {
    const { levels } = this.book.of(half === 1 ? 1 : -1)
    const count = file.count[half]
    if (levels.length < count || (count < file.depth && levels.length !== count)) return false
    const prices = file.priceTicks[half]
    const lots = file.lots[half]
    for (let rank = 0, at = levels.length - 1; rank < count; rank++, at--) {
      const level = levels[at]
      if (level.priceTicks !== prices[rank] || level.known + level.anonymous !== lots[rank]) return false
    }
    return true
  }

  private touchDiffers(file: Levels, half: 0 | 1): boolean {
    const { levels } = this.book.of(half === 1 ? 1 : -1)
    if (levels.length === 0 || file.count[half] === 0) return levels.length > 0 || file.count[half] > 0
    const best = levels[levels.length - 1]
    return best.priceTicks !== file.priceTicks[half][0] || best.known + best.anonymous !== file.lots[half][0]
  }

  /** A window with fewer levels than its depth shows the whole side. */
  private inWindow(file: Levels, half: 0 | 1, priceTicks: number): boolean {
    const count = file.count[half]
    if (count < file.depth) return true
    const worst = file.priceTicks[half][count - 1]
    return half === 1 ? priceTicks >= worst : priceTicks <= worst
  }

  private emptyLevels(tNs: number, file: Levels, half: 0 | 1): number {
    const side = half === 1 ? 1 : -1
    const { levels } = this.book.of(side)
    const prices = file.priceTicks[half]
    const count = file.count[half]
    const { gone } = this
    gone.length = 0
    let rank = 0
    for (let at = levels.length - 1; at >= 0; at--) {
      const { priceTicks } = levels[at]
      if (!this.inWindow(file, half, priceTicks)) break
      while (rank < count && (prices[rank] - priceTicks) * side > 0) rank++
      if (rank === count || prices[rank] !== priceTicks) gone.push(priceTicks)
    }
    for (const priceTicks of gone) this.set(tNs, side, priceTicks, 0)
    return gone.length
  }

  private setLevels(tNs: number, file: Levels, half: 0 | 1): number {
    const side = half === 1 ? 1 : -1
    const prices = file.priceTicks[half]
    const lots = file.lots[half]
    const bookSide = this.book.of(side)
    let count = 0
    for (let rank = 0; rank < file.count[half]; rank++) {
      if (bookSide.lotsAt(prices[rank]) !== lots[rank]) count += this.set(tNs, side, prices[rank], lots[rank])
    }
    return count
  }

  private set(tNs: number, side: number, priceTicks: number, lots: number): number {
    this.rows.push(tNs, LEVEL_SET, side, priceTicks, lots, 0, ROW_FLAG.added)
    this.book.apply(LEVEL_SET, side, priceTicks, lots, 0)
    return 1
  }
}
