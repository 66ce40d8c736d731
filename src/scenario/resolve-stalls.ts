/*
 * Stalls from what was written to what the model takes. A regime that gives no rate is the preset's of that name, with its bursts, onset
 * and laws, and may change the dwell; one that gives a rate stands alone. A law given for a kind holds in all regimes.
 */
import type { FaultKind, FaultRates, StallOptions, StallRegime, StallService } from '../path/options.ts'
import { ScenarioFault } from './fault.ts'
import { overlay } from './fields.ts'
import type { StallTraceOptions } from './scenario.ts'
import { STALL_PRESETS } from './stall-presets.ts'
import type { RatesInput, RegimeInput, StallsInput } from './stall-schema.ts'

const KINDS = ['minor', 'major', 'reclaim', 'compaction'] as const satisfies readonly FaultKind[]

type Generated = Extract<StallOptions, { kind: 'generated' }>
type At = readonly (string | number)[]

export interface ResolvedStalls {
  readonly options: StallOptions
  readonly trace: StallTraceOptions | null
}

/** Errors: ScenarioFault for keys that do not go together. */
export function resolveStalls(base: StallOptions, given: StallsInput | undefined, at: At): ResolvedStalls {
  if (given === undefined) return { options: base, trace: null }
  const { preset, trace, start, period, format, thread, regimes, ...laws } = given
  if (trace !== undefined) return { options: { kind: 'none' }, trace: resolveTrace(given, trace, at) }
  for (const key of ['format', 'thread', 'start', 'period'] as const) {
    if (given[key] !== undefined) throw new ScenarioFault([...at, key], 'is for a trace; give trace: file')
  }
  const options = preset === undefined ? base : STALL_PRESETS[preset]
  const changes = Object.entries({ regimes, ...laws }).filter(([, value]) => value !== undefined)
  if (changes.length === 0) return { options, trace: null }
  const generated = options.kind === 'generated' || preset !== undefined ? options : STALL_PRESETS['storm-file']
  if (generated.kind !== 'generated') throw new ScenarioFault([...at, changes[0][0]], 'has no effect when preset is none')
  const kept = regimes?.map((regime, row) => resolveRegime(generated, regime, [...at, 'regimes', row])) ?? generated.regimes
  return { options: overlay({ ...generated, regimes: kept.map((regime) => relawed(regime, laws)) }, laws), trace: null }
}

function resolveTrace(given: StallsInput, file: string, at: At): StallTraceOptions {
  const { start, period, format, thread, minor, major } = given
  const allowed = ['trace', 'format', 'start', 'period', ...(format === 'perf' ? ['thread', 'minor', 'major'] : [])]
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || allowed.includes(key)) continue
    const isPerf = ['thread', 'minor', 'major'].includes(key)
    const why = isPerf
      ? 'has no effect on a trace that is not of format: perf'
      : 'has no effect beside trace; leave one of them out'
    throw new ScenarioFault([...at, key], why)
  }
  const laws = STALL_PRESETS['storm-file']
  if (laws.kind !== 'generated') throw new ScenarioFault(at, 'has no laws for a perf trace')
  return {
    file,
    format: format ?? 'csv',
    thread: thread ?? null,
    minor: minor ?? laws.minor,
    major: major ?? laws.major,
    startNs: start ?? 0,
    periodNs: period ?? null
  }
}

function isAlone(regime: RegimeInput): boolean {
  const { minorPerSecond, majorPerSecond, reclaimPerSecond, compactionPerSecond } = regime
  return [minorPerSecond, majorPerSecond, reclaimPerSecond, compactionPerSecond].some((rate) => rate !== undefined)
}

function resolveRegime(generated: Generated, given: RegimeInput, at: At): StallRegime {
  const { name, dwellMean, dwell, burst, onset } = given
  if (burst !== undefined && onset !== undefined) throw new ScenarioFault([...at, 'onset'], 'has no effect beside burst')
  const base = generated.regimes.find((regime) => regime.name === name)
  const alone = isAlone(given)
  if (!alone && base === undefined) {
    throw new ScenarioFault([...at, 'minorPerSecond'], `is missing; the preset has no regime ${name} to take it from`)
  }
  if (alone && dwellMean === undefined) throw new ScenarioFault([...at, 'dwellMean'], 'is missing; for example 3s')
  const start = alone || base === undefined ? null : base
  const modulation =
    burst !== undefined
      ? { burst: { ...resolveRates(burst), dwellMeanNs: burst.dwellMean, gapMeanNs: burst.gapMean } }
      : onset !== undefined
        ? { onset: { ...resolveRates(onset), holdNs: onset.hold, decayNs: onset.decay } }
        : { ...(start?.burst && { burst: start.burst }), ...(start?.onset && { onset: start.onset }) }
  const rates = start === null ? resolveRates(given) : { ...ratesOf(start), ...tuned(given) }
  return {
    name,
    ...rates,
    ...modulation,
    dwellMeanNs: dwellMean ?? base?.dwellMeanNs ?? 0,
    ...(dwell !== undefined && { dwell })
  }
}

function ratesOf({ minorPerSecond, majorPerSecond, reclaimPerSecond, compactionPerSecond, ...rest }: StallRegime): FaultRates {
  const { dispersion, services } = rest
  return {
    minorPerSecond,
    majorPerSecond,
    reclaimPerSecond,
    compactionPerSecond,
    ...(dispersion && { dispersion }),
    ...(services && { services })
  }
}

function resolveRates(given: RatesInput): FaultRates {
  return {
    minorPerSecond: given.minorPerSecond ?? 0,
    majorPerSecond: given.majorPerSecond ?? 0,
    reclaimPerSecond: given.reclaimPerSecond ?? 0,
    compactionPerSecond: given.compactionPerSecond ?? 0,
    ...tuned(given)
  }
}

function tuned({ dispersion, services }: RatesInput): Pick<FaultRates, 'dispersion' | 'services'> {
  return { ...(dispersion && { dispersion: present(dispersion) }), ...(services && { services: present(services) }) }
}

/** Only the keys that were given. */
function present<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

type Laws = Partial<Pick<StallsInput, FaultKind | 'serialCorrelation'>>

/** A regime whose own services give way to the laws and the correlation given for all. */
function relawed(regime: StallRegime, laws: Laws): StallRegime {
  const services = replaced(regime.services, laws)
  const burst = regime.burst && { ...regime.burst, ...replaced(regime.burst.services, laws) }
  const onset = regime.onset && { ...regime.onset, ...replaced(regime.onset.services, laws) }
  return { ...regime, ...services, ...(burst && { burst }), ...(onset && { onset }) }
}

function replaced(services: FaultRates['services'], laws: Laws): Pick<FaultRates, 'services'> {
  if (services === undefined) return {}
  const kept: Partial<Record<FaultKind, StallService>> = {}
  for (const kind of KINDS) {
    const service = services[kind]
    if (service === undefined || laws[kind] !== undefined) continue
    kept[kind] = laws.serialCorrelation === undefined ? service : { ...service, serialCorrelation: laws.serialCorrelation }
  }
  return { services: kept }
}
