/* Users' small CSV files (parents, stall traces), plain or gzip, row by row with their line numbers. Tapes are not read this way. */
import { Readable } from 'node:stream'
import { InputError } from '../kernel/assert.ts'
import { openBytes } from './byte-source.ts'
import { type CellReader, cellReader } from './cells.ts'
import { fileError } from './file-error.ts'

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
  let line = 0
  let names: string[] | undefined
  try {
    const rows = Readable.from(chunks()).pipe(parse({ headers: false, ignoreEmpty: false }))
    for await (const cells of rows as AsyncIterable<string[]>) {
      line++
      if (names === undefined) {
        names = headOf(path, cells, needed, optional)
        continue
      }
      if (cells.length === 1 && cells[0].trim() === '') continue
      if (cells.length !== names.length)
        throw new InputError(`${path}:${line}: has ${cells.length} cells, its head has ${names.length}`)
      onRow(cellReader(`${path}:${line}`, Object.fromEntries(names.map((name, index) => [name, cells[index]]))))
    }
  } catch (error) {
    if (error instanceof InputError && error.message.startsWith(path)) throw error
    throw new InputError(fileError(`${path}:${line + 1}`, error instanceof InputError ? new Error(error.message) : error).message)
  } finally {
    bytes.close()
  }
  if (names === undefined) throw new InputError(`${path}:1: is empty; its head is ${needed.join(',')}`)
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
