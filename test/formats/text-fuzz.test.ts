/* The rig of fuzz.ts on every text format. A file of lines may end at any line's end. */
import { BINANCE } from '../../src/formats/binance.ts'
import { BITSTAMP } from '../../src/formats/bitstamp.ts'
import { BITSTAMP_LEVELS } from '../../src/formats/bitstamp-levels.ts'
import { COINBASE } from '../../src/formats/coinbase.ts'
import { CSV } from '../../src/formats/csv.ts'
import { DATABENTO_CSV } from '../../src/formats/databento-csv.ts'
import type { Format, ImportOptions } from '../../src/formats/format.ts'
import { TARDIS } from '../../src/formats/tardis.ts'
import { fuzzFormat } from './fuzz.ts'
import * as SAMPLES from './text-samples.ts'

function fuzz(format: Format, texts: readonly string[], options: ImportOptions = {}): void {
  const files = texts.map((text, index) => ({ name: `file${index}.txt`, bytes: new TextEncoder().encode(text) }))
  fuzzFormat({ format, files, options, cutMayBeWhole: true })
}

fuzz(DATABENTO_CSV, [SAMPLES.MBO_CSV])
fuzz(DATABENTO_CSV, [SAMPLES.MBP_CSV])
fuzz(TARDIS, [SAMPLES.TARDIS_BOOK, SAMPLES.TARDIS_TRADES], { symbol: 'BTCUSDT' })
fuzz(BINANCE, [SAMPLES.BINANCE_SPOT])
fuzz(COINBASE, [SAMPLES.COINBASE], { symbol: 'A-B' })
fuzz(BITSTAMP_LEVELS, [SAMPLES.BITSTAMP_LEVELS, SAMPLES.BITSTAMP_ANSWERS], { symbol: 'ethusd' })
fuzz(BITSTAMP, [SAMPLES.BITSTAMP_LOG])
fuzz(BITSTAMP, [SAMPLES.BITSTAMP_TABLE])
fuzz(CSV, [SAMPLES.TAPE_CSV])
