import { describe, expect, it } from 'vitest'
import { dateOfDays, daysOfDate } from '../../src/kernel/calendar.ts'

describe('a date', () => {
  it.each([
    ['1970-01-01', 0],
    ['1999-12-31', 10_956],
    ['2000-02-29', 11_016],
    ['2000-03-01', 11_017],
    ['2012-06-21', 15_512],
    ['2100-03-01', 47_541]
  ])('%s is day %d', (date, days) => {
    expect(daysOfDate(date)).toBe(days)
    expect(dateOfDays(days)).toBe(date)
  })

  it('names every day of 290 years once, in order', () => {
    let before = ''
    for (let day = 0; day < 106_000; day++) {
      const date = dateOfDays(day)
      expect(date > before && daysOfDate(date) === day).toBe(true)
      before = date
    }
  })

  it.each(['2011-02-29', '2012-13-01', '2012-00-10', '12-06-21', '1969-12-31', 'today', ''])('"%s" is refused', (date) => {
    expect(() => daysOfDate(date)).toThrow(`date: "${date}" is not a date`)
  })
})
