/* Damaged files: each ends in a tape that keeps T1 and T2 or in one located InputError; nothing else, and soon. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importLobster } from '../../src/formats/lobster.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { checkTape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'
import { recordExchange } from './recorded-exchange.ts'

const DAY = { symbol: 'ABC', date: '2020-01-02' }
const { messages, orderbook } = recordExchange(3, { depth: 2, before: 12, eventCount: 40 })
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** "tape" or "error"; anything else fails the test. */
async function outcome(messageBytes: Uint8Array, bookBytes: Uint8Array | null): Promise<'tape' | 'error'> {
  try {
    const book = bookBytes === null ? null : chunksOf('book.csv', bookBytes)
    checkTape(await importLobster(chunksOf('messages.csv', messageBytes), book, DAY))
    return 'tape'
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toMatch(/^(messages|book)\.csv:\d+: .+$/)
    return 'error'
  }
}

describe('truncation at every byte', () => {
  it('of the message file is an error unless rows are whole; with the orderbook file the counts differ', async () => {
    const bytes = bytesOf(messages)
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length)
      expect(await outcome(cut, bytesOf(orderbook))).toBe(length === bytes.length - 1 ? 'tape' : 'error')
      const wholeRows = length > 0 && (bytes[length] === 10 || bytes[length - 1] === 10)
      expect(await outcome(cut, null)).toBe(wholeRows ? 'tape' : 'error')
    }
  })

  it('of the orderbook file is an error, also inside the digits of the very last size', async () => {
    const bytes = bytesOf(orderbook)
    for (let length = 0; length < bytes.length; length++) {
      expect(await outcome(bytesOf(messages), bytes.subarray(0, length))).toBe('error')
    }
    // Two files written without a last line end are whole.
    expect(await outcome(bytesOf(messages.trimEnd()), bytesOf(orderbook.trimEnd()))).toBe('tape')
  })
})

describe('random damage', () => {
  const damage = fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { minLength: 1, maxLength: 4 })
  it('flipped bits', async () => {
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), fc.boolean(), async (flips, ofBook, withBook) => {
        const pair = [bytesOf(messages), bytesOf(orderbook)]
        const target = pair[ofBook && withBook ? 1 : 0]
        for (const { at, bit } of flips) target[at % target.length] ^= 1 << bit
        await outcome(pair[0], withBook ? pair[1] : null)
      }),
      { numRuns: 1500 }
    )
  })

  it('fields of absurd length or value', async () => {
    const field = fc.constantFrom(
      '',
      '-',
      '9'.repeat(15),
      '9'.repeat(300),
      '2147483647',
      '2147483648',
      '-1',
      '0',
      '1e9',
      'NaN',
      '\0',
      '"1"'
    )
    await fc.assert(
      fc.asyncProperty(field, fc.nat(), fc.boolean(), fc.boolean(), async (text, at, ofBook, withBook) => {
        const replaced = (file: string): Uint8Array => {
          const fields = file.split(/([,\n])/)
          fields[2 * (at % Math.floor(fields.length / 2))] = text
          return bytesOf(fields.join(''))
        }
        const book = ofBook ? replaced(orderbook) : bytesOf(orderbook)
        await outcome(ofBook ? bytesOf(messages) : replaced(messages), withBook ? book : null)
      }),
      { numRuns: 1500 }
    )
  })

  it('any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, asBook) => {
        if (asBook) await outcome(bytesOf(messages), bytes)
        else await outcome(bytes, null)
      })
    )
  })

  it('rows that never end', async () => {
    const long = new Uint8Array(300_000).fill(49)
    expect(await outcome(long, null)).toBe('error')
    expect(await outcome(bytesOf(messages), long)).toBe('error')
    expect(await outcome(bytesOf(`${messages}${'1,'.repeat(100_000)}`), null)).toBe('error')
  })
})
