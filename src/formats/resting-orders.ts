/*
 * What a message file alone tells of the book. Orders first seen by a reduce, delete or execute must have rested before: they
 * are put in as adds (ADDED) of the total that is later taken off them. Order ids are given in order of arrival
 * (ITCH order reference numbers), so such an order stands behind the last recorded add of a lower id; where there is none it is
 * part of the seed, before the first row. Stale levels: a new order that would cross a level, or an execution at a worse price than a
 * level, shows that the level is gone though its end was not in the file; it is emptied (level-set 0, ADDED).
 * Leaves out orders that rest from before the first row and are never touched: no message tells of them.
 */
import { ROW_FLAG, ROW_KIND, type Tape, type TapeBuilder } from '../market/tape.ts'
import { ImportBook } from './import-book.ts'
import { LOTS_MAX } from './lobster-rows.ts'

const ADD = ROW_KIND.of.add
const EXECUTE = ROW_KIND.of.execute
const EXECUTE_HIDDEN = ROW_KIND.of['execute-hidden']
const LEVEL_SET = ROW_KIND.of['level-set']

interface Inferred {
  readonly orderId: number
  readonly side: number
  readonly priceTicks: number
  /** Sum of what its rows take. */
  lots: number
  placed: boolean
}

/** Orders that the file adds, and those that it takes from without having added them. */
export class RestingOrders {
  private readonly added = new Set<number>()
  private readonly inferred = new Map<number, Inferred>()

  onAdd(orderId: number): void {
    this.added.add(orderId)
  }

  isInferred(orderId: number): boolean {
    return this.inferred.has(orderId)
  }

  /** A row takes `lots` off an order. Gives what is wrong with it in view of the earlier rows, or null. */
  onTake(orderId: number, side: number, priceTicks: number, lots: number): string | null {
    if (this.added.has(orderId)) return null
    const order = this.inferred.get(orderId)
    if (order === undefined) {
      this.inferred.set(orderId, { orderId, side, priceTicks, lots, placed: false })
      return null
    }
    if (order.side !== side || order.priceTicks !== priceTicks)
      return 'had another side or price in an earlier row; correct the row'
    order.lots += lots
    return order.lots > LOTS_MAX ? `loses more than ${LOTS_MAX} shares in all; is the file damaged?` : null
  }

  get(orderId: number): Inferred | undefined {
    return this.inferred.get(orderId)
  }

  byArrival(): Inferred[] {
    return [...this.inferred.values()].sort((a, b) => a.orderId - b.orderId)
  }
}

export interface RestingCounts {
  seededOrders: number
  lateOrders: number
  staleLevels: number
}

/** Copies the recorded rows to `out`, with the inferred orders and the stale levels' ends between them. */
export function placeRestingOrders(recorded: Tape, resting: RestingOrders, out: TapeBuilder): RestingCounts {
  return new Placement(recorded, resting, out).run()
}

class Placement {
  private readonly recorded: Tape
  private readonly resting: RestingOrders
  private readonly out: TapeBuilder
  private readonly book = new ImportBook()
  private readonly counts: RestingCounts = { seededOrders: 0, lateOrders: 0, staleLevels: 0 }
  private readonly queue: readonly Inferred[]
  private next = 0

  constructor(recorded: Tape, resting: RestingOrders, out: TapeBuilder) {
    this.recorded = recorded
    this.resting = resting
    this.out = out
    this.queue = resting.byArrival()
  }

  run(): RestingCounts {
    const { recorded } = this
    // Between two of these adds stand the inferred orders of the ids between.
    const arrivals = highestAdds(recorded)
    let arrival = 0
    const idOfArrival = (): number => (arrival === arrivals.length ? Infinity : recorded.orderId[arrivals[arrival]])
    this.placeUpTo(idOfArrival(), 0)
    for (let row = 0; row < recorded.count; row++) {
      this.copy(row)
      if (row !== arrivals[arrival]) continue
      arrival++
      this.placeUpTo(idOfArrival(), row + 1)
    }
    return this.counts
  }

  private copy(row: number): void {
    const { recorded } = this
    const tNs = recorded.tNs[row]
    const kind = recorded.kind[row]
    const side = recorded.side[row]
    const priceTicks = recorded.priceTicks[row]
    const lots = recorded.lots[row]
    const orderId = recorded.orderId[row]
    if (kind !== ADD && orderId > 0) {
      // Ids out of order: it was there before its first row, whatever its id says.
      const order = this.resting.get(orderId)
      if (order !== undefined) this.place(order, row)
    }
    this.out.push(tNs, kind, side, priceTicks, lots, orderId, recorded.flags[row])
    this.book.apply(kind, side, priceTicks, lots, orderId)
    if (kind === ADD) this.dropCrossed(tNs, side, priceTicks)
    else if (kind === EXECUTE || kind === EXECUTE_HIDDEN) {
      // A bid between two ticks is worse than the upper one only, an ask worse than the lower one too.
      const lowest = side === -1 && (recorded.flags[row] & ROW_FLAG.between) !== 0 ? 0 : 1
      this.dropStale(tNs, side, (levelTicks) => (levelTicks - priceTicks) * side >= lowest)
    }
  }

  /** Places the inferred orders of ids below `orderId` in front of `row`. */
  private placeUpTo(orderId: number, row: number): void {
    const { queue } = this
    for (; this.next < queue.length && queue[this.next].orderId < orderId; this.next++) this.place(queue[this.next], row)
  }

  private place(order: Inferred, row: number): void {
    if (order.placed) return
    order.placed = true
    const tNs = this.recorded.tNs[Math.max(0, row - 1)]
    this.out.push(tNs, ADD, order.side, order.priceTicks, order.lots, order.orderId, ROW_FLAG.added)
    this.book.apply(ADD, order.side, order.priceTicks, order.lots, order.orderId)
    if (row === 0) this.counts.seededOrders++
    else this.counts.lateOrders++
    this.dropCrossed(tNs, order.side, order.priceTicks)
  }

  /** Levels of the other side that an order would have met. */
  private dropCrossed(tNs: number, side: number, priceTicks: number): void {
    this.dropStale(tNs, -side, (levelTicks) => (priceTicks - levelTicks) * side >= 0)
  }

  private dropStale(tNs: number, side: number, isStale: (levelTicks: number) => boolean): void {
    const { levels } = this.book.of(side)
    for (let best = levels.at(-1); best !== undefined && isStale(best.priceTicks); best = levels.at(-1)) {
      this.out.push(tNs, LEVEL_SET, side, best.priceTicks, 0, 0, ROW_FLAG.added)
      this.book.apply(LEVEL_SET, side, best.priceTicks, 0, 0)
      this.counts.staleLevels++
    }
  }
}

/** Rows of the adds whose id is higher than that of every add before. */
function highestAdds(recorded: Tape): number[] {
  const rows: number[] = []
  let highest = 0
  for (let row = 0; row < recorded.count; row++) {
    if (recorded.kind[row] !== ADD || recorded.orderId[row] <= highest) continue
    highest = recorded.orderId[row]
    rows.push(row)
  }
  return rows
}
