/*
 * How much a parent is in a hurry, over its life. Passive: nothing crosses the spread before the finish, whatever the tactic. Neutral: as the
 * tactic says. Urgent: what is due crosses at once. A step holds from its share of the parent's time on, until the next one.
 */
import type { ParentOrder } from '../order/parent.ts'

export type Urgency = 'passive' | 'neutral' | 'urgent'

export interface UrgencyStep {
  /** Share of the parent's time, 0..1; steps are in ascending order. */
  readonly after: number
  readonly urgency: Urgency
}

export class UrgencyPath {
  private readonly fromNs: readonly number[]
  private readonly steps: readonly UrgencyStep[]
  /** Of the last step that has come; -1 = none. */
  private at = -1

  /** Before the first step it is neutral. */
  constructor(parent: ParentOrder, steps: readonly UrgencyStep[]) {
    this.steps = steps
    this.fromNs = steps.map(({ after }) => parent.startNs + Math.ceil((parent.endNs - parent.startNs) * after))
  }

  /** Instants in order of time. */
  advanceTo(nowNs: number): void {
    while (this.nextNs <= nowNs) this.at++
  }

  get now(): Urgency {
    return this.at < 0 ? 'neutral' : this.steps[this.at].urgency
  }

  /** When the step in force began; NaN before the first. */
  get sinceNs(): number {
    return this.at < 0 ? Number.NaN : this.fromNs[this.at]
  }

  /** When the next step comes; Infinity = there is none. */
  get nextNs(): number {
    return this.at + 1 < this.steps.length ? this.fromNs[this.at + 1] : Number.POSITIVE_INFINITY
  }
}
