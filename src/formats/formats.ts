/* Every market-data format that can be imported, by the name of `tailtax import <name>`. A new format is a new line here. */
import { BINANCE } from './binance.ts'
import { BITSTAMP } from './bitstamp.ts'
import { BITSTAMP_LEVELS } from './bitstamp-levels.ts'
import { COINBASE } from './coinbase.ts'
import { CSV } from './csv.ts'
import { DATABENTO_CSV } from './databento-csv.ts'
import { DBN } from './dbn.ts'
import type { Format } from './format.ts'
import { HFTBACKTEST } from './hftbacktest.ts'
import { ITCH_FILE } from './itch.ts'
import { ITCH_PCAP } from './itch-pcap.ts'
import { LOBSTER } from './lobster.ts'
import { TARDIS } from './tardis.ts'

export const FORMATS: readonly Format[] = [
  LOBSTER,
  ITCH_FILE,
  ITCH_PCAP,
  DBN,
  DATABENTO_CSV,
  HFTBACKTEST,
  TARDIS,
  BINANCE,
  COINBASE,
  BITSTAMP,
  BITSTAMP_LEVELS,
  CSV
]

export function findFormat(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name)
}
