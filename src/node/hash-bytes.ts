/* Bytes into a hash, piece by piece: one update takes less than 2 GiB. */
import type { Hash } from 'node:crypto'

const PIECE_BYTES = 1 << 26

export function hashBytes(hash: Hash, { buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): void {
  for (let done = 0; done < byteLength; done += PIECE_BYTES) {
    hash.update(new Uint8Array(buffer, byteOffset + done, Math.min(PIECE_BYTES, byteLength - done)))
  }
}
