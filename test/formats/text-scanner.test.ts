import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteChunks } from '../../src/formats/byte-chunks.ts'
import { ROW_BYTES_MAX, TextScanner } from '../../src/formats/text-scanner.ts'
import { chunksOf } from './byte-chunks.ts'
import { secondsOf } from './recorded-exchange.ts'

/** All rows of a text, each read by `read`. */
async function readAll<T>(text: string, read: (scanner: TextScanner) => T, chunkBytes?: number): Promise<T[]> {
  const scanner = new TextScanner(chunksOf('f.csv', text, chunkBytes))
  const rows: T[] = []
  for (;;) {
    if (scanner.advance()) rows.push(read(scanner))
    else if (!(await scanner.fill())) return rows
  }
}

const time = (scanner: TextScanner): number => scanner.secondsToNs('time')
const number = (scanner: TextScanner): number => scanner.integer('size')

describe('times', () => {
  it('are integers of ns, exact for every ns of a day, trailing zeros left out or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 86_399_999_999_999 }), fc.boolean(), async (ns, padded) => {
        const text = padded ? `${Math.floor(ns / 1e9)}.${String(ns % 1e9).padStart(9, '0')}` : secondsOf(ns)
        expect(await readAll(text, time)).toEqual([ns])
      })
    )
  })

  it('with more than nine decimals are rounded to the ns, a half up', async () => {
    expect(await readAll('43002.632812672004\n1.0000000005\n1.00000000049\n1.9999999999\n', time)).toEqual([
      43_002_632_812_672, 1_000_000_001, 1_000_000_000, 2_000_000_000
    ])
  })

  it.each([
    ['', 'the row ends before'],
    ['x', 'the time "x" is not seconds after midnight'],
    ['-1', 'the time "-1" is not'],
    ['1.', 'the time "1." is not'],
    ['1e5', 'the time "1e5" is not'],
    ['1.5.5', 'the time "1.5.5" is not'],
    ['99999', 'more than 86400 seconds'],
    [`1.${'3'.repeat(19)}`, 'is not seconds after midnight']
  ])('"%s" is refused', async (text, message) => {
    const read = (scanner: TextScanner): number => {
      if (text === '') scanner.integer('first')
      return scanner.secondsToNs('time')
    }
    await expect(readAll(`${text === '' ? '1' : text}\n`, read)).rejects.toThrow(`f.csv:1: `)
    await expect(readAll(`${text === '' ? '1' : text}\n`, read)).rejects.toThrow(message)
  })
})

describe('whole numbers', () => {
  it('are read with their sign as far as a double is exact', async () => {
    expect(await readAll('0\n-0\n-12\n9007199254740991\n', number)).toEqual([0, 0, -12, 9_007_199_254_740_991])
    for (const beyond of ['9007199254740992', '9999999999999999', '10000000000000000', '00000000000000001']) {
      await expect(readAll(`1\n${beyond}\n`, number)).rejects.toThrow('f.csv:2: the size is above 9007199254740991')
    }
  })

  it.each(['+1', '1.0', '--1', '-', '', ' 1', '1 ', '0x1', '\u00e9'])('"%s" is refused at its line', async (text) => {
    await expect(readAll(`7,1\n${text},1\n`, number)).rejects.toThrow(/^f\.csv:2: the size ".{0,4}" is not a whole number; /)
  })
})

describe('rows', () => {
  it('are the same however the bytes are cut into chunks', async () => {
    const text = '1,2\r\n-3,44\n555,6666\n7,8'
    const pair = (scanner: TextScanner): number[] => [number(scanner), number(scanner)]
    for (let chunkBytes = 1; chunkBytes <= text.length; chunkBytes++) {
      expect(await readAll(text, pair, chunkBytes)).toEqual([
        [1, 2],
        [-3, 44],
        [555, 6666],
        [7, 8]
      ])
    }
  })

  it('may be followed by empty lines but not parted by them', async () => {
    expect(await readAll('1\n2\n\n\r\n', number)).toEqual([1, 2])
    await expect(readAll('1\n\n\n2\n', number)).rejects.toThrow('f.csv:2: the row is empty')
  })

  it('that never end are given up within one chunk of the limit', async () => {
    const chunk = new Uint8Array(1000).fill(49)
    let given = 0
    const endless: ByteChunks = {
      name: 'f.csv',
      next() {
        given += chunk.length
        return Promise.resolve(chunk)
      }
    }
    const scanner = new TextScanner(endless)
    const drain = async (): Promise<void> => {
      while (!scanner.advance()) await scanner.fill()
    }
    await expect(drain()).rejects.toThrow(`f.csv:1: the row is longer than ${ROW_BYTES_MAX} bytes`)
    expect(given).toBeLessThan(ROW_BYTES_MAX + 3 * chunk.length)
  })
})
