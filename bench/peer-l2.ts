/*
 * The peers' strategy on a recorded tape by price: `npm run bench:peer-l2 -- <tape.csv[.gz]>`. Runs it on the sequential oracle and on the timeline,
 * which must agree, and prints [steps, submitted, cancel requests, checksum, fills, position, balance] as JSON on stdout and nothing else
 * there; on stderr, as JSON, rows per second of CPU time of both and their ratio. The tape is BTCUSDT's: ticks of 0.1, lots of 0.001.
 */
import {
  buildTimeline,
  InputError,
  importDepthTrades,
  type MatchingOptions,
  PLAIN_MATCHING,
  SequentialMarket,
  TimelineMarket
} from '../src/index.ts'
import { openBytes } from '../src/node/byte-source.ts'
import { cpuMs } from './meter.ts'
import { type PeerResult, runPassive100ms } from './peer-strategy.ts'

const INSTRUMENT = { symbol: 'BTCUSDT', venue: 'binance', tickUnits: 1, priceDecimals: 1, lotUnits: 1, lotDecimals: 3 }
const TICKS_PER_UNIT = 10
const LOTS_PER_UNIT = 1000
/** Orders fill whole, each by itself; the queue ahead shrinks by trades and by the level's total only. */
const MATCHING: MatchingOptions = { ...PLAIN_MATCHING, queue: { model: 'risk-averse' }, fills: 'whole' }
/** Every engine is run until it has used this much CPU time, the first run apart: that one compiles. */
const MEASURED_MS = 1500

function tupleOf(result: PeerResult): string {
  const { stepCount, submittedCount, cancelCount, checksum, fillCount, positionLots, balanceTickLots } = result
  const position = positionLots / LOTS_PER_UNIT
  const balance = balanceTickLots / (TICKS_PER_UNIT * LOTS_PER_UNIT)
  return JSON.stringify([stepCount, submittedCount, cancelCount, checksum, fillCount, position, balance])
}

/** CPU time of one run in ms, the median of runs that take MEASURED_MS or more together; and what every run said. */
function measure(run: () => PeerResult): { readonly ms: number; readonly tuple: string } {
  const tuple = tupleOf(run())
  const times: number[] = []
  globalThis.gc?.()
  for (let spent = 0; spent < MEASURED_MS || times.length < 3; ) {
    const fromMs = cpuMs()
    const again = tupleOf(run())
    const ms = cpuMs() - fromMs
    if (again !== tuple) throw new Error(`two runs differ: ${tuple} and ${again}`)
    times.push(ms)
    spent += ms
  }
  times.sort((a, b) => a - b)
  return { ms: times[times.length >> 1], tuple }
}

async function main(path: string | undefined): Promise<void> {
  if (path === undefined) throw new InputError('which tape? npm run bench:peer-l2 -- <tape.csv or tape.csv.gz>')
  const fromMs = cpuMs()
  const { tape, receiveNs } = await importDepthTrades(openBytes(path), INSTRUMENT)
  const importMs = cpuMs() - fromMs
  if (tape.header.notes.heardEarly > 0)
    throw new InputError(`${path}: rows were heard of before the venue had them; correct the clocks' offset first`)
  const buildFromMs = cpuMs()
  const timeline = buildTimeline(tape)
  const buildMs = cpuMs() - buildFromMs
  const sequential = measure(() => runPassive100ms(new SequentialMarket(tape, MATCHING), receiveNs))
  const indexed = measure(() => runPassive100ms(new TimelineMarket(timeline, MATCHING), receiveNs))
  if (sequential.tuple !== indexed.tuple) throw new Error(`sequential ${sequential.tuple}, timeline ${indexed.tuple}`)
  process.stdout.write(`${indexed.tuple}\n`)
  const rowsPerSecond = (ms: number): number => Math.round((tape.count * 1000) / ms)
  const figures = {
    rows: tape.count,
    importRowsPerSecond: rowsPerSecond(importMs),
    indexRowsPerSecond: rowsPerSecond(buildMs),
    sequentialRowsPerSecond: rowsPerSecond(sequential.ms),
    timelineRowsPerSecond: rowsPerSecond(indexed.ms),
    timelineOverSequential: Number((sequential.ms / indexed.ms).toFixed(1))
  }
  process.stderr.write(`${JSON.stringify(figures)}\n`)
}

try {
  await main(process.argv[2])
} catch (error) {
  if (!(error instanceof InputError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
