/*
 * Laws sampled fast for weather, where one block may need hundreds of draws. A table holds the law's quantiles on a grid of standard
 * normal scores (uniform numbers for `UniformTable`) and interpolates between them; below the grid's resolution the law
 * itself is asked. Relative error of a lognormal with sigma 2 below 2e-4, far under what a sampled delay can show.
 */
import { normalQuantile } from '../kernel/elementary.ts'
import { type Law, sampleNs } from '../kernel/law.ts'

const SCORE_MAX = 7
const U_MIN = 2 ** -33
const U_MAX = 1 - U_MIN
const PER_UNIT = 64
const SCORE_COUNT = 2 * SCORE_MAX * PER_UNIT + 1

let probabilities: Float64Array | null = null

/** Normal distribution function on the score grid, by bisection of the quantile: a constant, made once per process. */
function normalGrid(): Float64Array {
  if (probabilities !== null) return probabilities
  const grid = new Float64Array(SCORE_COUNT)
  const middle = SCORE_MAX * PER_UNIT
  let high = 0.5
  for (let i = 0; i <= middle; i++) {
    const score = -i / PER_UNIT
    let low = high / 4
    let top = high
    for (let step = 0; step < 30; step++) {
      const p = (low + top) / 2
      if (normalQuantile(p) < score) low = p
      else top = p
    }
    high = i === 0 ? 0.5 : top
    grid[middle - i] = high
    grid[middle + i] = 1 - high
  }
  probabilities = grid
  return grid
}

/** A law's value at a standard normal score: the Gaussian copula's side of a delay. */
export class ScoreTable {
  /** No score gives more. */
  readonly longestNs: number
  private readonly values = new Float64Array(SCORE_COUNT)

  constructor(law: Law) {
    const grid = normalGrid()
    let longest = 0
    for (let i = 0; i < SCORE_COUNT; i++) {
      const value = sampleNs(law, grid[i])
      this.values[i] = value
      if (value > longest) longest = value
    }
    this.longestNs = longest
  }

  /** Whole ns; scores beyond +-7 count as 7. */
  sampleNs(score: number): number {
    const x = (score + SCORE_MAX) * PER_UNIT
    if (!(x > 0)) return this.values[0]
    if (x >= SCORE_COUNT - 1) return this.values[SCORE_COUNT - 1]
    const row = x | 0
    const low = this.values[row]
    return Math.floor(low + (this.values[row + 1] - low) * (x - row))
  }
}

let scores: Float64Array | null = null
const SCORE_CELLS = 4096
/** Cells at either end where the quantile itself is asked. */
const SCORE_END_CELLS = 64

/** Standard normal score of a uniform number in [0, 1), by a table: off by at most 1.1e-5, and at most 6.4 away from 0. */
export function normalScore(u: number): number {
  if (scores === null) {
    scores = new Float64Array(SCORE_CELLS + 1)
    for (let i = 1; i < SCORE_CELLS; i++) scores[i] = normalQuantile(i / SCORE_CELLS)
  }
  const x = u * SCORE_CELLS
  const row = x | 0
  if (row < SCORE_END_CELLS || row >= SCORE_CELLS - SCORE_END_CELLS) return normalQuantile(u < U_MIN ? U_MIN : u)
  const low = scores[row]
  return low + (scores[row + 1] - low) * (x - row)
}

const CELLS = 1024
/** Cells at either end that are divided again: a tail bends too much for a straight line. */
const END_CELLS = 16
/** Divisions of one of them. */
const PARTS = 64
const END_PARTS = END_CELLS * PARTS
/** Parts at the very ends where the law itself is asked: one draw in two thousand. */
const LAW_PARTS = 16

const tables = new WeakMap<Law, UniformTable>()

/** The table of a law, made once for all worlds that share the law's object. */
export function uniformTableOf(law: Law): UniformTable {
  let table = tables.get(law)
  if (table === undefined) {
    table = new UniformTable(law)
    tables.set(law, table)
  }
  return table
}

/** A law's value at a uniform number, for streams of independent draws. */
export class UniformTable {
  private readonly law: Law
  private readonly values = new Float64Array(CELLS + 1)
  private readonly lowValues = new Float64Array(END_PARTS + 1)
  private readonly highValues = new Float64Array(END_PARTS + 1)

  constructor(law: Law) {
    this.law = law
    for (let i = 0; i < CELLS; i++) this.values[i] = sampleNs(law, i / CELLS)
    for (let i = 0; i <= END_PARTS; i++) {
      this.lowValues[i] = sampleNs(law, i / (CELLS * PARTS))
      this.highValues[i] = sampleNs(law, Math.min(U_MAX, 1 - (END_PARTS - i) / (CELLS * PARTS)))
    }
  }

  /** A real number of ns, not rounded. */
  sampleNs(u: number): number {
    const x = u * CELLS
    const row = x | 0
    // The plus says that it is a number: without it the compiler boxes the result of every call, this path or the other.
    if (row < END_CELLS || row >= CELLS - END_CELLS) return +this.endNs(u, x)
    const low = this.values[row]
    return low + (this.values[row + 1] - low) * (x - row)
  }

  private endNs(u: number, x: number): number {
    const isLow = x < END_CELLS
    const y = (isLow ? x : x - (CELLS - END_CELLS)) * PARTS
    const row = y | 0
    if (isLow ? row < LAW_PARTS : row >= END_PARTS - LAW_PARTS) return sampleNs(this.law, u)
    const values = isLow ? this.lowValues : this.highValues
    return values[row] + (values[row + 1] - values[row]) * (y - row)
  }
}
