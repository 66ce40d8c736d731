/*
 * What the desk measures of its host and its sockets, and a reading made of it at each sample. Only figures a live host has: its own clock, software
 * transmit timestamps, answers that were read, fault counters of its process, the socket's telemetry.
 */

import type { HostReading } from '../control/reading.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { VenueGauges } from './venue-gauges.ts'
import { Window } from './window.ts'

/** Window of the burstiness index: the middle of the playbook's 100-500 us. */
const BURST_CELL_NS = 250_000
/** Fewer packets or decisions than this in a window say nothing (assumed). */
const COUNT_MIN = 8

/** Fault counters as getrusage gives them: since the start of the process. */
export interface FaultCounters {
  readonly minor: number
  readonly major: number
}

/** What the host can read of itself. */
export interface HostCounters {
  faultCounts(fromNs: number, toNs: number): FaultCounters
  /** Variance-to-mean of faults in windows of `windowNs` between the instants; NaN without faults. */
  faultDispersion(fromNs: number, toNs: number, windowNs: number): number
  /** Of the major faults its thread waited for; NaN when there were none. */
  majorServiceP95Ns(fromNs: number, toNs: number): number
}

/** As ss -i shows it, over all sessions of the desk. */
export interface SocketGauge {
  pacingBytesPerSecond: number
  capBytesPerSecond: number
  deliveredBytes: number
  unsentBytes: number
  /** Congestion windows of the TCP sessions, in segments; NaN without any. */
  windowSegments: number
}

export class Gauges {
  /** Of each path, by venue. */
  readonly venues: readonly VenueGauges[]
  private readonly dispatchToWire = new Window(NS_PER_SECOND)
  /** Wire instants by session: a session is FIFO, so each window is in order. */
  private readonly wires: Window[] = []
  private readonly gaps = new Window(10 * NS_PER_SECOND)
  private readonly intendedGaps = new Window(10 * NS_PER_SECOND)
  private deliveredBefore = 0
  private sampledBeforeNs = Number.NaN

  constructor(venueCount: number) {
    this.venues = Array.from({ length: venueCount }, () => new VenueGauges())
  }

  /** A transmit timestamp came back: the message left the session's qdisc at `wireNs`. */
  onWire(session: number, wireNs: number, dispatchToWireNs: number): void {
    this.dispatchToWire.add(wireNs, dispatchToWireNs)
    while (this.wires.length <= session) this.wires.push(new Window(NS_PER_SECOND))
    this.wires[session].add(wireNs, 1)
  }

  /** A decision came `gapNs` after the one before it; the schedule wanted `intendedGapNs`. */
  onGap(nowNs: number, gapNs: number, intendedGapNs: number): void {
    this.gaps.add(nowNs, gapNs)
    this.intendedGaps.add(nowNs, intendedGapNs)
  }

  /** `socket`: all sockets together. */
  read(nowNs: number, host: HostCounters, socket: SocketGauge, unsentAgesNs: readonly number[]): HostReading {
    const elapsedNs = nowNs - this.sampledBeforeNs
    const delivered = socket.deliveredBytes - this.deliveredBefore
    this.deliveredBefore = socket.deliveredBytes
    this.sampledBeforeNs = nowNs
    const deliveredPerSecond = (delivered * NS_PER_SECOND) / elapsedNs
    const oneSecondAgo = Math.max(0, nowNs - NS_PER_SECOND)
    const tenSecondsAgo = Math.max(0, nowNs - 10 * NS_PER_SECOND)
    this.dispatchToWire.trim(nowNs)
    let burstinessIndex = Number.NaN
    for (const wires of this.wires) {
      wires.trim(nowNs)
      const index = wires.burstiness(BURST_CELL_NS, COUNT_MIN)
      if (!(burstinessIndex >= index)) burstinessIndex = index
    }
    const gapCount = this.gaps.trim(nowNs)
    this.intendedGaps.trim(nowNs)
    return {
      atNs: nowNs,
      dispatchToWireP95Ns: this.dispatchToWire.quantile(0.95, unsentAgesNs),
      burstinessIndex,
      capUtilisation:
        Number.isFinite(socket.capBytesPerSecond) && elapsedNs > 0 ? deliveredPerSecond / socket.capBytesPerSecond : 0,
      unsentBytes: socket.unsentBytes,
      minorFaultRate1s: host.faultCounts(oneSecondAgo, nowNs).minor,
      minorFaultRate10s: host.faultCounts(tenSecondsAgo, nowNs).minor / 10,
      majorFaultServiceP95Ns: host.majorServiceP95Ns(tenSecondsAgo, nowNs),
      faultBurstScore: host.faultDispersion(oneSecondAgo, nowNs, 10 * NS_PER_MS),
      dispatchGapLift: gapCount >= COUNT_MIN ? this.gaps.quantile(0.95) / this.intendedGaps.quantile(0.95) - 1 : Number.NaN
    }
  }
}
