/*
 * The levels of a tape: its distinct (side, price) pairs, bids first, each side by price upwards, and where each one's events begin in the
 * timeline's arrays. Rows are given in order, any number at a time. Working memory: 8 bytes a tick between the lowest and the highest
 * price (a Map where that is more than 4 million ticks), 13 bytes a level.
 */
import { assert } from '../kernel/assert.ts'
import { uint8Column, uint32Column } from '../kernel/column.ts'
import { sharedInt32, sharedUint32 } from '../kernel/thread-memory.ts'
import { ROW_KIND, ROWS_MAX, type Tape } from './tape.ts'
import { NONE } from './timeline.ts'

const { clear: CLEAR, execute: EXECUTE } = ROW_KIND.of
const LEVEL_SET = ROW_KIND.of['level-set']
/** Prices are doubled in hit keys, which are 32-bit. */
const TICKS_MAX = 2 ** 30 - 1

/** Is a row of this kind an event of one level? */
export function touchesLevel(kind: number): boolean {
  return kind <= EXECUTE || kind === LEVEL_SET
}

export interface Levels {
  readonly levelTicks: Int32Array
  readonly levelStart: Uint32Array
  readonly bidLevelCount: number
}

export class LevelIndex {
  private readonly tape: Tape
  private readonly numbers: PriceNumbers
  private readonly counts = uint32Column(4096)
  private readonly usedSinceClear = uint8Column(4096)

  constructor(tape: Tape) {
    this.tape = tape
    this.numbers = new PriceNumbers(tape)
  }

  /** Counts the events of rows from..to-1. A clear is an event of every level used since the clear before it. */
  count(from: number, to: number): void {
    const { counts, usedSinceClear, numbers } = this
    const { kind, side, priceTicks } = this.tape
    for (let row = from; row < to; row++) {
      const rowKind = kind[row]
      if (touchesLevel(rowKind)) {
        let level = numbers.get(side[row], priceTicks[row])
        if (level === NONE) {
          assert(Math.abs(priceTicks[row]) <= TICKS_MAX, 'a price is below 2^30 ticks')
          level = numbers.add(side[row], priceTicks[row])
          counts.push(0)
          usedSinceClear.push(0)
        }
        counts.values[level]++
        usedSinceClear.values[level] = 1
      } else if (rowKind === CLEAR) {
        for (let level = 0; level < counts.count; level++) {
          counts.values[level] += usedSinceClear.values[level]
          usedSinceClear.values[level] = 0
        }
      }
    }
  }

  /** Once all rows are counted: sorts the levels. From then on `levelOf` answers. */
  finish(): Levels {
    const { counts, numbers } = this
    const order = Uint32Array.from({ length: numbers.count }, (_, level) => level)
    order.sort((a, b) => numbers.side[b] - numbers.side[a] || numbers.ticks[a] - numbers.ticks[b])
    const place = new Uint32Array(numbers.count)
    const levelTicks = sharedInt32(numbers.count)
    const levelStart = sharedUint32(numbers.count + 1)
    let bidLevelCount = 0
    let eventCount = 0
    for (let level = 0; level < numbers.count; level++) {
      const from = order[level]
      place[from] = level
      levelTicks[level] = numbers.ticks[from]
      if (numbers.side[from] === 1) bidLevelCount++
      eventCount += counts.values[from]
      assert(eventCount < ROWS_MAX, 'a timeline has fewer than 2^31 events')
      levelStart[level + 1] = eventCount
    }
    numbers.renumber(place)
    return { levelTicks, levelStart, bidLevelCount }
  }

  /** Level of a (side, price) that was counted. */
  levelOf(side: number, ticks: number): number {
    return this.numbers.get(side, ticks)
  }
}

/** (side, price) to a number in order of first use: a table over the price range when that is narrow, else a Map. */
class PriceNumbers {
  count = 0
  readonly side: number[] = []
  readonly ticks: number[] = []
  private readonly lowest: number
  private readonly table: Uint32Array | undefined
  private readonly map = new Map<number, number>()

  constructor(tape: Tape) {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    const { count, kind, priceTicks } = tape
    for (let row = 0; row < count; row++) {
      if (!touchesLevel(kind[row])) continue
      const ticks = priceTicks[row]
      if (ticks < low) low = ticks
      if (ticks > high) high = ticks
    }
    this.lowest = low
    const span = high - low + 1
    if (span > 0 && span <= 4_000_000) this.table = new Uint32Array(2 * span).fill(NONE)
  }

  get(side: number, ticks: number): number {
    const key = 2 * (ticks - this.lowest) + (side === 1 ? 1 : 0)
    if (this.table !== undefined) return this.table[key]
    return this.map.get(key) ?? NONE
  }

  add(side: number, ticks: number): number {
    this.set(side, ticks, this.count)
    this.side.push(side)
    this.ticks.push(ticks)
    return this.count++
  }

  /** Every number n becomes place[n]. */
  renumber(place: Uint32Array): void {
    for (let n = 0; n < this.count; n++) this.set(this.side[n], this.ticks[n], place[n])
  }

  private set(side: number, ticks: number, number: number): void {
    const key = 2 * (ticks - this.lowest) + (side === 1 ? 1 : 0)
    if (this.table !== undefined) this.table[key] = number
    else this.map.set(key, number)
  }
}
