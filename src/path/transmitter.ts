/*
 * The machine under a queueing discipline, one CPU: runs the discipline after an arrival or a timer, packet after packet until it gives none, and
 * hands each to the wire. Costs of the machine (all 0 by default): an arrival is on the wire `unqueuedNs` after it was queued, packets of
 * one run follow each other by `backToBackNs`, a timer's run begins `timerNs` after it fired.
 * A buffer that the device does not cut leaves as a train of packets, `backToBackNs` apart. A timer fires at the end of its slack, or at a scheduler tick inside it. Ticks stop while the CPU idles (nohz): here, when nothing was
 * queued for a whole tick period. What arrives inside the slack window releases what is due as well, since it runs the discipline.
 * Leaves out: the queue of a real network card, run quotas, other timers of the machine.
 */
import { assert } from '../kernel/assert.ts'
import type { MachineOptions } from './options.ts'
import type { Qdisc, Ticks } from './qdisc.ts'

const NONE = Number.POSITIVE_INFINITY

/** Who is told of packets on the wire. */
export interface WireSink {
  /** Wire packets that a packet is cut into as it is handed over: more than 1 for a TCP buffer where the device does not cut it itself. */
  pieceCount(packet: number): number
  /** The packet's next piece is on the wire. */
  onWire(packet: number, wireNs: number): void
}

export class Transmitter {
  private readonly qdisc: Qdisc
  private readonly machine: MachineOptions
  private readonly ticks: Ticks
  private readonly idleNs: number
  private readonly sink: WireSink
  /** The next turn of the run under way; NONE when the discipline is not being run. */
  private runNs = NONE
  private lastArrivalNs = Number.NEGATIVE_INFINITY
  // Packets on their way from the discipline to the wire, a ring in order of time.
  private ring = new Int32Array(8)
  private ringNs = new Float64Array(8)
  private ringHead = 0
  private ringCount = 0

  constructor(qdisc: Qdisc, machine: MachineOptions, ticks: Ticks, sink: WireSink) {
    this.qdisc = qdisc
    this.machine = machine
    this.ticks = ticks
    this.idleNs = 1e9 / machine.hz
    this.sink = sink
  }

  /** A packet was queued or refused: the caller's CPU runs the discipline at once, unless it is being run. */
  arrived(nowNs: number): void {
    this.lastArrivalNs = nowNs
    if (this.runNs === NONE) this.runNs = nowNs
  }

  /** The next instant at which something happens; Infinity when nothing will. */
  nextNs(): number {
    let nextNs = this.ringCount > 0 ? this.ringNs[this.ringHead] : NONE
    if (this.runNs < nextNs) nextNs = this.runNs
    const timerNs = this.timerNs()
    return timerNs < nextNs ? timerNs : nextNs
  }

  /** Does one thing that is due at `nowNs` = nextNs(). */
  step(nowNs: number): void {
    if (this.ringCount > 0 && this.ringNs[this.ringHead] <= nowNs) {
      const packet = this.ring[this.ringHead]
      this.ringHead = (this.ringHead + 1) & (this.ring.length - 1)
      this.ringCount--
      this.sink.onWire(packet, nowNs)
      return
    }
    if (this.timerNs() <= nowNs) {
      for (const watchdog of this.qdisc.watchdogs) if (watchdog.softNs <= nowNs) watchdog.disarm()
      if (this.runNs === NONE) this.runNs = nowNs + this.machine.timerNs
      return
    }
    assert(this.runNs <= nowNs, 'the transmitter is stepped when something is due')
    const packet = this.qdisc.dequeue(nowNs)
    if (packet < 0) {
      this.runNs = NONE
      return
    }
    const pieces = this.sink.pieceCount(packet)
    const { unqueuedNs, backToBackNs } = this.machine
    for (let piece = 0; piece < pieces; piece++) this.push(packet, nowNs + piece * backToBackNs + unqueuedNs)
    this.runNs = nowNs + pieces * backToBackNs
  }

  private timerNs(): number {
    const { watchdogs } = this.qdisc
    let nextNs = NONE
    for (let i = 0; i < watchdogs.length; i++) {
      const { softNs, hardNs } = watchdogs[i]
      if (hardNs === NONE) continue
      let firesNs = hardNs
      if (hardNs > softNs) {
        const tickNs = this.ticks.nextNs(Math.max(softNs, this.lastArrivalNs))
        if (tickNs < hardNs && tickNs - this.lastArrivalNs <= this.idleNs) firesNs = tickNs
      }
      if (firesNs < nextNs) nextNs = firesNs
    }
    return nextNs
  }

  private push(packet: number, wireNs: number): void {
    const capacity = this.ring.length
    if (this.ringCount === capacity) {
      const ring = new Int32Array(capacity * 2)
      const ringNs = new Float64Array(capacity * 2)
      for (let i = 0; i < capacity; i++) {
        ring[i] = this.ring[(this.ringHead + i) & (capacity - 1)]
        ringNs[i] = this.ringNs[(this.ringHead + i) & (capacity - 1)]
      }
      this.ring = ring
      this.ringNs = ringNs
      this.ringHead = 0
    }
    const end = (this.ringHead + this.ringCount) & (this.ring.length - 1)
    this.ring[end] = packet
    this.ringNs[end] = wireNs
    this.ringCount++
  }
}
