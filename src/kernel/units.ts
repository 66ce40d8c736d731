/*
 * Quantities as people write them, to the integers of the model. Durations: ns us ms s m h. Clock times: HH:MM[:SS[.f]]
 * since midnight of the first day, `+1d HH:MM` on the day after it: a day is 24 h on this axis, whatever its zone's clock does. Rates: tc(8)'s notation (bit, kbit, mbit, gbit in powers of ten per second; bps, kbps, mbps are bytes)
 * or B/s, kB/s, MB/s. A bare number where a unit is needed is an error that says which units there are. The options of a queueing
 * discipline, where they are written as for tc, are read as tc reads them: there a bare rate is bits per second, a bare size bytes.
 */
import { InputError } from './assert.ts'

export const NS_PER_US = 1_000
export const NS_PER_MS = 1_000_000
export const NS_PER_SECOND = 1_000_000_000
export const NS_PER_DAY = 86_400 * NS_PER_SECOND

const DURATION_NS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', NS_PER_US],
  ['ms', NS_PER_MS],
  ['s', NS_PER_SECOND],
  ['m', 60 * NS_PER_SECOND],
  ['h', 3600 * NS_PER_SECOND]
])

const RATE_BYTES: ReadonlyMap<string, number> = new Map([
  ['bit', 1 / 8],
  ['kbit', 1e3 / 8],
  ['mbit', 1e6 / 8],
  ['gbit', 1e9 / 8],
  ['bps', 1],
  ['kbps', 1e3],
  ['mbps', 1e6],
  ['B/s', 1],
  ['kB/s', 1e3],
  ['MB/s', 1e6]
])

const SIZE_BYTES: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['B', 1],
  ['kb', 1024],
  ['kB', 1000],
  ['KiB', 1024],
  ['mb', 1048576],
  ['MB', 1_000_000],
  ['MiB', 1048576]
])

/** tc(8), RATES: a bare number is bits per second, bps are bytes per second, Ki.. are powers of 1024; names in any case. */
const TC_RATE_BYTES: ReadonlyMap<string, number> = new Map([
  ['', 1 / 8],
  ['bit', 1 / 8],
  ['kbit', 1e3 / 8],
  ['mbit', 1e6 / 8],
  ['gbit', 1e9 / 8],
  ['tbit', 1e12 / 8],
  ['kibit', 1024 / 8],
  ['mibit', 1048576 / 8],
  ['gibit', 1073741824 / 8],
  ['bps', 1],
  ['kbps', 1e3],
  ['mbps', 1e6],
  ['gbps', 1e9],
  ['tbps', 1e12],
  ['kibps', 1024],
  ['mibps', 1048576],
  ['gibps', 1073741824],
  ['b/s', 1],
  ['kb/s', 1e3],
  ['mb/s', 1e6],
  ['gb/s', 1e9]
])

/** tc(8), SIZES: a bare number is bytes, k, m and g are powers of 1024; names in any case. */
const TC_SIZE_BYTES: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1024],
  ['kb', 1024],
  ['kib', 1024],
  ['kbit', 1024 / 8],
  ['m', 1048576],
  ['mb', 1048576],
  ['mib', 1048576],
  ['mbit', 1048576 / 8],
  ['g', 1073741824],
  ['gb', 1073741824],
  ['gib', 1073741824],
  ['gbit', 1073741824 / 8]
])

function parseUnit(text: string, units: ReadonlyMap<string, number>, what: string, example: string): number {
  const match = /^\s*(-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)\s*([A-Za-z/]*)\s*$/.exec(text)
  if (match === null) throw new InputError(`"${text}" is not a ${what}; write for example ${example}`)
  const factor = units.get(match[2])
  if (factor === undefined) {
    const known = [...units.keys()].filter((unit) => unit !== '').join(', ')
    throw new InputError(
      match[2] === ''
        ? `"${text}" has no unit; a ${what} needs one of ${known}, for example ${example}`
        : `"${match[2]}" is not a unit of a ${what}; use one of ${known}`
    )
  }
  const value = Number(match[1]) * factor
  if (value < 0) throw new InputError(`"${text}" is negative; a ${what} is at least 0`)
  return value
}

/** "250us" to 250000. Fractions of a ns are rounded. Errors: InputError. */
export function parseDurationNs(text: string): number {
  return Math.round(parseUnit(text, DURATION_NS, 'duration', '250us'))
}

/** "200kB/s" or "2mbit" to bytes per second. Errors: InputError. */
export function parseBytesPerSecond(text: string): number {
  return parseUnit(text, RATE_BYTES, 'rate', '200kB/s or 2mbit')
}

/** "64KiB" to bytes. Errors: InputError. */
export function parseBytes(text: string): number {
  return Math.round(parseUnit(text, SIZE_BYTES, 'size', '64KiB'))
}

/** tc(8)'s notation or bytes per second: "2mbit", "200kbps", "200000B/s"; a bare number is bits per second. Errors: InputError. */
export function parseTcBytesPerSecond(text: string): number {
  return parseUnit(text.toLowerCase(), TC_RATE_BYTES, 'rate', '2mbit or 200000B/s')
}

/** tc(8)'s notation: "3028", "20kb"; a bare number is bytes. Errors: InputError. */
export function parseTcBytes(text: string): number {
  return Math.round(parseUnit(text.toLowerCase(), TC_SIZE_BYTES, 'size', '3028 or 20kb'))
}

/** "09:30", "09:30:00.25" or "+2d 09:30" to ns since midnight of the first day. Errors: InputError. */
export function parseClockNs(text: string): number {
  const match = /^(?:\+([0-9]{1,5})d\s+)?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?$/.exec(text.trim())
  if (match === null) throw new InputError(`"${text}" is not a time of day; write for example 09:30, 15:59:30.5 or +1d 09:30`)
  const days = Number(match[1] ?? 0)
  const hours = Number(match[2])
  const minutes = Number(match[3])
  const seconds = Number(match[4] ?? 0)
  const fractionNs = Number((match[5] ?? '').padEnd(9, '0'))
  const ns = ((hours * 60 + minutes) * 60 + seconds) * NS_PER_SECOND + fractionNs
  if (hours > 24 || minutes > 59 || seconds > 59) throw new InputError(`"${text}" is not a time of day`)
  if (!Number.isSafeInteger(days * NS_PER_DAY + ns))
    throw new InputError(`"${text}" is too late; times go up to 2^53 ns, 104 days`)
  return days * NS_PER_DAY + ns
}

/** 250000 to "250us": the largest unit that keeps at most three decimals. */
export function formatDuration(ns: number): string {
  if (!Number.isFinite(ns)) return String(ns)
  const size = Math.abs(ns)
  if (size >= 60 * NS_PER_SECOND) return `${trimmed(ns / NS_PER_SECOND)}s`
  if (size >= NS_PER_SECOND) return `${trimmed(ns / NS_PER_SECOND)}s`
  if (size >= NS_PER_MS) return `${trimmed(ns / NS_PER_MS)}ms`
  if (size >= NS_PER_US) return `${trimmed(ns / NS_PER_US)}us`
  return `${trimmed(ns)}ns`
}

/** ns since midnight of the first day to "HH:MM:SS.nnnnnnnnn", trailing zeros of the fraction dropped; later days as "+1d 09:30:00". */
export function formatClock(ns: number): string {
  // The end of the first day is its 24:00:00.
  const days = ns > NS_PER_DAY ? Math.floor(ns / NS_PER_DAY) : 0
  const ofDayNs = ns - days * NS_PER_DAY
  const whole = Math.floor(ofDayNs / NS_PER_SECOND)
  const fraction = String(ofDayNs - whole * NS_PER_SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const part = (value: number): string => String(value).padStart(2, '0')
  const day = days === 0 ? '' : `+${days}d `
  const clock = `${day}${part(Math.floor(whole / 3600))}:${part(Math.floor(whole / 60) % 60)}:${part(whole % 60)}`
  return fraction === '' ? clock : `${clock}.${fraction}`
}

function trimmed(value: number): string {
  return value.toFixed(3).replace(/\.?0+$/, '')
}
