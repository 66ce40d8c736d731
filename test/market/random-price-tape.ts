/*
 * Small random tapes by price (T5), and the matchings to try on them. Dense in what is rare in real ones: equal times, levels that go and come, trades
 * at, through and between prices, halts, clears, crosses, locked and crossed books. Prices stay near 100.
 */
import { openStream } from '../../src/kernel/random.ts'
import { type MatchingOptions, PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import type { QueueModelOptions } from '../../src/market/queue-model.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { TEST_HEADER } from './random-tape.ts'

const KIND = ROW_KIND.of
const CENTRE = 100
const SPAN = 5

export const QUEUE_MODELS: readonly QueueModelOptions[] = [
  { model: 'risk-averse' },
  { model: 'proportional' },
  { model: 'power', exponent: 3, form: 1 },
  { model: 'power', exponent: 0.5, form: 2 },
  { model: 'power', exponent: 2, form: 3 },
  { model: 'log', unitLots: 1, form: 1 },
  { model: 'log', unitLots: 40, form: 2 }
]

export const MATCHINGS_BY_PRICE: readonly MatchingOptions[] = QUEUE_MODELS.flatMap((queue) => [
  { ...PLAIN_MATCHING, queue },
  { ...PLAIN_MATCHING, queue, fills: 'whole' as const }
])

/** A valid tape by price of `rowCount` rows. `crossing`: share of level-sets that may lock or cross. Equal arguments, equal tapes. */
export function randomPriceTape(seed: number, rowCount = 200, crossing = 0.1): Tape {
  const { next } = openStream(seed, 'random-price-tape')
  const below = (bound: number): number => Math.floor(next() * bound)
  const builder = new TapeBuilder(256)
  /** Twice the middle between the two sides: bids below it, asks above it, most of the time. */
  let middle = 2 * CENTRE + 1
  let tNs = 1000
  while (builder.count < rowCount) {
    if (next() < 0.6) tNs += 1 + below(40)
    if (next() < 0.05) middle += 2 * below(3) - 2
    middle = Math.min(2 * (CENTRE + SPAN) - 1, Math.max(2 * (CENTRE - SPAN) + 1, middle))
    const side = next() < 0.5 ? 1 : -1
    const away = next() < crossing ? -1 : below(4)
    const ticks = Math.floor((middle - side) / 2 + (side === 1 ? 0 : 1)) - side * away
    const luck = next()
    if (luck < 0.62) builder.push(tNs, KIND['level-set'], side, ticks, next() < 0.25 ? 0 : below(25), 0)
    else if (luck < 0.97) builder.push(tNs, KIND.trade, side, ticks, 1 + below(9), 0, next() < 0.1 ? ROW_FLAG.between : 0)
    else if (luck < 0.98) builder.push(tNs, KIND.clear, side, 0, 0, 0)
    else if (luck < 0.985) builder.push(tNs, KIND.cross, side, ticks, below(50), 0)
    else builder.push(tNs, luck < 0.99 ? KIND.halt : KIND.resume, side, 0, 0, 0)
  }
  return builder.finish({ ...TEST_HEADER, book: 'by-price' })
}
