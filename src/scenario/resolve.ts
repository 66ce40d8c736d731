/*
 * What people wrote, over the defaults and presets, to the model's options; and the checks that need more than one key. Faults name the
 * key that must change.
 */
import { InputError } from '../kernel/assert.ts'
import { checkGeneratorOptions, type GeneratorOptions } from '../market/generator-options.ts'
import { generatorOptions } from '../market/generator-presets.ts'
import { applied } from './derive.ts'
import { ScenarioFault } from './fault.ts'
import { isMap } from './fields.ts'
import { resolveMatching } from './matching-schema.ts'
import { resolveClamps } from './resolve-clamps.ts'
import { resolvePath } from './resolve-path.ts'
import { resolvePolicies } from './resolve-policy.ts'
import { withVenues } from './resolve-venues.ts'
import type { ParentDrawOptions, ParentsOptions, Scenario, TapeSource, VenueOptions } from './scenario.ts'
import type { ParentsInput, RecordedInput, ScenarioInput, TapeInput } from './schema.ts'
import { venueNames } from './venue-names.ts'

type At = readonly (string | number)[]

/** Assumed: a few hundred to a few thousand lots, minutes to half an hour. */
const DRAW: ParentDrawOptions = {
  count: 20,
  quantityLotsMin: 300,
  quantityLotsMax: 3000,
  roundLots: 100,
  horizonNsMin: 300e9,
  horizonNsMax: 900e9,
  sides: 'both',
  windowStartNs: null,
  windowEndNs: null
}

/** A day of a busy host has some millions; more is a loop that feeds itself. */
const EVENT_COUNT_MAX = 500_000_000

/** Errors: ScenarioFault. `name` is the scenario's when it gives none. */
export function resolve(input: ScenarioInput, name: string): Scenario {
  const seed = input.seed ?? 1
  const venues = resolveVenues(input.market.venues)
  const names = venues.map((venue) => venue.name)
  const { path: common, stallTrace } = resolvePath(input.path, ['path'])
  const ownPaths = input.market.venues.map((venue) => venue.path)
  const path = { ...withVenues(common, input.path, ownPaths), clamps: resolveClamps(input.clamps ?? [], names) }
  return {
    name: input.name ?? name,
    title: input.title ?? input.name ?? name,
    seed,
    seedCount: input.seeds ?? 5,
    market: { venues },
    parents: resolveParents(input.parents),
    path,
    stallTrace,
    policies: resolvePolicies(input.policies ?? {}, path, names, (tape, at) => resolveOtherDay(tape, at, venues)),
    limits: {
      eventCountMax: input.limits?.eventCountMax ?? EVENT_COUNT_MAX,
      endNs: input.limits?.end ?? null
    },
    report: { resamples: input.report?.resamples ?? 1000 }
  }
}

function resolveVenues(given: ScenarioInput['market']['venues']): VenueOptions[] {
  const tapes = given.map(({ tape, symbol }, index) => resolveTape(tape, symbol, index + 1, ['market', 'venues', index, 'tape']))
  const names = venueNames(
    given.map(({ name }, index) => {
      const tape = tapes[index]
      return { given: name, tape: tape.kind === 'generate' ? tape.options.venue : undefined }
    })
  )
  return given.map(({ symbol, matching }, index) => ({
    name: names[index],
    ...(symbol === undefined ? {} : { symbol }),
    tape: tapes[index],
    matching: resolveMatching(matching)
  }))
}

/** Seed of a generated day that is not traded, where none is given. */
const OTHER_DAY_SEED = 1_000_001

/** A day that a schedule learns from: not one that is traded. */
function resolveOtherDay(tape: TapeInput, at: At, venues: readonly VenueOptions[]): TapeSource {
  const source = resolveTape(tape, undefined, OTHER_DAY_SEED, at)
  const traded = venues.find((venue) => JSON.stringify(venue.tape) === JSON.stringify(source))
  if (traded !== undefined)
    throw new ScenarioFault(at, `is the day that ${traded.name} trades; to look ahead write curve: oracle`)
  return source
}

function resolveTape(tape: TapeInput, symbol: string | undefined, seed: number, place: At): TapeSource {
  if ('file' in tape) return { kind: 'file', file: tape.file }
  if ('format' in tape) return resolveRecorded(tape, symbol, place)
  const preset = generatorOptions(tape.generate)
  const options: GeneratorOptions = applied(preset, {
    ...(tape.options ?? {}),
    ...(tape.open === undefined ? {} : { openNs: tape.open }),
    ...(tape.close === undefined ? {} : { closeNs: tape.close }),
    ...(symbol === undefined ? {} : { symbol })
  })
  try {
    checkGeneratorOptions(options)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const at = options.closeNs <= options.openNs ? ['close'] : tape.options === undefined ? [] : ['options']
    const message = options.closeNs <= options.openNs ? 'must be after open' : error.message.replace(/^generator: /, '')
    throw new ScenarioFault([...place, ...at], message)
  }
  return { kind: 'generate', options, seed: tape.seed ?? seed }
}

function resolveRecorded(tape: RecordedInput, symbol: string | undefined, at: At): TapeSource {
  const { open: openNs, close: closeNs, from: fromNs, to: toNs } = tape
  if (openNs !== undefined && closeNs !== undefined && closeNs <= openNs)
    throw new ScenarioFault([...at, 'close'], 'must be after open')
  if (fromNs !== undefined && toNs !== undefined && toNs < fromNs)
    throw new ScenarioFault([...at, 'to'], 'must not be before from')
  const options = {
    symbol: tape.symbol ?? symbol,
    date: tape.date,
    zone: tape.zone,
    venue: tape.venue,
    tick: tape.tickSize,
    lot: tape.lotSize,
    openNs,
    closeNs,
    fromNs,
    toNs,
    clockOffsetNs: tape.clockOffset,
    clock: tape.clock,
    gapRule: tape.gaps,
    crossedRule: tape.crossed
  }
  return {
    kind: 'import',
    format: tape.format,
    files: 'files' in tape ? tape.files : [tape.messages, ...(tape.orderbook === undefined ? [] : [tape.orderbook])],
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  }
}

function resolveParents(parents: ParentsInput | undefined): ParentsOptions {
  if (parents === undefined) return { kind: 'draw', draw: DRAW }
  if ('file' in parents) return { kind: 'file', file: parents.file }
  const [quantityLotsMin, quantityLotsMax] = parents.quantityLots ?? [DRAW.quantityLotsMin, DRAW.quantityLotsMax]
  const [horizonNsMin, horizonNsMax] = parents.horizon ?? [DRAW.horizonNsMin, DRAW.horizonNsMax]
  if (quantityLotsMin > quantityLotsMax) throw new ScenarioFault(['parents', 'quantityLots'], 'has its least above its most')
  if (horizonNsMin > horizonNsMax) throw new ScenarioFault(['parents', 'horizon'], 'has its least above its most')
  const windowStartNs = parents.window?.start ?? null
  const windowEndNs = parents.window?.end ?? null
  if (windowStartNs !== null && windowEndNs !== null) {
    if (windowEndNs <= windowStartNs) throw new ScenarioFault(['parents', 'window', 'end'], 'must be after start')
    if (windowEndNs - windowStartNs < horizonNsMin) {
      throw new ScenarioFault(['parents', 'window'], 'is shorter than the shortest horizon')
    }
  }
  return {
    kind: 'draw',
    draw: {
      count: parents.count ?? DRAW.count,
      quantityLotsMin,
      quantityLotsMax,
      roundLots: parents.roundLots ?? Math.min(DRAW.roundLots, quantityLotsMin),
      horizonNsMin,
      horizonNsMax,
      sides: parents.sides ?? DRAW.sides,
      windowStartNs,
      windowEndNs
    }
  }
}

/** A copy that JSON can hold and that reads back: infinities as "none". For manifests. */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : value > 0 ? 'none' : 'off'
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [key, toPlain(entry)]))
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array)
  if (Array.isArray(value)) return value.map(toPlain)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toPlain(entry)]))
  return value
}
