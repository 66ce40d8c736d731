/*
 * The packets of each flow inside a fair queue, Linux net/sched/sch_fq.c: a FIFO, and beside it the packets that came with a departure time
 * before that of the FIFO's tail, in order of it. The next is the head of the FIFO, or a sorted one that is due before it. Packets are
 * threaded through their own columns; a flow costs three numbers.
 */
import type { Packets } from './packets.ts'

export class FlowQueues {
  /** Packets of each flow. */
  length = new Int32Array(16)
  private readonly packets: Packets
  private fifoHead = new Int32Array(16).fill(-1)
  private fifoTail = new Int32Array(16).fill(-1)
  private sortedHead = new Int32Array(16).fill(-1)

  constructor(packets: Packets) {
    this.packets = packets
  }

  insert(flow: number, packet: number): void {
    const { next, sendNs } = this.packets
    this.length[flow]++
    const tail = this.fifoTail[flow]
    if (this.fifoHead[flow] < 0 || sendNs[packet] >= sendNs[tail]) {
      next[packet] = -1
      if (this.fifoHead[flow] < 0) this.fifoHead[flow] = packet
      else next[tail] = packet
      this.fifoTail[flow] = packet
      return
    }
    let after = -1
    let before = this.sortedHead[flow]
    while (before >= 0 && sendNs[before] <= sendNs[packet]) {
      after = before
      before = next[before]
    }
    next[packet] = before
    if (after < 0) this.sortedHead[flow] = packet
    else next[after] = packet
  }

  /** The next packet; -1 when there is none. */
  peek(flow: number): number {
    const sorted = this.sortedHead[flow]
    const first = this.fifoHead[flow]
    if (sorted < 0) return first
    if (first < 0) return sorted
    return this.packets.sendNs[sorted] < this.packets.sendNs[first] ? sorted : first
  }

  /** Takes the packet that `peek` gave. */
  take(flow: number, packet: number): void {
    if (this.fifoHead[flow] === packet) this.fifoHead[flow] = this.packets.next[packet]
    else this.sortedHead[flow] = this.packets.next[packet]
    this.length[flow]--
  }

  /** Room for flows below `capacity`. */
  grow(capacity: number): void {
    const none = (from: Int32Array<ArrayBuffer>) => {
      const to = new Int32Array(capacity).fill(-1)
      to.set(from)
      return to
    }
    const length = new Int32Array(capacity)
    length.set(this.length)
    this.length = length
    this.fifoHead = none(this.fifoHead)
    this.fifoTail = none(this.fifoTail)
    this.sortedHead = none(this.sortedHead)
  }
}
