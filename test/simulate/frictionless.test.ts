/*
 * Without any friction a parent pays what a person works out with a pencil: on tapes of ten rows, for both implementations of a market,
 * buying as written and selling in the mirror (price p becomes 200 - p, so that the mid of 100 and with it every figure stays).
 */
import { describe, expect, it } from 'vitest'
import { parentResults, UNPRICED } from '../../src/metrics/shortfall.ts'
import { FILL_CAUSE, LIQUIDITY } from '../../src/order/words.ts'
import { simulate } from '../../src/simulate.ts'
import { TEST_HEADER } from '../market/random-tape.ts'
import type { HandTape } from './hand-tapes/hand-tape.ts'
import { restingTapes } from './hand-tapes/resting.ts'
import { takingTapes } from './hand-tapes/taking.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, parent, world } from './worlds.ts'

const MIRROR = 200
const WHY_UNPRICED = new Map<number, string>([
  [UNPRICED.noDecisionMid, 'no decision mid'],
  [UNPRICED.noEndMark, 'no end mark']
])

const TAPES = [...takingTapes, ...restingTapes]

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
}

/** The rows with sides turned and prices mirrored. */
function mirrored(rows: string): string {
  const turned = linesOf(rows).map((line) => {
    const [time, kind, side, price, lots, id, flag] = line.split(' ')
    if (side === undefined) return line
    // Strictly between x and x + 1 is, mirrored, strictly between 200 - x - 1 and 200 - x.
    const pivot = flag === 'between' ? MIRROR - 1 : MIRROR
    return [time, kind, side === 'bid' ? 'ask' : 'bid', pivot - Number(price), lots, id, flag ?? ''].join(' ')
  })
  return turned.join('\n')
}

/** Runs the tape; what comes back is in the words of the tape as written. */
function play(tape: HandTape, market: keyof typeof MARKETS, isMirrored: boolean) {
  const priceOf = (ticks: number): number => (isMirrored ? MIRROR - ticks : ticks)
  const parents = linesOf(tape.parents).map((line) => {
    const [name, side, lots, startNs, endNs, limit] = line.split(' ')
    return parent({
      parentId: name.charCodeAt(0) - 65,
      side: (side === 'buy') === isMirrored ? -1 : 1,
      quantityLots: Number(lots),
      startNs: Number(startNs),
      endNs: Number(endNs),
      limitTicks: limit === undefined ? Number.NaN : priceOf(Number(limit))
    })
  })
  const drawn = drawTape(isMirrored ? mirrored(tape.rows) : tape.rows)
  const run = simulate(world({ markets: [MARKETS[market](drawn)], parents, execution: tape.execution }))
  const { fills, parents: rows } = run.ledger
  const nameOf = (parentId: number): string => String.fromCharCode(65 + parentId)
  const results = parentResults(run.ledger, { headers: [TEST_HEADER] })
  return {
    decisionMids: Array.from(rows.col.decisionMidHalfTicks.subarray(0, rows.count), (mid) => priceOf(mid / 2)),
    endMarks: Array.from(rows.col.endMidHalfTicks.subarray(0, rows.count), (mid) =>
      Number.isNaN(mid) ? null : priceOf(mid / 2)
    ),
    fills: Array.from({ length: fills.count }, (_, row) => {
      const { col } = fills
      const what = `${col.lots[row]}@${priceOf(col.priceTicks[row])}`
      return `${nameOf(col.parentId[row])} ${col.fillNs[row]} ${what} ${LIQUIDITY.names[col.liquidity[row]]} ${FILL_CAUSE.names[col.cause[row]]}`
    }),
    bps: Object.fromEntries(
      Array.from({ length: results.count }, (_, row) => [
        nameOf(results.parentId[row]),
        WHY_UNPRICED.get(results.unpriced[row]) ?? results.shortfallBps[row]
      ])
    ),
    faults: faultsOf(run)
  }
}

describe('without friction a parent pays what the tape says by hand', () => {
  it('on at least twelve tapes of about ten rows', () => {
    expect(TAPES.length).toBeGreaterThanOrEqual(12)
    for (const { rows, title } of TAPES) expect([10, 11], title).toContain(linesOf(rows).length)
  })

  for (const tape of TAPES) {
    it(tape.title, () => {
      const parentCount = linesOf(tape.parents).length
      const isPriced = !Object.values(tape.bps).includes('no decision mid')
      for (const market of ['timeline', 'sequential'] as const) {
        for (const isMirrored of [false, true]) {
          expect(play(tape, market, isMirrored), `${market}, ${isMirrored ? 'selling' : 'buying'}`).toEqual({
            decisionMids: Array(parentCount).fill(isPriced ? 100 : Number.NaN),
            endMarks: Array(parentCount).fill(tape.endMark),
            fills: linesOf(tape.fills),
            bps: tape.bps,
            faults: []
          })
        }
      }
    })
  }
})
