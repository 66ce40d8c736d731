/*
 * The reject hazard of the throttle playbook (section 2) on the path to one venue, as its desk can estimate it:
 *   P(reject) = 1 / (1 + exp(-(a0 + a1 rho + a2 burst + a3 jitter + a4 stress)))
 * The weights begin as given and follow the answers that are read, one gradient step of the log-likelihood per sample, never below 0 but for
 * a0 (more load is never safer). Burst: messages in the fullest 100 ms over what the path takes in a second. Jitter: standard deviation of answer
 * latency over itself and the mean. Stress: share of the last answers that were refusals by a risk gate. Leaves out: reasons, single messages.
 */
import { logistic } from '../kernel/elementary.ts'

export interface HazardWeights {
  readonly intercept: number
  readonly utilisation: number
  readonly burst: number
  readonly jitter: number
  readonly stress: number
}

export interface HazardFeatures {
  readonly rho: number
  readonly burst: number
  readonly jitter: number
  readonly stress: number
}

/** Assumed: large enough to learn in minutes, small enough that one bad second does not rule. */
const STEP = 0.02
/** A gradient of many answers in one sample counts as that of this many. */
const ANSWER_COUNT_MAX = 25

/** Weights within what a logistic of shares can mean. */
const WEIGHT_MAX = 20

export class RejectHazard {
  private intercept: number
  private utilisation: number
  private burst: number
  private jitter: number
  private stress: number
  private last: HazardFeatures | null = null

  constructor(weights: HazardWeights) {
    this.intercept = weights.intercept
    this.utilisation = weights.utilisation
    this.burst = weights.burst
    this.jitter = weights.jitter
    this.stress = weights.stress
  }

  /** Odds of a refusal under these features. */
  odds({ rho, burst, jitter, stress }: HazardFeatures): number {
    return logistic(this.intercept + this.utilisation * rho + this.burst * burst + this.jitter * jitter + this.stress * stress)
  }

  /** Answers read since the sample before, which met the features of that sample; then the odds under the features of now. */
  sample(features: HazardFeatures, answerCount: number, rejectCount: number): number {
    const { last } = this
    if (last !== null && answerCount > 0) {
      const scale = Math.min(1, ANSWER_COUNT_MAX / answerCount)
      const error = STEP * scale * (rejectCount - answerCount * this.odds(last))
      this.intercept = bounded(this.intercept + error, -WEIGHT_MAX)
      this.utilisation = bounded(this.utilisation + error * last.rho, 0)
      this.burst = bounded(this.burst + error * last.burst, 0)
      this.jitter = bounded(this.jitter + error * last.jitter, 0)
      this.stress = bounded(this.stress + error * last.stress, 0)
    }
    this.last = features
    return this.odds(features)
  }
}

function bounded(weight: number, low: number): number {
  return Math.min(WEIGHT_MAX, Math.max(low, weight))
}
