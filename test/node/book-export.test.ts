import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROW_FLAG, ROW_KIND, TapeBuilder, type TapeHeader } from '../../src/market/tape.ts'
import { exportBook } from '../../src/node/book-export.ts'
import { importLobsterFiles } from '../../src/node/lobster-import.ts'

const KIND = ROW_KIND.of
const DATA = fileURLToPath(new URL('../../../shared/data/lobster/', import.meta.url))
const HAVE_DATA = existsSync(DATA)

const HEADER: TapeHeader = {
  symbol: 'X',
  venue: 'X',
  date: '2020-01-02',
  zone: 'UTC',
  tickUnits: 1,
  priceDecimals: 2,
  lotUnits: 1,
  lotDecimals: 0,
  openNs: 0,
  closeNs: 10,
  source: '',
  notes: {}
}

let dir = ''
let out = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'book-export-'))
  out = join(dir, 'book.csv')
})
afterAll(() => rmSync(dir, { recursive: true }))

function tapeOf(header: TapeHeader) {
  const rows = new TapeBuilder(8)
  rows.push(5, KIND['level-set'], 1, 9999, 7, 0, ROW_FLAG.added)
  rows.push(5, KIND['level-set'], -1, 10_001, 8, 0, ROW_FLAG.added)
  rows.push(5, KIND.add, 1, 10_000, 3, 1)
  rows.push(6, KIND.delete, -1, 10_001, 8, 2)
  rows.push(6, KIND['level-set'], -1, 10_005, 4, 0, ROW_FLAG.added)
  rows.push(7, KIND.clear, 0, 0, 0, 0)
  return rows.finish(header)
}

describe('exportBook', () => {
  it('writes a line after every recorded row; added rows count to the row before them, the seed to none', () => {
    expect(exportBook(tapeOf(HEADER), 2, out)).toBe(3)
    expect(readFileSync(out, 'utf8')).toBe(
      [
        'row,tNs,bidPrice1,bidSize1,askPrice1,askSize1,bidPrice2,bidSize2,askPrice2,askSize2',
        '0,5,100.00,3,100.01,8,99.99,7,,',
        '1,6,100.00,3,100.05,4,99.99,7,,',
        '2,7,,,,,,,,',
        ''
      ].join('\n')
    )
  })

  it('writes prices and sizes in the units of the header', () => {
    // Ticks of 25 / 10^3 = 0.025, lots of 1 / 10^1 = 0.1.
    exportBook(tapeOf({ ...HEADER, tickUnits: 25, priceDecimals: 3, lotDecimals: 1 }), 1, out)
    expect(readFileSync(out, 'utf8').split('\n')[1]).toBe('0,5,250.000,0.3,250.025,0.8')
  })

  it('refuses a depth that is no number of levels, and a directory that is not there', () => {
    for (const depth of [0, -1, 1.5, Number.NaN, 1e6]) expect(() => exportBook(tapeOf(HEADER), depth, out)).toThrow('depth: ')
    const missing = join(dir, 'none', 'book.csv')
    expect(() => exportBook(tapeOf(HEADER), 1, missing)).toThrow(`${missing}: there is no such file or directory`)
    expect(readdirSync(dir)).toEqual(['book.csv'])
  })

  it.skipIf(!HAVE_DATA)(
    'AMZN level 5 (skipped where ../shared/data is absent): every line equals the orderbook file',
    async () => {
      const file = (content: string): string => join(DATA, `AMZN_2012-06-21_34200000_57600000_${content}_5.csv.gz`)
      const tape = await importLobsterFiles({ messages: file('message'), orderbook: file('orderbook') })
      expect(exportBook(tape, 5, out)).toBe(155_935)
      const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
      const recorded = gunzipSync(readFileSync(file('orderbook')))
        .toString('latin1')
        .trimEnd()
        .split('\n')
      expect(lines.length).toBe(recorded.length + 1)
      let unequal = 0
      for (let row = 0; row < recorded.length; row++) {
        const theirs = recorded[row].split(',')
        const [index, , ...ours] = lines[row + 1].split(',')
        let equal = Number(index) === row && ours.length === 20
        for (let at = 0; at < 20; at += 4) {
          // Theirs: ask, bid, prices times 10,000; ours: bid, ask, decimals.
          equal &&= ours[at].replace('.', '') === theirs[at + 2].slice(0, -2) && ours[at + 1] === theirs[at + 3]
          equal &&= ours[at + 2].replace('.', '') === theirs[at].slice(0, -2) && ours[at + 3] === theirs[at + 1]
        }
        if (!equal) unequal++
      }
      expect(unequal).toBe(0)
    }
  )
})
