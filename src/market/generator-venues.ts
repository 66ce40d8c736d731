/*
 * Several venues of one market: each quotes around the common efficient price as it is known there, gets its share of the market's takes, and
 * has an order flow of its own, keyed by its name. So a venue's tape is the same whichever other venues there are, and shares need not sum to
 * 1: a take may meet two venues, or none. Locked and crossed books across venues come from delays, and end when stale orders are pulled or taken.
 */
import { InputError } from '../kernel/assert.ts'
import { COMMON_OPTIONS } from './efficient-price.ts'
import { generateTape } from './generator.ts'
import type { GeneratorOptions } from './generator-options.ts'
import type { Tape } from './tape.ts'

export interface GeneratedVenue {
  readonly venue: string
  /** Share of the market's takes, limit orders and informed takes, above 0 to 1. */
  readonly marketShare: number
  /** What the market does is met here so much later. */
  readonly followDelayNs: number
  /** Options in which this venue differs; none of COMMON_OPTIONS. */
  readonly options?: Partial<Omit<GeneratorOptions, (typeof COMMON_OPTIONS)[number]>>
}

/** One tape per venue, in their order. Errors: InputError. */
export function generateVenues(options: GeneratorOptions, venues: readonly GeneratedVenue[], seed: number): Tape[] {
  const names = new Set<string>()
  for (const { venue, marketShare, options: own = {} } of venues) {
    if (names.has(venue)) throw new InputError(`generator: the venue ${venue} is there twice; its flow is keyed by its name`)
    names.add(venue)
    if (!(marketShare > 0)) throw new InputError(`generator: marketShare of ${venue} is ${marketShare}; it must be above 0`)
    const common = COMMON_OPTIONS.find((name) => Object.hasOwn(own, name))
    if (common !== undefined)
      throw new InputError(`generator: ${common} of ${venue} belongs to the market; set it for all venues`)
  }
  return venues.map(({ venue, marketShare, followDelayNs, options: own }) =>
    generateTape({ ...options, ...own, venue, marketShare, followDelayNs }, seed)
  )
}
