/*
 * The same worlds on a short tape and on one that is longer outside their windows: in-window rows are equal, and so are the ledgers but for the
 * row numbers. What is measured is what the other rows cost.
 */
import { strict as assert } from 'node:assert'
import { hashLedger } from '../src/ledger/ledger.ts'
import type { Timeline } from '../src/market/timeline.ts'
import { TimelineMarket } from '../src/market/timeline-market.ts'
import type { ReadyScenario } from '../src/node/worlds.ts'
import type { Line } from './line.ts'
import type { LongTape } from './long-tape.ts'
import { time } from './meter.ts'
import { hashesOf, type MakeWorld, runAll } from './world-runs.ts'

/** Enough for a ratio. */
const SEEDS = [1, 2, 3]
const TURNS = 3
const RATIO_MAX = 1.3

export function measureLongWorlds(short: ReadyScenario, long: Pick<LongTape, 'firstRow'>, longTimeline: Timeline): Line {
  const [{ tape, timeline }] = short.venues
  const onShort: MakeWorld = (policy, seed) => ({ ...short.world(policy, seed), markets: [new TimelineMarket(timeline)] })
  const onLong: MakeWorld = (policy, seed) => ({ ...short.world(policy, seed), markets: [new TimelineMarket(longTimeline)] })
  const expected = hashesOf(runAll(onShort, SEEDS))
  const moved = runAll(onLong, SEEDS, ({ ledger, eventCount }) => {
    const { tapeRow } = ledger.fills.col
    for (let row = 0; row < ledger.fills.count; row++) tapeRow[row] -= long.firstRow
    return { ledgerHash: hashLedger(ledger), eventCount }
  })
  assert.equal(hashesOf(moved), expected, 'rows outside the windows change no ledger')
  // In turns, so that both meet the same machine.
  const ratios: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const shortMs = time('short tape', () => runAll(onShort, SEEDS), 1, 0).medianMs
    ratios.push(time('long tape', () => runAll(onLong, SEEDS), 1, 0).medianMs / shortMs)
  }
  const ratio = ratios.sort((a, b) => a - b)[1]
  return {
    what: `the same worlds on ${longTimeline.tape.count} rows instead of ${tape.count}, same ledgers`,
    figure: '',
    spread: `${ratios[0].toFixed(2)} to ${ratios[2].toFixed(2)}`,
    ratio: `${ratio.toFixed(2)} x short`,
    target: { text: '<= 1.3 x', met: ratio <= RATIO_MAX }
  }
}
