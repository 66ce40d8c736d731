/*
 * Normal scores of blocks of time that remember each other: a stationary Gauss-Markov sequence with autocorrelation e^(-lag / correlation),
 * as a pure function of (seed, key, block). Lévy's construction of a bridge: knots far apart are independent scores; the score midway between two
 * known ones is a (left + right) + s z with a keyed z, so any block is made alone from at most `LEVEL_COUNT_MAX` draws, and the next
 * one from two on average. Every score is standard normal; the autocorrelation is off by at most 2e-7, what knots would still
 * share. Source: Glasserman, Monte Carlo Methods in Financial Engineering (2003), section 3.1, with the covariance of AR(1).
 */
import { assert } from '../kernel/assert.ts'
import { exp } from '../kernel/elementary.ts'
import { DRAW, KeyedRun, keyedUniform } from '../kernel/random.ts'
import { normalScore } from './quantile-table.ts'

/** Correlation times between knots at least: e^-16 = 1.1e-7. */
const KNOT_CORRELATIONS = 16
/** Block numbers within a knot's span stay below 2^30. */
const LEVEL_COUNT_MAX = 30
/** The longest memory there can be, in blocks: 67 million. */
export const CORRELATION_BLOCKS_MAX = 2 ** LEVEL_COUNT_MAX / KNOT_CORRELATIONS

export class CorrelatedScores {
  private readonly seed: number
  private readonly key: number
  /** Blocks from knot to knot: 2^levelCount. */
  private readonly levelCount: number
  private readonly knotBlocks: number
  /** By level: share of each end in the score midway, and spread of what is new there. */
  private readonly endShare: Float64Array
  private readonly spread: Float64Array
  private readonly run = new KeyedRun()
  /** The way down to the last block asked for: scores at both ends of its interval, by level. */
  private readonly left: Float64Array
  private readonly right: Float64Array
  private knot = -1
  private offset = 0

  /** `correlationBlocks`: the lag in blocks at which the autocorrelation is 1/e; above 0, at most CORRELATION_BLOCKS_MAX. */
  constructor(seed: number, key: number, correlationBlocks: number) {
    assert(correlationBlocks > 0 && correlationBlocks <= CORRELATION_BLOCKS_MAX, 'weather has a memory that can be held')
    let levelCount = 0
    while (2 ** levelCount < KNOT_CORRELATIONS * correlationBlocks) levelCount++
    this.seed = seed
    this.key = key
    this.levelCount = levelCount
    this.knotBlocks = 2 ** levelCount
    this.endShare = new Float64Array(levelCount)
    this.spread = new Float64Array(levelCount)
    this.left = new Float64Array(levelCount + 1)
    this.right = new Float64Array(levelCount + 1)
    for (let level = 0; level < levelCount; level++) {
      // Correlation over half of the interval and over all of it.
      const half = exp(-(2 ** (levelCount - level - 1)) / correlationBlocks)
      const whole = half * half
      this.endShare[level] = half / (1 + whole)
      this.spread[level] = Math.sqrt((1 - whole) / (1 + whole))
    }
  }

  /** Score of a block (a whole number of at least 0). */
  scoreAt(block: number): number {
    const { levelCount, endShare, spread, left, right } = this
    const knot = Math.floor(block / this.knotBlocks)
    const offset = block - knot * this.knotBlocks
    let level: number
    if (knot === this.knot) level = levelCount - (32 - Math.clz32(offset ^ this.offset))
    else {
      this.knot = knot
      this.run.open(this.seed, DRAW.weather, knot, this.key)
      left[0] = this.knotScore(knot)
      right[0] = this.knotScore(knot + 1)
      level = 0
    }
    this.offset = offset
    for (; level < levelCount; level++) {
      const isRight = (offset >>> (levelCount - level - 1)) & 1
      // Nodes are numbered as in a heap: level by level, from the left.
      const node = (1 << level) + (offset >>> (levelCount - level))
      const middle = endShare[level] * (left[level] + right[level]) + spread[level] * normalScore(this.run.at(node))
      left[level + 1] = isRight === 1 ? middle : left[level]
      right[level + 1] = isRight === 1 ? right[level] : middle
    }
    return left[levelCount]
  }

  private knotScore(knot: number): number {
    return normalScore(keyedUniform(this.seed, DRAW.weather, knot, this.key))
  }
}
