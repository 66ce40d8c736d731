/*
 * What a LOBSTER file's standard name says: TICKER_YYYY-MM-DD_StartMs_EndMs_message_LEVEL.csv, plain or .gz
 * (LOBSTER_SampleFiles_ReadMe, 01 Sept 2013).
 */
import { NS_PER_MS } from '../kernel/units.ts'

export interface LobsterName {
  readonly symbol: string
  readonly date: string
  readonly openNs: number
  readonly closeNs: number
  readonly content: 'message' | 'orderbook'
  /** Levels of the window that the file covers. */
  readonly depth: number
}

/** Null when `path` does not end in a name of the standard form. */
export function parseLobsterName(path: string): LobsterName | null {
  const match = /^([A-Za-z0-9.-]+)_(\d{4}-\d{2}-\d{2})_(\d{1,8})_(\d{1,8})_(message|orderbook)_(\d{1,4})\.csv(?:\.gz)?$/.exec(
    baseName(path)
  )
  if (match === null) return null
  return {
    symbol: match[1],
    date: match[2],
    openNs: Number(match[3]) * NS_PER_MS,
    closeNs: Number(match[4]) * NS_PER_MS,
    content: match[5] === 'message' ? 'message' : 'orderbook',
    depth: Number(match[6])
  }
}

/** A path's last part. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
