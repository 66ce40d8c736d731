/*
 * Fingerprints of ledgers: XXH128, 32 hex digits. Equal bytes give equal fingerprints on every machine, and different ones differ but for odds of
 * 2^-128: enough to tell whether two runs are one and the same, and fast enough to be taken of every run. Not a seal: whoever wants to
 * forge a ledger can.
 */
import { createXXHash128 } from 'hash-wasm'

// One state for all: made once, since that is asynchronous; every use begins with init and ends with digest.
const state = await createXXHash128()
const encoder = new TextEncoder()

/** The fingerprint of the parts' bytes, one after the other; text as UTF-8, columns as little-endian doubles. */
export function fingerprint(parts: Iterable<string | Float64Array>): string {
  state.init()
  for (const part of parts) {
    state.update(typeof part === 'string' ? encoder.encode(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  }
  return state.digest('hex')
}
