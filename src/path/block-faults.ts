/*
 * The faults of one block of 10 ms: which of its 100 ticks they lie in, when they begin, how long each is served. Faults of a class are numbered
 * in the block's own random order of ticks: fault i lies in the tick that is i-th in it, and round again after 100, so the faults
 * of a tick are found by one look-up, and a block with fewer faults has the first of them, unchanged. The order is one of 256 shuffles at a
 * random turn. A service is drawn at a score with a slow level (noise over 40 ms, the same for neighbours) and the
 * fault's own luck; a tail of a two-part law beyond 0.25 ms is drawn apart, by geometric gaps in the numbering.
 */
import { ln } from '../kernel/elementary.ts'
import { DRAW, KeyedRun, keyedUniform } from '../kernel/random.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { BlockCounts } from './block-counts.ts'
import { normalScore } from './quantile-table.ts'
import { CLASS_COUNT, FAULT_CLASS, type ServiceDraw, STALL_BLOCK_NS, type StallStates, TICK_NS, TICKS } from './stall-states.ts'

/** Keyed runs of the weather, one per class: a block's order, faults, tail; and the nodes of the slow level. */
const RUN = { fault: 0x5744, tail: 0x5748, level: 0x574c } as const
const SHUFFLE_RUN = 0x5750
/** Numbers of a fault: its place in the tick, its own luck, its kind. The order's number comes before them. */
const DRAWS_PER_FAULT = 3

/** Blocks between two nodes of the slow level: assumed; the recordings' correlation of log services falls off in 5 to 100 ms. */
const LEVEL_BLOCKS = 4
const LEVEL_NS = LEVEL_BLOCKS * STALL_BLOCK_NS

const ORDERS = 256
/** A row holds the ranks of its ticks twice, so a turned row needs no remainder. */
const ORDER_ROW = 2 * TICKS
let ranks: Uint8Array | null = null

/** Shuffles of the ticks, the same in every world (Fisher and Yates). */
function tickRanks(): Uint8Array {
  if (ranks !== null) return ranks
  const table = new Uint8Array(ORDERS * ORDER_ROW)
  const run = new KeyedRun()
  for (let row = 0; row < ORDERS; row++) {
    run.open(0, DRAW.weather, row, SHUFFLE_RUN)
    const base = row * ORDER_ROW
    for (let tick = 0; tick < TICKS; tick++) {
      const other = Math.floor(run.at(tick) * (tick + 1))
      table[base + tick] = table[base + other]
      table[base + other] = tick
    }
    table.copyWithin(base + TICKS, base, base + TICKS)
  }
  ranks = table
  return table
}

/** Fault found last by `at`. */
export interface Fault {
  ns: number
  stallNs: number
  kind: number
}

export class BlockFaults {
  block = -1
  state = 0
  readonly counts = new Int32Array(CLASS_COUNT)
  readonly fault: Fault = { ns: 0, stallNs: 0, kind: 0 }
  private readonly states: StallStates
  private readonly seed: number
  private readonly ranks = tickRanks()
  private readonly runs = Array.from({ length: CLASS_COUNT }, () => new KeyedRun())
  /** Where the turned row of ranks of each class begins. */
  private readonly order = new Int32Array(CLASS_COUNT)
  /** The slow level at the two nodes around the block, by class; NaN until asked for. */
  private readonly low = new Float64Array(CLASS_COUNT)
  private readonly high = new Float64Array(CLASS_COUNT)
  /** Numbers of each class's tail faults; made when asked for. */
  private readonly tails: number[][] = Array.from({ length: CLASS_COUNT }, () => [])
  private readonly tailed = new Uint8Array(CLASS_COUNT)
  private readonly tailRun = new KeyedRun()

  constructor(states: StallStates, seed: number) {
    this.states = states
    this.seed = seed
  }

  /** Makes this the block's faults. */
  load(block: number, counts: BlockCounts): void {
    this.block = block
    counts.countBlock(block, this.counts)
    this.state = counts.path.state
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (this.counts[c] === 0) continue
      this.runs[c].open(this.seed, DRAW.weather, block, RUN.fault + c)
      const u = this.runs[c].at(0) * ORDERS
      const row = u | 0
      this.order[c] = row * ORDER_ROW + (((u - row) * TICKS) | 0)
      this.low[c] = Number.NaN
      this.tailed[c] = 0
    }
  }

  /** Number of the class's first fault in a tick, or -1; the next are TICKS numbers on, up to the class's count. */
  firstIn(tick: number, c: number): number {
    const rank = this.ranks[this.order[c] + tick]
    return rank < this.counts[c] ? rank : -1
  }

  /** Faults of a class in the ticks before `tick`. */
  countBefore(tick: number, c: number): number {
    const count = this.counts[c]
    let sum = 0
    for (let at = 0; at < tick && count > 0; at++) {
      const rank = this.ranks[this.order[c] + at]
      if (rank < count) sum += 1 + Math.floor((count - 1 - rank) / TICKS)
    }
    return sum
  }

  /** Instant of the class's fault `number`, which lies in `tick`. */
  atNs(tick: number, c: number, number: number): number {
    return this.block * STALL_BLOCK_NS + tick * TICK_NS + Math.floor(this.runs[c].at(1 + number * DRAWS_PER_FAULT) * TICK_NS)
  }

  /** Reads the class's fault `number`, which lies in `tick`, into `fault`. */
  read(tick: number, c: number, number: number): void {
    const { fault } = this
    const run = this.runs[c]
    const base = 1 + number * DRAWS_PER_FAULT
    fault.ns = this.atNs(tick, c, number)
    fault.kind = c
    if (c === FAULT_CLASS.other) {
      const reclaims = run.at(base + 2) < this.states.reclaimShare[this.state]
      fault.kind = reclaims ? STALL_KIND.of.reclaim : STALL_KIND.of.compaction
    }
    const draw = this.states.services[this.state * 4 + fault.kind]
    const luck = normalScore(run.at(base + 1))
    if (draw.tail !== null && this.tailOf(c, draw).includes(number)) {
      fault.stallNs = draw.tail.sampleNs(luck)
      return
    }
    fault.stallNs = draw.table.sampleNs(draw.level === 0 ? luck : draw.level * this.levelAt(c, fault.ns) + draw.own * luck)
  }

  /** Calls `visit` with tick, class and number of each fault that may be long, in order of number. */
  eachLong(visit: (tick: number, c: number, number: number) => void): void {
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (this.counts[c] === 0) continue
      const draws = this.drawsOf(c)
      if (draws.some(({ long }) => long)) {
        for (let tick = 0; tick < TICKS; tick++) {
          const first = this.firstIn(tick, c)
          for (let number = first; number >= 0 && number < this.counts[c]; number += TICKS) visit(tick, c, number)
        }
        continue
      }
      for (const draw of draws) {
        if (draw.tail === null) continue
        for (const number of this.tailOf(c, draw)) visit(this.tickOf(c, number), c, number)
      }
    }
  }

  private drawsOf(c: number): readonly ServiceDraw[] {
    const first = this.state * 4 + c
    return this.states.services.slice(first, c === FAULT_CLASS.other ? first + 2 : first + 1)
  }

  private tickOf(c: number, number: number): number {
    let tick = 0
    while (this.ranks[this.order[c] + tick] !== number % TICKS) tick++
    return tick
  }

  private tailOf(c: number, draw: ServiceDraw): readonly number[] {
    const numbers = this.tails[c]
    if (this.tailed[c] === 1) return numbers
    this.tailed[c] = 1
    numbers.length = 0
    this.tailRun.open(this.seed, DRAW.weather, this.block, RUN.tail + c)
    let number = -1
    for (let i = 0; ; i++) {
      number += 1 + Math.floor(ln(1 - this.tailRun.at(i)) * draw.tailGap)
      if (number >= this.counts[c]) return numbers
      numbers.push(number)
    }
  }

  /** Standard normal noise that is nearly the same for neighbours: two nodes weighted so that the variance stays 1. */
  private levelAt(c: number, ns: number): number {
    const cell = Math.floor(this.block / LEVEL_BLOCKS)
    if (Number.isNaN(this.low[c])) {
      this.low[c] = normalScore(keyedUniform(this.seed, DRAW.weather, cell, RUN.level + c))
      this.high[c] = normalScore(keyedUniform(this.seed, DRAW.weather, cell + 1, RUN.level + c))
    }
    const w = (ns - cell * LEVEL_NS) / LEVEL_NS
    return ((1 - w) * this.low[c] + w * this.high[c]) / Math.sqrt((1 - w) * (1 - w) + w * w)
  }
}
