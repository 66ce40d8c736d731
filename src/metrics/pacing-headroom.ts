/*
 * pacingHeadroom (tx-pacing playbook 3.3), from sampled socket telemetry (`ss -i`), per session and sample with a finite cap:
 *   headroom = 1 - delivery rate / cap, the delivery rate being the bytes delivered since the session's sample before.
 *   atCapShare = share of samples whose pacing rate is at the cap ("pacing_rate frequently hits cap").
 * On a UDP socket with SO_MAX_PACING_RATE the pacing rate is the cap at every sample: there the headroom says more than atCapShare.
 * Negative headroom is kept: a cap was just lowered, or the first segments of a TCP flow left unpaced. Unsent bytes are the
 * socket's backlog at the samples.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { addPeak, addSample, addSum, type Pool, peakOf, samplesOf, sumOf } from './pool.ts'
import { ascending, type Figure, figure, mean, quantile } from './quantile.ts'

const HEADROOM = 'pacingHeadroom'
const SAMPLES = 'pacing.sampleCount'
const CAPPED = 'pacing.cappedSampleCount'
const AT_CAP = 'pacing.atCapCount'
const UNSENT = 'pacing.unsentBytes'

export interface PacingFigures {
  /** Samples; samples with a finite cap. */
  readonly sampleCount: number
  readonly cappedSampleCount: number
  readonly headroomMean: Figure
  /** The 5 % quantile: what is left in the busiest samples. */
  readonly headroomP5: Figure
  readonly headroomMin: Figure
  readonly atCapShare: Figure
  readonly unsentBytesMean: Figure
  readonly unsentBytesMax: Figure
}

export function collectPacing(ledger: Ledger, pool: Pool): void {
  const { atNs, session, pacingBytesPerSecond, capBytesPerSecond, deliveredBytes, unsentBytes } = ledger.telemetry.col
  const before = new Map<number, number>()
  for (let row = 0; row < ledger.telemetry.count; row++) {
    const earlier = before.get(session[row])
    before.set(session[row], row)
    addSum(pool, SAMPLES, 1)
    if (Number.isFinite(unsentBytes[row])) {
      addSum(pool, UNSENT, unsentBytes[row])
      addPeak(pool, UNSENT, unsentBytes[row])
    }
    const cap = capBytesPerSecond[row]
    if (!Number.isFinite(cap) || cap <= 0) continue
    addSum(pool, CAPPED, 1)
    if (pacingBytesPerSecond[row] >= cap) addSum(pool, AT_CAP, 1)
    if (earlier === undefined || atNs[row] <= atNs[earlier]) continue
    const rate = ((deliveredBytes[row] - deliveredBytes[earlier]) * NS_PER_SECOND) / (atNs[row] - atNs[earlier])
    if (Number.isFinite(rate)) addSample(pool, HEADROOM, 1 - rate / cap)
  }
}

export function pacingFigures(pool: Pool): PacingFigures {
  const headroom = ascending(samplesOf(pool, HEADROOM))
  return {
    sampleCount: sumOf(pool, SAMPLES),
    cappedSampleCount: sumOf(pool, CAPPED),
    headroomMean: figure(mean(headroom)),
    headroomP5: figure(quantile(headroom, 0.05)),
    headroomMin: figure(quantile(headroom, 0)),
    atCapShare: figure(sumOf(pool, AT_CAP) / sumOf(pool, CAPPED)),
    unsentBytesMean: figure(sumOf(pool, UNSENT) / sumOf(pool, SAMPLES)),
    unsentBytesMax: figure(peakOf(pool, UNSENT))
  }
}
