/*
 * The venues' tapes of a scenario, from wherever they come, and their timelines. What is imported from recorded files is kept in a cache
 * directory, keyed by the content of the files and the import's options and version: a second run reads it 10 times faster. A
 * cache that cannot be written is done without.
 */
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { InputError } from '../kernel/assert.ts'
import { generateTape } from '../market/generator.ts'
import type { Tape } from '../market/tape.ts'
import type { Timeline } from '../market/timeline.ts'
import type { TapeSource, VenueOptions } from '../scenario/scenario.ts'
import { makeDirectory } from './atomic-file.ts'
import { cacheDirectory } from './cache-directory.ts'
import { formatOf, importFiles } from './market-import.ts'
import type { Progress } from './progress.ts'
import { hashFile, readCache, writeCache } from './tape-cache.ts'
import { hashTape, readTape } from './tape-store.ts'
import { loadTimeline } from './timeline-store.ts'

/** Raise when the import gives other rows for the same files. */
const IMPORT_VERSION = 3

export interface LoadedVenue {
  readonly name: string
  readonly tape: Tape
  readonly timeline: Timeline
  readonly tapeHash: string
}

export interface LoadOptions {
  /** Directory for imported tapes; null = the user's cache directory, "none" = nowhere. */
  readonly cache: string | null
  readonly progress: Progress
}

/** Errors: InputError that names the file (and line). */
export async function loadVenues(venues: readonly VenueOptions[], options: LoadOptions): Promise<LoadedVenue[]> {
  const loaded: LoadedVenue[] = []
  for (const { name, symbol, tape: source } of venues) {
    options.progress.say(`reading the market of ${name}`)
    const { tape: found, entry } = await loadTape(source, options.cache)
    const tape = symbol === undefined ? found : { ...found, header: { ...found.header, symbol } }
    if (tape.count === 0) throw new InputError(`${sourceName(source)}: the tape has no rows`)
    const tapeHash = hashTape(tape)
    const timeline = await loadTimeline(tape, tapeHash, entry === null ? null : `${entry}.timeline`, (share) =>
      options.progress.say(`indexing the market of ${name}: ${Math.floor(100 * share)} %`)
    )
    loaded.push({ name, tape, timeline, tapeHash })
  }
  return loaded
}

/** The tape of a day that is not traded. Errors: InputError. */
export async function readSource(source: TapeSource, cache: string | null): Promise<Tape> {
  const { tape } = await loadTape(source, cache)
  if (tape.count === 0) throw new InputError(`${sourceName(source)}: the tape has no rows`)
  return tape
}

function sourceName(source: TapeSource): string {
  if (source.kind === 'generate') return `generated ${source.options.preset}`
  return source.kind === 'file' ? source.file : source.files.join(', ')
}

/** A tape, and the name that its timeline may be kept under; null = not to be kept. */
interface Found {
  readonly tape: Tape
  readonly entry: string | null
}

async function loadTape(source: TapeSource, cache: string | null): Promise<Found> {
  if (source.kind === 'generate') return { tape: generateTape(source.options, source.seed), entry: null }
  if (source.kind === 'file') return { tape: await readTape(source.file), entry: cache === 'none' ? null : source.file }
  return loadRecorded(source, cache)
}

async function loadRecorded(source: Extract<TapeSource, { kind: 'import' }>, cache: string | null): Promise<Found> {
  const { files, options } = source
  const format = formatOf(source.format)
  if (cache === 'none') return { tape: await importFiles(format, files, options), entry: null }
  const parts = [IMPORT_VERSION, format.name, ...files.map((file) => `${hashFile(file)} ${file}`), JSON.stringify(options)]
  const key = createHash('sha256').update(parts.join('\n')).digest('hex')
  const entry = join(cache ?? cacheDirectory(), `${format.name}-${key.slice(0, 24)}`)
  const kept = readCache(entry, key)
  if (kept !== null) return { tape: kept, entry }
  const tape = await importFiles(format, files, options)
  try {
    makeDirectory(dirname(entry))
  } catch (error) {
    if (cache !== null || !(error instanceof InputError)) throw error
    return { tape, entry: null }
  }
  writeCache(entry, key, tape)
  return { tape, entry }
}
