/*
 * What has traded by an instant, as a public feed tells it: the lots of executions, hidden ones too, and of prints. Auctions are not counted: they
 * trade outside the continuous book, in one lump. A tape is read once, when it is first asked, and the index kept beside it: 12 bytes a trade.
 */
import { ROW_KIND, type Tape } from './tape.ts'

const KIND = ROW_KIND.of

/** Is a row of this kind a trade of the continuous market? */
export function isTrade(kind: number): boolean {
  return kind === KIND.execute || kind === KIND['execute-hidden'] || kind === KIND.trade
}

interface TradedVolume {
  /** Rows that are trades, upwards; and the lots traded up to and with each. */
  readonly rows: Uint32Array
  readonly lotsAfter: Float64Array
}

const known = new WeakMap<Tape, TradedVolume>()

function indexOf(tape: Tape): TradedVolume {
  const kept = known.get(tape)
  if (kept !== undefined) return kept
  const { kind, lots, count } = tape
  let tradeCount = 0
  for (let row = 0; row < count; row++) if (isTrade(kind[row])) tradeCount++
  const index = { rows: new Uint32Array(tradeCount), lotsAfter: new Float64Array(tradeCount) }
  let trade = 0
  let total = 0
  for (let row = 0; row < count; row++) {
    if (!isTrade(kind[row])) continue
    total += lots[row]
    index.rows[trade] = row
    index.lotsAfter[trade++] = total
  }
  known.set(tape, index)
  return index
}

/** Reads what has traded at rows that never go back. */
export class TradedCursor {
  private readonly index: TradedVolume
  /** Trades at or before the last row. */
  private count = 0

  constructor(tape: Tape) {
    this.index = indexOf(tape)
  }

  /** Lots traded up to and with `row`. */
  lotsAt(row: number): number {
    const { rows, lotsAfter } = this.index
    // In steps that double from where the cursor stands, then by halves.
    let step = 1
    while (this.count + step <= rows.length && rows[this.count + step - 1] <= row) {
      this.count += step
      step *= 2
    }
    for (; step >= 1; step = step >> 1) {
      if (this.count + step <= rows.length && rows[this.count + step - 1] <= row) this.count += step
    }
    return this.count === 0 ? 0 : lotsAfter[this.count - 1]
  }
}

/** Lots that traded in each of `binCount` bins of `binNs` from `startNs`; a trade at a bin's first instant is in it. */
export function tradedByBin(tape: Tape, startNs: number, binNs: number, binCount: number): Float64Array {
  const { kind, lots, tNs, count } = tape
  const bins = new Float64Array(binCount)
  for (let row = 0; row < count; row++) {
    const bin = Math.floor((tNs[row] - startNs) / binNs)
    if (bin >= 0 && bin < binCount && isTrade(kind[row])) bins[bin] += lots[row]
  }
  return bins
}
