/*
 * Whose turn it is among the flows of a fair queue, Linux net/sched/sch_fq.c: a list of new flows and one of old ones, new before old. Since
 * 6.7 there are such lists for each of three bands of priority, served by weighted round robin: a band is served while it has credit in
 * bytes; passing on to the next gives that one its weight, and never more than it. In 6.1 there is one band without credit.
 */

/** TC_PRIO_MAX + 1. */
const PRIORITY_COUNT = 16

export interface BandOptions {
  /** Band of each of 16 priorities. */
  readonly priomap: readonly number[]
  /** Bytes of each band in one round. */
  readonly weights: readonly number[]
}

/** The map of pfifo_fast, and 576, 192 and 64 KiB (sch_fq.c since 6.7). */
export const DEFAULT_BANDS: BandOptions = {
  priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
  weights: [589_824, 196_608, 65_536]
}

export class FlowBands {
  /** After `select`: the band, and whether its new flows, are served. */
  band = 0
  isNew = false
  private readonly options: BandOptions | null
  private readonly count: number
  private readonly credit: Float64Array
  // Heads and tails of the lists, by 2 * band, and 1 more for the new flows.
  private readonly head: Int32Array
  private readonly tail: Int32Array
  private next = new Int32Array(16)

  /** `null`: one band. */
  constructor(options: BandOptions | null) {
    this.options = options
    this.count = options === null ? 1 : options.weights.length
    this.credit = new Float64Array(this.count).fill(options === null ? Number.POSITIVE_INFINITY : 0)
    this.head = new Int32Array(2 * this.count).fill(-1)
    this.tail = new Int32Array(2 * this.count).fill(-1)
  }

  /** The band of a socket's priority (SO_PRIORITY). */
  bandOf(priority: number): number {
    return this.options === null ? 0 : this.options.priomap[priority % PRIORITY_COUNT]
  }

  append(flow: number, band: number, isNew: boolean): void {
    const list = 2 * band + (isNew ? 1 : 0)
    this.next[flow] = -1
    if (this.head[list] < 0) this.head[list] = flow
    else this.next[this.tail[list]] = flow
    this.tail[list] = flow
  }

  /** The flow whose turn it is; -1 when none is listed. */
  select(): number {
    const { options } = this
    let tried = 0
    for (;;) {
      if (this.credit[this.band] > 0) {
        const list = 2 * this.band
        this.isNew = this.head[list + 1] >= 0
        const flow = this.isNew ? this.head[list + 1] : this.head[list]
        if (flow >= 0) return flow
      }
      if (options === null) return -1
      // On to the next band with credit. One in debt is given its weight again and again, and then all are tried once more.
      do {
        if (++tried > this.count) return -1
        this.band = (this.band + 1) % this.count
        const weight = options.weights[this.band]
        this.credit[this.band] = Math.min(this.credit[this.band] + weight, weight)
        if (this.credit[this.band] <= 0) tried = 0
      } while (this.credit[this.band] <= 0)
    }
  }

  hasOld(band: number): boolean {
    return this.head[2 * band] >= 0
  }

  /** Takes the selected flow off its list. */
  shift(): void {
    const list = 2 * this.band + (this.isNew ? 1 : 0)
    this.head[list] = this.next[this.head[list]]
  }

  /** Bytes that left on the turn of the selected flow. */
  spend(bytes: number): void {
    this.credit[this.band] -= bytes
  }

  grow(capacity: number): void {
    const next = new Int32Array(capacity)
    next.set(this.next)
    this.next = next
  }
}
