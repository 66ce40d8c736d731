/*
 * Builds a Timeline from a tape in two passes over the rows: the first finds the levels and how many events each has, the second
 * replays the book (rule M2 of market.ts) and writes each event's outcome. Nothing is kept but the arrays.
 */
import { assert } from '../kernel/assert.ts'
import { uint8Column, uint32Column } from '../kernel/column.ts'
import { OrderIndex } from './order-index.ts'
import { ROW_KIND, type Tape } from './tape.ts'
import {
  askHitKey,
  BLOCK_ROWS,
  bidHitKey,
  DROPPED,
  NO_ASK_HIT,
  NO_BID_HIT,
  NONE,
  SUPER_BLOCKS,
  Timeline,
  type TimelineArrays
} from './timeline.ts'

/** Bumped whenever a built timeline changes: caches of other versions are rebuilt. */
export const TIMELINE_VERSION = 1

const { add: ADD, delete: DELETE, clear: CLEAR, halt: HALT, resume: RESUME } = ROW_KIND.of
const EXECUTE = ROW_KIND.of.execute
const LEVEL_SET = ROW_KIND.of['level-set']
/** Prices are doubled in hit keys, which are 32-bit. */
const TICKS_MAX = 2 ** 30 - 1

/** Bytes of index arrays for `length` elements; SharedArrayBuffer so that worker threads read them without a copy. */
const sharedUint32 = (length: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * length))
const sharedInt32 = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length))

export function buildTimeline(tape: Tape): Timeline {
  const levels = findLevels(tape)
  const { levelTicks, levelStart, bidLevelCount, levelOfRow } = levels
  const levelCount = levelTicks.length
  const eventCount = levelStart[levelCount]
  const arrays = {
    levelTicks,
    levelStart,
    eventRow: sharedUint32(eventCount),
    totalAfter: sharedInt32(eventCount),
    anonymousAfter: sharedInt32(eventCount),
    arrival: sharedUint32(eventCount),
    oldest: sharedUint32(eventCount)
  }
  const touch = replay(tape, arrays, bidLevelCount, levelOfRow, levels.orderCount)
  return new Timeline(tape, { ...arrays, ...touch, ...hitIndex(tape) }, bidLevelCount)
}

interface Levels {
  readonly levelTicks: Int32Array
  readonly levelStart: Uint32Array
  readonly bidLevelCount: number
  /** [N] level of each row that touches one, else NONE. Working memory. */
  readonly levelOfRow: Uint32Array
  readonly orderCount: number
}

/** Distinct (side, price) pairs in order, and the number of events of each. A clear is an event of every level in use. */
function findLevels(tape: Tape): Levels {
  const { count, kind, side, priceTicks } = tape
  const levelOfRow = new Uint32Array(count)
  const found = new PriceIndex(tape)
  const counts = uint32Column(4096)
  const usedSinceClear = uint8Column(4096)
  let orderCount = 0
  for (let row = 0; row < count; row++) {
    const rowKind = kind[row]
    if (rowKind <= EXECUTE || rowKind === LEVEL_SET) {
      if (rowKind === ADD) orderCount++
      let level = found.get(side[row], priceTicks[row])
      if (level === NONE) {
        assert(Math.abs(priceTicks[row]) <= TICKS_MAX, 'a price is below 2^30 ticks')
        level = found.add(side[row], priceTicks[row])
        counts.push(0)
        usedSinceClear.push(0)
      }
      counts.values[level]++
      usedSinceClear.values[level] = 1
      levelOfRow[row] = level
    } else {
      levelOfRow[row] = NONE
      if (rowKind === CLEAR) {
        for (let level = 0; level < counts.count; level++) {
          counts.values[level] += usedSinceClear.values[level]
          usedSinceClear.values[level] = 0
        }
      }
    }
  }
  const order = Uint32Array.from({ length: found.count }, (_, level) => level)
  order.sort((a, b) => found.side[b] - found.side[a] || found.ticks[a] - found.ticks[b])
  const place = new Uint32Array(found.count)
  const levelTicks = sharedInt32(found.count)
  const levelStart = sharedUint32(found.count + 1)
  let bidLevelCount = 0
  for (let level = 0; level < found.count; level++) {
    const from = order[level]
    place[from] = level
    levelTicks[level] = found.ticks[from]
    if (found.side[from] === 1) bidLevelCount++
    levelStart[level + 1] = levelStart[level] + counts.values[from]
  }
  for (let row = 0; row < count; row++) if (levelOfRow[row] !== NONE) levelOfRow[row] = place[levelOfRow[row]]
  return { levelTicks, levelStart, bidLevelCount, levelOfRow, orderCount }
}

/** (side, price) to a number in order of first use: a table over the price range when that is narrow, else a Map. */
class PriceIndex {
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
      if (kind[row] > EXECUTE && kind[row] !== LEVEL_SET) continue
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
    const key = 2 * (ticks - this.lowest) + (side === 1 ? 1 : 0)
    if (this.table !== undefined) this.table[key] = this.count
    else this.map.set(key, this.count)
    this.side.push(side)
    this.ticks.push(ticks)
    return this.count++
  }
}

type EventArrays = Pick<
  TimelineArrays,
  'levelTicks' | 'levelStart' | 'eventRow' | 'totalAfter' | 'anonymousAfter' | 'arrival' | 'oldest'
>
type TouchArrays = Pick<TimelineArrays, 'touchRow' | 'touchBid' | 'touchAsk' | 'haltRow' | 'haltOn'>

/** The book's replay. Writes the events; gives the moves of the touch and the halts. */
function replay(
  tape: Tape,
  arrays: EventArrays,
  bidLevelCount: number,
  levelOfRow: Uint32Array,
  orderCount: number
): TouchArrays {
  const { count, kind, lots, orderId } = tape
  const { levelTicks, levelStart, eventRow, totalAfter, anonymousAfter, arrival, oldest } = arrays
  const levelCount = levelTicks.length
  const next = levelStart.slice(0, levelCount)
  const total = new Int32Array(levelCount)
  const anonymous = new Int32Array(levelCount)
  const head = levelStart.slice(0, levelCount)
  /** Rest of the order added at a position. */
  const rest = new Int32Array(levelStart[levelCount])
  const orders = new OrderIndex(orderCount)
  const touchRow = uint32Column(Math.max(1024, count >>> 3))
  const touchBid = uint32Column(Math.max(1024, count >>> 3))
  const touchAsk = uint32Column(Math.max(1024, count >>> 3))
  const haltRow = uint32Column(16)
  const haltOn = uint8Column(16)
  const occupied = new Uint32Array((levelCount >>> 5) + 1)
  let bid = NONE
  let ask = NONE

  const finishEvent = (level: number, position: number, row: number): void => {
    eventRow[position] = row
    next[level] = position + 1
    totalAfter[position] = total[level]
    anonymousAfter[position] = anonymous[level]
    let first = head[level]
    while (first <= position && rest[first] === 0) first++
    head[level] = first
    oldest[position] = first
  }
  const dropKnown = (level: number, position: number): void => {
    for (let p = head[level]; p < position; p++) rest[p] = 0
  }

  for (let row = 0; row < count; row++) {
    const level = levelOfRow[row]
    const rowKind = kind[row]
    if (level === NONE) {
      if (rowKind === HALT || rowKind === RESUME) {
        haltRow.push(row)
        haltOn.push(rowKind === HALT ? 1 : 0)
      } else if (rowKind === CLEAR) {
        for (let each = 0; each < levelCount; each++) {
          const position = next[each]
          // A level has an event for this clear exactly when it was used since the last one.
          if (position === levelStart[each] || kind[eventRow[position - 1]] === CLEAR) continue
          dropKnown(each, position)
          total[each] = 0
          anonymous[each] = 0
          arrival[position] = DROPPED
          finishEvent(each, position, row)
        }
        occupied.fill(0)
        if (bid !== NONE || ask !== NONE) {
          bid = NONE
          ask = NONE
          touchRow.push(row)
          touchBid.push(NONE)
          touchAsk.push(NONE)
        }
      }
      continue
    }
    const position = next[level]
    const quantity = lots[row]
    if (rowKind === ADD) {
      arrival[position] = position
      rest[position] = quantity
      total[level] += quantity
      if (orderId[row] !== 0) orders.set(orderId[row], position)
    } else if (rowKind === LEVEL_SET) {
      const known = total[level] - anonymous[level]
      if (known <= quantity) {
        arrival[position] = NONE
        anonymous[level] = quantity - known
      } else {
        dropKnown(level, position)
        arrival[position] = DROPPED
        anonymous[level] = quantity
      }
      total[level] = quantity
    } else {
      const added = orderId[row] === 0 ? NONE : orders.get(orderId[row])
      if (added !== NONE && rest[added] > 0 && added >= levelStart[level] && added < levelStart[level + 1]) {
        const taken = rowKind === DELETE ? rest[added] : Math.min(quantity, rest[added])
        rest[added] -= taken
        total[level] -= taken
        arrival[position] = added
      } else {
        const taken = Math.min(quantity, anonymous[level])
        anonymous[level] -= taken
        total[level] -= taken
        arrival[position] = NONE
      }
    }
    finishEvent(level, position, row)

    const bit = 1 << (level & 31)
    if (total[level] > 0) occupied[level >>> 5] |= bit
    else occupied[level >>> 5] &= ~bit
    if (level < bidLevelCount) {
      const before = bid
      if (total[level] > 0) {
        if (bid === NONE || level > bid) bid = level
      } else if (level === bid) bid = highestOccupied(occupied, level)
      if (bid === before) continue
    } else {
      const before = ask
      if (total[level] > 0) {
        if (ask === NONE || level < ask) ask = level
      } else if (level === ask) ask = lowestOccupied(occupied, level, levelCount)
      if (ask === before) continue
    }
    touchRow.push(row)
    touchBid.push(bid)
    touchAsk.push(ask)
  }
  return {
    touchRow: shareUint32(touchRow.values, touchRow.count),
    touchBid: shareUint32(touchBid.values, touchBid.count),
    touchAsk: shareUint32(touchAsk.values, touchAsk.count),
    haltRow: shareUint32(haltRow.values, haltRow.count),
    haltOn: haltOn.toArray()
  }
}

function shareUint32(values: Uint32Array, count: number): Uint32Array {
  const shared = sharedUint32(count)
  shared.set(values.subarray(0, count))
  return shared
}

/** Highest occupied level below `level` among the bids; NONE when there is none. */
function highestOccupied(occupied: Uint32Array, level: number): number {
  let word = level >>> 5
  let bits = occupied[word] & ((1 << (level & 31)) - 1)
  for (;;) {
    if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits)
    if (word === 0) return NONE
    bits = occupied[--word]
  }
}

/** Lowest occupied level above `level`; NONE when there is none. */
function lowestOccupied(occupied: Uint32Array, level: number, levelCount: number): number {
  let word = level >>> 5
  const shift = level & 31
  let bits = shift === 31 ? 0 : occupied[word] & (-1 << (shift + 1))
  for (;;) {
    if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits & -bits)
    if (++word << 5 >= levelCount) return NONE
    bits = occupied[word]
  }
}

type HitArrays = Pick<TimelineArrays, 'bidHitBlock' | 'bidHitSuper' | 'askHitBlock' | 'askHitSuper'>

function hitIndex(tape: Tape): HitArrays {
  const { count, kind, side, flags, priceTicks } = tape
  const blockCount = Math.ceil(count / BLOCK_ROWS)
  const superCount = Math.ceil(blockCount / SUPER_BLOCKS)
  const bidHitBlock = sharedInt32(blockCount).fill(NO_BID_HIT)
  const askHitBlock = sharedInt32(blockCount).fill(NO_ASK_HIT)
  const bidHitSuper = sharedInt32(superCount).fill(NO_BID_HIT)
  const askHitSuper = sharedInt32(superCount).fill(NO_ASK_HIT)
  for (let row = 0; row < count; row++) {
    const block = Math.floor(row / BLOCK_ROWS)
    const bidKey = bidHitKey(kind[row], side[row], flags[row], priceTicks[row])
    if (bidKey < bidHitBlock[block]) bidHitBlock[block] = bidKey
    const askKey = askHitKey(kind[row], side[row], flags[row], priceTicks[row])
    if (askKey > askHitBlock[block]) askHitBlock[block] = askKey
  }
  for (let block = 0; block < blockCount; block++) {
    const superBlock = Math.floor(block / SUPER_BLOCKS)
    if (bidHitBlock[block] < bidHitSuper[superBlock]) bidHitSuper[superBlock] = bidHitBlock[block]
    if (askHitBlock[block] > askHitSuper[superBlock]) askHitSuper[superBlock] = askHitBlock[block]
  }
  return { bidHitBlock, bidHitSuper, askHitBlock, askHitSuper }
}
