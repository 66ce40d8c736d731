/* Where a stage hands on: stages hold no reference to one another, they schedule an event at a target. */
export interface Hop {
  readonly target: number
  readonly kind: number
  readonly phase: number
}
