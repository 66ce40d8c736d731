/* How every format gets its bytes: never a whole file. */

/** The bytes of one named file, in order; null is the end. An InputError of `next` says what and what to do, not where. */
export interface ByteChunks {
  readonly name: string
  next(): Promise<Uint8Array | null>
}
