import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RowColumn, readColumnRows } from '../../src/formats/column-rows.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { chunksOf } from './byte-chunks.ts'

const COLUMNS: readonly RowColumn[] = [
  { name: 'tNs', ascending: true },
  { name: 'type', words: ['new', 'replace', 'cancel'] },
  { name: 'bytes', low: 1, high: 1000 },
  { name: 'txTimeNs', optional: true, low: -100 }
]

async function read(text: string | Uint8Array, chunkBytes?: number, others = false): Promise<number[][]> {
  const rows: number[][] = []
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  await readColumnRows(chunksOf('f.csv', bytes, chunkBytes), COLUMNS, (values) => rows.push([...values]), others)
  return rows
}

const HEAD = 'tNs,type,bytes,txTimeNs\n'
const GOOD = `${HEAD}0,new,200,\n5,cancel,120,7\n5,replace,1,-3\n`
const ROWS = [
  [0, 0, 200, Number.NaN],
  [5, 2, 120, 7],
  [5, 1, 1, -3]
]

describe('rows by the names of their columns', () => {
  it('are numbers; words are their place in the list; an empty optional cell is NaN', async () => {
    expect(await read(GOOD)).toEqual(ROWS)
  })

  it('may have their columns in any order, line ends of either kind, a byte order mark, no last line end', async () => {
    const mixed = '\ufefftxTimeNs,bytes,type,tNs\r\n,200,new,0\r\n7,120,cancel,5\r\n-3,1,replace,5'
    expect(await read(mixed)).toEqual(ROWS)
  })

  it('may leave an optional column out, and have others where those are let through', async () => {
    expect(await read('tNs,type,bytes\n1,new,2\n')).toEqual([[1, 0, 2, Number.NaN]])
    expect(await read('tNs,note,type,bytes\n1,any thing,new,2\n', undefined, true)).toEqual([[1, 0, 2, Number.NaN]])
  })

  it('are the same however the bytes are cut', async () => {
    for (let size = 1; size < GOOD.length; size++) expect(await read(GOOD, size)).toEqual(ROWS)
  })

  it('may have whole numbers written as doubles', async () => {
    expect(await read('tNs,type,bytes\n1.0,new,2.000\n')).toEqual([[1, 0, 2, Number.NaN]])
    await expect(read('tNs,type,bytes\n1.01,new,2\n')).rejects.toThrow('the tNs "1.01" is not a whole number')
    await expect(read('tNs,type,bytes\n1.,new,2\n')).rejects.toThrow('the tNs "1." is not a whole number')
  })

  it('may be none', async () => {
    expect(await read(HEAD)).toEqual([])
  })
})

describe('faults name file and line', () => {
  it.each([
    ['', 'f.csv:1: is empty; its head is tNs,type,bytes,txTimeNs'],
    ['tNs,type\n', 'f.csv:1: has no column bytes; its head is tNs,type,bytes,txTimeNs'],
    ['0,new,200,\n', 'f.csv:1: has no column tNs; its head is'],
    ['tNs,type,bytes,size\n', 'f.csv:1: "size" is not a known column; there are tNs,type,bytes,txTimeNs'],
    ['tNs,type,bytes,tNs\n', 'f.csv:1: the column tNs is there twice'],
    [`${HEAD}0,new,200\n`, 'f.csv:2: the row ends before its txTimeNs'],
    [`${HEAD}0,new,200,,\n`, 'f.csv:2: the row does not have the 4 cells of the head'],
    [`${HEAD}0,new,200,\n1,buy,200,\n`, 'f.csv:3: the type "buy" is not one of new, replace, cancel'],
    [`${HEAD}0,new,200,\n1,new,x,\n`, 'f.csv:3: the bytes "x" is not a whole number'],
    [`${HEAD}1.5,new,200,\n`, 'f.csv:2: the tNs "1.5" is not a whole number'],
    [`${HEAD},new,200,\n`, 'f.csv:2: the tNs "" is not a whole number'],
    [`${HEAD}-1,new,200,\n`, 'f.csv:2: the tNs is -1; it must be at least 0'],
    [`${HEAD}1,new,0,\n`, 'f.csv:2: the bytes is 0; it must be at least 1'],
    [`${HEAD}1,new,1001,\n`, 'f.csv:2: the bytes is 1001; it must be at most 1000'],
    [`${HEAD}9,new,5,\n8,new,5,\n`, 'f.csv:3: the tNs goes back in time, from 9 to 8; sort the rows by it'],
    [`${HEAD}9,new,5,\n\n9,new,5,\n`, 'f.csv:3: the row is empty']
  ])('%j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(InputError)
    await expect(read(text)).rejects.toThrow(message)
  })

  it('damaged bytes end in rows that keep the rules or in one located fault', async () => {
    const damage = fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: 80 }), async (flips, size) => {
        const bytes = new TextEncoder().encode(GOOD)
        for (const { at, bit } of flips) bytes[at % bytes.length] ^= 1 << bit
        try {
          let before = 0
          for (const [tNs, type, count] of await read(bytes, size)) {
            expect(tNs).toBeGreaterThanOrEqual(before)
            expect(type).toBeLessThan(3)
            expect(count >= 1 && count <= 1000).toBe(true)
            before = tNs
          }
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^f\.csv:\d+: [^\n]+$/)
        }
      }),
      { seed: 3, numRuns: 1500 }
    )
  })
})
