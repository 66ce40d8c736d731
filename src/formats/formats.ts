/* Every market-data format that can be imported, by the name of `tailtax import <name>`. A new format is a new line here. */
import { DBN } from './dbn.ts'
import type { Format } from './format.ts'
import { HFTBACKTEST } from './hftbacktest.ts'
import { ITCH_FILE } from './itch.ts'
import { ITCH_PCAP } from './itch-pcap.ts'
import { LOBSTER } from './lobster.ts'

export const FORMATS: readonly Format[] = [LOBSTER, ITCH_FILE, ITCH_PCAP, DBN, HFTBACKTEST]

export function findFormat(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name)
}
