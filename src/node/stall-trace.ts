/*
 * A recording of stalls, plain or gzip. CSV: t_ns (since the start of the recording), service_ns, kind (minor, major, reclaim, compaction;
 * rows of the kind none, which stalled nothing, are let through and not taken); other columns of the same recorder are not
 * read. Or the text of perf trace (formats/perf-trace.ts).
 */
import { readPerfTrace, servicesOf } from '../formats/perf-trace.ts'
import { InputError } from '../kernel/assert.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { StallOptions } from '../path/options.ts'
import type { StallTraceOptions } from '../scenario/scenario.ts'
import { openBytes } from './byte-source.ts'
import { readCsv } from './csv-file.ts'

const IGNORED = [
  'regime',
  'mapping',
  'minflt',
  'majflt',
  'reclaim_calls',
  'compaction_calls',
  'ctx_switches',
  'delay_ns',
  'wake_late_ns'
]

type Columns = Pick<Extract<StallOptions, { kind: 'trace' }>, 'atNs' | 'stallNs' | 'stallKind'>

/** Errors: InputError `file:line: column: what`. */
export async function readStallTrace(options: StallTraceOptions): Promise<StallOptions> {
  const columns = options.format === 'perf' ? await readPerf(options) : await readRows(options.file)
  const { atNs, stallNs } = columns
  const last = atNs.length - 1
  const lastNs = last < 0 ? 0 : atNs[last] + stallNs[last]
  return { kind: 'trace', ...columns, startNs: options.startNs, periodNs: options.periodNs ?? Math.max(1, lastNs) }
}

async function readRows(file: string): Promise<Columns> {
  const atNs: number[] = []
  const stallNs: number[] = []
  const stallKind: number[] = []
  await readCsv(file, ['t_ns', 'service_ns', 'kind'], IGNORED, (cells) => {
    const at = cells.whole('t_ns', 0)
    const name = cells.text('kind')
    const serviceNs = cells.whole('service_ns', 0)
    if (atNs.length > 0 && at < atNs[atNs.length - 1]) cells.fail('t_ns', 'goes back in time')
    if (name === 'none') return
    const kind = (STALL_KIND.names as readonly string[]).indexOf(name)
    if (kind < 0) cells.fail('kind', `"${name}" is not one of ${STALL_KIND.names.join(', ')}, none`)
    atNs.push(at)
    stallNs.push(serviceNs)
    stallKind.push(kind)
  })
  return { atNs: Float64Array.from(atNs), stallNs: Float64Array.from(stallNs), stallKind: Uint8Array.from(stallKind) }
}

async function readPerf({ file, thread, minor, major }: StallTraceOptions): Promise<Columns> {
  const bytes = openBytes(file)
  try {
    const faults = await readPerfTrace(bytes, thread)
    if (faults.count === 0) {
      const whose = thread === null ? '' : ` of thread ${thread}`
      throw new InputError(`${file}:1: has no page fault${whose}; record it with perf trace -F all`)
    }
    return { atNs: faults.atNs, stallNs: servicesOf(faults, minor, major), stallKind: faults.major }
  } finally {
    bytes.close()
  }
}
