/*
 * The work of others at a server, as weather: the unfinished work of a Poisson stream of strangers (M/G/1 with the server's own service
 * law) is a function of (seed, time) only, made where it is asked for, from an empty server so far back that the start is forgotten: four
 * relaxation times, s / (1 - sqrt rho)^2 for M/M/1 (Abate and Whitt 1987), more for laws that vary more. When a clamp slows the server
 * below its load, the older backlog is carried as a fluid (rho - factor per ns) and the recent part exactly.
 * Guarantee: at constant load the mean work met at a random instant is the Pollaczek-Khinchine mean, short of it by 0.5 % at most. Assumed: strangers are
 * Poisson and of our law; neither they nor their luck answers to what we do.
 */
import { assert, InputError } from '../kernel/assert.ts'
import { type Law, meanNs, sampleNs } from '../kernel/law.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { CapacityClock } from './clamp.ts'
import { type UniformTable, uniformTableOf } from './quantile-table.ts'

/** The mean that is missing after four: measured 0.5 % at load .3, 0.1 % at .6 and .9. */
const RELAXATIONS = 4
/** Loads above this look back no farther; the fluid carries the rest. */
const LOAD_MAX = 0.95
const BLOCK_ARRIVALS = 8
/** Poisson of mean 8: more has odds of 1e-33. */
const ARRIVALS_MAX = 64
/** A gap of mean 1 in parts fine enough that the law's whole numbers lose nothing. */
const GAP_PARTS = 2 ** 40
const GAP: Law = { law: 'exponential', meanNs: GAP_PARTS }

export class BackgroundLoad {
  readonly load: number
  private readonly seed: number
  private readonly salt: number
  private readonly clock: CapacityClock
  private readonly service: UniformTable
  private readonly gap: UniformTable
  private readonly gapScale: number
  private readonly relaxationNs: number
  private readonly unclamped: boolean
  private readonly blockNs: number
  private readonly workMaxNs: number
  /** Fluid backlog at the start of each piece of the clock. */
  private readonly fluidNs: Float64Array
  /** Arrivals of the block laid out last; their services are drawn where they are met. */
  private readonly arrivals = new Float64Array(ARRIVALS_MAX + 1)
  private block = -1
  /** First arrival not met when the block was last walked. */
  private row = 0
  private blockKey = 0

  /**
   * `salt` tells servers of one seed apart. `workMaxNs` bounds the strangers' work (their queue is full there). Errors: InputError for a
   * load outside [0, 1).
   */
  constructor(law: Law, load: number, seed: number, salt: number, clock: CapacityClock, workMaxNs: number) {
    if (!(load >= 0 && load < 1)) {
      throw new InputError(`a background load of ${load} cannot be; give a share of the server's time from 0 to below 1`)
    }
    this.load = meanNs(law) > 0 ? load : 0
    this.seed = seed
    this.salt = salt
    this.clock = clock
    this.service = uniformTableOf(law)
    this.relaxationNs = meanNs(law) * Math.max(1, (1 + squaredVariation(law)) / 2)
    this.unclamped = clock.startNs.length === 0
    this.workMaxNs = workMaxNs
    const meanGapNs = this.load > 0 ? meanNs(law) / this.load : 1
    this.gap = uniformTableOf(GAP)
    this.gapScale = meanGapNs / GAP_PARTS
    this.blockNs = Math.max(1, Math.ceil(BLOCK_ARRIVALS * meanGapNs))
    const { startNs, factors } = clock
    this.fluidNs = new Float64Array(startNs.length)
    for (let i = 1; i < startNs.length; i++) {
      const grown = this.fluidNs[i - 1] + (startNs[i] - startNs[i - 1]) * (this.load - factors[i - 1])
      this.fluidNs[i] = Math.min(workMaxNs, Math.max(0, grown))
    }
  }

  /** How far back the start of the server is forgotten, under the clock's factor at `ns`. */
  horizonNs(ns: number): number {
    const factor = this.clock.factorAt(ns)
    const load = factor > 0 ? Math.min(LOAD_MAX, this.load / factor) : LOAD_MAX
    const rest = 1 - Math.sqrt(load)
    return (RELAXATIONS * this.relaxationNs) / (rest * rest) / (factor > 0 ? Math.min(1, factor) : 1)
  }

  /** Strangers' unfinished work at `ns`, in ns of unclamped service. */
  workAt(ns: number): number {
    if (this.load === 0) return 0
    const fromNs = Math.max(0, ns - Math.ceil(this.horizonNs(ns)))
    return this.workAfter(fromNs, this.fluidAt(fromNs), ns)
  }

  /**
   * Work at `toNs` of a server that had `work` at `fromNs` (after what arrived then), with the strangers that arrive
   * in (fromNs, toNs]. Over more than the horizon the work that was there is carried as a fluid.
   */
  workAfter(fromNs: number, work: number, toNs: number): number {
    const { clock, unclamped } = this
    if (this.load === 0) return Math.max(0, work - (clock.workAt(toNs) - clock.workAt(fromNs)))
    const { arrivals, service } = this
    const limitNs = Math.max(work, this.workMaxNs)
    let left = work
    let done = clock.workAt(fromNs)
    const lastBlock = Math.floor(toNs / this.blockNs)
    for (let block = Math.floor(fromNs / this.blockNs); block <= lastBlock; block++) {
      if (block !== this.block) this.layOut(block)
      const key = this.blockKey
      let row = this.row
      if (row > 0 && arrivals[row - 1] > fromNs) row = 0
      while (arrivals[row] <= fromNs) row++
      for (; arrivals[row] <= toNs; row++) {
        const now = unclamped ? arrivals[row] : clock.workAt(arrivals[row])
        left -= now - done
        if (left < 0) left = 0
        const serviceNs = service.sampleNs(scramble(key, 2 * row + 1))
        if (left + serviceNs <= limitNs) left += serviceNs
        done = now
      }
      this.row = row
    }
    return Math.max(0, left - (clock.workAt(toNs) - done))
  }

  /** Work at `toNs` of a server that had `work` at `fromNs`, own work included: exact over a horizon, beyond it as said above. */
  workSince(fromNs: number, work: number, toNs: number): number {
    if (this.load === 0 || toNs - fromNs <= this.horizonNs(toNs)) return this.workAfter(fromNs, work, toNs)
    const carried = work + this.load * (toNs - fromNs) - (this.clock.workAt(toNs) - this.clock.workAt(fromNs))
    return Math.max(this.workAt(toNs), Math.min(carried, Math.max(work, this.workMaxNs)))
  }

  /** Fluid backlog of the strangers. */
  private fluidAt(ns: number): number {
    const piece = this.clock.pieceAt(ns)
    if (piece === -1) return 0
    const grown = this.fluidNs[piece] + (ns - this.clock.startNs[piece]) * (this.load - this.clock.factors[piece])
    return Math.min(this.workMaxNs, Math.max(0, grown))
  }

  /** Fills `arrivals` with the block's, in order, and Infinity behind them. The Poisson stream has no memory: it begins anew in each block. */
  private layOut(block: number): void {
    const { arrivals, gap, gapScale } = this
    const key = (keyedUniform(this.seed, DRAW.weather, block, this.salt) * 4294967296) | 0
    let arrivalNs = block * this.blockNs
    const endNs = arrivalNs + this.blockNs
    let row = 0
    for (;;) {
      arrivalNs += gap.sampleNs(scramble(key, 2 * row)) * gapScale
      if (arrivalNs >= endNs) break
      assert(row < ARRIVALS_MAX, 'a block of strangers has no more than its arrays hold')
      arrivals[row++] = arrivalNs
    }
    arrivals[row] = Number.POSITIVE_INFINITY
    this.block = block
    this.row = 0
    this.blockKey = key
  }
}

/** A uniform number in [0, 1): a Weyl sequence from a block's key through Murmur3's finaliser (one keyed draw per block, not per arrival). */
function scramble(key: number, row: number): number {
  let h = (key + Math.imul(row + 1, 0x9e3779b9)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Variance over squared mean of a law, from its quantiles; good to a few per cent, which is enough for a horizon. */
function squaredVariation(law: Law): number {
  const cells = 1024
  let sum = 0
  let squares = 0
  for (let i = 0; i < cells; i++) {
    const ns = sampleNs(law, (i + 0.5) / cells)
    sum += ns
    squares += ns * ns
  }
  return sum > 0 ? (cells * squares) / (sum * sum) - 1 : 0
}
