/*
 * Stalls of the host by name, each fitted to one own recording of a loop of 100 us ticks under memory pressure (Linux 6.18, two shared cores,
 * page-fault tracing: v3 warmup, v4 storm-file, v5 storm-swap). How they were fitted, per regime and kind:
 * - rates: of the calm stretch, of bursts (10 ms with more than 30 majors, for swap 100), or of the onset's height; bursts' and
 *   onsets' height and length then so that mean rate and variance-to-mean of the counts in 10 ms are the recording's.
 * - laws: quantiles 5 to 99 % of each of these stretches by a two-part law, least squares of logs; tails of storms apart (0.5 ms and more,
 *   swap 0.1 ms). Services are longer when faults are few, so calm stretches have laws of their own: half of the recordings'
 *   serial correlation is that, the rest is `serialCorrelation`.
 * - dispersion: the recording's variance-to-mean less what the bursts make: below 1 in calm, as the loop allocates at most once a tick.
 * test/path/stall-presets.test.ts holds the generator to the recordings, regime by regime, and prints both. Compaction was in no recording.
 */
import type { Law } from '../kernel/law.ts'
import type { StallOptions, StallService } from '../path/options.ts'

type Generated = Extract<StallOptions, { kind: 'generated' }>

const SECOND_NS = 1e9
const MS_NS = 1e6

const NO_COMPACTION: Law = { law: 'constant', valueNs: 0 }

/** Body and tail of a two-part law in us; the correlation of successive log services. */
function served(
  serialCorrelation: number,
  medianUs: number,
  sigma: number,
  tailProbability: number,
  tailMedianUs: number,
  tailSigma: number
): StallService {
  const law: Law = {
    law: 'two-part',
    medianNs: medianUs * 1e3,
    sigma,
    tailProbability,
    tailMedianNs: tailMedianUs * 1e3,
    tailSigma
  }
  return { law, serialCorrelation }
}

const NONE = { reclaimPerSecond: 0, compactionPerSecond: 0 } as const

/** v3_loop_warmup: a process that touches its memory and its files for the first time. No storm follows. */
const WARMUP: Generated = {
  kind: 'generated',
  regimes: [
    {
      name: 'clean',
      ...NONE,
      minorPerSecond: 1980,
      majorPerSecond: 0,
      dispersion: { minor: 0.86 },
      services: { minor: served(0.4, 3.18, 0.3, 0.042, 9.2, 0.3) },
      dwellMeanNs: 4 * SECOND_NS
    },
    {
      name: 'warming',
      ...NONE,
      minorPerSecond: 2190,
      majorPerSecond: 326,
      dispersion: { minor: 0.8 },
      services: { minor: served(0.3, 3.21, 0.315, 0.041, 10.4, 0.24), major: served(0.4, 68.5, 0.353, 0.23, 103.5, 0.154) },
      onset: {
        ...NONE,
        minorPerSecond: 25_200,
        majorPerSecond: 23_700,
        services: { minor: served(0.3, 2.29, 0.133, 0.049, 5.16, 0.228), major: served(0.55, 32.5, 0.145, 0.16, 46.6, 0.377) },
        holdNs: 70 * MS_NS,
        decayNs: 57 * MS_NS
      },
      dwellMeanNs: 4 * SECOND_NS
    },
    {
      name: 'recovery',
      ...NONE,
      minorPerSecond: 2127,
      majorPerSecond: 292,
      dispersion: { minor: 0.84 },
      services: { minor: served(0.3, 3.87, 0.285, 0.02, 14.3, 0.06), major: served(0.25, 83.1, 0.31, 0.23, 123.9, 0.11) },
      dwellMeanNs: 3 * SECOND_NS
    }
  ],
  minor: { law: 'lognormal', medianNs: 2800, sigma: 0.33 },
  major: { law: 'lognormal', medianNs: 35700, sigma: 0.48 },
  reclaim: NO_COMPACTION,
  compaction: NO_COMPACTION,
  serialCorrelation: 0.4
}

const FILE_RECLAIM = served(0, 24, 0.6, 0.2, 135, 0.12)

/** v4_loop_storm_file: file pages are taken away and read back. */
const STORM_FILE: Generated = {
  kind: 'generated',
  regimes: [
    {
      name: 'clean',
      ...NONE,
      minorPerSecond: 3006,
      majorPerSecond: 0,
      dispersion: { minor: 0.67 },
      services: { minor: served(0.2, 2.88, 0.29, 0.042, 9.6, 0.24) },
      dwellMeanNs: 2 * SECOND_NS
    },
    {
      name: 'warming',
      ...NONE,
      minorPerSecond: 3486,
      majorPerSecond: 644,
      dispersion: { minor: 0.75 },
      services: { minor: served(0.2, 2.83, 0.275, 0.045, 8.8, 0.31), major: served(0.3, 66, 0.36, 0.23, 104, 0.225) },
      onset: {
        ...NONE,
        minorPerSecond: 20_700,
        majorPerSecond: 20_800,
        services: { minor: served(0.1, 2.33, 0.14, 0.05, 5.1, 0.25), major: served(0.45, 35.5, 0.163, 0.117, 66.5, 0.19) },
        holdNs: 30 * MS_NS,
        decayNs: 20 * MS_NS
      },
      dwellMeanNs: 2 * SECOND_NS
    },
    {
      name: 'storm',
      minorPerSecond: 3256,
      majorPerSecond: 850,
      reclaimPerSecond: 1.6,
      compactionPerSecond: 0,
      dispersion: { minor: 1.58, reclaim: 1.65 },
      services: {
        minor: served(0.3, 3, 0.263, 0.045, 8.6, 0.36),
        major: served(0.34, 62, 0.4, 0.01, 5170, 0.88),
        reclaim: FILE_RECLAIM
      },
      burst: {
        minorPerSecond: 3433,
        majorPerSecond: 16_850,
        reclaimPerSecond: 41,
        compactionPerSecond: 0,
        dispersion: { minor: 1.58, reclaim: 1.65 },
        services: { major: served(0.34, 37.7, 0.25, 0.0024, 2814, 0.8) },
        dwellMeanNs: 40 * MS_NS,
        gapMeanNs: 360 * MS_NS
      },
      dwellMeanNs: 9 * SECOND_NS
    },
    {
      name: 'recovery',
      ...NONE,
      minorPerSecond: 3145,
      majorPerSecond: 639,
      // 0.7 would be a loop that allocates in 3 of 10 ticks; 300 windows have a standard error of 0.06.
      dispersion: { minor: 0.58 },
      services: { minor: served(0.22, 3.16, 0.25, 0.035, 10.5, 0.24), major: served(0.18, 71.8, 0.378, 0.07, 115, 0.12) },
      dwellMeanNs: 3 * SECOND_NS
    }
  ],
  minor: { law: 'lognormal', medianNs: 3000, sigma: 0.28 },
  // Body exp(10.73) ns, sigma 0.34; tail 0.44 % of faults with median 4.43 ms, sigma 0.86: 30 % of all fault time.
  major: { law: 'two-part', medianNs: 45707, sigma: 0.34, tailProbability: 0.0044, tailMedianNs: 4_430_000, tailSigma: 0.86 },
  reclaim: FILE_RECLAIM.law,
  compaction: NO_COMPACTION,
  serialCorrelation: 0.4
}

const SWAP_RECLAIM = served(0, 290, 0.96, 0.025, 6500, 0.35)

/** v5_loop_storm_swap: anonymous pages go to swap and come back; queues of faults, stalls of up to 170 ms for the loop. */
const STORM_SWAP: Generated = {
  kind: 'generated',
  regimes: [
    {
      name: 'clean',
      ...NONE,
      minorPerSecond: 4007,
      majorPerSecond: 0,
      dispersion: { minor: 0.61 },
      services: { minor: served(0.18, 2.74, 0.26, 0.046, 9.5, 0.2) },
      dwellMeanNs: 2 * SECOND_NS
    },
    {
      name: 'warming',
      ...NONE,
      minorPerSecond: 5900,
      majorPerSecond: 420,
      dispersion: { minor: 0.62 },
      services: { minor: served(0.25, 3.27, 0.227, 0.043, 11.4, 0.257), major: served(0.4, 72.6, 0.372, 0.068, 135, 0.095) },
      onset: {
        ...NONE,
        minorPerSecond: 34_000,
        majorPerSecond: 25_000,
        services: { minor: served(0.1, 2.37, 0.158, 0.049, 5.74, 0.2), major: served(0.75, 34.8, 0.197, 0.22, 48.6, 0.39) },
        holdNs: 20 * MS_NS,
        decayNs: 155 * MS_NS
      },
      dwellMeanNs: 2 * SECOND_NS
    },
    {
      name: 'storm',
      minorPerSecond: 4576,
      majorPerSecond: 3903,
      reclaimPerSecond: 9,
      compactionPerSecond: 0,
      dispersion: { minor: 5.63, reclaim: 2.07 },
      services: {
        minor: served(0.28, 2.6, 0.22, 0.031, 5.6, 0.5),
        major: served(0.54, 43.2, 0.27, 0.0165, 220, 0.87),
        reclaim: SWAP_RECLAIM
      },
      burst: {
        minorPerSecond: 6522,
        majorPerSecond: 19_765,
        reclaimPerSecond: 18.9,
        compactionPerSecond: 0,
        dispersion: { minor: 5.63, reclaim: 2.07 },
        services: { major: served(0.54, 36.2, 0.26, 0.0095, 215, 1.09) },
        dwellMeanNs: 50 * MS_NS,
        gapMeanNs: 244 * MS_NS
      },
      dwellMeanNs: 9 * SECOND_NS
    },
    {
      name: 'recovery',
      ...NONE,
      minorPerSecond: 4175,
      majorPerSecond: 1050,
      dispersion: { minor: 0.61 },
      services: { minor: served(0.38, 2.6, 0.168, 0.197, 3.33, 0.275), major: served(0.25, 48.8, 0.247, 0.08, 85, 0.2) },
      onset: {
        ...NONE,
        minorPerSecond: 0,
        majorPerSecond: 2110,
        dispersion: { minor: 0.61 },
        services: { major: served(0.25, 43.4, 0.154, 0.23, 63.8, 0.177) },
        holdNs: 0,
        decayNs: 1000 * MS_NS
      },
      dwellMeanNs: 3 * SECOND_NS
    }
  ],
  minor: { law: 'lognormal', medianNs: 2600, sigma: 0.2 },
  // Body exp(10.62) ns, sigma 0.27; tail 0.26 % with median 0.80 ms, sigma 0.89.
  major: { law: 'two-part', medianNs: 40946, sigma: 0.27, tailProbability: 0.0026, tailMedianNs: 800_000, tailSigma: 0.89 },
  reclaim: SWAP_RECLAIM.law,
  compaction: NO_COMPACTION,
  serialCorrelation: 0.36
}

export const STALL_PRESETS: Readonly<Record<'none' | 'warmup' | 'storm-file' | 'storm-swap', StallOptions>> = {
  none: { kind: 'none' },
  warmup: WARMUP,
  'storm-file': STORM_FILE,
  'storm-swap': STORM_SWAP
}
