/*
 * How many faults of each class begin in each 10 ms of the day: one keyed draw per block and class, by the law of the block's state, thinned
 * or raised by the host.faults clamp and by what actions are in force. Sums are kept for chunks of 128 blocks, made when a
 * stretch of time is counted; a lone block is drawn alone. Guarantee: a pure function of (seed, block, actions so far).
 */
import { DRAW, KeyedRun } from '../kernel/random.ts'
import type { ClampSchedule } from './clamp.ts'
import { RegimePath } from './regime-path.ts'
import { ACTION, type StallAction } from './stall-actions.ts'
import type { FaultCounts } from './stall-span.ts'
import { CLASS_COUNT, FAULT_CLASS, STALL_BLOCK_NS, type StallStates } from './stall-states.ts'

const CHUNK_BLOCKS = 128
const CHUNK_NS = CHUNK_BLOCKS * STALL_BLOCK_NS
/** Sums of a chunk's row: before each block and after the last. */
const CHUNK_SUMS = CHUNK_BLOCKS + 1
const CHUNK_SLOTS = 64

/** Keyed run of the counts, one per class. */
const COUNT_RUN = 0x5741

interface Chunk {
  index: number
  /** Faults of class c in the chunk's blocks before block i: before[c * CHUNK_SUMS + i]. */
  readonly before: Uint32Array
}

export class BlockCounts {
  readonly path: RegimePath
  private readonly states: StallStates
  private readonly seed: number
  private readonly clamps: ClampSchedule
  private readonly clamped: boolean
  private readonly chunks: (Chunk | undefined)[] = new Array<Chunk | undefined>(CHUNK_SLOTS).fill(undefined)
  private lastChunk: Chunk = { index: -1, before: new Uint32Array(0) }
  private readonly run = new KeyedRun()
  /** Actions in force from block maskFrom[i] on; the first holds from the start of the day. */
  private readonly maskFrom: number[] = [Number.NEGATIVE_INFINITY]
  private readonly masks: number[]

  constructor(states: StallStates, seed: number, clamps: ClampSchedule, mask: number) {
    this.states = states
    this.seed = seed
    this.clamps = clamps
    this.clamped = clamps.has('host.faults')
    this.path = new RegimePath(states.regimes, states.placeOf, seed)
    this.masks = [mask]
  }

  /** Switches an action on or off from a block on. Switches come in order of time. */
  act(fromBlock: number, action: StallAction, on: boolean): void {
    const last = this.masks.length - 1
    const mask = on ? this.masks[last] | ACTION[action] : this.masks[last] & ~ACTION[action]
    if (this.maskFrom[last] === fromBlock) this.masks[last] = mask
    else {
      this.maskFrom.push(fromBlock)
      this.masks.push(mask)
    }
    for (const chunk of this.chunks) {
      if (chunk !== undefined && (chunk.index + 1) * CHUNK_BLOCKS > fromBlock) chunk.index = -1
    }
    this.lastChunk = { index: -1, before: this.lastChunk.before }
  }

  /** Counts of the classes in a block, into `out`. Leaves the path on the block. */
  countBlock(block: number, out: Int32Array): void {
    const { path, states, run } = this
    const startNs = block * STALL_BLOCK_NS
    path.seek(startNs)
    const { state } = path
    const mask = this.maskAt(block)
    const factor = this.clamped ? this.clamps.factorAt('host.faults', startNs) : 1
    const chunk = Math.floor(block / CHUNK_BLOCKS)
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (states.isNever(state, c)) {
        out[c] = 0
        continue
      }
      run.open(this.seed, DRAW.weather, chunk, COUNT_RUN + c)
      out[c] = states.countOf(mask, state, c, factor, run.at(block - chunk * CHUNK_BLOCKS))
    }
  }

  /** Counts of the whole blocks first .. last - 1, added to `out`. */
  addBlocks(first: number, last: number, out: FaultCounts): void {
    let block = first
    while (block < last) {
      const { before } = this.chunkOf(block)
      const row = block % CHUNK_BLOCKS
      const end = Math.min(CHUNK_BLOCKS, row + last - block)
      const { minor, major, other } = FAULT_CLASS
      out.minor += before[minor * CHUNK_SUMS + end] - before[minor * CHUNK_SUMS + row]
      out.minor += before[other * CHUNK_SUMS + end] - before[other * CHUNK_SUMS + row]
      out.major += before[major * CHUNK_SUMS + end] - before[major * CHUNK_SUMS + row]
      block += end - row
    }
  }

  /** Counts of all classes in `windowCount` windows of `blocks` blocks from block `first` on, into `out`. */
  fillWindows(first: number, blocks: number, windowCount: number, out: Float64Array): void {
    let block = first
    for (let w = 0; w < windowCount; w++) {
      let sum = 0
      const last = block + blocks
      while (block < last) {
        const { before } = this.chunkOf(block)
        const row = block % CHUNK_BLOCKS
        const end = Math.min(CHUNK_BLOCKS, row + last - block)
        for (let base = 0; base < CLASS_COUNT * CHUNK_SUMS; base += CHUNK_SUMS) sum += before[base + end] - before[base + row]
        block += end - row
      }
      out[w] = sum
    }
  }

  private maskAt(block: number): number {
    let row = this.maskFrom.length - 1
    while (this.maskFrom[row] > block) row--
    return this.masks[row]
  }

  private chunkOf(block: number): Chunk {
    const index = Math.floor(block / CHUNK_BLOCKS)
    if (this.lastChunk.index === index) return this.lastChunk
    const slot = index % CHUNK_SLOTS
    const chunk = this.chunks[slot] ?? { index: -1, before: new Uint32Array(CLASS_COUNT * CHUNK_SUMS) }
    this.chunks[slot] = chunk
    if (chunk.index !== index) {
      chunk.index = index
      this.fillChunk(chunk)
    }
    this.lastChunk = chunk
    return chunk
  }

  private fillChunk({ index, before }: Chunk): void {
    const { path, states, run } = this
    const first = index * CHUNK_BLOCKS
    path.seek(index * CHUNK_NS)
    const { state } = path
    const mask = this.maskAt(first)
    const even = !this.clamped && path.untilNs >= (index + 1) * CHUNK_NS && this.maskAt(first + CHUNK_BLOCKS - 1) === mask
    for (let c = 0; c < CLASS_COUNT; c++) {
      const base = c * CHUNK_SUMS
      if (even && states.isNever(state, c)) {
        before.fill(0, base, base + CHUNK_SUMS)
        continue
      }
      run.open(this.seed, DRAW.weather, index, COUNT_RUN + c)
      let sum = 0
      before[base] = 0
      if (even) {
        const table = states.tableOf(mask, state, c)
        for (let row = 0; row < CHUNK_BLOCKS; row++) {
          sum += table.count(run.at(row))
          before[base + row + 1] = sum
        }
        continue
      }
      for (let row = 0; row < CHUNK_BLOCKS; row++) {
        const startNs = (first + row) * STALL_BLOCK_NS
        path.seek(startNs)
        const factor = this.clamped ? this.clamps.factorAt('host.faults', startNs) : 1
        sum += states.countOf(this.maskAt(first + row), path.state, c, factor, run.at(row))
        before[base + row + 1] = sum
      }
    }
  }
}
