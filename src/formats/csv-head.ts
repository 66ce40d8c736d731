/*
 * The lines `# key: value` that may stand in front of tailtax's CSV: what a tape's header holds. A key that is missing is left to the user's options
 * or to the rows; `note.<name>` are the header's notes.
 */
import { InputError } from '../kernel/assert.ts'
import { parseClockNs } from '../kernel/units.ts'
import type { TapeDay, TapeHeader } from '../market/tape.ts'

const WORDS = ['symbol', 'venue', 'date', 'zone', 'source', 'tick', 'lot', 'book'] as const
const TIMES = ['open', 'close'] as const

export class CsvHead {
  readonly words = new Map<(typeof WORDS)[number], string>()
  readonly times = new Map<(typeof TIMES)[number], number>()
  /** Of a tape of several. */
  readonly days: TapeDay[] = []
  readonly notes = new Map<string, number>()

  /** Takes one line, without its '#'; gives what is wrong with it, or null. */
  read(line: string): string | null {
    const at = line.indexOf(':')
    const key = line.slice(0, Math.max(0, at)).trim()
    const value = line.slice(at + 1).trim()
    const word = WORDS.find((known) => known === key)
    const time = TIMES.find((known) => known === key)
    if (at < 0) return null // A remark.
    if (word === 'book' && value !== 'by-order' && value !== 'by-price')
      return `book: "${value}" is neither by-order nor by-price`
    if (word !== undefined) this.words.set(word, value)
    else if (time !== undefined) {
      const ns = nsOf(value)
      if (ns === null) return `${time}: "${value}" is neither ns since midnight nor a time such as 09:30`
      this.times.set(time, ns)
    } else if (key === 'day') {
      const [date, open, close] = value.split(/\s+/)
      const openNs = nsOf(open ?? '')
      const closeNs = nsOf(close ?? '')
      if (openNs === null || closeNs === null) return `day: "${value}" is not a date and the ns of its open and close`
      this.days.push({ date, openNs, closeNs })
    } else if (key.startsWith('note.')) {
      const number = Number(value)
      if (value === '' || !Number.isFinite(number)) return `${key}: "${value}" is not a number`
      this.notes.set(key.slice(5), number)
    }
    return null
  }
}

function nsOf(value: string): number | null {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  try {
    return parseClockNs(value)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** "0.10" to its units and decimals, as written: 10 and 2. Null when it is no step. */
export function stepOf(text: string): { readonly units: number; readonly decimals: number } | null {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(text)
  const decimals = match?.[2] ?? ''
  const units = match === null ? 0 : Number(match[1] + decimals)
  return units > 0 && Number.isSafeInteger(units) ? { units, decimals: decimals.length } : null
}

/** The lines of a header, without line ends. */
export function csvHeadLines(header: TapeHeader): string[] {
  const { symbol, venue, date, zone, source, book = 'by-order', openNs, closeNs, notes } = header
  const step = (units: number, decimals: number): string => {
    const digits = String(units).padStart(decimals + 1, '0')
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  }
  const fields: readonly (readonly [string, string | number])[] = [
    ['symbol', symbol],
    ['venue', venue],
    ['date', date],
    ['zone', zone],
    ['tick', step(header.tickUnits, header.priceDecimals)],
    ['lot', step(header.lotUnits, header.lotDecimals)],
    ['open', openNs],
    ['close', closeNs],
    ['book', book],
    ['source', source],
    ...(header.days ?? []).map((day) => ['day', `${day.date} ${day.openNs} ${day.closeNs}`] as const),
    ...Object.entries(notes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => [`note.${name}`, count] as const)
  ]
  return fields.map(([key, value]) => `# ${key}: ${value}`)
}
