/* Users' small CSV files (parents, stall traces), plain or gzip, row by row with their line numbers. Tapes are not read this way. */
import { Readable } from 'node:stream'
import { InputError } from '../kernel/assert.ts'
import { openBytes } from './byte-source.ts'
import { type CellReader, cellReader } from './cells.ts'
import { reasonOf } from './file-error.ts'

/** The head must have `needed` and may have `optional`, in any order. Errors: InputError `file:line: …`. */
export async function readCsv(
  path: string,
  needed: readonly string[],
  optional: readonly string[],
  onRow: (cells: CellReader) => void
): Promise<void> {
  const { parse } = await import('fast-csv')
  const bytes = openBytes(path)
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let chunk = await bytes.next(); chunk !== null; chunk = await bytes.next()) yield Buffer.from(chunk)
  }
  const rows: string[][] = []
  try {
    const parser = parse({ headers: false, ignoreEmpty: false })
    const source = Readable.from(chunks()).on('error', (error) => parser.destroy(error))
    for await (const cells of source.pipe(parser) as AsyncIterable<string[]>) rows.push(cells)
  } catch (error) {
    throw new InputError(`${path}:${rows.length + 1}: ${reasonOf(error)}`)
  } finally {
    bytes.close()
  }
  if (rows.length === 0) throw new InputError(`${path}:1: is empty; its head is ${needed.join(',')}`)
  const names = headOf(path, rows[0], needed, optional)
  for (const [index, cells] of rows.entries()) {
    if (index === 0 || (cells.length === 1 && cells[0].trim() === '')) continue
    const where = `${path}:${index + 1}`
    if (cells.length !== names.length) throw new InputError(`${where}: has ${cells.length} cells, its head has ${names.length}`)
    onRow(cellReader(where, Object.fromEntries(names.map((name, column) => [name, cells[column]]))))
  }
}

function headOf(path: string, cells: readonly string[], needed: readonly string[], optional: readonly string[]): string[] {
  const names = cells.map((cell) => cell.replace(/^\ufeff/, '').trim())
  for (const name of needed) {
    if (!names.includes(name)) throw new InputError(`${path}:1: has no column ${name}; its head is ${needed.join(',')}`)
  }
  for (const name of names) {
    if (!needed.includes(name) && !optional.includes(name)) {
      throw new InputError(`${path}:1: ${name} is not a known column; there are ${[...needed, ...optional].join(', ')}`)
    }
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw new InputError(`${path}:1: the column ${name} is there twice`)
  }
  return names
}
