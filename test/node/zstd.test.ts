/* Packed input: what it is, is told by its first bytes; damage and cuts are located errors. zstd files are those of ../shared/data. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openBytes } from '../../src/node/byte-source.ts'

const FILE = fileURLToPath(
  new URL('../../../shared/data/databento_dbn/orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst', import.meta.url)
)
const HAVE_DATA = existsSync(FILE)
const dir = mkdtempSync(join(tmpdir(), 'tailtax-zstd-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** "hello hello hello hello\n" as one zstd frame: a raw block, without a checksum (RFC 8878). */
const TEXT = 'hello hello hello hello\n'
const SMALL = Uint8Array.from([
  0x28,
  0xb5,
  0x2f,
  0xfd,
  0x20,
  TEXT.length,
  (TEXT.length << 3) | 1,
  0,
  0,
  ...new TextEncoder().encode(TEXT)
])

function stored(name: string, bytes: Uint8Array): string {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  return path
}

async function unpacked(path: string): Promise<string> {
  const file = openBytes(path)
  try {
    let text = ''
    for (let chunk = await file.next(); chunk !== null; chunk = await file.next()) text += Buffer.from(chunk).toString('latin1')
    return text
  } finally {
    file.close()
  }
}

describe('packed input', () => {
  it('is told by its first bytes, whatever its name; frames may follow one another', async () => {
    for (const name of ['a.zst', 'b.txt']) expect(await unpacked(stored(name, SMALL))).toBe(TEXT)
    expect(await unpacked(stored('two.zst', Uint8Array.from([...SMALL, ...SMALL])))).toBe(TEXT + TEXT)
    expect(await unpacked(stored('c.bin', gzipSync(TEXT)))).toBe(TEXT)
    expect(await unpacked(stored('d.bin', new TextEncoder().encode(TEXT)))).toBe(TEXT)
    expect(() => openBytes(stored('e.zst', new TextEncoder().encode(TEXT)))).toThrow('the name ends in .zst but this is not zstd')
  })

  it('cut off is an error at every byte behind the head', async () => {
    for (let length = 5; length < SMALL.length; length++)
      await expect(unpacked(stored('cut.zst', SMALL.subarray(0, length)))).rejects.toThrow(
        'the zstd data is cut off; fetch the file again'
      )
  })

  it.skipIf(!HAVE_DATA)('damaged is an error, never a hang (skipped where ../shared/data is absent)', async () => {
    const whole = readFileSync(FILE)
    let damagedCount = 0
    for (let at = 6; at < whole.length; at += 9973) {
      const bytes = Uint8Array.from(whole)
      bytes[at] ^= 0x55
      try {
        await unpacked(stored('damaged.zst', bytes))
      } catch (error) {
        damagedCount++
        expect((error as Error).message).toMatch(/^the zstd data is (damaged|cut off)/)
      }
    }
    expect(damagedCount).toBeGreaterThan(0)
  })
})
