/*
 * The metadata in front of a DBN file, versions 1 to 3 (Databento Binary Encoding, "Metadata"; dbn's decoder): what was asked for, and which
 * instrument id each symbol had on which days. Lengths are bounded before anything is held.
 */
import type { ByteWindow } from './byte-window.ts'

const METADATA_BYTES_MAX = 64 << 20
/** Fixed part behind the length. */
const FIXED_BYTES = 100
const SYMBOL_BYTES_V1 = 22
/** Absent: a live capture of several schemas. */
const NO_SCHEMA = 0xffff

const SCHEMAS = ['mbo', 'mbp-1', 'mbp-10', 'tbbo', 'trades', 'ohlcv-1s', 'ohlcv-1m', 'ohlcv-1h', 'ohlcv-1d', 'definition']

export interface DbnHeader {
  readonly version: number
  readonly dataset: string
  /** Word of the schema; "" when there is none or it is not of the first ten. */
  readonly schema: string
  /** Each record has eight bytes more: the time at which it was sent. */
  readonly hasSendTime: boolean
  /** Symbol to the instrument ids it had, in the order of the file. */
  readonly instruments: ReadonlyMap<string, readonly number[]>
}

/** Errors: InputError at the byte. */
export async function readDbnHeader(window: ByteWindow): Promise<DbnHeader> {
  if (!(await window.need(8))) window.fail('the file ends inside its first 8 bytes; fetch it again')
  const { view, at, bytes } = window
  if (bytes[at] !== 68 || bytes[at + 1] !== 66 || bytes[at + 2] !== 78)
    window.fail('this is not DBN (its first bytes are not "DBN")')
  const version = bytes[at + 3]
  if (version < 1 || version > 3) window.fail(`the DBN version is ${version}; versions 1 to 3 are known`)
  const length = view.getUint32(at + 4, true)
  if (length < FIXED_BYTES || length > METADATA_BYTES_MAX) window.fail(`the metadata has ${length} bytes; is the file damaged?`)
  if (!(await window.need(8 + length))) window.fail('the file ends inside its metadata; fetch it again')
  const reader = new MetadataReader(window, window.at + 8, window.at + 8 + length, version)
  const header = reader.read()
  window.at += 8 + length
  return header
}

class MetadataReader {
  private readonly window: ByteWindow
  private readonly version: number
  private readonly end: number
  private at: number
  private symbolBytes = SYMBOL_BYTES_V1

  constructor(window: ByteWindow, at: number, end: number, version: number) {
    this.window = window
    this.at = at
    this.end = end
    this.version = version
  }

  read(): DbnHeader {
    const { version } = this
    const { view } = this.window
    const start = this.at
    const dataset = this.text(16)
    const schema = view.getUint16(this.at, true)
    // Schema, start, end and limit; version 1 has the number of records too, and no symbol length.
    this.at += version === 1 ? 2 + 8 + 8 + 8 + 8 : 2 + 8 + 8 + 8
    this.at += 2
    const hasSendTime = this.window.bytes[this.at] === 1
    this.at++
    if (version > 1) this.symbolBytes = view.getUint16(this.at, true)
    this.at = start + FIXED_BYTES
    if (this.symbolBytes === 0) this.window.fail('the symbols of the metadata have no bytes; is the file damaged?')
    this.skip(this.count(1))
    for (let list = 0; list < 3; list++) this.skip(this.count(this.symbolBytes) * this.symbolBytes)
    return {
      version,
      dataset,
      schema: schema === NO_SCHEMA ? '' : (SCHEMAS[schema] ?? ''),
      hasSendTime,
      instruments: this.mappings()
    }
  }

  private mappings(): Map<string, number[]> {
    const instruments = new Map<string, number[]>()
    for (let left = this.count(this.symbolBytes + 4); left > 0; left--) {
      const symbol = this.text(this.symbolBytes)
      const ids: number[] = []
      for (let interval = this.count(8 + this.symbolBytes); interval > 0; interval--) {
        this.skip(8)
        const word = this.text(this.symbolBytes)
        const id = Number(word)
        if (/^\d{1,10}$/.test(word) && !ids.includes(id)) ids.push(id)
      }
      instruments.set(symbol, ids)
    }
    return instruments
  }

  /** A count of things of `bytesEach` that must fit into what is left. */
  private count(bytesEach: number): number {
    if (this.at + 4 > this.end) this.failShort()
    const count = this.window.view.getUint32(this.at, true)
    this.at += 4
    if (count * bytesEach > this.end - this.at) this.failShort()
    return count
  }

  /** Bytes up to the first zero. */
  private text(byteCount: number): string {
    if (this.at + byteCount > this.end) this.failShort()
    let text = ''
    for (let at = this.at; at < this.at + byteCount && this.window.bytes[at] !== 0; at++) {
      const code = this.window.bytes[at]
      text += code >= 32 && code < 127 ? String.fromCharCode(code) : '?'
    }
    this.at += byteCount
    return text
  }

  private skip(byteCount: number): void {
    if (this.at + byteCount > this.end) this.failShort()
    this.at += byteCount
  }

  private failShort(): never {
    this.window.fail('the metadata says that it holds more than it has bytes; is the file damaged?')
  }
}
