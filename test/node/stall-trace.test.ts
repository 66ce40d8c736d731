import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { readStallTrace } from '../../src/node/stall-trace.ts'
import type { StallTraceOptions } from '../../src/scenario/scenario.ts'

const directory = mkdtempSync(join(tmpdir(), 'tailtax-stalls-'))
afterAll(() => rmSync(directory, { recursive: true }))

const options = (file: string, fields: Partial<StallTraceOptions> = {}): StallTraceOptions => ({
  file,
  format: 'csv',
  thread: null,
  minor: { law: 'constant', valueNs: 3_000 },
  major: { law: 'constant', valueNs: 40_000 },
  startNs: 5,
  periodNs: null,
  ...fields
})

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const ROWS = `t_ns,kind,service_ns,regime,mapping,minflt,majflt,reclaim_calls,compaction_calls,ctx_switches
100,minor,2000,clean,anon_fresh,1,0,0,0,0
250,none,1700,clean,file,0,0,0,0,0
400,major,35000,clean,file,0,1,0,0,0
900,reclaim,700,storm,anon,1,0,2,0,0
`

describe('a recording of stalls', () => {
  it.each([
    ['plain', 'a.csv', ROWS],
    ['gzip', 'a.csv.gz', gzipSync(ROWS)]
  ])(
    "in the recorder's columns, %s: stalls with their kinds; touches that did not fault are left out",
    async (_, name, content) => {
      expect(await readStallTrace(options(file(name, content)))).toEqual({
        kind: 'trace',
        atNs: Float64Array.of(100, 400, 900),
        stallNs: Float64Array.of(2000, 35_000, 700),
        stallKind: Uint8Array.of(0, 1, 2),
        startNs: 5,
        periodNs: 1600
      })
    }
  )

  it('as perf text: instants and kinds of the trace, services by the laws', async () => {
    const text = '  0.100 ( 0.000 ms): a/1 minfault [f] => 0x1 (d.)\n  0.300 ( 0.000 ms): a/2 majfault [f] => /b@0x1 (d.)\n'
    const perf = options(file('a.txt.gz', gzipSync(text)), { format: 'perf', periodNs: 1e9 })
    expect(await readStallTrace(perf)).toEqual({
      kind: 'trace',
      atNs: Float64Array.of(100_000, 300_000),
      stallNs: Float64Array.of(3_000, 40_000),
      stallKind: Uint8Array.of(0, 1),
      startNs: 5,
      periodNs: 1e9
    })
    await expect(readStallTrace({ ...perf, thread: '9' })).rejects.toThrow(/a\.txt\.gz:1: has no page fault of thread 9/)
  })

  it('may say nothing of kinds, and is repeated as often as it is said', async () => {
    expect(await readStallTrace(options(file('plain.csv', 'service_ns,t_ns\n5,1\n6,2\n'), { periodNs: 100 }))).toMatchObject({
      atNs: Float64Array.of(1, 2),
      stallNs: Float64Array.of(5, 6),
      stallKind: Uint8Array.of(0, 0),
      periodNs: 100
    })
  })

  it.each([
    ['t_ns,kind\n', /:1: has no column service_ns; its head is t_ns,service_ns,kind$/],
    ['t_ns,service_ns,kind\n5,1,minor\n4,1,minor\n', /:3: the t_ns goes back in time, from 5 to 4/],
    ['t_ns,service_ns,kind\n5,1,huge\n', /:2: the kind "huge" is not one of minor, major, reclaim, compaction, none$/],
    ['t_ns,service_ns,kind\n5,-1,minor\n', /:2: the service_ns is -1; it must be at least 0$/]
  ])('says where it is wrong: %j', async (content, message) => {
    await expect(readStallTrace(options(file('bad.csv', content)))).rejects.toThrow(message)
  })
})

const recordings = fileURLToPath(new URL('../../../shared/golden/host-stalls/', import.meta.url))

describe.skipIf(!existsSync(recordings))('own recordings (skipped without ../shared)', () => {
  it.each([
    ['v3_loop_warmup.faults.csv.gz', 44_867],
    ['v1_micro_minor.csv.gz', null]
  ])('%s is read as it is', async (name, count) => {
    const trace = await readStallTrace(options(join(recordings, name)))
    if (trace.kind !== 'trace') throw new Error('not a trace')
    // 35598 minor and 9269 major rows by a count of the file.
    if (count !== null) expect(trace.atNs.length).toBe(count)
    expect(trace.atNs.length).toBeGreaterThan(1_000)
  })
})
