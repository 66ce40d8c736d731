/*
 * Tapes on disk: a Parquet file with one row per event in columns of readable names, its header in the file's key-value
 * metadata under `tailtax`; DuckDB, pandas and polars open it as it is. Beside it a cache (tape-cache.ts). What is read is
 * checked (rules T1 and T2) before it is used; its columns lie in shared memory.
 */
import { createHash } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { InputError } from '../kernel/assert.ts'
import { sharedFloat64, sharedInt8, sharedInt32, sharedUint8, sharedUint32 } from '../kernel/thread-memory.ts'
import { checkTape, ROW_FLAG, ROW_KIND, ROWS_MAX, type Tape, type TapeHeader } from '../market/tape.ts'
import { columnReader, type RawColumn } from './database-rows.ts'
import { fileError } from './file-error.ts'
import { hashBytes } from './hash-bytes.ts'
import { copyToParquet, type SelectedColumn, sqlPattern, sqlText, withDatabase, wordOf } from './parquet.ts'
import { hashFile, readCache, writeCache } from './tape-cache.ts'
import { headerText, parseHeader } from './tape-header.ts'

const METADATA_KEY = 'tailtax'
/** Ids are hashed as doubles whatever their column, so many at a time. */
const ID_PIECE = 1 << 16
const KIND_LIST = `[${ROW_KIND.names.map(sqlText).join(', ')}]`

/** The columns of the file in the order in which they are read: in words, and as the types of the tape's columns. */
const READ_NAMES = ['t_ns', 'kind', 'side', 'added or between_ticks', 'price_ticks', 'lots', 'order_id']
const readSql = (idType: string): string[] => [
  't_ns::BIGINT::DOUBLE',
  `(list_position(${KIND_LIST}, kind::VARCHAR) - 1)::UTINYINT`,
  'side::TINYINT',
  `((added::BOOLEAN)::INTEGER * ${ROW_FLAG.added} + (between_ticks::BOOLEAN)::INTEGER * ${ROW_FLAG.between})::UTINYINT`,
  'price_ticks::INTEGER',
  'lots::INTEGER',
  `order_id::BIGINT::${idType}`
]

/** Writes the Parquet file atomically, and its cache if that can be. Errors: InputError `path: reason`. */
export async function writeTape(path: string, tape: Tape): Promise<void> {
  const { header, tNs, kind, side, flags, priceTicks, lots, orderId } = tape
  const raw: RawColumn[] = [
    { name: 't_ns', values: tNs },
    { name: 'kind', values: kind },
    { name: 'side', values: side },
    { name: 'price_ticks', values: priceTicks },
    { name: 'lots', values: lots },
    { name: 'order_id', values: orderId },
    { name: 'flags', values: flags }
  ]
  const selected: SelectedColumn[] = [
    { name: 't_ns', sql: 't_ns::BIGINT' },
    { name: 'kind', sql: wordOf('kind', ROW_KIND.names) },
    { name: 'side', sql: 'side::TINYINT' },
    { name: 'price_ticks', sql: 'price_ticks::INTEGER' },
    // For readers of the file; not read back.
    { name: 'price', sql: `price_ticks::DOUBLE * ${header.tickUnits}.0::DOUBLE / ${10 ** header.priceDecimals}.0::DOUBLE` },
    { name: 'lots', sql: 'lots::INTEGER' },
    { name: 'order_id', sql: 'order_id::BIGINT' },
    { name: 'added', sql: `(flags::INTEGER & ${ROW_FLAG.added}) <> 0` },
    { name: 'between_ticks', sql: `(flags::INTEGER & ${ROW_FLAG.between}) <> 0` }
  ]
  await withDatabase((connection) => copyToParquet(connection, path, raw, selected, { [METADATA_KEY]: headerText(header) }))
  writeCache(path, hashFile(path), tape)
}

/** Reads a tape, from its cache when that is of the file's present content. Errors: InputError `path: what`. */
export async function readTape(path: string): Promise<Tape> {
  const contentHash = hashFile(path)
  const cached = readCache(path, contentHash)
  if (cached !== null) return checked(path, cached)
  const tape = checked(path, await readParquet(path))
  writeCache(path, contentHash, tape)
  return tape
}

/** Hex SHA-256 of header and columns: equal for equal tapes, however they are stored. */
export function hashTape(tape: Tape): string {
  const hash = createHash('sha256')
  const { tNs, kind, side, flags, priceTicks, lots, orderId } = tape
  hash.update(`${headerText(tape.header)}\n${ROW_KIND.names.slice(0, kindCount(tape)).join()}\n${tape.count}\n`)
  for (const column of [tNs, kind, side, flags, priceTicks, lots]) hashBytes(hash, column)
  const ids = new Float64Array(ID_PIECE)
  for (let from = 0; from < tape.count; from += ID_PIECE) {
    const piece = orderId.subarray(from, from + ID_PIECE)
    ids.set(piece)
    hash.update(ids.subarray(0, piece.length))
  }
  return hash.digest('hex')
}

/** How many of ROW_KIND's names a hash knows: those that were there at first, and later ones from the one that the tape uses on. */
function kindCount({ kind, count }: Tape): number {
  let kinds = ROW_KIND.of.resume + 1
  for (let row = 0; row < count; row++) if (kind[row] >= kinds) kinds = kind[row] + 1
  return kinds
}

function checked(path: string, tape: Tape): Tape {
  try {
    checkTape(tape)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`${path}: ${error.message}; import or generate the tape again`)
  }
  return tape
}

async function readParquet(path: string): Promise<Tape> {
  return withDatabase(async (connection) => {
    try {
      const header = await readHeader(connection, path)
      return await readColumns(connection, path, header)
    } catch (error) {
      throw fileError(path, error)
    }
  })
}

async function readHeader(connection: DuckDBConnection, path: string): Promise<TapeHeader> {
  const sql = `SELECT decode(value) FROM parquet_kv_metadata(${sqlPattern(path)}) WHERE decode(key) = ${sqlText(METADATA_KEY)}`
  const rows = (await connection.runAndReadAll(sql)).getRows()
  const text = rows.length === 0 ? null : rows[0][0]
  if (typeof text !== 'string') {
    throw new InputError(`${path}: this Parquet file is not a tape (it has no tailtax header); make one with import or generate`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = null
  }
  const header = parseHeader(value)
  if (typeof header === 'string') throw new InputError(`${path}: ${header}; import or generate the tape again`)
  return header
}

async function readColumns(connection: DuckDBConnection, path: string, header: TapeHeader): Promise<Tape> {
  const from = `read_parquet(${sqlPattern(path)})`
  const facts = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, coalesce(min(order_id::BIGINT), 0)::DOUBLE, coalesce(max(order_id::BIGINT), 0)::DOUBLE FROM ${from}`
  )
  const [count, idMin, idMax] = facts.getRows()[0].map(Number)
  if (idMin < 0 || idMax > Number.MAX_SAFE_INTEGER) {
    throw new InputError(`${path}: an order_id is below 0 or above 2^53 - 1; import the tape again`)
  }
  if (count > ROWS_MAX) throw new InputError(`${path}: has ${count} rows; a tape holds at most ${ROWS_MAX}`)
  const isNarrow = idMax < 2 ** 32
  const tape: Tape = {
    header,
    count,
    tNs: sharedFloat64(count),
    kind: sharedUint8(count),
    side: sharedInt8(count),
    flags: sharedUint8(count),
    priceTicks: sharedInt32(count),
    lots: sharedInt32(count),
    orderId: isNarrow ? sharedUint32(count) : sharedFloat64(count)
  }
  const columns = [tape.tNs, tape.kind, tape.side, tape.flags, tape.priceTicks, tape.lots, tape.orderId]
  const read = await columnReader()
  const result = await connection.stream(`SELECT ${readSql(isNarrow ? 'UINTEGER' : 'DOUBLE').join(', ')} FROM ${from}`)
  let start = 0
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const rows = chunk.rowCount
    for (let index = 0; index < columns.length; index++) {
      const { values, firstEmpty } = read(chunk, index, columns[index])
      if (firstEmpty < rows) {
        throw new InputError(
          `${path}: row ${start + firstEmpty}: ${READ_NAMES[index]} is empty or unknown; import the tape again`
        )
      }
      columns[index].set(values, start)
    }
    start += rows
  }
  return tape
}
