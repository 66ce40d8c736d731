/*
 * A file of bytes seen through a window that moves: what has been read is let go, so memory holds a chunk and at most one unfinished
 * piece of it. Every error names the file and the byte where the piece begins.
 */
import { InputError } from '../kernel/assert.ts'
import type { ByteChunks } from './byte-chunks.ts'

export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)
  /** The next byte to read, and the end of what is here. */
  at = 0
  end = 0
  private readonly source: ByteChunks
  /** Bytes of the file before `bytes`. */
  private passed = 0
  private ended = false

  constructor(source: ByteChunks) {
    this.source = source
  }

  get name(): string {
    return this.source.name
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.passed + this.at
  }

  get left(): number {
    return this.end - this.at
  }

  /** "file: byte 12" */
  where(): string {
    return `${this.source.name}: byte ${this.offset}`
  }

  fail(what: string): never {
    throw new InputError(`${this.where()}: ${what}`)
  }

  /** Brings more of the file behind what is not read yet; false at its end. */
  async more(): Promise<boolean> {
    if (this.ended) return false
    let chunk: Uint8Array | null
    try {
      chunk = await this.source.next()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      throw new InputError(`${this.source.name}: byte ${this.passed + this.end}: ${error.message}`)
    }
    if (chunk === null) {
      this.ended = true
      return false
    }
    const kept = this.end - this.at
    this.passed += this.at
    if (kept === 0) this.bytes = chunk
    else {
      const joined = new Uint8Array(kept + chunk.length)
      joined.set(this.bytes.subarray(this.at, this.end))
      joined.set(chunk, kept)
      this.bytes = joined
    }
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    this.at = 0
    this.end = kept + chunk.length
    return true
  }

  /** Brings at least `count` unread bytes here; false when the file has fewer. `count` is bounded by the caller. */
  async need(count: number): Promise<boolean> {
    while (this.end - this.at < count) if (!(await this.more())) return false
    return true
  }
}
