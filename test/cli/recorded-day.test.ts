/*
 * A recorded day through the built program: AMZN of 2012-06-21 with five levels (../shared/data/lobster, not part of the project). The
 * import says how often it had to re-sync, and the book rebuilt from its tape is the recorded one.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROW_FLAG } from '../../src/market/tape.ts'
import { readTape } from '../../src/node/tape-store.ts'
import { buildProgram, type Outcome, tailtax } from './program.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/lobster/', import.meta.url))
const HAVE_DATA = existsSync(DATA)
const fileOf = (content: string): string => join(DATA, `AMZN_2012-06-21_34200000_57600000_${content}_5.csv.gz`)
const ROW_COUNT = 155_935

describe.skipIf(!HAVE_DATA)('a recorded day (skipped where ../shared/data/lobster is absent)', () => {
  let directory = ''
  let imported: Outcome
  const arguments_ = ['import', 'lobster', '--messages', fileOf('message'), '--orderbook', fileOf('orderbook')]

  beforeAll(() => {
    buildProgram()
    directory = mkdtempSync(join(tmpdir(), 'tailtax-day-'))
    imported = tailtax([...arguments_, '--out', 'amzn.parquet', '--json'], directory)
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('says in how many rows it had to re-sync, in JSON and in words', async () => {
    expect(imported).toMatchObject({ code: 0, error: '' })
    const { notes } = JSON.parse(imported.out) as { notes: Record<string, number> }
    const tape = await readTape(join(directory, 'amzn.parquet'))
    // Rows that the import added, and the recorded rows that needed some; those before the first recorded row are the seed.
    let recordedRows = 0
    let resyncRows = 0
    let resyncedRows = 0
    for (let row = 0; row < tape.count; row++) {
      if ((tape.flags[row] & ROW_FLAG.added) === 0) recordedRows++
      else if (recordedRows > 0) {
        resyncRows++
        if ((tape.flags[row - 1] & ROW_FLAG.added) === 0) resyncedRows++
      }
    }
    expect(recordedRows).toBe(ROW_COUNT)
    expect(resyncedRows).toBeGreaterThan(0)
    expect(notes).toMatchObject({ recordedRows, resyncRows, resyncedRows })
    const words = tailtax([...arguments_, '--out', 'again.parquet'], directory)
    expect(words.out.replaceAll(',', '')).toMatch(new RegExp(`resyncedRows +${resyncedRows}\\b`))
  })

  it('has the recorded level 1 on every row', () => {
    const done = tailtax(['inspect', 'amzn.parquet', '--book', '--depth', '1', '--out', 'book.csv'], directory)
    expect(done).toMatchObject({ code: 0, error: '' })
    const [head, ...ours] = readFileSync(join(directory, 'book.csv'), 'utf8').trimEnd().split('\n')
    expect(head).toBe('row,tNs,bidPrice1,bidSize1,askPrice1,askSize1')
    const recorded = gunzipSync(readFileSync(fileOf('orderbook')))
      .toString('latin1')
      .trimEnd()
      .split('\n')
    expect([ours.length, recorded.length]).toEqual([ROW_COUNT, ROW_COUNT])
    const unequal = recorded.filter((line, row) => {
      // Theirs: ask, size, bid, size, in ten-thousandths.
      const [askPrice, askSize, bidPrice, bidSize] = line.split(',', 4).map(Number)
      const [index, , ...level] = ours[row].split(',').map(Number)
      return [row, bidPrice / 10_000, bidSize, askPrice / 10_000, askSize].join() !== [index, ...level].join()
    })
    expect(unequal).toEqual([])
  })
})
