/*
 * What the desk measures of its host and its sockets, and a reading made of it at each sample. Only figures a live host has: its own clock, software
 * transmit timestamps, answers that were read, fault counters of its process, the socket's telemetry.
 */

import { BranchModel } from '../control/branch-model.ts'
import { venueControl } from '../control/desk-controllers.ts'
import type { ControlOptions } from '../control/options.ts'
import { blankReading, type HostReading } from '../control/reading.ts'
import { branchOf } from '../control/transport.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { FillCosts } from './fill-costs.ts'
import type { ParentDesk } from './parent-desk.ts'
import { QueueAges } from './queue-ages.ts'
import { VenueGauges } from './venue-gauges.ts'
import { Window } from './window.ts'

/** Windows of the burstiness index: the ends and the middle of the playbook's 100-500 us. */
const BURST_CELLS_NS = [100_000, 250_000, 500_000] as const
/** Counters that were not read for so long begin anew (path/host-counters.ts). */
const COUNTER_BREAK_NS = 10 * NS_PER_SECOND
const GAPS_TAKEN_NS = 10 * NS_PER_SECOND
/** How long the rate over a minute stands before it is taken again (assumed). */
const MINUTE_TAKEN_NS = 5 * NS_PER_SECOND
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
  readonly costs = new FillCosts()
  readonly branches = new BranchModel()
  private readonly control: ControlOptions
  private readonly ages = new QueueAges()
  /** Burstiness of the last sample, by window. */
  private readonly largest = BURST_CELLS_NS.map(() => Number.NaN)
  private readonly host = blankReading()
  private deliveredBefore = 0
  private sampledBeforeNs = Number.NaN
  /** Since when the fault counters have been read without a long break. */
  private countedSinceNs = Number.NaN
  private countedBeforeNs = Number.NaN
  private minuteTakenNs = Number.NEGATIVE_INFINITY
  private gapsTakenNs = Number.NEGATIVE_INFINITY

  constructor(venueCount: number, control: ControlOptions) {
    this.control = control
    this.venues = Array.from({ length: venueCount }, (_, venue) => {
      const { capacityMessagesPerSecond, throttle } = venueControl(control, venue)
      const { staleExposureBudgetBps, cancelAckLatencyP90Ns, cancelAckLatencyP99Ns } = control.cancel
      const promptAckNs = Math.min(cancelAckLatencyP90Ns.exit, cancelAckLatencyP99Ns.exit)
      return new VenueGauges({ capacityMessagesPerSecond, hazard: throttle.hazard, staleExposureBudgetBps, promptAckNs })
    })
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

  /** A fill was reported: its cost against the mid at its intent, bps. */
  onFillCost(nowNs: number, costBps: number): void {
    this.costs.add(nowNs, costBps)
    this.branches.onFill(costBps)
  }

  /** `socket`: all sockets together; `untimedBytes`: of messages without a transmit timestamp; `parents`: those under way. The same object at every sample. */
  read(
    nowNs: number,
    host: HostCounters,
    socket: SocketGauge,
    unsentAgesNs: readonly number[],
    untimedBytes: number,
    parents: readonly ParentDesk[]
  ): HostReading {
    this.dispatchToWire.trim(nowNs)
    const oneSecondAgo = Math.max(0, nowNs - NS_PER_SECOND)
    const tenSecondsAgo = Math.max(0, nowNs - 10 * NS_PER_SECOND)
    const faultBurstScore = host.faultDispersion(oneSecondAgo, nowNs, 10 * NS_PER_MS)
    const { host: seen } = this
    const burstiness = this.burstiness(nowNs)
    seen.atNs = nowNs
    seen.dispatchToWireP95Ns = this.dispatchToWire.quantile(0.95, unsentAgesNs)
    seen.burstinessIndex100us = burstiness[0]
    seen.burstinessIndex = burstiness[1]
    seen.burstinessIndex500us = burstiness[2]
    seen.capUtilisation = this.utilisation(nowNs, socket)
    seen.unsentBytes = socket.unsentBytes
    const gapBytes = (seen.dispatchToWireP95Ns * socket.capBytesPerSecond) / NS_PER_SECOND
    seen.queuedBytes = Math.max(socket.unsentBytes, untimedBytes, Number.isFinite(gapBytes) ? gapBytes : 0)
    this.branches.observe(branchOf(this.control.transport, seen))
    seen.burstRiskBps = this.branches.estimate().burstRiskBps
    seen.minorFaultRate1s = host.faultCounts(oneSecondAgo, nowNs).minor
    seen.minorFaultRate10s = host.faultCounts(tenSecondsAgo, nowNs).minor / 10
    seen.minorFaultRate60s = this.minuteRate(nowNs, host)
    seen.majorFaultServiceP95Ns = host.majorServiceP95Ns(tenSecondsAgo, nowNs)
    seen.faultBurstScore = faultBurstScore
    seen.dispatchGapLift = this.gapLift(nowNs)
    seen.queueAgeDecay = this.ages.sample(nowNs, faultBurstScore, parents)
    seen.fillCostMeanBps = this.costs.meanBps(nowNs)
    seen.fillCostLift = this.costs.lift(nowNs)
    return seen
  }

  /** It moves a controller together with faults only: without any the figure of up to 10 s ago stands. */
  private gapLift(nowNs: number): number {
    const { host } = this
    const { faultBurstScore, majorFaultServiceP95Ns } = this.control.fault
    const isCalm = !(host.faultBurstScore >= faultBurstScore.exit || host.majorFaultServiceP95Ns >= majorFaultServiceP95Ns.exit)
    if (isCalm && nowNs < this.gapsTakenNs + GAPS_TAKEN_NS) return host.dispatchGapLift
    this.gapsTakenNs = nowNs
    this.intendedGaps.trim(nowNs)
    if (this.gaps.trim(nowNs) < COUNT_MIN) return Number.NaN
    return this.gaps.quantile(0.95) / this.intendedGaps.quantile(0.95) - 1
  }

  /** Delivery rate since the sample before, over the cap. */
  private utilisation(nowNs: number, socket: SocketGauge): number {
    const elapsedNs = nowNs - this.sampledBeforeNs
    const delivered = socket.deliveredBytes - this.deliveredBefore
    this.deliveredBefore = socket.deliveredBytes
    this.sampledBeforeNs = nowNs
    const deliveredPerSecond = (delivered * NS_PER_SECOND) / elapsedNs
    return Number.isFinite(socket.capBytesPerSecond) && elapsedNs > 0 ? deliveredPerSecond / socket.capBytesPerSecond : 0
  }

  /** By window, of the session in which it is largest; reused. */
  private burstiness(nowNs: number): readonly number[] {
    const { largest } = this
    largest.fill(Number.NaN)
    for (const wires of this.wires) {
      if (wires.trim(nowNs) < COUNT_MIN) continue
      for (let i = 0; i < largest.length; i++) {
        const index = wires.burstiness(BURST_CELLS_NS[i], COUNT_MIN)
        if (!(largest[i] >= index)) largest[i] = index
      }
    }
    return largest
  }

  /** Minor faults per second over the last minute, or since the counters have been read. */
  private minuteRate(nowNs: number, host: HostCounters): number {
    if (nowNs < this.minuteTakenNs + MINUTE_TAKEN_NS) return this.host.minorFaultRate60s
    this.minuteTakenNs = nowNs
    if (!(nowNs - this.countedSinceNs >= 0) || nowNs - this.countedBeforeNs > COUNTER_BREAK_NS) {
      this.countedSinceNs = Math.max(0, nowNs - COUNTER_BREAK_NS)
    }
    this.countedBeforeNs = nowNs
    const fromNs = Math.max(this.countedSinceNs, nowNs - 60 * NS_PER_SECOND)
    return nowNs > fromNs ? (host.faultCounts(fromNs, nowNs).minor * NS_PER_SECOND) / (nowNs - fromNs) : Number.NaN
  }
}
