/*
 * What the four stages share when each is driven by itself: arrivals as columns, departures as CSV. One file per stage beside this one says
 * which columns there are and which stage of the model is driven.
 */
import { type RowColumn, readColumnRows } from '../../formats/column-rows.ts'
import { type Column, float64Column } from '../../kernel/column.ts'
import type { StageSummary } from '../../metrics/stage-summary.ts'
import type { StageSource } from '../../scenario/stage-config.ts'
import { writeAtomicallySync } from '../atomic-file.ts'
import { openBytes } from '../byte-source.ts'
import { breathe, willWrite } from '../interruption.ts'
import type { Progress } from '../progress.ts'

/** What a stage is driven with. */
export interface StageCall {
  readonly config: StageSource
  readonly arrivals: string
  readonly out: string
  readonly seed: number
  readonly progress: Progress
}

/** With figures of the stage's own. */
export interface StageResult extends StageSummary {
  /** throttle: messages by outcome. */
  readonly outcomes?: Readonly<Record<string, number>>
  /** qdisc: what left, and each flow's socket at the end. */
  readonly packets?: number
  readonly flows?: readonly object[]
}

/** A stage of the path that can be driven by itself. Errors: InputError, located. */
export interface Stage {
  readonly describe: string
  run(call: StageCall): Promise<StageResult>
}

const PROGRESS_ROWS = 1 << 17
const BLOCK_CHARACTERS = 1 << 18

/** Reads the arrivals, plain or gzip; one column of numbers per wanted one, NaN where an optional cell is empty. */
export async function readArrivals({ arrivals, progress }: StageCall, columns: readonly RowColumn[]): Promise<Float64Array[]> {
  const kept: Column<Float64Array>[] = columns.map(() => float64Column())
  const bytes = openBytes(arrivals)
  try {
    await readColumnRows(bytes, columns, (values) => {
      for (let i = 0; i < kept.length; i++) kept[i].push(values[i])
      if (kept[0].count % PROGRESS_ROWS === 0) progress.say(`reading ${arrivals}: ${kept[0].count} rows`)
    })
  } finally {
    bytes.close()
  }
  progress.say(`driving ${kept[0].count} rows`)
  await breathe()
  return kept.map((column) => column.values.subarray(0, column.count))
}

/** Writes the departures, whole or not at all: `write` gives each row without its line end. */
export function writeDepartures(out: string, head: string, write: (row: (cells: string) => void) => void): void {
  willWrite(out)
  writeAtomicallySync(out, (put) => {
    let block = `${head}\n`
    write((cells) => {
      block += `${cells}\n`
      if (block.length < BLOCK_CHARACTERS) return
      put(block)
      block = ''
    })
    put(block)
  })
}

/** An instant as a cell; empty where it never came. */
export function cellOf(ns: number): string {
  return Number.isFinite(ns) ? String(ns) : ''
}

/** Adds one to a reason's count. */
export function countReason(drops: Map<string, number>, reason: string): void {
  drops.set(reason, (drops.get(reason) ?? 0) + 1)
}
