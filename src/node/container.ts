/*
 * A file of named typed arrays and a JSON header: raw columns, each read into shared memory of its own so that worker threads
 * use them without copying. Nothing but the arrays is held, however long they are. Layout (little-endian): 8 bytes magic, u32 version, u32 length of the index, f64 length of the file, 32
 * bytes SHA-256 of all that follows byte 64, zeros to 64; the index as JSON { header, arrays: [{ name, type, length, offset }] };
 * the arrays in that order, each at a multiple of 64. A file that is not exactly this is an InputError, never data.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'
import { assert, InputError } from '../kernel/assert.ts'
import { sharedBytes } from '../kernel/thread-memory.ts'
import { writeAtomicallySync } from './atomic-file.ts'
import { fileError } from './file-error.ts'
import { hashBytes } from './hash-bytes.ts'

const MAGIC = Buffer.from('tailtax\n', 'latin1')
const VERSION = 1
const HEAD_BYTES = 64
const HASH_AT = 24
const ALIGNMENT = 64
/** So much is hashed while it is still in the cache of the processor. */
const READ_BYTES = 1 << 20

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
  for (const piece of pieces) hashBytes(hash, piece)
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

/** Each array has a SharedArrayBuffer of its own. Errors: InputError when the file is missing, damaged or of another version. */
export function readContainer(path: string): Container {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    return readArrays(path, file)
  } catch (error) {
    throw fileError(path, error)
  } finally {
    if (file !== null) closeSync(file)
  }
}

function readArrays(path: string, file: number): Container {
  const damaged = (what: string): InputError => new InputError(`${path}: ${what}; remove the file, it will be made again`)
  const reader = new HashedReader(file, () => damaged('it is cut off'))
  const size = fstatSync(file).size
  if (size < HEAD_BYTES) throw damaged('this is not a container of arrays')
  const headBytes = Buffer.alloc(HEAD_BYTES)
  reader.fill(headBytes, false)
  if (MAGIC.compare(headBytes, 0, MAGIC.length) !== 0) throw damaged('this is not a container of arrays')
  const version = headBytes.readUInt32LE(8)
  if (version !== VERSION) throw damaged(`its version is ${version}, not ${VERSION}`)
  if (headBytes.readDoubleLE(16) !== size) throw damaged('it is cut off or has grown')
  const indexBytes = headBytes.readUInt32LE(12)
  const start = aligned(HEAD_BYTES + indexBytes)
  if (start > size) throw damaged('its index is longer than the file')
  const json = Buffer.alloc(start - HEAD_BYTES)
  reader.fill(json)
  const index = parseIndex(json.toString('utf8', 0, indexBytes))
  if (index === null) throw damaged('its index is damaged')
  const arrays: Record<string, TypedArray> = {}
  for (const { name, type, length, offset } of index.entries) {
    const Maker = TYPES[type]
    const bytes = length * Maker.BYTES_PER_ELEMENT
    if (start + offset !== reader.at || reader.at + bytes > size) throw damaged(`its array ${name} is out of place`)
    const array = new Maker(sharedBytes(bytes), 0, length)
    reader.fill(array)
    reader.fill(Buffer.alloc(aligned(bytes) - bytes))
    arrays[name] = array
  }
  if (reader.at !== size) throw damaged('there is more in it than its index says')
  if (!reader.digest().equals(headBytes.subarray(HASH_AT, HASH_AT + 32))) throw damaged('its checksum is wrong')
  return { header: index.header, arrays }
}

/** What the index says, of known types and whole lengths; null when it is none. */
function parseIndex(text: string): { readonly header: unknown; readonly entries: readonly Entry[] } | null {
  let index: { header: unknown; arrays: unknown }
  try {
    index = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof index !== 'object' || index === null || !Array.isArray(index.arrays)) return null
  const isEntry = (entry: unknown): entry is Entry => {
    if (typeof entry !== 'object' || entry === null) return false
    const { name, type, length, offset } = entry as Record<keyof Entry, unknown>
    const isNamed = typeof name === 'string' && typeof type === 'string' && Object.hasOwn(TYPES, type)
    return isNamed && Number.isSafeInteger(length) && Number(length) >= 0 && Number.isSafeInteger(offset)
  }
  return index.arrays.every(isEntry) ? { header: index.header, entries: index.arrays } : null
}

/** Reads a file from its start and hashes what it reads on the way. */
class HashedReader {
  at = 0
  private readonly file: number
  private readonly cutOff: () => InputError
  private readonly hash = createHash('sha256')

  constructor(file: number, cutOff: () => InputError) {
    this.file = file
    this.cutOff = cutOff
  }

  /** Fills all of `into` with what comes next. */
  fill(into: NodeJS.ArrayBufferView, hashed = true): void {
    for (let done = 0; done < into.byteLength; ) {
      const length = Math.min(into.byteLength - done, READ_BYTES)
      const block = new Uint8Array(into.buffer, into.byteOffset + done, length)
      const count = readSync(this.file, block, 0, length, this.at)
      if (count === 0) throw this.cutOff()
      if (hashed) this.hash.update(block.subarray(0, count))
      this.at += count
      done += count
    }
  }

  digest(): Buffer {
    return this.hash.digest()
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}
