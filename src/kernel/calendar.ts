/* Calendar days without a clock: the proleptic Gregorian calendar, days counted from 1970-01-01. */
import { InputError } from './assert.ts'

/** "2012-06-21" to its day number. Errors: InputError when there is no such day. */
export function dayNumber(date: string): number {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(date)
  const [year, month, day] = match === null ? [0, 0, 0] : match.slice(1).map(Number)
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) {
    throw new InputError(`"${date}" is not a date; write for example 2012-06-21`)
  }
  let days = daysBeforeYear(year) - daysBeforeYear(1970) + day - 1
  for (let before = 1; before < month; before++) days += daysOfMonth(year, before)
  return days
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days from the start of year 1 to that of `year`. */
function daysBeforeYear(year: number): number {
  const past = year - 1
  return 365 * past + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
}
