/*
 * A tape's columns as raw arrays beside its Parquet file, `<tape>.cache`: read an order of magnitude faster. It is keyed by the
 * content of the Parquet file and by CACHE_VERSION; a cache that is missing, damaged, stale or of another version is as
 * good as none. It is never needed and may be removed at any time.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from '../kernel/assert.ts'
import { ROW_KIND, type Tape } from '../market/tape.ts'
import { readContainer, type TypedArray, writeContainer } from './container.ts'
import { fileError } from './file-error.ts'
import { headerText, parseHeader } from './tape-header.ts'

/** Raise when the columns or their meaning change. */
const CACHE_VERSION = 2
const BLOCK_BYTES = 1 << 20

export function cachePath(tapePath: string): string {
  return `${tapePath}.cache`
}

/** Hex SHA-256 of a file's bytes. Errors: InputError `path: reason`. */
export function hashFile(path: string): string {
  const hash = createHash('sha256')
  const block = new Uint8Array(BLOCK_BYTES)
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    for (let count = readSync(file, block); count > 0; count = readSync(file, block)) hash.update(block.subarray(0, count))
  } catch (error) {
    throw fileError(path, error)
  } finally {
    if (file !== null) closeSync(file)
  }
  return hash.digest('hex')
}

/** The tape cached for a Parquet file of this content; null when there is none that can be used. */
export function readCache(tapePath: string, contentHash: string): Tape | null {
  let container: ReturnType<typeof readContainer>
  try {
    container = readContainer(cachePath(tapePath))
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
  const { header, arrays } = container
  if (typeof header !== 'object' || header === null) return null
  const { version, kinds, key, tape: tapeHeader } = header as Record<string, unknown>
  if (version !== CACHE_VERSION || kinds !== ROW_KIND.names.join() || key !== contentHash) return null
  const { tNs, kind, side, flags, priceTicks, lots, orderId } = arrays
  const parsed = parseHeader(tapeHeader)
  if (typeof parsed === 'string') return null
  if (!(tNs instanceof Float64Array && kind instanceof Uint8Array && side instanceof Int8Array)) return null
  if (!(flags instanceof Uint8Array && priceTicks instanceof Int32Array && lots instanceof Int32Array)) return null
  if (!(orderId instanceof Float64Array || orderId instanceof Uint32Array)) return null
  const columns: readonly TypedArray[] = [kind, side, flags, priceTicks, lots, orderId]
  if (columns.some((column) => column.length !== tNs.length)) return null
  return { header: parsed, count: tNs.length, tNs, kind, side, flags, priceTicks, lots, orderId }
}

/** Writes the cache if it can; where it cannot (a read-only directory, a full disk) the tape is just read slower. */
export function writeCache(tapePath: string, contentHash: string, tape: Tape): void {
  const { tNs, kind, side, flags, priceTicks, lots, orderId } = tape
  const header = {
    version: CACHE_VERSION,
    kinds: ROW_KIND.names.join(),
    key: contentHash,
    tape: JSON.parse(headerText(tape.header))
  }
  try {
    writeContainer(cachePath(tapePath), { header, arrays: { tNs, kind, side, flags, priceTicks, lots, orderId } })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
  }
}
