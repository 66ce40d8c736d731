/*
 * When a sender's slow start ends though nothing was lost (HyStart), and how its window grows beyond slow start (CUBIC), Linux 6.1
 * net/ipv4/tcp_cubic.c (Ha, Rhee, Xu 2008; Ha and Rhee 2011). HyStart ends it when acknowledgements have come in one train, at most 2 ms apart, for longer
 * than a round trip, or when the least of a round's first eight round-trip times is well above the least of all. CUBIC grows towards where the
 * window was when it was last reduced, and beyond; by at least a twentieth of it per round trip when it never was.
 * Leaves out: the kernel's table for cube roots (exact here).
 */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'

/** Below it HyStart does not look (hystart_low_window). */
const WINDOW_MIN = 16
const TRAIN_GAP_NS = 2 * NS_PER_MS
const SAMPLE_COUNT = 8
const DELAY_NS_MIN = 4 * NS_PER_MS
const DELAY_NS_MAX = 16 * NS_PER_MS

export class HyStart {
  /** The least round-trip time. */
  leastRttNs = Number.POSITIVE_INFINITY
  private found = false
  private roundEndBytes = 0
  private roundNs = 0
  private trainNs = 0
  private sampleCount = 0
  private roundRttNs = Number.POSITIVE_INFINITY

  /**
   * An acknowledgement in slow start, up to `ackedBytes` of the `sentBytes` of the stream: true when slow start ends with it. `extraNs`: what a
   * train may last beyond a round trip; `isPaced`: else half of all that.
   */
  endsWith(
    segments: number,
    ackedBytes: number,
    sentBytes: number,
    nowNs: number,
    rttNs: number,
    extraNs: number,
    isPaced: boolean
  ): boolean {
    if (rttNs < this.leastRttNs) this.leastRttNs = rttNs
    if (this.found) return false
    if (ackedBytes > this.roundEndBytes) {
      this.roundEndBytes = sentBytes
      this.roundNs = nowNs
      this.trainNs = nowNs
      this.sampleCount = 0
      this.roundRttNs = Number.POSITIVE_INFINITY
    }
    if (segments < WINDOW_MIN) return false
    if (nowNs - this.trainNs <= TRAIN_GAP_NS) {
      this.trainNs = nowNs
      const longest = this.leastRttNs + extraNs
      if (nowNs - this.roundNs > (isPaced ? longest : longest / 2)) this.found = true
    }
    if (rttNs < this.roundRttNs) this.roundRttNs = rttNs
    if (this.sampleCount < SAMPLE_COUNT) this.sampleCount++
    else {
      const tolerated = Math.min(Math.max(this.leastRttNs / 8, DELAY_NS_MIN), DELAY_NS_MAX)
      if (this.roundRttNs > this.leastRttNs + tolerated) this.found = true
    }
    return this.found
  }
}

/** CUBIC's time runs in ticks of 4 ms (HZ 250, assumed) and is scaled to 1/1024 s. */
const TICK_NS = 4 * NS_PER_MS
const CLOCK = 1024
/** bic_scale 41, beta 717/1024. */
const SCALE = 410
const BETA = 717
const BETA_UNIT = 1024
/** A window that was never reduced grows by one for at most so many acknowledged. */
const ACKED_PER_GROWTH_MAX = 20
/** What a Reno sender of the same loss rate would need for one, in eighths of the window. */
const RENO_EIGHTHS = 15

export class Cubic {
  private lastMax = 0
  private epochTick = -1
  private originSegments = 0
  private rootClocks = 0
  private lastTick = -1
  private lastSegments = 0
  private ackedPerGrowth = 0
  private ackedCount = 0
  private renoSegments = 0
  private rest = 0

  /** The window after `acked` segments were acknowledged beyond slow start. */
  grow(segments: number, acked: number, nowNs: number, leastRttNs: number): number {
    const perGrowth = this.update(segments, acked, nowNs, leastRttNs)
    let window = segments
    if (this.rest >= perGrowth) {
      this.rest = 0
      window++
    }
    this.rest += acked
    if (this.rest >= perGrowth) {
      const grown = Math.floor(this.rest / perGrowth)
      this.rest -= grown * perGrowth
      window += grown
    }
    return window
  }

  /** A reduction from `segments`; gives the threshold at which slow start ends. */
  reduce(segments: number): number {
    this.epochTick = -1
    // Faster convergence: less than last time leaves room to others.
    this.lastMax = segments < this.lastMax ? Math.floor((segments * (BETA_UNIT + BETA)) / (2 * BETA_UNIT)) : segments
    return Math.max(Math.floor((segments * BETA) / BETA_UNIT), 2)
  }

  /** Nothing was sent for `idleNs` before now: the curve stands still meanwhile. */
  rested(idleNs: number, nowNs: number): void {
    if (this.epochTick < 0) return
    this.epochTick = Math.min(this.epochTick + Math.floor(idleNs / TICK_NS), Math.floor(nowNs / TICK_NS))
  }

  /** Acknowledged segments for one of growth. */
  private update(segments: number, acked: number, nowNs: number, leastRttNs: number): number {
    this.ackedCount += acked
    const tick = Math.floor(nowNs / TICK_NS)
    if (this.lastSegments === segments && tick - this.lastTick <= 7) return this.ackedPerGrowth
    if (this.epochTick < 0 || tick !== this.lastTick) {
      this.lastSegments = segments
      this.lastTick = tick
      this.follow(segments, acked, tick, leastRttNs)
    }
    const renoCost = Math.floor((segments * RENO_EIGHTHS) / 8)
    while (this.ackedCount > renoCost) {
      this.ackedCount -= renoCost
      this.renoSegments++
    }
    if (this.renoSegments > segments) {
      this.ackedPerGrowth = Math.min(this.ackedPerGrowth, Math.floor(segments / (this.renoSegments - segments)))
    }
    this.ackedPerGrowth = Math.max(this.ackedPerGrowth, 2)
    return this.ackedPerGrowth
  }

  private follow(segments: number, acked: number, tick: number, leastRttNs: number): void {
    if (this.epochTick < 0) {
      this.epochTick = tick
      this.ackedCount = acked
      this.renoSegments = segments
      const below = Math.max(0, this.lastMax - segments)
      this.originSegments = segments + below
      this.rootClocks = cubeRoot(Math.floor((below * 2 ** 40) / SCALE))
    }
    const ticks = tick - this.epochTick + Math.ceil(leastRttNs / TICK_NS)
    const offset = Math.floor((ticks * TICK_NS * CLOCK) / NS_PER_SECOND) - this.rootClocks
    const size = Math.abs(offset)
    const delta = Math.floor((SCALE * size * size * size) / 2 ** 40)
    const target = offset < 0 ? this.originSegments - delta : this.originSegments + delta
    this.ackedPerGrowth = target > segments ? Math.floor(segments / (target - segments)) : 100 * segments
    if (this.lastMax === 0) this.ackedPerGrowth = Math.min(this.ackedPerGrowth, ACKED_PER_GROWTH_MAX)
  }
}

/** The largest whole number whose cube is at most `value`. */
function cubeRoot(value: number): number {
  let low = 0
  let high = 1 << 17
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (middle * middle * middle <= value) low = middle
    else high = middle
  }
  return low
}
