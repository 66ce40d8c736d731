/*
 * A recording of stalls from a CSV file, plain or gzip: t_ns (since the start of the recording), service_ns, kind (minor, major, reclaim,
 * compaction). Other columns of the same recorder are let through and not read.
 */
import { STALL_KIND } from '../ledger/ledger.ts'
import type { StallOptions } from '../path/options.ts'
import type { StallTraceOptions } from '../scenario/scenario.ts'
import { readCsv } from './csv-file.ts'

const IGNORED = ['regime', 'mapping', 'minflt', 'majflt', 'reclaim_calls', 'compaction_calls', 'ctx_switches']

/** Errors: InputError `file:line: column: what`. */
export async function readStallTrace({ file, startNs, periodNs }: StallTraceOptions): Promise<StallOptions> {
  const atNs: number[] = []
  const stallNs: number[] = []
  const stallKind: number[] = []
  await readCsv(file, ['t_ns', 'service_ns', 'kind'], IGNORED, (cells) => {
    const at = cells.whole('t_ns', 0)
    if (atNs.length > 0 && at < atNs[atNs.length - 1]) cells.fail('t_ns', 'goes back in time')
    const kind = (STALL_KIND.names as readonly string[]).indexOf(cells.text('kind'))
    if (kind < 0) cells.fail('kind', `"${cells.text('kind')}" is not one of ${STALL_KIND.names.join(', ')}`)
    atNs.push(at)
    stallNs.push(cells.whole('service_ns', 0))
    stallKind.push(kind)
  })
  const lastNs = atNs.length === 0 ? 0 : atNs[atNs.length - 1] + stallNs[stallNs.length - 1]
  return {
    kind: 'trace',
    atNs: Float64Array.from(atNs),
    stallNs: Float64Array.from(stallNs),
    stallKind: Uint8Array.from(stallKind),
    startNs,
    periodNs: periodNs ?? Math.max(1, lastNs)
  }
}
