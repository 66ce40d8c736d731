/*
 * The generator's own book: FIFO levels of orders in typed arrays over a fixed range of prices, and the uniform choice among live
 * orders that cancels need. Every change writes its row. Guarantees: never crossed or locked; the last order of a side
 * never leaves; executions take the head of the best level.
 */
import { assert } from '../kernel/assert.ts'
import { LIVE_COUNT_MAX } from './generator-options.ts'
import { ROW_FLAG, ROW_KIND, type TapeBuilder } from './tape.ts'

const NONE = -1
const ADD = ROW_KIND.of.add
const REDUCE = ROW_KIND.of.reduce
const DELETE = ROW_KIND.of.delete
const EXECUTE = ROW_KIND.of.execute

/** How long an order means to stay. */
export const LIFE = { patient: 0, fleeting: 1, settled: 2 } as const

export class GeneratorBook {
  bestBid = 0
  bestAsk = 0
  /** Rows are written to the tape from `startRecording` on. */
  private recording = false
  private readonly tape: TapeBuilder
  private nextId = 1
  private bidCount = 0
  private askCount = 0

  // Per price, index = priceTicks. A price holds one side at a time, as the book is never crossed or locked.
  readonly levelLots: Int32Array
  readonly levelCount: Int32Array
  private readonly head: Int32Array
  private readonly tail: Int32Array

  // Per slot.
  private readonly before = new Int32Array(LIVE_COUNT_MAX)
  private readonly after = new Int32Array(LIVE_COUNT_MAX)
  private readonly id = new Float64Array(LIVE_COUNT_MAX)
  readonly side = new Int8Array(LIVE_COUNT_MAX)
  readonly priceTicks = new Int32Array(LIVE_COUNT_MAX)
  readonly lots = new Int32Array(LIVE_COUNT_MAX)
  /** Efficient price when the order was placed. */
  readonly placedAt = new Float64Array(LIVE_COUNT_MAX)
  /** LIFE of the order. */
  private readonly life = new Uint8Array(LIVE_COUNT_MAX)
  private readonly free = new Int32Array(LIVE_COUNT_MAX)
  private freeCount = LIVE_COUNT_MAX

  // Live slots of each LIFE, in no order, and where each slot stands in its list.
  readonly live = [new Int32Array(LIVE_COUNT_MAX), new Int32Array(LIVE_COUNT_MAX), new Int32Array(LIVE_COUNT_MAX)]
  readonly liveCount = new Int32Array(3)
  private readonly standing = new Int32Array(LIVE_COUNT_MAX)

  constructor(tape: TapeBuilder, priceTicksMax: number) {
    this.tape = tape
    this.levelLots = new Int32Array(priceTicksMax + 2)
    this.levelCount = new Int32Array(priceTicksMax + 2)
    this.head = new Int32Array(priceTicksMax + 2).fill(NONE)
    this.tail = new Int32Array(priceTicksMax + 2).fill(NONE)
    this.bestAsk = priceTicksMax + 1
    for (let slot = 0; slot < LIVE_COUNT_MAX; slot++) this.free[slot] = LIVE_COUNT_MAX - 1 - slot
  }

  /** Orders resting on a side (1 bid, -1 ask). */
  sideCount(side: number): number {
    return side === 1 ? this.bidCount : this.askCount
  }

  /** Adds an order at the tail of its level; the price must not meet the other side. */
  add(tNs: number, side: number, priceTicks: number, lots: number, placedAt: number, life: number): void {
    assert(side === 1 ? priceTicks < this.bestAsk && priceTicks > 0 : priceTicks > this.bestBid, 'a placed order does not cross')
    assert(this.freeCount > 0, 'the generated book has room for its orders')
    const slot = this.free[--this.freeCount]
    this.id[slot] = this.nextId++
    this.side[slot] = side
    this.priceTicks[slot] = priceTicks
    this.lots[slot] = lots
    this.placedAt[slot] = placedAt
    this.life[slot] = life
    const last = this.tail[priceTicks]
    this.before[slot] = last
    this.after[slot] = NONE
    if (last === NONE) this.head[priceTicks] = slot
    else this.after[last] = slot
    this.tail[priceTicks] = slot
    this.levelLots[priceTicks] += lots
    this.levelCount[priceTicks] += 1
    const count = this.liveCount[life]++
    this.standing[slot] = count
    this.live[life][count] = slot
    if (side === 1) {
      this.bidCount++
      if (priceTicks > this.bestBid) this.bestBid = priceTicks
    } else {
      this.askCount++
      if (priceTicks < this.bestAsk) this.bestAsk = priceTicks
    }
    if (this.recording) this.tape.push(tNs, ADD, side, priceTicks, lots, this.id[slot])
  }

  /** Cancels the rest of an order; false when it is the last of its side, which stays. */
  cancel(tNs: number, slot: number): boolean {
    const side = this.side[slot]
    if (this.sideCount(side) === 1) return false
    if (this.recording) this.tape.push(tNs, DELETE, side, this.priceTicks[slot], this.lots[slot], this.id[slot])
    this.remove(slot)
    return true
  }

  /** Cancels some lots, fewer than rest. */
  reduce(tNs: number, slot: number, lots: number): void {
    assert(lots > 0 && lots < this.lots[slot], 'a partial cancel leaves a rest')
    this.lots[slot] -= lots
    this.levelLots[this.priceTicks[slot]] -= lots
    if (this.recording) this.tape.push(tNs, REDUCE, this.side[slot], this.priceTicks[slot], lots, this.id[slot])
  }

  /** The order at place `rank` (from 0, the head) of the best level of a side; rank is below the level's count. */
  atBest(side: number, rank: number): number {
    let slot = this.head[side === 1 ? this.bestBid : this.bestAsk]
    for (let i = 0; i < rank; i++) slot = this.after[slot]
    return slot
  }

  /** Executes against resting orders of `side` up to a limit price, head first; gives the lots taken. */
  take(tNs: number, side: number, limitTicks: number, lots: number): number {
    let rest = lots
    while (rest > 0) {
      const best = side === 1 ? this.bestBid : this.bestAsk
      if ((best - limitTicks) * side < 0) break
      const slot = this.head[best]
      const resting = this.lots[slot]
      const last = this.sideCount(side) === 1
      const taken = Math.min(rest, last ? resting - 1 : resting)
      if (taken === 0) break
      if (this.recording) this.tape.push(tNs, EXECUTE, side, best, taken, this.id[slot])
      rest -= taken
      if (taken === resting) this.remove(slot)
      else {
        this.lots[slot] -= taken
        this.levelLots[best] -= taken
      }
      if (last) break
    }
    return lots - rest
  }

  /** Writes the standing book as the tape's seed, from the best outwards, and records from now on. */
  startRecording(tNs: number): void {
    for (const side of [1, -1]) {
      let price = side === 1 ? this.bestBid : this.bestAsk
      for (let left = this.sideCount(side); left > 0; price -= side) {
        for (let slot = this.head[price]; slot !== NONE; slot = this.after[slot]) {
          this.tape.push(tNs, ADD, side, price, this.lots[slot], this.id[slot], ROW_FLAG.added)
          left--
        }
      }
    }
    this.recording = true
  }

  /** A print of a hidden resting order of `side`; the book stays. */
  printHidden(tNs: number, side: number, priceTicks: number, lots: number, flags: number): void {
    if (this.recording) this.tape.push(tNs, ROW_KIND.of['execute-hidden'], side, priceTicks, lots, 0, flags)
  }

  private remove(slot: number): void {
    assert(this.sideCount(this.side[slot]) > 1, 'the last order of a side stays')
    const price = this.priceTicks[slot]
    const previous = this.before[slot]
    const next = this.after[slot]
    if (previous === NONE) this.head[price] = next
    else this.after[previous] = next
    if (next === NONE) this.tail[price] = previous
    else this.before[next] = previous
    this.levelLots[price] -= this.lots[slot]
    this.levelCount[price] -= 1
    const life = this.life[slot]
    const list = this.live[life]
    const mover = list[--this.liveCount[life]]
    list[this.standing[slot]] = mover
    this.standing[mover] = this.standing[slot]
    this.free[this.freeCount++] = slot
    if (this.side[slot] === 1) {
      this.bidCount--
      while (this.head[this.bestBid] === NONE) this.bestBid--
    } else {
      this.askCount--
      while (this.head[this.bestAsk] === NONE) this.bestAsk++
    }
  }
}
