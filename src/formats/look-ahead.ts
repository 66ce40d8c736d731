/* A file whose first megabytes are looked at before its reader gets them: does a word occur there? */
import type { ByteChunks } from './byte-chunks.ts'

/** Held in memory at most, and one chunk. */
const BYTES_MAX = 1 << 23

/** The same file, and whether the word (of plain letters) is in its first 8 MiB. */
export async function lookAhead(
  source: ByteChunks,
  word: string
): Promise<{ readonly source: ByteChunks; readonly isThere: boolean }> {
  const letters = Uint8Array.from(word, (letter) => letter.charCodeAt(0))
  const held: Uint8Array[] = []
  let byteCount = 0
  let isThere = false
  let before = new Uint8Array(0)
  while (!isThere && byteCount < BYTES_MAX) {
    const chunk = await source.next()
    if (chunk === null) break
    held.push(chunk)
    byteCount += chunk.length
    // The word may lie across two chunks, or more where they are short.
    const seam = joined(before, chunk.subarray(0, letters.length - 1))
    isThere = holds(seam, letters) || holds(chunk, letters)
    before = joined(before, chunk)
    before = before.subarray(Math.max(0, before.length - letters.length + 1)).slice()
  }
  let at = 0
  return {
    isThere,
    source: { name: source.name, next: () => (at < held.length ? Promise.resolve(take(held, at++)) : source.next()) }
  }
}

/** Gives a held chunk and lets go of it. */
function take(held: Uint8Array[], at: number): Uint8Array {
  const chunk = held[at]
  held[at] = new Uint8Array(0)
  return chunk
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

function holds(bytes: Uint8Array, letters: Uint8Array): boolean {
  const [first] = letters
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1
    while (length < letters.length && bytes[at + length] === letters[length]) length++
    if (length === letters.length) return true
  }
  return false
}
