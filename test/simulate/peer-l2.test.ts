/*
 * The peers' strategy "passive-100ms" (bench/peer-strategy.ts) on both engines: on a tape worked by hand, and on the recorded one with its published
 * result where that is beside the project (../shared/golden/peer-l2).
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type PeerResult, runPassive100ms } from '../../bench/peer-strategy.ts'
import { importDepthTrades, type ReceivedTape } from '../../src/formats/depth-trades.ts'
import { type MatchingOptions, PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { openBytes } from '../../src/node/byte-source.ts'
import { chunksOf } from '../formats/byte-chunks.ts'

const RECORDED = fileURLToPath(new URL('../../../shared/golden/peer-l2/btcusdt_20240808.csv.gz', import.meta.url))
const INSTRUMENT = { symbol: 'BTCUSDT', venue: 'test', tickUnits: 1, priceDecimals: 1, lotUnits: 1, lotDecimals: 3 }
const WHOLE: MatchingOptions = { ...PLAIN_MATCHING, fills: 'whole' }

/** [steps, submitted, cancel requests, checksum, fills, position in lots, balance in ticks times lots]. */
function tuplesOf({ tape, receiveNs }: ReceivedTape): number[][] {
  const markets = [new SequentialMarket(tape, WHOLE), new TimelineMarket(buildTimeline(tape), WHOLE)]
  return markets.map((market) => {
    const result: PeerResult = runPassive100ms(market, receiveNs)
    const { stepCount, submittedCount, cancelCount, checksum, fillCount, positionLots, balanceTickLots } = result
    return [stepCount, submittedCount, cancelCount, checksum, fillCount, positionLots, balanceTickLots]
  })
}

/** Rows `ms ev side price lots`; the host hears of each a millisecond later. */
function handTape(rows: string): Promise<ReceivedTape> {
  const lines = rows
    .trim()
    .split('\n')
    .map((line) => {
      const [ms, ev, side, ticks, lots] = line.trim().split(/\s+/)
      const exchangeUs = 1_700_000_000_000_000 + Number(ms) * 1000
      return `${ev},${exchangeUs},${exchangeUs + 1000},${side},${ticks},${lots}`
    })
  return importDepthTrades(
    chunksOf('hand.csv', `ev,exch_ts_us,local_ts_us,side,px_tick,qty_lot\n${lines.join('\n')}\n`),
    INSTRUMENT
  )
}

describe('passive-100ms', () => {
  it('does on a tape worked by hand what the rules say, on both engines', async () => {
    // Step k is at 101 + 100 k ms, its order at the venue 0.25 ms later; even steps buy.
    //   0 buys at 100 behind 2 lots: 2 trade, then 1 more, which fills it at 160.
    //   1 sells at 102; at 250 a trade at 103 is through it.
    //   2 buys at 100, which at 301.1 is no bid any more but the best ask: refused.
    //   3 sells at 100 behind 5 lots: 5 trade at 450, no more. So do 5, 7, 9, 11 behind 5 each; 4, 6, ... buy at 99 and wait.
    //   13 cancels 3 at 1401 and sells, but a trade of 6 at 1401.1 fills 3, 5, 7, 9 and 11 before that is there.
    // 14 steps; bids and asks seen: three times 100 and 102, eleven times 99 and 100. Bought at 100; sold at 102 and five times at 100.
    const received = await handTape(`
      0      4   1  100  2
      0      4   1   99  1
      0      4  -1  102  3
      150    2  -1  100  2
      160    2  -1  100  1
      250    2   1  103  1
      301.1  1   1  100  0
      301.1  1  -1  100  5
      450    2   1  100  5
      1401.1 2   1  100  6
      1450   1   1   99  1`)
    const expected = [14, 14, 1, 732_805_278, 7, 1 - 6, -100 + 102 + 5 * 100]
    expect(tuplesOf(received)).toEqual([expected, expected])
  })

  it('does nothing on an empty tape', async () => {
    const empty = await importDepthTrades(chunksOf('e.csv', 'ev,exch_ts_us,local_ts_us,side,px_tick,qty_lot\n'), INSTRUMENT)
    expect(empty.tape.count).toBe(0)
    expect(tuplesOf(empty)).toEqual([
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0]
    ])
  })

  it.skipIf(!existsSync(RECORDED))(
    'gives the published tuple on the recorded tape (skipped where ../shared is absent)',
    async () => {
      const bytes = openBytes(RECORDED)
      const received = await importDepthTrades(bytes, INSTRUMENT)
      bytes.close()
      // Position 0.048 in lots of 0.001, balance -2967.009 in ticks of 0.1 times lots of 0.001.
      const published = [3448, 3448, 2340, 769_676_293, 1080, 48, -29_670_090]
      expect(tuplesOf(received)).toEqual([published, published])
    },
    60_000
  )
})
