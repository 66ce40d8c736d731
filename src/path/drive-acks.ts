/*
 * The venue's ack server by itself: reports in at given instants, departures out, without the rest of the program. Every report has luck
 * of its own. For study, and to hold the model to recordings and closed forms.
 */
import { Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { REJECTED_BY } from '../order/words.ts'
import { ACKS, AckServer } from './acks.ts'
import { ClampSchedule } from './clamp.ts'
import type { AckOptions } from './options.ts'
import { PHASE } from './phases.ts'
import { Reports } from './reports.ts'

/** Reports in order of time; `type` is a REPORT_TYPE. */
export interface ReportArrivals {
  readonly count: number
  readonly tNs: ArrayLike<number>
  readonly type: ArrayLike<number>
}

export interface ReportRecord {
  /** By row of the arrivals. */
  readonly departNs: Float64Array
  readonly counts: readonly StageCount[]
}

export function driveAcks(options: AckOptions, arrivals: ReportArrivals, seed: number): ReportRecord {
  const { count, tNs, type } = arrivals
  const simulation = new Simulation()
  const reports = new Reports()
  const server = new AckServer(simulation, reports, options, new ClampSchedule([]), seed)
  const target = simulation.register(server)
  const host = simulation.register({ name: 'host', onEvent: () => undefined })
  server.connect({ self: target, down: { target: host, kind: 0, phase: PHASE.hostData } })
  let row = 0
  simulation.addSource({
    nextNs: () => (row < count ? tNs[row] : Number.POSITIVE_INFINITY),
    step: () => {
      reports.add({
        type: type[row],
        message: row,
        child: row,
        clientOrderId: row,
        session: 0,
        lots: 0,
        priceTicks: 0,
        leavesLots: 0,
        rejectedBy: REJECTED_BY.of.none,
        reason: 0,
        fillRow: -1,
        madeNs: tNs[row]
      })
      simulation.at(tNs[row], PHASE.downstream, target, ACKS.down, row)
      row++
    }
  })
  simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: Number.MAX_SAFE_INTEGER })
  return { departNs: reports.departNs.toArray(), counts: [server.count()] }
}
