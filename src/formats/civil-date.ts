/*
 * The offset of a zone from UTC. Zones come from the engine's own time zone data (Intl): they are looked up when a file is imported,
 * never while a world runs.
 */
import { InputError } from '../kernel/assert.ts'
import { daysOf } from '../kernel/calendar.ts'

const SECONDS_PER_DAY = 86_400

export class Zone {
  readonly name: string
  private readonly format: Intl.DateTimeFormat | null

  /** Errors: InputError unless `name` is an IANA zone. */
  constructor(name: string) {
    this.name = name
    try {
      this.format =
        name === 'UTC'
          ? null
          : new Intl.DateTimeFormat('en-US', {
              timeZone: name,
              hourCycle: 'h23',
              year: 'numeric',
              month: 'numeric',
              day: 'numeric',
              hour: 'numeric',
              minute: 'numeric',
              second: 'numeric'
            })
    } catch {
      throw new InputError(`zone: "${name}" is not a time zone; write for example America/New_York or UTC`)
    }
  }

  /** Seconds east of UTC at an instant, seconds since 1970 UTC. */
  offsetSeconds(epochSeconds: number): number {
    if (this.format === null) return 0
    const parts = new Map(this.format.formatToParts(epochSeconds * 1000).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const local = daysOf(part('year'), part('month'), part('day')) * SECONDS_PER_DAY
    return local + part('hour') * 3600 + part('minute') * 60 + part('second') - epochSeconds
  }

  /** The local date of an instant, as days since 1970-01-01. */
  localDays(epochSeconds: number): number {
    return Math.floor((epochSeconds + this.offsetSeconds(epochSeconds)) / SECONDS_PER_DAY)
  }

  /** Seconds since 1970 UTC of the local midnight that starts a day. */
  midnightSeconds(days: number): number {
    const local = days * SECONDS_PER_DAY
    const guess = local - this.offsetSeconds(local)
    // The offset may change between the guess's instant and midnight.
    return local - this.offsetSeconds(guess)
  }
}
