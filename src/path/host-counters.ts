/*
 * The host's fault figures as its own process could read them: counters as getrusage gives them, and the stalls its thread met.
 */
import type { Host } from './host.ts'

export class HostFaults {
  private readonly host: Host
  private windows = new Float64Array(128)

  constructor(host: Host) {
    this.host = host
  }

  faultCounts(fromNs: number, toNs: number): { readonly minor: number; readonly major: number } {
    return this.host.weather.faultCounts(fromNs, toNs)
  }

  /** Variance-to-mean of the counts in windows of `windowNs` (Fault-Burst Score, page-fault playbook 3); NaN without faults. */
  faultDispersion(fromNs: number, toNs: number, windowNs: number): number {
    const capacity = Math.floor((toNs - fromNs) / windowNs)
    if (capacity > this.windows.length) this.windows = new Float64Array(capacity)
    const count = this.host.weather.faultCountsPerWindow(fromNs, toNs, windowNs, this.windows)
    let sum = 0
    for (let i = 0; i < count; i++) sum += this.windows[i]
    if (sum === 0) return Number.NaN
    const mean = sum / count
    let squares = 0
    for (let i = 0; i < count; i++) squares += (this.windows[i] - mean) ** 2
    return squares / count / mean
  }

  majorServiceP95Ns(fromNs: number, toNs: number): number {
    return this.host.metMajorP95Ns(fromNs, toNs)
  }
}
