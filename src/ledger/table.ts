/*
 * A ledger table: append-only rows in columns of doubles (times and quantities are integers below 2^53, exact in a double).
 * NaN is "none". Word columns hold codes; their names go out with the table. The hash covers name, order and every value.
 */
import type { Code } from '../kernel/code.ts'
import { fingerprint } from './fingerprint.ts'

/** What a column holds: a whole number, a real number, or a word of a vocabulary. */
export type ColumnKind = 'integer' | 'real' | Code<string>

export type Shape = Readonly<Record<string, ColumnKind>>

/** Rows of a new table. */
export const CAPACITY = 256

export class Table<S extends Shape> {
  readonly name: string
  readonly shape: S
  /** Column values; only the first `count` are rows. Replaced when the table grows: do not keep. */
  readonly col: Record<keyof S & string, Float64Array>
  readonly columns: readonly (keyof S & string)[]
  count = 0
  private readonly optional: readonly (keyof S & string)[]
  private capacity: number

  /** The hash leaves a column of `optional` out while all its values are 0 or none. */
  constructor(name: string, shape: S, capacity = CAPACITY, optional: readonly (keyof S & string)[] = []) {
    this.optional = optional
    this.name = name
    this.shape = shape
    this.columns = Object.keys(shape) as (keyof S & string)[]
    this.capacity = capacity
    // Entries at once: an object that grows key by key becomes a hash table, and each cell a look-up.
    this.col = Object.fromEntries(this.columns.map((column) => [column, new Float64Array(capacity).fill(Number.NaN)])) as Record<
      keyof S & string,
      Float64Array
    >
  }

  /** A new row, all none; fill it through `col`. */
  add(): number {
    if (this.count === this.capacity) {
      // A table that has become long grows in longer steps: each copies every column.
      this.capacity *= this.capacity < 1024 ? 2 : 4
      for (const column of this.columns) {
        const larger = new Float64Array(this.capacity)
        larger.set(this.col[column])
        larger.fill(Number.NaN, this.count)
        this.col[column] = larger
      }
    }
    return this.count++
  }

  /** Fingerprint of the table: its name, column names and the doubles column by column (one NaN). */
  hash(): string {
    const names = this.columns.filter((column) => !this.optional.includes(column) || this.says(column))
    const columns = names.map((column) => this.col[column].subarray(0, this.count))
    for (const values of columns) {
      for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) values[row] = Number.NaN
    }
    return fingerprint([`${this.name}:${names.join(',')}:${this.count};`, ...columns])
  }

  private says(column: keyof S & string): boolean {
    const values = this.col[column]
    for (let row = 0; row < this.count; row++) if (values[row] !== 0 && !Number.isNaN(values[row])) return true
    return false
  }
}
