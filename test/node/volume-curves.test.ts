import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tape, TapeHeader } from '../../src/market/tape.ts'
import { readVolumeCurves } from '../../src/node/volume-curves.ts'
import { smileCurve, type VolumeCurve } from '../../src/policy/volume-curve.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { drawTape } from '../simulate/worlds.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailtax-curves-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const HOUR = 3600e9

function tape(rows: string, header: Partial<TapeHeader> = {}): Tape {
  const drawn = drawTape(rows)
  return { ...drawn, header: { ...drawn.header, openNs: 0, closeNs: 4, ...header } }
}

async function curves(schedule: string, ...tapes: Tape[]): Promise<readonly VolumeCurve[]> {
  const text = `market: { venues: [ { tape: { generate: liquid } } ] }\npolicies: { mine: { execution: { schedule: ${schedule} } } }\n`
  const scenario = parseScenario(text, { fileName: 'a.yaml', locate: (file) => join(directory, file) })
  const read = await readVolumeCurves(scenario, tapes, 'none')
  expect(read.get('baseline')).toEqual([])
  return read.get('mine') ?? []
}

async function fromFile(content: string, ...tapes: Tape[]): Promise<readonly VolumeCurve[]> {
  writeFileSync(join(directory, 'volume.csv'), content)
  return curves('{ kind: vwap, curve: { file: volume.csv } }', ...tapes)
}

async function faultOf(content: string): Promise<string> {
  try {
    await fromFile(content, tape(''))
  } catch (error) {
    return (error as Error).message.replace(directory, '.')
  }
  return 'no fault'
}

describe('the curve of an oracle', () => {
  it("is counted from the traded tapes, over all the venues of a symbol, from the session's open on", async () => {
    const north = tape('1 add bid 100 50 1\n1 execute bid 100 3 1\n3 trade ask 101 5 -', { symbol: 'ONE' })
    const south = tape('1 trade ask 101 2 -\n3 cross bid 100 99 -', { symbol: 'ONE' })
    const other = tape('2 trade ask 101 8 -', { symbol: 'TWO' })
    const read = await curves('{ kind: vwap, curve: oracle, bin: 2ns }', north, other, south)
    expect(read.map(({ startNs, binNs, lots }) => [startNs, binNs, ...lots])).toEqual([
      [0, 2, 5, 5],
      [0, 2, 0, 8],
      [0, 2, 5, 5]
    ])
  })

  it('is refused where nothing trades', async () => {
    await expect(curves('{ kind: vwap, curve: oracle }', tape('1 add bid 100 5 1'))).rejects.toThrow('nothing trades')
  })
})

describe('the smile', () => {
  it('lies over each session', async () => {
    const header = { openNs: 10 * HOUR, closeNs: 11 * HOUR }
    expect(await curves('vwap', tape('', header))).toEqual([smileCurve(10 * HOUR, 11 * HOUR, 300e9)])
  })

  it('comes back every day', async () => {
    const days = [0, 24].map((hours) => ({ date: '2026-01-05', openNs: (10 + hours) * HOUR, closeNs: (11 + hours) * HOUR }))
    const [{ binNs, lots }] = await curves('{ kind: vwap, bin: 30m }', tape('', { openNs: 10 * HOUR, closeNs: 35 * HOUR, days }))
    expect(binNs).toBe(HOUR / 2)
    expect(lots.length).toBe(50)
    expect([...lots.subarray(0, 2), ...lots.subarray(48)]).toEqual([1750, 1750, 1750, 1750])
    expect(lots.subarray(2, 48).every((volume) => volume === 0)).toBe(true)
  })
})

describe('the curve of a file', () => {
  it('has lots by bin, for every venue', async () => {
    const read = await fromFile('t,volume\n09:30,120\n09:45,0\n10:00,75\n', tape(''), tape(''))
    expect(read.map(({ startNs, binNs, lots }) => [startNs, binNs, ...lots])).toEqual([
      [9.5 * HOUR, HOUR / 4, 120, 0, 75],
      [9.5 * HOUR, HOUR / 4, 120, 0, 75]
    ])
  })

  it('or shares of anything', async () => {
    const [{ lots }] = await fromFile('share,t\n0.25,09:30\n0.5,10:00\n', tape(''))
    expect(lots[1] / lots[0]).toBe(2)
  })

  it.each([
    ['no bins', 't,volume\n', './volume.csv: needs at least two bins, so that their length is known'],
    ['a bin out of order', 't,volume\n09:30,1\n09:20,1\n', './volume.csv:3: t: must be after that of the bin before'],
    [
      'a bin at another distance',
      't,volume\n09:30,1\n09:40,1\n09:55,1\n',
      './volume.csv:4: t: the bins are 600s apart; this one is not'
    ],
    ['neither volume nor share', 't\n09:30\n', './volume.csv:2: volume: give a volume or a share, one of them'],
    ['part of a lot', 't,volume\n09:30,1.5\n', './volume.csv:2: volume: "1.5" is not a whole number'],
    ['a share that is none', 't,share\n09:30,lots\n', './volume.csv:2: share: "lots" is not a share such as 0.02'],
    ['no time of day', 't,volume\nnoon,1\n', './volume.csv:2: t: '],
    ['nothing at all', 't,volume\n09:30,0\n09:40,0\n', './volume.csv: a volume curve needs a bin in which something trades']
  ])('is refused with %s', async (_, content, message) => {
    expect(await faultOf(content)).toContain(message)
  })
})

describe('the curve of another day', () => {
  it('is counted from its tape', async () => {
    const [curve] = await curves(
      '{ kind: vwap, bin: 1m, curve: { tape: { generate: mid, seed: 5, open: "10:00", close: "10:05" } } }',
      tape('')
    )
    expect([curve.startNs, curve.binNs, curve.lots.length]).toEqual([10 * HOUR, 60e9, 5])
    expect(Math.min(...curve.lots)).toBeGreaterThan(0)
  })
})
