/*
 * How the mid moves, from its value at every whole second: the volatility signature (root of the mean squared move over a lag, per root
 * second: flat for a random walk, falling where the mid bounces), autocorrelation of moves and of their sizes, and kurtosis (3 for a normal
 * law). Overlapping moves; a second without a two-sided book has no mid, and moves from or to it are left out.
 */
import { float64Column } from '../kernel/column.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { type Figure, figure, mean } from './quantile.ts'
import { autocorrelation } from './take-flow.ts'

export const MOVE_LAGS_SECONDS = [1, 5, 10, 60, 300, 600] as const
/** Fewer moves of a lag that do not overlap give no figure. */
const MOVE_COUNT_MIN = 4

export interface MidMoves {
  /** Ticks per root second at MOVE_LAGS_SECONDS, and in basis points of the mean mid. */
  readonly ticksPerRootSecond: readonly Figure[]
  readonly bpsPerRootSecond: readonly Figure[]
  /** Of moves over 1 s at lag 1 s, of their absolute values at lags of 1 s and 60 s. */
  readonly moveMemory: Figure
  readonly sizeMemory: readonly Figure[]
  /** Of moves over 1 s and 10 s. */
  readonly kurtosis: readonly Figure[]
  readonly meanMidTicks: Figure
  /** Changes of the mid per second. */
  readonly changesPerSecond: Figure
}

export class MidMovesCollector {
  private readonly mids = float64Column(4096)
  private readonly fromNs: number
  private nextNs: number
  private changes = 0
  private last = Number.NaN

  constructor(fromNs: number) {
    this.fromNs = fromNs
    this.nextNs = fromNs
  }

  /** The mid stood so from `tNs` to before `untilNs`; NaN where there is none. */
  add(mid: number, tNs: number, untilNs: number): void {
    if (!Number.isNaN(mid)) {
      if (!Number.isNaN(this.last) && mid !== this.last) this.changes++
      this.last = mid
    }
    while (this.nextNs < untilNs) {
      if (this.nextNs >= tNs) this.mids.push(mid)
      this.nextNs += NS_PER_SECOND
    }
  }

  finish(untilNs: number): MidMoves {
    const mids = this.mids.toArray()
    const known = mids.filter((mid) => !Number.isNaN(mid))
    const meanMid = mean(known)
    const ticks = MOVE_LAGS_SECONDS.map((lag) => rootMove(mids, lag))
    const moves = movesOver(mids, 1).filter((move) => !Number.isNaN(move))
    const sizes = moves.map(Math.abs)
    return {
      ticksPerRootSecond: ticks.map(figure),
      bpsPerRootSecond: ticks.map((move) => figure((move / meanMid) * 1e4)),
      moveMemory: figure(autocorrelation(moves, 1)),
      sizeMemory: [1, 60].map((lag) => figure(autocorrelation(sizes, lag))),
      kurtosis: [1, 10].map((lag) => figure(kurtosis(movesOver(mids, lag).filter((move) => !Number.isNaN(move))))),
      meanMidTicks: figure(meanMid),
      changesPerSecond: figure((this.changes / (untilNs - this.fromNs)) * NS_PER_SECOND)
    }
  }
}

function movesOver(mids: Float64Array, lag: number): Float64Array {
  const moves = new Float64Array(Math.max(0, mids.length - lag))
  for (let i = 0; i < moves.length; i++) moves[i] = mids[i + lag] - mids[i]
  return moves
}

function rootMove(mids: Float64Array, lag: number): number {
  if (mids.length < lag * MOVE_COUNT_MIN) return Number.NaN
  const moves = movesOver(mids, lag).filter((move) => !Number.isNaN(move))
  return Math.sqrt(mean(moves.map((move) => move * move)) / lag)
}

function kurtosis(moves: Float64Array): number {
  const centre = mean(moves)
  const second = mean(moves.map((move) => (move - centre) ** 2))
  return mean(moves.map((move) => (move - centre) ** 4)) / (second * second)
}
