/*
 * A trading day of about ten rows with what every parent should pay, worked out by hand. In all of them the mid at the decision is 100, so a
 * parent of Q lots pays 100 / Q bps for every lot and tick above it: 10 bps where Q is 10, the usual mandate.
 */
import type { ExecutionOptions } from '../../../src/policy/options.ts'
import { PLAIN_TAKE } from '../worlds.ts'

export interface HandTape {
  /** What happens, in words. */
  readonly title: string
  readonly execution: ExecutionOptions
  /** `name side lots start end [limit]`, one a line. */
  readonly parents: string
  /** Rows as drawTape takes them. */
  readonly rows: string
  /** `parent time lots@price liquidity cause`, in the order of the ledger. */
  readonly fills: string
  /** Mid at the end of the parents; null = a side is empty. */
  readonly endMark: number | null
  /** Shortfall of each parent in bps; or why it has none. The sums stand beside the tape. */
  readonly bps: Readonly<Record<string, number | 'no decision mid' | 'no end mark'>>
}

/** One order at the touch, no farther. */
export const TAKE = PLAIN_TAKE

/** One order that rests where it was put. */
export const REST: ExecutionOptions = { ...PLAIN_TAKE, tactic: 'join' }

export const ONE_PARENT = 'A buy 10 100 1100'
