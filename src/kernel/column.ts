/*
 * Growable columns of numbers: amortised O(1) push, no allocation while the capacity lasts. A view shares the memory
 * until the next growth. A `ColumnTable` grows all its columns together, and its rows are written straight into the arrays: a push that
 * every kind of array shares costs tens of ns a value.
 */
type Typed = Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array

export class Column<T extends Typed> {
  values: T
  count = 0
  private readonly make: (length: number) => T

  constructor(make: (length: number) => T, capacity = 1024) {
    this.make = make
    this.values = make(capacity)
  }

  push(value: number): number {
    if (this.count === this.values.length) {
      const larger = this.make(this.values.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.count] = value
    return this.count++
  }

  /** The filled part, copied to its exact length. */
  toArray(): T {
    return this.values.slice(0, this.count) as T
  }
}

/** A column of a ColumnTable: read and write `values` at rows below the table's count. */
export class TableColumn<T extends Typed> {
  values: T
  private readonly table: ColumnTable

  constructor(table: ColumnTable, values: T) {
    this.table = table
    this.values = values
  }

  /** The rows' values, copied. */
  toArray(): T {
    return this.values.slice(0, this.table.count) as T
  }
}

/** A table whose subclass names its columns (`readonly price = this.int32()`) and adds rows with `extend`. */
export class ColumnTable {
  count = 0
  private capacity: number
  private readonly growers: (() => void)[] = []

  constructor(capacity = 1024) {
    this.capacity = capacity
  }

  protected float64(): TableColumn<Float64Array> {
    return this.column((n) => new Float64Array(n))
  }

  protected int32(): TableColumn<Int32Array> {
    return this.column((n) => new Int32Array(n))
  }

  protected uint8(): TableColumn<Uint8Array> {
    return this.column((n) => new Uint8Array(n))
  }

  /** A new row, all 0. */
  protected extend(): number {
    if (this.count === this.capacity) {
      this.capacity *= 2
      for (const grow of this.growers) grow()
    }
    return this.count++
  }

  private column<T extends Typed>(make: (length: number) => T): TableColumn<T> {
    const column = new TableColumn(this, make(this.capacity))
    this.growers.push(() => {
      const larger = make(this.capacity)
      larger.set(column.values)
      column.values = larger
    })
    return column
  }
}

export const float64Column = (capacity?: number): Column<Float64Array> => new Column((n) => new Float64Array(n), capacity)
export const int32Column = (capacity?: number): Column<Int32Array> => new Column((n) => new Int32Array(n), capacity)
export const uint32Column = (capacity?: number): Column<Uint32Array> => new Column((n) => new Uint32Array(n), capacity)
export const uint8Column = (capacity?: number): Column<Uint8Array> => new Column((n) => new Uint8Array(n), capacity)
export const int8Column = (capacity?: number): Column<Int8Array> => new Column((n) => new Int8Array(n), capacity)
