/*
 * A file's bytes as chunks, unpacked when they are gzip or zstd. Memory: a few chunks, whatever the file's size. What a file is, is
 * told by its first bytes; a name that ends in .gz or .zst promises that, and a broken promise is an error. Errors of the
 * operating system become InputErrors that say what to do; those of `next` are located by the reader (line) and do not name the file.
 */
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { ByteChunks } from '../formats/byte-chunks.ts'
import { InputError } from '../kernel/assert.ts'
import { fileError, reasonOf } from './file-error.ts'
import { unpackZstd } from './zstd.ts'

const CHUNK_BYTES = 1 << 18

interface ByteSource extends ByteChunks {
  /** Of the file as it is, packed or not; 0 when it is not a regular file. */
  readonly byteCount: number
  close(): void
}

interface Unpacked {
  readonly chunks: AsyncIterator<Uint8Array, undefined>
  close(): void
}

/**
 * Opens `path`, plain or packed; `onBytes` is told of each piece read, in bytes of the file. Errors: InputError when it cannot be
 * opened or is not what its name says.
 */
export function openBytes(path: string, onBytes: (count: number) => void = () => undefined): ByteSource {
  const magic = new Uint8Array(4)
  let file = -1
  let byteCount = 0
  try {
    file = openSync(path, 'r')
    byteCount = fstatSync(file).size
    readSync(file, magic, 0, 4, 0)
  } catch (error) {
    if (file >= 0) closeSync(file)
    throw fileError(path, error)
  }
  const packing = packingOf(magic)
  for (const [end, promised] of PROMISES) {
    if (packing === promised || !path.endsWith(end)) continue
    closeSync(file)
    throw new InputError(`${path}: the name ends in ${end} but this is not ${promised}; rename it or pack it again`)
  }
  const { chunks, close } = packing === 'zstd' ? readZstd(file, onBytes) : readStream(path, file, packing === 'gzip', onBytes)
  return {
    name: path,
    byteCount,
    async next(): Promise<Uint8Array | null> {
      try {
        const { done, value } = await chunks.next()
        return done === true ? null : value
      } catch (error) {
        throw new InputError(reasonOf(error))
      }
    },
    close
  }
}

const PROMISES = [
  ['.gz', 'gzip'],
  ['.zst', 'zstd']
] as const

function packingOf([a, b, c, d]: Uint8Array): 'gzip' | 'zstd' | null {
  if (a === 0x1f && b === 0x8b) return 'gzip'
  // A zstd frame, or a skippable frame before one (RFC 8878, 3.1).
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd'
  return a >= 0x50 && a <= 0x5f && b === 0x2a && c === 0x4d && d === 0x18 ? 'zstd' : null
}

function readStream(path: string, file: number, isGzip: boolean, onBytes: (count: number) => void): Unpacked {
  const plain = createReadStream(path, { fd: file, start: 0, highWaterMark: CHUNK_BYTES })
  async function* counted(): AsyncGenerator<Uint8Array, undefined> {
    for await (const piece of plain as AsyncIterable<Uint8Array>) {
      onBytes(piece.length)
      yield piece
    }
    return undefined
  }
  if (!isGzip) return { chunks: counted(), close: () => plain.destroy() }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  plain.on('error', (error) => gunzip.destroy(error))
  plain.on('data', (piece) => onBytes(piece.length))
  const stream = plain.pipe(gunzip)
  const close = (): void => {
    plain.destroy()
    stream.destroy()
  }
  return { chunks: stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>, close }
}

/** The decoder asks for its input and cannot wait for it: the file is read at once when it does. */
function readZstd(file: number, onBytes: (count: number) => void): Unpacked {
  let at = 0
  const packed = (): Uint8Array | null => {
    const piece = new Uint8Array(CHUNK_BYTES)
    const count = readSync(file, piece, 0, CHUNK_BYTES, at)
    at += count
    onBytes(count)
    return count === 0 ? null : piece.subarray(0, count)
  }
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  return { chunks: unpackZstd(packed), close }
}
