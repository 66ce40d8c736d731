/* A tape as short lines, and the books that its rows lead to. */
import { Book } from '../../src/market/book.ts'
import { ROW_FLAG, ROW_KIND, type Tape } from '../../src/market/tape.ts'

/** "tNs-after-34200s kind side price lots id flags" per row, for tapes drawn in a test; `+` = ADDED, `~` = BETWEEN. */
export function rowsOf(tape: Tape): string[] {
  const lines: string[] = []
  for (let row = 0; row < tape.count; row++) {
    const flags = `${(tape.flags[row] & ROW_FLAG.added) === 0 ? '' : '+'}${(tape.flags[row] & ROW_FLAG.between) === 0 ? '' : '~'}`
    const side = tape.side[row] === 1 ? 'bid' : tape.side[row] === -1 ? 'ask' : '-'
    const fields = [
      tape.tNs[row] - 34_200_000_000_000,
      ROW_KIND.names[tape.kind[row]],
      side,
      tape.priceTicks[row],
      tape.lots[row]
    ]
    lines.push(`${fields.join(' ')} #${tape.orderId[row]}${flags === '' ? '' : ` ${flags}`}`)
  }
  return lines
}

export type LevelFact = readonly [side: number, priceTicks: number, lots: number]

/** The best `depth` levels after each recorded row, the rows that the import added counted to it; bids before asks. */
export function booksOf(tape: Tape, depth: number): LevelFact[][] {
  const book = new Book()
  const out = { priceTicks: new Int32Array(depth), lots: new Int32Array(depth) }
  const books: LevelFact[][] = []
  let recorded = 0
  for (let row = 0; row < tape.count; row++) {
    book.apply(tape, row)
    if ((tape.flags[row] & ROW_FLAG.added) === 0) recorded++
    const isLast = row + 1 === tape.count || (tape.flags[row + 1] & ROW_FLAG.added) === 0
    if (recorded === 0 || !isLast) continue
    const levels: LevelFact[] = []
    for (const side of [1, -1]) {
      const count = book.levels(side, depth, out)
      for (let rank = 0; rank < count; rank++) levels.push([side, out.priceTicks[rank], out.lots[rank]])
    }
    books.push(levels)
  }
  return books
}
