/*
 * A law of sizes from quantiles: round lots of 100 where a fifth of the sizes or more are multiples of it, the rest lognormal through the
 * two lowest quantiles, which the odd sizes make; without round lots lognormal through the quartiles. By moments, in one step.
 */
import { exp, ln, normalQuantile } from '../kernel/elementary.ts'
import type { SizeLaw } from '../market/generator-options.ts'
import type { Figure } from '../metrics/quantile.ts'

export interface SizeFacts {
  /** Quantiles 5 %, 25 %, 50 %, 75 %, 95 %, in lots. */
  readonly lots: readonly Figure[]
  readonly lotsMean: Figure
  /** Share of multiples of 100, and of exactly 100. */
  readonly hundredsShare: Figure
  readonly hundredShare: Figure
}

const ROUND_LOTS = 100
const ROUND_SHARE_MIN = 0.2

/** `otherwise` when there are no sizes. */
export function fitSizes(facts: SizeFacts, otherwise: SizeLaw): SizeLaw {
  const [p05, p25, p50, p75, p95] = facts.lots
  const { lotsMean, hundredsShare, hundredShare } = facts
  if (p05 === null || p25 === null || p50 === null || p75 === null || p95 === null || lotsMean === null) return otherwise
  const lotsMax = Math.max(1, Math.round(20 * Math.max(p95, lotsMean)))
  if (hundredsShare === null || hundredsShare < ROUND_SHARE_MIN || hundredsShare > 0.98) {
    const oddSigma = p25 < p75 ? (ln(p75) - ln(p25)) / (2 * normalQuantile(0.75)) : 0
    return { roundLots: 1, roundShare: 0, nextRoundProbability: 0, oddMedianLots: p50, oddSigma, lotsMax }
  }
  const oddShare = 1 - hundredsShare
  // Odd sizes lie below 100 for the most part, so the lowest quantiles are theirs.
  const low = normalQuantile(Math.min(0.4, 0.05 / oddShare))
  const high = normalQuantile(Math.min(0.9, 0.25 / oddShare))
  const oddSigma = p05 < p25 && p25 < ROUND_LOTS ? Math.min(1.2, (ln(p25) - ln(p05)) / (high - low)) : otherwise.oddSigma
  const nextRoundProbability = hundredShare === null ? otherwise.nextRoundProbability : 1 - hundredShare / hundredsShare
  return {
    roundLots: ROUND_LOTS,
    roundShare: hundredsShare,
    nextRoundProbability: Math.min(0.95, Math.max(0, nextRoundProbability)),
    oddMedianLots: Math.max(1, exp(ln(Math.min(p25, ROUND_LOTS)) - high * oddSigma)),
    oddSigma,
    lotsMax: Math.max(lotsMax, ROUND_LOTS)
  }
}
