/*
 * Feeds of level totals to a tape: every L2 format writes through these calls. Establishes T1, T2 and T4 and handles each irregularity by a
 * rule that is counted under its name in the header's notes:
 *   unchangedLevels    a level set to what it already holds: no row.
 *   crossedEvents      the book is locked or crossed after an event in continuous trading (`crossedEventsOutside`: else). By CrossedRule
 *                      `drop` (the default here: level feeds come in parts, and a level whose end was lost stays for ever) the levels of the side
 *                      that was set longer ago are emptied (`droppedLevels`).
 *   gaps, gapMessages  holes in sequence numbers; GapRule says what follows. A snapshot ends a halt that a gap began.
 *   snapshots          levels that a snapshot does not name are emptied, in the range it covers.
 * Prices and quantities are whole numbers of the file's units (row-log.ts).
 */
import { ROW_FLAG, ROW_KIND, type Tape } from '../market/tape.ts'
import { LOTS_MAX } from './decimal-grid.ts'
import type { ImportOptions } from './format.ts'
import { LevelTotals } from './level-totals.ts'
import { type FileFacts, RowLog } from './row-log.ts'

const KIND = ROW_KIND.of

export class LevelTape {
  readonly log: RowLog
  readonly bids = new LevelTotals(1)
  readonly asks = new LevelTotals(-1)
  private readonly options: ImportOptions
  /** 0 outside snapshots; else the number of the current one. */
  private snapshot = 0
  private snapshotCount = 0
  private lastSide = 1
  private wasCrossed = false
  private isGapHalted = false

  /** `where` says the place in the file, for errors. */
  constructor(facts: FileFacts, options: ImportOptions, where: () => string) {
    this.options = options
    this.log = new RowLog(
      facts,
      options,
      where,
      () => this.writeSeed(),
      (priceFactor, lotFactor) => {
        this.bids.scale(priceFactor, lotFactor)
        this.asks.scale(priceFactor, lotFactor)
      }
    )
    this.log.coarsensLots = true
  }

  /** The level's total becomes `quantity`; 0 ends it. */
  levelSet(tNs: number, side: number, price: number, quantity: number): void {
    const writes = this.enter(tNs)
    const half = this.half(side)
    if (quantity <= 0) {
      // A level that is not there needs no tick either.
      const level = half.find(price / this.log.tick.unitsPerStep)
      if (level < 0) {
        this.log.count('unchangedLevels')
        return
      }
      this.set(writes, half, half.priceTicks[level], 0)
      return
    }
    const priceTicks = this.log.priceTicks(price)
    if (!Number.isNaN(priceTicks)) this.set(writes, half, priceTicks, this.log.lots(quantity))
  }

  /** A print; `side` is the resting side, 0 when the feed does not say it: then of an ask when above the mid, else of a bid. */
  trade(tNs: number, side: number, price: number, quantity: number): void {
    if (!this.enter(tNs)) return
    if (quantity <= 0) {
      this.log.count('emptyPrints')
      return
    }
    const priceTicks = this.log.printTicks(price)
    if (Number.isNaN(priceTicks)) return
    const flags = this.log.printFlag(price)
    if (flags !== 0) this.log.count('offGridPrints')
    this.log.push(KIND.trade, side === 0 ? this.inferSide(price) : side, priceTicks, this.log.lots(quantity), 0, flags)
  }

  /**
   * The best levels of both sides after an event, best first; a side ends at the first price that is NaN, and is whole when it ends before
   * its arrays do. Levels beyond a side's worst that is shown keep their last known totals. Ended levels are written before the others,
   * so that no row shows a crossed book that was none.
   */
  window(tNs: number, bidPrice: Float64Array, bidSize: Float64Array, askPrice: Float64Array, askSize: Float64Array): void {
    const writes = this.enter(tNs)
    const bidCount = shownCount(bidPrice)
    const askCount = shownCount(askPrice)
    this.endUnseen(writes, this.bids, bidPrice, bidCount)
    this.endUnseen(writes, this.asks, askPrice, askCount)
    for (let at = 0; at < bidCount; at++) this.show(writes, this.bids, bidPrice[at], bidSize[at])
    for (let at = 0; at < askCount; at++) this.show(writes, this.asks, askPrice[at], askSize[at])
  }

  /** Ends the levels of one side from its best to the price, that one too (hftbacktest's depth-clear); NaN = all of the side. */
  clearSide(tNs: number, side: number, toPrice: number): void {
    const writes = this.enter(tNs)
    const half = this.half(side)
    const toTicks = toPrice / this.log.tick.unitsPerStep
    while (!half.isEmpty && !((toTicks - half.best) * side > 0)) this.set(writes, half, half.best, 0)
  }

  clear(tNs: number): void {
    const writes = this.enter(tNs)
    const isEmpty = this.bids.isEmpty && this.asks.isEmpty
    this.bids.clear()
    this.asks.clear()
    if (writes && !isEmpty) this.log.push(KIND.clear, 0, 0, 0, 0, this.snapshot > 0 ? ROW_FLAG.added : 0)
  }

  halt(tNs: number): void {
    this.setHalted(tNs, true)
  }

  resume(tNs: number): void {
    this.setHalted(tNs, false)
  }

  /** `missing` messages of the feed are not there. */
  gap(tNs: number, missing: number): void {
    this.log.count('gaps')
    this.log.count('gapMessages', missing)
    const { gapRule } = this.options
    if (gapRule === 'clear') this.clear(tNs)
    else if (gapRule === 'halt') {
      this.isGapHalted ||= !this.log.halted
      this.halt(tNs)
    }
  }

  /** Until `endSnapshot`, levels say what rests, without an event of their own: their rows are ADDED. */
  beginSnapshot(): void {
    this.log.count('snapshots')
    this.snapshot = ++this.snapshotCount
  }

  /** Levels that the snapshot did not name are emptied: all of them, or those at or better than its worst price of the side. */
  endSnapshot(isWhole: boolean): void {
    for (const half of [this.bids, this.asks]) {
      const gone: number[] = []
      let seenCount = 0
      for (let level = half.prices.best(); level >= 0; level = half.prices.worse(half.priceTicks[level])) {
        if (half.mark[level] === this.snapshot) seenCount = gone.length
        else gone.push(half.priceTicks[level])
      }
      // Those beyond the worst level that was named may still be there.
      if (!isWhole) gone.length = seenCount
      for (const priceTicks of gone) this.set(this.log.isWriting, half, priceTicks, 0)
    }
    this.snapshot = 0
    this.recover(this.log.nowNs)
  }

  /** The feed is whole again: ends a halt that a gap began. */
  recover(tNs: number): void {
    if (!this.isGapHalted) return
    this.isGapHalted = false
    this.resume(tNs)
  }

  /** An event of the feed is complete: looks whether the book is locked or crossed. */
  settle(): void {
    const isCrossed = this.bids.best >= this.asks.best
    if (!isCrossed && !this.wasCrossed) return
    const { log } = this
    if (isCrossed && !this.wasCrossed) log.count(log.isContinuous ? 'crossedEvents' : 'crossedEventsOutside')
    this.wasCrossed = isCrossed
    if (!isCrossed || this.options.crossedRule === 'keep' || !log.isContinuous) return
    this.dropCrossed()
    this.wasCrossed = false
  }

  finish(): Tape {
    return this.log.finish('by-price')
  }

  private enter(tNs: number): boolean {
    return this.snapshot > 0 ? this.log.isWriting : this.log.enter(tNs)
  }

  private half(side: number): LevelTotals {
    return side === 1 ? this.bids : this.asks
  }

  private endUnseen(writes: boolean, half: LevelTotals, prices: Float64Array, count: number): void {
    const { side } = half
    const step = this.log.tick.unitsPerStep
    let shown = 0
    let level = half.prices.best()
    while (level >= 0) {
      const priceTicks = half.priceTicks[level]
      while (shown < count && (prices[shown] - priceTicks * step) * side > 0) shown++
      // Beyond the worst that is shown, unless the side is shown whole.
      if (shown === count && count === prices.length) return
      const next = half.prices.worse(priceTicks)
      if (shown === count || prices[shown] !== priceTicks * step) this.set(writes, half, priceTicks, 0)
      level = next
    }
  }

  private show(writes: boolean, half: LevelTotals, price: number, size: number): void {
    if (size <= 0) return
    const priceTicks = this.log.priceTicks(price)
    if (Number.isNaN(priceTicks)) return
    const lots = this.log.lots(size)
    const level = half.find(priceTicks)
    if (level >= 0 && half.lots[level] === lots) half.mark[level] = this.snapshot
    else this.set(writes, half, priceTicks, lots)
  }

  private set(writes: boolean, half: LevelTotals, priceTicks: number, lots: number, added = false): void {
    const level = lots > 0 ? half.at(priceTicks) : half.find(priceTicks)
    if (level < 0) return
    half.mark[level] = this.snapshot
    if (lots > 0) this.lastSide = half.side
    if (half.lots[level] === lots) {
      if (this.snapshot === 0) this.log.count('unchangedLevels')
      return
    }
    half.lots[level] = lots
    if (lots === 0) half.remove(level)
    if (writes) this.log.push(KIND['level-set'], half.side, priceTicks, lots, 0, added || this.snapshot > 0 ? ROW_FLAG.added : 0)
  }

  private dropCrossed(): void {
    const newer = this.half(this.lastSide)
    const older = this.half(-this.lastSide)
    while ((newer.best - older.best) * newer.side >= 0) {
      this.log.count('droppedLevels')
      this.set(this.log.isWriting, older, older.best, 0, true)
    }
  }

  private inferSide(price: number): number {
    this.log.count('tradeSidesInferred')
    const mid = ((this.bids.best + this.asks.best) / 2) * this.log.tick.unitsPerStep
    return price > mid ? -1 : 1
  }

  private setHalted(tNs: number, halted: boolean): void {
    const writes = this.enter(tNs)
    if (this.log.halted === halted) return
    this.log.halted = halted
    if (writes) this.log.push(halted ? KIND.halt : KIND.resume, 0, 0, 0, 0, 0)
  }

  /** What rests when the tape begins. */
  private writeSeed(): void {
    let count = 0
    for (const half of [this.bids, this.asks]) {
      for (let level = half.prices.best(); level >= 0; level = half.prices.worse(half.priceTicks[level])) {
        count++
        this.log.push(
          KIND['level-set'],
          half.side,
          half.priceTicks[level],
          Math.min(LOTS_MAX, half.lots[level]),
          0,
          ROW_FLAG.added
        )
      }
    }
    if (count > 0) this.log.count('seededLevels', count)
  }
}

function shownCount(prices: Float64Array): number {
  let count = 0
  while (count < prices.length && !Number.isNaN(prices[count])) count++
  return count
}
