import { xxhash128 } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { code } from '../../src/kernel/code.ts'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { fingerprint } from '../../src/ledger/fingerprint.ts'
import { createLedger, hashLedger } from '../../src/ledger/ledger.ts'
import { Table } from '../../src/ledger/table.ts'

describe('a fingerprint', () => {
  // XXH128 of nothing and of "a" with seed 0, as xxhsum -H2 prints them.
  it('is XXH128', () => {
    expect(fingerprint([])).toBe('99aa06d3014798d86001c324468d497f')
    expect(fingerprint(['a'])).toBe('a96faf705af16834e6c632b61e964e1f')
  })

  it('is of the bytes, however they are parted', () => {
    expect(fingerprint(['ab', '', 'c'])).toBe(fingerprint(['abc']))
  })
})

describe('a ledger table', () => {
  it('starts rows as none and keeps what was written when it grows', () => {
    const table = new Table('t', { a: 'integer', b: 'real' }, 2)
    for (let i = 0; i < 5; i++) {
      const row = table.add()
      table.col.a[row] = i
    }
    expect([...table.col.a.subarray(0, table.count)]).toEqual([0, 1, 2, 3, 4])
    expect(Number.isNaN(table.col.b[4])).toBe(true)
  })

  it('hashes its name, column names and values as XXH128 of their bytes', async () => {
    const table = new Table('t', { a: 'integer', w: code('x', 'y') })
    const row = table.add()
    table.col.a[row] = 7
    table.col.w[row] = 1
    const bytes = Buffer.concat([
      Buffer.from('t:a,w:1;'),
      Buffer.from(new Float64Array([7]).buffer),
      Buffer.from(new Float64Array([1]).buffer)
    ])
    expect(table.hash()).toBe(await xxhash128(bytes))
  })

  it('has one hash for every NaN', () => {
    const make = (bits: bigint): Table<{ a: 'real' }> => {
      const table = new Table('t', { a: 'real' })
      table.add()
      new BigUint64Array(table.col.a.buffer)[0] = bits
      return table
    }
    expect(make(0x7ff8000000000001n).hash()).toBe(make(0xfff8000000000000n).hash())
  })
})

describe('the ledger', () => {
  it('hashes differently after any one value of any table has changed', () => {
    const reference = hashLedger(createLedger())
    for (const name of Object.keys(createLedger()) as (keyof ReturnType<typeof createLedger>)[]) {
      const ledger = createLedger()
      ledger[name].add()
      expect(hashLedger(ledger), name).not.toBe(reference)
    }
  })
})

describe('conservation', () => {
  const stage = { stage: 'gate', entered: 5, left: 2, rejected: 1, dropped: 1, held: 1 }

  it('holds when everything that entered is accounted for', () => {
    expect(() => checkConservation([stage])).not.toThrow()
  })

  it('names the stage that lost something, and its sums', () => {
    expect(() => checkConservation([{ ...stage, left: 1 }])).toThrow(
      'gate lost something: 5 entered, 1 left, 1 rejected, 1 dropped, 1 held'
    )
  })
})
