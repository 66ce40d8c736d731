import { describe, expect, it } from 'vitest'
import { GrowingColumn } from '../../src/kernel/growing-column.ts'

/** A column of the numbers 0..count-1. */
function counted(count: number, capacity: number): GrowingColumn<Float64Array> {
  const column = new GrowingColumn(Float64Array, capacity)
  for (let i = 0; i < count; i++) {
    if (i === column.values.length) column.grow()
    column.values[i] = i
  }
  return column
}

describe('a growing column', () => {
  // 65,536 is where it moves into a growable buffer.
  it.each([
    [0, 1],
    [1, 1],
    [1000, 3],
    [65_536, 65_536],
    [65_537, 1],
    [300_000, 1000],
    [300_000, 200_000]
  ])('of %d values from a capacity of %d ends with exactly these, in shared memory', (count, capacity) => {
    const values = counted(count, capacity).finish(count)
    expect(values.length).toBe(count)
    expect(values.buffer).toBeInstanceOf(SharedArrayBuffer)
    for (let i = 0; i < count; i++) if (values[i] !== i) expect.unreachable(`value ${i} is ${values[i]}`)
  })

  it('in a growable buffer is not copied to grow: a view taken before sees what is written after', () => {
    const column = counted(70_000, 1)
    const before = column.values
    column.grow()
    column.values[5] = -5
    expect(before[5]).toBe(-5)
    expect(column.values.length).toBe(2 * before.length)
  })

  it('is empty after it was finished, and what it gave stays as it is', () => {
    const column = counted(70_000, 1)
    const values = column.finish(70_000)
    column.values[0] = 99
    expect(values[0]).toBe(0)
  })
})
