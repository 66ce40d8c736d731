/* What a venue's matching leaves to choose: the options of the rules from M11 on (market.ts). */
import type { QueueModelOptions } from './queue-model.ts'

/** Beyond the collar an order is refused, or gets the collar for its limit. The width is that of the reference's ticks and bps, the wider of them. */
export interface CollarOptions {
  readonly widthTicks: number
  readonly widthBps: number
  readonly beyond: 'refused' | 'limited'
}

/** M16: what a world took comes back, and more than it took goes away. */
export interface ImpactOptions {
  /** Half of what was taken is offered again after this; Infinity: it stays taken (M3). */
  readonly halfLifeNs: number
  /** Lots that others withdraw for each lot that an order takes on arrival. */
  readonly displacement: number
}

export const SELF_MATCH_RULES = ['allowed', 'cancel-newest', 'cancel-oldest', 'cancel-both'] as const

export interface MatchingOptions {
  /** M11: of a tape by price only. */
  readonly queue: QueueModelOptions
  /** M12. */
  readonly fills: 'partial' | 'whole'
  /** M13. */
  readonly selfMatch: (typeof SELF_MATCH_RULES)[number]
  /** M14; null = none. */
  readonly collar: CollarOptions | null
  /** M15: what an order meets that arrives in a halt. */
  readonly halted: 'rests' | 'refused'
  /** M16; null = none. */
  readonly impact: ImpactOptions | null
}

/** What is in force where nothing is said. */
export const PLAIN_MATCHING: MatchingOptions = {
  queue: { model: 'risk-averse' },
  fills: 'partial',
  selfMatch: 'allowed',
  collar: null,
  halted: 'rests',
  impact: null
}
