/*
 * What one world took from recorded orders (rules M3, M16), on the timeline: per level it took from, the anonymous order's part and each known order's.
 * A level's record is brought up to a row only when somebody asks; levels never taken from cost nothing.
 */
import type { Refill } from './refill.ts'
import { ROW_KIND } from './tape.ts'
import { DROPPED, NONE, type Timeline } from './timeline.ts'

const CLEAR = ROW_KIND.of.clear

/** A known order taken from: its rest as recorded and what this world took. */
interface Taken {
  rest: number
  /** As it was at `sinceNs`. */
  consumed: number
  sinceNs: number
}

interface LevelConsumption {
  /** Last position taken into account. */
  position: number
  /** As it was at `sinceNs`. */
  anonymous: number
  sinceNs: number
  /** By the position of the order's add, in order of arrival. */
  readonly known: Map<number, Taken>
}

export class Consumption {
  /** The instant of the questions. */
  nowNs = 0
  private readonly timeline: Timeline
  private readonly refill: Refill
  private readonly levels = new Map<number, LevelConsumption>()

  constructor(timeline: Timeline, refill: Refill) {
    this.timeline = timeline
    this.refill = refill
  }

  /** Lots the anonymous order of the level offers after `position` (the level's last event in effect). */
  anonymousOffer(level: number, position: number): number {
    const rest = this.timeline.anonymousAfter(position)
    const record = this.levels.get(level)
    if (record === undefined) return rest
    this.bringUpTo(record, position)
    return rest - this.anonymousMissing(record, this.nowNs)
  }

  /** Lots consumed of known orders that still rest; of those added at or before `lastAdd` only. */
  knownConsumed(level: number, position: number, lastAdd: number): number {
    const record = this.levels.get(level)
    if (record === undefined) return 0
    this.bringUpTo(record, position)
    let lots = 0
    for (const [add, taken] of record.known) {
      if (add <= lastAdd) lots += Math.min(this.knownMissing(taken, this.nowNs), taken.rest)
    }
    return lots
  }

  /** Lots consumed of one known order. */
  consumedOf(level: number, position: number, add: number): number {
    const record = this.levels.get(level)
    if (record === undefined) return 0
    this.bringUpTo(record, position)
    const taken = record.known.get(add)
    return taken === undefined ? 0 : this.knownMissing(taken, this.nowNs)
  }

  takeAnonymous(level: number, position: number, lots: number): void {
    const record = this.recordOf(level, position)
    record.anonymous = this.anonymousMissing(record, this.nowNs) + lots
    record.sinceNs = this.nowNs
  }

  /** `rest` is the order's recorded rest after `position`. */
  takeKnown(level: number, position: number, add: number, rest: number, lots: number): void {
    const record = this.recordOf(level, position)
    const taken = record.known.get(add)
    if (taken === undefined) record.known.set(add, { rest, consumed: lots, sinceNs: this.nowNs })
    else {
      taken.consumed = this.knownMissing(taken, this.nowNs) + lots
      taken.sinceNs = this.nowNs
    }
  }

  private recordOf(level: number, position: number): LevelConsumption {
    let record = this.levels.get(level)
    if (record === undefined) {
      record = { position, anonymous: 0, sinceNs: this.nowNs, known: new Map() }
      this.levels.set(level, record)
    } else {
      this.bringUpTo(record, position)
    }
    return record
  }

  private bringUpTo(record: LevelConsumption, position: number): void {
    if (record.position >= position) return
    if (record.anonymous === 0 && record.known.size === 0) {
      // Nothing of it is left to follow.
      record.position = position
      return
    }
    const { timeline } = this
    const { arrival, totalAfter, eventRow } = timeline.arrays
    const { kind, tNs } = timeline.tape
    for (let p = record.position + 1; p <= position; p++) {
      const add = arrival[p]
      if (add === DROPPED) {
        if (kind[eventRow[p]] === CLEAR) record.anonymous = 0
        else this.passToAnonymous(record, tNs[eventRow[p]])
        record.known.clear()
      } else if (add !== NONE && add !== p && record.known.size > 0) {
        const taken = record.known.get(add)
        if (taken !== undefined) {
          taken.rest -= totalAfter[p - 1] - totalAfter[p]
          if (taken.rest <= 0) record.known.delete(add)
        }
      }
      if (record.anonymous > 0) this.capAnonymous(record, timeline.anonymousAfter(p), tNs[eventRow[p]])
    }
    record.position = position
  }

  /** A level-set dropped the known orders: what was consumed of them goes over. */
  private passToAnonymous(record: LevelConsumption, rowNs: number): void {
    let passed = 0
    for (const taken of record.known.values()) passed += Math.min(this.knownMissing(taken, rowNs), taken.rest)
    if (passed === 0) return
    record.anonymous = this.anonymousMissing(record, rowNs) + passed
    record.sinceNs = rowNs
  }

  private capAnonymous(record: LevelConsumption, rest: number, rowNs: number): void {
    if (this.anonymousMissing(record, rowNs) <= rest) return
    record.anonymous = rest
    record.sinceNs = rowNs
  }

  private anonymousMissing(record: LevelConsumption, atNs: number): number {
    return this.refill.missing(record.anonymous, atNs - record.sinceNs)
  }

  private knownMissing(taken: Taken, atNs: number): number {
    return this.refill.missing(taken.consumed, atNs - taken.sinceNs)
  }
}
