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
import { normalQuantile } from '../kernel/elementary.ts'
import { type Law, meanNs, sampleNs } from '../kernel/law.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { ClampSchedule } from './clamp.ts'
import type { StallOptions } from './options.ts'
import { PoissonTable, poissonCount } from './poisson.ts'
import { ScoreTable } from './quantile-table.ts'
import { checkRegimes, RegimePath } from './regime-path.ts'
import type { FaultCounts, StallSource, StallSpan } from './stall-span.ts'

const STALL_BLOCK_NS = 10_000_000
const CHUNK_BLOCKS = 128
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

type GeneratedOptions = Extract<StallOptions, { kind: 'generated' }>

/** Counts of 128 blocks. */
interface Chunk {
  index: number
  /** Faults of class c in block i: count[c * CHUNK_BLOCKS + i]. */
  readonly count: Uint32Array
  minorTotal: number
  majorTotal: number
}

/** Faults of one class in one block, sorted by time. */
interface Details {
  block: number
  count: number
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
  private readonly lookBackMax: number
  private readonly chunks: (Chunk | null)[] = new Array<Chunk | null>(CHUNK_SLOTS).fill(null)
  private readonly details: (Details | null)[] = new Array<Details | null>(BLOCK_SLOTS * CLASS_COUNT).fill(null)
  /** Scratch of `fill`: the classes' rows of one block, and how far each is merged. */
  private readonly runs: Details[] = []
  private readonly rows = new Int32Array(CLASS_COUNT)
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
    this.lookBackMax = Math.max(...this.lookBack)
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
    for (let w = 0; w < windowCount; w++) {
      let sum = 0
      for (let block = first + w * blocks; block < first + (w + 1) * blocks; block++) {
        const { count } = this.chunkOf(block)
        const row = block % CHUNK_BLOCKS
        sum += count[row] + count[CHUNK_BLOCKS + row] + count[2 * CHUNK_BLOCKS + row]
      }
      out[w] = sum
    }
    return Math.max(0, windowCount)
  }

  /** Counts of the whole blocks first .. last - 1. */
  private addBlocks(first: number, last: number, out: FaultCounts): void {
    let block = first
    while (block < last) {
      const chunk = this.chunkOf(block)
      const row = block % CHUNK_BLOCKS
      if (row === 0 && block + CHUNK_BLOCKS <= last) {
        out.minor += chunk.minorTotal
        out.major += chunk.majorTotal
        block += CHUNK_BLOCKS
        continue
      }
      out.minor += chunk.count[row] + chunk.count[2 * CHUNK_BLOCKS + row]
      out.major += chunk.count[CHUNK_BLOCKS + row]
      block++
    }
  }

  /** Adds `sign` times the faults of a block up to and including `ns`. */
  private addPart(block: number, ns: number, sign: number, out: FaultCounts): void {
    for (let c = 0; c < CLASS_COUNT; c++) {
      if (this.countOf(block, c) === 0) continue
      const { atNs, count } = this.detailsOf(block, c)
      let rows = 0
      while (rows < count && atNs[rows] <= ns) rows++
      if (c === MAJOR) out.major += sign * rows
      else out.minor += sign * rows
    }
  }

  private countOf(block: number, c: number): number {
    return this.chunkOf(block).count[c * CHUNK_BLOCKS + (block % CHUNK_BLOCKS)]
  }

  private chunkOf(block: number): Chunk {
    const index = Math.floor(block / CHUNK_BLOCKS)
    const slot = index % CHUNK_SLOTS
    let chunk = this.chunks[slot]
    if (chunk !== null && chunk.index === index) return chunk
    if (chunk === null) {
      chunk = { index, count: new Uint32Array(CHUNK_BLOCKS * CLASS_COUNT), minorTotal: 0, majorTotal: 0 }
      this.chunks[slot] = chunk
    }
    chunk.index = index
    chunk.minorTotal = 0
    chunk.majorTotal = 0
    const { path, seed } = this
    const { count } = chunk
    for (let row = 0; row < CHUNK_BLOCKS; row++) {
      const at = index * CHUNK_BLOCKS + row
      const startNs = at * STALL_BLOCK_NS
      path.seek(startNs)
      const whole = path.untilNs >= startNs + STALL_BLOCK_NS
      const { state } = path
      const factor = this.clamped ? this.clamps.factorAt('host.faults', startNs) : 1
      for (let c = 0; c < CLASS_COUNT; c++) {
        let events = 0
        if (whole && factor === 1) {
          if (this.rate[state * CLASS_COUNT + c] > 0) {
            events = this.tables[state * CLASS_COUNT + c].count(keyedUniform(seed, DRAW.weather, at, 0x5741, c))
          }
        } else {
          const mean = this.blockMean(at, c, factor)
          if (mean > 0) events = poissonCount(mean, keyedUniform(seed, DRAW.weather, at, 0x5741, c))
        }
        count[c * CHUNK_BLOCKS + row] = events
        if (c === MAJOR) chunk.majorTotal += events
        else chunk.minorTotal += events
      }
    }
    return chunk
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
    const slot = (block % BLOCK_SLOTS) * CLASS_COUNT + c
    let details = this.details[slot]
    if (details !== null && details.block === block) return details
    const count = this.countOf(block, c)
    if (details === null || details.atNs.length < count) {
      const capacity = Math.max(32, 2 * count)
      details = {
        block,
        count,
        atNs: new Float64Array(capacity),
        stallNs: new Float64Array(capacity),
        kind: new Uint8Array(capacity)
      }
      this.details[slot] = details
    }
    details.block = block
    details.count = count
    this.drawTimes(details, c)
    this.drawServices(details, c)
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
    for (let i = 0; i < count; i++) {
      const u = keyedUniform(this.seed, DRAW.weather, block, 0x5742 + c, i)
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
    const { block, count, atNs, stallNs, kind } = details
    let score = 0
    for (let i = 0; i < count; i++) {
      const u = keyedUniform(this.seed, DRAW.weather, block, 0x5746 + c, i)
      const fresh = normalQuantile(u < 2 ** -33 ? 2 ** -33 : u)
      score = i === 0 ? fresh : this.correlation * score + this.innovation * fresh
      let k = c === MINOR ? STALL_KIND.of.minor : STALL_KIND.of.major
      if (c === OTHER) {
        this.path.seek(atNs[i])
        const reclaims = keyedUniform(this.seed, DRAW.weather, block, 0x574a, i) < this.reclaimShare[this.path.state]
        k = reclaims ? STALL_KIND.of.reclaim : STALL_KIND.of.compaction
      }
      kind[i] = k
      stallNs[i] = this.services[k].sampleNs(score)
    }
  }

  /** Lays the faults of the block, and what hangs over from those before, end to end. */
  private fill(block: number): void {
    const { span, lookBack } = this
    const blockStartNs = block * STALL_BLOCK_NS
    const blockEndNs = blockStartNs + STALL_BLOCK_NS
    span.fromNs = blockStartNs
    span.untilNs = blockEndNs
    span.count = 0
    let freeNs = 0
    for (let at = Math.max(0, block - this.lookBackMax); at <= block; at++) {
      const { runs, rows } = this
      runs.length = 0
      for (let c = 0; c < CLASS_COUNT; c++) {
        rows[c] = 0
        if (at >= block - lookBack[c] && this.countOf(at, c) > 0) runs.push(this.detailsOf(at, c))
      }
      for (;;) {
        let run = -1
        for (let r = 0; r < runs.length; r++) {
          if (rows[r] < runs[r].count && (run === -1 || runs[r].atNs[rows[r]] < runs[run].atNs[rows[run]])) run = r
        }
        if (run === -1) break
        const row = rows[run]++
        const startNs = Math.max(freeNs, runs[run].atNs[row])
        const endNs = startNs + runs[run].stallNs[row]
        freeNs = endNs
        if (endNs > blockStartNs && startNs < blockEndNs && endNs > startNs) this.push(startNs, endNs, runs[run].kind[row])
      }
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
