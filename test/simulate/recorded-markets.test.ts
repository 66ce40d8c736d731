/*
 * Recorded markets of every format in ../shared/data (not part of the project): random worlds on the timeline and on the sequential oracle write
 * the same ledger, under every queue model where the book is known by price only.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../src/formats/format.ts'
import { type MatchingOptions, PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { ROW_KIND, type Tape } from '../../src/market/tape.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { formatOf, importFiles } from '../../src/node/market-import.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import { simulate, type World } from '../../src/simulate.ts'
import { Draws, randomControl, randomExecution, randomPath } from './random-world.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const HAVE_DATA = existsSync(DATA)
const SKIPPED = HAVE_DATA ? '' : ' (skipped: ../shared/data is absent)'
const MINUTE_NS = 60_000_000_000
const SEEDS = [1, 2, 3, 4]

interface RecordedMarket {
  readonly format: string
  readonly files: readonly string[]
  readonly options?: ImportOptions
  /** Orders made up without regard to a book: it is crossed throughout, and nothing matches (M8). */
  readonly crossed?: boolean
}

const LOBSTER_DAY = 'lobster/AMZN_2012-06-21_34200000_57600000'
const MARKETS: readonly RecordedMarket[] = [
  { format: 'lobster', files: [`${LOBSTER_DAY}_message_1.csv.gz`, `${LOBSTER_DAY}_orderbook_1.csv.gz`] },
  { format: 'lobster', files: ['lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz'] },
  { format: 'itch', files: ['itch_binary/SYNTHETIC_ex20101224.TEST_ITCH_50.gz'], options: { symbol: 'BOB' }, crossed: true },
  { format: 'dbn', files: ['databento_dbn/orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst'] },
  { format: 'databento-csv', files: ['databento_mbo_csv/ARL_mbo_first_part.csv.gz'] },
  { format: 'databento-csv', files: ['databento_mbo_csv/ARL_mbp10_first_part.csv.gz'] },
  { format: 'binance', files: ['binance_l2/usdm_btcusdt_20240808.gz'] },
  { format: 'binance', files: ['binance_l2/spot_btcusdt_20240808.gz'] },
  { format: 'binance', files: ['binance_l2/cm_btcusd_perp_20240808.gz'] },
  { format: 'coinbase', files: ['crypto_ws/COINBASE.ws.28.0.gz'], options: { symbol: 'SKL-USD' } },
  { format: 'bitstamp', files: ['bitstamp_l3/2015-05-01_first_60pct.log.gz'] },
  { format: 'bitstamp-l2', files: ['crypto_ws/BITSTAMP.ws.1.0.gz'], options: { symbol: 'ethusd' } }
]

const MODELS: readonly MatchingOptions['queue'][] = [
  { model: 'risk-averse' },
  { model: 'proportional' },
  { model: 'power', exponent: 3, form: 1 },
  { model: 'log', unitLots: 100, form: 2 }
]

const MOVES_LOTS: ReadonlySet<number> = new Set([
  ROW_KIND.of.add,
  ROW_KIND.of.execute,
  ROW_KIND.of.trade,
  ROW_KIND.of['level-set']
])

/** The size of what is usual in a tape: parents of so many lots meet queues of their own kind. */
function usualLots({ count, kind, lots }: Tape): number {
  const sizes: number[] = []
  for (let row = 0; row < count; row++) if (MOVES_LOTS.has(kind[row]) && lots[row] > 0) sizes.push(lots[row])
  return sizes.sort((a, b) => a - b)[sizes.length >> 1]
}

/** A world in some minutes of the tape. */
function worldIn(tape: Tape, seed: number): Omit<World, 'markets'> {
  const draws = new Draws(seed, `recorded-${tape.header.symbol}`)
  const openNs = Math.max(tape.tNs[0], tape.header.openNs)
  const closeNs = tape.tNs[tape.count - 1]
  const spanNs = Math.min(5 * MINUTE_NS, closeNs - openNs)
  const usual = usualLots(tape)
  const parents = Array.from({ length: 6 }, (_, parentId): ParentOrder => {
    const startNs = openNs + Math.floor((draws.below(1000) / 1000) * (closeNs - openNs - spanNs / 2))
    return {
      parentId,
      venue: 0,
      side: draws.of(1, -1),
      quantityLots: usual * (1 + draws.below(20)),
      startNs,
      endNs: startNs + Math.ceil(spanNs * draws.of(0.2, 0.5)),
      limitTicks: Number.NaN
    }
  }).sort((a, b) => a.startNs - b.startNs)
  return {
    seed,
    parents: parents.map((parent, parentId) => ({ ...parent, parentId })),
    path: randomPath(draws, spanNs),
    execution: { ...randomExecution(draws, spanNs), childLotsMax: usual * draws.of(1, 2, 5) },
    control: randomControl(draws, spanNs),
    eventCountMax: 5_000_000
  }
}

describe.skipIf(!HAVE_DATA)(`timeline and sequential oracle write the same ledger on recorded markets${SKIPPED}`, () => {
  it.each(MARKETS)(
    '$format: $files',
    async ({ format, files, options = {}, crossed = false }) => {
      const tape = await importFiles(
        formatOf(format),
        files.map((file) => join(DATA, file)),
        options
      )
      const timeline = buildTimeline(tape)
      let attemptCount = 0
      let fillCount = 0
      for (const seed of SEEDS) {
        const world = worldIn(tape, seed)
        const matching: MatchingOptions = {
          ...PLAIN_MATCHING,
          queue: MODELS[seed % MODELS.length],
          fills: seed % 2 === 0 ? 'whole' : 'partial'
        }
        const indexed = simulate({ ...world, markets: [new TimelineMarket(timeline, matching)] })
        const replayed = simulate({ ...world, markets: [new SequentialMarket(tape, matching)] })
        for (const [name, table] of Object.entries(indexed.ledger)) {
          expect(table.hash(), `${name}, seed ${seed}`).toBe(replayed.ledger[name as keyof typeof indexed.ledger].hash())
        }
        expect(indexed.ledgerHash).toBe(replayed.ledgerHash)
        attemptCount += indexed.ledger.attempts.count
        fillCount += indexed.ledger.fills.count
      }
      // The worlds do something.
      expect(attemptCount).toBeGreaterThan(0)
      expect(fillCount > 0).toBe(!crossed)
    },
    120_000
  )
})
