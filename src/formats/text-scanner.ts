/*
 * Rows of comma-separated cells out of a stream of bytes (byte-lines.ts), without making text: integers, decimals, ids, instants and clock
 * times go from digits to integers directly. Every error names file and line. Leaves out quotes and signs other than '-'.
 */
import type { ByteChunks } from './byte-chunks.ts'
import { ByteLines, COMMA, DOT, MINUS, ZERO } from './byte-lines.ts'
import type { SymbolFilter } from './symbol-filter.ts'
import type { WordList } from './word-list.ts'

/** A row of 1,000 book levels with ten-digit fields has 44,000 bytes. */
export const ROW_BYTES_MAX = 65_536
/** 2^53 - 1 has 16 digits: microseconds since 1970 fit. */
const DIGITS_MAX = 16
const HASH = 35
const REMARK_BYTES_MAX = 4096
/** The longest word that is read as text. */
const WORD_BYTES_MAX = 64
/** Rows written from doubles carry noise behind the ns ("43002.632812672004"). */
const DECIMALS_MAX = 18
/** Seconds since midnight have at most five digits. */
const SECONDS_MAX = 86_400
const NS_OF_DIGIT = [1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1]

export class TextScanner extends ByteLines {
  private readonly failHere = (what: string): never => this.fail(what)

  constructor(source: ByteChunks) {
    super(source, { bytesMax: ROW_BYTES_MAX, blankLines: false, kind: 'comma-separated rows' })
  }

  /** Fields of the current row. */
  fieldCount(): number {
    let count = 1
    for (let at = this.at; at < this.rowEnd; at++) if (this.bytes[at] === COMMA) count++
    return count
  }

  /** The current row as text, without its '#', when it begins with one; else null. At most REMARK_BYTES_MAX bytes are read. */
  remark(): string | null {
    const { bytes, at, rowEnd } = this
    if (bytes[at] !== HASH) return null
    return new TextDecoder().decode(bytes.subarray(at + 1, Math.min(rowEnd, at + REMARK_BYTES_MAX)))
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
    return this.isFieldEnd()
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

  /**
   * The next field in units of 10^-decimals: whole unless it has more decimals than that. NaN when it is empty.
   */
  decimal(what: string, decimals: number): number {
    if (this.at > this.rowEnd) this.failShort(what)
    if (this.isEmptyField()) {
      this.at++
      return Number.NaN
    }
    const first = this.at
    const value = this.decimalHere(decimals)
    if (Number.isNaN(value) || !this.isFieldEnd()) this.failAt(first, what, 'a number')
    this.at++
    return value
  }

  /** The next field as a 64-bit id, which is then in `idHigh` and `idLow`; an empty one is 0. */
  id(what: string): void {
    if (this.at > this.rowEnd) this.failShort(what)
    const first = this.at
    if (this.isEmptyField()) {
      this.idHigh = 0
      this.idLow = 0
    } else if (!this.idHere() || !this.isFieldEnd()) this.failAt(first, what, 'an id of 64 bits')
    this.at++
  }

  /** The next field as an instant, which is then in `seconds` and `nanos` (see ByteLines.instantHere); false when it is empty. */
  instant(what: string, unitDigits: number): boolean {
    if (this.at > this.rowEnd) this.failShort(what)
    if (this.isEmptyField()) {
      this.at++
      return false
    }
    const first = this.at
    if (!this.instantHere(unitDigits) || !this.isFieldEnd()) this.failAt(first, what, 'an instant since 1970')
    this.at++
    return true
  }

  /** The next field as the code of its first letter, 0 when it is empty. */
  letter(what: string): number {
    if (this.at > this.rowEnd) this.failShort(what)
    const code = this.isEmptyField() ? 0 : this.bytes[this.at]
    this.skipField()
    return code
  }

  /** The next field as its place in the list; -1 when it is not there. */
  choice(what: string, words: WordList): number {
    const { at } = this
    if (at > this.rowEnd) this.failShort(what)
    this.skipField()
    return words.find(this.bytes, at, this.at - 1)
  }

  /** Reads the next field, the name of a symbol; true when its rows are to be taken. */
  isTaken(symbol: SymbolFilter): boolean {
    const { at } = this
    if (at > this.rowEnd) this.failShort('symbol')
    this.skipField()
    return symbol.takes(this.bytes, at, this.at - 1, this.failHere)
  }

  /** True when the next field has a decimal point. */
  hasPoint(): boolean {
    const { bytes, rowEnd } = this
    let { at } = this
    while (at < rowEnd && bytes[at] !== COMMA) if (bytes[at++] === DOT) return true
    return false
  }

  /** As `decimal`, `instant`, `choice`, with an error when it is empty or none. */
  neededDecimal(what: string, decimals: number): number {
    const value = this.decimal(what, decimals)
    if (Number.isNaN(value)) this.fail(`the ${what} is empty; restore it`)
    return value
  }

  neededInstant(what: string, unitDigits: number): void {
    if (!this.instant(what, unitDigits)) this.fail(`the ${what} is empty; restore it`)
  }

  neededChoice(what: string, words: WordList): number {
    const place = this.choice(what, words)
    if (place < 0) this.failWord(what, `one of ${words.words.join(', ')}`)
    return place
  }

  /** Steps over a field that must be there. */
  skipNeeded(): void {
    if (!this.hasField()) this.fail('the row has fewer cells than the head; the file is damaged: fetch it again')
    this.skipField()
  }

  /** The head's columns as places in `known`, -1 for others. Errors: InputError when one of `needed` is missing or one is there twice. */
  head(known: readonly string[], needed: readonly string[]): number[] {
    const names: string[] = []
    while (this.hasField()) {
      const name = this.word('head').replace(/^\?{3}/, '')
      if (name !== '' && names.includes(name)) this.fail(`the column ${name} is there twice`)
      names.push(name)
    }
    const missing = needed.find((name) => !names.includes(name))
    if (missing !== undefined) this.fail(`has no column ${missing}; its head is ${needed.join(',')}`)
    return names.map((name) => known.indexOf(name))
  }

  /** Shows the field that was read last in an error. */
  failWord(what: string, wanted: string): never {
    let first = this.at - 1
    while (first > 0 && this.bytes[first - 1] !== COMMA && this.bytes[first - 1] !== 10) first--
    this.failAt(first, what, wanted)
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

  private isFieldEnd(): boolean {
    return this.at === this.rowEnd || (this.at < this.rowEnd && this.bytes[this.at] === COMMA)
  }

  private failAt(first: number, what: string, wanted: string): never {
    this.at = first
    this.failField(what, wanted)
  }

  private failShort(what: string): never {
    this.fail(`the row ends before its ${what}; the file is cut off or has fewer columns than it should: fetch it again`)
  }

  /** Names a field that is not what it should be; at most 24 of its bytes are shown, printable ones only. */
  private failField(what: string, wanted: string): never {
    const { bytes, rowEnd } = this
    let end = this.at
    while (end < rowEnd && bytes[end] !== COMMA) end++
    const field = this.shown(this.at, end)
    this.fail(`the ${what} "${field}" is not ${wanted}; correct the row, or fetch the file again if it is damaged`)
  }
}
