/*
 * A column of numbers that grows to any length and ends in memory that threads share. A long one is never copied to grow: it lies in
 * a growable buffer, which reserves addresses and not memory. Guarantee: memory in use is that of the values written, up to 4 GiB of
 * them; beyond, and where buffers do not grow, a growth copies and holds the values twice meanwhile.
 */
import { sharedBytes } from './thread-memory.ts'

type Typed = Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array

type Maker<T extends Typed> = { readonly BYTES_PER_ELEMENT: number } & (new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number
) => T)

/** Shorter columns are plain arrays: a reservation costs some microseconds. */
const RESERVED_FROM_LENGTH = 1 << 16
/** The largest growable buffer of V8 11.3. */
const RESERVED_BYTES = 2 ** 32

export class GrowingColumn<T extends Typed> {
  /** Write here, below its length; `grow` first when that is reached. */
  values: T
  private readonly Make: Maker<T>

  constructor(Make: Maker<T>, capacity = 1024) {
    this.Make = Make
    const length = Math.max(1, Math.min(capacity, RESERVED_FROM_LENGTH))
    this.values = new Make(new ArrayBuffer(length * Make.BYTES_PER_ELEMENT), 0, length)
  }

  /** Doubles `values`. */
  grow(): void {
    const { Make, values } = this
    const length = 2 * values.length
    const bytes = length * Make.BYTES_PER_ELEMENT
    if (!this.growInPlace(bytes)) {
      const larger = new Make(length > RESERVED_FROM_LENGTH ? reserve(bytes) : new ArrayBuffer(bytes), 0, length)
      larger.set(values)
      this.values = larger
    } else this.values = new Make(values.buffer, 0, length)
  }

  /** The first `count` values, in shared memory. The column is empty afterwards. */
  finish(count: number): T {
    const { Make, values } = this
    let finished: T
    if (isGrowable(values.buffer)) finished = new Make(values.buffer, 0, count)
    else {
      finished = new Make(sharedBytes(count * Make.BYTES_PER_ELEMENT), 0, count)
      finished.set(values.subarray(0, count))
    }
    this.values = new Make(new ArrayBuffer(Make.BYTES_PER_ELEMENT), 0, 1)
    return finished
  }

  private growInPlace(bytes: number): boolean {
    const { buffer } = this.values
    if (!isGrowable(buffer) || bytes > buffer.maxByteLength) return false
    buffer.grow(bytes)
    return true
  }
}

function isGrowable(buffer: ArrayBufferLike): buffer is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer && buffer.growable === true
}

/** A buffer of so many bytes, growable where that can be. */
function reserve(bytes: number): ArrayBufferLike {
  if (bytes > RESERVED_BYTES || typeof SharedArrayBuffer === 'undefined') return sharedBytes(bytes)
  try {
    return new SharedArrayBuffer(bytes, { maxByteLength: RESERVED_BYTES })
  } catch (error) {
    // So many addresses cannot be had here (a limit of the process).
    if (!(error instanceof RangeError)) throw error
    return sharedBytes(bytes)
  }
}
