/*
 * The future event list: fastpriorityqueue holding slot numbers, the events themselves in columns. The order is total:
 * time, then rank = phase * 2^40 + call order, so no two events compare equal and ties never depend on the heap.
 * Slots are recycled; push and pop allocate nothing once the columns have grown to the run's peak.
 */
import FastPriorityQueue from 'fastpriorityqueue'
import { assert } from './assert.ts'

const SEQUENCE_SPAN = 2 ** 40
const PHASE_MAX = 255

export class EventQueue {
  timeNs: Float64Array
  target: Uint8Array
  kind: Uint8Array
  subject: Int32Array
  private rank: Float64Array
  private readonly heap: FastPriorityQueue<number>
  private free: Int32Array
  private freeCount = 0
  private slotCount = 0
  private sequence = 0

  constructor(capacity = 1024) {
    this.timeNs = new Float64Array(capacity)
    this.rank = new Float64Array(capacity)
    this.target = new Uint8Array(capacity)
    this.kind = new Uint8Array(capacity)
    this.subject = new Int32Array(capacity)
    this.free = new Int32Array(capacity)
    this.heap = new FastPriorityQueue<number>((a, b) => {
      const difference = this.timeNs[a] - this.timeNs[b]
      return difference !== 0 ? difference < 0 : this.rank[a] < this.rank[b]
    })
  }

  get count(): number {
    return this.heap.size
  }

  /** Adds an event. `phase` is 0..255; events of equal time and phase leave in call order. */
  push(timeNs: number, phase: number, target: number, kind: number, subject: number): void {
    assert(phase >= 0 && phase <= PHASE_MAX, 'an event phase is 0..255')
    assert(this.sequence < SEQUENCE_SPAN, 'a run schedules fewer than 2^40 events')
    let slot: number
    if (this.freeCount > 0) {
      slot = this.free[--this.freeCount]
    } else {
      if (this.slotCount === this.timeNs.length) this.grow()
      slot = this.slotCount++
    }
    this.timeNs[slot] = timeNs
    this.rank[slot] = phase * SEQUENCE_SPAN + this.sequence++
    this.target[slot] = target
    this.kind[slot] = kind
    this.subject[slot] = subject
    this.heap.add(slot)
  }

  /** Time of the earliest event; Infinity when empty. */
  peekNs(): number {
    const slot = this.heap.peek()
    return slot === undefined ? Number.POSITIVE_INFINITY : this.timeNs[slot]
  }

  /** Removes the earliest event and gives its slot, whose columns stay readable until the next push; -1 when empty. */
  pop(): number {
    const slot = this.heap.poll()
    if (slot === undefined) return -1
    this.free[this.freeCount++] = slot
    return slot
  }

  private grow(): void {
    const capacity = this.timeNs.length * 2
    this.timeNs = grown(this.timeNs, new Float64Array(capacity))
    this.rank = grown(this.rank, new Float64Array(capacity))
    this.target = grown(this.target, new Uint8Array(capacity))
    this.kind = grown(this.kind, new Uint8Array(capacity))
    this.subject = grown(this.subject, new Int32Array(capacity))
    this.free = grown(this.free, new Int32Array(capacity))
  }
}

function grown<T extends Float64Array | Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
