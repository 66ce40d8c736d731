/*
 * JSON values out of lines of bytes (RFC 8259), one after the other, without making objects or text: the reader asks for what it expects, names
 * the keys it knows and steps over all else. Numbers may be bare or in quotes, as exchanges write them. Errors name file and line. Leaves
 * out escapes inside words that are compared (such a word is none of those known).
 */
import type { ByteChunks } from './byte-chunks.ts'
import { ByteLines, COMMA, MINUS, ZERO } from './byte-lines.ts'
import type { SymbolFilter } from './symbol-filter.ts'
import type { WordList } from './word-list.ts'

/** A snapshot of a whole book of 100,000 levels has some megabytes. */
const LINE_BYTES_MAX = 1 << 24
const DEPTH_MAX = 64

const QUOTE = 34
const COLON = 58
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const SMALL_T = 116

/** `key` has met the end of the object. */
export const END = -2

/** Levels as side, price and quantity, one after the other. */
export interface LevelList {
  values: Float64Array
  count: number
}

export function pushLevel(list: LevelList, side: number, price: number, quantity: number): void {
  const at = 3 * list.count
  if (at + 3 > list.values.length) {
    const larger = new Float64Array(2 * list.values.length)
    larger.set(list.values)
    list.values = larger
  }
  list.values[at] = side
  list.values[at + 1] = price
  list.values[at + 2] = quantity
  list.count++
}

export class JsonScanner extends ByteLines {
  private readonly failHere = (what: string): never => this.fail(what)

  constructor(source: ByteChunks) {
    super(source, { bytesMax: LINE_BYTES_MAX, blankLines: true, kind: 'one JSON message a line' })
  }

  /** The code of the next byte that is no blank; 0 at the end of the line. */
  peek(): number {
    const { bytes, rowEnd } = this
    let { at } = this
    if (at < rowEnd && bytes[at] > 32) return bytes[at]
    while (at < rowEnd && bytes[at] <= 32) at++
    this.at = at
    return at < rowEnd ? bytes[at] : 0
  }

  /** A word up to a blank, at the start of a line, as its place in the list; -1 when it is none. */
  leadingWord(words: WordList): number {
    this.peek()
    const end = this.blankAfter(this.at)
    const place = words.find(this.bytes, this.at, end)
    this.at = end
    return place
  }

  /** The instant at the start of a line, before a blank or a colon (see ByteLines.instantHere); false when there is none. */
  leadingInstant(unitDigits: number): boolean {
    this.peek()
    if (!this.instantHere(unitDigits)) return false
    if (this.at < this.rowEnd && this.bytes[this.at] === COLON) this.at++
    return true
  }

  openObject(what: string): void {
    if (this.peek() !== OPEN_OBJECT) this.failValue(what, 'an object')
    this.at++
  }

  openArray(what: string): void {
    if (this.peek() !== OPEN_ARRAY) this.failValue(what, 'an array')
    this.at++
  }

  /** The next key of the object as its place in `keys`, -1 when it is not there (then its value is to be skipped), END behind the last. */
  key(keys: WordList): number {
    const { bytes, rowEnd, at } = this
    // As exchanges write it: `,"key":` without blanks.
    const from = bytes[at] === COMMA ? at + 2 : at + 1
    if (from < rowEnd && bytes[from - 1] === QUOTE) {
      let end = from
      while (end < rowEnd && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end++
      if (end + 1 < rowEnd && bytes[end] === QUOTE && bytes[end + 1] === COLON) {
        this.at = end + 2
        return keys.find(bytes, from, end)
      }
    }
    return this.keyAmongBlanks(keys)
  }

  private keyAmongBlanks(keys: WordList): number {
    let code = this.peek()
    if (code === CLOSE_OBJECT) {
      this.at++
      return END
    }
    if (code === COMMA) {
      this.at++
      code = this.peek()
    }
    if (code !== QUOTE) this.failValue('message', 'JSON with a key here')
    const from = this.at + 1
    const end = this.stringEnd()
    if (this.peek() !== COLON) this.failValue('message', 'JSON with a colon here')
    this.at++
    return keys.find(this.bytes, from, end)
  }

  /** True when the array goes on with an element. */
  element(): boolean {
    const code = this.peek()
    if (code === CLOSE_ARRAY) {
      this.at++
      return false
    }
    if (code === COMMA) {
      this.at++
      this.peek()
    }
    if (this.at >= this.rowEnd) this.failValue('message', 'JSON to its end')
    return true
  }

  /** Behind the last element that is read of an array: steps to its end. */
  closeArray(): void {
    while (this.element()) this.skip()
  }

  /** A number, bare or in quotes, in units of 10^-decimals: whole unless it has more decimals than that. */
  decimal(what: string, decimals: number): number {
    const isQuoted = this.peek() === QUOTE
    const { at } = this
    if (isQuoted) this.at++
    const value = this.decimalHere(decimals)
    if (Number.isNaN(value) || (isQuoted && this.bytes[this.at++] !== QUOTE) || this.at > this.rowEnd) {
      this.at = at
      this.failValue(what, 'a number')
    }
    return value
  }

  /** A whole number, bare or in quotes; beyond 2^53 it is the nearest double. */
  integer(what: string): number {
    const value = this.decimal(what, 0)
    if (!Number.isInteger(value)) this.fail(`the ${what} is ${value}; it must be a whole number`)
    return value
  }

  /** An instant, bare or in quotes, which is then in `seconds` and `nanos`. */
  instant(what: string, unitDigits: number): void {
    const isQuoted = this.peek() === QUOTE
    const { at } = this
    if (isQuoted) this.at++
    if (!this.instantHere(unitDigits) || (isQuoted && this.bytes[this.at++] !== QUOTE)) {
      this.at = at
      this.failValue(what, 'an instant since 1970')
    }
  }

  /** A 64-bit id, bare or in quotes, which is then in `idHigh` and `idLow`. */
  id(what: string): void {
    const isQuoted = this.peek() === QUOTE
    const { at } = this
    if (isQuoted) this.at++
    if (!this.idHere() || (isQuoted && this.bytes[this.at++] !== QUOTE)) {
      this.at = at
      this.failValue(what, 'an id of 64 bits')
    }
  }

  /** `[[price, quantity, …], …]` of one side, put behind what is there; other elements of a level are stepped over. */
  levels(side: number, priceDecimals: number, quantityDecimals: number, into: LevelList): void {
    this.openArray('list of levels')
    while (this.element()) {
      this.openArray('level')
      const price = this.decimal('price', priceDecimals)
      if (!this.element()) this.fail('the level has no quantity; is the file damaged?')
      const quantity = this.decimal('quantity', quantityDecimals)
      this.closeArray()
      pushLevel(into, side, price, quantity)
    }
  }

  boolean(what: string): boolean {
    const code = this.peek()
    if (code !== SMALL_T && code !== 102) this.failValue(what, 'true or false')
    this.skip()
    return code === SMALL_T
  }

  /** A string as its place in the list; -1 when it is not there. */
  choice(what: string, words: WordList): number {
    if (this.peek() !== QUOTE) this.failValue(what, 'a string')
    const from = this.at + 1
    return words.find(this.bytes, from, this.stringEnd())
  }

  /** A string that names a symbol, behind `prefixBytes` of it; true when its messages are to be taken. */
  isTaken(symbol: SymbolFilter, prefixBytes = 0): boolean {
    if (this.peek() !== QUOTE) this.failValue('symbol', 'a string')
    const from = this.at + 1
    const end = this.stringEnd()
    return symbol.takes(this.bytes, Math.min(end, from + prefixBytes), end, this.failHere)
  }

  /** The place in the list of the word that the next string begins with, up to the last `until`; -1 when it is none. Does not step. */
  prefix(words: WordList, until: number): number {
    if (this.peek() !== QUOTE) return -1
    const { at } = this
    let end = this.stringEnd()
    this.at = at
    while (end > at && this.bytes[end] !== until) end--
    return end === at ? -1 : words.find(this.bytes, at + 1, end)
  }

  /** Steps over one value of any kind. */
  skip(): void {
    let depth = 0
    do {
      const code = this.peek()
      if (code === QUOTE) this.stringEnd()
      else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
        this.at++
        if (++depth > DEPTH_MAX) this.fail(`the message has values inside more than ${DEPTH_MAX} others; is the file damaged?`)
      } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
        if (depth-- === 0) this.failValue('message', 'JSON with a value here')
        this.at++
      } else if (depth > 0 && (code === COMMA || code === COLON)) this.at++
      else this.skipPlain()
    } while (depth > 0)
  }

  /** Errors: InputError when anything but blanks is left of the line. */
  endLine(): void {
    if (this.peek() !== 0) this.failValue('message', 'JSON: more follows')
  }

  /** A number, true, false or null. */
  private skipPlain(): void {
    const { bytes, rowEnd } = this
    const from = this.at
    let { at } = this
    for (; at < rowEnd; at++) {
      const code = bytes[at]
      const isPlain = (code >= ZERO && code <= 57) || (code >= 97 && code <= 122) || code === MINUS || code === 43 || code === 46
      if (!isPlain && code !== 69) break
    }
    if (at === from) this.failValue('message', 'JSON to its end')
    this.at = at
  }

  /** From an opening quote to behind the closing one; gives where that stands. */
  private stringEnd(): number {
    const { bytes, rowEnd } = this
    let at = this.at + 1
    while (at < rowEnd && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
    if (at >= rowEnd) this.failValue('message', 'JSON to its end')
    this.at = at + 1
    return at
  }

  private failValue(what: string, wanted: string): never {
    const shown = this.shown(this.at, this.rowEnd)
    this.fail(`the ${what} is not ${wanted}: "${shown}"; the file is cut off or damaged: fetch it again`)
  }
}
