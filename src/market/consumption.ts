/*
 * What one world took from recorded orders (rule M3), on the timeline: per level it took from, the anonymous order's part and each known order's.
 * A level's record is brought up to a row only when somebody asks; levels never taken from cost nothing.
 */
import { ROW_KIND } from './tape.ts'
import { DROPPED, NONE, type Timeline } from './timeline.ts'

const CLEAR = ROW_KIND.of.clear

/** A known order taken from: its rest as recorded and what this world took. */
interface Taken {
  rest: number
  consumed: number
}

interface LevelConsumption {
  /** Last position taken into account. */
  position: number
  anonymous: number
  /** By the position of the order's add, in order of arrival. */
  readonly known: Map<number, Taken>
}

export class Consumption {
  private readonly timeline: Timeline
  private readonly levels = new Map<number, LevelConsumption>()

  constructor(timeline: Timeline) {
    this.timeline = timeline
  }

  /** Lots the anonymous order of the level offers after `position` (the level's last event in effect). */
  anonymousOffer(level: number, position: number): number {
    const rest = this.timeline.anonymousAfter(position)
    const record = this.levels.get(level)
    if (record === undefined) return rest
    this.bringUpTo(record, position)
    return rest - record.anonymous
  }

  /** Lots consumed of known orders that still rest; of those added at or before `lastAdd` only. */
  knownConsumed(level: number, position: number, lastAdd: number): number {
    const record = this.levels.get(level)
    if (record === undefined) return 0
    this.bringUpTo(record, position)
    let lots = 0
    for (const [add, taken] of record.known) if (add <= lastAdd) lots += Math.min(taken.consumed, taken.rest)
    return lots
  }

  /** Lots consumed of one known order. */
  consumedOf(level: number, position: number, add: number): number {
    const record = this.levels.get(level)
    if (record === undefined) return 0
    this.bringUpTo(record, position)
    return record.known.get(add)?.consumed ?? 0
  }

  takeAnonymous(level: number, position: number, lots: number): void {
    this.recordOf(level, position).anonymous += lots
  }

  /** `rest` is the order's recorded rest after `position`. */
  takeKnown(level: number, position: number, add: number, rest: number, lots: number): void {
    const record = this.recordOf(level, position)
    const taken = record.known.get(add)
    if (taken === undefined) record.known.set(add, { rest, consumed: lots })
    else taken.consumed += lots
  }

  private recordOf(level: number, position: number): LevelConsumption {
    let record = this.levels.get(level)
    if (record === undefined) {
      record = { position, anonymous: 0, known: new Map() }
      this.levels.set(level, record)
    } else {
      this.bringUpTo(record, position)
    }
    return record
  }

  private bringUpTo(record: LevelConsumption, position: number): void {
    if (record.position >= position) return
    const { timeline } = this
    const { arrival, totalAfter, eventRow } = timeline.arrays
    const { kind } = timeline.tape
    for (let p = record.position + 1; p <= position; p++) {
      const add = arrival[p]
      if (add === DROPPED) {
        if (kind[eventRow[p]] === CLEAR) record.anonymous = 0
        else for (const taken of record.known.values()) record.anonymous += Math.min(taken.consumed, taken.rest)
        record.known.clear()
      } else if (add !== NONE && add !== p && record.known.size > 0) {
        const taken = record.known.get(add)
        if (taken !== undefined) {
          taken.rest -= totalAfter[p - 1] - totalAfter[p]
          if (taken.rest <= 0) record.known.delete(add)
        }
      }
      if (record.anonymous > 0) record.anonymous = Math.min(record.anonymous, timeline.anonymousAfter(p))
    }
    record.position = position
  }
}
