/* How parents are worked: what a scenario's policy resolves to. */
import type { RoutingOptions } from './routing.ts'

export interface ExecutionOptions {
  readonly schedule: 'twap'
  /** Length of one slice of the schedule. */
  readonly sliceNs: number
  /** Lots of one child at most; a slice larger than this is sent as several children. */
  readonly childLotsMax: number
  readonly tactic: 'passive-then-take' | 'take' | 'join'
  /** Share of the slice after which what is unfilled is taken, 0..1 (passive-then-take). */
  readonly takeAfterShare: number
  /** Takes may pay up to this many ticks through the touch. */
  readonly takeThroughTicks: number
  /** Passive orders are repriced when the touch has left them by at least this many ticks; and have rested this long. */
  readonly repriceTicks: number
  readonly minimumRestNs: number
  readonly reprice: 'replace' | 'cancel-new'
  /** Cancel a passive order when the book turns: size imbalance against it beyond this (0..1; 1 = never). */
  readonly cancelImbalance: number
  /** After a pause: the whole deficit at once, a share per decision, or none before the end. */
  readonly catchUp: 'full' | 'capped' | 'none'
  readonly catchUpShare: number
  /** Take what is left this long before the end; 0 = never. */
  readonly finishNs: number
  /** Over the venues that quote the parent's symbol. Default: EQUAL_ROUTING of routing.ts. */
  readonly routing?: RoutingOptions
}
