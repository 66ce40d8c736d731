/*
 * Reports on their way from gate, gateway or engine back to the host: one row each; the subject of downstream events.
 */
import { ColumnTable } from '../kernel/column.ts'

export class Reports extends ColumnTable {
  /** REPORT_TYPE. */
  readonly type = this.uint8()
  /** The message it answers; -1 for a fill of a resting order and for session-up. */
  readonly message = this.int32()
  readonly child = this.int32()
  /** Who its order is to chance (order/luck.ts); -1 without a child. */
  readonly luckKey = this.float64()
  /** FIX ClOrdID: of the terms in force when it was made, or of the request it refuses; -1 for a cancel's and for none. */
  readonly clientOrderId = this.int32()
  readonly session = this.uint8()
  readonly lots = this.int32()
  readonly priceTicks = this.int32()
  /** Open lots of the child at the venue after it. */
  readonly leavesLots = this.int32()
  readonly rejectedBy = this.uint8()
  readonly reason = this.uint8()
  /** Row of the fills table, or -1. */
  readonly fillRow = this.int32()
  /** Made; left the venue's ack server; read by the host. */
  readonly madeNs = this.float64()
  readonly departNs = this.float64()
  readonly hostNs = this.float64()

  add(fields: {
    type: number
    message: number
    child: number
    /** Absent: the child, where it has no parent. */
    luckKey?: number
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
    const row = this.extend()
    this.type.values[row] = fields.type
    this.message.values[row] = fields.message
    this.child.values[row] = fields.child
    this.luckKey.values[row] = fields.luckKey ?? fields.child
    this.clientOrderId.values[row] = fields.clientOrderId
    this.session.values[row] = fields.session
    this.lots.values[row] = fields.lots
    this.priceTicks.values[row] = fields.priceTicks
    this.leavesLots.values[row] = fields.leavesLots
    this.rejectedBy.values[row] = fields.rejectedBy
    this.reason.values[row] = fields.reason
    this.fillRow.values[row] = fields.fillRow
    this.madeNs.values[row] = fields.madeNs
    this.departNs.values[row] = Number.NaN
    this.hostNs.values[row] = Number.NaN
    return row
  }
}
