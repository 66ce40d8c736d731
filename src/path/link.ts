/*
 * The wire between host and venue: a base delay and weather that is the same for everyone in one block of time. FIFO per session and
 * direction: a message never overtakes an earlier one of its session. Guarantees: arrival >= sent + base delay (unclamped); nothing is
 * lost (the qdisc loses, the wire does not). What goes up is handed to the path of its venue. The weather of a block is a keyed draw of (seed, block, direction), so it is
 * a function of time alone. Left out: correlation between blocks, bandwidth of the wire (the qdisc paces far below it).
 */

import { assert } from '../kernel/assert.ts'
import { float64Column } from '../kernel/column.ts'
import { sampleNs } from '../kernel/law.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { ClampSchedule } from './clamp.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import type { LinkOptions } from './options.ts'
import { UniformTable } from './quantile-table.ts'
import type { Reports } from './reports.ts'

/** Kinds of the link's events: a message towards the venue, a report back from it. */
export const LINK = { up: 0, down: 1 } as const

/** Ways of the link, each with its own weather. */
export const LINK_WAY = { up: 0, down: 1, feed: 2 } as const

const WEATHER_SALT = 0x4c4b
/** The largest uniform number a keyed draw gives. */
const U_MAX = 1 - 2 ** -32

/** Delays as a pure function of (seed, way, time). */
export class LinkWeather {
  readonly blockNs: number
  private readonly options: LinkOptions
  private readonly clamps: ClampSchedule
  private readonly clamped: boolean
  private readonly seed: number
  private readonly baseNs: readonly number[]
  private readonly table: UniformTable
  private readonly cachedBlock = [-1, -1, -1]
  private readonly cachedNs = [0, 0, 0]

  constructor(options: LinkOptions, clamps: ClampSchedule, seed: number) {
    this.options = options
    this.clamps = clamps
    this.clamped = clamps.has('link.delay')
    this.seed = seed
    this.table = new UniformTable(options.weather)
    // A block of no length means weather that never changes.
    this.blockNs = options.weatherBlockNs > 0 ? options.weatherBlockNs : Number.MAX_SAFE_INTEGER
    this.baseNs = [options.delayNs, options.returnDelayNs, options.feedDelayNs]
  }

  /** Delay of what sets out on `way` at `ns`, whole ns. */
  delayNs(way: number, ns: number): number {
    const block = Math.floor(ns / this.blockNs)
    if (block !== this.cachedBlock[way]) {
      this.cachedBlock[way] = block
      const u = keyedUniform(this.seed, DRAW.weather, block, WEATHER_SALT + way)
      this.cachedNs[way] = Math.floor(this.table.sampleNs(u))
    }
    const delayNs = this.baseNs[way] + this.cachedNs[way]
    if (!this.clamped) return delayNs
    const factor = this.clamps.factorAt('link.delay', ns)
    return factor === 1 ? delayNs : Math.floor(delayNs * factor)
  }

  /** No delay on `way` is ever longer. */
  delayNsMax(way: number): number {
    const longestNs = Math.max(sampleNs(this.options.weather, 0), sampleNs(this.options.weather, U_MAX))
    return Math.ceil((this.baseNs[way] + longestNs) * this.clamps.factorMax('link.delay'))
  }
}

export class Link implements Component {
  readonly name = 'link'
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly weather: LinkWeather
  private readonly lastUpNs = new Float64Array(256)
  private readonly lastDownNs = new Float64Array(256)
  /** Arrivals in order of entry, for the count of what is still under way. */
  private readonly arrivals = float64Column()
  /** One per venue, by venue number. */
  private upHops: readonly Hop[] = []
  private downHop: Hop | null = null

  constructor(
    simulation: Simulation,
    messages: Messages,
    reports: Reports,
    options: LinkOptions,
    clamps: ClampSchedule,
    seed: number
  ) {
    this.simulation = simulation
    this.messages = messages
    this.reports = reports
    this.weather = new LinkWeather(options, clamps, seed)
  }

  /** `up`: one hop per venue, by venue number. */
  connect(hops: { up: readonly Hop[]; down: Hop }): void {
    this.upHops = hops.up
    this.downHop = hops.down
  }

  onEvent(kind: number, subject: number): void {
    const { nowNs } = this.simulation
    if (kind === LINK.up) {
      const { session, venue } = this.messages
      this.carry(this.upHops[venue.values[subject]], this.lastUpNs, session.values[subject], LINK_WAY.up, nowNs, subject)
    } else this.carry(this.downHop, this.lastDownNs, this.reports.session.values[subject], LINK_WAY.down, nowNs, subject)
  }

  private carry(
    hop: Hop | null | undefined,
    lastNs: Float64Array,
    session: number,
    way: number,
    nowNs: number,
    subject: number
  ): void {
    assert(hop !== null && hop !== undefined, 'the link is connected')
    let arrivalNs = nowNs + this.weather.delayNs(way, nowNs)
    if (arrivalNs < lastNs[session]) arrivalNs = lastNs[session]
    lastNs[session] = arrivalNs
    this.arrivals.push(arrivalNs)
    this.simulation.at(arrivalNs, hop.phase, hop.target, hop.kind, subject)
  }

  /** Messages and reports together; `held` are under way. */
  count(): StageCount {
    const { values, count: entered } = this.arrivals
    let held = 0
    for (let row = 0; row < entered; row++) if (values[row] > this.simulation.nowNs) held++
    return { stage: 'link', entered, left: entered - held, rejected: 0, dropped: 0, held }
  }
}
