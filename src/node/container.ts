/*
 * A file of named typed arrays and a JSON header: raw columns, read in one piece into shared memory so that worker threads
 * use them without copying. Layout (little-endian): 8 bytes magic, u32 version, u32 length of the index, f64 length of the file, 32
 * bytes SHA-256 of all that follows byte 64, zeros to 64; the index as JSON { header, arrays: [{ name, type, length, offset }] };
 * the arrays, each at a multiple of 64. A file that is not exactly this is an InputError, never data.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'
import { assert, InputError } from '../kernel/assert.ts'
import { writeAtomicallySync } from './atomic-file.ts'
import { fileError } from './file-error.ts'

const MAGIC = Buffer.from('tailtax\n', 'latin1')
const VERSION = 1
const HEAD_BYTES = 64
const HASH_AT = 24
const ALIGNMENT = 64

export type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

type ArrayMaker = { readonly BYTES_PER_ELEMENT: number } & (new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number
) => TypedArray)

const TYPES: Readonly<Record<string, ArrayMaker>> = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array
}

export interface Container {
  /** Anything JSON can hold. */
  readonly header: unknown
  readonly arrays: Readonly<Record<string, TypedArray>>
}

interface Entry {
  readonly name: string
  readonly type: string
  readonly length: number
  readonly offset: number
}

/** Writes atomically. Errors: InputError `path: reason`. */
export function writeContainer(path: string, container: Container): void {
  assert(endianness() === 'LE', 'containers are written on little-endian machines')
  const named = Object.entries(container.arrays)
  const entries: Entry[] = []
  // Offsets count from the end of the index, which they would else change in length.
  let offset = 0
  for (const [name, array] of named) {
    const type = array.constructor.name
    assert(type in TYPES, `${type} has a place in a container`)
    entries.push({ name, type, length: array.length, offset })
    offset = aligned(offset + array.byteLength)
  }
  const json = Buffer.from(JSON.stringify({ header: container.header, arrays: entries }))
  const index = Buffer.alloc(aligned(HEAD_BYTES + json.length) - HEAD_BYTES)
  json.copy(index)

  const pieces: NodeJS.ArrayBufferView[] = [index]
  for (const [, array] of named) {
    pieces.push(array)
    const padding = aligned(array.byteLength) - array.byteLength
    if (padding > 0) pieces.push(new Uint8Array(padding))
  }
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.writeUInt32LE(VERSION, 8)
  head.writeUInt32LE(json.length, 12)
  head.writeDoubleLE(HEAD_BYTES + index.length + offset, 16)
  hash.digest().copy(head, HASH_AT)
  writeAtomicallySync(path, (put) => {
    put(head)
    for (const piece of pieces) put(piece)
  })
}

/** The arrays are views on one SharedArrayBuffer. Errors: InputError when the file is missing, damaged or of another version. */
export function readContainer(path: string): Container {
  const bytes = readShared(path)
  const damaged = (what: string): InputError => new InputError(`${path}: ${what}; remove the file, it will be made again`)
  if (bytes.length < HEAD_BYTES || MAGIC.compare(bytes, 0, MAGIC.length) !== 0) throw damaged('this is not a container of arrays')
  const head = new DataView(bytes.buffer, 0, HEAD_BYTES)
  if (head.getUint32(8, true) !== VERSION) throw damaged(`its version is ${head.getUint32(8, true)}, not ${VERSION}`)
  if (head.getFloat64(16, true) !== bytes.length) throw damaged('it is cut off or has grown')
  const body = bytes.subarray(HEAD_BYTES)
  const stored = Buffer.from(bytes.slice(HASH_AT, HASH_AT + 32))
  if (!createHash('sha256').update(body).digest().equals(stored)) throw damaged('its checksum is wrong')

  const indexBytes = head.getUint32(12, true)
  if (HEAD_BYTES + indexBytes > bytes.length) throw damaged('its index is longer than the file')
  const start = aligned(HEAD_BYTES + indexBytes)
  let index: { header: unknown; arrays: Entry[] }
  try {
    index = JSON.parse(Buffer.from(body.slice(0, indexBytes)).toString('utf8'))
  } catch {
    throw damaged('its index is not JSON')
  }
  const arrays: Record<string, TypedArray> = {}
  for (const { name, type, length, offset } of index.arrays) {
    const Maker = TYPES[type]
    const from = start + offset
    const fits = Maker !== undefined && offset % ALIGNMENT === 0 && offset >= 0 && length >= 0
    if (!fits || from + length * Maker.BYTES_PER_ELEMENT > bytes.length) throw damaged(`its array ${name} is out of place`)
    arrays[name] = new Maker(bytes.buffer, from, length)
  }
  return { header: index.header, arrays }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}

function readShared(path: string): Uint8Array<SharedArrayBuffer> {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size))
    let done = 0
    while (done < bytes.length) {
      const count = readSync(file, bytes, done, Math.min(bytes.length - done, 1 << 30), done)
      if (count === 0) break
      done += count
    }
    return bytes
  } catch (error) {
    throw fileError(path, error)
  } finally {
    if (file !== null) closeSync(file)
  }
}
