import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPerfTrace, servicesOf } from '../../src/formats/perf-trace.ts'
import { InputError } from '../../src/kernel/assert.ts'
import type { Law } from '../../src/kernel/law.ts'
import { chunksOf } from './byte-chunks.ts'

const read = (text: string | Uint8Array, thread: string | null = null, chunkBytes?: number) =>
  readPerfTrace(chunksOf('faults.txt', text, chunkBytes), thread)

const TEXT = `     0.000 ( 0.000 ms): tee/569900 majfault [elf_load+0x20f] => 0x59e5e5c74098 (?k)
    35.338 ( 0.000 ms): grep/569918 minfault [0x14984] => /etc/ld.so.cache@0x0 (d.)
    35.400 ( 0.002 ms): grep/569918 read(fd: 3</etc/passwd>, buf: 0x7ffd, count: 832) = 832
LOST 3 events!

   239.249 ( 0.053 ms): tokio worker 1/2/569897 majfault [0x748ee69268b0] => /opt/a b/lib (x).so@0x10 (x.)
`

async function failure(text: string | Uint8Array): Promise<string> {
  try {
    await read(text)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as Error).message
  }
  return ''
}

describe('perf trace text', () => {
  it('gives the faults with instants in ns, kinds, durations where printed, and counts the other lines', async () => {
    const faults = await read(TEXT)
    expect([...faults.atNs]).toEqual([0, 35_338_000, 239_249_000])
    expect([...faults.major]).toEqual([1, 0, 1])
    expect([...faults.durationNs]).toEqual([Number.NaN, Number.NaN, 53_000])
    expect([faults.count, faults.skippedLineCount, faults.otherThreadCount]).toEqual([3, 3, 0])
  })

  it('takes one thread of many, and all of a trace that names none', async () => {
    const one = await read(TEXT, '569918')
    expect([...one.atNs, one.otherThreadCount]).toEqual([35_338_000, 2])
    const alone = await read('  1.000 ( 0.000 ms): minfault [f+0x1] => 0x10 (?.)\n', '7')
    expect([...alone.atNs]).toEqual([1_000_000])
  })

  it('is the same in chunks of any size, with CRLF, and without a last line end', async () => {
    const whole = await read(TEXT)
    for (const bytes of [1, 2, 7, 64]) expect(await read(TEXT, null, bytes)).toEqual(whole)
    expect(await read(TEXT.replaceAll('\n', '\r\n'))).toEqual(whole)
    expect(await read(TEXT.trimEnd())).toEqual(whole)
  })

  it('puts lines of several buffers in order of time', async () => {
    const [first, second, ...rest] = TEXT.split('\n')
    expect(await read([second, first, ...rest].join('\n'))).toEqual(await read(TEXT))
  })

  it('serves a fault without a duration by the law of its kind, the same each time', async () => {
    const faults = await read(TEXT)
    const minor: Law = { law: 'constant', valueNs: 3_000 }
    const major: Law = { law: 'uniform', lowNs: 40_000, highNs: 50_000 }
    const services = servicesOf(faults, minor, major)
    expect(services[0]).toBeGreaterThanOrEqual(40_000)
    expect(services[0]).toBeLessThan(50_000)
    expect([services[1], services[2]]).toEqual([3_000, 53_000])
    expect(servicesOf(faults, minor, major)).toEqual(services)
  })

  it.each([
    [
      'a line that is cut off',
      '  1.000 ( 0.000 ms): a/1 majfault [0x28] => /usr/bi',
      'names a page fault but is no line of perf trace'
    ],
    ['a time that is no time', '  x.000 ( 0.000 ms): a/1 majfault [0x28] => 0x1 (d.)', 'names a page fault'],
    ['too many digits', '9999999999999.000 ( 0.000 ms): a/1 majfault [0x28] => 0x1 (d.)', 'more than 12 digits']
  ])('says where: %s', async (_, line, what) => {
    const message = await failure(`${TEXT}${line}\n`)
    expect(message).toMatch(/^faults\.txt:7: /)
    expect(message).toContain(what)
    expect(message).not.toContain('\n')
  })

  it('refuses a line without an end before it fills memory', async () => {
    let chunks = 0
    const endless = {
      name: 'endless.txt',
      next: () => {
        chunks++
        return Promise.resolve(new Uint8Array(10_000).fill(97))
      }
    }
    await expect(readPerfTrace(endless, null)).rejects.toThrow(/^endless\.txt:1: the line is longer than 65536 bytes/)
    expect(chunks).toBeLessThan(10)
  })
})

describe('a damaged perf trace', () => {
  const bytes = new TextEncoder().encode(TEXT)

  it('cut off at any byte gives the whole lines before it, or says at which line it broke', async () => {
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.slice(0, length)
      const lines = new TextDecoder().decode(cut).split('\n')
      const message = await failure(cut)
      if (message === '') {
        const { count, skippedLineCount } = await read(cut)
        expect(count + skippedLineCount).toBe(lines.at(-1) === '' ? lines.length - 1 : lines.length)
      } else expect(message).toMatch(new RegExp(`^faults\\.txt:${lines.length}: .+`))
    }
  })

  it('with flipped bits gives faults in order of time or one located sentence', async () => {
    const damage = fc.array(fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: 99 }), async (flips, chunkBytes) => {
        const broken = bytes.slice()
        for (const { at, bit } of flips) broken[at] ^= 1 << bit
        try {
          const { atNs, count, skippedLineCount } = await read(broken, null, chunkBytes)
          expect(count + skippedLineCount).toBeGreaterThan(0)
          for (let row = 1; row < count; row++) expect(atNs[row]).toBeGreaterThanOrEqual(atNs[row - 1])
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^faults\.txt:\d+: [^\n]+$/)
        }
      }),
      { numRuns: 1000 }
    )
  })
})

const folder = new URL('../../../shared/data/telemetry/', import.meta.url)

describe.skipIf(!existsSync(folder))('recorded perf traces (skipped without ../shared)', () => {
  it.each(['perf_trace_F_all_mmap_selfcaptured.txt.gz', 'perf_trace_F_all_selfcaptured.txt.gz', 'perf_trace_F_maj_blog.txt'])(
    'reads every line of %s',
    async (name) => {
      const file = readFileSync(new URL(name, folder))
      const text = (name.endsWith('.gz') ? gunzipSync(file) : file).toString()
      const faults = await read(text)
      const lines = text.split('\n').filter((line) => line !== '')
      expect(faults.count).toBe(lines.length)
      const majors = lines.filter((line) => line.includes(' majfault ')).length
      expect(faults.major.reduce((sum, major) => sum + major, 0)).toBe(majors)
    }
  )
})
