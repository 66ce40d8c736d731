import { describe, expect, it } from 'vitest'
import {
  formatClock,
  formatDuration,
  parseBytes,
  parseBytesPerSecond,
  parseClockNs,
  parseDurationNs
} from '../../src/kernel/units.ts'

describe('quantities as people write them', () => {
  it.each([
    ['250us', 250_000],
    ['1.5ms', 1_500_000],
    ['2 s', 2_000_000_000],
    ['0ns', 0],
    ['5m', 300_000_000_000],
    ['6.5h', 23_400_000_000_000]
  ])('the duration %s is %d ns', (text, ns) => {
    expect(parseDurationNs(text)).toBe(ns)
  })

  it.each([
    ['200000B/s', 200_000],
    ['200kB/s', 200_000],
    ['2mbit', 250_000],
    ['550kbit', 68_750],
    // tc: bps is bytes.
    ['100kbps', 100_000]
  ])('the rate %s is %d bytes a second', (text, rate) => {
    expect(parseBytesPerSecond(text)).toBe(rate)
  })

  it('a size of 64KiB is 65536 bytes', () => {
    expect(parseBytes('64KiB')).toBe(65_536)
  })

  it.each([
    ['09:30', 34_200_000_000_000],
    ['9:30:00.25', 34_200_250_000_000],
    ['15:59:59.999999999', 57_599_999_999_999],
    ['+1d 09:30', 120_600_000_000_000],
    ['+100d 00:00:00.5', 8_640_000_500_000_000]
  ])('the clock time %s is %d ns since midnight', (text, ns) => {
    expect(parseClockNs(text)).toBe(ns)
  })

  it.each([
    ['5', /"5" has no unit; a duration needs one of ns, us, ms, s, m, h, for example 250us/],
    ['5 min', /"min" is not a unit of a duration/],
    ['-5ms', /negative/],
    ['fast', /not a duration/]
  ])('the duration "%s" is refused with what to write', (text, message) => {
    expect(() => parseDurationNs(text)).toThrow(message)
  })

  it.each(['9:75', '25:00', '0930', '', '+1d', '+1d09:30', '1d 09:30', '-1d 09:30'])('the clock time "%s" is refused', (text) => {
    expect(() => parseClockNs(text)).toThrow(/not a time of day/)
  })

  it('formats durations in the largest unit and clocks without trailing zeros', () => {
    expect(formatDuration(250_000)).toBe('250us')
    expect(formatDuration(15_140_000)).toBe('15.14ms')
    expect(formatDuration(7)).toBe('7ns')
    expect(formatClock(34_200_250_000_000)).toBe('09:30:00.25')
    expect(formatClock(parseClockNs('15:59:59'))).toBe('15:59:59')
  })

  it('writes the day of a later time, and the end of the first day as its 24:00', () => {
    for (const clock of ['24:00:00', '+1d 00:00:00.000000001', '+1d 09:30:00', '+3d 15:59:59.999999999', '+104d 00:00:00']) {
      expect(formatClock(parseClockNs(clock))).toBe(clock)
    }
    expect(() => parseClockNs('+105d 00:00')).toThrow('is too late; times go up to 2^53 ns, 104 days')
  })
})
