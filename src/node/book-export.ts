/*
 * The rebuilt book as CSV: one line after every recorded row. Rows that an import added count to the recorded row before
 * them (rule T4); the seed, before the first recorded row, gives no line. Prices and sizes are decimals; an empty level is empty cells.
 */
import { InputError } from '../kernel/assert.ts'
import { Book } from '../market/book.ts'
import { formatPrice, ROW_FLAG, type Tape } from '../market/tape.ts'
import { writeAtomicallySync } from './atomic-file.ts'

const DEPTH_MAX = 10_000
const BLOCK_CHARACTERS = 1 << 18

/** Writes `row,tNs,bidPrice1,bidSize1,askPrice1,askSize1,…` for the best `depth` levels; gives the number of lines below the head. */
export function exportBook(tape: Tape, depth: number, outPath: string): number {
  if (!Number.isInteger(depth) || depth < 1 || depth > DEPTH_MAX) {
    throw new InputError(`depth: ${depth} is not a number of levels; give 1 to ${DEPTH_MAX}`)
  }
  const book = new Book()
  const bids = { priceTicks: new Int32Array(depth), lots: new Int32Array(depth) }
  const asks = { priceTicks: new Int32Array(depth), lots: new Int32Array(depth) }
  const prices = new Map<number, string>()
  const sizeHeader = { ...tape.header, tickUnits: tape.header.lotUnits, priceDecimals: tape.header.lotDecimals }

  const cells = (levels: typeof bids, rank: number): string => {
    const ticks = levels.priceTicks[rank]
    let price = prices.get(ticks)
    if (price === undefined) {
      price = `,${formatPrice(tape.header, ticks)},`
      prices.set(ticks, price)
    }
    return price + formatPrice(sizeHeader, levels.lots[rank])
  }

  let recorded = 0
  writeAtomicallySync(outPath, (put) => {
    let block = 'row,tNs'
    for (let level = 1; level <= depth; level++) block += `,bidPrice${level},bidSize${level},askPrice${level},askSize${level}`
    block += '\n'
    let recordedRow = -1
    for (let row = 0; row < tape.count; row++) {
      book.apply(tape, row)
      if ((tape.flags[row] & ROW_FLAG.added) === 0) recordedRow = row
      const lastOfGroup = row + 1 === tape.count || (tape.flags[row + 1] & ROW_FLAG.added) === 0
      if (recordedRow < 0 || !lastOfGroup) continue
      const bidCount = book.levels(1, depth, bids)
      const askCount = book.levels(-1, depth, asks)
      block += `${recorded++},${tape.tNs[recordedRow]}`
      for (let rank = 0; rank < depth; rank++) {
        block += rank < bidCount ? cells(bids, rank) : ',,'
        block += rank < askCount ? cells(asks, rank) : ',,'
      }
      block += '\n'
      if (block.length >= BLOCK_CHARACTERS) {
        put(block)
        block = ''
      }
    }
    put(block)
  })
  return recorded
}
