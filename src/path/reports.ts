/*
 * Reports on their way from gate, gateway or engine back to the host: one row each; the subject of downstream events.
 */
import { float64Column, int32Column, uint8Column } from '../kernel/column.ts'

export class Reports {
  /** REPORT_TYPE. */
  readonly type = uint8Column()
  /** The message it answers; -1 for a fill of a resting order and for session-up. */
  readonly message = int32Column()
  readonly child = int32Column()
  /** FIX ClOrdID: of the terms in force when it was made, or of the request it refuses; -1 for a cancel's and for none. */
  readonly clientOrderId = int32Column()
  readonly session = uint8Column()
  readonly lots = int32Column()
  readonly priceTicks = int32Column()
  /** Open lots of the child at the venue after it. */
  readonly leavesLots = int32Column()
  readonly rejectedBy = uint8Column()
  readonly reason = uint8Column()
  /** Row of the fills table, or -1. */
  readonly fillRow = int32Column()
  /** Made; left the venue's ack server; read by the host. */
  readonly madeNs = float64Column()
  readonly departNs = float64Column()
  readonly hostNs = float64Column()

  get count(): number {
    return this.type.count
  }

  add(fields: {
    type: number
    message: number
    child: number
    clientOrderId: number
    session: number
    lots: number
    priceTicks: number
    leavesLots: number
    rejectedBy: number
    reason: number
    fillRow: number
    madeNs: number
  }): number {
    const row = this.type.push(fields.type)
    this.message.push(fields.message)
    this.child.push(fields.child)
    this.clientOrderId.push(fields.clientOrderId)
    this.session.push(fields.session)
    this.lots.push(fields.lots)
    this.priceTicks.push(fields.priceTicks)
    this.leavesLots.push(fields.leavesLots)
    this.rejectedBy.push(fields.rejectedBy)
    this.reason.push(fields.reason)
    this.fillRow.push(fields.fillRow)
    this.madeNs.push(fields.madeNs)
    this.departNs.push(Number.NaN)
    this.hostNs.push(Number.NaN)
    return row
  }
}
