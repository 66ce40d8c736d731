/*
 * Stalls from a generator: counts per 10 ms by the regime's law (block-counts.ts), faults placed and served inside their block
 * (block-faults.ts), laid end to end here. Weather: a pure function of (seed, time), in any order; work that meets one tick of 100 us pays
 * for that tick, not for its block. A stall that begins while another runs starts when that ends. What may still run at a tick is looked for
 * some ticks back, by the state's load and body law, and from long stalls of earlier blocks on (at most 8); where stalls take more than
 * 60 % of the time they queue, and blocks are laid from the calm before on, for one to two seconds at most. A busy stretch that began
 * earlier is cut: some of its stalls are then met twice or never. Left out: faults caused by what the policy does.
 */
import { assert } from '../kernel/assert.ts'
import { BlockCounts } from './block-counts.ts'
import { BlockFaults } from './block-faults.ts'
import type { ClampSchedule } from './clamp.ts'
import { maskOf, type StallAction } from './stall-actions.ts'
import type { CountMoments, FaultCounts, StallSource, StallSpan } from './stall-span.ts'
import {
  CLASS_COUNT,
  DRAIN_BLOCKS,
  FAULT_CLASS,
  type GeneratedOptions,
  STALL_BLOCK_NS,
  type StallStates,
  statesOf,
  TICK_NS,
  TICKS
} from './stall-states.ts'

/** A second. */
const CROWD_BLOCKS = 100

export class GeneratedStalls implements StallSource {
  private readonly states: StallStates
  private readonly counts: BlockCounts
  private readonly blocks: readonly BlockFaults[]
  /** Where the laying of a crowd's blocks has got to, so that the next block goes on from there. */
  private readonly queue = {
    from: -1,
    block: 0,
    freeNs: 0,
    count: 0,
    startNs: [] as number[],
    endNs: [] as number[],
    kind: [] as number[]
  }
  /** Faults of a block up to an instant. */
  private readonly part = { ns: Number.NEGATIVE_INFINITY, minor: 0, major: 0 }
  /** Faults of one tick, sorted by time. */
  private tickCount = 0
  private atNs = new Float64Array(64)
  private stallNs = new Float64Array(64)
  private kind = new Uint8Array(64)
  private readonly span = {
    fromNs: 0,
    untilNs: -1,
    originNs: 0,
    startNs: new Float64Array(64),
    endNs: new Float64Array(64),
    kind: new Uint8Array(64),
    count: 0
  }

  /** Errors: InputError for regimes, rates or laws that cannot be. */
  constructor(options: GeneratedOptions, seed: number, clamps: ClampSchedule) {
    const states = statesOf(options)
    this.states = states
    this.counts = new BlockCounts(states, seed, clamps, maskOf(options.actions))
    // Those that one look back needs, and no more: they stay near.
    this.blocks = Array.from({ length: Math.max(DRAIN_BLOCKS, states.lookBlocks) + 2 }, () => new BlockFaults(states, seed))
  }

  spanAt(ns: number): StallSpan {
    const { span } = this
    if (ns >= span.fromNs && ns < span.untilNs) return span
    this.fill(ns)
    return span
  }

  /** From the first block on that begins at `atNs` or later. */
  act(atNs: number, action: StallAction, on: boolean): boolean {
    const fromBlock = Math.ceil(atNs / STALL_BLOCK_NS)
    this.counts.act(fromBlock, action, on)
    for (const faults of this.blocks) if (faults.block >= fromBlock) faults.block = -1
    this.span.untilNs = -1
    this.queue.from = -1
    this.part.ns = Number.NEGATIVE_INFINITY
    return true
  }

  addFaults(fromNs: number, toNs: number, out: FaultCounts): void {
    if (toNs <= fromNs) return
    const { part } = this
    this.counts.addBlocks(blockOf(fromNs), blockOf(toNs), out)
    this.countPart(fromNs)
    out.minor -= part.minor
    out.major -= part.major
    this.countPart(toNs)
    out.minor += part.minor
    out.major += part.major
  }

  windows(fromNs: number, toNs: number, windowNs: number, out: Float64Array): number {
    assert(windowNs % STALL_BLOCK_NS === 0 && windowNs > 0, 'a count window is a multiple of 10 ms')
    const blocks = windowNs / STALL_BLOCK_NS
    const end = Math.floor(toNs / STALL_BLOCK_NS)
    const whole = Math.floor((end - firstWhole(fromNs)) / blocks)
    const windowCount = Math.max(0, Math.min(out.length, whole))
    const counts = { minor: 0, major: 0 }
    for (let w = 0, block = end - windowCount * blocks; w < windowCount; w++, block += blocks) {
      counts.minor = 0
      counts.major = 0
      this.counts.addBlocks(block, block + blocks, counts)
      out[w] = counts.minor + counts.major
    }
    return windowCount
  }

  moments(fromNs: number, toNs: number, out: CountMoments): void {
    const end = Math.floor(toNs / STALL_BLOCK_NS)
    const first = firstWhole(fromNs)
    if (first < end) this.counts.addMoments(first, end, out)
  }

  /** Counts the faults of a block up to and including `ns` into `part`; a counter's last reading is often its next one's start. */
  private countPart(ns: number): void {
    const { part } = this
    if (part.ns === ns) return
    part.ns = ns
    part.minor = 0
    part.major = 0
    if (ns < 0) return
    const block = blockOf(ns)
    const faults = this.faultsOf(block)
    const tick = Math.floor((ns - block * STALL_BLOCK_NS) / TICK_NS)
    for (let c = 0; c < CLASS_COUNT; c++) {
      const count = faults.counts[c]
      if (count === 0) continue
      let rows = faults.countBefore(tick, c)
      for (let number = faults.firstIn(tick, c); number >= 0 && number < count; number += TICKS) {
        if (faults.atNs(tick, c, number) <= ns) rows++
      }
      if (c === FAULT_CLASS.major) part.major += rows
      else part.minor += rows
    }
  }

  private faultsOf(block: number): BlockFaults {
    const faults = this.blocks[block % this.blocks.length]
    if (faults.block !== block) faults.load(block, this.counts)
    return faults
  }

  /** Lays the stalls around `ns`, with what hangs over from those before. */
  private fill(ns: number): void {
    const { span } = this
    const block = Math.floor(ns / STALL_BLOCK_NS)
    // Where one must look far back, a span of several ticks shares the looking.
    const faults = this.faultsOf(block)
    const ticks = this.states.spanTicks[faults.state]
    const inBlock = Math.floor((ns - block * STALL_BLOCK_NS) / TICK_NS)
    const first = block * TICKS + inBlock - (inBlock % ticks)
    span.fromNs = first * TICK_NS
    span.untilNs = span.fromNs + ticks * TICK_NS
    span.count = 0
    let freeNs = 0
    if (faults.quiet && inBlock > 0) {
      // Only the late faults of the tick before can reach this one.
      if (faults.isHit(inBlock - 1)) freeNs = this.layTick(first - 1, span.fromNs - this.states.reachNs[faults.state], 0)
      if (faults.isHit(inBlock)) this.layTick(first, 0, freeNs)
      return
    }
    const crowdedFrom = this.crowdedFrom(block)
    let tick = this.firstTick(first)
    if (crowdedFrom >= 0) {
      this.layQueue(crowdedFrom, block)
      const { queue } = this
      for (let row = 0; row < queue.count; row++) this.push(queue.startNs[row], queue.endNs[row], queue.kind[row])
      freeNs = queue.freeNs
      tick = block * TICKS
    }
    for (; tick < first + ticks; tick++) freeNs = this.layTick(tick, 0, freeNs)
  }

  /**
   * The first block of the crowd whose queue may be served in this one, or -1: from the calm before it on, every block is laid. A crowd that
   * lasts for seconds is cut at a whole second, at least one back.
   */
  private crowdedFrom(block: number): number {
    const crowded = this.isCrowded(block)
    if (!crowded && !this.faultsOf(block).turned) return -1
    const cut = Math.max(0, (Math.floor(block / CROWD_BLOCKS) - 1) * CROWD_BLOCKS)
    let first = crowded ? block : -1
    for (let at = block - 1, calm = 0; at >= cut && calm < DRAIN_BLOCKS; at--) {
      calm = this.isCrowded(at) ? 0 : calm + 1
      if (calm === 0) first = at
    }
    return first
  }

  private isCrowded(block: number): boolean {
    const { counts, states } = this
    counts.path.seek(block * STALL_BLOCK_NS)
    return states.isCrowded(counts.path.state, counts.factorAt(block))
  }

  /** Lays the faults before a block from the crowd's first block on: `queue` has those that run on into the block. */
  private layQueue(from: number, block: number): void {
    const { queue } = this
    if (queue.from !== from || queue.block > block) {
      queue.from = from
      queue.block = from
      queue.freeNs = 0
      queue.count = 0
    }
    const untilNs = block * STALL_BLOCK_NS
    const begun = queue.count
    queue.count = 0
    for (let row = 0; row < begun; row++) {
      if (queue.endNs[row] > untilNs) this.wait(queue.startNs[row], queue.endNs[row], queue.kind[row])
    }
    const first = queue.block === from && queue.freeNs === 0 ? this.firstTick(from * TICKS) : queue.block * TICKS
    for (let tick = first; tick < block * TICKS; tick++) {
      this.gather(tick, 0)
      for (let row = 0; row < this.tickCount; row++) {
        const startNs = Math.max(queue.freeNs, this.atNs[row])
        queue.freeNs = startNs + this.stallNs[row]
        if (queue.freeNs > untilNs && queue.freeNs > startNs) this.wait(startNs, queue.freeNs, this.kind[row])
      }
    }
    queue.block = block
  }

  private wait(startNs: number, endNs: number, kind: number): void {
    const { queue } = this
    queue.startNs[queue.count] = startNs
    queue.endNs[queue.count] = endNs
    queue.kind[queue.count++] = kind
  }

  /** Lays the faults of a tick that begin at `sinceNs` or later on a thread that is free at `fromNs`; gives when it is free again. */
  private layTick(tick: number, sinceNs: number, fromNs: number): number {
    let freeNs = fromNs
    this.gather(tick, sinceNs)
    for (let row = 0; row < this.tickCount; row++) {
      const startNs = Math.max(freeNs, this.atNs[row])
      freeNs = startNs + this.stallNs[row]
      if (freeNs > startNs) this.push(startNs, freeNs, this.kind[row])
    }
    return freeNs
  }

  /** The first tick whose stalls may still run in this one. */
  private firstTick(tick: number): number {
    const { states } = this
    const block = Math.floor(tick / TICKS)
    const { state, turned } = this.faultsOf(block)
    let first = tick - states.lookTicks[state]
    if (turned && block > 0) {
      const from = tick - states.lookTicks[this.faultsOf(block - 1).state]
      if (from < block * TICKS) first = Math.min(first, from)
    }
    if (turned || states.hasLong[state]) {
      for (let at = Math.max(0, block - states.lookBlocks); at <= block; at++) {
        if (first <= at * TICKS) break
        const faults = this.faultsOf(at)
        if (!states.hasLong[faults.state]) continue
        const stretch = states.stretch[faults.state]
        faults.findLong()
        for (let row = 0; row < faults.longCount; row++) {
          const longTick = Math.floor(faults.longNs[row] / TICK_NS)
          if (longTick < first && faults.longNs[row] + faults.longStallNs[row] * stretch > tick * TICK_NS) first = longTick
        }
      }
    }
    return Math.max(0, first)
  }

  /** The faults of all classes in a tick from `sinceNs` on, sorted by time. */
  private gather(tick: number, sinceNs: number): void {
    const block = Math.floor(tick / TICKS)
    const faults = this.faultsOf(block)
    const inBlock = tick - block * TICKS
    const { fault } = faults
    this.tickCount = 0
    for (let c = 0; c < CLASS_COUNT; c++) {
      const count = faults.counts[c]
      if (count === 0) continue
      for (let number = faults.firstIn(inBlock, c); number >= 0 && number < count; number += TICKS) {
        const ns = faults.atNs(inBlock, c, number)
        if (ns < sinceNs) continue
        faults.read(c, number, ns)
        let row = this.tickCount++
        if (row === this.atNs.length) this.growTick()
        while (row > 0 && this.atNs[row - 1] > fault.ns) {
          this.atNs[row] = this.atNs[row - 1]
          this.stallNs[row] = this.stallNs[row - 1]
          this.kind[row] = this.kind[row - 1]
          row--
        }
        this.atNs[row] = fault.ns
        this.stallNs[row] = fault.stallNs
        this.kind[row] = fault.kind
      }
    }
  }

  private growTick(): void {
    this.atNs = doubled(this.atNs)
    this.stallNs = doubled(this.stallNs)
    const kind = new Uint8Array(2 * this.kind.length)
    kind.set(this.kind)
    this.kind = kind
  }

  /** Adds a stall to the span when it lies in it. */
  private push(startNs: number, endNs: number, kind: number): void {
    const { span } = this
    if (endNs <= span.fromNs || startNs >= span.untilNs) return
    if (span.count === span.startNs.length) {
      span.startNs = doubled(span.startNs)
      span.endNs = doubled(span.endNs)
      const kinds = new Uint8Array(2 * span.kind.length)
      kinds.set(span.kind)
      span.kind = kinds
    }
    span.startNs[span.count] = startNs
    span.endNs[span.count] = endNs
    span.kind[span.count++] = kind
  }
}

function blockOf(ns: number): number {
  return Math.floor(Math.max(0, ns) / STALL_BLOCK_NS)
}

function firstWhole(ns: number): number {
  return Math.ceil(Math.max(0, ns) / STALL_BLOCK_NS)
}

function doubled(from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const to = new Float64Array(2 * from.length)
  to.set(from)
  return to
}
