/*
 * The three-branch execution state of the tx-pacing playbook (section 5), estimated as a live host could while it trades: from the branch of
 * each sample to that of the next (transition odds), and from the cost of the fills that were reported in a branch, against the mid at their intent.
 *   E[C] = p_C C_C + p_P C_P + p_B C_B   one sample ahead, C_C <= C_P <= C_B
 * Few observations lean on a prior: as many pseudo-counts and pseudo-fills as said below. Leaves out: markouts of the fills, other
 * causes of cost. Burst risk is what control can still avoid: the odds of a burst at the next sample times its cost over Pacing-Limited.
 */

/** 0 Clean-Flow, 1 Pacing-Limited, 2 Burst-Released. */
export type Branch = 0 | 1 | 2

const BRANCH_COUNT = 3
/** Prior of the transition counts, row by row: branches last for some seconds (assumed). */
const PRIOR_COUNTS = [18, 1.6, 0.4, 6, 12, 2, 4, 6, 10]
/** Prior of the branch costs, bps, with the weight of that many fills (assumed). */
const PRIOR_COST_BPS = [0, 0.5, 1.5]
const PRIOR_FILL_COUNT = 20

export interface BranchEstimate {
  /** Odds of each branch at the next sample; they add up to 1. */
  readonly pacingOdds: number
  readonly burstOdds: number
  readonly expectedCostBps: number
  readonly burstRiskBps: number
}

export class BranchModel {
  private readonly counts = Float64Array.from(PRIOR_COUNTS)
  private readonly costSums = Float64Array.from(PRIOR_COST_BPS, (cost) => cost * PRIOR_FILL_COUNT)
  private readonly fillCounts = new Float64Array(BRANCH_COUNT).fill(PRIOR_FILL_COUNT)
  private branch: Branch = 0

  /** The branch of a sample. */
  observe(branch: Branch): void {
    this.counts[this.branch * BRANCH_COUNT + branch]++
    this.branch = branch
  }

  /** A fill was reported; it counts to the branch of the last sample. */
  onFill(costBps: number): void {
    if (!Number.isFinite(costBps)) return
    this.costSums[this.branch] += costBps
    this.fillCounts[this.branch]++
  }

  estimate(): BranchEstimate {
    const { counts, branch } = this
    const row = branch * BRANCH_COUNT
    const total = counts[row] + counts[row + 1] + counts[row + 2]
    const pacingOdds = counts[row + 1] / total
    const burstOdds = counts[row + 2] / total
    const clean = this.costBps(0)
    const pacing = Math.max(clean, this.costBps(1))
    const burst = Math.max(pacing, this.costBps(2))
    return {
      pacingOdds,
      burstOdds,
      expectedCostBps: (1 - pacingOdds - burstOdds) * clean + pacingOdds * pacing + burstOdds * burst,
      burstRiskBps: burstOdds * (burst - pacing)
    }
  }

  private costBps(branch: Branch): number {
    return this.costSums[branch] / this.fillCounts[branch]
  }
}
