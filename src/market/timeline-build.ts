/*
 * Builds a Timeline from a tape in two passes over its rows: the first finds the levels and how many events each has, the second
 * replays the book (rule M2 of market.ts) and writes each event's outcome. The arrays do not depend on how the rows are cut into chunks.
 * Memory while building: the arrays themselves, a bit an event, and what timeline-levels.ts and known-orders.ts say of levels and of orders
 * that live at once; no array is ever copied once it is long (kernel/growing-column.ts).
 */
import { uint8Column, uint32Column } from '../kernel/column.ts'
import { GrowingColumn } from '../kernel/growing-column.ts'
import { sharedInt32, sharedUint8, sharedUint32 } from '../kernel/thread-memory.ts'
import { KnownOrders } from './known-orders.ts'
import { ROW_KIND, type Tape } from './tape.ts'
import { ANONYMOUS_PAGE, DROPPED, NONE, OLDEST_EVERY, Timeline, type TimelineArrays } from './timeline.ts'
import { HitIndex } from './timeline-hits.ts'
import { LevelIndex, type Levels, touchesLevel } from './timeline-levels.ts'

/** Bumped whenever a built timeline changes: caches of other versions are rebuilt. */
export const TIMELINE_VERSION = 2

const { add: ADD, delete: DELETE, clear: CLEAR, halt: HALT, resume: RESUME } = ROW_KIND.of
const LEVEL_SET = ROW_KIND.of['level-set']

/** Some 0.1 s of work. */
const CHUNK_ROWS = 1 << 20

export function buildTimeline(tape: Tape): Timeline {
  const steps = timelineSteps(tape)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same, giving after each chunk the share that is done, so that a caller can do something else in between. */
export function* timelineSteps(tape: Tape, chunkRows = CHUNK_ROWS): Generator<number, Timeline, undefined> {
  const { count } = tape
  const index = new LevelIndex(tape)
  const hits = new HitIndex(tape)
  for (let from = 0; from < count; from += chunkRows) {
    const to = Math.min(count, from + chunkRows)
    index.count(from, to)
    hits.add(from, to)
    yield to / count / 2
  }
  const levels = index.finish()
  const replay = new Replay(tape, levels, index)
  for (let from = 0; from < count; from += chunkRows) {
    const to = Math.min(count, from + chunkRows)
    replay.run(from, to)
    yield 0.5 + to / count / 2
  }
  return new Timeline(tape, { ...replay.finish(), ...hits.finish() }, levels.bidLevelCount)
}

type ReplayArrays = Omit<TimelineArrays, 'bidHitBlock' | 'bidHitSuper' | 'askHitBlock' | 'askHitSuper'>

/** The book's replay. Writes the events, the moves of the touch and the halts. */
class Replay {
  private readonly tape: Tape
  private readonly levels: Levels
  private readonly index: LevelIndex
  private readonly eventRow: Uint32Array
  private readonly totalAfter: Int32Array
  private readonly arrival: Uint32Array
  private readonly oldest: Uint32Array
  private readonly anonymousRests: AnonymousRests
  private readonly orders: KnownOrders
  /** Per level: its next position, total, anonymous rest, and a position at or before its oldest live order. */
  private readonly next: Uint32Array
  private readonly total: Int32Array
  private readonly anonymous: Int32Array
  private readonly head: Uint32Array
  private readonly occupied: Uint32Array
  private bid = NONE
  private ask = NONE
  private readonly touch = new TouchMoves()
  private readonly haltRow = uint32Column(16)
  private readonly haltOn = uint8Column(16)

  constructor(tape: Tape, levels: Levels, index: LevelIndex) {
    const { levelTicks, levelStart } = levels
    const levelCount = levelTicks.length
    const eventCount = levelStart[levelCount]
    this.tape = tape
    this.levels = levels
    this.index = index
    this.eventRow = sharedUint32(eventCount)
    this.totalAfter = sharedInt32(eventCount)
    this.arrival = sharedUint32(eventCount)
    this.oldest = sharedUint32(Math.ceil(eventCount / OLDEST_EVERY))
    this.anonymousRests = new AnonymousRests(eventCount)
    this.orders = new KnownOrders(eventCount)
    this.next = levelStart.slice(0, levelCount)
    this.head = levelStart.slice(0, levelCount)
    this.total = new Int32Array(levelCount)
    this.anonymous = new Int32Array(levelCount)
    this.occupied = new Uint32Array((levelCount >>> 5) + 1)
  }

  /** Replays rows from..to-1. */
  run(from: number, to: number): void {
    const { index, arrival, next, total, anonymous, orders } = this
    const { levelStart } = this.levels
    const { kind, side, priceTicks, lots, orderId } = this.tape
    for (let row = from; row < to; row++) {
      const rowKind = kind[row]
      if (!touchesLevel(rowKind)) {
        this.bookless(row, rowKind)
        continue
      }
      const level = index.levelOf(side[row], priceTicks[row])
      const position = next[level]
      const quantity = lots[row]
      if (rowKind === ADD) {
        arrival[position] = position
        total[level] += quantity
        orders.add(orderId[row], position, quantity)
      } else if (rowKind === LEVEL_SET) {
        const known = total[level] - anonymous[level]
        if (known <= quantity) {
          arrival[position] = NONE
          anonymous[level] = quantity - known
        } else {
          this.dropKnown(level, position)
          arrival[position] = DROPPED
          anonymous[level] = quantity
        }
        total[level] = quantity
      } else {
        const slot = orders.find(orderId[row])
        const added = slot < 0 ? NONE : orders.positionOf[slot]
        if (slot >= 0 && added >= levelStart[level] && added < levelStart[level + 1]) {
          const rest = orders.restOf[slot]
          const taken = rowKind === DELETE ? rest : Math.min(quantity, rest)
          if (taken === rest) orders.end(orderId[row], slot)
          else orders.restOf[slot] = rest - taken
          total[level] -= taken
          arrival[position] = added
        } else {
          const taken = Math.min(quantity, anonymous[level])
          anonymous[level] -= taken
          total[level] -= taken
          arrival[position] = NONE
        }
      }
      this.endEvent(level, position, row)
      this.moveTouch(level, row)
    }
  }

  finish(): ReplayArrays {
    const { eventRow, totalAfter, arrival, oldest, haltRow } = this
    const { levelTicks, levelStart } = this.levels
    const halts = sharedUint32(haltRow.count)
    halts.set(haltRow.values.subarray(0, haltRow.count))
    const haltOn = sharedUint8(haltRow.count)
    haltOn.set(this.haltOn.values.subarray(0, haltRow.count))
    return {
      levelTicks,
      levelStart,
      eventRow,
      totalAfter,
      ...this.anonymousRests.finish(),
      arrival,
      oldest,
      ...this.touch.finish(),
      haltRow: halts,
      haltOn
    }
  }

  /** A row that is an event of no level, or of all. */
  private bookless(row: number, rowKind: number): void {
    if (rowKind === HALT || rowKind === RESUME) {
      this.haltRow.push(row)
      this.haltOn.push(rowKind === HALT ? 1 : 0)
    } else if (rowKind === CLEAR) this.clear(row)
  }

  private clear(row: number): void {
    const { next, eventRow, arrival, total, anonymous } = this
    const { levelStart } = this.levels
    for (let level = 0; level < next.length; level++) {
      const position = next[level]
      // A level has an event for this clear exactly when it was used since the last one.
      if (position === levelStart[level] || this.tape.kind[eventRow[position - 1]] === CLEAR) continue
      this.dropKnown(level, position)
      total[level] = 0
      anonymous[level] = 0
      arrival[position] = DROPPED
      this.endEvent(level, position, row)
    }
    this.occupied.fill(0)
    if (this.bid === NONE && this.ask === NONE) return
    this.bid = NONE
    this.ask = NONE
    this.touch.push(row, NONE, NONE)
  }

  private endEvent(level: number, position: number, row: number): void {
    this.eventRow[position] = row
    this.next[level] = position + 1
    this.totalAfter[position] = this.total[level]
    if (this.anonymous[level] !== 0) this.anonymousRests.set(position, this.anonymous[level])
    if (position % OLDEST_EVERY === 0) {
      this.head[level] = this.orders.firstAlive(this.head[level], position + 1)
      this.oldest[position / OLDEST_EVERY] = this.head[level]
    }
  }

  /** Drops the known orders of a level, added before `position`. */
  private dropKnown(level: number, position: number): void {
    const { orders, eventRow, head } = this
    const { orderId } = this.tape
    for (let p = orders.firstAlive(head[level], position); p < position; p = orders.firstAlive(p + 1, position)) {
      orders.drop(orderId[eventRow[p]], p)
    }
    head[level] = position
  }

  private moveTouch(level: number, row: number): void {
    const { occupied } = this
    const isOccupied = this.total[level] > 0
    const bit = 1 << (level & 31)
    if (isOccupied) occupied[level >>> 5] |= bit
    else occupied[level >>> 5] &= ~bit
    if (level < this.levels.bidLevelCount) {
      const before = this.bid
      if (isOccupied) {
        if (before === NONE || level > before) this.bid = level
      } else if (level === before) this.bid = highestOccupied(occupied, level)
      if (this.bid === before) return
    } else {
      const before = this.ask
      if (isOccupied) {
        if (before === NONE || level < before) this.ask = level
      } else if (level === before) this.ask = lowestOccupied(occupied, level, this.next.length)
      if (this.ask === before) return
    }
    this.touch.push(row, this.bid, this.ask)
  }
}

class TouchMoves {
  private readonly row = new GrowingColumn(Uint32Array)
  private readonly bid = new GrowingColumn(Uint32Array)
  private readonly ask = new GrowingColumn(Uint32Array)
  private count = 0

  push(row: number, bid: number, ask: number): void {
    const at = this.count++
    if (at === this.row.values.length) {
      this.row.grow()
      this.bid.grow()
      this.ask.grow()
    }
    this.row.values[at] = row
    this.bid.values[at] = bid
    this.ask.values[at] = ask
  }

  finish(): Pick<TimelineArrays, 'touchRow' | 'touchBid' | 'touchAsk'> {
    const { count } = this
    return { touchRow: this.row.finish(count), touchBid: this.bid.finish(count), touchAsk: this.ask.finish(count) }
  }
}

/** Rests of anonymous orders by position, in pages that exist only where one is not 0. */
class AnonymousRests {
  private readonly page: Uint32Array
  private readonly lots = new GrowingColumn(Int32Array)
  /** Page 0 is all 0 and is nobody's. */
  private pageCount = 1

  constructor(eventCount: number) {
    this.page = sharedUint32(Math.ceil(eventCount / ANONYMOUS_PAGE))
  }

  set(position: number, lots: number): void {
    const at = Math.floor(position / ANONYMOUS_PAGE)
    if (this.page[at] === 0) {
      this.page[at] = this.pageCount++
      if (this.pageCount * ANONYMOUS_PAGE > this.lots.values.length) this.lots.grow()
    }
    this.lots.values[this.page[at] * ANONYMOUS_PAGE + (position % ANONYMOUS_PAGE)] = lots
  }

  finish(): Pick<TimelineArrays, 'anonymousPage' | 'anonymousLots'> {
    return { anonymousPage: this.page, anonymousLots: this.lots.finish(this.pageCount * ANONYMOUS_PAGE) }
  }
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
