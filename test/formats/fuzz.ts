/*
 * Damaged files of any format: each must end in a tape that keeps the tape's rules and that a book accepts, or in one InputError that begins with
 * the file's name; never in another exception, a hang (the test's time runs out) or memory beyond a bound. Give it whole files; it cuts,
 * flips, stuffs and repeats them.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteChunks } from '../../src/formats/byte-chunks.ts'
import type { Format, ImportOptions } from '../../src/formats/format.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { Book } from '../../src/market/book.ts'
import { checkTape, type Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'

export interface FuzzSubject {
  readonly format: Format
  readonly options?: ImportOptions
  /** Whole files, small: every byte of the first is cut at once. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** What a cut inside the first file may still give: a format without lengths or counts can end at any of its rows. */
  readonly cutMayBeWhole?: boolean
}

/** Beyond what a whole file of this size takes: buffers of a few blocks. */
const MEMORY_BYTES_MAX = 400 << 20

async function outcome({ format, options = {} }: FuzzSubject, files: readonly ByteChunks[]): Promise<'tape' | 'error'> {
  const before = process.memoryUsage().arrayBuffers
  try {
    checkRules(await format.read(files, options))
    return 'tape'
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (!files.some(({ name }) => error.message.startsWith(`${name}:`))) throw new Error(`without its place: ${error.message}`)
    expect(error.message).not.toContain('\n')
    return 'error'
  } finally {
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MEMORY_BYTES_MAX)
  }
}

/** T1, T2 and T5 by checkTape; T3 by the book, which refuses an order that is added twice. */
export function checkRules(tape: Tape): void {
  try {
    checkTape(tape)
    const book = new Book()
    for (let row = 0; row < tape.count; row++) book.apply(tape, row)
  } catch (error) {
    throw new Error(`a tape against the rules: ${(error as Error).message}`)
  }
}

/** Registers the tests of one format. */
export function fuzzFormat(subject: FuzzSubject): void {
  const { files, format } = subject
  const withFirst = (bytes: Uint8Array, chunkBytes = 1 << 16): ByteChunks[] =>
    files.map((file, index) => chunksOf(file.name, index === 0 ? bytes : file.bytes, chunkBytes))

  describe(`damaged files of ${format.name}`, () => {
    const [{ name, bytes: whole }] = files

    it('whole, in chunks of any size: the same tape', async () => {
      const tape = await format.read(withFirst(whole), subject.options ?? {})
      checkRules(tape)
      for (const chunkBytes of [1, 7, 64]) {
        const again = await format.read(withFirst(whole, chunkBytes), subject.options ?? {})
        expect(again.header).toEqual(tape.header)
        for (const column of ['tNs', 'kind', 'side', 'flags', 'priceTicks', 'lots', 'orderId'] as const)
          expect(again[column].every((value, row) => value === tape[column][row])).toBe(true)
        expect(again.count).toBe(tape.count)
      }
    })

    it('cut at every byte', async () => {
      for (let length = 0; length < whole.length; length++) {
        const ended = await outcome(subject, withFirst(whole.subarray(0, length)))
        if (subject.cutMayBeWhole !== true) expect(`${length} ${ended}`).toBe(`${length} error`)
      }
    })

    it('with flipped bits', async () => {
      const damage = fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(damage, async (flips) => {
          const bytes = whole.slice()
          for (const { at, bit } of flips) bytes[at % bytes.length] ^= 1 << bit
          await outcome(subject, withFirst(bytes))
        }),
        { numRuns: 300 }
      )
    })

    it('with absurd lengths and values: runs of one byte over it', async () => {
      const run = fc.record({
        at: fc.nat(),
        length: fc.integer({ min: 1, max: 12 }),
        value: fc.constantFrom(0, 0x7f, 0x80, 0xff, 48, 57)
      })
      await fc.assert(
        fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 3 }), async (runs) => {
          const bytes = whole.slice()
          for (const { at, length, value } of runs) bytes.fill(value, at % bytes.length, (at % bytes.length) + length)
          await outcome(subject, withFirst(bytes))
        }),
        { numRuns: 300 }
      )
    })

    it('with bytes put in or taken out', async () => {
      const edit = fc.record({ at: fc.nat(), take: fc.nat(40), put: fc.uint8Array({ maxLength: 20 }) })
      await fc.assert(
        fc.asyncProperty(edit, async ({ at, take, put }) => {
          const from = at % whole.length
          await outcome(subject, withFirst(Uint8Array.from([...whole.subarray(0, from), ...put, ...whole.subarray(from + take)])))
        }),
        { numRuns: 300 }
      )
    })

    it('of any bytes at all, and of another magic', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          await outcome(subject, withFirst(bytes))
        })
      )
      for (const magic of ['PAR1', 'PK\x03\x04', '\x1f\x8b\x08\x00', '\x28\xb5\x2f\xfd', '{"a":1}\n', '<html>', '\xff\xfe', '']) {
        const bytes = Uint8Array.from([...Array.from(magic, (letter) => letter.charCodeAt(0)), ...whole.subarray(magic.length)])
        await outcome(subject, withFirst(bytes))
        await outcome(subject, withFirst(bytes.subarray(0, magic.length)))
      }
    })

    it('that never end: one byte, or the file again and again', async () => {
      for (const piece of [new Uint8Array(65_536), new Uint8Array(65_536).fill(255), new Uint8Array(65_536).fill(49), whole]) {
        for (const start of [new Uint8Array(0), whole]) {
          const rest = files.slice(1).map((file) => chunksOf(file.name, file.bytes))
          await outcome(subject, [endless(name, start, piece), ...rest])
        }
      }
    })
  })
}

/** `start`, then 64 MB of the piece: what a reader that does not stop would hold. */
function endless(name: string, start: Uint8Array, piece: Uint8Array): ByteChunks {
  let left = Math.min(20_000, Math.ceil((64 << 20) / piece.length))
  let isFirst = start.length > 0
  return {
    name,
    next(): Promise<Uint8Array | null> {
      if (isFirst) {
        isFirst = false
        return Promise.resolve(start)
      }
      return Promise.resolve(left-- > 0 ? piece.slice() : null)
    }
  }
}
