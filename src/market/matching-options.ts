/* What a venue's matching leaves to choose: the options of the rules from M11 on (market.ts). */
import type { QueueModelOptions } from './queue-model.ts'

export interface MatchingOptions {
  /** M11: of a tape by price only. */
  readonly queue: QueueModelOptions
  /** M12. */
  readonly fills: 'partial' | 'whole'
}

/** What is in force where nothing is said. */
export const PLAIN_MATCHING: MatchingOptions = { queue: { model: 'risk-averse' }, fills: 'partial' }
