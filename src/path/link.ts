/*
 * The wire between host and one venue: a base delay, weather that is the same for everyone in one block of time, and jitter of each message's own.
 * FIFO per session and direction: a message never overtakes an earlier one of its session. Guarantees: arrival >= sent + base delay
 * (unclamped); nothing is lost (the qdisc loses, the wire does not). The weather of a block is a
 * function of (seed, venue, block, direction), so of time alone: independent draws, or, with a correlation time, the law at normal scores that remember
 * each other (a Gaussian copula, correlated-scores.ts): the law of a block is the same either way. Market data has weather but no
 * jitter. Left out: bandwidth of the wire (the qdisc paces far below it).
 */

import { assert } from '../kernel/assert.ts'
import { int32Column } from '../kernel/column.ts'
import { type Law, longestNs, sampleNs } from '../kernel/law.ts'
import { NumberRing } from '../kernel/number-ring.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { ClampSchedule, TargetClamps } from './clamp.ts'
import { CorrelatedScores } from './correlated-scores.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import type { LinkOptions } from './options.ts'
import { ScoreTable, type UniformTable, uniformTableOf } from './quantile-table.ts'
import { messageUniform } from './refusal.ts'
import type { Reports } from './reports.ts'

/** Kinds of the link's events: a message towards the venue, a report back from it. */
export const LINK = { up: 0, down: 1 } as const

/** Ways of the link, each with its own weather. */
export const LINK_WAY = { up: 0, down: 1, feed: 2 } as const

/** Plus the way, and 16 for each venue before. */
const WEATHER_SALT = 0x4c4b
const VENUE_SALT = 16
/** Sets the jitter of reports apart from that of messages. */
const REPORT_SALT = 0x524a0000

/** Delays as a pure function of (seed, venue, way, time). */
export class LinkWeather {
  readonly blockNs: number
  private readonly clamps: TargetClamps
  private readonly seed: number
  private readonly salt: number
  private readonly baseNs: readonly number[]
  private readonly longestNs: number
  private readonly table: UniformTable
  /** Of each way, and the law at a score; null without correlation. */
  private readonly scores: readonly CorrelatedScores[] | null
  private readonly scoreTable: ScoreTable | null
  private readonly cachedBlock = [-1, -1, -1]
  private readonly cachedNs = [0, 0, 0]

  constructor(options: LinkOptions, clamps: ClampSchedule, seed: number, venue = 0) {
    this.salt = WEATHER_SALT + VENUE_SALT * venue
    this.clamps = clamps.of('link.delay')
    this.seed = seed
    this.table = uniformTableOf(options.weather)
    // A block of no length means weather that never changes.
    this.blockNs = options.weatherBlockNs > 0 ? options.weatherBlockNs : Number.MAX_SAFE_INTEGER
    this.baseNs = [options.delayNs, options.returnDelayNs, options.feedDelayNs]
    if (options.weatherCorrelationNs > 0 && options.weather.law !== 'constant') {
      const blocks = options.weatherCorrelationNs / this.blockNs
      this.scores = this.baseNs.map((_, way) => new CorrelatedScores(seed, this.salt + way, blocks))
      this.scoreTable = new ScoreTable(options.weather)
      this.longestNs = this.scoreTable.longestNs
    } else {
      this.scores = null
      this.scoreTable = null
      this.longestNs = longestNs(options.weather)
    }
  }

  /** Delay of what sets out on `way` at `ns`, whole ns. */
  delayNs(way: number, ns: number): number {
    const block = Math.floor(ns / this.blockNs)
    if (block !== this.cachedBlock[way]) {
      this.cachedBlock[way] = block
      this.cachedNs[way] = this.weatherNs(way, block)
    }
    const delayNs = this.baseNs[way] + this.cachedNs[way]
    if (this.clamps.isFree) return delayNs
    const factor = this.clamps.factorAt(ns)
    return factor === 1 ? delayNs : Math.floor(delayNs * factor)
  }

  /** No delay on `way` is ever longer. */
  delayNsMax(way: number): number {
    return Math.ceil((this.baseNs[way] + this.longestNs) * this.clamps.factorMax())
  }

  private weatherNs(way: number, block: number): number {
    if (this.scores !== null && this.scoreTable !== null) return this.scoreTable.sampleNs(this.scores[way].scoreAt(block))
    return Math.floor(this.table.sampleNs(keyedUniform(this.seed, DRAW.weather, block, this.salt + way)))
  }
}

export class Link implements Component {
  readonly name = 'link'
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly weather: LinkWeather
  private readonly seed: number
  private readonly jitter: Law
  private readonly jittered: boolean
  /** Reports carried per child (row child + 1; row 0 for those of no child): each report's own jitter. */
  private readonly carried = int32Column()
  private readonly lastUpNs = new Float64Array(256)
  private readonly lastDownNs = new Float64Array(256)
  /** Arrivals in order of entry, without those at the front that are past: what is under way is among them. */
  private readonly arrivals = new NumberRing()
  private entered = 0
  private upHop: Hop | null = null
  private downHop: Hop | null = null

  constructor(
    simulation: Simulation,
    messages: Messages,
    reports: Reports,
    options: LinkOptions,
    clamps: ClampSchedule,
    seed: number,
    venue = 0
  ) {
    this.simulation = simulation
    this.messages = messages
    this.reports = reports
    this.weather = new LinkWeather(options, clamps, seed, venue)
    this.seed = seed
    this.jitter = options.jitter
    this.jittered = options.jitter.law !== 'constant' || options.jitter.valueNs > 0
  }

  connect(hops: { up: Hop; down: Hop }): void {
    this.upHop = hops.up
    this.downHop = hops.down
  }

  onEvent(kind: number, subject: number): void {
    const { nowNs } = this.simulation
    if (kind === LINK.up) {
      const { session } = this.messages
      const jitterNs = this.jittered ? this.messageJitterNs(subject) : 0
      this.carry(this.upHop, this.lastUpNs, session.values[subject], LINK_WAY.up, nowNs, jitterNs, subject)
    } else {
      const jitterNs = this.jittered ? this.reportJitterNs(subject) : 0
      const session = this.reports.session.values[subject]
      this.carry(this.downHop, this.lastDownNs, session, LINK_WAY.down, nowNs, jitterNs, subject)
    }
  }

  private messageJitterNs(message: number): number {
    return sampleNs(this.jitter, messageUniform(this.seed, DRAW.linkJitter, this.messages, message))
  }

  private reportJitterNs(report: number): number {
    const { reports } = this
    const child = reports.child.values[report]
    while (this.carried.count <= child + 1) this.carried.push(0)
    const nth = this.carried.values[child + 1]++
    return sampleNs(
      this.jitter,
      keyedUniform(this.seed, DRAW.linkJitter, reports.luckKey.values[report], REPORT_SALT + reports.type.values[report], nth)
    )
  }

  private carry(
    hop: Hop | null,
    lastNs: Float64Array,
    session: number,
    way: number,
    nowNs: number,
    jitterNs: number,
    subject: number
  ): void {
    assert(hop !== null, 'the link is connected')
    let arrivalNs = nowNs + this.weather.delayNs(way, nowNs) + jitterNs
    if (arrivalNs < lastNs[session]) arrivalNs = lastNs[session]
    lastNs[session] = arrivalNs
    const { arrivals } = this
    while (arrivals.count > 0 && arrivals.at(0) <= nowNs) arrivals.shift()
    arrivals.push(arrivalNs)
    this.entered++
    this.simulation.at(arrivalNs, hop.phase, hop.target, hop.kind, subject)
  }

  /** Messages and reports together; `held` are under way. */
  count(): StageCount {
    const { arrivals, entered } = this
    let held = 0
    for (let row = 0; row < arrivals.count; row++) if (arrivals.at(row) > this.simulation.nowNs) held++
    return { stage: 'link', entered, left: entered - held, rejected: 0, dropped: 0, held }
  }
}
