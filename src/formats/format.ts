/*
 * What a market-data format is: a name, what it can and cannot give, and how its files become a tape. formats.ts lists them all;
 * the command line, scenarios and the table of `import --list` are made from that list. Every format writes through OrderTape (order by order)
 * or LevelTape (totals of levels), which keep the tape's rules and count what they had to do to keep them.
 */
import type { Tape } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'

/** What follows a hole in a feed's sequence numbers. keep: nothing. clear: the book is emptied. halt: no match until the feed recovers. */
export const GAP_RULES = ['keep', 'clear', 'halt'] as const
export type GapRule = (typeof GAP_RULES)[number]

/**
 * What follows a locked or crossed book in continuous trading. keep: it stays (and nothing matches while it does, M8). drop: the
 * newer order proves that the older ones it would have met are gone; they are taken out.
 */
export const CROSSED_RULES = ['keep', 'drop'] as const
export type CrossedRule = (typeof CROSSED_RULES)[number]

/** Whose times the tape carries, where a file has both: the venue's, or those of the recorder that received it. */
export const CLOCKS = ['exchange', 'receive'] as const

/** What the user says about a file; all of it may be left out where the file says it. */
export interface ImportOptions {
  /** The instrument to take. Where it is absent and the file has exactly one: that one. */
  readonly symbol?: string
  /** YYYY-MM-DD, local to `zone`: times of the tape count from its midnight. Absent: the date of the first row. */
  readonly date?: string
  /** IANA name. */
  readonly zone?: string
  readonly venue?: string
  /** Smallest price and quantity steps as decimals, "0.01". A price off a given tick is an error. */
  readonly tick?: string
  readonly lot?: string
  /** Bounds of the session, ns since midnight. */
  readonly openNs?: number
  readonly closeNs?: number
  /** Rows to keep, ns since midnight, both inclusive; what rests at `fromNs` becomes the tape's seed. */
  readonly fromNs?: number
  readonly toNs?: number
  /** Added to every time of the file, ns: a clock that is known to be off. */
  readonly clockOffsetNs?: number
  /** Default exchange. */
  readonly clock?: (typeof CLOCKS)[number]
  readonly gapRule?: GapRule
  readonly crossedRule?: CrossedRule
}

export interface Format {
  /** As in `tailtax import <name>`. */
  readonly name: string
  readonly title: string
  /** L3: single orders, so exact queues. L2: totals of levels, so queues by a model. */
  readonly book: 'L3' | 'L2' | 'L3, L2'
  /** The files tell of: trades, executions of hidden orders, holes in the feed. */
  readonly trades: boolean
  readonly hidden: boolean
  readonly gaps: boolean
  /** What it takes, in words: "one file", "messages [orderbook]". */
  readonly files: string
  readonly fileCountMin: number
  readonly fileCountMax: number
  /** The specification it was written from. */
  readonly source: string
  /** Errors: InputError that begins with a file's name and a place in it. */
  read(files: readonly ByteChunks[], options: ImportOptions): Promise<Tape>
}
