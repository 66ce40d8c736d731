/*
 * What a Databento dataset's name says of its venue's day: the first four letters are the venue's code (Databento, "Venues and datasets").
 * US equities trade from 09:30 to 16:00 New York time in cents; for others the session is what was recorded and the tick what the prices say.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'

const US_EQUITIES = /^(XNAS|XNYS|XASE|ARCX|XCHI|XCIS|XBOS|XPSX|BATS|BATY|EDGA|EDGX|IEXG|EPRL|MEMX|DBEQ|EQUS|XNMS|ASPN|ASMT)\b/
const ZONES: readonly (readonly [RegExp, string])[] = [
  [US_EQUITIES, 'America/New_York'],
  [/^(OPRA|IFUS|NDEX\.US)\b/, 'America/New_York'],
  [/^(GLBX|XCBF)\b/, 'America/Chicago'],
  [/^(IFEU|IFLL)\b/, 'Europe/London'],
  [/^(XEUR|XEEE)\b/, 'Europe/Berlin'],
  [/^NDEX\b/, 'Europe/Amsterdam']
]

const OPEN_NS = 9.5 * 3600 * NS_PER_SECOND
const CLOSE_NS = 16 * 3600 * NS_PER_SECOND

/** Publishers whose dataset is of one venue (dbn's publishers). */
const DATASETS: Readonly<Record<number, string>> = {
  1: 'GLBX.MDP3',
  2: 'XNAS.ITCH',
  3: 'XBOS.ITCH',
  4: 'XPSX.ITCH',
  5: 'BATS.PITCH',
  6: 'BATY.PITCH',
  7: 'EDGA.PITCH',
  8: 'EDGX.PITCH',
  9: 'XNYS.PILLAR',
  10: 'XCIS.PILLAR',
  11: 'XASE.PILLAR',
  12: 'XCHI.PILLAR',
  15: 'MEMX.MEMOIR',
  16: 'EPRL.DOM',
  43: 'ARCX.PILLAR',
  57: 'IFEU.IMPACT',
  58: 'NDEX.IMPACT'
}

/** The dataset of a publisher's number; its number in words where that is not known. */
export function datasetOfPublisher(publisher: number): string {
  return publisher < 0 ? 'unknown' : (DATASETS[publisher] ?? `publisher ${publisher}`)
}

export interface DatasetFacts {
  readonly zone: string
  readonly session: readonly [openNs: number, closeNs: number] | null
  readonly usualTick: string | null
}

export function datasetFacts(dataset: string): DatasetFacts {
  const isUsEquities = US_EQUITIES.test(dataset)
  return {
    zone: ZONES.find(([pattern]) => pattern.test(dataset))?.[1] ?? 'UTC',
    session: isUsEquities ? [OPEN_NS, CLOSE_NS] : null,
    usualTick: isUsEquities ? '0.01' : null
  }
}
