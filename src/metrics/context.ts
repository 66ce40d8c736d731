/*
 * What a ledger does not say by itself: the markets' names and price scales, and the span of the run that rates and
 * time-weighted means refer to.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { type TapeHeader, tickValue } from '../market/tape.ts'

export interface LedgerContext {
  /** One per venue, in the order of the ledger's venue numbers. */
  readonly headers: readonly TapeHeader[]
  /** The venues' names, in that order; absent: as the headers say. */
  readonly venueNames?: readonly string[]
  /** Names of the sessions, in the order of the ledger's session numbers. */
  readonly sessionNames?: readonly string[]
}

/** From the first parent's start to the end of the last one (its horizon, or later when it was done later), ns. */
export interface Span {
  readonly startNs: number
  readonly endNs: number
}

export function runSpan(ledger: Ledger): Span {
  const { startNs, endNs, doneNs } = ledger.parents.col
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let row = 0; row < ledger.parents.count; row++) {
    if (startNs[row] < first) first = startNs[row]
    if (endNs[row] > last) last = endNs[row]
    if (doneNs[row] > last) last = doneNs[row]
  }
  return first <= last ? { startNs: first, endNs: last } : { startNs: 0, endNs: 0 }
}

export function venueName(context: LedgerContext, venue: number): string {
  const given = context.venueNames?.[venue]
  if (given !== undefined) return given
  const name = context.headers[venue]?.venue
  const shared = context.headers.filter((header) => header.venue === name).length > 1
  return name === undefined || name === '' || shared ? `venue ${venue}` : name
}

export function sessionName(context: LedgerContext, session: number): string {
  return context.sessionNames?.[session] ?? `session ${session}`
}

/** Currency per half tick and lot; 1 where the venue has no header. */
export function halfTickValue(context: LedgerContext, venue: number): number {
  const header = context.headers[venue]
  return header === undefined ? 1 : tickValue(header) / 2
}

/** Row of each id in a table whose ids are unique. */
export function rowsById(ids: Float64Array, count: number): Map<number, number> {
  const rows = new Map<number, number>()
  for (let row = 0; row < count; row++) rows.set(ids[row], row)
  return rows
}

/** Rows of each key, in order. */
export function rowsByKey(keys: Float64Array, count: number): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  for (let row = 0; row < count; row++) {
    const known = rows.get(keys[row])
    if (known === undefined) rows.set(keys[row], [row])
    else known.push(row)
  }
  return rows
}

/** Names made once per key: a run has as many messages as it has few groups. */
export class NameCache {
  private readonly names = new Map<number, string>()
  private readonly make: (key: number) => string

  constructor(make: (key: number) => string) {
    this.make = make
  }

  name(key: number): string {
    let name = this.names.get(key)
    if (name === undefined) {
      name = this.make(key)
      this.names.set(key, name)
    }
    return name
  }
}
