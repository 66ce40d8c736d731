/*
 * Rows into DuckDB and out of it, in chunks as the database takes and gives them, column by column as arrays: its own getters and
 * setters cost tens of ns a cell. Nothing is copied as a whole.
 */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBType, DuckDBVector } from '@duckdb/node-api'
import { assert } from '../kernel/assert.ts'

/** A column as it is handed to DuckDB: numbers (NaN is NULL) or text. Integer arrays keep their type, all else is DOUBLE. */
export interface RawColumn {
  readonly name: string
  readonly values: ArrayLike<number> | readonly string[]
}

type IntegerArray = Int32Array | Uint32Array | Int8Array | Uint8Array
type NumberArray = IntegerArray | Float64Array

/** DuckDB's vector size: the most rows a data chunk holds. */
const CHUNK_ROWS = 2048

let offered = 0

/** Makes the columns a relation of the connection, read when it is scanned; gives it as SQL. */
export async function offerRows(connection: DuckDBConnection, raw: readonly RawColumn[]): Promise<string> {
  const api = await import('@duckdb/node-api')
  const { default: bindings } = await import('@duckdb/node-bindings')
  const count = rowCount(raw)
  const typeOf = ({ values }: RawColumn): DuckDBType => {
    if (isText(values)) return api.VARCHAR
    if (values instanceof Int32Array) return api.INTEGER
    if (values instanceof Uint32Array) return api.UINTEGER
    if (values instanceof Int8Array) return api.TINYINT
    return values instanceof Uint8Array ? api.UTINYINT : api.DOUBLE
  }
  const scratch = new ArrayBuffer(8 * CHUNK_ROWS)
  const name = `rows_${++offered}`
  let start = 0
  const rows = api.DuckDBTableFunction.create({
    name,
    bindFunction(info) {
      for (const column of raw) info.addResultColumn(column.name, typeOf(column))
      info.setCardinality(count, true)
    },
    initFunction(info) {
      info.setMaxThreads(1)
      start = 0
    },
    mainFunction(_info, chunk) {
      const chunkRows = Math.min(CHUNK_ROWS, count - start)
      chunk.rowCount = chunkRows
      if (chunkRows === 0) return
      for (const [index, { values }] of raw.entries()) {
        if (isInteger(values) || (values instanceof Float64Array && !hasEmpty(values, start, chunkRows))) {
          const bytes = copyInto(scratch, values, start, chunkRows)
          bindings.copy_data_to_vector(bindings.data_chunk_get_vector(chunk.chunk, index), 0, scratch, 0, bytes)
        } else fillVector(chunk.getColumnVector(index), values, start, chunkRows)
      }
      start += chunkRows
    }
  })
  connection.registerTableFunction(rows)
  return `${name}()`
}

/** Takes one column of a chunk: its values, valid until the next chunk is fetched, and its first empty row (`length` when none is). */
export type ReadColumn = <T extends NumberArray>(
  chunk: DuckDBDataChunk,
  column: number,
  like: T
) => { values: T; firstEmpty: number }

/** A column is read as an array of the type of `like`, which must be that of the column. */
export async function columnReader(): Promise<ReadColumn> {
  const { default: bindings } = await import('@duckdb/node-bindings')
  return <T extends NumberArray>(chunk: DuckDBDataChunk, column: number, like: T) => {
    const rows = chunk.rowCount
    const vector = bindings.data_chunk_get_vector(chunk.chunk, column)
    const bytes = bindings.vector_get_data(vector, rows * like.BYTES_PER_ELEMENT)
    // Null, against its declared type, when every row has a value.
    const valid = bindings.vector_get_validity(vector, 8 * Math.ceil(rows / 64)) as Uint8Array | null
    let firstEmpty = valid === null ? rows : 0
    while (valid !== null && firstEmpty < rows && (valid[firstEmpty >>> 3] & (1 << (firstEmpty & 7))) !== 0) firstEmpty++
    const Like = like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => T
    return { values: new Like(bytes.buffer, bytes.byteOffset, rows), firstEmpty }
  }
}

/** The columns' common length. */
export function rowCount(columns: readonly { readonly values: { readonly length: number } }[]): number {
  const count = columns.length === 0 ? 0 : columns[0].values.length
  for (const column of columns) assert(column.values.length === count, 'columns of a table are equally long')
  return count
}

function isText(values: RawColumn['values']): values is readonly string[] {
  return values.length > 0 && typeof values[0] === 'string'
}

function isInteger(values: RawColumn['values']): values is IntegerArray {
  return (
    values instanceof Int32Array || values instanceof Uint32Array || values instanceof Int8Array || values instanceof Uint8Array
  )
}

function hasEmpty(values: Float64Array, start: number, rows: number): boolean {
  for (let row = start; row < start + rows; row++) if (Number.isNaN(values[row])) return true
  return false
}

/** The database takes plain memory, the columns may lie in shared. Gives the number of bytes. */
function copyInto(scratch: ArrayBuffer, values: NumberArray, start: number, rows: number): number {
  const bytes = rows * values.BYTES_PER_ELEMENT
  const from = new Uint8Array(values.buffer, values.byteOffset + start * values.BYTES_PER_ELEMENT, bytes)
  new Uint8Array(scratch, 0, bytes).set(from)
  return bytes
}

function fillVector(vector: DuckDBVector, values: RawColumn['values'], start: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const value = values[start + row]
    vector.setItem(row, typeof value === 'number' && Number.isNaN(value) ? null : value)
  }
  vector.flush()
}
