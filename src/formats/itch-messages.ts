/*
 * NASDAQ TotalView-ITCH 5.0 messages (Nasdaq, "TotalView-ITCH 5.0" specification): type, stock locate, tracking number and a 48-bit
 * time in ns since midnight, then fields at fixed places, big-endian. Lengths by type, as Nasdaq publishes them.
 */

/** Bytes of a message by its type's letter. */
const LENGTHS: Readonly<Record<string, number>> = {
  S: 12,
  R: 39,
  H: 25,
  Y: 20,
  L: 26,
  V: 35,
  W: 12,
  K: 28,
  J: 35,
  h: 21,
  A: 36,
  F: 40,
  E: 31,
  C: 36,
  X: 23,
  D: 19,
  U: 35,
  P: 44,
  Q: 40,
  B: 19,
  I: 50,
  N: 20,
  O: 48
}

/** Bytes by the type's code; 0 = there is no such type. */
export const ITCH_LENGTH = Uint8Array.from({ length: 256 }, (_, code) => LENGTHS[String.fromCharCode(code)] ?? 0)

/** The longest message of a version that adds fields behind ours. */
export const ITCH_BYTES_MAX = 256

/** Codes of the letters. */
export const ITCH = {
  systemEvent: 83,
  directory: 82,
  tradingAction: 72,
  operationalHalt: 104,
  add: 65,
  addAttributed: 70,
  execute: 69,
  executeAtPrice: 67,
  cancel: 88,
  delete: 68,
  replace: 85,
  trade: 80,
  cross: 81,
  brokenTrade: 66
} as const

/** Eight letters, padded with blanks, at `at`. */
export function itchSymbol(bytes: Uint8Array, at: number): string {
  let symbol = ''
  for (let index = at; index < at + 8; index++) {
    const code = bytes[index]
    if (code === 32) break
    symbol += code > 32 && code < 127 ? String.fromCharCode(code) : '?'
  }
  return symbol
}
