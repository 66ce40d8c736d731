/* No queueing discipline ("none"): every packet leaves at once, in order. Packets wait here only while the machine hands others on. */
import type { Packets } from './packets.ts'
import { type Qdisc, VERDICT, type Watchdog } from './qdisc.ts'

export class PassThrough implements Qdisc {
  packetCount = 0
  backlogBytes = 0
  readonly dropCount = 0
  readonly holdsDepartures = false
  readonly packetBytesMax = Number.POSITIVE_INFINITY
  readonly watchdogs: readonly Watchdog[] = []
  private readonly packets: Packets
  private head = -1
  private tail = -1

  constructor(packets: Packets) {
    this.packets = packets
  }

  enqueue(packet: number, nowNs: number): number {
    const { packets } = this
    packets.queuedNs[packet] = nowNs
    packets.next[packet] = -1
    if (this.head < 0) this.head = packet
    else packets.next[this.tail] = packet
    this.tail = packet
    this.packetCount++
    this.backlogBytes += packets.bytes[packet]
    return VERDICT.queued
  }

  dequeue(): number {
    const packet = this.head
    if (packet < 0) return -1
    this.head = this.packets.next[packet]
    this.packetCount--
    this.backlogBytes -= this.packets.bytes[packet]
    return packet
  }
}
