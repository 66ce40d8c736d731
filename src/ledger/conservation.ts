/*
 * Nothing is lost: every stage counts what entered and how it left, and a run checks the sums at its end.
 */
import { assert } from '../kernel/assert.ts'

/** entered = left + rejected + dropped + held, for messages, reports, tasks or packets alike. */
export interface StageCount {
  readonly stage: string
  readonly entered: number
  readonly left: number
  readonly rejected: number
  readonly dropped: number
  /** Still inside when the run ended. */
  readonly held: number
}

/** Throws InvariantError for the first stage whose sum does not hold. */
export function checkConservation(stages: readonly StageCount[]): void {
  for (const { stage, entered, left, rejected, dropped, held } of stages) {
    assert(
      entered === left + rejected + dropped + held,
      `${stage} lost something: ${entered} entered, ${left} left, ${rejected} rejected, ${dropped} dropped, ${held} held`
    )
  }
}
