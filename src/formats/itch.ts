/*
 * A NASDAQ TotalView-ITCH 5.0 day as Nasdaq hands it out: messages behind 2-byte big-endian lengths. Lengths of 0 (some writers leave
 * them out) are taken from the message's type. What the messages mean is in itch-book.ts. The file does not say its date: its name
 * does (MMDDYYYY, YYYYMMDD or SMMDDYY), or the user.
 */
import { InputError } from '../kernel/assert.ts'
import { daysOfDate } from '../kernel/calendar.ts'
import type { Tape } from '../market/tape.ts'
import { ByteWindow } from './byte-window.ts'
import type { Format, ImportOptions } from './format.ts'
import { ItchBook } from './itch-book.ts'
import { ITCH_BYTES_MAX, ITCH_LENGTH } from './itch-messages.ts'
import { baseName } from './lobster-name.ts'

export const ITCH_FILE: Format = {
  name: 'itch',
  title: 'NASDAQ TotalView-ITCH 5.0, a binary day',
  book: 'L3',
  trades: true,
  hidden: true,
  gaps: false,
  files: 'one file',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Nasdaq TotalView-ITCH 5.0 specification',
  async read([file], options) {
    const window = new ByteWindow(file)
    const book = itchBook(window, options)
    return readMessages(window, book)
  }
}

function itchBook(window: ByteWindow, options: ImportOptions): ItchBook {
  const name = baseName(window.name)
  const date = options.date ?? dateOfName(name)
  if (date === null) {
    throw new InputError(`${window.name}: neither the file nor its name says the date; give it with --date (date in a scenario)`)
  }
  return new ItchBook(
    `ITCH 5.0 ${name}`,
    date,
    options,
    () => window.where(),
    (what) => window.fail(what)
  )
}

async function readMessages(window: ByteWindow, book: ItchBook): Promise<Tape> {
  for (;;) {
    readWhole(window, book)
    if (book.isPast || !(await window.more())) break
  }
  if (window.left > 0 && !book.isPast) window.fail('the file ends inside a message; it is cut off: fetch it again')
  return book.finish()
}

/** All messages that are here whole. */
function readWhole(window: ByteWindow, book: ItchBook): void {
  const { bytes, view, end } = window
  for (let at = window.at; ; ) {
    window.at = at
    if (end - at < 3) return
    const framed = (bytes[at] << 8) | bytes[at + 1]
    const known = ITCH_LENGTH[bytes[at + 2]]
    const length = framed === 0 ? known : framed
    if (known === 0 || length < known || length > ITCH_BYTES_MAX) failLength(window, bytes[at + 2], framed, known)
    if (end - at < 2 + length) return
    book.message(bytes, view, at + 2)
    at += 2 + length
  }
}

function failLength(window: ByteWindow, type: number, framed: number, known: number): never {
  const letter = type > 32 && type < 127 ? `"${String.fromCharCode(type)}"` : `of code ${type}`
  if (known === 0) window.fail(`there is no message type ${letter} in ITCH 5.0; is this an ITCH file, and whole?`)
  window.fail(`a message ${letter} of ${framed} bytes; it has ${known}: is the file damaged?`)
}

/** The date that a file's name says in one of Nasdaq's ways; null when it says none. */
function dateOfName(name: string): string | null {
  for (const [pattern, order] of NAMES) {
    const match = pattern.exec(name)
    if (match === null) continue
    const [year, month, day] = order.map((group) => match[group])
    const date = `${year.length === 2 ? `20${year}` : year}-${month}-${day}`
    try {
      daysOfDate(date)
      return date
    } catch {
      // Digits that are no date: another way may fit.
    }
  }
  return null
}

/** Patterns, and which groups are year, month and day. */
const NAMES: readonly (readonly [RegExp, readonly [number, number, number]])[] = [
  [/(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)/, [1, 2, 3]],
  [/(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)/, [3, 1, 2]],
  [/^S(\d{2})(\d{2})(\d{2})(?!\d)/, [3, 1, 2]]
]
