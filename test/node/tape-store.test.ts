import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder, type TapeHeader } from '../../src/market/tape.ts'
import { readContainer, type TypedArray, writeContainer } from '../../src/node/container.ts'
import { sqlPattern, withDatabase, writeParquet } from '../../src/node/parquet.ts'
import { hashFile, readCache } from '../../src/node/tape-cache.ts'
import { hashTape, readTape, writeTape } from '../../src/node/tape-store.ts'

const HEADER: TapeHeader = {
  symbol: 'O\'Neill "Ü"',
  venue: 'X',
  date: '2020-01-02',
  zone: 'UTC',
  tickUnits: 5,
  priceDecimals: 3,
  lotUnits: 1,
  lotDecimals: 0,
  openNs: 0,
  closeNs: 86_400_000_000_000,
  source: "drawn in a test; it's; {a: 'b'}",
  notes: { recordedRows: 3, beta: 2 }
}

/** Three recorded rows behind a seed. */
function smallTape(header: TapeHeader = HEADER): Tape {
  const rows = new TapeBuilder(4)
  rows.push(1000, ROW_KIND.of['level-set'], -1, 101, 7, 0, ROW_FLAG.added)
  rows.push(1000, ROW_KIND.of.add, 1, 99, 10, 9_007_199_254_740_991)
  rows.push(86_399_999_999_999, ROW_KIND.of['execute-hidden'], 1, 100, 2, 0, ROW_FLAG.between)
  rows.push(86_399_999_999_999, ROW_KIND.of.halt, 0, 0, 0, 0)
  return rows.finish(header)
}

function columnsOf(tape: Tape): number[][] {
  return [tape.tNs, tape.kind, tape.side, tape.flags, tape.priceTicks, tape.lots, tape.orderId].map((column) => [...column])
}

let dir = ''
let path = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tape-store-'))
})
afterAll(() => rmSync(dir, { recursive: true }))
beforeEach(() => {
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true })
  path = join(dir, 'day.parquet')
})

/** Reads the tape with the cache removed. */
async function readParquetOf(tapePath: string): Promise<Tape> {
  rmSync(`${tapePath}.cache`, { force: true })
  return readTape(tapePath)
}

describe('a tape on disk', () => {
  it('comes back the same from Parquet and from the cache, in shared memory', async () => {
    const tape = smallTape()
    await writeTape(path, tape)
    for (const read of [await readTape(path), await readParquetOf(path)]) {
      expect(columnsOf(read)).toEqual(columnsOf(tape))
      expect(read.header).toEqual(HEADER)
      expect(read.count).toBe(4)
      expect(hashTape(read)).toBe(hashTape(tape))
      expect(read.tNs.buffer).toBeInstanceOf(SharedArrayBuffer)
      expect(read.kind.buffer).toBeInstanceOf(SharedArrayBuffer)
    }
    expect(readdirSync(dir).sort()).toEqual(['day.parquet', 'day.parquet.cache'])
  })

  it('comes back the same for any rows, also more than one chunk of the database', async () => {
    const row = fc.tuple(
      fc.nat(9),
      fc.constantFrom(1, -1),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.nat(2 ** 31 - 2)
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), fc.constantFrom(1, 1, 100), async (rows, copies) => {
        const builder = new TapeBuilder(1)
        let tNs = 0
        for (let copy = 0; copy < copies; copy++) {
          for (const [kind, side, priceTicks, lots] of rows) {
            tNs += lots
            builder.push(tNs, kind, side, priceTicks, lots + 1, lots * 1_000_003, lots % 4)
          }
        }
        const tape = builder.finish(HEADER)
        await writeTape(path, tape)
        const read = await readParquetOf(path)
        expect(columnsOf(read)).toEqual(columnsOf(tape))
      }),
      { numRuns: 15 }
    )
  })

  it('the same tape gives the same bytes', async () => {
    await writeTape(path, smallTape())
    const first = readFileSync(path)
    await writeTape(path, smallTape())
    expect(readFileSync(path).equals(first)).toBe(true)
  })

  it('has columns that any reader of Parquet understands', async () => {
    await writeTape(path, smallTape())
    const from = `FROM read_parquet(${sqlPattern(path)})`
    const described = await withDatabase(async (connection) =>
      (await connection.runAndReadAll(`DESCRIBE SELECT * ${from}`)).getRows()
    )
    expect(described.map(([name, type]) => `${name} ${type}`)).toEqual([
      't_ns BIGINT',
      'kind VARCHAR',
      'side TINYINT',
      'price_ticks INTEGER',
      'price DOUBLE',
      'lots INTEGER',
      'order_id BIGINT',
      'added BOOLEAN',
      'between_ticks BOOLEAN'
    ])
    const rows = await withDatabase(async (connection) => (await connection.runAndReadAll(`SELECT * ${from}`)).getRows())
    // A tick is 5 / 10^3 = 0.005: 101 ticks are 0.505.
    expect(rows[0]).toEqual([1000n, 'level-set', -1, 101, 0.505, 7, 0n, true, false])
    expect(rows[1]).toEqual([1000n, 'add', 1, 99, 0.495, 10, 9_007_199_254_740_991n, false, false])
    expect(rows[2]).toEqual([86_399_999_999_999n, 'execute-hidden', 1, 100, 0.5, 2, 0n, false, true])
  })

  it('may have a path with the wildcards and quotes of the database', async () => {
    for (const name of ["it's.parquet", 'a*b.parquet', 'a[b].parquet', 'a?{1,2}.parquet', 'ä ö.parquet']) {
      await writeTape(join(dir, name), smallTape())
      expect((await readParquetOf(join(dir, name))).count).toBe(4)
    }
    // A neighbour that the wildcard would also match is not read with it.
    await writeTape(join(dir, 'a*.parquet'), smallTape())
    expect((await readParquetOf(join(dir, 'a*.parquet'))).count).toBe(4)
  })
})

describe('hashTape', () => {
  it('differs when any column or any part of the header differs, and not with the order of the notes', () => {
    const base = smallTape()
    const change = <T extends TypedArray>(column: T): T => {
      const copy = column.slice() as T
      copy[2]++
      return copy
    }
    const others: Tape[] = [
      { ...base, tNs: change(base.tNs) },
      { ...base, kind: change(base.kind) },
      { ...base, side: change(base.side) },
      { ...base, flags: change(base.flags) },
      { ...base, priceTicks: change(base.priceTicks) },
      { ...base, lots: change(base.lots) },
      { ...base, orderId: change(base.orderId) },
      { ...base, header: { ...HEADER, symbol: 'other' } },
      { ...base, header: { ...HEADER, closeNs: 1 } },
      { ...base, header: { ...HEADER, notes: { recordedRows: 4 } } }
    ]
    expect(new Set([base, ...others].map(hashTape)).size).toBe(others.length + 1)
    expect(hashTape({ ...base, header: { ...HEADER, notes: { beta: 2, recordedRows: 3 } } })).toBe(hashTape(base))
  })
})

describe('the cache', () => {
  it('is used when it is of the present content', async () => {
    await writeTape(path, smallTape())
    expect(readCache(path, hashFile(path))?.count).toBe(4)
    expect(readCache(path, 'another content')).toBeNull()
  })

  it('with any byte changed is not used, and is made again', async () => {
    await writeTape(path, smallTape())
    const cache = `${path}.cache`
    const good = readFileSync(cache)
    const contentHash = hashFile(path)
    for (let at = 0; at < good.length; at++) {
      const bad = Uint8Array.from(good)
      bad[at] ^= 0x10
      writeFileSync(cache, bad)
      // Bytes 56 to 63 are filling that nothing reads.
      if (at < 56 || at >= 64) expect(readCache(path, contentHash)).toBeNull()
    }
    writeFileSync(cache, good.subarray(0, good.length - 1))
    expect(columnsOf(await readTape(path))).toEqual(columnsOf(smallTape()))
    expect(readFileSync(cache).equals(good)).toBe(true)
  })

  it('of a tape that was replaced is not used', async () => {
    await writeTape(path, smallTape())
    const stale = readFileSync(`${path}.cache`)
    await writeTape(path, smallTape({ ...HEADER, symbol: 'NEW' }))
    writeFileSync(`${path}.cache`, stale)
    expect((await readTape(path)).header.symbol).toBe('NEW')
  })

  it('that cannot be written does no harm', async () => {
    mkdirSync(`${path}.cache`)
    await writeTape(path, smallTape())
    expect((await readTape(path)).count).toBe(4)
    expect(readdirSync(dir).sort()).toEqual(['day.parquet', 'day.parquet.cache'])
  })
})

describe('what is no tape is one line', () => {
  it.each([
    ['a missing file', (): void => undefined, 'there is no such file or directory; check the path'],
    ['a directory', (): void => void mkdirSync(path), 'this is a directory; give a file'],
    ['an empty file', (): void => writeFileSync(path, ''), ''],
    ['another format', (): void => writeFileSync(path, 'row,price\n1,2\n'), '']
  ])('%s', async (_case, make, reason) => {
    make()
    await expect(readTape(path)).rejects.toThrow(`${path}: ${reason}`)
    await expect(readTape(path)).rejects.not.toThrow(/\n/)
  })

  it('a Parquet file of another program', async () => {
    await writeParquet(path, 't', [{ name: 'a', kind: 'integer', values: [1] }])
    await expect(readTape(path)).rejects.toThrow(`${path}: this Parquet file is not a tape (it has no tailtax header)`)
  })

  it('a truncated Parquet file', async () => {
    await writeTape(path, smallTape())
    const whole = readFileSync(path)
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(path, whole.subarray(0, length))
      await expect(readTape(path)).rejects.toThrow(`${path}: `)
    }
  })

  it('rows against the rules of a tape', async () => {
    const tape = smallTape()
    tape.tNs[1] = 5
    await writeTape(path, tape)
    const message = `${path}: tape ${HEADER.symbol}, row 1: the time goes back; import or generate the tape again`
    await expect(readTape(path)).rejects.toThrow(message)
    await expect(readParquetOf(path)).rejects.toThrow(message)
  })

  it('values that are missing, unknown or too large', async () => {
    const edited = async (column: string, sql: string): Promise<void> => {
      await writeTape(join(dir, 'good.parquet'), smallTape())
      await withDatabase(async (connection) => {
        const from = sqlPattern(join(dir, 'good.parquet'))
        const header = (await connection.runAndReadAll(`SELECT decode(value) FROM parquet_kv_metadata(${from})`)).getRows()[0][0]
        const metadata = `KV_METADATA {tailtax: '${String(header).replaceAll("'", "''")}'}`
        await connection.run(
          `COPY (SELECT * REPLACE (${sql} AS ${column}) FROM read_parquet(${from})) TO '${path}' (FORMAT parquet, ${metadata})`
        )
      })
    }
    await edited('lots', 'NULL')
    await expect(readTape(path)).rejects.toThrow(`${path}: row 0: lots is empty or unknown; import the tape again`)
    await edited('kind', "'auction'")
    await expect(readTape(path)).rejects.toThrow(`${path}: row 0: kind is empty or unknown`)
    await edited('price_ticks', '3000000000')
    await expect(readTape(path)).rejects.toThrow(`${path}: `)
    await edited('t_ns', '9007199254740993')
    await expect(readTape(path)).rejects.toThrow('row 0: the time is not a whole number of ns')
  })
})

describe('writing', () => {
  it('that fails leaves the file that was there, and nothing beside it', async () => {
    await writeTape(path, smallTape())
    const before = [readFileSync(path), readFileSync(`${path}.cache`)]
    const broken = { ...smallTape(), kind: Uint8Array.of(1, 2, 3) }
    await expect(writeTape(path, broken)).rejects.toThrow()
    const overflow = smallTape()
    overflow.orderId[0] = Number.POSITIVE_INFINITY
    await expect(writeTape(path, overflow)).rejects.toThrow()
    expect([readFileSync(path), readFileSync(`${path}.cache`)].every((bytes, index) => bytes.equals(before[index]))).toBe(true)
    expect(readdirSync(dir).sort()).toEqual(['day.parquet', 'day.parquet.cache'])
  })

  it('into a directory that is not there is one line', async () => {
    const missing = join(dir, 'none', 'day.parquet')
    await expect(writeTape(missing, smallTape())).rejects.toThrow(
      `${missing}: there is no such file or directory; check the path`
    )
    expect(existsSync(join(dir, 'none'))).toBe(false)
  })
})

describe('a container of arrays', () => {
  it('gives back header and arrays of every type, each in shared memory of its own', () => {
    const file = join(dir, 'c')
    const arrays = {
      a: Float64Array.of(1.5, Number.NaN, -0),
      empty: new Int32Array(0),
      b: Uint8Array.of(1, 2, 255),
      c: Int8Array.of(-128),
      d: Uint32Array.of(2 ** 32 - 1),
      e: Int32Array.of(-1, 5),
      f: new Float64Array(new SharedArrayBuffer(8)),
      g: Float32Array.of(0.5),
      h: Int16Array.of(-3),
      i: Uint16Array.of(65_535)
    }
    writeContainer(file, { header: { any: ['json', 1, null] }, arrays })
    const read = readContainer(file)
    expect(read.header).toEqual({ any: ['json', 1, null] })
    expect(read.arrays).toEqual(arrays)
    for (const array of Object.values(read.arrays)) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(statSync(file).size % 64).toBe(0)
  })

  it('cut at any byte is refused', () => {
    const file = join(dir, 'c')
    writeContainer(file, { header: 1, arrays: { a: Float64Array.of(1, 2) } })
    const whole = readFileSync(file)
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length))
      expect(() => readContainer(file)).toThrow(`${file}: `)
    }
    expect(() => readContainer(join(dir, 'none'))).toThrow('there is no such file')
  })
})
