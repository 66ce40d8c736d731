/*
 * A run on disk: a directory with `manifest.json` (what was run, with what, and the ledger's hash) and one file per table of the ledger. The
 * directory appears whole: it is filled under a temporary name and renamed. One that holds another run is replaced; one
 * that holds anything else is left alone and is an error.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { assert, InputError } from '../kernel/assert.ts'
import { createLedger, hashLedger, type Ledger } from '../ledger/ledger.ts'
import type { TapeHeader } from '../market/tape.ts'
import { makeDirectory, temporaryName, writeAtomicallySync } from './atomic-file.ts'
import { fileError } from './file-error.ts'
import { willWrite } from './interruption.ts'
import { type SourceTable, sqlName, sqlPattern, sqlText, type TableFormat, withDatabase, writeLedger } from './parquet.ts'

export const MANIFEST = 'manifest.json'

/** What a run was made of. */
export interface Manifest {
  readonly kind: 'run' | 'comparison'
  readonly scenario: unknown
  readonly policy?: string
  readonly seed: number
  readonly versions: { readonly tailtax: string; readonly node: string }
  /** One per venue, in the order of the ledger's venue numbers. */
  readonly tapes: readonly { readonly venue: string; readonly hash: string; readonly rows: number; readonly header: TapeHeader }[]
  readonly format?: TableFormat
  readonly ledgerHash: string
  readonly events: number
  readonly stages?: unknown
}

/** Fills a directory and gives it its final name. Errors: InputError `directory: reason`. */
export async function writeDirectory(directory: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  // Without its last slash: the temporary stands beside it.
  const path = resolve(directory)
  checkReplaceable(directory, path)
  makeDirectory(dirname(path))
  willWrite(path)
  const temporary = temporaryName(path)
  const old = temporaryName(path)
  try {
    makeDirectory(temporary)
    await fill(temporary)
    const replaces = existsSync(path)
    if (replaces) renameSync(path, old)
    renameSync(temporary, path)
  } catch (error) {
    const located = fileError(directory, error)
    throw located instanceof InputError ? new InputError(located.message.replaceAll(temporary, directory)) : located
  } finally {
    rmSync(temporary, { force: true, recursive: true })
    rmSync(old, { force: true, recursive: true })
  }
}

function checkReplaceable(directory: string, path: string): void {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) throw new InputError(`${directory}: is a file; give a directory`)
  if (existsSync(join(path, MANIFEST))) return
  if (readdirSync(path).length > 0) {
    throw new InputError(`${directory}: holds files that are not of a run; give a new or empty directory`)
  }
}

export function writeText(path: string, text: string): void {
  writeAtomicallySync(path, (put) => put(text))
}

export async function writeRun(directory: string, manifest: Manifest, ledger: Ledger, format: TableFormat): Promise<void> {
  await writeDirectory(directory, async (temporary) => {
    await writeLedger(temporary, ledger, format)
    writeText(join(temporary, MANIFEST), `${JSON.stringify({ ...manifest, format }, null, 2)}\n`)
  })
}

export interface StoredRun {
  readonly manifest: Manifest
  readonly ledger: Ledger
}

/** Reads a run and checks it against its hash. Errors: InputError. */
export async function readRun(directory: string): Promise<StoredRun> {
  const manifest = readManifest(directory)
  if (manifest.kind !== 'run')
    throw new InputError(`${directory}: is a comparison, which keeps no ledger; inspect a run (tailtax run --out)`)
  const format = manifest.format ?? 'parquet'
  const ledger = createLedger()
  await withDatabase(async (connection) => {
    for (const table of Object.values(ledger) as FillableTable[]) {
      await readTable(connection, join(directory, `${table.name}.${format}`), table, format)
    }
  })
  if (hashLedger(ledger) !== manifest.ledgerHash) {
    throw new InputError(`${directory}: the tables are not those of its ${MANIFEST}; run it again`)
  }
  return { manifest, ledger }
}

export function readManifest(directory: string): Manifest {
  const path = join(directory, MANIFEST)
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path}: is not JSON; run it again`)
    throw fileError(path, error)
  }
}

interface FillableTable extends SourceTable {
  add(): number
}

async function readTable(connection: DuckDBConnection, path: string, table: FillableTable, format: TableFormat): Promise<void> {
  if (!existsSync(path)) throw new InputError(`${path}: there is no such file; run it again`)
  const texts = table.columns.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ')
  const source =
    format === 'csv'
      ? `read_csv(${sqlText(path)}, header = true, auto_detect = false, delim = ',', columns = {${texts}})`
      : `read_parquet(${sqlPattern(path)})`
  const columns = table.columns.map((name) => {
    const kind = table.shape[name]
    if (typeof kind === 'string') return `${sqlName(name)}::DOUBLE`
    return `(list_position([${kind.names.map(sqlText).join(', ')}], ${sqlName(name)}) - 1)::DOUBLE`
  })
  try {
    const result = await connection.stream(`SELECT ${columns.join(', ')} FROM ${source}`)
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const first = table.count
      for (let row = 0; row < chunk.rowCount; row++) table.add()
      for (const [index, name] of table.columns.entries()) {
        const vector = chunk.getColumnVector(index)
        const values = table.col[name]
        for (let row = 0; row < chunk.rowCount; row++) {
          const value = vector.getItem(row)
          assert(value === null || typeof value === 'number', `${path}: ${name} is read as a number`)
          values[first + row] = value ?? Number.NaN
        }
      }
    }
  } catch (error) {
    throw fileError(path, error)
  }
}
