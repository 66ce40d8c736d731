/*
 * burstinessIndex (tx-pacing playbook 3.2): BI = max over windows w of N_w, over the sum of N_w, on the wire side. A window is
 * any half-open 250 us [t, t + 250 us) that begins with a packet (a sliding window: a tiling would cut a burst in two), and the sum is
 * all packets, so 1 / n <= BI <= 1: near 1 / n when evenly spaced, 1 when all left in one burst. BI falls with the length of what
 * it is taken over, so it is taken per session and clock second with at least `PACKET_COUNT_MIN` packets, as controllers read it
 * over the last second; over longer spans the largest number of packets in one window says more. Segments dropped by the qdisc do not count.
 */
import { NS_PER_SECOND, NS_PER_US } from '../kernel/units.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { addPeak, addSample, type Pool, peakOf, samplesOf } from './pool.ts'
import { type Distribution, distribution, type Figure, figure } from './quantile.ts'

/** The playbook names 100-500 us. */
export const BURST_WINDOW_NS = 250 * NS_PER_US
/** Assumed: with fewer packets in the second the index is large whatever their spacing. */
const PACKET_COUNT_MIN = 4

const PER_SECOND = 'burstinessIndex'
const WINDOW_PEAK = 'burstiness.packetsPerWindowMax'

export interface Burst {
  readonly index: number
  /** Packets in the fullest window. */
  readonly windowCountMax: number
}

/** BI of ascending wire times; index NaN when there are none. */
export function burstinessIndex(wireNs: ArrayLike<number>, windowNs = BURST_WINDOW_NS): Burst {
  let first = 0
  let most = 0
  for (let last = 0; last < wireNs.length; last++) {
    while (wireNs[last] - wireNs[first] >= windowNs) first++
    if (last - first + 1 > most) most = last - first + 1
  }
  return { index: most / wireNs.length, windowCountMax: most }
}

export interface BurstinessFigures {
  /** BI of each session's seconds. */
  readonly perSecond: Distribution
  /** Packets of one session in the fullest 250 us. */
  readonly packetsPerWindowMax: Figure
}

export function collectBurstiness(ledger: Ledger, pool: Pool): void {
  const { session, wireNs, dropped } = ledger.segments.col
  const bySession = new Map<number, number[]>()
  for (let row = 0; row < ledger.segments.count; row++) {
    if (Number.isNaN(wireNs[row]) || dropped[row] === 1) continue
    const times = bySession.get(session[row])
    if (times === undefined) bySession.set(session[row], [wireNs[row]])
    else times.push(wireNs[row])
  }
  for (const times of bySession.values()) {
    const sorted = Float64Array.from(times).sort()
    addPeak(pool, WINDOW_PEAK, burstinessIndex(sorted).windowCountMax)
    let start = 0
    while (start < sorted.length) {
      const second = Math.floor(sorted[start] / NS_PER_SECOND)
      let end = start
      while (end < sorted.length && sorted[end] < (second + 1) * NS_PER_SECOND) end++
      if (end - start >= PACKET_COUNT_MIN) addSample(pool, PER_SECOND, burstinessIndex(sorted.subarray(start, end)).index)
      start = end
    }
  }
}

export function burstinessFigures(pool: Pool): BurstinessFigures {
  return { perSecond: distribution(samplesOf(pool, PER_SECOND)), packetsPerWindowMax: figure(peakOf(pool, WINDOW_PEAK)) }
}
