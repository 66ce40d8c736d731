/*
 * Messages on their way from the host to the venue: one row each, written stage by stage. A stage's event carries the row
 * as its subject. Stamps are ns or NaN; the ledger copies them when the run ends.
 */
import { ColumnTable } from '../kernel/column.ts'

export class Messages extends ColumnTable {
  /** MESSAGE_TYPE. */
  readonly type = this.uint8()
  readonly session = this.uint8()
  readonly venue = this.uint8()
  readonly parent = this.int32()
  readonly child = this.int32()
  /** Who its order is to chance (order/luck.ts). */
  readonly luckKey = this.float64()
  /** Row of the attempts table (new, replace) or of the cancels table (cancel). */
  readonly ledgerRow = this.int32()
  readonly retryIndex = this.uint8()
  /** 1 buy, 0 sell. */
  readonly isBuy = this.uint8()
  readonly priceTicks = this.int32()
  readonly lots = this.int32()
  readonly timeInForce = this.uint8()
  readonly postOnly = this.uint8()
  /** Client order id: a resend of the same attempt carries the same one, and the venue refuses the duplicate. */
  readonly clientOrderId = this.int32()
  /** Bytes of the message on the stream (TCP) or of the datagram's payload (UDP). */
  readonly bytes = this.int32()
  readonly dispatchNs = this.float64()
  readonly wireNs = this.float64()
  readonly gateNs = this.float64()
  readonly gateDoneNs = this.float64()
  readonly gatewayNs = this.float64()
  readonly throttleNs = this.float64()
  readonly engineNs = this.float64()
  /** 1: the throttle held or refused it at least once. */
  readonly throttled = this.uint8()

  /** A new message with all stamps none; gives its row. */
  add(fields: {
    type: number
    session: number
    venue: number
    parent: number
    child: number
    /** Absent: the child, where it has no parent. */
    luckKey?: number
    ledgerRow: number
    retryIndex: number
    side: number
    priceTicks: number
    lots: number
    timeInForce: number
    postOnly: boolean
    clientOrderId: number
    bytes: number
  }): number {
    const row = this.extend()
    this.type.values[row] = fields.type
    this.session.values[row] = fields.session
    this.venue.values[row] = fields.venue
    this.parent.values[row] = fields.parent
    this.child.values[row] = fields.child
    this.luckKey.values[row] = fields.luckKey ?? fields.child
    this.ledgerRow.values[row] = fields.ledgerRow
    this.retryIndex.values[row] = fields.retryIndex
    this.isBuy.values[row] = fields.side === 1 ? 1 : 0
    this.priceTicks.values[row] = fields.priceTicks
    this.lots.values[row] = fields.lots
    this.timeInForce.values[row] = fields.timeInForce
    this.postOnly.values[row] = fields.postOnly ? 1 : 0
    this.clientOrderId.values[row] = fields.clientOrderId
    this.bytes.values[row] = fields.bytes
    this.dispatchNs.values[row] = Number.NaN
    this.wireNs.values[row] = Number.NaN
    this.gateNs.values[row] = Number.NaN
    this.gateDoneNs.values[row] = Number.NaN
    this.gatewayNs.values[row] = Number.NaN
    this.throttleNs.values[row] = Number.NaN
    this.engineNs.values[row] = Number.NaN
    return row
  }
}
