/*
 * What a tape and its timeline are on disk, beyond the plain cases of tape-store.test.ts: days and wide ids come back, a timeline's cache is used or
 * made again, and a damaged container is never data.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { TapeDays } from '../../src/market/tape-days.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { readContainer, writeContainer } from '../../src/node/container.ts'
import { hashTape, readTape, writeTape } from '../../src/node/tape-store.ts'
import { loadTimeline } from '../../src/node/timeline-store.ts'
import { randomTape, TEST_HEADER } from '../market/random-tape.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'long-tape-store-'))
})
afterAll(() => rmSync(dir, { recursive: true }))
beforeEach(() => {
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true })
})

function twoDays(): Tape {
  const days = new TapeDays()
  days.add(randomTape(1))
  const second = randomTape(2)
  days.add({ ...second, header: { ...second.header, date: '2020-01-03' } })
  return days.finish()
}

function withIds(...ids: readonly number[]): Tape {
  const builder = new TapeBuilder()
  for (const id of ids) builder.push(5, ROW_KIND.of.add, 1, 100, 1, id)
  return builder.finish(TEST_HEADER)
}

describe('a tape on disk', () => {
  it('of several days comes back with them, from Parquet and from the cache', async () => {
    const path = join(dir, 'days.parquet')
    const tape = twoDays()
    await writeTape(path, tape)
    const cached = await readTape(path)
    rmSync(`${path}.cache`)
    for (const read of [cached, await readTape(path)]) {
      expect(read.header).toEqual(tape.header)
      expect(hashTape(read)).toBe(hashTape(tape))
    }
  })

  it.each([
    ['none', [], Uint32Array],
    ['up to 2^32 - 1', [1, 2 ** 32 - 1], Uint32Array],
    ['from 2^32 on', [1, 2 ** 32], Float64Array],
    ['up to 2^53 - 1', [2 ** 53 - 1, 3], Float64Array]
  ])('with ids %s has a column just wide enough, before and after', async (_what, ids, Column) => {
    const path = join(dir, 'ids.parquet')
    const tape = withIds(...ids)
    await writeTape(path, tape)
    const cached = await readTape(path)
    rmSync(`${path}.cache`)
    for (const { orderId } of [tape, cached, await readTape(path)]) {
      expect(orderId).toBeInstanceOf(Column)
      expect([...orderId]).toEqual(ids)
    }
  })

  it('has one hash whatever the width of its ids', () => {
    const narrow = withIds(1, 2, 3)
    expect(hashTape({ ...narrow, orderId: Float64Array.from(narrow.orderId) })).toBe(hashTape(narrow))
  })
})

describe("a timeline's cache", () => {
  it('gives the timeline that was built, in shared memory', async () => {
    const path = join(dir, 'a.timeline')
    const tape = twoDays()
    const shares: number[] = []
    const built = await loadTimeline(tape, 'key', path, (share) => shares.push(share))
    const written = statSync(path).mtimeMs
    const read = await loadTimeline(tape, 'key', path, () => expect.unreachable('built again'))
    expect(shares).toEqual([0.5, 1])
    expect(read.arrays).toEqual(built.arrays)
    expect(built.arrays).toEqual(buildTimeline(tape).arrays)
    expect(read.bidLevelCount).toBe(built.bidLevelCount)
    expect(statSync(path).mtimeMs).toBe(written)
    for (const array of Object.values(read.arrays)) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('of another tape, cut off or changed in any byte is built again', async () => {
    const path = join(dir, 'a.timeline')
    const tape = randomTape(3, { rowCount: 20 })
    const { arrays } = await loadTimeline(tape, 'key', path)
    const good = readFileSync(path)
    const spoilt = [good.subarray(0, good.length - 64), Buffer.alloc(0), Buffer.from('tailtax\n')]
    // Bytes 56 to 63 are filling that nothing reads.
    for (let at = 0; at < good.length; at += at === 55 ? 9 : 5) {
      const changed = Buffer.from(good)
      changed[at] ^= 1
      spoilt.push(changed)
    }
    for (const bytes of spoilt) {
      writeFileSync(path, bytes)
      expect((await loadTimeline(tape, 'key', path)).arrays).toEqual(arrays)
      expect(readFileSync(path).equals(good)).toBe(true)
    }
    await loadTimeline(randomTape(4), 'other', path)
    expect(readFileSync(path).equals(good)).toBe(false)
  })
})

describe('a damaged container', () => {
  it('with any bytes in any place is read as it was written or refused, whatever its checksum would say', () => {
    const path = join(dir, 'c')
    writeContainer(path, { header: { a: [1] }, arrays: { x: Float64Array.of(1, 2, 3), y: Uint8Array.of(9) } })
    const good = readFileSync(path)
    const before = readContainer(path)
    const patch = fc.tuple(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }))
    fc.assert(
      fc.property(fc.array(patch, { minLength: 1, maxLength: 3 }), fc.nat(good.length + 64), (patches, length) => {
        const bytes = Buffer.alloc(length)
        good.copy(bytes)
        for (const [at, values] of patches) bytes.set(values.subarray(0, Math.max(0, length - at)), Math.min(at, length))
        writeFileSync(path, bytes)
        try {
          expect(readContainer(path)).toEqual(before)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect(String(error)).toContain(path)
        }
      }),
      { numRuns: 600 }
    )
  })

  const index = (arrays: unknown): string => JSON.stringify({ header: null, arrays })
  it.each([
    ['no list of arrays', index(5)],
    ['an entry that is none', index([null])],
    ['a type that is none', index([{ name: 'x', type: 'toString', length: 1, offset: 0 }])],
    ['a negative length', index([{ name: 'x', type: 'Uint8Array', length: -1, offset: 0 }])],
    ['a length beyond all memory', index([{ name: 'x', type: 'Float64Array', length: 2 ** 52, offset: 0 }])],
    ['an array over another', index([1, 2].map((name) => ({ name: String(name), type: 'Uint8Array', length: 1, offset: 0 })))],
    ['an array before the first', index([{ name: 'x', type: 'Uint8Array', length: 1, offset: -64 }])],
    ['less than there is', index([])],
    ['no JSON', '{"header": ']
  ])('whose index says %s is refused before its arrays are made', (_what, json) => {
    const path = join(dir, 'c')
    const bytes = Buffer.alloc(64 * 6)
    bytes.write('tailtax\n')
    bytes.writeUInt32LE(1, 8)
    bytes.writeUInt32LE(json.length, 12)
    bytes.writeDoubleLE(bytes.length, 16)
    bytes.write(json, 64)
    writeFileSync(path, bytes)
    expect(() => readContainer(path)).toThrow(/^.*c: (its index is damaged|its array \w is out of place|there is more in it)/)
  })
})
