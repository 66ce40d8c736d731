/*
 * The timeline: a tape indexed once, immutable, in typed arrays that threads can share. It answers about any instant: what rests
 * at a price and in what order, the touch, the next row that can fill an order at a price, the next move of the touch. A
 * world pays for the questions it asks, not for the rows of the tape.
 *
 * Levels are the distinct (side, price) pairs of the tape, bids first, each side sorted by price upwards. The rows that touch
 * a level are its *events*, in one array by level (compressed rows); a *position* is an index into that array. A known order is named
 * by the position of its add. Memory: 12.4 bytes an event, 4 more an event in pages of 64 where an anonymous order rests, 12 a move of the touch, 1/4 a
 * row, beside the tape's 23 or 27 a row. Rows and events are fewer than 2^31, so sums of two positions are still unsigned 32-bit.
 */
import { firstRowAfter, type Tape } from './tape.ts'

export const NONE = 0xffffffff
/** In `arrival`, at a level-set or clear: the known orders were dropped. */
export const DROPPED = 0xfffffffe

/** Rows per block and blocks per super-block of the hit index. */
export const BLOCK_ROWS = 64
export const SUPER_BLOCKS = 64

/** Positions to a page of anonymous rests, and to an entry of `oldest`: powers of two. */
export const ANONYMOUS_PAGE = 64
export const OLDEST_EVERY = 16

/** The arrays of a timeline; lengths in brackets. E events, L levels, M moves of the touch, N rows. */
export interface TimelineArrays {
  /** [L] price of each level; bids are 0..bidLevelCount-1, asks the rest. */
  readonly levelTicks: Int32Array
  /** [L+1] first position of each level. */
  readonly levelStart: Uint32Array
  /** [E] row of each event. */
  readonly eventRow: Uint32Array
  /** [E] lots at the level after the event. */
  readonly totalAfter: Int32Array
  /** [E/64] the page of `anonymousLots` for 64 positions, and pages of 64 rests of the anonymous order; page 0 is all 0. */
  readonly anonymousPage: Uint32Array
  readonly anonymousLots: Int32Array
  /** [E] position of the add of the order concerned; NONE for the anonymous order, DROPPED as above. */
  readonly arrival: Uint32Array
  /** [E/16] after the event of every 16th position: position of the level's oldest live add; one past the event when there is none. */
  readonly oldest: Uint32Array
  /** [M] rows after which a best price differs, and the best levels after them (NONE = that side is empty). */
  readonly touchRow: Uint32Array
  readonly touchBid: Uint32Array
  readonly touchAsk: Uint32Array
  /** [H] rows of halt and resume, alternating in effect: halted after haltRow[i] when haltOn[i] is 1. */
  readonly haltRow: Uint32Array
  readonly haltOn: Uint8Array
  /** Per block of rows: the lowest key that can hit a bid, the highest that can hit an ask; then per super-block. */
  readonly bidHitBlock: Int32Array
  readonly bidHitSuper: Int32Array
  readonly askHitBlock: Int32Array
  readonly askHitSuper: Int32Array
}

/** Never hits: above every key of a bid, below every key of an ask. */
export const NO_BID_HIT = 0x7fffffff
export const NO_ASK_HIT = -0x80000000

// Kinds as literals: they are compared per row in the scans below (ROW_KIND, in order).
const ADD = 0
const EXECUTE = 3
const HIDDEN = 4
const TRADE = 5
const LEVEL_SET = 6
const BETWEEN = 2

/**
 * Twice the price down to which the row reaches resting bids (executions and prints on the bid side, sellers that arrive):
 * a bid at p can be hit when key <= 2p. NO_BID_HIT for other rows.
 */
export function bidHitKey(kind: number, side: number, flags: number, priceTicks: number): number {
  if (kind === EXECUTE) return side === 1 ? 2 * priceTicks : NO_BID_HIT
  if (kind === HIDDEN || kind === TRADE) return side === 1 ? 2 * priceTicks + ((flags & BETWEEN) !== 0 ? 1 : 0) : NO_BID_HIT
  if (kind === ADD || kind === LEVEL_SET) return side === -1 ? 2 * priceTicks : NO_BID_HIT
  return NO_BID_HIT
}

/** The mirror for asks: an ask at p can be hit when key >= 2p. */
export function askHitKey(kind: number, side: number, flags: number, priceTicks: number): number {
  if (kind === EXECUTE) return side === -1 ? 2 * priceTicks : NO_ASK_HIT
  if (kind === HIDDEN || kind === TRADE) return side === -1 ? 2 * priceTicks + ((flags & BETWEEN) !== 0 ? 1 : 0) : NO_ASK_HIT
  if (kind === ADD || kind === LEVEL_SET) return side === 1 ? 2 * priceTicks : NO_ASK_HIT
  return NO_ASK_HIT
}

export class Timeline {
  readonly tape: Tape
  readonly arrays: TimelineArrays
  readonly bidLevelCount: number
  private readonly anonymousPage: Uint32Array
  private readonly anonymousLots: Int32Array

  constructor(tape: Tape, arrays: TimelineArrays, bidLevelCount: number) {
    this.tape = tape
    this.arrays = arrays
    this.bidLevelCount = bidLevelCount
    this.anonymousPage = arrays.anonymousPage
    this.anonymousLots = arrays.anonymousLots
  }

  /** Last row in effect at t; -1 before the first. */
  rowAt(tNs: number): number {
    return firstRowAfter(this.tape.tNs, this.tape.count, tNs) - 1
  }

  /** Level of (side, price), or -1 when the tape never has it. */
  levelOf(side: number, priceTicks: number): number {
    const end = side === 1 ? this.bidLevelCount : this.arrays.levelTicks.length
    const level = this.levelAtOrAbove(side, priceTicks)
    return level < end && this.arrays.levelTicks[level] === priceTicks ? level : -1
  }

  /** Lowest level of the side with price >= priceTicks; one past the side's last when there is none. */
  levelAtOrAbove(side: number, priceTicks: number): number {
    const { levelTicks } = this.arrays
    let low = side === 1 ? 0 : this.bidLevelCount
    let high = side === 1 ? this.bidLevelCount : levelTicks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (levelTicks[middle] < priceTicks) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Position of the level's last event at or before the row; one before the level's first when there is none. */
  positionAt(level: number, row: number): number {
    const { levelStart, eventRow } = this.arrays
    let low = levelStart[level]
    let high = levelStart[level + 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (eventRow[middle] <= row) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** The same, searching upwards from a position of the level (or one before its first) that is not later. */
  positionFrom(level: number, from: number, row: number): number {
    const { levelStart, eventRow } = this.arrays
    const end = levelStart[level + 1]
    let low = from
    let step = 1
    while (low + step < end && eventRow[low + step] <= row) {
      low += step
      step *= 2
    }
    let high = Math.min(end, low + step)
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (eventRow[middle] <= row) low = middle
      else high = middle
    }
    return low
  }

  /** Recorded lots at a level after the row. */
  totalAt(level: number, row: number): number {
    const position = this.positionAt(level, row)
    return position < this.arrays.levelStart[level] ? 0 : this.arrays.totalAfter[position]
  }

  /** Recorded lots of the anonymous order after the event at this position. */
  anonymousAfter(position: number): number {
    return this.anonymousLots[this.anonymousPage[position >>> 6] * ANONYMOUS_PAGE + (position & 63)]
  }

  /** A position of the level at or before that of its oldest live add after `position`. */
  oldestFrom(level: number, position: number): number {
    const { levelStart, oldest } = this.arrays
    const marked = position & -OLDEST_EVERY
    return marked < levelStart[level] ? levelStart[level] : oldest[marked >>> 4]
  }

  /** Index of the move of the touch in effect after the row; -1 before the first. */
  touchIndexAt(row: number): number {
    return upperBound(this.arrays.touchRow, row) - 1
  }

  /** The same, searching upwards from the index in effect after an earlier row. */
  touchIndexFrom(from: number, row: number): number {
    const { touchRow } = this.arrays
    let low = from
    let step = 1
    while (low + step < touchRow.length && touchRow[low + step] <= row) {
      low += step
      step *= 2
    }
    let high = Math.min(touchRow.length, low + step)
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (touchRow[middle] <= row) low = middle
      else high = middle
    }
    return low
  }

  /** Is the market halted after the row? */
  haltedAt(row: number): boolean {
    const { haltRow, haltOn } = this.arrays
    if (haltRow.length === 0) return false
    const index = upperBound(haltRow, row) - 1
    return index >= 0 && haltOn[index] === 1
  }

  /** Is the recorded book locked or crossed under this move of the touch? */
  crossedAt(touchIndex: number): boolean {
    if (touchIndex < 0) return false
    const { touchBid, touchAsk, levelTicks } = this.arrays
    const bid = touchBid[touchIndex]
    const ask = touchAsk[touchIndex]
    return bid !== NONE && ask !== NONE && levelTicks[bid] >= levelTicks[ask]
  }

  /** First row >= fromRow that can hit a resting order of `side` at this price or a worse one; tape.count when none. */
  nextHit(side: number, priceTicks: number, fromRow: number): number {
    return side === 1 ? this.nextBidHit(2 * priceTicks, fromRow) : this.nextAskHit(2 * priceTicks, fromRow)
  }

  private nextBidHit(key: number, fromRow: number): number {
    const { bidHitBlock, bidHitSuper } = this.arrays
    const { count, kind, side, flags, priceTicks } = this.tape
    let row = fromRow
    while (row < count) {
      if (row % BLOCK_ROWS === 0) {
        const block = nextWithin(bidHitBlock, bidHitSuper, row / BLOCK_ROWS, (lowest) => lowest <= key)
        row = block * BLOCK_ROWS
        if (row >= count) return count
      }
      const end = Math.min(count, row - (row % BLOCK_ROWS) + BLOCK_ROWS)
      for (; row < end; row++) if (bidHitKey(kind[row], side[row], flags[row], priceTicks[row]) <= key) return row
    }
    return count
  }

  private nextAskHit(key: number, fromRow: number): number {
    const { askHitBlock, askHitSuper } = this.arrays
    const { count, kind, side, flags, priceTicks } = this.tape
    let row = fromRow
    while (row < count) {
      if (row % BLOCK_ROWS === 0) {
        const block = nextWithin(askHitBlock, askHitSuper, row / BLOCK_ROWS, (highest) => highest >= key)
        row = block * BLOCK_ROWS
        if (row >= count) return count
      }
      const end = Math.min(count, row - (row % BLOCK_ROWS) + BLOCK_ROWS)
      for (; row < end; row++) if (askHitKey(kind[row], side[row], flags[row], priceTicks[row]) >= key) return row
    }
    return count
  }
}

/** First block at or after `from` whose summary passes; the number of blocks when none does. Skips whole super-blocks. */
function nextWithin(blocks: Int32Array, supers: Int32Array, from: number, passes: (summary: number) => boolean): number {
  let block = from
  while (block < blocks.length) {
    if (block % SUPER_BLOCKS === 0) {
      let superBlock = block / SUPER_BLOCKS
      while (superBlock < supers.length && !passes(supers[superBlock])) superBlock++
      block = superBlock * SUPER_BLOCKS
    }
    const end = Math.min(blocks.length, block - (block % SUPER_BLOCKS) + SUPER_BLOCKS)
    for (; block < end; block++) if (passes(blocks[block])) return block
  }
  return blocks.length
}

function upperBound(sorted: Uint32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}
