/*
 * The host's fault figures as its own process could read them. Counters as getrusage gives them (ru_minflt, ru_majflt; Linux mm/memory.c,
 * mm_account_fault: a fault is counted when it is served, so a running thread sees all that it has been through): cumulative, and read only when
 * the host's thread takes a sample; a thread that was stalled reads late. What lies between two readings is taken as
 * even, so a rate over a window is never sharper than the samples. The Fault-Burst Score stands on counts per 10 ms, which a sampler of
 * its own would take (perf stat -I 10). Services: of the stalls that the thread met. Assumed: a desk that has not sampled for
 * 10 s, or never, is taken to come up, its counters at 0, 10 s before its next sample.
 */
import { assert } from '../kernel/assert.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Host } from './host.ts'
import type { FaultCounts } from './stall-span.ts'

/** Readings kept: 10 s at a sample each 2.5 ms. Where more are taken, the oldest goes and windows begin there. */
const READING_COUNT_MAX = 4096
const UP_BEFORE_NS = 10 * NS_PER_SECOND

export class HostFaults {
  private readonly host: Host
  /** Ring of readings, in order of time. */
  private readonly atNs = new Float64Array(READING_COUNT_MAX)
  private readonly minor = new Float64Array(READING_COUNT_MAX)
  private readonly major = new Float64Array(READING_COUNT_MAX)
  private readCount = 0

  constructor(host: Host) {
    this.host = host
  }

  /** Reads both counters at `nowNs`, which never goes back: faults since the process came up. */
  read(nowNs: number): FaultCounts {
    if (this.readCount === 0 || nowNs - this.atNs[this.lastRow] > UP_BEFORE_NS) {
      this.readCount = 0
      this.keep(Math.max(0, nowNs - UP_BEFORE_NS), 0, 0)
    }
    const last = this.lastRow
    assert(nowNs >= this.atNs[last], 'the counters are read in order of time')
    const counts = this.host.weather.faultCounts(this.atNs[last], nowNs)
    counts.minor += this.minor[last]
    counts.major += this.major[last]
    if (nowNs > this.atNs[last]) this.keep(nowNs, counts.minor, counts.major)
    return counts
  }

  /** Faults in (fromNs, toNs] as the readings tell them, whole ones; `toNs` is now, and is read. */
  faultCounts(fromNs: number, toNs: number): FaultCounts {
    const counts = this.read(toNs)
    const newest = this.readCount - 1
    let low = Math.max(0, this.readCount - READING_COUNT_MAX)
    let high = newest
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.atNs[middle % READING_COUNT_MAX] <= fromNs) low = middle
      else high = middle - 1
    }
    const at = low % READING_COUNT_MAX
    const next = Math.min(newest, low + 1) % READING_COUNT_MAX
    const gapNs = this.atNs[next] - this.atNs[at]
    const share = gapNs > 0 ? Math.max(0, (fromNs - this.atNs[at]) / gapNs) : 0
    counts.minor -= this.minor[at] + Math.round(share * (this.minor[next] - this.minor[at]))
    counts.major -= this.major[at] + Math.round(share * (this.major[next] - this.major[at]))
    return counts
  }

  /** Variance-to-mean of the counts in windows of 10 ms (Fault-Burst Score, page-fault playbook 3); NaN without faults. */
  faultDispersion(fromNs: number, toNs: number): number {
    return this.host.weather.faultDispersion(fromNs, toNs)
  }

  majorServiceP95Ns(fromNs: number, toNs: number): number {
    return this.host.metMajorP95Ns(fromNs, toNs)
  }

  private get lastRow(): number {
    return (this.readCount - 1) % READING_COUNT_MAX
  }

  private keep(atNs: number, minor: number, major: number): void {
    const row = this.readCount++ % READING_COUNT_MAX
    this.atNs[row] = atNs
    this.minor[row] = minor
    this.major[row] = major
  }
}
