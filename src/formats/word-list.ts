/*
 * A closed list of short words, found by their bytes without making text: open addressing on a hash of its length and three of
 * its bytes, then compared byte for byte.
 */
export class WordList {
  readonly words: readonly string[]
  private readonly encoded: readonly Uint8Array[]
  private readonly slots: Int32Array
  private readonly mask: number

  constructor(words: readonly string[]) {
    this.words = words
    this.encoded = words.map((word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0)))
    let size = 8
    while (size < 4 * words.length) size *= 2
    this.mask = size - 1
    this.slots = new Int32Array(size).fill(-1)
    for (const [index, bytes] of this.encoded.entries()) {
      let slot = hashOf(bytes, 0, bytes.length) & this.mask
      while (this.slots[slot] >= 0) slot = (slot + 1) & this.mask
      this.slots[slot] = index
    }
  }

  /** The place in the list of the word in bytes[from, end); -1 when it is none of them. */
  find(bytes: Uint8Array, from: number, end: number): number {
    const { slots, mask, encoded } = this
    for (let slot = hashOf(bytes, from, end) & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      const word = encoded[slots[slot]]
      if (word.length !== end - from) continue
      let at = 0
      while (at < word.length && word[at] === bytes[from + at]) at++
      if (at === word.length) return slots[slot]
    }
    return -1
  }
}

function hashOf(bytes: Uint8Array, from: number, end: number): number {
  const length = end - from
  if (length === 0) return 0
  const hash = Math.imul((bytes[from] << 16) ^ (bytes[from + (length >> 1)] << 8) ^ bytes[end - 1] ^ length, 0x9e3779b1)
  return (hash >>> 16) ^ hash
}
