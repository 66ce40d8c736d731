/*
 * What the recorded book of a timeline offers one world (rule M3): recorded rests less what this world took, and the taking of
 * it, level by level (rule M4).
 */
import type { Consumption } from './consumption.ts'
import { ROW_KIND } from './tape.ts'
import { DROPPED, NONE, type Timeline } from './timeline.ts'

const ADD = ROW_KIND.of.add

export class RecordedOffers {
  private readonly timeline: Timeline
  private readonly consumption: Consumption
  /** Working memory of a take: rest of the orders of one level, by position. */
  private rests = new Int32Array(256)

  constructor(timeline: Timeline, consumption: Consumption) {
    this.timeline = timeline
    this.consumption = consumption
  }

  /** Lots offered at a level whose last event in effect is `position`. */
  offeredAt(level: number, position: number): number {
    const known = this.timeline.arrays.totalAfter[position] - this.timeline.anonymousAfter(position)
    return (
      this.consumption.anonymousOffer(level, position) +
      known -
      (known > 0 ? this.consumption.knownConsumed(level, position, position) : 0)
    )
  }

  /** Takes up to `lots` at one level: the anonymous order first, then known orders by arrival. */
  takeLevel(level: number, position: number, lots: number): number {
    let left = lots
    const anonymous = Math.min(left, this.consumption.anonymousOffer(level, position))
    if (anonymous > 0) {
      this.consumption.takeAnonymous(level, position, anonymous)
      left -= anonymous
    }
    const { arrival, totalAfter, eventRow } = this.timeline.arrays
    if (left === 0 || totalAfter[position] === this.timeline.anonymousAfter(position)) return lots - left
    const first = this.timeline.oldestFrom(level, position)
    const rests = this.restsOf(first, position)
    for (let p = first; p <= position; p++) {
      const isAdd = arrival[p] === p && this.timeline.tape.kind[eventRow[p]] === ADD
      const rest = isAdd ? rests[p - first] : 0
      if (rest <= 0) continue
      const offer = rest - Math.min(rest, this.consumption.consumedOf(level, position, p))
      const taken = Math.min(left, offer)
      if (taken === 0) continue
      this.consumption.takeKnown(level, position, p, rest, taken)
      left -= taken
      if (left === 0) break
    }
    return lots - left
  }

  /** Recorded rests after `position` of the orders added from `first` on, by position - first. */
  private restsOf(first: number, position: number): Int32Array {
    const length = position - first + 1
    if (this.rests.length < length) this.rests = new Int32Array(2 * length)
    const { rests } = this
    const { arrival, totalAfter, eventRow } = this.timeline.arrays
    const { lots } = this.timeline.tape
    for (let p = first; p <= position; p++) {
      const add = arrival[p]
      if (add === p) rests[p - first] = lots[eventRow[p]]
      else {
        rests[p - first] = 0
        if (add === DROPPED) rests.fill(0, 0, p - first)
        else if (add !== NONE && add >= first) rests[add - first] -= totalAfter[p - 1] - totalAfter[p]
      }
    }
    return rests
  }
}
