/* Cells of users' small files: each fault is `file:line: column: what`. */
import { InputError } from '../kernel/assert.ts'

export interface CellReader {
  /** The text of a column; empty when it is not there. */
  text(column: string): string
  whole(column: string, low: number): number
  parsed(column: string, parse: (text: string) => number): number
  fail(column: string, message: string): never
}

export function cellReader(where: string, row: Readonly<Record<string, string>>): CellReader {
  const fail = (column: string, message: string): never => {
    throw new InputError(`${where}: ${column}: ${message}`)
  }
  const text = (column: string): string => (row[column] ?? '').trim()
  return {
    text,
    fail,
    whole(column, low) {
      const value = text(column)
      const number = Number(value)
      if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) fail(column, `"${value}" is not a whole number`)
      if (number < low) fail(column, `is ${number}; it must be at least ${low}`)
      return number
    },
    parsed(column, parse) {
      try {
        return parse(text(column))
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        return fail(column, error.message)
      }
    }
  }
}
