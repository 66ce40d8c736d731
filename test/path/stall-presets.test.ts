import { describe, expect, it } from 'vitest'
import { STALL_KIND } from '../../src/ledger/ledger.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import type { StallOptions, StallRegime } from '../../src/path/options.ts'
import { StallWeather } from '../../src/path/stall-weather.ts'
import { STALL_PRESETS } from '../../src/scenario/stall-presets.ts'
import { columns, hasRecordings, lagOne, quantile, varianceToMean } from './stall-recordings.ts'

/*
 * The generator's presets against the recordings they were fitted to, regime by regime, of each kind of faults and of all: faults per second,
 * service p50, p95 and p99, variance-to-mean of the counts in 10 ms, correlation of successive log services, each within 15 %. Printed but
 * not asserted:
 * - the correlation over all kinds together, about 0: it tells which kind follows which, and that is not modelled (in the recordings kinds
 *   come in runs; here a tick has its minor and its majors in random order);
 * - the correlation of reclaims: 50 and 96 events have a standard error of 0.14 and 0.1, as large as the figure.
 */
const NS = 1_000_000_000
const WINDOW_NS = 10_000_000
const BOUND = 0.15
const FIGURES = ['perSecond', 'p50', 'p95', 'p99', 'vmr', 'lag1'] as const
type Figures = Partial<Record<(typeof FIGURES)[number], number>>
const SETS = ['minor', 'major', 'reclaim', 'all'] as const
type FaultSet = (typeof SETS)[number]

/** Recordings' names of the regimes of each preset. */
const RUNS = [
  { preset: 'warmup', run: 'v3_loop_warmup', regimes: { clean: 'clean', warming: 'warming', recovery: 'steady' } },
  {
    preset: 'storm-file',
    run: 'v4_loop_storm_file',
    regimes: { clean: 'clean', warming: 'warming', storm: 'storm', recovery: 'recovery' }
  },
  {
    preset: 'storm-swap',
    run: 'v5_loop_storm_swap',
    regimes: { clean: 'clean', warming: 'warming', storm: 'storm', recovery: 'recovery' }
  }
] as const

function figuresOf(servicesNs: number[], counts: ArrayLike<number>, seconds: number): Figures {
  const sorted = Float64Array.from(servicesNs).sort()
  return {
    perSecond: servicesNs.length / seconds,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    vmr: varianceToMean(counts),
    lag1: lagOne(servicesNs.map((ns) => Math.log(ns)))
  }
}

/** Figures of each set of faults in one regime of a recording. */
function recorded(run: string, regime: string): Map<FaultSet, Figures> {
  const loop = columns(`${run}.loop`)
  const faults = columns(`${run}.faults`)
  const startNs = Number(loop.t_ns[loop.regime.indexOf(regime)])
  const ticks = loop.regime.filter((name) => name === regime).length
  const result = new Map<FaultSet, Figures>()
  for (const set of SETS) {
    const counts = new Float64Array(Math.floor(ticks / 100))
    const servicesNs: number[] = []
    faults.kind.forEach((kind, i) => {
      if (faults.regime[i] !== regime || kind === 'none' || (set !== 'all' && kind !== set)) return
      servicesNs.push(Number(faults.service_ns[i]))
      const window = Math.floor((Number(faults.t_ns[i]) - startNs) / WINDOW_NS)
      if (window < counts.length) counts[window]++
    })
    if (servicesNs.length > 0) result.set(set, figuresOf(servicesNs, counts, ticks / 10_000))
  }
  return result
}

/** The same figures of a regime that comes again and again, each time for the recording's length. */
function generated(options: Extract<StallOptions, { kind: 'generated' }>, regime: StallRegime): Map<FaultSet, Figures> {
  const alone = { ...options, regimes: [{ ...regime, dwell: 'constant' as const }] }
  const weather = new StallWeather(alone, 7, new ClampSchedule([]))
  // Services of a thread that never rests, so that it meets every stall; counts of a longer time, as they are cheap.
  const kinds: number[] = []
  const servicesNs: number[] = []
  const startsNs: number[] = []
  weather.listener = (startNs, stallNs, kind) => {
    startsNs.push(startNs)
    kinds.push(kind)
    servicesNs.push(stallNs)
  }
  const seconds = (160 * regime.dwellMeanNs) / NS
  const servedNs = Math.min(seconds * NS, 80 * NS)
  for (let ns = 0; ns < servedNs; ) ns = weather.serve(ns, 50_000)
  const windows = (seconds * NS) / WINDOW_NS
  const counts: Record<FaultSet, Float64Array> = {
    minor: new Float64Array(windows),
    major: new Float64Array(windows),
    reclaim: new Float64Array(servedNs / WINDOW_NS),
    all: new Float64Array(windows)
  }
  for (let w = 0; w < windows; w++) {
    const { minor, major } = weather.faultCounts(w * WINDOW_NS, (w + 1) * WINDOW_NS)
    counts.minor[w] = minor
    counts.major[w] = major
    counts.all[w] = minor + major
  }
  // The counters take reclaims for minor faults; they are counted where they were met.
  startsNs.forEach((ns, i) => {
    if (kinds[i] === STALL_KIND.of.reclaim && ns < servedNs) counts.reclaim[Math.floor(ns / WINDOW_NS)]++
  })
  const result = new Map<FaultSet, Figures>()
  for (const set of SETS) {
    const own = set === 'all' ? servicesNs : servicesNs.filter((_, i) => STALL_KIND.names[kinds[i]] === set)
    if (own.length === 0) continue
    const figures = figuresOf(own, counts[set], servedNs / NS)
    if (set !== 'reclaim') figures.perSecond = counts[set].reduce((sum, count) => sum + count, 0) / seconds
    result.set(set, figures)
  }
  return result
}

describe.skipIf(!hasRecordings)('Stall presets against their recordings (skipped without ../shared)', () => {
  for (const { preset, run, regimes } of RUNS) {
    const options = STALL_PRESETS[preset]
    if (options.kind !== 'generated') continue
    it.each(Object.entries(regimes))(`${preset}: %s as recorded in ${run}, within 15 %%`, (name, recordedName) => {
      const regime = options.regimes.find((one) => one.name === name)
      expect(regime).toBeDefined()
      if (regime === undefined) return
      const made = generated(options, regime)
      const lines: string[] = []
      const apart: string[] = []
      for (const [set, figures] of recorded(run, recordedName)) {
        const own = made.get(set)
        const cells = FIGURES.map((figure) => {
          const a = figures[figure] ?? Number.NaN
          const b = own?.[figure] ?? Number.NaN
          const share = b / a - 1
          const untold = (set === 'reclaim' || set === 'all') && figure === 'lag1'
          if (!untold && !(Math.abs(share) <= BOUND))
            apart.push(`${set} ${figure}: recorded ${a.toPrecision(4)}, generated ${b.toPrecision(4)}`)
          return `${figure} ${a.toPrecision(4)} ${b.toPrecision(4)} (${(100 * share).toFixed(0)} %)`
        })
        lines.push(`  ${set.padEnd(8)}${cells.join('  ')}`)
      }
      console.log(`${preset}, ${name}: recorded, generated\n${lines.join('\n')}`)
      expect(apart).toEqual([])
    })
  }
})
