/* How parents are worked: what a scenario's policy resolves to. Plain data. */
import type { RoutingOptions } from './routing.ts'
import type { UrgencyStep } from './urgency.ts'
import type { VolumeCurve } from './volume-curve.ts'

export interface TwapOptions {
  readonly kind: 'twap'
}

export interface VwapOptions {
  readonly kind: 'vwap'
  /** By venue number, a parent's being that of its first venue; a venue without one has the first. At least one. */
  readonly curves: readonly VolumeCurve[]
}

export interface PovOptions {
  readonly kind: 'pov'
  /** Shares of the volume seen, of a passive, neutral and urgent parent: 0 <= min <= share <= max. */
  readonly min: number
  readonly share: number
  readonly max: number
}

/** Almgren and Chriss: kappa, or what it follows from, in ticks, lots and seconds. */
export type FrontLoadedOptions = { readonly kind: 'front-loaded' } & (
  | { readonly kappaPerSecond: number }
  | {
      /** Risk aversion, per tick and lot: the trader minimises cost + lambda * variance, cost in ticks * lots. */
      readonly lambda: number
      /** Volatility, ticks per square root of a second. */
      readonly sigma: number
      /** Temporary impact, ticks per (lot per second); permanent impact, ticks per lot. */
      readonly eta: number
      readonly gamma: number
    }
)

export type ScheduleOptions = TwapOptions | VwapOptions | PovOptions | FrontLoadedOptions

/**
 * Join: rests at the own side's best and stays in its queue. Peg: follows that best by `repriceTicks` and `minimumRestNs`. Take: crosses at once.
 * Passive-then-take: pegs for a share of the slice, then crosses.
 */
export type Tactic = 'join' | 'peg' | 'take' | 'passive-then-take'

export interface ExecutionOptions {
  readonly schedule: ScheduleOptions
  /** Length of one slice of the schedule. */
  readonly sliceNs: number
  /** Lots of one child at most; a slice larger than this is sent as several children. */
  readonly childLotsMax: number
  readonly tactic: Tactic
  /** Over the parent's life; none = neutral throughout. */
  readonly urgency: readonly UrgencyStep[]
  /** Share of the slice after which what is unfilled is taken, 0..1 (passive-then-take). */
  readonly takeAfterShare: number
  /** Takes may pay up to this many ticks through the touch. */
  readonly takeThroughTicks: number
  /** No price beyond the other side's best of the parent's first look by more than this; Infinity = only the parent's own limit holds. */
  readonly limitFromStartTicks: number
  /** Filled and working lots at most, as a share of the volume seen since the parent's first look; Infinity = no cap. */
  readonly participationMax: number
  /** Resting orders that follow the touch are repriced when it has left them by at least this many ticks; and have rested this long. */
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
