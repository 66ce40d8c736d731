/* Laws of a delay or service time as people write them: `10us`, or a map that names the law. */
import { z } from 'zod'
import type { Law } from '../kernel/law.ts'
import { choose, duration, isMap, namesOf, real, strict } from './fields.ts'

const LAWS = {
  constant: strict({ law: z.literal('constant'), value: duration() }).transform(
    ({ value }): Law => ({ law: 'constant', valueNs: value })
  ),
  uniform: strict({ law: z.literal('uniform'), low: duration(), high: duration() })
    .refine(({ low, high }) => low <= high, { message: 'must be at least low', path: ['high'] })
    .transform(({ low, high }): Law => ({ law: 'uniform', lowNs: low, highNs: high })),
  exponential: strict({ law: z.literal('exponential'), mean: duration(), floor: duration().default(0) }).transform(
    ({ mean, floor }): Law => ({ law: 'exponential', meanNs: mean, floorNs: floor })
  ),
  lognormal: strict({
    law: z.literal('lognormal'),
    median: duration(),
    sigma: real(0, 5),
    floor: duration().default(0)
  }).transform(({ median, sigma, floor }): Law => ({ law: 'lognormal', medianNs: median, sigma, floorNs: floor })),
  'two-part': strict({
    law: z.literal('two-part'),
    median: duration(),
    sigma: real(0, 5),
    tailProbability: real(0, 1),
    tailMedian: duration(),
    tailSigma: real(0, 5)
  }).transform(
    ({ median, sigma, tailProbability, tailMedian, tailSigma }): Law => ({
      law: 'two-part',
      medianNs: median,
      sigma,
      tailProbability,
      tailMedianNs: tailMedian,
      tailSigma
    })
  )
} as const

const CONSTANT = duration().transform((valueNs): Law => ({ law: 'constant', valueNs }))
const NAMED_LAW = z.looseObject({ law: z.enum(namesOf(LAWS)) })

/** `10us`, or `{ law: lognormal, median: 10us, sigma: 0.5 }`. */
export const law = () =>
  choose<Law>(
    (input) => {
      if (!isMap(input)) return CONSTANT
      const known = NAMED_LAW.safeParse(input)
      return known.success ? LAWS[known.data.law] : (NAMED_LAW as unknown as z.ZodType<Law>)
    },
    [CONSTANT, ...Object.values(LAWS)]
  )
