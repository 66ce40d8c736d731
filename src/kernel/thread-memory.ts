/*
 * Typed arrays in memory that threads share without copying, zeroed; plain memory where a page may not share (a browser without
 * cross-origin isolation). Errors: InputError when there is not so much memory in one piece.
 */
import { InputError } from './assert.ts'

export function sharedBytes(bytes: number): ArrayBufferLike {
  try {
    return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const mebibytes = Math.ceil(bytes / 2 ** 20)
    throw new InputError(`memory: a column needs ${mebibytes} MiB in one piece and there is not so much; take a shorter tape`)
  }
}

export const sharedFloat64 = (length: number): Float64Array => new Float64Array(sharedBytes(8 * length))
export const sharedInt32 = (length: number): Int32Array => new Int32Array(sharedBytes(4 * length))
export const sharedUint32 = (length: number): Uint32Array => new Uint32Array(sharedBytes(4 * length))
export const sharedInt8 = (length: number): Int8Array => new Int8Array(sharedBytes(length))
export const sharedUint8 = (length: number): Uint8Array => new Uint8Array(sharedBytes(length))
