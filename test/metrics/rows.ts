/* Hand-made ledgers: a row is written as the columns it has; all others stay none. */
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts'
import type { Shape, Table } from '../../src/ledger/table.ts'
import type { TapeHeader } from '../../src/market/tape.ts'
import type { LedgerContext } from '../../src/metrics/context.ts'

/** Words are given as words, numbers as numbers. */
export function addRow<S extends Shape>(table: Table<S>, values: Partial<Record<keyof S & string, number | string>>): number {
  const row = table.add()
  for (const column of Object.keys(values) as (keyof S & string)[]) {
    const value = values[column]
    const kind = table.shape[column]
    if (kind === undefined) throw new Error(`${table.name} has no column ${column}`)
    if (typeof value === 'string') {
      const word = typeof kind === 'object' ? kind.names.indexOf(value) : -1
      if (word < 0) throw new Error(`${value} is not a word of ${table.name}.${column}`)
      table.col[column][row] = word
    } else table.col[column][row] = value as number
  }
  return row
}

/** Tick 0.01, lot 1: a half tick and lot is worth 0.005. */
export const HEADER: TapeHeader = {
  symbol: 'TEST',
  venue: 'XTST',
  date: '2024-01-02',
  zone: 'UTC',
  tickUnits: 1,
  priceDecimals: 2,
  lotUnits: 1,
  lotDecimals: 0,
  openNs: 0,
  closeNs: 86_400_000_000_000,
  source: 'by hand',
  notes: {}
}

export const CONTEXT: LedgerContext = { headers: [HEADER] }

/** A ledger with one buy parent of 100 lots over [0, 10 s], decided at mid 100.00 (20000 half ticks). */
export function oneParentLedger(parent: Partial<Record<keyof Ledger['parents']['shape'] & string, number>> = {}): Ledger {
  const ledger = createLedger()
  addRow(ledger.parents, {
    parentId: 0,
    venue: 0,
    side: 1,
    quantityLots: 100,
    startNs: 0,
    endNs: 10e9,
    decisionMidHalfTicks: 20000,
    endMidHalfTicks: 20000,
    ...parent
  })
  return ledger
}
