/*
 * Stalls from a generator: a modulated Poisson process (regime-path.ts) with a service law per kind, successive log services
 * correlated by a Gaussian AR(1) copula; recordings and fits in the host-stalls statistics (lag-1 0.2..0.7, tails beyond
 * 0.5 ms). Weather: a pure function of (seed, time) in blocks of 10 ms, made lazily and in any order; a block's count
 * costs a table look-up, its details are made only when work meets the block, and agree with its count.
 * A stall that begins while another runs starts when that ends. Its overhang is followed for as many blocks as
 * the law's 0.9999 quantile needs, at least that of a long stall; laws that stay below 50 us there (minor faults) are cut at their
 * block's end. Offered stall time is held to 95 % of a block: a thread that is stalled cannot fault. Left out: faults caused by what the policy does.
 */
import { assert, InputError } from '../kernel/assert.ts'
import { type Law, meanNs, sampleNs } from '../kernel/law.ts'
import { DRAW, KeyedRun } from '../kernel/random.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { ClampSchedule } from './clamp.ts'
import type { StallOptions } from './options.ts'
import { PoissonTable, poissonCount } from './poisson.ts'
import { normalScore, ScoreTable } from './quantile-table.ts'
import { checkRegimes, RegimePath } from './regime-path.ts'
import type { FaultCounts, StallSource, StallSpan } from './stall-span.ts'

const STALL_BLOCK_NS = 10_000_000
const CHUNK_BLOCKS = 128
const CHUNK_NS = CHUNK_BLOCKS * STALL_BLOCK_NS
/** Sums of a chunk's row: before each block and after the last. */
const CHUNK_SUMS = CHUNK_BLOCKS + 1
const CHUNK_SLOTS = 64
const BLOCK_SLOTS = 16
const LOOK_BACK_MAX = 8
const OFFERED_LOAD_MAX = 0.95
/** Below this the overhang of a stall into the next block is cut: under 0.5 % of a block. */
const OVERHANG_NS_MIN = 50_000
/** A row up to this length is sorted while it is drawn. */
const INSERTION_COUNT_MAX = 64

/** Classes of faults: minor; major; reclaim and compaction together (counted as minor faults, their kind drawn per event). */
const CLASS_COUNT = 3
const MINOR = 0
const MAJOR = 1
const OTHER = 2

const CHUNK_CLASS_SUMS = CLASS_COUNT * CHUNK_SUMS

type GeneratedOptions = Extract<StallOptions, { kind: 'generated' }>

/** Keyed runs of the weather, one per class: counts of a chunk's blocks; times, services and kinds of a block's faults. */
const RUN = { count: 0x5741, time: 0x5744, service: 0x5748, kind: 0x574c } as const

/** Counts of 128 blocks. */
interface Chunk {
  index: number
  /** Faults of class c in the chunk's blocks before block i: before[c * CHUNK_SUMS + i]. */
  readonly before: Uint32Array
}

/** Faults of one class in one block, sorted by time. */
interface Details {
  block: number
  count: number
  /** Are stallNs and kind filled? Counting faults needs times only. */
  served: boolean
  atNs: Float64Array
  stallNs: Float64Array
  kind: Uint8Array
}

export class GeneratedStalls implements StallSource {
  private readonly seed: number
  private readonly clamps: ClampSchedule
  private readonly clamped: boolean
  private readonly path: RegimePath
  private readonly correlation: number
  private readonly innovation: number
  /** Per state and class: events per ns, the factor cap of the state, and the count's law of a whole block. */
  private readonly rate: Float64Array
  private readonly reclaimShare: Float64Array
  private readonly factorCap: Float64Array
  private readonly tables: PoissonTable[] = []
  private readonly services: ScoreTable[]
  private readonly lookBack: number[]
  private readonly chunks: (Chunk | null)[] = new Array<Chunk | null>(CHUNK_SLOTS).fill(null)
  private readonly details: (Details | null)[] = new Array<Details | null>(BLOCK_SLOTS * CLASS_COUNT).fill(null)
  private lastChunk: Chunk = { index: -1, before: new Uint32Array(0) }
  private readonly run = new KeyedRun()
  /** Scratch of `fill`: the classes' faults of one block, how far each is merged, and the first block of each class. */
  private readonly runs: Details[] = []
  private readonly rows = new Int32Array(CLASS_COUNT)
  private readonly firstBlock = new Float64Array(CLASS_COUNT)
  private readonly span = {
    fromNs: 0,
    untilNs: -1,
    originNs: 0,
    startNs: new Float64Array(64),
    endNs: new Float64Array(64),
    kind: new Uint8Array(64),
    count: 0
  }

  /** Errors: InputError for no regimes, a negative rate, no dwell, a correlation outside 0..1. */
  constructor(options: GeneratedOptions, seed: number, clamps: ClampSchedule) {
    checkRegimes(options.regimes)
    if (!(options.serialCorrelation >= 0 && options.serialCorrelation <= 1)) {
      throw new InputError(`a serial correlation of ${options.serialCorrelation} cannot be; give a number from 0 to 1`)
    }
    this.seed = seed
    this.clamps = clamps
    this.clamped = clamps.has('host.faults')
    this.path = new RegimePath(options.regimes, seed)
    this.correlation = options.serialCorrelation
    this.innovation = Math.sqrt(1 - options.serialCorrelation * options.serialCorrelation)
    const laws: Law[] = []
    laws[STALL_KIND.of.minor] = options.minor
    laws[STALL_KIND.of.major] = options.major
    laws[STALL_KIND.of.reclaim] = options.reclaim
    laws[STALL_KIND.of.compaction] = options.compaction
    this.services = laws.map((law) => new ScoreTable(law))
    const look = laws.map(lookBackOf)
    this.lookBack = [
      look[STALL_KIND.of.minor],
      look[STALL_KIND.of.major],
      Math.max(look[STALL_KIND.of.reclaim], look[STALL_KIND.of.compaction])
    ]
    const stateCount = 2 * options.regimes.length
    this.rate = new Float64Array(stateCount * CLASS_COUNT)
    this.reclaimShare = new Float64Array(stateCount)
    this.factorCap = new Float64Array(stateCount)
    for (let state = 0; state < stateCount; state++) {
      const regime = options.regimes[state >> 1]
      const rates = state % 2 === 1 && regime.burst !== undefined ? regime.burst : regime
      const other = rates.reclaimPerSecond + rates.compactionPerSecond
      const load =
        (rates.minorPerSecond * meanNs(options.minor) +
          rates.majorPerSecond * meanNs(options.major) +
          rates.reclaimPerSecond * meanNs(options.reclaim) +
          rates.compactionPerSecond * meanNs(options.compaction)) /
        NS_PER_SECOND
      const cap = load > 0 ? OFFERED_LOAD_MAX / load : Number.POSITIVE_INFINITY
      const base = state * CLASS_COUNT
      this.factorCap[state] = cap
      this.reclaimShare[state] = other > 0 ? rates.reclaimPerSecond / other : 0
      this.rate[base + MINOR] = rates.minorPerSecond / NS_PER_SECOND
      this.rate[base + MAJOR] = rates.majorPerSecond / NS_PER_SECOND
      this.rate[base + OTHER] = other / NS_PER_SECOND
      for (let c = 0; c < CLASS_COUNT; c++) {
        this.tables.push(new PoissonTable(this.rate[base + c] * Math.min(1, cap) * STALL_BLOCK_NS))
      }
    }
  }

  spanAt(ns: number): StallSpan {
    const { span } = this
    if (ns >= span.fromNs && ns < span.untilNs) return span
    const block = Math.floor(ns / STALL_BLOCK_NS)
    this.fill(block)
    return span
  }

  addFaults(fromNs: number, toNs: number, out: FaultCounts): void {
    if (toNs <= fromNs) return
    const first = Math.floor(Math.max(0, fromNs) / STALL_BLOCK_NS)
    const last = Math.floor(Math.max(0, toNs) / STALL_BLOCK_NS)
    this.addBlocks(first, last, out)
    this.addPart(first, fromNs, -1, out)
    this.addPart(last, toNs, 1, out)
  }

  windows(fromNs: number, toNs: number, windowNs: number, out: Float64Array): number {
    assert(windowNs % STALL_BLOCK_NS === 0 && windowNs > 0, 'a count window is a multiple of 10 ms')
    const blocks = windowNs / STALL_BLOCK_NS
    const end = Math.floor(toNs / STALL_BLOCK_NS)
    const windowCount = Math.min(out.length, Math.floor((end - Math.ceil(Math.max(0, fromNs) / STALL_BLOCK_NS)) / blocks))
    const first = end - Math.max(0, windowCount) * blocks
    let block = first
    if (blocks === 1) this.countBlocks(block, windowCount, out)
    else
      for (let w = 0; w < windowCount; w++) {
        const last = block + blocks
        let sum = 0
        while (block < last) {
          const { before } = this.chunkOf(block)
          const row = block % CHUNK_BLOCKS
          const end = Math.min(CHUNK_BLOCKS, row + last - block)
          for (let base = 0; base < CHUNK_CLASS_SUMS; base += CHUNK_SUMS) sum += before[base + end] - before[base + row]
          block += end - row
        }
        out[w] = sum
      }
    return Math.max(0, windowCount)
  }

  /** Counts of `count` blocks from `first` on, one by one. */
  private countBlocks(first: number, count: number, out: Float64Array): void {
    let done = 0
    while (done < count) {
      const { before } = this.chunkOf(first + done)
      const row = (first + done) % CHUNK_BLOCKS
      const end = Math.min(CHUNK_BLOCKS, row + count - done)
      let sum = before[row] + before[CHUNK_SUMS + row] + before[2 * CHUNK_SUMS + row]
      for (let at = row + 1; at <= end; at++) {
        const next = before[at] + before[CHUNK_SUMS + at] + before[2 * CHUNK_SUMS + at]
        out[done++] = next - sum
        sum = next
      }
    }
  }

  /** Counts of the whole blocks first .. last - 1. */
  private addBlocks(first: number, last: number, out: FaultCounts): void {
    let block = first
    while (block < last) {
      const { before } = this.chunkOf(block)
      const row = block % CHUNK_BLOCKS
      const end = Math.min(CHUNK_BLOCKS, row + last - block)
      out.minor += before[end] - before[row] + before[OTHER * CHUNK_SUMS + end] - before[OTHER * CHUNK_SUMS + row]
      out.major += before[MAJOR * CHUNK_SUMS + end] - before[MAJOR * CHUNK_SUMS + row]
      block += end - row
    }
  }

  /** Adds `sign` times the faults of a block up to and including `ns`. */
  private addPart(block: number, ns: number, sign: number, out: FaultCounts): void {
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (this.countOf(block, c) === 0) continue
      const { atNs, count } = this.timesOf(block, c)
      let rows = 0
      while (rows < count && atNs[rows] <= ns) rows++
      if (c === MAJOR) out.major += sign * rows
      else out.minor += sign * rows
    }
  }

  private countOf(block: number, c: number): number {
    const { before } = this.chunkOf(block)
    const at = c * CHUNK_SUMS + (block % CHUNK_BLOCKS)
    return before[at + 1] - before[at]
  }

  private chunkOf(block: number): Chunk {
    const index = Math.floor(block / CHUNK_BLOCKS)
    if (this.lastChunk.index === index) return this.lastChunk
    const slot = index % CHUNK_SLOTS
    let chunk = this.chunks[slot]
    if (chunk === null) {
      chunk = { index: -1, before: new Uint32Array(CHUNK_CLASS_SUMS) }
      this.chunks[slot] = chunk
    }
    if (chunk.index !== index) {
      chunk.index = index
      this.countChunk(chunk)
    }
    this.lastChunk = chunk
    return chunk
  }

  private countChunk(chunk: Chunk): void {
    const { path, run, rate } = this
    const { index, before } = chunk
    path.seek(index * CHUNK_NS)
    const settled = !this.clamped && path.untilNs >= (index + 1) * CHUNK_NS
    const { state } = path
    for (let c = 0; c < CLASS_COUNT; c++) {
      const base = c * CHUNK_SUMS
      if (settled && rate[state * CLASS_COUNT + c] === 0) {
        before.fill(0, base, base + CHUNK_SUMS)
        continue
      }
      run.open(this.seed, DRAW.weather, index, RUN.count + c)
      const table = this.tables[state * CLASS_COUNT + c]
      let sum = 0
      before[base] = 0
      for (let row = 0; row < CHUNK_BLOCKS; row++) {
        const u = run.at(row)
        sum += settled ? table.count(u) : this.countUnsettled(index * CHUNK_BLOCKS + row, c, u)
        before[base + row + 1] = sum
      }
    }
  }

  /** A block's count at the uniform number u where the chunk is clamped or of several regimes. */
  private countUnsettled(block: number, c: number, u: number): number {
    const { path } = this
    const startNs = block * STALL_BLOCK_NS
    path.seek(startNs)
    const factor = this.clamped ? this.clamps.factorAt('host.faults', startNs) : 1
    if (factor === 1 && path.untilNs >= startNs + STALL_BLOCK_NS) return this.tables[path.state * CLASS_COUNT + c].count(u)
    return poissonCount(this.blockMean(block, c, factor), u)
  }

  /** Expected faults of a class in a block that several regimes share or that is clamped. */
  private blockMean(block: number, c: number, factor: number): number {
    const endNs = (block + 1) * STALL_BLOCK_NS
    let ns = block * STALL_BLOCK_NS
    let mean = 0
    while (ns < endNs) {
      this.path.seek(ns)
      const untilNs = Math.min(endNs, this.path.untilNs)
      mean += (untilNs - ns) * this.stateRate(this.path.state, c, factor)
      ns = untilNs
    }
    return mean
  }

  private stateRate(state: number, c: number, factor: number): number {
    return this.rate[state * CLASS_COUNT + c] * Math.min(factor, this.factorCap[state])
  }

  private detailsOf(block: number, c: number): Details {
    const details = this.timesOf(block, c)
    if (!details.served) this.drawServices(details, c)
    return details
  }

  private timesOf(block: number, c: number): Details {
    const slot = (block % BLOCK_SLOTS) * CLASS_COUNT + c
    let details = this.details[slot]
    if (details !== null && details.block === block) return details
    const count = this.countOf(block, c)
    if (details === null || details.atNs.length < count) {
      const capacity = Math.max(32, 2 * count)
      details = {
        block,
        count,
        served: false,
        atNs: new Float64Array(capacity),
        stallNs: new Float64Array(capacity),
        kind: new Uint8Array(capacity)
      }
      this.details[slot] = details
    }
    details.block = block
    details.count = count
    details.served = false
    this.drawTimes(details, c)
    return details
  }

  /** Times of a block's faults: independent, by the regime's rate, sorted by insertion into a nearly sorted row. */
  private drawTimes(details: Details, c: number): void {
    const { block, count, atNs } = details
    const startNs = block * STALL_BLOCK_NS
    this.path.seek(startNs)
    const whole = this.path.untilNs >= startNs + STALL_BLOCK_NS
    const factor = this.clamped ? this.clamps.factorAt('host.faults', startNs) : 1
    const mean = whole ? 0 : this.blockMean(block, c, factor)
    this.run.open(this.seed, DRAW.weather, block, RUN.time + c)
    for (let i = 0; i < count; i++) {
      const u = this.run.at(i)
      const ns = whole ? startNs + Math.floor(u * STALL_BLOCK_NS) : this.timeAt(block, c, factor, u * mean)
      let row = i
      while (row > 0 && count <= INSERTION_COUNT_MAX && atNs[row - 1] > ns) {
        atNs[row] = atNs[row - 1]
        row--
      }
      atNs[row] = ns
    }
    if (count > INSERTION_COUNT_MAX) atNs.subarray(0, count).sort()
  }

  /** Instant of the block by which the expected count of the class reaches `mean`. */
  private timeAt(block: number, c: number, factor: number, mean: number): number {
    const endNs = (block + 1) * STALL_BLOCK_NS
    let ns = block * STALL_BLOCK_NS
    let rest = mean
    for (;;) {
      this.path.seek(ns)
      const untilNs = Math.min(endNs, this.path.untilNs)
      const rate = this.stateRate(this.path.state, c, factor)
      if (rate > 0 && rest < (untilNs - ns) * rate) return Math.min(endNs - 1, Math.floor(ns + rest / rate))
      rest -= (untilNs - ns) * rate
      if (untilNs >= endNs) return endNs - 1
      ns = untilNs
    }
  }

  private drawServices(details: Details, c: number): void {
    const { block, count, stallNs, kind } = details
    let score = 0
    details.served = true
    if (c === OTHER) this.drawKinds(details)
    else kind.fill(c === MINOR ? STALL_KIND.of.minor : STALL_KIND.of.major, 0, count)
    this.run.open(this.seed, DRAW.weather, block, RUN.service + c)
    for (let i = 0; i < count; i++) {
      const fresh = normalScore(this.run.at(i))
      score = i === 0 ? fresh : this.correlation * score + this.innovation * fresh
      stallNs[i] = this.services[kind[i]].sampleNs(score)
    }
  }

  /** Reclaim or compaction, by their shares in the regime of each fault. */
  private drawKinds({ block, count, atNs, kind }: Details): void {
    this.run.open(this.seed, DRAW.weather, block, RUN.kind)
    for (let i = 0; i < count; i++) {
      this.path.seek(atNs[i])
      const reclaims = this.run.at(i) < this.reclaimShare[this.path.state]
      kind[i] = reclaims ? STALL_KIND.of.reclaim : STALL_KIND.of.compaction
    }
  }

  /** Lays the faults of the block, and what hangs over from those before, end to end. */
  private fill(block: number): void {
    const { span, lookBack, runs, rows } = this
    span.fromNs = block * STALL_BLOCK_NS
    span.untilNs = span.fromNs + STALL_BLOCK_NS
    span.count = 0
    // The first block of each class that can matter: one with faults.
    let first = block
    for (let c = 0; c < CLASS_COUNT; c++) {
      let from = Math.max(0, block - lookBack[c])
      while (from < block && this.countOf(from, c) === 0) from++
      this.firstBlock[c] = from
      if (from < first) first = from
    }
    let freeNs = 0
    for (let at = first; at <= block; at++) {
      let runCount = 0
      for (let c = 0; c < CLASS_COUNT; c++) {
        if (at < this.firstBlock[c] || this.countOf(at, c) === 0) continue
        rows[runCount] = 0
        runs[runCount++] = this.detailsOf(at, c)
      }
      freeNs = runCount === 1 ? this.lay(runs[0], freeNs) : this.merge(runCount, freeNs)
    }
  }

  /** Lays one class's faults of a block; gives when the last of them ends. */
  private lay({ count, atNs, stallNs, kind }: Details, fromNs: number): number {
    const { span } = this
    let freeNs = fromNs
    for (let row = 0; row < count; row++) {
      const startNs = Math.max(freeNs, atNs[row])
      freeNs = startNs + stallNs[row]
      if (freeNs > span.fromNs && startNs < span.untilNs && freeNs > startNs) this.push(startNs, freeNs, kind[row])
    }
    return freeNs
  }

  /** Lays several classes' faults of a block in order of time. */
  private merge(runCount: number, fromNs: number): number {
    const { span, runs, rows } = this
    let freeNs = fromNs
    for (;;) {
      let run = -1
      let atNs = Number.POSITIVE_INFINITY
      for (let r = 0; r < runCount; r++) {
        if (rows[r] === runs[r].count || runs[r].atNs[rows[r]] >= atNs) continue
        run = r
        atNs = runs[r].atNs[rows[r]]
      }
      if (run === -1) return freeNs
      const row = rows[run]++
      const startNs = Math.max(freeNs, atNs)
      freeNs = startNs + runs[run].stallNs[row]
      if (freeNs > span.fromNs && startNs < span.untilNs && freeNs > startNs) this.push(startNs, freeNs, runs[run].kind[row])
    }
  }

  private push(startNs: number, endNs: number, kind: number): void {
    const { span } = this
    if (span.count === span.startNs.length) {
      const larger = (from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
        const to = new Float64Array(from.length * 2)
        to.set(from)
        return to
      }
      span.startNs = larger(span.startNs)
      span.endNs = larger(span.endNs)
      const kinds = new Uint8Array(span.kind.length * 2)
      kinds.set(span.kind)
      span.kind = kinds
    }
    span.startNs[span.count] = startNs
    span.endNs[span.count] = endNs
    span.kind[span.count++] = kind
  }
}

function lookBackOf(law: Law): number {
  const longNs = sampleNs(law, 0.9999)
  return longNs < OVERHANG_NS_MIN ? 0 : Math.min(LOOK_BACK_MAX, 1 + Math.ceil(longNs / STALL_BLOCK_NS))
}
