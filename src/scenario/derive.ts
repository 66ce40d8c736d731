/*
 * A schema out of a set of options in the model's units, for rooms whose options are many and flat: the unit at the end of an option's name
 * decides how people write it. `stallNs: 250000` becomes `stall: '250us'`; `clock` names (openNs) become times of day. Every key may
 * be left out; `applied` puts what was given over the set.
 */
import { z } from 'zod'
import {
  choose,
  clock,
  duration,
  durationOrNone,
  flag,
  isMap,
  numberOrNone,
  overlay,
  rateOrNone,
  real,
  size,
  strict,
  text,
  wholeOrNone
} from './fields.ts'

/** Names that are instants of the day, not spans. */
const CLOCKS = new Set(['openNs', 'closeNs', 'dayOpenNs', 'dayCloseNs'])

export const isClock = (key: string): boolean => CLOCKS.has(key)

interface Field {
  /** As people write it. */
  readonly name: string
  readonly schema: z.ZodType
}

/** The unit is taken out of the name where it stands (`jitterNsMax` becomes `jitterMax`); `band` passes it on to what it holds. */
function field(key: string, value: unknown, inherited: string): Field {
  const unit = /(Ns|BytesPerSecond|Bytes)(?=Max$|Min$|$)/.exec(key)?.[0] ?? inherited
  const name = unit === '' ? key : key.replace(unit, '')
  if (Array.isArray(value)) return { name, schema: entries(value, unit) }
  if (isMap(value) && typeof value.enabled === 'boolean') return { name, schema: switchable(value) }
  if (isMap(value)) return { name, schema: derived(value, unit) }
  if (typeof value === 'boolean') return { name, schema: flag() }
  if (typeof value === 'string') return { name, schema: text() }
  if (isClock(key)) return { name, schema: clock() }
  // A threshold of none switches its feature off.
  if (key === 'enter' || key === 'exit') return { name, schema: unit === 'Ns' ? durationOrNone() : numberOrNone() }
  if (unit === 'Ns') return { name, schema: duration() }
  if (unit === 'BytesPerSecond') return { name, schema: rateOrNone() }
  if (unit === 'Bytes') return { name, schema: size() }
  if (/Count(Max)?$/.test(key)) return { name, schema: wholeOrNone(0) }
  return { name, schema: value === Infinity ? numberOrNone() : real(-NUMBER_MAX, NUMBER_MAX) }
}

/** Ranges of their own are checked by the room whose options these are. */
const NUMBER_MAX = 1e12

/** Options that can be off: the word on or off (true and false are taken for the same), or a map of what they are. */
export function switchable(options: object): z.ZodType<object> {
  const map = derived(options)
  const switched = z.union([z.enum(['on', 'off']), z.boolean()]).transform((on) => ({ enabled: on === 'on' || on === true }))
  return choose<object>((input) => (isMap(input) ? map : switched), [z.enum(['on', 'off']), map])
}

/** A list of fixed length is written as a map by position: `1: {…}`. */
function entries(values: readonly unknown[], unit: string): z.ZodType {
  return derived(Object.fromEntries(values.map((value, index) => [String(index), value])), unit)
}

/** The schema for overrides of `options`; its output is the model's names and units, only what was given. */
export function derived(options: object, unit = ''): z.ZodType<object> {
  const fields = Object.entries(options).map(([key, value]) => ({ key, ...field(key, value, unit) }))
  const shape = Object.fromEntries(fields.map(({ name, schema }) => [name, schema.optional()]))
  const keyOf = new Map(fields.map(({ key, name }) => [name, key]))
  return strict(shape).transform((given) =>
    Object.fromEntries(
      Object.entries(given)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [keyOf.get(name) ?? name, value])
    )
  )
}

/** `base` with what was given over it, at every depth. */
export function applied<T extends object>(base: T, given: object): T {
  const merged: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given)) {
    const old = (base as Readonly<Record<string, unknown>>)[key]
    if (Array.isArray(old) && isMap(value)) {
      merged[key] = old.map((entry, index) =>
        Object.hasOwn(value, index) ? applied(entry as object, value[index] as object) : entry
      )
    } else merged[key] = isMap(old) && isMap(value) ? applied(old, value) : value
  }
  return overlay(base, merged as Partial<T>)
}
