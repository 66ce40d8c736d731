/*
 * Tapes of single days joined to one of several, in order (rules T1 and T6 of tape.ts): each day's rows move by whole days, the book is cleared
 * at the end of each, and a halt does not last over night. A day's midnight is 24 h after the one before it, so 09:30 is 09:30 on every day,
 * also where the zone's clocks changed in between. Beside the joined rows only the day being added is held.
 */
import { InputError } from '../kernel/assert.ts'
import { daysOfDate } from '../kernel/calendar.ts'
import { formatClock, NS_PER_DAY } from '../kernel/units.ts'
import { daysOf, ROW_FLAG, ROW_KIND, type Tape, TapeBuilder, type TapeDay, type TapeHeader } from './tape.ts'

const { clear: CLEAR, halt: HALT, resume: RESUME } = ROW_KIND.of
/** What must be the same on every day. */
const COMMON = ['symbol', 'venue', 'zone', 'tickUnits', 'priceDecimals', 'lotUnits', 'lotDecimals'] as const

/** Of the notes the one that is no count: the levels that a file shows. */
const DEPTH_NOTE = 'depth'

export class TapeDays {
  private readonly builder = new TapeBuilder()
  private readonly days: TapeDay[] = []
  private readonly sources: string[] = []
  private readonly notes = new Map<string, number>()
  private first: Tape | undefined
  private lastNs = 0
  private halted = false

  /** Adds the next day (or days). Errors: InputError when it is not a later one of the same instrument. */
  add(tape: Tape): void {
    if (this.first === undefined) {
      // One day alone is left as it is.
      this.first = tape
      return
    }
    if (this.days.length === 0) this.append(this.first, 0)
    const shiftNs = this.shiftNs(this.first.header, tape.header)
    this.endDay(tape, shiftNs)
    this.append(tape, shiftNs)
  }

  /** The tape of all days. Errors: InputError when there was none. */
  finish(): Tape {
    const { first, days } = this
    if (first === undefined) throw new InputError('there is no day to make a tape of')
    if (days.length === 0) return first
    return this.builder.finish({
      ...first.header,
      closeNs: days[days.length - 1].closeNs,
      days,
      source: this.sources.join('; '),
      notes: Object.fromEntries(this.notes)
    })
  }

  /** From the midnight of the first day to that of the next. */
  private shiftNs(first: TapeHeader, next: TapeHeader): number {
    for (const key of COMMON) {
      if (next[key] !== first[key]) {
        throw new InputError(`the day ${next.date}: its ${key} is ${next[key]}, that of ${first.date} is ${first[key]}`)
      }
    }
    if (next.book !== first.book)
      throw new InputError(`the day ${next.date}: is by order and ${first.date} by price, or the other way`)
    const before = this.days[this.days.length - 1]
    if (daysOfDate(next.date) <= daysOfDate(before.date)) {
      throw new InputError(`the day ${next.date}: comes after ${before.date}; give the days in order, each once`)
    }
    return (daysOfDate(next.date) - daysOfDate(first.date)) * NS_PER_DAY
  }

  /** Rule T6 for the day before `next`. */
  private endDay({ header, count, tNs }: Tape, shiftNs: number): void {
    const before = this.days[this.days.length - 1]
    const endNs = Math.max(this.lastNs, before.closeNs)
    const startNs = Math.min(header.openNs, count === 0 ? header.openNs : tNs[0]) + shiftNs
    if (startNs < endNs) {
      throw new InputError(
        `the day ${header.date}: begins at ${formatClock(startNs)}, before ${before.date} ends at ${formatClock(endNs)}`
      )
    }
    this.builder.push(endNs, CLEAR, 0, 0, 0, 0, ROW_FLAG.added)
    if (this.halted) this.builder.push(endNs, RESUME, 0, 0, 0, 0, ROW_FLAG.added)
    this.halted = false
    this.lastNs = endNs
  }

  private append(tape: Tape, shiftNs: number): void {
    const { header, count, tNs, kind, side, priceTicks, lots, orderId, flags } = tape
    for (const day of daysOf(header)) {
      this.days.push({ date: day.date, openNs: day.openNs + shiftNs, closeNs: day.closeNs + shiftNs })
    }
    this.sources.push(header.source)
    for (const [note, value] of Object.entries(header.notes)) {
      const before = this.notes.get(note) ?? 0
      this.notes.set(note, note === DEPTH_NOTE ? Math.max(before, value) : before + value)
    }
    for (let row = 0; row < count; row++) {
      this.builder.push(tNs[row] + shiftNs, kind[row], side[row], priceTicks[row], lots[row], orderId[row], flags[row])
      if (kind[row] === HALT) this.halted = true
      else if (kind[row] === RESUME) this.halted = false
    }
    if (count > 0) this.lastNs = tNs[count - 1] + shiftNs
  }
}
