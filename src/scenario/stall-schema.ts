/*
 * Stalls as people write them: a preset's name; or a map that starts from a preset and says its own regimes and laws; or a recording.
 * resolve-stalls.ts says what goes together.
 */
import { z } from 'zod'
import { duration, named, namesOf, real, span, strict, text, word } from './fields.ts'
import { law } from './law-schema.ts'
import { STALL_PRESETS } from './stall-presets.ts'

const correlation = () => real(0, 0.999)
const perSecond = () => real(0, 1e6).optional()

const SERVICE = strict({ law: law(), serialCorrelation: correlation().default(0) })

const RATES = {
  minorPerSecond: perSecond(),
  majorPerSecond: perSecond(),
  reclaimPerSecond: perSecond(),
  compactionPerSecond: perSecond(),
  dispersion: strict({
    minor: real(0.05, 1e3).optional(),
    major: real(0.05, 1e3).optional(),
    reclaim: real(0.05, 1e3).optional()
  }).optional(),
  services: strict({
    minor: SERVICE.optional(),
    major: SERVICE.optional(),
    reclaim: SERVICE.optional(),
    compaction: SERVICE.optional()
  }).optional()
}

const REGIME = strict({
  name: word('clean', 'warming', 'storm', 'recovery'),
  ...RATES,
  dwellMean: span().optional(),
  dwell: word('exponential', 'constant').optional(),
  burst: strict({ ...RATES, dwellMean: span(), gapMean: span() }).optional(),
  onset: strict({ ...RATES, hold: duration(), decay: span() }).optional()
})

export const STALLS = named('preset', namesOf(STALL_PRESETS), {
  preset: z.enum(namesOf(STALL_PRESETS)).optional(),
  /** A recording instead: its file, where it starts in the day, and how often it is repeated. */
  trace: text().optional(),
  /** csv when left out; perf is the text of `perf trace -F`, whose faults without a duration are served by the laws `minor` and `major`. */
  format: word('csv', 'perf').optional(),
  /** Of a perf trace: the one thread whose faults stall the host, by its number. All of the trace when left out. */
  thread: text().optional(),
  start: duration().optional(),
  period: span().optional(),
  regimes: z.array(REGIME).min(1).optional(),
  minor: law().optional(),
  major: law().optional(),
  reclaim: law().optional(),
  compaction: law().optional(),
  serialCorrelation: correlation().optional()
})

export type StallsInput = z.output<typeof STALLS>
export type RegimeInput = z.output<typeof REGIME>
export type RatesInput = Pick<RegimeInput, keyof typeof RATES>
