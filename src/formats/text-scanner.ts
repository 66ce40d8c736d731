/*
 * Rows of comma-separated numbers out of a stream of bytes, without making text: integers and clock times go from digits to
 * integers directly. Holds one chunk and at most one unfinished row; a row longer than ROW_BYTES_MAX is an error, so memory
 * is bounded whatever the input. Every error names file and line. Leaves out quotes, exponents and signs other than '-'.
 */
import { InputError } from '../kernel/assert.ts'
import type { ByteChunks } from './byte-chunks.ts'

/** A row of 1,000 book levels with ten-digit fields has 44,000 bytes. */
export const ROW_BYTES_MAX = 65_536
/** 2^53 - 1 has 16 digits: microseconds since 1970 fit. */
const DIGITS_MAX = 16
/** The longest word that is read as text. */
const WORD_BYTES_MAX = 64
/** Rows written from doubles carry noise behind the ns ("43002.632812672004"). */
const DECIMALS_MAX = 18
/** Seconds since midnight have at most five digits. */
const SECONDS_MAX = 86_400
const NS_OF_DIGIT = [1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1]

const NEWLINE = 10
const RETURN = 13
const COMMA = 44
const MINUS = 45
const DOT = 46
const ZERO = 48

export class TextScanner {
  /** Number of the current row, from 1. */
  line = 0
  private readonly source: ByteChunks
  private bytes: Uint8Array = new Uint8Array(0)
  /** Filled part of `bytes`. */
  private end = 0
  /** Where the row after the current one starts, and up to where no line end was found. */
  private rest = 0
  private searched = 0
  private at = 0
  private rowEnd = 0
  private ended = false
  private blankLine = 0
  private openRow = false

  constructor(source: ByteChunks) {
    this.source = source
  }

  get name(): string {
    return this.source.name
  }

  /** True when the current row is the last and has no line end: it may be cut off inside its last field. */
  get isOpenRow(): boolean {
    return this.openRow
  }

  /** Throws an InputError at the current row. */
  fail(what: string): never {
    throw new InputError(`${this.source.name}:${Math.max(1, this.line)}: ${what}`)
  }

  /** Makes the next row current; false when more bytes are needed (`fill`) or the input has ended. */
  advance(): boolean {
    for (;;) {
      let newline = this.bytes.indexOf(NEWLINE, this.searched)
      if (newline < 0 || newline >= this.end) {
        this.searched = this.end
        if (!this.ended || this.rest >= this.end) return false
        newline = this.end
        this.openRow = true
      }
      this.at = this.rest
      this.rowEnd = newline
      this.rest = Math.min(newline + 1, this.end)
      this.searched = this.rest
      this.line++
      if (this.rowEnd - this.at > ROW_BYTES_MAX) this.failLong()
      if (this.rowEnd > this.at && this.bytes[this.rowEnd - 1] === RETURN) this.rowEnd--
      if (this.rowEnd > this.at) break
      if (this.blankLine === 0) this.blankLine = this.line
    }
    if (this.blankLine > 0) {
      this.line = this.blankLine
      this.fail('the row is empty; remove it or restore its fields')
    }
    return true
  }

  /** Reads the next chunk; false when nothing is left. */
  async fill(): Promise<boolean> {
    if (this.ended) return this.rest < this.end
    let chunk: Uint8Array | null
    try {
      chunk = await this.source.next()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      throw new InputError(`${this.source.name}:${this.line + 1}: ${error.message}`)
    }
    if (chunk === null) {
      this.ended = true
      return this.rest < this.end
    }
    const kept = this.end - this.rest
    if (kept > ROW_BYTES_MAX) {
      this.line++
      this.failLong()
    }
    if (kept === 0) {
      this.bytes = chunk
    } else {
      const joined = new Uint8Array(kept + chunk.length)
      joined.set(this.bytes.subarray(this.rest, this.end))
      joined.set(chunk, kept)
      this.bytes = joined
    }
    this.searched = kept
    this.rest = 0
    this.end = kept + chunk.length
    return true
  }

  /** Fields of the current row. */
  fieldCount(): number {
    let count = 1
    for (let at = this.at; at < this.rowEnd; at++) if (this.bytes[at] === COMMA) count++
    return count
  }

  /** True when the current row has a field left. */
  hasField(): boolean {
    return this.at <= this.rowEnd
  }

  /** Steps over one field of any content. */
  skipField(): void {
    const { bytes, rowEnd } = this
    let at = this.at
    while (at < rowEnd && bytes[at] !== COMMA) at++
    this.at = at + 1
  }

  /** True when the next field of the current row is there and has no bytes. */
  isEmptyField(): boolean {
    return this.at === this.rowEnd || (this.at < this.rowEnd && this.bytes[this.at] === COMMA)
  }

  /** The next field as text, blanks around it dropped: for heads and words, at most WORD_BYTES_MAX bytes; `what` names it in errors. */
  word(what: string): string {
    const { bytes, rowEnd } = this
    const first = this.at
    if (first > rowEnd) this.failShort(what)
    this.skipField()
    const end = this.at - 1
    if (end - first > WORD_BYTES_MAX)
      this.fail(`the ${what} has more than ${WORD_BYTES_MAX} bytes; is this a file of comma-separated rows?`)
    let text = ''
    for (let at = first; at < end; at++) text += bytes[at] >= 32 && bytes[at] < 127 ? String.fromCharCode(bytes[at]) : '?'
    return text.trim()
  }

  /**
   * The next field as a whole number of at most 2^53 - 1; `what` names it in errors. `asDouble`: it may be written as "5.0", as programs do
   * that keep whole numbers as doubles.
   */
  integer(what: string, asDouble = false): number {
    const { bytes, rowEnd } = this
    let at = this.at
    if (at > rowEnd) this.failShort(what)
    const negative = bytes[at] === MINUS
    if (negative) at++
    const first = at
    let value = 0
    for (; at < rowEnd; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    const digits = at - first
    if (asDouble && digits > 0 && at + 1 < rowEnd && bytes[at] === DOT && bytes[at + 1] === ZERO) {
      at++
      while (at < rowEnd && bytes[at] === ZERO) at++
    }
    if (digits === 0 || (at < rowEnd && bytes[at] !== COMMA)) this.failField(what, 'a whole number')
    if (digits > DIGITS_MAX || value > Number.MAX_SAFE_INTEGER)
      this.fail(`the ${what} is above ${Number.MAX_SAFE_INTEGER}; is the file damaged?`)
    this.at = at + 1
    return negative ? 0 - value : value
  }

  /** The next field, seconds since midnight ("34200.18960767"), in ns: digits after the ninth decimal are rounded. */
  secondsToNs(what: string): number {
    const { bytes, rowEnd } = this
    let at = this.at
    if (at > rowEnd) this.failShort(what)
    const first = at
    let seconds = 0
    for (; at < rowEnd && at - first < DIGITS_MAX; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      seconds = seconds * 10 + digit
    }
    if (at === first) this.failField(what, 'seconds after midnight')
    let ns = 0
    if (at < rowEnd && bytes[at] === DOT) {
      at++
      const point = at
      for (; at < rowEnd && at - point < DECIMALS_MAX; at++) {
        const digit = bytes[at] - ZERO
        if (digit < 0 || digit > 9) break
        const place = at - point
        if (place < NS_OF_DIGIT.length) ns += digit * NS_OF_DIGIT[place]
        else if (place === NS_OF_DIGIT.length && digit >= 5) ns++
      }
      if (at === point) this.failField(what, 'seconds after midnight')
    }
    if (at < rowEnd && bytes[at] !== COMMA) this.failField(what, 'seconds after midnight')
    if (seconds > SECONDS_MAX) this.fail(`the ${what} is more than ${SECONDS_MAX} seconds after midnight; is the file damaged?`)
    this.at = at + 1
    return seconds * 1e9 + ns
  }

  private failShort(what: string): never {
    this.fail(`the row ends before its ${what}; the file is cut off or has fewer columns than it should: fetch it again`)
  }

  private failLong(): never {
    this.fail(`the row is longer than ${ROW_BYTES_MAX} bytes; is this a file of comma-separated rows?`)
  }

  /** Names a field that is not what it should be; at most 24 of its bytes are shown, printable ones only. */
  private failField(what: string, wanted: string): never {
    const { bytes, rowEnd } = this
    let field = ''
    for (let at = this.at; at < rowEnd && bytes[at] !== COMMA && field.length < 24; at++) {
      field += bytes[at] >= 32 && bytes[at] < 127 ? String.fromCharCode(bytes[at]) : '?'
    }
    this.fail(`the ${what} "${field}" is not ${wanted}; correct the row, or fetch the file again if it is damaged`)
  }
}
