/*
 * Tables to Parquet (by DuckDB, in memory, without network: extensions are neither installed nor loaded) and to CSV (by fast-csv).
 * Rows are streamed: beside the
 * caller's columns only a row group is held. One thread and kept row order: the same table gives the same bytes. All files appear whole or not at all.
 */
import { once } from 'node:events'
import { createWriteStream, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { assert, InputError } from '../kernel/assert.ts'
import { makeDirectory, temporaryName, writeAtomically } from './atomic-file.ts'
import { offerRows, type RawColumn, rowCount } from './database-rows.ts'
import { fileError } from './file-error.ts'

/** A column of a table; NaN is an empty cell. A word column holds codes into `names`. */
export type OutputColumn =
  | { readonly name: string; readonly kind: 'integer' | 'real'; readonly values: ArrayLike<number> }
  | { readonly name: string; readonly kind: 'word'; readonly names: readonly string[]; readonly values: ArrayLike<number> }
  | { readonly name: string; readonly kind: 'text'; readonly values: readonly string[] }

/** A column as it stands in the file: an expression over the raw columns. */
export interface SelectedColumn {
  readonly name: string
  readonly sql: string
}

const CONFIG = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  // Nothing is spilled to a directory that the user did not name.
  temp_directory: '',
  threads: '1'
}

/** Runs `work` on an in-memory database. The library is loaded at the first use: it costs a tenth of a second. */
export async function withDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', CONFIG)
  const connection = await instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A path as read_parquet takes it: its own wildcards stand for themselves. */
export function sqlPattern(path: string): string {
  return sqlText(path.replace(/[[*?]/g, '[$&]'))
}

/** Copies `raw` through `selected` into one Parquet file under its final name, with `metadata` as its key-value metadata. */
export async function copyToParquet(
  connection: DuckDBConnection,
  path: string,
  raw: readonly RawColumn[],
  selected: readonly SelectedColumn[],
  metadata: Readonly<Record<string, string>>
): Promise<void> {
  const rows = await offerRows(connection, raw)
  const list = selected.map((column) => `${column.sql} AS ${sqlName(column.name)}`).join(', ')
  const entries = Object.entries(metadata).map(([key, value]) => `${sqlName(key)}: ${sqlText(value)}`)
  const pairs = entries.length === 0 ? '' : `, KV_METADATA {${entries.join(', ')}}`
  await writeAtomically(path, async (temporary) => {
    await connection.run(`COPY (SELECT ${list} FROM ${rows}) TO ${sqlText(temporary)} (FORMAT parquet, COMPRESSION zstd${pairs})`)
  })
}

/** Writes a table. Errors: InputError `path: reason`. */
export async function writeParquet(path: string, tableName: string, columns: readonly OutputColumn[]): Promise<void> {
  await withDatabase((connection) => writeTable(connection, path, tableName, columns))
}

/** Writes a table; empty cells are empty. Errors: InputError `path: reason`. */
export async function writeCsv(path: string, columns: readonly OutputColumn[]): Promise<void> {
  const { format } = await import('fast-csv')
  const count = rowCount(columns)
  await writeAtomically(path, async (temporary) => {
    const file = createWriteStream(temporary, { flags: 'wx' })
    const csv = format({ headers: columns.map((column) => column.name), alwaysWriteHeaders: true, includeEndRowDelimiter: true })
    csv.pipe(file)
    const done = finished(file)
    // The failure is met at `await done`; without this it would count as unhandled meanwhile.
    done.catch(() => csv.destroy())
    for (let row = 0; row < count && !file.destroyed; row++) {
      const more = csv.write(columns.map((column) => cell(column, row)))
      if (!more && !file.destroyed) await Promise.race([once(csv, 'drain'), done])
    }
    csv.end()
    await done
  })
}

export type TableFormat = 'parquet' | 'csv'

/** What the writer needs of a ledger's table (src/ledger/table.ts). */
export interface SourceTable {
  readonly name: string
  readonly count: number
  readonly columns: readonly string[]
  readonly shape: Readonly<Record<string, 'integer' | 'real' | { readonly names: readonly string[] }>>
  readonly col: Readonly<Record<string, Float64Array>>
}

/**
 * Writes every table of a ledger as `<dir>/<name>.parquet` or `.csv`. All are written into a temporary directory first; when
 * one fails none appears. A directory that is there keeps its other files. Errors: InputError `path: reason`.
 */
export async function writeLedger(dir: string, ledger: Readonly<Record<string, unknown>>, format: TableFormat): Promise<void> {
  const tables = Object.values(ledger).filter(isTable)
  const isNew = makeDirectory(dir)
  const temporary = temporaryName(join(dir, 'ledger'))
  try {
    makeDirectory(temporary)
    const fileOf = (directory: string, table: SourceTable): string => join(directory, `${table.name}.${format}`)
    if (format === 'csv') {
      for (const table of tables) await writeCsv(fileOf(temporary, table), outputColumns(table))
    } else {
      await withDatabase(async (connection) => {
        for (const table of tables) await writeTable(connection, fileOf(temporary, table), table.name, outputColumns(table))
      })
    }
    for (const table of tables) renameSync(fileOf(temporary, table), fileOf(dir, table))
  } catch (error) {
    const located = fileError(dir, error)
    rmSync(temporary, { force: true, recursive: true })
    if (isNew) removeEmpty(dir)
    throw located instanceof InputError ? new InputError(located.message.replaceAll(temporary, dir)) : located
  } finally {
    rmSync(temporary, { force: true, recursive: true })
  }
}

/** Removes a directory unless something is in it. */
function removeEmpty(dir: string): void {
  if (readdirSync(dir).length === 0) rmdirSync(dir)
}

/** The columns of a ledger's table. */
export function outputColumns(table: SourceTable): OutputColumn[] {
  return table.columns.map((name) => {
    const kind = table.shape[name]
    const values = table.col[name].subarray(0, table.count)
    return typeof kind === 'string' ? { name, kind, values } : { name, kind: 'word', names: kind.names, values }
  })
}

function isTable(value: unknown): value is SourceTable {
  return typeof value === 'object' && value !== null && 'shape' in value && 'col' in value && 'count' in value
}

async function writeTable(
  connection: DuckDBConnection,
  path: string,
  tableName: string,
  columns: readonly OutputColumn[]
): Promise<void> {
  for (const column of columns) if (column.kind === 'integer') checkWhole(column.name, column.values)
  const selected = columns.map((column) => ({ name: column.name, sql: selection(column) }))
  await copyToParquet(connection, path, columns, selected, { table: tableName })
}

function selection(column: OutputColumn): string {
  const name = sqlName(column.name)
  if (column.kind === 'integer') return `${name}::BIGINT`
  return column.kind === 'word' ? wordOf(name, column.names) : name
}

/** SQL for the word of a code; NULL stays NULL. */
export function wordOf(sql: string, names: readonly string[]): string {
  return `([${names.map(sqlText).join(', ')}])[${sql}::INTEGER + 1]`
}

function checkWhole(name: string, values: ArrayLike<number>): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    assert(Number.isNaN(value) || Number.isSafeInteger(value), `column ${name} holds whole numbers`)
  }
}

function cell(column: OutputColumn, row: number): string | number {
  if (column.kind === 'text') return column.values[row]
  const value = column.values[row]
  if (Number.isNaN(value)) return ''
  return column.kind === 'word' ? column.names[value] : value
}
