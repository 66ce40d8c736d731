/*
 * Packets between a socket and the wire, in columns with a free list: one slot each, recycled once the packet has left or was
 * dropped. Lists of a queueing discipline are threaded through `next`. Nothing is allocated per packet once the columns have grown to the
 * run's peak, which the disciplines' limits bound.
 */
import { assert } from '../kernel/assert.ts'

/** A packet without a departure time of its own: earlier than any that is. */
export const NO_DEPARTURE_TIME = Number.NEGATIVE_INFINITY

export class Packets {
  /** The flow (socket) it belongs to. */
  flow: Int32Array
  /** Bytes as the discipline counts them: payload and headers, one header set per segment on the wire. */
  bytes: Int32Array
  payloadBytes: Int32Array
  /** Earliest departure time (EDT) in ns, or NO_DEPARTURE_TIME. */
  departureNs: Float64Array
  /** When the discipline may send it at the earliest: the departure time, else when it was queued. */
  sendNs: Float64Array
  queuedNs: Float64Array
  /** Whatever the sender wants back with it. */
  tag: Int32Array
  /** Which packet of its session it is, from 0. */
  sequence: Int32Array
  next: Int32Array
  /** Packets that are in use. */
  count = 0
  private free = -1
  private used = 0

  constructor(capacity = 256) {
    this.flow = new Int32Array(capacity)
    this.bytes = new Int32Array(capacity)
    this.payloadBytes = new Int32Array(capacity)
    this.departureNs = new Float64Array(capacity)
    this.sendNs = new Float64Array(capacity)
    this.queuedNs = new Float64Array(capacity)
    this.tag = new Int32Array(capacity)
    this.sequence = new Int32Array(capacity)
    this.next = new Int32Array(capacity)
  }

  /** A packet's slot, until `release`. */
  add(flow: number, payloadBytes: number, bytes: number, departureNs: number, tag: number, sequence: number): number {
    let packet = this.free
    if (packet >= 0) this.free = this.next[packet]
    else {
      if (this.used === this.flow.length) this.grow()
      packet = this.used++
    }
    this.count++
    this.flow[packet] = flow
    this.bytes[packet] = bytes
    this.payloadBytes[packet] = payloadBytes
    this.departureNs[packet] = departureNs
    this.sendNs[packet] = 0
    this.queuedNs[packet] = 0
    this.tag[packet] = tag
    this.sequence[packet] = sequence
    this.next[packet] = -1
    return packet
  }

  release(packet: number): void {
    assert(this.count > 0, 'only a packet in use is released')
    this.count--
    this.next[packet] = this.free
    this.free = packet
  }

  private grow(): void {
    const capacity = this.flow.length * 2
    this.flow = grownInt(this.flow, capacity)
    this.bytes = grownInt(this.bytes, capacity)
    this.payloadBytes = grownInt(this.payloadBytes, capacity)
    this.departureNs = grownFloat(this.departureNs, capacity)
    this.sendNs = grownFloat(this.sendNs, capacity)
    this.queuedNs = grownFloat(this.queuedNs, capacity)
    this.tag = grownInt(this.tag, capacity)
    this.sequence = grownInt(this.sequence, capacity)
    this.next = grownInt(this.next, capacity)
  }
}

function grownInt(from: Int32Array, capacity: number): Int32Array {
  const to = new Int32Array(capacity)
  to.set(from)
  return to
}

function grownFloat(from: Float64Array, capacity: number): Float64Array {
  const to = new Float64Array(capacity)
  to.set(from)
  return to
}
