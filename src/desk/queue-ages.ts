/*
 * Queue-Age Decay (QAD, page-fault playbook): how much younger resting orders are than in calm times. Age, the host's proxy of queue rank: since
 * an order or its last replace was sent, so an order that is moved begins anew. Calm: samples in which faults did not come in bursts.
 * Leaves out: ranks (only the venue has them), sizes.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { ParentDesk } from './parent-desk.ts'
import { Window } from './window.ts'

/** Variance-to-mean of fault counts below which a sample is calm (assumed: recorded clean regimes are near 0.9). */
const CALM_SCORE_MAX = 5
/** Calm samples before there is a reference; samples of the window before they say something (assumed). */
const CALM_COUNT_MIN = 60
const COUNT_MIN = 5

export class QueueAges {
  private readonly ages = new Window(10 * NS_PER_SECOND)
  private calmSum = 0
  private calmCount = 0

  /** A sample of the orders that rest now; gives the decay, NaN where it is not known. */
  sample(nowNs: number, faultBurstScore: number, parents: readonly ParentDesk[]): number {
    let sumNs = 0
    let count = 0
    for (const parent of parents) {
      for (const order of parent.orders) {
        if (!order.passive || order.state !== 'live') continue
        sumNs += nowNs - order.sentNs
        count++
      }
    }
    if (count > 0) {
      this.ages.add(nowNs, sumNs / count)
      if (!(faultBurstScore >= CALM_SCORE_MAX)) {
        this.calmSum += sumNs / count
        this.calmCount++
      }
    }
    const sampled = this.ages.trim(nowNs)
    if (sampled < COUNT_MIN || this.calmCount < CALM_COUNT_MIN || this.calmSum === 0) return Number.NaN
    return 1 - this.ages.sum() / sampled / (this.calmSum / this.calmCount)
  }
}
