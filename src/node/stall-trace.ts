/*
 * A recording of stalls from a CSV file, plain or gzip: t_ns (since the start of the recording), service_ns and, where it is there, kind (minor,
 * major, reclaim, compaction; a row of kind none is no stall). Without the column all are minor. Other columns are let through and not read.
 */
import { readColumnRows } from '../formats/column-rows.ts'
import { float64Column, uint8Column } from '../kernel/column.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { StallOptions } from '../path/options.ts'
import type { StallTraceOptions } from '../scenario/scenario.ts'
import { openBytes } from './byte-source.ts'

const KINDS = [...STALL_KIND.names, 'none']
const NONE = KINDS.length - 1

/** Errors: InputError `file:line: what`. */
export async function readStallTrace({ file, startNs, periodNs }: StallTraceOptions): Promise<StallOptions> {
  const atNs = float64Column()
  const stallNs = float64Column()
  const stallKind = uint8Column()
  const bytes = openBytes(file)
  const columns = [{ name: 't_ns', ascending: true }, { name: 'service_ns' }, { name: 'kind', words: KINDS, optional: true }]
  try {
    await readColumnRows(
      bytes,
      columns,
      ([at, service, kind]) => {
        if (kind === NONE) return
        atNs.push(at)
        stallNs.push(service)
        stallKind.push(Number.isNaN(kind) ? STALL_KIND.of.minor : kind)
      },
      true
    )
  } finally {
    bytes.close()
  }
  const last = atNs.count - 1
  const lastNs = last < 0 ? 0 : atNs.values[last] + stallNs.values[last]
  return {
    kind: 'trace',
    atNs: atNs.toArray(),
    stallNs: stallNs.toArray(),
    stallKind: stallKind.toArray(),
    startNs,
    periodNs: periodNs ?? Math.max(1, lastNs)
  }
}
