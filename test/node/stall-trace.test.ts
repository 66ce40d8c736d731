import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStallTrace } from '../../src/node/stall-trace.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailtax-stalls-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** Of a CSV file the rest is not read. */
const PLAIN = {
  format: 'csv',
  thread: null,
  minor: { law: 'constant', valueNs: 0 },
  major: { law: 'constant', valueNs: 0 }
} as const

async function read(text: string | Uint8Array, name = 'stalls.csv', periodNs: number | null = null) {
  const file = join(directory, name)
  writeFileSync(file, text)
  return readStallTrace({ ...PLAIN, file, startNs: 7, periodNs })
}

describe('a recording of stalls', () => {
  const RECORDED =
    't_ns,kind,service_ns,regime,mapping\n10,minor,5,clean,anon\n20,none,9,clean,file\n30,major,40,storm,file\n30,reclaim,2,storm,anon\n'
  const STALLS = {
    kind: 'trace',
    atNs: Float64Array.from([10, 30, 30]),
    stallNs: Float64Array.from([5, 40, 2]),
    stallKind: Uint8Array.from([0, 1, 2]),
    startNs: 7,
    periodNs: 32
  }

  it('has its times, lengths and kinds; a row of no fault is no stall; other columns are let through', async () => {
    expect(await read(RECORDED)).toEqual(STALLS)
    expect(await read(gzipSync(RECORDED), 'stalls.csv.gz')).toEqual(STALLS)
  })

  it('may say nothing of kinds, and is repeated as often as it is said', async () => {
    expect(await read('service_ns,t_ns\n5,1\n6,2\n', 'plain.csv', 100)).toMatchObject({
      atNs: Float64Array.from([1, 2]),
      stallNs: Float64Array.from([5, 6]),
      stallKind: Uint8Array.from([0, 0]),
      periodNs: 100
    })
  })

  it.each([
    ['t_ns,kind\n', /:1: has no column service_ns; its head is t_ns,service_ns,kind$/],
    ['t_ns,service_ns,kind\n5,1,minor\n4,1,minor\n', /:3: the t_ns goes back in time, from 5 to 4/],
    ['t_ns,service_ns,kind\n5,1,huge\n', /:2: the kind "huge" is not one of minor, major, reclaim, compaction, none$/],
    ['t_ns,service_ns,kind\n5,-1,minor\n', /:2: the service_ns is -1; it must be at least 0$/]
  ])('%j is a located fault', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })
})
