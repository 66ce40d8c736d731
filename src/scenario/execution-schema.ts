/* How a policy works its parents, as people write it: the execution of a policy. */
import { z } from 'zod'
import { EXECUTION_NAMES, SCHEDULES } from './execution-presets.ts'
import {
  choose,
  duration,
  isMap,
  named,
  namesOf,
  numberOrNone,
  real,
  share,
  span,
  strict,
  text,
  whole,
  wholeOrNone,
  word
} from './fields.ts'

/** A number for each venue, by its name. */
export const BY_VENUE = z.record(text(), real(0, 1e9))

const ROUTING = strict({
  rule: word('weighted', 'best-price').optional(),
  weights: BY_VENUE.optional(),
  roundLots: whole(1).optional()
})

export type RoutingInput = z.output<typeof ROUTING>

const CURVE_WORDS = ['smile', 'oracle'] as const

/** Where VWAP's curve comes from: a word, a file, or the tape of another day. */
function curveSchema<T>(tape: z.ZodType<T>) {
  type CurveInput = (typeof CURVE_WORDS)[number] | { file: string } | { tape: T }
  const words = z.enum(CURVE_WORDS)
  const file = strict({ file: text() })
  const day = strict({ tape })
  return choose<CurveInput>(
    (input) => {
      if (!isMap(input)) return words
      if (Object.hasOwn(input, 'file')) return file
      if (Object.hasOwn(input, 'tape')) return day as unknown as z.ZodType<CurveInput>
      return 'says no source; give smile, oracle, { file: volume.csv } or { tape: { file: yesterday.parquet } }'
    },
    [words, file, day]
  )
}

function scheduleSchema<T>(tape: z.ZodType<T>) {
  const participation = real(0, 10)
  const positive = z.number().positive()
  const forms = {
    twap: strict({ kind: z.literal('twap') }),
    /** `bin`: of the curve, where it is counted or drawn. A day must be a multiple of it. */
    vwap: strict({ kind: z.literal('vwap'), curve: curveSchema(tape).optional(), bin: span().optional() }),
    /** Shares of what trades: of a parent that is passive, neutral, urgent. */
    pov: strict({
      kind: z.literal('pov'),
      share: participation.optional(),
      min: participation.optional(),
      max: participation.optional()
    }),
    /** kappa, or the figures that it follows from, in ticks, lots and seconds. */
    'front-loaded': strict({
      kind: z.literal('front-loaded'),
      kappaPerSecond: real(0, 1e6).optional(),
      lambda: real(0, 1e12).optional(),
      sigma: positive.optional(),
      eta: positive.optional(),
      gamma: real(0, 1e12).optional()
    })
  } as const
  const names = z.enum(namesOf(SCHEDULES))
  type ScheduleInput = { [K in keyof typeof forms]: z.output<(typeof forms)[K]> }[keyof typeof forms]
  const lone = names.transform((kind) => ({ kind }) as ScheduleInput)
  const kinds = z.looseObject({ kind: names })
  return choose<ScheduleInput>(
    (input) => {
      if (!isMap(input)) return lone
      const kind = namesOf(forms).find((known) => known === input.kind)
      return (kind === undefined ? kinds : forms[kind]) as unknown as z.ZodType<ScheduleInput>
    },
    [names, ...Object.values(forms)]
  )
}

const URGENCY_WORD = word('passive', 'neutral', 'urgent')
const URGENCY_STEPS = z.array(strict({ after: share(), class: URGENCY_WORD })).max(100)

/** One class throughout, or steps. */
const URGENCY = choose<z.output<typeof URGENCY_STEPS>>(
  (input) => (Array.isArray(input) ? URGENCY_STEPS : URGENCY_WORD.transform((urgency) => [{ after: 0, class: urgency }])),
  [URGENCY_WORD, URGENCY_STEPS]
)

/** A preset's name, or a map that may name one and change it. `tape`: what the tape of another day may be. */
export function executionSchema<T>(tape: z.ZodType<T>) {
  return named('preset', EXECUTION_NAMES, {
    preset: z.enum(EXECUTION_NAMES).optional(),
    schedule: scheduleSchema(tape).optional(),
    slice: span().optional(),
    childLotsMax: whole(1).optional(),
    tactic: word('passive-then-take', 'take', 'join', 'peg').optional(),
    urgency: URGENCY.optional(),
    takeAfterShare: share().optional(),
    takeThroughTicks: whole(0, 1_000_000).optional(),
    limitFromStartTicks: wholeOrNone(0).optional(),
    participationMax: numberOrNone().optional(),
    repriceTicks: whole(1, 1_000_000).optional(),
    minimumRest: duration().optional(),
    reprice: word('replace', 'cancel-new').optional(),
    cancelImbalance: share().optional(),
    catchUp: word('full', 'capped', 'none').optional(),
    catchUpShare: share().optional(),
    finish: duration().optional(),
    /** Over the venues that quote a parent's symbol. `weights`: by name of the venue; one that is left out gets nothing. */
    routing: ROUTING.optional()
  })
}
