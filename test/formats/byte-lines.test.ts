/* Numbers, ids, instants and words read from bytes, against what the engine's own parsers make of the same text. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANY_UNIT } from '../../src/formats/byte-lines.ts'
import { END, JsonScanner } from '../../src/formats/json-scanner.ts'
import { lookAhead } from '../../src/formats/look-ahead.ts'
import { SymbolFilter } from '../../src/formats/symbol-filter.ts'
import { TextScanner } from '../../src/formats/text-scanner.ts'
import { WordList } from '../../src/formats/word-list.ts'
import { chunksOf } from './byte-chunks.ts'

async function cells<T>(text: string, read: (scanner: TextScanner) => T): Promise<T> {
  const scanner = new TextScanner(chunksOf('f.csv', text))
  expect(await scanner.nextLine()).toBe(true)
  return read(scanner)
}

async function json<T>(text: string, read: (scanner: JsonScanner) => T, chunkBytes?: number): Promise<T> {
  const scanner = new JsonScanner(chunksOf('f.json', text, chunkBytes))
  expect(await scanner.nextLine()).toBe(true)
  return read(scanner)
}

describe('decimals', () => {
  it('are whole numbers of the unit, exactly, however they are written', async () => {
    const decimal = fc.record({
      units: fc.oneof(fc.integer({ min: 0, max: 2 ** 51 }), fc.integer({ min: 0, max: 99_999_999 })),
      places: fc.nat(8),
      negative: fc.boolean()
    })
    await fc.assert(
      fc.asyncProperty(decimal, fc.nat(3), async ({ units, places, negative }, zeros) => {
        const digits = String(units).padStart(places + 1, '0')
        const whole = places === 0 ? digits : digits.slice(0, -places)
        const fraction = places === 0 ? '' : `.${digits.slice(-places)}`
        const text = `${negative ? '-' : ''}${whole}${fraction}${places > 0 ? '0'.repeat(zeros) : ''}`
        const expected = (negative ? 0 - units : units) * 10 ** (8 - places)
        // Beyond 2^53 no double is exact; the grids refuse such values.
        fc.pre(Math.abs(expected) <= 2 ** 53)
        expect(await cells(text, (scanner) => scanner.decimal('price', 8))).toBe(expected)
        expect(await json(`"${text}"`, (scanner) => scanner.decimal('price', 8))).toBe(expected)
        expect(await json(text, (scanner) => scanner.decimal('price', 8))).toBe(expected)
      })
    )
  })

  it.each([
    ['1e-7', 10],
    ['1.5E-07', 15],
    ['2e3', 200_000_000_000],
    ['.5', 50_000_000],
    ['5.', 500_000_000]
  ])('%s is %d units of 10^-8', async (text, units) => {
    expect(await cells(text, (scanner) => scanner.decimal('price', 8))).toBe(units)
  })

  it('with more decimals than the unit has are not whole', async () => {
    expect(Number.isInteger(await cells('1.23456789', (scanner) => scanner.decimal('price', 7)))).toBe(false)
    expect(Number.isInteger(await cells('1.23456780', (scanner) => scanner.decimal('price', 7)))).toBe(true)
    expect(Number.isInteger(await cells('1e-9', (scanner) => scanner.decimal('price', 8)))).toBe(false)
  })

  it.each(['x', '1x', '-', '.', '1..2', '1e', '1e99', '1 ', '--1'])('"%s" is refused', async (text) => {
    await expect(cells(text, (scanner) => scanner.decimal('price', 8))).rejects.toThrow('f.csv:1: the price')
  })

  it('an empty cell is NaN', async () => {
    expect(await cells(',1', (scanner) => [scanner.decimal('price', 2), scanner.decimal('size', 0)])).toEqual([Number.NaN, 1])
  })
})

describe('ids', () => {
  it('are all numbers of 64 bits, as two halves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), async (id) => {
        const halves = await cells(String(id), (scanner) => {
          scanner.id('id')
          return (BigInt(scanner.idHigh) << 32n) + BigInt(scanner.idLow)
        })
        expect(halves).toBe(id)
      })
    )
  })

  it.each(['18446744073709551616', '99999999999999999999', '1x', '-1'])('"%s" is refused', async (text) => {
    await expect(cells(text, (scanner) => scanner.id('id'))).rejects.toThrow('is not an id of 64 bits')
  })
})

describe('instants', () => {
  const seconds = fc.integer({ min: 1_000_000_000, max: 7_000_000_000 })
  const read = (unit: number) => (scanner: TextScanner) => {
    scanner.instant('time', unit)
    return [scanner.seconds, scanner.nanos]
  }

  it('in ISO 8601 are those of the engine', async () => {
    await fc.assert(
      fc.asyncProperty(seconds, fc.nat(999_999_999), async (second, nanos) => {
        const text = new Date(second * 1000).toISOString().replace('.000Z', `.${String(nanos).padStart(9, '0')}Z`)
        expect(await cells(text, read(9))).toEqual([second, nanos])
      })
    )
  })

  it('are counts of any unit, told by its length or given, with decimals or without', async () => {
    expect(await cells('1715175000123456789', read(9))).toEqual([1_715_175_000, 123_456_789])
    expect(await cells('1715175000123456', read(6))).toEqual([1_715_175_000, 123_456_000])
    expect(await cells('1715175000.5', read(0))).toEqual([1_715_175_000, 500_000_000])
    for (const [text, nanos] of [
      ['1715175000', 0],
      ['1715175000.25', 250_000_000],
      ['1715175000123', 123_000_000],
      ['1715175000123.5', 123_500_000],
      ['1715175000123456789', 123_456_789]
    ] as const)
      expect(await cells(text, read(ANY_UNIT))).toEqual([1_715_175_000, nanos])
  })

  it.each(['x', '2024-05-08', '2024-13-08T00:00:00Z', '2024-05-08T00:00', '20240508T000000Z', '99999999999999999999'])(
    '"%s" is refused',
    async (text) => {
      await expect(cells(text, read(9))).rejects.toThrow('is not an instant since 1970')
    }
  )
})

describe('words', () => {
  it('are found in a list whatever the list, and no others are', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-', '0'), maxLength: 6 })
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 30 }), word, (words, other) => {
        const list = new WordList(words)
        const bytes = new TextEncoder().encode(`,${words.join(',')},${other}`)
        let at = 1
        for (const [index, known] of words.entries()) {
          expect(list.find(bytes, at, at + known.length)).toBe(index)
          at += known.length + 1
        }
        expect(list.find(bytes, bytes.length - other.length, bytes.length)).toBe(words.indexOf(other))
      })
    )
  })

  it('a symbol is the one asked for, in either case, or the only one', () => {
    const takes = (filter: SymbolFilter, name: string): boolean => {
      const bytes = new TextEncoder().encode(name)
      return filter.takes(bytes, 0, bytes.length, (what) => {
        throw new Error(what)
      })
    }
    const asked = new SymbolFilter('btcusdt')
    expect([takes(asked, 'BTCUSDT'), takes(asked, 'ETHUSDT'), takes(asked, 'BTCUSD'), asked.taken]).toEqual([
      true,
      false,
      false,
      'BTCUSDT'
    ])
    // Letters alone have two cases.
    expect(takes(new SymbolFilter('A-1'), `A${String.fromCharCode(45 ^ 32)}1`)).toBe(false)
    const only = new SymbolFilter(undefined)
    expect([takes(only, 'X'), takes(only, 'X')]).toEqual([true, true])
    expect(() => takes(only, 'Y')).toThrow('the file has several symbols; choose one, such as --symbol X or --symbol Y')
  })
})

describe('JSON', () => {
  it('of any shape is stepped over to its end, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 1, max: 50 }), async (value, chunkBytes) => {
        const text = `{ "x" : ${JSON.stringify(value)} , "y":7}`
        const keys = new WordList(['x', 'y'])
        const found = await json(
          text,
          (scanner) => {
            scanner.openObject('message')
            expect(scanner.key(keys)).toBe(0)
            scanner.skip()
            expect(scanner.key(keys)).toBe(1)
            const y = scanner.integer('y')
            expect(scanner.key(keys)).toBe(END)
            scanner.endLine()
            return y
          },
          chunkBytes
        )
        expect(found).toBe(7)
      })
    )
  })

  it('levels are side, price and quantity; more elements of a level are let through', async () => {
    const into = { values: new Float64Array(3), count: 0 }
    await json('[["1.5","2"],[3,0.25,"x"],[]]'.replace(',[]', ''), (scanner) => scanner.levels(-1, 1, 2, into))
    expect([...into.values.subarray(0, 6)]).toEqual([-1, 15, 200, -1, 30, 25])
  })

  it.each(['{"x":', '{"x"', '{"x":1', '{"x" 1}', '{x:1}', '{"x":[1,2}', '{"x":"'])('%s is refused', async (text) => {
    const read = (scanner: JsonScanner): void => {
      scanner.openObject('message')
      while (scanner.key(new WordList([])) !== END) scanner.skip()
      scanner.endLine()
    }
    await expect(json(text, read)).rejects.toThrow('f.json:1: the message is not JSON')
  })

  it('values inside too many others are refused', async () => {
    await expect(json('['.repeat(100), (scanner) => scanner.skip())).rejects.toThrow('more than 64 others')
  })

  it('a line that never ends is given up, and not copied for each chunk', async () => {
    const piece = new Uint8Array(65_536).fill(49)
    let given = 0
    const scanner = new JsonScanner({
      name: 'f.json',
      next: () => {
        given += piece.length
        return Promise.resolve(piece)
      }
    })
    await expect(scanner.nextLine()).rejects.toThrow('f.json:1: the row is longer than 16777216 bytes')
    expect(given).toBeLessThan(17_000_000)
  })
})

describe('a look ahead', () => {
  it('finds a word however it is cut, and gives the file whole', async () => {
    const text = 'some {"lastUpdateId":5} text'
    for (let chunkBytes = 1; chunkBytes <= text.length; chunkBytes++) {
      const { source, isThere } = await lookAhead(chunksOf('f', text, chunkBytes), 'lastUpdateId')
      expect(isThere).toBe(true)
      let read = ''
      for (let chunk = await source.next(); chunk !== null; chunk = await source.next()) read += new TextDecoder().decode(chunk)
      expect(read).toBe(text)
    }
    expect((await lookAhead(chunksOf('f', 'lastUpdateI'), 'lastUpdateId')).isThere).toBe(false)
  })
})
