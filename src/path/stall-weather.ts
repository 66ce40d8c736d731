/*
 * Stalls of the host as weather: when CPU work ends that is suspended while the kernel serves a page fault, reclaims or
 * compacts (page-fault playbook: pause, then what waited runs back to back). A pure function of (seed, time): nobody's work
 * changes a stall. Guarantees: serve(start, work) >= start + work; work never runs inside a stall; with starts that never go back
 * before an earlier end, each stall is reported at most once. Left out: faults that a particular task brings about.
 */
import type { ClampSchedule } from './clamp.ts'
import { GeneratedStalls } from './generated-stalls.ts'
import type { StallOptions } from './options.ts'
import { RecordedStalls } from './recorded-stalls.ts'
import type { StallAction } from './stall-actions.ts'
import type { FaultCounts, StallSource, StallSpan } from './stall-span.ts'

/** A stall that work met: when it began, how long it lasted, its STALL_KIND, and how much of it work had to wait. */
export type StallListener = (startNs: number, stallNs: number, kind: number, blockedNs: number) => void

export class StallWeather {
  /** Told of each stall that blocked work, in order of time. */
  listener: StallListener | null = null
  private readonly source: StallSource | null

  /** Errors: InputError for a stall source that cannot be. */
  constructor(options: StallOptions, seed: number, clamps: ClampSchedule) {
    this.source =
      options.kind === 'generated'
        ? new GeneratedStalls(options, seed, clamps)
        : options.kind === 'trace'
          ? new RecordedStalls(options, clamps)
          : null
  }

  /**
   * The instant when `serviceNs` of CPU work that is ready at `startNs` is done. Work of 0 ns is done at once, or at the end of
   * the stall that holds its instant.
   */
  serve(startNs: number, serviceNs: number): number {
    const { source } = this
    if (source === null) return startNs + serviceNs
    let nowNs = startNs
    let restNs = serviceNs
    for (;;) {
      const span = source.spanAt(nowNs)
      const { originNs, count } = span
      for (let i = firstEndingAfter(span, nowNs - originNs); i < count; i++) {
        const stallStartNs = span.startNs[i] + originNs
        const stallEndNs = span.endNs[i] + originNs
        if (stallEndNs <= nowNs) continue
        if (stallStartNs > nowNs) {
          const runNs = stallStartNs - nowNs
          if (restNs <= runNs) {
            if (restNs < runNs || restNs > 0) return nowNs + restNs
          }
          restNs -= runNs
          nowNs = stallStartNs
        }
        if (this.listener !== null) {
          this.listener(stallStartNs, stallEndNs - stallStartNs, span.kind[i], stallEndNs - nowNs)
        }
        nowNs = stallEndNs
      }
      if (nowNs < span.untilNs) {
        const runNs = span.untilNs - nowNs
        if (restNs < runNs || (restNs === runNs && restNs > 0)) return nowNs + restNs
        restNs -= runNs
        nowNs = span.untilNs
      }
    }
  }

  /** The first instant from `ns` on at which the CPU is not stalled. Reports nothing. */
  availableNs(ns: number): number {
    const { listener } = this
    this.listener = null
    const availableNs = this.serve(ns, 0)
    this.listener = listener
    return availableNs
  }

  /** Faults that began in (fromNs, toNs], as the difference of two getrusage readings. A minute costs about 50 look-ups. */
  faultCounts(fromNs: number, toNs: number): FaultCounts {
    const counts = { minor: 0, major: 0 }
    this.source?.addFaults(fromNs, toNs, counts)
    return counts
  }

  /** Variance-to-mean of the faults in windows of 10 ms inside (fromNs, toNs], those of generated stalls on the clock's grid; NaN without faults. */
  faultDispersion(fromNs: number, toNs: number): number {
    const moments = { count: 0, sum: 0, squares: 0 }
    this.source?.moments(fromNs, toNs, moments)
    const { count, sum, squares } = moments
    return sum === 0 ? Number.NaN : squares / sum - sum / count
  }

  /**
   * A memory action (stall-actions.ts) is switched on or off: generated stalls follow from the next whole 10 ms on; what began before is
   * unchanged, and work that is already served keeps its end. False where nothing follows (no stalls, or a recording). Calls come in
   * order of time.
   */
  act(atNs: number, action: StallAction, on: boolean): boolean {
    return this.source?.act(atNs, action, on) ?? false
  }

  /**
   * Faults of all kinds in consecutive windows of `windowNs` (a multiple of 10 ms) inside [fromNs, toNs], the last ones that fit `out`, in order.
   * Generated stalls are counted on the clock's 10 ms grid, so the windows end at or just before toNs. Gives the number filled.
   */
  faultCountsPerWindow(fromNs: number, toNs: number, windowNs: number, out: Float64Array): number {
    if (this.source !== null) return this.source.windows(fromNs, toNs, windowNs, out)
    const windowCount = Math.max(0, Math.min(out.length, Math.floor((toNs - fromNs) / windowNs)))
    out.fill(0, 0, windowCount)
    return windowCount
  }
}

/** First interval of the span that ends after `ns` (relative to the span's origin). */
function firstEndingAfter(span: StallSpan, ns: number): number {
  const { endNs } = span
  let low = 0
  let high = span.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (endNs[middle] <= ns) low = middle + 1
    else high = middle
  }
  return low
}
