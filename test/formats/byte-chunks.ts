/* Text or bytes as a file that comes in chunks of any size. */
import type { ByteChunks } from '../../src/formats/byte-chunks.ts'

export const MESSAGES = 'ABC_2020-01-02_34200000_57600000_message_1.csv'

export function chunksOf(name: string, content: string | Uint8Array, chunkBytes = 1 << 16): ByteChunks {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  let at = 0
  return {
    name,
    next(): Promise<Uint8Array | null> {
      if (at >= bytes.length) return Promise.resolve(null)
      at += chunkBytes
      return Promise.resolve(bytes.slice(at - chunkBytes, at))
    }
  }
}
