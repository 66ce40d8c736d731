/*
 * The venue's outbound server: reports of fills, acks and refusals leave in order of making, behind those of strangers. Its backlog
 * is the cancel-ack backlog: an order is done or cancelled at the engine long before its owner hears of it.
 * A session that was logged out gets no reports where the options say so: what would leave is held, and follows the report of its
 * next logon, in order (as a FIX resend or a SoupBinTCP replay would). What had left before is on its way.
 * Guarantees: FIFO; departNs >= made + service (unclamped); nothing is refused or lost. Service law: no cancel-ack law has been published, so
 * the order-ack law stands in. Left out: separate lines per session; a lane of its own for fills (with one, a fill may pass
 * the confirmation of a replace that came before it, and the host could not tell which terms it was of).
 */
import { assert } from '../kernel/assert.ts'
import { int32Column } from '../kernel/column.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { REPORT_TYPE } from '../order/words.ts'
import { BackgroundLoad } from './background-load.ts'
import type { ClampSchedule } from './clamp.ts'
import { Departures } from './departures.ts'
import type { Hop } from './hop.ts'
import type { AckOptions } from './options.ts'
import { PHASE } from './phases.ts'
import { type UniformTable, uniformTableOf } from './quantile-table.ts'
import type { Reports } from './reports.ts'
import { FifoServer } from './server.ts'

/** Events: a report is made; a session (the subject) was logged out; a report that may be held has been served. */
export const ACKS = { down: 0, logout: 1, served: 2 } as const

const BACKGROUND_SALT = 0x414b
/** Work of strangers that may wait: a minute, longer than any venue would let its reports grow stale (assumed). */
const WORK_NS_MAX = 60_000_000_000

export class AckServer implements Component {
  readonly name = 'acks'
  private readonly simulation: Simulation
  private readonly reports: Reports
  private readonly service: UniformTable
  private readonly whileDown: AckOptions['whileDown']
  private readonly seed: number
  private readonly server: FifoServer
  /** Reports seen per child (row child + 1; row 0 for those of no child): each report's own luck. */
  private readonly seen = int32Column()
  private readonly departures = new Departures()
  /** By session: logouts whose next logon has not been told, and the reports that wait for that. */
  private readonly logouts = new Uint32Array(256)
  private readonly held: number[][] = []
  private heldCount = 0
  private self = -1
  private downHop: Hop | null = null

  constructor(simulation: Simulation, reports: Reports, options: AckOptions, clamps: ClampSchedule, seed: number, venue = 0) {
    this.simulation = simulation
    this.reports = reports
    this.seed = seed
    this.service = uniformTableOf(options.service)
    this.whileDown = options.whileDown
    const clock = clamps.of('acks.rate').clock()
    this.server = new FifoServer(
      clock,
      new BackgroundLoad(options.service, options.backgroundLoad, seed, BACKGROUND_SALT + 2 * venue, clock, WORK_NS_MAX)
    )
  }

  /** `self` is the server's own target. */
  connect(hops: { self: number; down: Hop }): void {
    this.self = hops.self
    this.downHop = hops.down
  }

  onEvent(kind: number, subject: number): void {
    if (kind === ACKS.down) this.admit(subject)
    else if (kind === ACKS.served) this.depart(subject)
    else this.logouts[subject]++
  }

  private admit(report: number): void {
    const { nowNs } = this.simulation
    const { reports } = this
    const child = reports.child.values[report]
    while (this.seen.count <= child + 1) this.seen.push(0)
    const nth = this.seen.values[child + 1]++
    const u = keyedUniform(this.seed, DRAW.ackService, reports.luckKey.values[report], reports.type.values[report], nth)
    const departNs = this.server.admit(nowNs, this.server.workFound(nowNs), Math.floor(this.service.sampleNs(u)))
    reports.departNs.values[report] = departNs
    this.departures.add(departNs, false)
    // A server that stands still for ever keeps its reports.
    if (departNs >= Number.MAX_SAFE_INTEGER) return
    if (this.whileDown === 'sent') this.send(report, departNs)
    else this.simulation.at(departNs, PHASE.downstream, this.self, ACKS.served, report)
  }

  /** A report has been served: it leaves, or waits for its session. */
  private depart(report: number): void {
    const { reports } = this
    const { nowNs } = this.simulation
    const session = reports.session.values[report]
    const isLogon = reports.type.values[report] === REPORT_TYPE.of['session-up']
    if (isLogon) this.logouts[session]--
    if (this.logouts[session] > 0 && !isLogon) {
      reports.departNs.values[report] = Number.NaN
      this.held[session] ??= []
      this.held[session].push(report)
      this.heldCount++
      return
    }
    this.send(report, nowNs)
    if (!isLogon || this.logouts[session] > 0 || this.held[session] === undefined) return
    for (const waiting of this.held[session]) {
      reports.departNs.values[waiting] = nowNs
      this.send(waiting, nowNs)
    }
    this.heldCount -= this.held[session].length
    this.held[session].length = 0
  }

  private send(report: number, departNs: number): void {
    assert(this.downHop !== null, 'the ack server is connected')
    this.simulation.at(departNs, this.downHop.phase, this.downHop.target, this.downHop.kind, report)
  }

  /** Reports. */
  count(): StageCount {
    const { count: entered } = this.departures
    const held = this.heldCount + this.departures.heldAt(this.simulation.nowNs).count
    return { stage: this.name, entered, left: entered - held, rejected: 0, dropped: 0, held }
  }
}
