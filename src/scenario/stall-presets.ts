/*
 * Stalls of the host by name. Rates and laws are those fitted to recordings of a busy-polling loop under memory pressure on
 * Linux 6.1 (one two-core machine, page-fault tracing; the tests hold the generator to the same recordings): figures per
 * regime from its tables "Fault level" and "Two-part service model". Marked where assumed. Compaction was not seen in any recording.
 */
import type { Law } from '../kernel/law.ts'
import type { StallOptions, StallRegime } from '../path/options.ts'

const SECOND_NS = 1e9

const NO_COMPACTION: Law = { law: 'constant', valueNs: 0 }

/** The regimes lasted 2 to 9 s each in the recordings, as the script set them; means here are those lengths. */
const regime = (
  name: StallRegime['name'],
  minorPerSecond: number,
  majorPerSecond: number,
  reclaimPerSecond: number,
  dwellSeconds: number
): StallRegime => ({
  name,
  minorPerSecond,
  majorPerSecond,
  reclaimPerSecond,
  compactionPerSecond: 0,
  dwellMeanNs: dwellSeconds * SECOND_NS
})

type Generated = Extract<StallOptions, { kind: 'generated' }>

/** v3_loop_warmup: a process that touches its memory and its files for the first time. No storm follows. */
const WARMUP: Generated = {
  kind: 'generated',
  regimes: [regime('clean', 1980, 0, 0, 4), regime('warming', 2945, 1095, 0, 4), regime('recovery', 2127, 292, 0, 3)],
  minor: { law: 'lognormal', medianNs: 2800, sigma: 0.33 },
  major: { law: 'lognormal', medianNs: 35700, sigma: 0.48 },
  reclaim: NO_COMPACTION,
  compaction: NO_COMPACTION,
  // Lag-1 correlation of log service times, warming (0.62 for majors of v4, 0.74 for v5; gaps of v3 0.63).
  serialCorrelation: 0.63
}

/** v4_loop_storm_file: file pages are taken away and read back. */
const STORM_FILE: Generated = {
  kind: 'generated',
  regimes: [
    regime('clean', 3006, 0, 0, 2),
    regime('warming', 4002, 1164, 0, 2),
    regime('storm', 3274, 2450, 6, 9),
    regime('recovery', 3145, 639, 0, 3)
  ],
  minor: { law: 'lognormal', medianNs: 3000, sigma: 0.28 },
  // Body exp(10.73) ns, sigma 0.34; tail 0.44 % of faults with median 4.43 ms, sigma 0.86: 30 % of all fault time.
  major: { law: 'two-part', medianNs: 45707, sigma: 0.34, tailProbability: 0.0044, tailMedianNs: 4_430_000, tailSigma: 0.86 },
  reclaim: { law: 'lognormal', medianNs: 29700, sigma: 1.04 },
  compaction: NO_COMPACTION,
  serialCorrelation: 0.4
}

/** v5_loop_storm_swap: anonymous pages go to swap and come back; queues of faults, stalls of up to 170 ms for the loop. */
const STORM_SWAP: Generated = {
  kind: 'generated',
  regimes: [
    regime('clean', 4007, 0, 0, 2),
    regime('warming', 8511, 2575, 0, 2),
    regime('storm', 4907, 6600, 11, 9),
    regime('recovery', 4175, 1772, 0, 3)
  ],
  minor: { law: 'lognormal', medianNs: 2600, sigma: 0.2 },
  // Body exp(10.62) ns, sigma 0.27; tail 0.26 % with median 0.80 ms, sigma 0.89.
  major: { law: 'two-part', medianNs: 40946, sigma: 0.27, tailProbability: 0.0026, tailMedianNs: 800_000, tailSigma: 0.89 },
  reclaim: { law: 'lognormal', medianNs: 297_300, sigma: 1.08 },
  compaction: NO_COMPACTION,
  serialCorrelation: 0.36
}

export const STALL_PRESETS: Readonly<Record<'none' | 'warmup' | 'storm-file' | 'storm-swap', StallOptions>> = {
  none: { kind: 'none' },
  warmup: WARMUP,
  'storm-file': STORM_FILE,
  'storm-swap': STORM_SWAP
}
