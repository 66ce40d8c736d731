/*
 * Rows of a comma-separated file with a head, as numbers: each wanted column is found by its name, in any order, and read straight from the
 * bytes (text-scanner.ts), so that a file of millions of rows costs one row of memory. A word becomes its place in the column's list.
 * Errors: InputError `file:line: what`, for a head that lacks a column or has one that is not known, a cell that is not what its column
 * holds, a time that goes back. Leaves out quotes.
 */
import type { ByteChunks } from './byte-chunks.ts'
import { TextScanner } from './text-scanner.ts'

export interface RowColumn {
  readonly name: string
  /** Whole numbers, or one of these words. */
  readonly words?: readonly string[]
  /** The least whole number; default 0. */
  readonly low?: number
  /** The greatest whole number. */
  readonly high?: number
  /** The head may lack it and its cells may be empty: NaN. */
  readonly optional?: boolean
  /** Never less than in the row before. */
  readonly ascending?: boolean
}

/**
 * Calls `onRow` with each row's numbers, in the order of `columns`; the array is used again for the next row. Where `others` is
 * true, columns that are not asked for are let through. Gives the number of rows below the head.
 */
export async function readColumnRows(
  source: ByteChunks,
  columns: readonly RowColumn[],
  onRow: (values: Float64Array, line: number) => void,
  others = false
): Promise<number> {
  const scanner = new TextScanner(source)
  const advance = async (): Promise<boolean> => {
    while (!scanner.advance()) if (!(await scanner.fill())) return false
    return true
  }
  if (!(await advance())) scanner.fail(`is empty; its head is ${headOf(columns)}`)
  const order = readHead(scanner, columns, others)
  const values = new Float64Array(columns.length).fill(Number.NaN)
  const before = new Float64Array(columns.length).fill(Number.NEGATIVE_INFINITY)
  let count = 0
  for (;;) {
    if (!scanner.advance()) {
      if (await scanner.fill()) continue
      return count
    }
    for (let cell = 0; cell < order.length; cell++) {
      const at = order[cell]
      if (at < 0) {
        if (!scanner.hasField()) failCount(scanner, order.length)
        scanner.skipField()
        continue
      }
      const column = columns[at]
      const value = readCell(scanner, column)
      if (column.ascending === true) {
        if (value < before[at])
          scanner.fail(`the ${column.name} goes back in time, from ${before[at]} to ${value}; sort the rows by it`)
        before[at] = value
      }
      values[at] = value
    }
    if (scanner.hasField()) failCount(scanner, order.length)
    count++
    onRow(values, scanner.line)
  }
}

function headOf(columns: readonly RowColumn[]): string {
  return columns.map(({ name }) => name).join(',')
}

function failCount(scanner: TextScanner, count: number): never {
  scanner.fail(`the row does not have the ${count} cells of the head`)
}

/** By cell of a row: the column it belongs to, -1 = none. */
function readHead(scanner: TextScanner, columns: readonly RowColumn[], others: boolean): number[] {
  const order: number[] = []
  const names: string[] = []
  while (scanner.hasField()) {
    const name = scanner.word('head').replace(/^\?{3}/, '')
    if (names.includes(name)) scanner.fail(`the column ${name} is there twice`)
    names.push(name)
    order.push(columns.findIndex((column) => column.name === name))
  }
  const missing = columns.find(({ name, optional }) => optional !== true && !names.includes(name))
  if (missing !== undefined) scanner.fail(`has no column ${missing.name}; its head is ${headOf(columns)}`)
  const unknown = others ? -1 : order.indexOf(-1)
  if (unknown >= 0) scanner.fail(`"${names[unknown]}" is not a known column; there are ${headOf(columns)}`)
  return order
}

function readCell(scanner: TextScanner, column: RowColumn): number {
  const { name, words, optional, low = 0, high } = column
  if (optional === true && scanner.isEmptyField()) {
    scanner.skipField()
    return Number.NaN
  }
  if (words !== undefined) {
    const word = scanner.word(name)
    const index = words.indexOf(word)
    if (index < 0) scanner.fail(`the ${name} "${word}" is not one of ${words.join(', ')}`)
    return index
  }
  const value = scanner.integer(name, true)
  if (value < low) scanner.fail(`the ${name} is ${value}; it must be at least ${low}`)
  if (high !== undefined && value > high) scanner.fail(`the ${name} is ${value}; it must be at most ${high}`)
  return value
}
