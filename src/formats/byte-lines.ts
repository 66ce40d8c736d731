/*
 * Lines out of a stream of bytes, without making text, and numbers, ids and instants out of their digits. Holds one chunk and at most one
 * unfinished line; a longer one than the format allows is an error, so memory is bounded whatever the input. Every error names file and line.
 * A subclass says how a line is made up (text-scanner.ts: cells between commas; json-scanner.ts: JSON values).
 */
import { InputError } from '../kernel/assert.ts'
import { daysOf } from '../kernel/calendar.ts'
import type { ByteChunks } from './byte-chunks.ts'

const NEWLINE = 10
const RETURN = 13
export const COMMA = 44
export const MINUS = 45
export const DOT = 46
export const ZERO = 48
const COLON = 58
const LARGE_T = 84
const LARGE_Z = 90
const SMALL_E = 101
const BLANK = 32
/** A number has at most this many digits; what is more is damage. */
const DIGITS_MAX = 40
const EXPONENT_MAX = 30
/** Seconds since 1970 have ten digits from 2001 to 2286. */
const SECONDS_DIGITS = 10
/** For instants: seconds, ms, us or ns since 1970, whichever gives a time of these years. */
export const ANY_UNIT = -1
const TWO_32 = 4_294_967_296
const SECONDS_PER_DAY = 86_400
/** 2261-12-31: ns of a signed 64-bit count end soon after. */
const EPOCH_SECONDS_MAX = 9_214_646_400

export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 31 }, (_, power) => Number(`1e${power}`))

export interface LineRules {
  readonly bytesMax: number
  /** Lines without a byte are passed over; else they may only end the file. */
  readonly blankLines: boolean
  /** For errors: "comma-separated rows". */
  readonly kind: string
}

export class ByteLines {
  /** Number of the current line, from 1. */
  line = 0
  /** The instant last read: whole seconds since 1970 and ns after them. */
  seconds = 0
  nanos = 0
  /** The 64-bit id last read, as two unsigned 32-bit halves. */
  idHigh = 0
  idLow = 0
  protected bytes: Uint8Array = new Uint8Array(0)
  /** What is to be read next of the current line, and where that ends. */
  protected at = 0
  protected rowEnd = 0
  private readonly source: ByteChunks
  private readonly rules: LineRules
  /** Filled part of `bytes`. */
  private end = 0
  /** Where the line after the current one starts, and up to where no line end was found. */
  private rest = 0
  private searched = 0
  private ended = false
  private blankLine = 0
  private openRow = false
  /** The date last read (year * 10000 + month * 100 + day) and the seconds of its midnight. */
  private dateRead = 0
  private dateSeconds = 0

  constructor(source: ByteChunks, rules: LineRules) {
    this.source = source
    this.rules = rules
  }

  get name(): string {
    return this.source.name
  }

  /** True when the current line is the last and has no line end: it may be cut off. */
  get isOpenRow(): boolean {
    return this.openRow
  }

  /** True when whole lines may be left in the bytes that are here. */
  get isAtRow(): boolean {
    return this.searched < this.end
  }

  where(): string {
    return `${this.source.name}:${Math.max(1, this.line)}`
  }

  /** Throws an InputError at the current line. */
  fail(what: string): never {
    throw new InputError(`${this.where()}: ${what}`)
  }

  /** Makes the next line current; false when more bytes are needed (`fill`) or the input has ended. */
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
      if (this.rowEnd - this.at > this.rules.bytesMax) this.failLong()
      if (this.rowEnd > this.at && this.bytes[this.rowEnd - 1] === RETURN) this.rowEnd--
      if (this.rowEnd > this.at) break
      if (this.blankLine === 0 && !this.rules.blankLines) this.blankLine = this.line
    }
    if (this.blankLine > 0) {
      this.line = this.blankLine
      this.fail('the row is empty; remove it or restore its fields')
    }
    return true
  }

  /** Makes the next line current, reading as far as need be; false at the end. */
  async nextLine(): Promise<boolean> {
    while (!this.advance()) if (!(await this.fill())) return false
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
    if (kept > this.rules.bytesMax) {
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

  /** The line's bytes from the next one on that are a word: up to a blank. Gives its end. */
  protected blankAfter(from: number): number {
    const { bytes, rowEnd } = this
    let at = from
    while (at < rowEnd && bytes[at] !== BLANK) at++
    return at
  }

  /**
   * The decimal that starts at the next byte, in units of 10^-decimals: whole unless the number has more decimals than that. Stops behind
   * it. NaN, without a step, when there is none.
   */
  protected decimalHere(decimals: number): number {
    const { bytes, rowEnd } = this
    let at = this.at
    const isNegative = bytes[at] === MINUS && at < rowEnd
    if (isNegative) at++
    const first = at
    let value = 0
    let places = 0
    for (; at < rowEnd; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    let digitCount = at - first
    let beyond = 0
    if (at < rowEnd && bytes[at] === DOT) {
      at++
      const point = at
      let weight = 1
      for (; at < rowEnd; at++) {
        const digit = bytes[at] - ZERO
        if (digit < 0 || digit > 9) break
        if (places < decimals) {
          value = value * 10 + digit
          places++
        } else {
          weight /= 10
          beyond += digit * weight
        }
      }
      digitCount += at - point
    }
    if (digitCount === 0) return Number.NaN
    if (digitCount > DIGITS_MAX) this.fail(`a number has more than ${DIGITS_MAX} digits; is the file damaged?`)
    if (places < decimals) value *= POWERS_OF_TEN[decimals - places]
    if (beyond > 0) value += beyond
    if (at < rowEnd && (bytes[at] | 32) === SMALL_E) {
      this.at = at
      return this.scaled(isNegative ? -value : value)
    }
    this.at = at
    return isNegative ? 0 - value : value
  }

  /** Digits that start at the next byte as a 64-bit id (`idHigh`, `idLow`); false, without a step, when there are none or too many. */
  protected idHere(): boolean {
    const { bytes, rowEnd } = this
    let at = this.at
    const first = at
    let value = 0
    for (const end = Math.min(rowEnd, first + 15); at < end; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    let high = value < TWO_32 ? 0 : Math.floor(value / TWO_32)
    let low = value - high * TWO_32
    for (; at < rowEnd; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      const next = low * 10 + digit
      const carry = Math.floor(next / TWO_32)
      low = next - carry * TWO_32
      high = high * 10 + carry
    }
    if (at === first || at - first > 20 || high >= TWO_32) return false
    this.at = at
    this.idHigh = high
    this.idLow = low
    return true
  }

  /**
   * The instant that starts at the next byte (`seconds`, `nanos`): as "2025-07-17T08:05:03.360842448Z", or as a count since 1970 whose
   * unit is 10^-unitDigits seconds (ANY_UNIT: told by its length), with decimals or without. Stops behind it; false, without a step, when
   * there is none.
   */
  protected instantHere(unit: number): boolean {
    const { bytes, rowEnd } = this
    const first = this.at
    if (first + 5 < rowEnd && bytes[first + 4] === MINUS) return this.calendarHere()
    let at = first
    while (at < rowEnd && bytes[at] >= ZERO && bytes[at] <= 57) at++
    const whole = at - first
    if (whole === 0 || whole > 19) return false
    const unitDigits = unit === ANY_UNIT ? Math.min(9, Math.max(0, whole - SECONDS_DIGITS)) : unit
    let seconds = 0
    let nanos = 0
    for (let index = first; index < at; index++) {
      const digit = bytes[index] - ZERO
      if (at - index > unitDigits) seconds = seconds * 10 + digit
      else nanos = nanos * 10 + digit
    }
    let places = unitDigits
    if (at < rowEnd && bytes[at] === DOT) {
      for (at++; at < rowEnd; at++) {
        const digit = bytes[at] - ZERO
        if (digit < 0 || digit > 9) break
        if (places >= 9) continue
        nanos = nanos * 10 + digit
        places++
      }
    }
    if (seconds > EPOCH_SECONDS_MAX) return false
    this.seconds = seconds
    this.nanos = nanos * POWERS_OF_TEN[9 - places]
    this.at = at
    return true
  }

  /** Bytes from `from` to `end` for messages: at most 24, printable ones only. */
  protected shown(from: number, end: number): string {
    const { bytes } = this
    let text = ''
    for (let at = from; at < end && text.length < 24; at++) {
      text += bytes[at] >= 32 && bytes[at] < 127 ? String.fromCharCode(bytes[at]) : '?'
    }
    return text
  }

  /** Behind a number: its exponent, which programs write for the very small. */
  private scaled(value: number): number {
    const { bytes, rowEnd } = this
    let at = this.at + 1
    const isNegative = bytes[at] === MINUS
    if (isNegative || bytes[at] === 43) at++
    const first = at
    let exponent = 0
    for (; at < rowEnd; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      exponent = exponent * 10 + digit
    }
    if (at === first || exponent > EXPONENT_MAX) return Number.NaN
    this.at = at
    const power = POWERS_OF_TEN[exponent]
    // What an exponent cuts off below a unit stays as the fraction of one: only exact quotients are whole.
    return isNegative ? value / power : value * power
  }

  private calendarHere(): boolean {
    const { bytes, rowEnd } = this
    const first = this.at
    // "2025-07-17T08:05:03" and then decimals, and a Z or nothing.
    if (first + 19 > rowEnd || bytes[first + 7] !== MINUS || bytes[first + 13] !== COLON || bytes[first + 16] !== COLON)
      return false
    const letter = bytes[first + 10]
    if (letter !== LARGE_T && letter !== BLANK) return false
    const two = (at: number): number => twoDigits(bytes, at)
    const date = (two(first) * 100 + two(first + 2)) * 10_000 + two(first + 5) * 100 + two(first + 8)
    const clock = two(first + 11) * 3600 + two(first + 14) * 60 + two(first + 17)
    if (Number.isNaN(date + clock)) return false
    if (date !== this.dateRead && !this.readDate(date)) return false
    let nanos = 0
    let places = 0
    let at = first + 19
    if (at < rowEnd && bytes[at] === DOT) {
      for (at++; at < rowEnd; at++) {
        const digit = bytes[at] - ZERO
        if (digit < 0 || digit > 9) break
        if (places >= 9) continue
        nanos = nanos * 10 + digit
        places++
      }
    }
    if (at < rowEnd && bytes[at] === LARGE_Z) at++
    this.seconds = this.dateSeconds + clock
    this.nanos = nanos * POWERS_OF_TEN[9 - places]
    this.at = at
    return true
  }

  private readDate(date: number): boolean {
    const year = Math.floor(date / 10_000)
    const month = Math.floor(date / 100) % 100
    const day = date % 100
    if (year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 || day > 31) return false
    this.dateRead = date
    this.dateSeconds = daysOf(year, month, day) * SECONDS_PER_DAY
    return true
  }

  private failLong(): never {
    const { bytesMax, kind } = this.rules
    this.fail(`the row is longer than ${bytesMax} bytes; is this a file of ${kind}?`)
  }
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - ZERO
  const ones = bytes[at + 1] - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
