/* A fair queue driven by hand: packets in, and what it gives when it is asked. */
import { FairQueue } from '../../src/path/fair-queue.ts'
import type { FqOptions } from '../../src/path/options.ts'
import { NO_DEPARTURE_TIME, Packets } from '../../src/path/packets.ts'
import { Ticks } from '../../src/path/qdisc.ts'
import { FQ, NO_MACHINE } from './fq-recordings.ts'

export interface FlowKind {
  /** SO_MAX_PACING_RATE in bytes per second; default: none. */
  readonly rate?: number
  readonly priority?: number
  readonly isTcp?: boolean
}

export class FairQueueRig {
  readonly queue: FairQueue
  private readonly packets = new Packets()
  private count = 0

  constructor(options: Partial<FqOptions>, flows: readonly FlowKind[] = []) {
    const kindOf = (flow: number): FlowKind => flows[flow] ?? {}
    const asked = {
      socketBytesPerSecond: (flow: number) => kindOf(flow).rate ?? Number.POSITIVE_INFINITY,
      qdiscFactor: () => 1,
      isTcp: (flow: number) => kindOf(flow).isTcp ?? false,
      priority: (flow: number) => kindOf(flow).priority ?? 0
    }
    this.queue = new FairQueue({ ...FQ, timerSlackNs: 0, ...options }, this.packets, asked, new Ticks(NO_MACHINE))
  }

  /** Gives the verdict. Packets are numbered from 0. */
  put(flow: number, nowNs: number, bytes = 1000, departureNs = NO_DEPARTURE_TIME): number {
    return this.queue.enqueue(this.packets.add(flow, bytes, bytes, departureNs, this.count, this.count++), nowNs)
  }

  /** Flows of the packets that leave at `nowNs`, until none does or `most` have. */
  take(nowNs: number, most = 1000): number[] {
    const flows: number[] = []
    while (flows.length < most) {
      const packet = this.queue.dequeue(nowNs)
      if (packet < 0) break
      flows.push(this.packets.flow[packet])
      this.packets.release(packet)
    }
    return flows
  }
}
