/*
 * A file's bytes as chunks, unpacked when they are gzip. Memory: a few chunks, whatever the file's size. What a file is, is
 * told by its first bytes; a name that ends in .gz promises gzip, and a broken promise is an error. Errors of the
 * operating system become InputErrors that say what to do; those of `next` are located by the reader (line) and do not name the file.
 */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ByteChunks } from '../formats/text-scanner.ts'
import { InputError } from '../kernel/assert.ts'
import { fileError, reasonOf } from './file-error.ts'

const CHUNK_BYTES = 1 << 18

/** Opens `path`, plain or gzip. Errors: InputError when it cannot be opened or is not what its name says. */
export function openBytes(path: string): ByteChunks & { close(): void } {
  const magic = new Uint8Array(2)
  let file = -1
  try {
    file = openSync(path, 'r')
    readSync(file, magic, 0, 2, 0)
  } catch (error) {
    if (file >= 0) closeSync(file)
    throw fileError(path, error)
  }
  const packed = magic[0] === 0x1f && magic[1] === 0x8b
  const plain = createReadStream(path, { fd: file, start: 0, highWaterMark: CHUNK_BYTES })
  if (!packed && path.endsWith('.gz')) {
    plain.destroy()
    throw new InputError(`${path}: the name ends in .gz but this is not gzip; rename it or pack it again`)
  }
  let stream: Readable = plain
  if (packed) {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
    plain.on('error', (error) => gunzip.destroy(error))
    stream = plain.pipe(gunzip)
  }
  const chunks = stream[Symbol.asyncIterator]()
  return {
    name: path,
    async next(): Promise<Uint8Array | null> {
      try {
        const { done, value } = await chunks.next()
        return done === true ? null : (value as Uint8Array)
      } catch (error) {
        throw new InputError(reasonOf(error))
      }
    },
    close(): void {
      plain.destroy()
      stream.destroy()
    }
  }
}
