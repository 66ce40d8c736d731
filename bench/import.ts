/* Imports: a LOBSTER day with its orderbook file, from gzip to tape; and the binary formats, from bytes in memory to tape. */
import { BINANCE } from '../src/formats/binance.ts'
import { COINBASE } from '../src/formats/coinbase.ts'
import { CSV } from '../src/formats/csv.ts'
import { DATABENTO_CSV } from '../src/formats/databento-csv.ts'
import { DBN } from '../src/formats/dbn.ts'
import type { Format, ImportOptions } from '../src/formats/format.ts'
import { HFTBACKTEST } from '../src/formats/hftbacktest.ts'
import { ITCH_FILE } from '../src/formats/itch.ts'
import { TARDIS } from '../src/formats/tardis.ts'
import { generateTape } from '../src/market/generator.ts'
import { generatorOptions } from '../src/market/generator-presets.ts'
import { ROW_FLAG, type Tape } from '../src/market/tape.ts'
import { importLobsterFiles } from '../src/node/lobster-import.ts'
import { dbnHead, EVENT_ROW, eventHead, type GeneratedFile, generateFile, ITCH_ROW, MBO_ROW } from './import-files.ts'
import type { Line } from './line.ts'
import type { LobsterDay } from './lobster-files.ts'
import { cpuMs } from './meter.ts'
import {
  binanceRow,
  CSV_HEAD,
  coinbaseRow,
  csvRow,
  generateText,
  MBO_CSV_HEAD,
  mboCsvRow,
  TARDIS_HEAD,
  tardisRow
} from './text-files.ts'

const SECONDS_MAX = 3
const ROWS_PER_SECOND_MIN = 1e6
const TEXT_ROWS_PER_SECOND_MIN = 0.7e6
const CSV_ROWS_PER_SECOND_MIN = 2e6
/** Rows of each generated file. */
const ROWS = 4_000_000

/** Measured cold and once, as a user meets it. */
export async function measureImport(day: LobsterDay, nsPerEvent: number): Promise<{ readonly line: Line; readonly tape: Tape }> {
  const fromMs = cpuMs()
  const tape = await importLobsterFiles({ messages: day.messages, orderbook: day.orderbook }, { tick: '0.01' })
  const seconds = (cpuMs() - fromMs) / 1000
  let recorded = 0
  for (let row = 0; row < tape.count; row++) if ((tape.flags[row] & ROW_FLAG.added) === 0) recorded++
  return {
    tape,
    line: {
      what: `import of the AMZN L5 day (${recorded} recorded rows)`,
      figure: `${seconds.toFixed(2)} s`,
      spread: 'once',
      ratio: `${((seconds * 1e9) / tape.count / nsPerEvent).toFixed(1)} x queue per row`,
      target: { text: '< 3 s', met: seconds < SECONDS_MAX }
    }
  }
}

export async function measureBinaryImports(nsPerEvent: number): Promise<Line[]> {
  const day = generateTape(generatorOptions('liquid'), 7)
  const copies = Math.ceil(ROWS / day.count)
  const none = new Uint8Array(0)
  const lines = [
    await measureFormat(ITCH_FILE, generateFile('day.itch', none, day, copies, ITCH_ROW), { date: '2024-05-08' }, nsPerEvent),
    await measureFormat(DBN, generateFile('day.dbn', dbnHead(), day, copies, MBO_ROW), {}, nsPerEvent)
  ]
  const { rowCount } = generateFile('day.npy', none, day, copies, EVENT_ROW)
  const events = generateFile('day.npy', eventHead(rowCount), day, copies, EVENT_ROW)
  lines.push(await measureFormat(HFTBACKTEST, events, {}, nsPerEvent))
  return lines
}

export async function measureTextImports(nsPerEvent: number): Promise<Line[]> {
  const day = generateTape(generatorOptions('liquid'), 7)
  const lines: Line[] = []
  for (const { format, head, row, least } of [
    { format: DATABENTO_CSV, head: MBO_CSV_HEAD, row: mboCsvRow, least: TEXT_ROWS_PER_SECOND_MIN },
    { format: TARDIS, head: TARDIS_HEAD, row: tardisRow, least: TEXT_ROWS_PER_SECOND_MIN },
    { format: BINANCE, head: '', row: binanceRow, least: TEXT_ROWS_PER_SECOND_MIN },
    { format: COINBASE, head: '', row: coinbaseRow, least: TEXT_ROWS_PER_SECOND_MIN },
    { format: CSV, head: CSV_HEAD, row: csvRow, least: CSV_ROWS_PER_SECOND_MIN }
  ])
    lines.push(await measureFormat(format, generateText(`day.${format.name}`, head, day, 1, row), {}, nsPerEvent, least))
  return lines
}

async function measureFormat(
  format: Format,
  file: GeneratedFile,
  options: ImportOptions,
  nsPerEvent: number,
  least = ROWS_PER_SECOND_MIN
): Promise<Line> {
  globalThis.gc?.()
  const fromMs = cpuMs()
  await format.read([file.chunks()], options)
  const seconds = (cpuMs() - fromMs) / 1000
  const perSecond = file.rowCount / seconds
  return {
    what: `import of ${format.name}, ${(file.rowCount / 1e6).toFixed(1)} M rows of ${Math.round(file.byteCount / file.rowCount)} bytes`,
    figure: `${(perSecond / 1e6).toFixed(2)} M rows/s`,
    spread: 'once',
    ratio: `${(1e9 / perSecond / nsPerEvent).toFixed(1)} x queue per row`,
    target: { text: `>= ${least / 1e6} M rows/s`, met: perSecond >= least }
  }
}
