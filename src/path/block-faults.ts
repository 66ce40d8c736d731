/*
 * The faults of one block of 10 ms: which of its 100 ticks they lie in, when they begin, how long each is served. Faults of a class are numbered
 * in the block's own random order of ticks: fault i lies in the tick that is i-th in it, and round again after 100, so the faults
 * of a tick are found by one look-up, and a block with fewer faults has the first of them, unchanged. The order is one of 64 shuffles at a
 * random turn. A service is drawn at a score with a slow level (noise that lasts 80 ms) and the
 * fault's own luck; a tail of a two-part law beyond 0.25 ms is drawn apart, by geometric gaps in the numbering.
 */
import { ln } from '../kernel/elementary.ts'
import { DRAW, KeyedRun, keyedUniform } from '../kernel/random.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { BlockCounts } from './block-counts.ts'
import { normalScore } from './quantile-table.ts'
import {
  CLASS_COUNT,
  DRAIN_BLOCKS,
  FAULT_CLASS,
  type ServiceDraw,
  STALL_BLOCK_NS,
  type StallStates,
  TICK_NS,
  TICKS
} from './stall-states.ts'

/** Keyed runs of the weather, one per class: a block's order, faults, tail; and the nodes of the slow level. */
const RUN = { fault: 0x5744, tail: 0x5748, level: 0x574c } as const
const SHUFFLE_RUN = 0x5750
/** Numbers of a fault: its place in the tick, its own luck, its kind. The order's number comes before them. */
const DRAWS_PER_FAULT = 3

/** Blocks that share a slow level: assumed; the recordings' correlation of log services falls off in 5 to 100 ms. */
const LEVEL_BLOCKS = 8

const ORDERS = 64
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
  /** Has the state changed so lately that a fault of another state may still run? Under a clamp it may always have. */
  turned = false
  /** Can no fault run on for longer than a tick, here or from the blocks before? */
  quiet = false
  readonly counts = new Int32Array(CLASS_COUNT)
  readonly longNs: number[] = []
  readonly longStallNs: number[] = []
  /** -1 until asked for. */
  longCount = -1
  readonly fault: Fault = { ns: 0, stallNs: 0, kind: 0 }
  private readonly states: StallStates
  private readonly seed: number
  private readonly ranks = tickRanks()
  private readonly runs = Array.from({ length: CLASS_COUNT }, () => new KeyedRun())
  /** Where the turned row of ranks of each class begins. */
  private readonly order = new Int32Array(CLASS_COUNT)
  /** The slow level of each class; NaN until asked for. */
  private readonly level = new Float64Array(CLASS_COUNT)
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
    this.longCount = -1
    const { states } = this
    this.turned = counts.clamped || counts.path.sinceNs > (block - Math.max(DRAIN_BLOCKS, states.lookBlocks)) * STALL_BLOCK_NS
    this.quiet = !this.turned && states.lookTicks[this.state] <= 1 && !states.hasLong[this.state]
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (this.counts[c] === 0) continue
      this.runs[c].open(this.seed, DRAW.weather, block, RUN.fault + c)
      const u = this.runs[c].at(0) * ORDERS
      const row = u | 0
      this.order[c] = row * ORDER_ROW + (((u - row) * TICKS) | 0)
      this.level[c] = Number.NaN
      this.tailed[c] = 0
    }
  }

  isHit(tick: number): boolean {
    const { ranks, order, counts } = this
    return ranks[order[0] + tick] < counts[0] || ranks[order[1] + tick] < counts[1] || ranks[order[2] + tick] < counts[2]
  }

  /** Number of the class's first fault in a tick, or -1; the next are TICKS numbers on, up to the class's count. */
  firstIn(tick: number, c: number): number {
    const rank = this.ranks[this.order[c] + tick]
    return rank < this.counts[c] ? rank : -1
  }

  /** Faults of a class in the ticks before `tick`, counted from the nearer end of the block. */
  countBefore(tick: number, c: number): number {
    return 2 * tick <= TICKS ? this.countBetween(0, tick, c) : this.counts[c] - this.countBetween(tick, TICKS, c)
  }

  private countBetween(from: number, to: number, c: number): number {
    const { ranks } = this
    const order = this.order[c]
    const count = this.counts[c]
    let sum = 0
    for (let tick = from; tick < to; tick++) {
      for (let number = ranks[order + tick]; number < count; number += TICKS) sum++
    }
    return sum
  }

  /** Instant of the class's fault `number`, which lies in `tick`. */
  atNs(tick: number, c: number, number: number): number {
    return this.block * STALL_BLOCK_NS + tick * TICK_NS + Math.floor(this.runs[c].at(1 + number * DRAWS_PER_FAULT) * TICK_NS)
  }

  /** Reads the class's fault `number`, which begins at `ns`, into `fault`. */
  read(c: number, number: number, ns: number): void {
    const { fault } = this
    const run = this.runs[c]
    const base = 1 + number * DRAWS_PER_FAULT
    fault.ns = ns
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
    fault.stallNs = draw.table.sampleNs(draw.level === 0 ? luck : draw.level * this.levelOf(c) + draw.own * luck)
  }

  /** Instants and services of the faults that may be long, in no order; `longCount` of them. */
  findLong(): void {
    if (this.longCount >= 0) return
    this.longCount = 0
    for (let c = 0; c < CLASS_COUNT; c++) {
      const count = this.counts[c]
      if (count === 0) continue
      const first = this.state * 4 + c
      const { services } = this.states
      if (services[first].long || (c === FAULT_CLASS.other && services[first + 1].long)) {
        for (let number = 0; number < count; number++) this.addLong(c, number)
      } else if (services[first].tail !== null) {
        for (const number of this.tailOf(c, services[first])) this.addLong(c, number)
      }
    }
  }

  private addLong(c: number, number: number): void {
    this.read(c, number, this.atNs(this.tickOf(c, number), c, number))
    const row = this.longCount++
    this.longNs[row] = this.fault.ns
    this.longStallNs[row] = this.fault.stallNs
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

  /** Standard normal noise that neighbours share. */
  private levelOf(c: number): number {
    if (Number.isNaN(this.level[c])) {
      const cell = Math.floor(this.block / LEVEL_BLOCKS)
      this.level[c] = normalScore(keyedUniform(this.seed, DRAW.weather, cell, RUN.level + c))
    }
    return this.level[c]
  }
}
