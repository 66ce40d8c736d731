/* A tape's header as JSON, in the metadata of its Parquet file and in its cache. Keys are sorted, so that equal headers are equal text. */
import type { TapeDay, TapeHeader } from '../market/tape.ts'

const WORDS = ['symbol', 'venue', 'date', 'zone', 'source'] as const
const NUMBERS = ['tickUnits', 'priceDecimals', 'lotUnits', 'lotDecimals', 'openNs', 'closeNs'] as const

export function headerText(header: TapeHeader): string {
  const notes = Object.fromEntries(Object.entries(header.notes).sort(([a], [b]) => (a < b ? -1 : 1)))
  const fields = [...WORDS, ...NUMBERS].map((key) => [key, header[key]] as const)
  // Only where it says something: headers of tapes by order keep the text, and the hash, that they had before there were others.
  const book = header.book === 'by-price' ? { book: header.book } : {}
  const { days } = header
  const listed = days === undefined ? {} : { days: days.map(({ date, openNs, closeNs }) => ({ date, openNs, closeNs })) }
  return JSON.stringify({ ...Object.fromEntries(fields), ...book, ...listed, notes })
}

/** The header in a parsed JSON value, or a sentence that says what is wrong with it. */
export function parseHeader(value: unknown): TapeHeader | string {
  if (typeof value !== 'object' || value === null) return 'the header is not an object'
  const fields = value as Record<string, unknown>
  for (const key of WORDS) if (typeof fields[key] !== 'string') return `the header's ${key} is not text`
  for (const key of NUMBERS) if (!Number.isSafeInteger(fields[key])) return `the header's ${key} is not a whole number`
  const { days, notes, book } = fields
  if (days !== undefined && !(Array.isArray(days) && days.length > 1 && days.every(isDay))) return "the header's days are damaged"
  if (book !== undefined && book !== 'by-order' && book !== 'by-price')
    return "the header's book is neither by-order nor by-price"
  if (typeof notes !== 'object' || notes === null) return 'the header has no notes'
  if (Object.values(notes).some((note) => typeof note !== 'number')) return 'a note of the header is not a number'
  const header = Object.fromEntries([...WORDS, ...NUMBERS].map((key) => [key, fields[key]]))
  return {
    ...header,
    ...(book === undefined ? {} : { book }),
    ...(days === undefined ? {} : { days }),
    notes
  } as unknown as TapeHeader
}

function isDay(value: unknown): value is TapeDay {
  if (typeof value !== 'object' || value === null) return false
  const { date, openNs, closeNs } = value as Record<keyof TapeDay, unknown>
  return typeof date === 'string' && Number.isSafeInteger(openNs) && Number.isSafeInteger(closeNs)
}
