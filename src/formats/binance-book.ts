/*
 * Binance's rules for a local book ("How to manage a local order book correctly", spot and futures): updates carry the ids U to u of what they
 * hold; the next one begins at u + 1 (spot) or names the last one's u as its pu (futures). A REST snapshot holds all updates up to
 * lastUpdateId L: older updates are dropped, newer ones go over it, and the first of these must begin at or before L + 1 (its pu be L or less).
 *   gaps                    an update that does not follow the one before; GapRule says what then, and the next snapshot mends it.
 *   updatesBeforeSnapshot   what comes before the first snapshot, where one is to come, is not on the tape but for what it holds beyond it.
 *   startedWithoutSnapshot  there is none ahead: the book builds up from updates.
 *   repeatedUpdates         no newer than what is there: left out. snapshotsTooOld: of before the updates that are still remembered.
 * A snapshot has the best 1000 (or 5000) levels of a side; those beyond its worst stay.
 */
import { BOOK_EVENT, type LevelFeed } from './level-feed.ts'
import type { LevelTape } from './level-tape.ts'
import { RecordRing } from './record-ring.ts'

/** Levels of past updates that are remembered for a snapshot to come: 24 MiB. */
const REMEMBERED_MAX = 1 << 20

export class BinanceBook {
  private readonly tape: LevelTape
  private readonly feed: LevelFeed
  private isWaiting: boolean
  /** The newest id in the book; NaN before the first. */
  private lastId = Number.NaN
  private newestNs = Number.NaN
  /** Past updates, oldest first: first id, last id and number of levels of each; side, price and quantity of each level. */
  private readonly updates = new RecordRing(3)
  private readonly levels = new RecordRing(3)
  private forgottenId = Number.NEGATIVE_INFINITY

  /** `isAwaited`: a snapshot is ahead, and the tape begins with it. */
  constructor(tape: LevelTape, feed: LevelFeed, isAwaited: boolean) {
    this.tape = tape
    this.feed = feed
    this.isWaiting = isAwaited
    if (!isAwaited) tape.log.count('startedWithoutSnapshot')
  }

  /** `levels`: side, price and quantity of each; `pu` is NaN where there is none (spot). */
  update(tNs: number, firstId: number, lastId: number, pu: number, levels: Float64Array, count: number): void {
    const { tape, feed } = this
    if (lastId <= this.lastId) {
      tape.log.count('repeatedUpdates')
      return
    }
    const from = Number.isNaN(pu) ? firstId : pu + 1
    this.remember(from, lastId, levels, count)
    this.newestNs = tNs
    if (this.isWaiting) {
      tape.log.count('updatesBeforeSnapshot')
      return
    }
    tape.log.count('depthUpdates')
    const missing = Number.isNaN(this.lastId) ? 0 : Math.max(0, from - this.lastId - 1)
    this.lastId = lastId
    for (let at = 0; at < 3 * count; at += 3) feed.level(levels[at], levels[at + 1], levels[at + 2])
    feed.endEvent(tNs, BOOK_EVENT.update, lastId, missing)
  }

  /** `tNs` is NaN where the snapshot does not say it. */
  snapshot(tNs: number, id: number, levels: Float64Array, count: number): void {
    const { tape, feed } = this
    if (id < this.forgottenId) {
      tape.log.count('snapshotsTooOld')
      return
    }
    const newer = [new Map<number, number>(), new Map<number, number>()] as const
    const missing = this.gather(id, newer)
    const worst = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = 0; at < 3 * count; at += 3) {
      const half = levels[at] === 1 ? 0 : 1
      const price = levels[at + 1]
      worst[half] = half === 0 ? Math.min(worst[half], price) : Math.max(worst[half], price)
      const quantity = newer[half].get(price) ?? levels[at + 2]
      newer[half].delete(price)
      if (quantity > 0) feed.level(levels[at], price, quantity)
    }
    for (const half of [0, 1] as const) {
      const side = half === 0 ? 1 : -1
      for (const [price, quantity] of newer[half]) {
        // Beyond what the snapshot covers the book has it already, if there was one.
        if (quantity > 0 && (this.isWaiting || (price - worst[half]) * side >= 0)) feed.level(side, price, quantity)
      }
    }
    const { updates } = this
    const newestId = updates.count === 0 ? id : Math.max(id, updates.values[updates.at(updates.count - 1) + 1])
    this.lastId = newestId
    this.isWaiting = false
    feed.endEvent(Number.isNaN(tNs) ? this.newestNs : tNs, BOOK_EVENT.range, newestId, missing)
  }

  /** What remembered updates say beyond a snapshot, by side and price; gives how many ids between them are missing. */
  private gather(id: number, newer: readonly [Map<number, number>, Map<number, number>]): number {
    const { updates, levels: past } = this
    let missing = 0
    let last = id
    let level = 0
    for (let event = 0; event < updates.count; event++) {
      const at = updates.at(event)
      const end = level + updates.values[at + 2]
      if (updates.values[at + 1] > id) {
        missing += Math.max(0, updates.values[at] - last - 1)
        last = updates.values[at + 1]
        for (; level < end; level++) {
          const from = past.at(level)
          newer[past.values[from] === 1 ? 0 : 1].set(past.values[from + 1], past.values[from + 2])
        }
      }
      level = end
    }
    return missing
  }

  private remember(from: number, lastId: number, levels: Float64Array, count: number): void {
    const { updates, levels: past } = this
    const at = updates.push()
    updates.values[at] = from
    updates.values[at + 1] = lastId
    updates.values[at + 2] = count
    for (let level = 0; level < 3 * count; level += 3) {
      const to = past.push()
      past.values[to] = levels[level]
      past.values[to + 1] = levels[level + 1]
      past.values[to + 2] = levels[level + 2]
    }
    while (past.count > REMEMBERED_MAX) {
      const oldest = updates.shift()
      this.forgottenId = updates.values[oldest + 1]
      for (let left = updates.values[oldest + 2]; left > 0; left--) past.shift()
    }
  }
}
