/* Dates of the proleptic Gregorian calendar as days since 1970-01-01, without a clock. */
import { InputError } from './assert.ts'

/** "2012-06-21" to days since 1970-01-01. Errors: InputError unless it is a date of the years 1970 to 2261. */
export function daysOfDate(date: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (match !== null) {
    const days = daysOf(Number(match[1]), Number(match[2]), Number(match[3]))
    // Nanoseconds of a signed 64-bit count end in 2262.
    if (dateOfDays(days) === date && days >= 0 && match[1] < '2262') return days
  }
  throw new InputError(`date: "${date}" is not a date; write for example 2012-06-21`)
}

/** Days since 1970-01-01 of a date whose parts may be any whole numbers. */
export function daysOf(year: number, month: number, day: number): number {
  // Years start in March, so that the leap day is their last.
  const years = month > 2 ? year : year - 1
  const era = Math.floor(years / 400)
  const yearOfEra = years - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

export function dateOfDays(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1
  const year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${String(month < 10 ? month + 3 : month - 9).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
