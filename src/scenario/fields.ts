/*
 * The kinds of values people write in a scenario, each with its way into the model's integers. Every field is a zod schema, so that
 * one description gives the check, the type and the JSON Schema. A bare number where a unit is needed is an
 * error; a bare 0 is not, for nothing is nothing in any unit.
 */
import { z } from 'zod'
import { InputError } from '../kernel/assert.ts'
import {
  parseBytes,
  parseBytesPerSecond,
  parseClockNs,
  parseDurationNs,
  parseTcBytes,
  parseTcBytesPerSecond
} from '../kernel/units.ts'
import { nearest } from './nearest.ts'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

/** What a value is, for messages. */
function describe(input: unknown): string {
  if (input === undefined || input === null) return 'nothing'
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'object') return 'a map of keys'
  if (typeof input === 'string') return `the text "${input}"`
  return String(input)
}

/** "quantity" for what a schema wants, where zod only knows its type. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  tuple: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false'
}

/** One sentence per fault; the place is put before it by the reader of the document. */
export function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = TYPE_WORDS[issue.expected] ?? issue.expected
      return issue.input === undefined ? `is missing; it needs ${wanted}` : `needs ${wanted}, not ${describe(issue.input)}`
    }
    case 'too_small':
      return issue.origin === 'array'
        ? `needs at least ${issue.minimum} entries`
        : `is ${issue.input}; it must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'array'
        ? `has more than ${issue.maximum} entries`
        : `is ${issue.input}; it must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`
    case 'invalid_value': {
      const known = issue.values.map(String)
      const near = typeof issue.input === 'string' ? nearest(issue.input, known) : undefined
      const hint = near === undefined ? '' : `; did you mean ${near}?`
      const one = known.length === 1 ? known[0] : `one of ${known.join(', ')}`
      return issue.input === undefined ? `is missing; it needs ${one}` : `is ${describe(issue.input)}; it needs ${one}${hint}`
    }
    default:
      return issue.input === undefined ? 'is missing' : `cannot be ${describe(issue.input)}`
  }
}

/** A fault's place and sentence. `atKey`: the last part of the path is a key that is not known. */
export interface FieldFault {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly atKey: boolean
}

/** Of a zod issue; the place of an unknown key is the key itself. */
export function faultOf(issue: z.core.$ZodIssue): FieldFault {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  if (issue.code === 'unrecognized_keys') return { path: [...path, issue.keys[0]], message: issue.message, atKey: true }
  return { path, message: issue.message, atKey: issue.code === 'custom' && issue.params?.atKey === true }
}

/** A map with these keys and no others; an unknown key is answered with the nearest known one. */
export function strict<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined
      const near = nearest(String((issue as { keys: readonly string[] }).keys[0]), known)
      return `is not a known key; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`
    }
  })
}

/** A text in a notation with units. `expected` completes "needs …". */
function notation(
  expected: string,
  parse: (text: string) => number,
  nothing: boolean,
  words: Readonly<Record<string, number>> = {}
) {
  const schema = z.union([z.string(), z.number()], {
    error: (issue) =>
      issue.input === undefined ? `is missing; it needs ${expected}` : `needs ${expected}, not ${describe(issue.input)}`
  })
  return schema.transform((input, context) => {
    if (typeof input === 'string' && Object.hasOwn(words, input)) return words[input]
    if (input === 0 && nothing) return 0
    try {
      return parse(String(input))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      context.addIssue({ code: 'custom', message: error.message, input })
      return z.NEVER
    }
  })
}

/** "250us" to ns. */
export const duration = () => notation('a duration such as 250us', safely(parseDurationNs), true)

/** "250us" or "-250us" to ns. */
export const signedDuration = () =>
  notation(
    'a duration such as 250us or -250us',
    safely((text) => (text.startsWith('-') ? -parseDurationNs(text.slice(1)) : parseDurationNs(text))),
    true
  )

/** "250us" to ns, at least 1 ns. */
export const span = () => duration().refine((ns) => ns > 0, 'must be longer than 0')

/** "250us" or none (Infinity). */
export const durationOrNone = () =>
  notation('a duration such as 250us, or none', safely(parseDurationNs), true, { none: Infinity })

/** "200kB/s" or "2mbit" to bytes per second, above 0. */
export const rate = () =>
  notation('a rate such as 200kB/s or 2mbit', parseBytesPerSecond, false).refine((value) => value > 0, 'must be above 0')

/** A rate, or none (Infinity). */
export const rateOrNone = () =>
  notation('a rate such as 200kB/s or 2mbit, or none', parseBytesPerSecond, false, { none: Infinity }).refine(
    (value) => value > 0,
    'must be above 0; write none to leave it out'
  )

/** "64KiB" to bytes. */
export const size = () => notation('a size such as 64KiB or 200B', safely(parseBytes), true)

/** A rate as tc(8) writes it ("2mbit"; a bare number is bits per second) or in bytes per second ("200000B/s"), above 0. */
export const tcRate = () =>
  notation('a rate such as 2mbit or 200000B/s', parseTcBytesPerSecond, false).refine((value) => value > 0, 'must be above 0')

/** A size as tc(8) writes it ("20kb"; a bare number is bytes). */
export const tcSize = () => notation('a size such as 3028 or 20kb', safely(parseTcBytes), true)

/** "09:30" to ns since midnight. */
export const clock = () => notation('a time of day such as 09:30', parseClockNs, false)

export const whole = (low: number, high = Number.MAX_SAFE_INTEGER) => z.int().min(low).max(high)

export const real = (low: number, high: number) => z.number().min(low).max(high)

export const share = () => real(0, 1)

export const flag = () => z.boolean()

export const text = () => z.string().min(1, 'must not be empty')

export const word = <const W extends readonly [string, ...string[]]>(...words: W) => z.enum(words)

/** A whole number, or none (Infinity). */
export const wholeOrNone = (low: number) =>
  choose((input) => (input === 'none' ? NONE : whole(low)), [z.literal('none'), whole(low)])

/** A number of at least 0, or none (Infinity). */
export const numberOrNone = () =>
  choose((input) => (input === 'none' ? NONE : z.number().min(0)), [z.literal('none'), z.number().min(0)])

const NONE = z.literal('none').transform(() => Infinity)

function safely(parse: (text: string) => number): (text: string) => number {
  return (text) => {
    const value = parse(text)
    if (!Number.isSafeInteger(value)) throw new InputError(`"${text}" is too large to be exact`)
    return value
  }
}

const branches = new WeakMap<z.core.$ZodType, readonly z.core.$ZodType[]>()

/**
 * One of several schemas, chosen by looking at the input; so a fault is told against the form that was meant. `pick` gives the schema or a message.
 */
export function choose<T>(pick: (input: unknown) => z.ZodType<T> | string, forms: readonly z.core.$ZodType[]) {
  const schema = z.unknown().transform((input, context): T => {
    const picked = pick(input)
    if (typeof picked === 'string') {
      context.addIssue({ code: 'custom', message: picked, input })
      return z.NEVER
    }
    const result = picked.safeParse(input, { error: messageOf })
    if (result.success) return result.data
    for (const { path, message, atKey } of result.error.issues.map(faultOf)) {
      context.issues.push({ code: 'custom', message, path: [...path], input, params: { atKey } })
    }
    return z.NEVER
  })
  branches.set(schema.in, forms)
  return schema
}

/** The forms of a `choose`, for the JSON Schema. */
export function formsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] | undefined {
  return branches.get(schema)
}

/** True for a map of keys. */
export function isMap(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

/** `base` with what `patch` gives. */
export function overlay<T extends object>(base: T, patch: { readonly [K in keyof T]?: T[K] | undefined } | undefined): T {
  if (patch === undefined) return base
  return { ...base, ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) }
}

type Words = readonly [string, ...string[]]

/** Names of a table of presets. */
export function namesOf<T extends object>(presets: T): readonly [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(presets) as unknown as [keyof T & string, ...(keyof T & string)[]]
}

/** A preset's name alone, or a map that may name one and change it. */
export function named<W extends Words, S extends z.core.$ZodLooseShape>(key: 'preset' | 'kind', names: W, shape: S) {
  const name = z.enum(names)
  const map = strict(shape)
  const lone = name.transform((given) => ({ [key]: given }) as unknown as z.output<typeof map>)
  return choose<z.output<typeof map>>((input) => (isMap(input) ? map : lone), [name, map])
}
