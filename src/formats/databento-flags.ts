/* Bits of a Databento record's `flags` (Standards and conventions; dbn's flags module), and its undefined values. */
export const DATABENTO_FLAG = {
  last: 128,
  topOfBook: 64,
  snapshot: 32,
  mbp: 16,
  badReceiveTime: 8,
  maybeBadBook: 4
} as const
