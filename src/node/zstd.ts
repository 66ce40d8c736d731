/*
 * zstd as a stream, by libzstd 1.5.7 (zstddec, WebAssembly): checksums are verified, windows of up to 128 MiB are held. The decoder gives empty
 * pieces for ever once the data is wrong; more than a few in a row are the error.
 */
import { ZSTDDecoder } from 'zstddec/stream'
import { InputError } from '../kernel/assert.ts'

/** A good stream gives at most one for each piece that it is given. */
const EMPTY_MAX = 8

/** The unpacked chunks. Errors: InputError that says what is wrong, without the place. */
export async function* unpackZstd(packed: () => Uint8Array | null): AsyncGenerator<Uint8Array, undefined> {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  let emptyCount = 0
  function* pieces(): Generator<Uint8Array> {
    for (let piece = packed(); piece !== null; piece = packed()) {
      emptyCount = 0
      yield piece
    }
  }
  const unpacked = decoder.decodeStreaming(pieces())
  for (;;) {
    let step: IteratorResult<Uint8Array>
    try {
      step = unpacked.next()
    } catch (error) {
      if (error instanceof Error && /^Incomplete stream/.test(error.message))
        throw new InputError('the zstd data is cut off; fetch the file again')
      throw error
    }
    if (step.done === true) return undefined
    if (step.value.length > 0) {
      emptyCount = 0
      yield step.value
    } else if (++emptyCount > EMPTY_MAX)
      throw new InputError('the zstd data is damaged, or needs a window of more than 128 MiB; fetch the file again or unpack it')
  }
}
