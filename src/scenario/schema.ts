/*
 * The whole scenario as people write it. Only `market` is needed; resolve.ts has the defaults of all that is left out.
 */
import { z } from 'zod'
import { CONTROL_ON } from '../control/presets.ts'
import { CLOCKS, CROSSED_RULES, GAP_RULES } from '../formats/format.ts'
import { FORMATS } from '../formats/formats.ts'
import { GENERATOR_PRESETS } from '../market/generator-presets.ts'
import { CLAMP_TARGETS } from '../path/options.ts'
import { derived, switchable } from './derive.ts'
import { executionSchema } from './execution-schema.ts'
import { choose, clock, duration, isMap, namesOf, real, signedDuration, span, strict, text, whole, word } from './fields.ts'
import { MATCHING } from './matching-schema.ts'
import { PATH, QDISC, RETRY, SOCKET, VENUE_PATH } from './path-schema.ts'

const GENERATED_TAPE = strict({
  generate: z.enum(namesOf(GENERATOR_PRESETS)),
  seed: whole(0).optional(),
  open: clock().optional(),
  close: clock().optional(),
  /** Any other option of the generator. */
  options: derived(without(GENERATOR_PRESETS.liquid, ['preset', 'openNs', 'closeNs'])).optional()
})

const TAPE_FILE = strict({ file: text() })

/** A price or quantity step as a decimal; formats say whether it fits their units. */
const STEP = z
  .union([z.string(), z.number()], { error: 'needs a step such as 0.01' })
  .transform(String)
  .refine((value) => /^\d+(\.\d{1,12})?$/.test(value) && Number(value) > 0, 'needs a step above 0, such as 0.01')

const RECORDED = {
  format: z.enum(FORMATS.map(({ name }) => name)),
  symbol: text().optional(),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'needs a date such as 2012-06-21')
    .optional(),
  zone: text().optional(),
  venue: text().optional(),
  tickSize: STEP.optional(),
  lotSize: STEP.optional(),
  open: clock().optional(),
  close: clock().optional(),
  from: clock().optional(),
  to: clock().optional(),
  /** Added to every time of the file; a clock that runs ahead is set back by a minus before the duration. */
  clockOffset: signedDuration().optional(),
  clock: word(...CLOCKS).optional(),
  gaps: word(...GAP_RULES).optional(),
  crossed: word(...CROSSED_RULES).optional()
}

const RECORDED_TAPE = strict({
  ...RECORDED,
  files: choose<readonly string[]>(
    (input) => (Array.isArray(input) ? z.array(text()).min(1) : text().transform((file) => [file])),
    [text(), z.array(text()).min(1)]
  )
})

/** The files of a LOBSTER day by their names. */
const LOBSTER_TAPE = strict({ ...RECORDED, format: z.literal('lobster'), messages: text(), orderbook: text().optional() })

export type RecordedInput = z.output<typeof RECORDED_TAPE> | z.output<typeof LOBSTER_TAPE>
export type TapeInput = z.output<typeof GENERATED_TAPE> | z.output<typeof TAPE_FILE> | RecordedInput

const TAPE = choose<TapeInput>(
  (input) => {
    if (!isMap(input)) return 'needs a map: { generate: liquid }, { file: day.parquet } or { format: lobster, messages: day.csv }'
    if (Object.hasOwn(input, 'generate')) return GENERATED_TAPE
    const isLobster = input.format === 'lobster' && !Object.hasOwn(input, 'files')
    if (isLobster || Object.hasOwn(input, 'messages')) return LOBSTER_TAPE
    if (Object.hasOwn(input, 'format')) return RECORDED_TAPE
    if (Object.hasOwn(input, 'file')) return TAPE_FILE
    return 'says no source; give one of generate, file, or format with its files'
  },
  [GENERATED_TAPE, TAPE_FILE, RECORDED_TAPE, LOBSTER_TAPE]
)

const VENUE = strict({
  name: text().optional(),
  symbol: text().optional(),
  tape: TAPE,
  /** What is its own, over the common path. */
  path: VENUE_PATH.optional(),
  matching: MATCHING.optional()
})

/** [least, most], or one value for both. */
function range<T extends z.ZodType<number>>(entry: T, expected: string) {
  const pair = z.tuple([entry, entry], { error: (issue) => (issue.input === undefined ? undefined : `needs ${expected}`) })
  const lone = entry.transform((value): [number, number] => [value, value])
  return choose<[number, number]>(
    (input) => (Array.isArray(input) ? (pair as unknown as z.ZodType<[number, number]>) : lone),
    [entry, pair]
  )
}

const DRAWN_PARENTS = strict({
  count: whole(1, 1_000_000).optional(),
  quantityLots: range(whole(1, 1_000_000_000), 'two whole numbers, [least, most]').optional(),
  roundLots: whole(1, 1_000_000_000).optional(),
  horizon: range(span(), 'two durations, [least, most]').optional(),
  window: strict({ start: clock().optional(), end: clock().optional() }).optional(),
  sides: word('both', 'buy', 'sell').optional()
})
const LISTED_PARENTS = strict({ file: text() })

export type ParentsInput = z.output<typeof DRAWN_PARENTS> | z.output<typeof LISTED_PARENTS>

const PARENTS = choose<ParentsInput>(
  (input) => (isMap(input) && Object.hasOwn(input, 'file') ? LISTED_PARENTS : DRAWN_PARENTS),
  [DRAWN_PARENTS, LISTED_PARENTS]
)

const EXECUTION = executionSchema(TAPE)

export type ExecutionInput = z.output<typeof EXECUTION>

const CAPACITY = real(0.001, 1e9)
/** Controllers off; deciding but not acting, with or without a recommendation; acting on a share of the parents; on. */
const MODE = z.enum(['off', 'shadow', 'advisory', 'canary', 'on'])
const CONTROL_MAP = strict({
  /** Which controllers run unless they say themselves: all or none. */
  preset: z.enum(['on', 'off']).optional(),
  mode: MODE.optional(),
  /** For mode canary: the share of the parents, and the rules that take it back. */
  canary: derived(CONTROL_ON.canary).optional(),
  /** Of the path to every venue, or by name of the venue. */
  capacityMessagesPerSecond: choose<number | Record<string, number>>(
    (input) => (isMap(input) ? (z.record(text(), CAPACITY) as z.ZodType<Record<string, number>>) : CAPACITY),
    [CAPACITY, z.record(text(), CAPACITY)]
  ).optional(),
  sample: span().optional(),
  /** Each on or off, or a map of thresholds and of `controls`: every control of its playbook by name, on, off, or a map that changes it. */
  transport: switchable(CONTROL_ON.transport).optional(),
  fault: switchable(CONTROL_ON.fault).optional(),
  throttle: switchable(CONTROL_ON.throttle).optional(),
  cancel: switchable(CONTROL_ON.cancel).optional()
})

export type ControlInput = z.output<typeof CONTROL_MAP>

/** YAML 1.2 keeps on and off as words; true and false are taken for the same. */
const CONTROL = choose<ControlInput>(
  (input) => {
    if (isMap(input)) return CONTROL_MAP
    if (typeof input === 'boolean') return z.boolean().transform((on): ControlInput => ({ mode: on ? 'on' : 'off' }))
    return MODE.transform((mode): ControlInput => ({ mode }))
  },
  [MODE, CONTROL_MAP]
)

export const POLICY_NAMES = ['baseline', 'controlled'] as const
const POLICY_WORD = z.enum(POLICY_NAMES)
const POLICY_MAP = strict({
  preset: POLICY_WORD.optional(),
  execution: EXECUTION.optional(),
  /** A file of your own that makes policies, controllers or both; and what it is given: any data. */
  module: text().optional(),
  options: z.json().optional(),
  control: CONTROL.optional(),
  /** What a policy sets on its own host, over the scenario's path. */
  retry: RETRY.optional(),
  session: SOCKET.optional(),
  qdisc: QDISC.optional()
})

export type PolicyInput = z.output<typeof POLICY_MAP>

const POLICY = choose<PolicyInput>(
  (input) => (isMap(input) ? POLICY_MAP : POLICY_WORD.transform((preset): PolicyInput => ({ preset }))),
  [POLICY_WORD, POLICY_MAP]
)

const TARGET = z.enum(CLAMP_TARGETS)
/** `venue`: the name of the venue whose path it is on; without it, on all. */
const WHEN = { target: TARGET, venue: text().optional(), from: clock().optional(), to: clock().optional() }
const FACTOR = real(0, 1e6)
const CLAMPS = {
  factor: strict({ ...WHEN, factor: FACTOR }),
  ramp: strict({ ...WHEN, ramp: z.tuple([FACTOR, FACTOR], { error: 'needs two factors, [first, last]' }) }),
  pulse: strict({ ...WHEN, pulse: strict({ factor: FACTOR, period: span(), on: duration() }) }),
  curve: strict({ ...WHEN, curve: z.array(strict({ at: clock(), factor: FACTOR })).min(1) })
} as const

export type ClampInput = { [K in keyof typeof CLAMPS]: z.output<(typeof CLAMPS)[K]> }[keyof typeof CLAMPS]

const CLAMP = choose<ClampInput>((input) => {
  if (!isMap(input)) return 'needs a map such as { target: throttle.limit, factor: 0.5, from: 09:45, to: 10:00 }'
  const shapes = namesOf(CLAMPS).filter((shape) => Object.hasOwn(input, shape))
  if (shapes.length > 1) return `has both ${shapes[0]} and ${shapes[1]}; a clamp has one shape`
  return shapes.length === 0
    ? 'has no shape; give one of factor, ramp, pulse or curve'
    : (CLAMPS[shapes[0]] as unknown as z.ZodType<ClampInput>)
}, Object.values(CLAMPS))

export const SCENARIO = strict({
  name: text().optional(),
  title: text().optional(),
  seed: whole(0).optional(),
  seeds: whole(1, 1_000_000).optional(),
  market: strict({ venues: z.array(VENUE).min(1).max(32) }),
  parents: PARENTS.optional(),
  path: PATH.optional(),
  policies: z.record(z.string().regex(/^[A-Za-z][\w-]*$/, 'needs letters, digits, - and _'), POLICY).optional(),
  clamps: z.array(CLAMP).max(1000).optional(),
  limits: strict({ eventCountMax: whole(1).optional(), end: clock().optional() }).optional(),
  report: strict({ resamples: whole(1, 1_000_000).optional() }).optional()
})

export type ScenarioInput = z.output<typeof SCENARIO>

function without<T extends object>(options: T, keys: readonly (keyof T)[]): object {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key as keyof T)))
}
