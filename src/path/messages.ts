/*
 * Messages on their way from the host to the venue: one row each, written stage by stage. A stage's event carries the row
 * as its subject. Stamps are ns or NaN; the ledger copies them when the run ends.
 */
import { float64Column, int32Column, uint8Column } from '../kernel/column.ts'

export class Messages {
  /** MESSAGE_TYPE. */
  readonly type = uint8Column()
  readonly session = uint8Column()
  readonly venue = uint8Column()
  readonly parent = int32Column()
  readonly child = int32Column()
  /** Row of the attempts table (new, replace) or of the cancels table (cancel). */
  readonly ledgerRow = int32Column()
  readonly retryIndex = uint8Column()
  /** 1 buy, 0 sell. */
  readonly isBuy = uint8Column()
  readonly priceTicks = int32Column()
  readonly lots = int32Column()
  readonly timeInForce = uint8Column()
  readonly postOnly = uint8Column()
  /** Client order id: a resend of the same attempt carries the same one, and the venue refuses the duplicate. */
  readonly clientOrderId = int32Column()
  /** Bytes of the message on the stream (TCP) or of the datagram's payload (UDP). */
  readonly bytes = int32Column()
  readonly dispatchNs = float64Column()
  readonly wireNs = float64Column()
  readonly gateNs = float64Column()
  readonly gateDoneNs = float64Column()
  readonly gatewayNs = float64Column()
  readonly throttleNs = float64Column()
  readonly engineNs = float64Column()
  /** 1: the throttle held or refused it at least once. */
  readonly throttled = uint8Column()

  get count(): number {
    return this.type.count
  }

  /** A new message with all stamps none; gives its row. */
  add(fields: {
    type: number
    session: number
    venue: number
    parent: number
    child: number
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
    const row = this.type.push(fields.type)
    this.session.push(fields.session)
    this.venue.push(fields.venue)
    this.parent.push(fields.parent)
    this.child.push(fields.child)
    this.ledgerRow.push(fields.ledgerRow)
    this.retryIndex.push(fields.retryIndex)
    this.isBuy.push(fields.side === 1 ? 1 : 0)
    this.priceTicks.push(fields.priceTicks)
    this.lots.push(fields.lots)
    this.timeInForce.push(fields.timeInForce)
    this.postOnly.push(fields.postOnly ? 1 : 0)
    this.clientOrderId.push(fields.clientOrderId)
    this.bytes.push(fields.bytes)
    this.dispatchNs.push(Number.NaN)
    this.wireNs.push(Number.NaN)
    this.gateNs.push(Number.NaN)
    this.gateDoneNs.push(Number.NaN)
    this.gatewayNs.push(Number.NaN)
    this.throttleNs.push(Number.NaN)
    this.engineNs.push(Number.NaN)
    this.throttled.push(0)
    return row
  }
}
