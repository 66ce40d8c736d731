/*
 * One run's whole description as the model takes it: integer ns, bytes per second, lots, ticks; names and units for people
 * are gone. parse.ts makes it from text. Only what decides a ledger is in `market`, `parents`, `policies` and `limits`; `title`, `seedCount`
 * and `report` change what is run and shown, never a run.
 */
import type { ControlOptions } from '../control/options.ts'
import type { ImportOptions } from '../formats/format.ts'
import type { Law } from '../kernel/law.ts'
import type { GeneratorOptions } from '../market/generator-options.ts'
import type { MatchingOptions } from '../market/matching-options.ts'
import type { PathOptions } from '../path/options.ts'
import type { ExecutionOptions, ScheduleOptions, VwapOptions } from '../policy/options.ts'
import type { VolumeCurve } from '../policy/volume-curve.ts'

/** Where a venue's tape comes from. Files are named as the reader may open them. */
export type TapeSource =
  | { readonly kind: 'generate'; readonly options: GeneratorOptions; readonly seed: number }
  | { readonly kind: 'file'; readonly file: string }
  | {
      readonly kind: 'import'
      /** As in formats/formats.ts. */
      readonly format: string
      readonly files: readonly string[]
      readonly options: ImportOptions
    }

export interface VenueOptions {
  readonly name: string
  /** What it quotes; absent: as the tape says. Venues of one symbol quote the same. */
  readonly symbol?: string
  readonly tape: TapeSource
  readonly matching: MatchingOptions
}

/** Parents drawn per seed: ParentDraw of order/parents.ts, but for what only the tapes can say. */
export interface ParentDrawOptions {
  readonly count: number
  readonly quantityLotsMin: number
  readonly quantityLotsMax: number
  readonly roundLots: number
  readonly horizonNsMin: number
  readonly horizonNsMax: number
  readonly sides: 'both' | 'buy' | 'sell'
  /** null = the tapes' common session. */
  readonly windowStartNs: number | null
  readonly windowEndNs: number | null
}

export type ParentsOptions =
  | { readonly kind: 'draw'; readonly draw: ParentDrawOptions }
  | { readonly kind: 'file'; readonly file: string }

/** A recorded run of stalls, to be read and put into `path.host.stalls`. */
export interface StallTraceOptions {
  readonly file: string
  readonly format: 'csv' | 'perf'
  /** Of a perf trace: the thread to take; null = all. */
  readonly thread: string | null
  /** Of a perf trace: services of faults that have no duration. */
  readonly minor: Law
  readonly major: Law
  readonly startNs: number
  /** null = the length of the recording. */
  readonly periodNs: number | null
}

/** Where a VWAP's curve comes from. Oracle: from the very tapes that are traded, so it looks ahead; the others do not. */
export type CurveChoice =
  | { readonly source: 'smile' | 'oracle' }
  | { readonly source: 'file'; readonly file: string }
  | { readonly source: 'tape'; readonly tape: TapeSource }

export interface VwapChoice {
  readonly kind: 'vwap'
  readonly curve: CurveChoice
  readonly binNs: number
}

export type ScheduleChoice = Exclude<ScheduleOptions, VwapOptions> | VwapChoice

/** ExecutionOptions, but for a curve that is still to be read. */
export type ExecutionChoice = Omit<ExecutionOptions, 'schedule'> & { readonly schedule: ScheduleChoice }

/** The execution with its curves read: by venue number, as VwapOptions has them; of no account for another schedule. */
export function withCurves(choice: ExecutionChoice, curves: readonly VolumeCurve[]): ExecutionOptions {
  const { schedule } = choice
  return { ...choice, schedule: schedule.kind === 'vwap' ? { kind: 'vwap', curves } : schedule }
}

/** A user's own policy or controller: the file that makes it, and what it is given. */
export interface ModuleChoice {
  readonly file: string
  readonly options: unknown
}

/** One policy with the world it meets: the scenario's path, but for what the policy itself sets on its own host. */
export interface PolicyChoice {
  readonly name: string
  readonly execution: ExecutionChoice
  /** null = the policies of this program. */
  readonly module: ModuleChoice | null
  readonly control: ControlOptions
  readonly path: PathOptions
}

export interface Scenario {
  readonly name: string
  readonly title: string
  /** First seed; a comparison takes seed, seed + 1, … */
  readonly seed: number
  readonly seedCount: number
  readonly market: { readonly venues: readonly VenueOptions[] }
  readonly parents: ParentsOptions
  readonly path: PathOptions
  readonly stallTrace: StallTraceOptions | null
  /** By name, in the order written. */
  readonly policies: ReadonlyMap<string, PolicyChoice>
  readonly limits: {
    readonly eventCountMax: number
    /** null = when the last parent is done. */
    readonly endNs: number | null
  }
  readonly report: { readonly resamples: number }
}
