/*
 * The text of `perf trace -F all` (or min, maj): page faults as Linux' perf prints them (tools/perf/builtin-trace.c, trace__pgfault, since 2014),
 *
 *     35.338 ( 0.000 ms): grep/569918 majfault [0x14984] => /etc/ld.so.cache@0x0 (d.)
 *
 * milliseconds since the trace's start, a duration, command and thread (left out where one thread is traced), the kind, code and data. Mainline
 * perf has no duration of a fault and prints 0.000: such a fault is served by a law of its kind, drawn by its place among the thread's
 * faults, so it is the same in every world; where a duration is printed it is taken. Lines of other events (system calls, lost
 * events, summaries, blank ones) are counted and skipped; a line of a fault that does not read to its end is an error.
 * perf prints in the order of its buffers: faults are put in order of time. Memory: the faults taken, one chunk, one line of at most 64 KiB.
 */
import { InputError } from '../kernel/assert.ts'
import { type Law, sampleNs } from '../kernel/law.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import { NS_PER_MS, NS_PER_US } from '../kernel/units.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { ROW_BYTES_MAX } from './text-scanner.ts'

const FAULT_COUNT_MAX = 1 << 24
const NEWLINE = 10
const RETURN = 13
const DIGITS_MAX = 12
/** Two paths of 4096 bytes at most, and what is around them. */
const FAULT_LINE_MAX = 8400
const FAULT_WORD = /\b(?:min|maj)fault\b/
/** Time, duration, "command/thread " or nothing, kind; then code and data up to the map's two letters. */
const FAULT_LINE =
  /^ *(\d+)\.(\d{3}) \( *(?:(\d+)\.(\d{3}) ms)? *\): (?:(?:.*\/)?(\d+) )?(min|maj)fault \[[^\]]*\] => .+ \([a-z?.][a-z?.]\)$/

/** Faults of a trace in order of time; all columns have `count` rows. */
export interface PerfFaults {
  readonly count: number
  /** Since the trace's start. */
  readonly atNs: Float64Array
  /** NaN where the text has none. */
  readonly durationNs: Float64Array
  /** 0 minor, 1 major. */
  readonly major: Uint8Array
  /** Lines that tell of no fault, and faults of threads that were not asked for. */
  readonly skippedLineCount: number
  readonly otherThreadCount: number
}

/** `thread`: the number of the thread to take; null takes all. Errors: InputError `name:line: what`. */
export async function readPerfTrace(source: ByteChunks, thread: string | null): Promise<PerfFaults> {
  const lines = new FaultLines(source.name, thread)
  const decoder = new TextDecoder()
  let rest = new Uint8Array(0)
  for (let chunk = await nextChunk(source, lines); chunk !== null; chunk = await nextChunk(source, lines)) {
    let bytes = chunk
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + chunk.length)
      bytes.set(rest)
      bytes.set(chunk, rest.length)
    }
    let from = 0
    for (let to = bytes.indexOf(NEWLINE, rest.length); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      lines.next(to - from)
      lines.take(decoder.decode(bytes.subarray(from, to > from && bytes[to - 1] === RETURN ? to - 1 : to)))
      from = to + 1
    }
    rest = bytes.slice(from)
    if (rest.length > ROW_BYTES_MAX) lines.next(rest.length)
  }
  if (rest.length > 0) {
    lines.next(rest.length)
    lines.take(decoder.decode(rest))
  }
  return lines.faults()
}

async function nextChunk(source: ByteChunks, lines: FaultLines): Promise<Uint8Array | null> {
  try {
    return await source.next()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    lines.next(0)
    return lines.fail(error.message)
  }
}

/** Lines as they come, and the faults among them. */
class FaultLines {
  private readonly name: string
  private readonly thread: string | null
  private readonly rows: { readonly atNs: number; readonly durationNs: number; readonly major: 0 | 1 }[] = []
  private line = 0
  private skippedLineCount = 0
  private otherThreadCount = 0

  constructor(name: string, thread: string | null) {
    this.name = name
    this.thread = thread
  }

  fail(what: string): never {
    throw new InputError(`${this.name}:${this.line}: ${what}`)
  }

  /** Counts a line; throws when it is too long. */
  next(byteCount: number): void {
    this.line++
    if (byteCount > ROW_BYTES_MAX) this.fail(`the line is longer than ${ROW_BYTES_MAX} bytes; is this the text of perf trace?`)
  }

  take(text: string): void {
    if (!FAULT_WORD.test(text)) {
      this.skippedLineCount++
      return
    }
    const match = text.length > FAULT_LINE_MAX ? null : FAULT_LINE.exec(text)
    if (match === null) {
      this.fail(`"${shown(text)}" names a page fault but is no line of perf trace; restore the line, or fetch the file again`)
    }
    const [, ms, us, durationMs = '0', durationUs = '000', id, kind] = match
    if (ms.length > DIGITS_MAX || durationMs.length > DIGITS_MAX) {
      this.fail(`the time has more than ${DIGITS_MAX} digits of milliseconds; is the file damaged?`)
    }
    if (this.thread !== null && id !== undefined && id !== this.thread) {
      this.otherThreadCount++
      return
    }
    if (this.rows.length === FAULT_COUNT_MAX) this.fail(`there are more than ${FAULT_COUNT_MAX} faults; cut the trace`)
    const durationNs = Number(durationMs) * NS_PER_MS + Number(durationUs) * NS_PER_US
    this.rows.push({
      atNs: Number(ms) * NS_PER_MS + Number(us) * NS_PER_US,
      durationNs: durationNs > 0 ? durationNs : Number.NaN,
      major: kind === 'maj' ? 1 : 0
    })
  }

  faults(): PerfFaults {
    const { rows, skippedLineCount, otherThreadCount } = this
    rows.sort((a, b) => a.atNs - b.atNs)
    return {
      count: rows.length,
      atNs: Float64Array.from(rows, ({ atNs }) => atNs),
      durationNs: Float64Array.from(rows, ({ durationNs }) => durationNs),
      major: Uint8Array.from(rows, ({ major }) => major),
      skippedLineCount,
      otherThreadCount
    }
  }
}

/** How long each fault stalls: its duration, or one drawn by its row from the law of its kind. */
export function servicesOf(faults: PerfFaults, minor: Law, major: Law): Float64Array {
  return faults.durationNs.map((ns, row) =>
    Number.isNaN(ns) ? sampleNs(faults.major[row] === 1 ? major : minor, keyedUniform(0, DRAW.hostService, row)) : ns
  )
}

/** At most 40 printable characters of a line. */
function shown(text: string): string {
  return text
    .trim()
    .slice(0, 40)
    .replace(/[^\x20-\x7e]/g, '?')
}
