/*
 * How many faults of each class begin in each 10 ms of the day: one keyed draw per block and class, by the law of the block's state, thinned
 * or raised by the host.faults clamp and by what actions are in force. Sums are kept for chunks of 128 blocks, made when a
 * stretch of time is counted; a lone block is drawn alone. Guarantee: a pure function of (seed, block, actions so far).
 */
import { DRAW, KeyedRun } from '../kernel/random.ts'
import type { ClampSchedule, TargetClamps } from './clamp.ts'
import type { CountTable } from './count-law.ts'
import { RegimePath } from './regime-path.ts'
import { ACTION, type StallAction } from './stall-actions.ts'
import type { CountMoments, FaultCounts } from './stall-span.ts'
import { CLASS_COUNT, FAULT_CLASS, STALL_BLOCK_NS, type StallStates } from './stall-states.ts'

const CHUNK_BLOCKS = 128
const CHUNK_NS = CHUNK_BLOCKS * STALL_BLOCK_NS
/** Sums of a chunk's row: before each block and after the last. */
const CHUNK_SUMS = CHUNK_BLOCKS + 1
const CHUNK_SLOTS = 64

/** Keyed run of the counts, one per class. */
const COUNT_RUN = 0x5741

/** A run's word serves two blocks with 16 bits each; the further bits of a block are those of number REST + its row. */
const REST = CHUNK_BLOCKS / 2

function uniformOf(run: KeyedRun, row: number): number {
  const half = (run.word(row >> 1) >>> (16 * (row & 1))) & 0xffff
  return (half + run.at(REST + row)) / 65536
}

/** Rows of a chunk's sums: minor faults (reclaim and compaction are among them), major faults, squares of a block's count of all. */
const ROW = { minor: 0, major: CHUNK_SUMS, square: 2 * CHUNK_SUMS } as const

interface Chunk {
  index: number
  /** Sums over the chunk's blocks before block i, by row: before[row + i]. */
  readonly before: Uint32Array
}

export class BlockCounts {
  readonly path: RegimePath
  private readonly states: StallStates
  private readonly seed: number
  private readonly clamps: TargetClamps
  readonly clamped: boolean
  private readonly chunks: (Chunk | undefined)[] = new Array<Chunk | undefined>(CHUNK_SLOTS).fill(undefined)
  private lastChunk: Chunk = { index: -1, before: new Uint32Array(0) }
  private readonly run = new KeyedRun()
  /** Runs of the chunk that a lone block was last drawn from, by class. */
  private readonly runs = Array.from({ length: CLASS_COUNT }, () => new KeyedRun())
  private readonly openChunk = new Float64Array(CLASS_COUNT).fill(-1)
  /** A chunk's minor and major faults by block, while it is made. */
  private readonly eachBlock = new Int32Array(2 * CHUNK_BLOCKS)
  /** Actions in force from block maskFrom[i] on; the first holds from the start of the day. */
  private readonly maskFrom: number[] = [Number.NEGATIVE_INFINITY]
  private readonly masks: number[]

  constructor(states: StallStates, seed: number, clamps: ClampSchedule, mask: number) {
    this.states = states
    this.seed = seed
    this.clamps = clamps.of('host.faults')
    this.clamped = !this.clamps.isFree
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

  /** The clamp's factor on a block's faults. */
  factorAt(block: number): number {
    return this.clamped ? this.clamps.factorAt(block * STALL_BLOCK_NS) : 1
  }

  /** Counts of the classes in a block, into `out`. Leaves the path on the block. */
  countBlock(block: number, out: Int32Array): void {
    const { path, states } = this
    path.seek(block * STALL_BLOCK_NS)
    const { state } = path
    const mask = this.maskAt(block)
    const factor = this.factorAt(block)
    const chunk = Math.floor(block / CHUNK_BLOCKS)
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (states.isNever(state, c)) {
        out[c] = 0
        continue
      }
      const run = this.runs[c]
      if (this.openChunk[c] !== chunk) {
        this.openChunk[c] = chunk
        run.open(this.seed, DRAW.weather, chunk, COUNT_RUN + c)
      }
      out[c] = states.countOf(mask, state, c, factor, uniformOf(run, block - chunk * CHUNK_BLOCKS))
    }
  }

  /** Counts of the whole blocks first .. last - 1, added to `out`. */
  addBlocks(first: number, last: number, out: FaultCounts): void {
    let block = first
    while (block < last) {
      const { before } = this.chunkOf(block)
      const row = block % CHUNK_BLOCKS
      const end = Math.min(CHUNK_BLOCKS, row + last - block)
      out.minor += before[ROW.minor + end] - before[ROW.minor + row]
      out.major += before[ROW.major + end] - before[ROW.major + row]
      block += end - row
    }
  }

  /** Moments of the blocks first .. last - 1, added to `out`. */
  addMoments(first: number, last: number, out: CountMoments): void {
    let block = first
    while (block < last) {
      const { before } = this.chunkOf(block)
      const row = block % CHUNK_BLOCKS
      const end = Math.min(CHUNK_BLOCKS, row + last - block)
      out.sum += before[ROW.minor + end] - before[ROW.minor + row] + before[ROW.major + end] - before[ROW.major + row]
      out.squares += before[ROW.square + end] - before[ROW.square + row]
      block += end - row
    }
    out.count += last - first
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
    const chunk = this.chunks[slot] ?? { index: -1, before: new Uint32Array(3 * CHUNK_SUMS) }
    this.chunks[slot] = chunk
    if (chunk.index !== index) {
      chunk.index = index
      this.fillChunk(chunk)
    }
    this.lastChunk = chunk
    return chunk
  }

  private fillChunk({ index, before }: Chunk): void {
    const { path, states, eachBlock } = this
    const first = index * CHUNK_BLOCKS
    path.seek(index * CHUNK_NS)
    const { state } = path
    const mask = this.maskAt(first)
    const even = !this.clamped && path.untilNs >= (index + 1) * CHUNK_NS && this.maskAt(first + CHUNK_BLOCKS - 1) === mask
    if (even && states.isNever(state, FAULT_CLASS.major) && states.isNever(state, FAULT_CLASS.other)) {
      this.run.open(this.seed, DRAW.weather, index, COUNT_RUN + FAULT_CLASS.minor)
      this.fillLone(before, states.tableOf(mask, state, FAULT_CLASS.minor))
      return
    }
    eachBlock.fill(0)
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (even && states.isNever(state, c)) continue
      const base = c === FAULT_CLASS.major ? CHUNK_BLOCKS : 0
      this.run.open(this.seed, DRAW.weather, index, COUNT_RUN + c)
      if (even) this.addEven(base, states.tableOf(mask, state, c))
      else this.addUneven(base, first, c)
    }
    this.sumUp(before)
  }

  /** Most chunks are of a state with minor faults alone: their counts and sums in one go. */
  private fillLone(before: Uint32Array, table: CountTable): void {
    const { run } = this
    let minor = 0
    let squares = 0
    for (let i = 0; i < CHUNK_BLOCKS; i += 2) {
      const word = run.word(i >> 1)
      const even = table.countOfHalf(word & 0xffff, run, REST + i)
      const odd = table.countOfHalf(word >>> 16, run, REST + i + 1)
      before[ROW.minor + i + 1] = minor + even
      before[ROW.square + i + 1] = squares + even * even
      minor += even + odd
      squares += even * even + odd * odd
      before[ROW.minor + i + 2] = minor
      before[ROW.square + i + 2] = squares
    }
    before.fill(0, ROW.major, ROW.major + CHUNK_SUMS)
  }

  private sumUp(before: Uint32Array): void {
    const { eachBlock } = this
    let minor = 0
    let major = 0
    let squares = 0
    for (let i = 0; i < CHUNK_BLOCKS; i++) {
      const minors = eachBlock[i]
      const majors = eachBlock[CHUNK_BLOCKS + i]
      minor += minors
      major += majors
      squares += (minors + majors) * (minors + majors)
      before[ROW.minor + i + 1] = minor
      before[ROW.major + i + 1] = major
      before[ROW.square + i + 1] = squares
    }
  }

  /** Adds a class's count of each block to the chunk's, where one law holds for all. */
  private addEven(base: number, table: CountTable): void {
    const { run, eachBlock } = this
    for (let i = 0; i < CHUNK_BLOCKS; i += 2) {
      const word = run.word(i >> 1)
      eachBlock[base + i] += table.countOfHalf(word & 0xffff, run, REST + i)
      eachBlock[base + i + 1] += table.countOfHalf(word >>> 16, run, REST + i + 1)
    }
  }

  private addUneven(base: number, first: number, c: number): void {
    const { path, states, run } = this
    for (let i = 0; i < CHUNK_BLOCKS; i++) {
      path.seek((first + i) * STALL_BLOCK_NS)
      const factor = this.factorAt(first + i)
      this.eachBlock[base + i] += states.countOf(this.maskAt(first + i), path.state, c, factor, uniformOf(run, i))
    }
  }
}
