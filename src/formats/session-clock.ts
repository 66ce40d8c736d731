/*
 * Instants of a file to the tape's: ns since local midnight of the session's date. Where no date is given it is that of the first
 * instant. Binary files count ns since 1970 in 64 bits (two halves here, for a double cannot hold them); text files give seconds and ns.
 * On a day whose clocks change, hours after the change are off by it.
 */
import { dateOfDays, daysOfDate } from '../kernel/calendar.ts'
import { Zone } from './civil-date.ts'

const TWO_32 = 4_294_967_296
const NS = 1_000_000_000
/** In the year 2261: the last date that can be. */
const SECONDS_MAX = 9.2e9

export class SessionClock {
  private readonly zone: Zone
  private days: number | null
  private readonly offsetNs: number
  /** Midnight in seconds since 1970, and in ns as two halves. */
  private midnightSeconds = 0
  private midnightHigh = 0
  private midnightLow = 0
  private isSet = false

  /** Errors: InputError for a zone or date that is none. */
  constructor(zone: string, date: string | undefined, offsetNs: number) {
    this.zone = new Zone(zone)
    this.days = date === undefined ? null : daysOfDate(date)
    this.offsetNs = offsetNs
    if (this.days !== null) this.setMidnight(this.days)
  }

  get zoneName(): string {
    return this.zone.name
  }

  /** The session's date; null before the first instant when none is given. */
  get date(): string | null {
    return this.days === null ? null : dateOfDays(this.days)
  }

  /** Ns since midnight of ns since 1970, given as the two 32-bit halves of a count. */
  ofEpochNs(high: number, low: number): number {
    // A double would round the last ns before midnight up to it.
    if (!this.isSet) this.setBy(Number((BigInt(high) * BigInt(TWO_32) + BigInt(low)) / BigInt(NS)))
    return (high - this.midnightHigh) * TWO_32 + (low - this.midnightLow) + this.offsetNs
  }

  /** Ns since midnight of whole seconds since 1970 and ns after them. */
  ofEpochSeconds(seconds: number, ns: number): number {
    if (!this.isSet) this.setBy(seconds)
    return (seconds - this.midnightSeconds) * NS + ns + this.offsetNs
  }

  /** Ns since midnight of a file that counts from there itself. */
  ofMidnightNs(ns: number): number {
    return ns + this.offsetNs
  }

  private setBy(epochSeconds: number): void {
    const seconds = Math.floor(epochSeconds + this.offsetNs / NS)
    // Beyond what a calendar holds the row's time is refused later, or counted as before the date; any date will do here.
    this.days = seconds >= 86_400 && seconds < SECONDS_MAX ? this.zone.localDays(seconds) : 0
    this.setMidnight(this.days)
  }

  private setMidnight(days: number): void {
    this.midnightSeconds = this.zone.midnightSeconds(days)
    const ns = BigInt(this.midnightSeconds) * BigInt(NS)
    this.midnightHigh = Number(ns >> 32n)
    this.midnightLow = Number(ns & 0xffffffffn)
    this.isSet = true
  }
}
