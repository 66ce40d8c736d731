/*
 * Growable columns of numbers: amortised O(1) push, no allocation while the capacity lasts. A view shares the memory
 * until the next growth.
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

export const float64Column = (capacity?: number): Column<Float64Array> => new Column((n) => new Float64Array(n), capacity)
export const int32Column = (capacity?: number): Column<Int32Array> => new Column((n) => new Int32Array(n), capacity)
export const uint32Column = (capacity?: number): Column<Uint32Array> => new Column((n) => new Uint32Array(n), capacity)
export const uint8Column = (capacity?: number): Column<Uint8Array> => new Column((n) => new Uint8Array(n), capacity)
export const int8Column = (capacity?: number): Column<Int8Array> => new Column((n) => new Int8Array(n), capacity)
