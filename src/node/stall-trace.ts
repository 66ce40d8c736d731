/*
 * A recording of stalls, plain or gzip. CSV: t_ns (since the start of the recording), service_ns and, where it is there, kind (minor, major,
 * reclaim, compaction; a row of kind none is no stall). Without the column all are minor. Other columns are let through and not read. Or
 * the text of perf trace (formats/perf-trace.ts).
 */
import { readColumnRows } from '../formats/column-rows.ts'
import { readPerfTrace, servicesOf } from '../formats/perf-trace.ts'
import { InputError } from '../kernel/assert.ts'
import { float64Column, uint8Column } from '../kernel/column.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { StallOptions } from '../path/options.ts'
import type { StallTraceOptions } from '../scenario/scenario.ts'
import { openBytes } from './byte-source.ts'

const KINDS = [...STALL_KIND.names, 'none']
const NONE = KINDS.length - 1

type Columns = Pick<Extract<StallOptions, { kind: 'trace' }>, 'atNs' | 'stallNs' | 'stallKind'>

/** Errors: InputError `file:line: what`. */
export async function readStallTrace(options: StallTraceOptions): Promise<StallOptions> {
  const bytes = openBytes(options.file)
  try {
    const columns = options.format === 'perf' ? await readPerf(bytes, options) : await readRows(bytes)
    const { atNs, stallNs } = columns
    const last = atNs.length - 1
    const lastNs = last < 0 ? 0 : atNs[last] + stallNs[last]
    return { kind: 'trace', ...columns, startNs: options.startNs, periodNs: options.periodNs ?? Math.max(1, lastNs) }
  } finally {
    bytes.close()
  }
}

type Bytes = ReturnType<typeof openBytes>

async function readRows(bytes: Bytes): Promise<Columns> {
  const atNs = float64Column()
  const stallNs = float64Column()
  const stallKind = uint8Column()
  await readColumnRows(
    bytes,
    [{ name: 't_ns', ascending: true }, { name: 'service_ns' }, { name: 'kind', words: KINDS, optional: true }],
    ([at, service, kind]) => {
      if (kind === NONE) return
      atNs.push(at)
      stallNs.push(service)
      stallKind.push(Number.isNaN(kind) ? STALL_KIND.of.minor : kind)
    },
    true
  )
  return { atNs: atNs.toArray(), stallNs: stallNs.toArray(), stallKind: stallKind.toArray() }
}

async function readPerf(bytes: Bytes, { file, thread, minor, major }: StallTraceOptions): Promise<Columns> {
  const faults = await readPerfTrace(bytes, thread)
  if (faults.count === 0) {
    const whose = thread === null ? '' : ` of thread ${thread}`
    throw new InputError(`${file}:1: has no page fault${whose}; record it with perf trace -F all`)
  }
  return { atNs: faults.atNs, stallNs: servicesOf(faults, minor, major), stallKind: faults.major }
}
