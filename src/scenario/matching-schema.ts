/*
 * How a venue matches, as people write it under market.venues[].matching, and what it resolves to (market/matching-options.ts). Everything
 * may be left out; what is left out is as PLAIN_MATCHING says.
 */
import { z } from 'zod'
import { type MatchingOptions, PLAIN_MATCHING, SELF_MATCH_RULES } from '../market/matching-options.ts'
import type { QueueModelOptions } from '../market/queue-model.ts'
import { choose, isMap, real, span, strict, whole, word } from './fields.ts'

const QUEUE_WORDS = ['risk-averse', 'proportional', 'power', 'log'] as const
const POWER = strict({ model: z.literal('power'), exponent: real(0.01, 20).optional(), form: whole(1, 3).optional() })
const LOG = strict({ model: z.literal('log'), unitLots: real(1e-6, 1e9).optional(), form: whole(1, 2).optional() })
const PLAIN_MODEL = strict({ model: word('risk-averse', 'proportional') })
type QueueInput = z.output<typeof POWER> | z.output<typeof LOG> | z.output<typeof PLAIN_MODEL>

const QUEUE = choose<QueueInput>(
  (input) => {
    if (!isMap(input)) return z.enum(QUEUE_WORDS).transform((model): QueueInput => ({ model }))
    if (input.model === 'power') return POWER
    return input.model === 'log' ? LOG : PLAIN_MODEL
  },
  [z.enum(QUEUE_WORDS), POWER, LOG, PLAIN_MODEL]
)

const NONE = z.literal('none').transform(() => null)
const COLLAR_MAP = strict({
  ticks: whole(0, 1_000_000_000).optional(),
  bps: real(0, 1_000_000).optional(),
  beyond: word('refused', 'limited').optional()
})
const COLLAR = choose<z.output<typeof COLLAR_MAP> | null>(
  (input) => {
    if (!isMap(input)) return NONE
    const hasWidth = Object.hasOwn(input, 'ticks') || Object.hasOwn(input, 'bps')
    return hasWidth ? COLLAR_MAP : 'has no width; give ticks, bps or both'
  },
  [NONE, COLLAR_MAP]
)

const IMPACT_MAP = strict({ halfLife: span(), displacement: real(0, 1000).optional() })
const IMPACT = choose<z.output<typeof IMPACT_MAP> | null>((input) => (isMap(input) ? IMPACT_MAP : NONE), [NONE, IMPACT_MAP])

export const MATCHING = strict({
  queue: QUEUE.optional(),
  fills: word('partial', 'whole').optional(),
  selfMatch: word(...SELF_MATCH_RULES).optional(),
  collar: COLLAR.optional(),
  halted: word('rests', 'refused').optional(),
  impact: IMPACT.optional()
})

export function resolveMatching(input: z.output<typeof MATCHING> | undefined): MatchingOptions {
  if (input === undefined) return PLAIN_MATCHING
  const { queue, collar, impact } = input
  return {
    queue: queue === undefined ? PLAIN_MATCHING.queue : resolveQueue(queue),
    fills: input.fills ?? PLAIN_MATCHING.fills,
    selfMatch: input.selfMatch ?? PLAIN_MATCHING.selfMatch,
    collar:
      collar == null ? null : { widthTicks: collar.ticks ?? 0, widthBps: collar.bps ?? 0, beyond: collar.beyond ?? 'refused' },
    halted: input.halted ?? PLAIN_MATCHING.halted,
    impact: impact == null ? null : { halfLifeNs: impact.halfLife, displacement: impact.displacement ?? 0 }
  }
}

/** Exponent 2 and a unit of one lot are assumed; hftbacktest's examples take 2 and 3. */
function resolveQueue(queue: QueueInput): QueueModelOptions {
  if (queue.model === 'power') return { model: 'power', exponent: queue.exponent ?? 2, form: (queue.form ?? 1) as 1 | 2 | 3 }
  if (queue.model === 'log') return { model: 'log', unitLots: queue.unitLots ?? 1, form: (queue.form ?? 1) as 1 | 2 }
  return { model: queue.model }
}
