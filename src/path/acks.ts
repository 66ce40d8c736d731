/*
 * The venue's outbound server: reports of fills, acks and refusals leave in order of making, behind those of strangers. Its backlog
 * is the cancel-ack backlog: an order is done or cancelled at the engine long before its owner hears of it.
 * Guarantees: FIFO; departNs >= made + service (unclamped); nothing is refused. Service law: no cancel-ack law has been published, so
 * the order-ack law stands in (reference/ack-rules.md). Left out: separate lines per session.
 */
import { assert } from '../kernel/assert.ts'
import { float64Column, int32Column } from '../kernel/column.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { BackgroundLoad } from './background-load.ts'
import type { ClampSchedule } from './clamp.ts'
import type { Hop } from './hop.ts'
import type { AckOptions } from './options.ts'
import { type UniformTable, uniformTableOf } from './quantile-table.ts'
import type { Reports } from './reports.ts'
import { FifoServer } from './server.ts'

export const ACKS = { down: 0 } as const

const BACKGROUND_SALT = 0x414b
/** Work of strangers that may wait: a minute, longer than any venue would let its reports grow stale (assumed). */
const WORK_NS_MAX = 60_000_000_000

export class AckServer implements Component {
  readonly name = 'acks'
  private readonly simulation: Simulation
  private readonly reports: Reports
  private readonly service: UniformTable
  private readonly seed: number
  private readonly server: FifoServer
  /** Reports seen per child (row child + 1; row 0 for those of no child): each report's own luck. */
  private readonly seen = int32Column()
  private readonly departures = float64Column()
  private downHop: Hop | null = null

  constructor(simulation: Simulation, reports: Reports, options: AckOptions, clamps: ClampSchedule, seed: number, venue = 0) {
    this.simulation = simulation
    this.reports = reports
    this.seed = seed
    this.service = uniformTableOf(options.service)
    const clock = clamps.clockOf('acks.rate')
    this.server = new FifoServer(
      clock,
      new BackgroundLoad(options.service, options.backgroundLoad, seed, BACKGROUND_SALT + 2 * venue, clock, WORK_NS_MAX)
    )
  }

  connect(hops: { down: Hop }): void {
    this.downHop = hops.down
  }

  onEvent(_kind: number, report: number): void {
    assert(this.downHop !== null, 'the ack server is connected')
    const { nowNs } = this.simulation
    const { reports } = this
    const child = reports.child.values[report]
    while (this.seen.count <= child + 1) this.seen.push(0)
    const nth = this.seen.values[child + 1]++
    const u = keyedUniform(this.seed, DRAW.ackService, reports.luckKey.values[report], reports.type.values[report], nth)
    const departNs = this.server.admit(nowNs, this.server.workFound(nowNs), Math.floor(this.service.sampleNs(u)))
    reports.departNs.values[report] = departNs
    this.departures.push(departNs)
    // A server that stands still for ever keeps its reports.
    if (departNs >= Number.MAX_SAFE_INTEGER) return
    this.simulation.at(departNs, this.downHop.phase, this.downHop.target, this.downHop.kind, report)
  }

  /** Reports. */
  count(): StageCount {
    const { values, count: entered } = this.departures
    let held = 0
    for (let row = entered - 1; row >= 0 && values[row] > this.simulation.nowNs; row--) held++
    return { stage: this.name, entered, left: entered - held, rejected: 0, dropped: 0, held }
  }
}
