/* A tape as tailtax's CSV (formats/csv.ts): `import csv` makes the same tape of it, to the hash. */
import { csvHeadLines } from '../formats/csv-head.ts'
import { formatPrice, ROW_KIND, type Tape } from '../market/tape.ts'
import { writeAtomicallySync } from './atomic-file.ts'

const BLOCK_CHARACTERS = 1 << 18
const SIDES = ['ask', '', 'bid']
const FLAGS = ['', 'added', 'between', 'added+between']

/** Errors: InputError `path: reason`. */
export function exportRows(tape: Tape, outPath: string): void {
  const prices = new Map<number, string>()
  const priceOf = (ticks: number): string => {
    let price = prices.get(ticks)
    if (price === undefined) {
      price = formatPrice(tape.header, ticks)
      prices.set(ticks, price)
    }
    return price
  }
  writeAtomicallySync(outPath, (put) => {
    let block = `${[...csvHeadLines(tape.header), 'tNs,kind,side,price,lots,orderId,flags'].join('\n')}\n`
    for (let row = 0; row < tape.count; row++) {
      block += `${tape.tNs[row]},${ROW_KIND.names[tape.kind[row]]},${SIDES[tape.side[row] + 1]},${priceOf(tape.priceTicks[row])},`
      block += `${tape.lots[row]},${tape.orderId[row]},${FLAGS[tape.flags[row]]}\n`
      if (block.length < BLOCK_CHARACTERS) continue
      put(block)
      block = ''
    }
    put(block)
  })
}
