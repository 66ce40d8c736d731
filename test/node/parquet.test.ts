import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InvariantError } from '../../src/kernel/assert.ts'
import { code } from '../../src/kernel/code.ts'
import { Table } from '../../src/ledger/table.ts'
import { type OutputColumn, sqlPattern, withDatabase, writeCsv, writeLedger, writeParquet } from '../../src/node/parquet.ts'

const COLOUR = code('red', "d'or", 'blue')
const COLUMNS: OutputColumn[] = [
  { name: 'id', kind: 'integer', values: [1, Number.NaN, 9_007_199_254_740_991] },
  { name: 'a "real" one', kind: 'real', values: Float64Array.of(0.1, -2.5, Number.NaN) },
  { name: 'colour', kind: 'word', names: COLOUR.names, values: [COLOUR.of.blue, Number.NaN, COLOUR.of["d'or"]] },
  { name: 'text', kind: 'text', values: ['plain', 'with, "quotes"', "it's\nül"] }
]

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'parquet-'))
})
afterAll(() => rmSync(dir, { recursive: true }))
beforeEach(() => {
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true })
})

async function query(sql: string): Promise<unknown[][]> {
  return withDatabase(async (connection) => (await connection.runAndReadAll(sql)).getRows())
}

describe('writeParquet', () => {
  it('keeps order, words and none; integers are exact', async () => {
    const path = join(dir, 't.parquet')
    await writeParquet(path, 'colours', COLUMNS)
    const from = `FROM read_parquet(${sqlPattern(path)})`
    expect(await query(`SELECT * ${from}`)).toEqual([
      [1n, 0.1, 'blue', 'plain'],
      [null, -2.5, null, 'with, "quotes"'],
      [9_007_199_254_740_991n, null, "d'or", "it's\nül"]
    ])
    expect((await query(`DESCRIBE SELECT * ${from}`)).map((row) => row[1])).toEqual(['BIGINT', 'DOUBLE', 'VARCHAR', 'VARCHAR'])
  })

  it('writes a table without rows with its columns', async () => {
    const path = join(dir, 'empty.parquet')
    await writeParquet(path, 'none', [{ name: 'a', kind: 'word', names: COLOUR.names, values: [] }])
    expect(await query(`SELECT count(a), count(*) FROM read_parquet(${sqlPattern(path)})`)).toEqual([[0n, 0n]])
  })

  it('refuses a fraction in a column of whole numbers, and leaves nothing', async () => {
    const columns: OutputColumn[] = [{ name: 'a', kind: 'integer', values: [1.5] }]
    await expect(writeParquet(join(dir, 't.parquet'), 't', columns)).rejects.toThrow(InvariantError)
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('writeCsv', () => {
  it('quotes what must be quoted; none is an empty cell', async () => {
    const path = join(dir, 't.csv')
    await writeCsv(path, COLUMNS)
    expect(readFileSync(path, 'utf8')).toBe(
      'id,"a ""real"" one",colour,text\n1,0.1,blue,plain\n,-2.5,,"with, ""quotes"""\n9007199254740991,,d\'or,"it\'s\nül"\n'
    )
  })

  it('writes a table without rows as its head', async () => {
    await writeCsv(join(dir, 't.csv'), [{ name: 'a', kind: 'real', values: [] }])
    expect(readFileSync(join(dir, 't.csv'), 'utf8')).toBe('a\n')
  })

  it('writes more than the stream holds at once, in order', async () => {
    const values = Float64Array.from({ length: 20_000 }, (_, row) => row)
    await writeCsv(join(dir, 't.csv'), [{ name: 'a', kind: 'integer', values }])
    expect(readFileSync(join(dir, 't.csv'), 'utf8')).toBe(`a\n${[...values].join('\n')}\n`)
  })

  it('into a directory that is not there is one line', async () => {
    const path = join(dir, 'none', 't.csv')
    await expect(writeCsv(path, COLUMNS)).rejects.toThrow(`${path}: there is no such file or directory; check the path`)
  })
})

function ledger() {
  const fills = new Table('fills', { fillId: 'integer', price: 'real', colour: COLOUR }, 1)
  for (let row = 0; row < 3; row++) {
    fills.add()
    fills.col.fillId[row] = row
  }
  fills.col.price[1] = 2.5
  fills.col.colour[2] = COLOUR.of.red
  return { fills, stalls: new Table('stalls', { atNs: 'integer' }), seed: 7 }
}

describe('writeLedger', () => {
  it('writes each table under its name, rows only', async () => {
    const out = join(dir, 'run')
    await writeLedger(out, ledger(), 'parquet')
    await writeLedger(out, ledger(), 'csv')
    expect(readdirSync(out).sort()).toEqual(['fills.csv', 'fills.parquet', 'stalls.csv', 'stalls.parquet'])
    expect(readFileSync(join(out, 'fills.csv'), 'utf8')).toBe('fillId,price,colour\n0,,\n1,2.5,\n2,,red\n')
    expect(await query(`SELECT * FROM read_parquet(${sqlPattern(join(out, 'fills.parquet'))})`)).toEqual([
      [0n, null, null],
      [1n, 2.5, null],
      [2n, null, 'red']
    ])
  })

  it('writes all tables or none, and keeps what else is in the directory', async () => {
    const out = join(dir, 'run')
    mkdirSync(out)
    writeFileSync(join(out, 'notes.txt'), 'mine')
    writeFileSync(join(out, 'fills.parquet'), 'old')
    const broken = ledger()
    broken.stalls.add()
    broken.stalls.col.atNs[0] = 0.5
    await expect(writeLedger(out, broken, 'parquet')).rejects.toThrow('column atNs holds whole numbers')
    expect(readdirSync(out).sort()).toEqual(['fills.parquet', 'notes.txt'])
    expect(readFileSync(join(out, 'fills.parquet'), 'utf8')).toBe('old')
    await expect(writeLedger(join(dir, 'new'), broken, 'parquet')).rejects.toThrow('column atNs holds whole numbers')
    expect(readdirSync(dir)).toEqual(['run'])
  })

  it('over a file is one line', async () => {
    writeFileSync(join(dir, 'file'), '')
    await expect(writeLedger(join(dir, 'file'), ledger(), 'csv')).rejects.toThrow(`${join(dir, 'file')}: `)
  })
})
