/*
 * Stalls from a recording, repeated from `startNs` every `periodNs`; none before it. A stall that begins while another runs starts when
 * that ends; what would last past the period's end is cut there. The host.faults clamp scales each stall's length
 * by the factor at its instant (a recording's count of faults is what it is). Guarantee: a pure function of time.
 */
import { InputError } from '../kernel/assert.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { ClampSchedule, TargetClamps } from './clamp.ts'
import type { StallOptions } from './options.ts'
import type { CountMoments, FaultCounts, StallSource, StallSpan } from './stall-span.ts'

const MOMENT_WINDOW_NS = 10_000_000

type TraceOptions = Extract<StallOptions, { kind: 'trace' }>

export class RecordedStalls implements StallSource {
  private readonly options: TraceOptions
  private readonly clamps: TargetClamps
  private readonly clamped: boolean
  private readonly periodNs: number
  private readonly majorsBefore: Float64Array
  private readonly span: {
    fromNs: number
    untilNs: number
    originNs: number
    readonly startNs: Float64Array
    readonly endNs: Float64Array
    readonly kind: Uint8Array
    count: number
  }
  private readonly laidOut: { startNs: Float64Array; endNs: Float64Array }

  /** Errors: InputError for times that go back or are negative, negative lengths, unequal columns, a period of nothing. */
  constructor(options: TraceOptions, clamps: ClampSchedule) {
    const { atNs, stallNs, stallKind } = options
    const count = atNs.length
    if (stallNs.length !== count || stallKind.length !== count) {
      throw new InputError(`the stall trace has ${count} times but ${stallNs.length} lengths and ${stallKind.length} kinds`)
    }
    for (let i = 0; i < count; i++) {
      if (!(atNs[i] >= (i === 0 ? 0 : atNs[i - 1]))) {
        throw new InputError(`the stall trace goes back in time at row ${i + 1}; sort it by time`)
      }
      if (!(stallNs[i] >= 0)) throw new InputError(`the stall trace has a length below 0 at row ${i + 1}`)
    }
    if (!(options.periodNs > 0)) throw new InputError(`a stall trace cannot repeat every ${options.periodNs} ns`)
    this.options = options
    this.clamps = clamps.of('host.faults')
    this.clamped = !this.clamps.isFree
    this.periodNs = options.periodNs
    this.majorsBefore = new Float64Array(count + 1)
    for (let i = 0; i < count; i++) {
      this.majorsBefore[i + 1] = this.majorsBefore[i] + (stallKind[i] === STALL_KIND.of.major ? 1 : 0)
    }
    this.laidOut = { startNs: new Float64Array(count), endNs: new Float64Array(count) }
    this.span = {
      fromNs: 0,
      untilNs: Number.NEGATIVE_INFINITY,
      originNs: 0,
      startNs: this.laidOut.startNs,
      endNs: this.laidOut.endNs,
      kind: stallKind,
      count: 0
    }
    if (!this.clamped) this.layOut(0)
  }

  spanAt(ns: number): StallSpan {
    const { span } = this
    if (ns >= span.fromNs && ns < span.untilNs) return span
    const { startNs } = this.options
    if (ns < startNs) {
      span.fromNs = 0
      span.untilNs = startNs
      span.count = 0
      return span
    }
    const period = this.periodNs === Number.POSITIVE_INFINITY ? 0 : Math.floor((ns - startNs) / this.periodNs)
    const originNs = period === 0 ? startNs : startNs + period * this.periodNs
    span.fromNs = originNs
    span.untilNs = originNs + this.periodNs
    span.originNs = originNs
    span.count = this.options.atNs.length
    if (this.clamped) this.layOut(originNs)
    return span
  }

  /** Lays one period's stalls end to end; with a clamp every period differs. */
  private layOut(originNs: number): void {
    const { atNs, stallNs } = this.options
    const { startNs, endNs } = this.laidOut
    let freeNs = 0
    for (let i = 0; i < atNs.length; i++) {
      const factor = this.clamped ? this.clamps.factorAt(originNs + atNs[i]) : 1
      const beginNs = Math.min(this.periodNs, Math.max(freeNs, atNs[i]))
      freeNs = Math.min(this.periodNs, beginNs + Math.floor(stallNs[i] * factor))
      startNs[i] = beginNs
      endNs[i] = freeNs
    }
  }

  addFaults(fromNs: number, toNs: number, out: FaultCounts): void {
    if (toNs <= fromNs) return
    this.addUpTo(toNs, 1, out)
    this.addUpTo(fromNs, -1, out)
  }

  /** Adds `sign` times the faults that began up to and including `ns`. */
  private addUpTo(ns: number, sign: number, out: FaultCounts): void {
    const { startNs, atNs } = this.options
    if (ns < startNs) return
    const period = this.periodNs === Number.POSITIVE_INFINITY ? 0 : Math.floor((ns - startNs) / this.periodNs)
    const inPeriodNs = period === 0 ? ns - startNs : ns - startNs - period * this.periodNs
    // Rows at or beyond the period's end never happen.
    const total = rowsUpTo(atNs, this.periodNs - 1)
    const rows = Math.min(total, rowsUpTo(atNs, inPeriodNs))
    const major = period * this.majorsBefore[total] + this.majorsBefore[rows]
    out.major += sign * major
    out.minor += sign * (period * total + rows - major)
  }

  windows(fromNs: number, toNs: number, windowNs: number, out: Float64Array): number {
    const windowCount = Math.max(0, Math.min(out.length, Math.floor((toNs - fromNs) / windowNs)))
    const counts = { minor: 0, major: 0 }
    for (let w = 0; w < windowCount; w++) {
      counts.minor = 0
      counts.major = 0
      const endNs = toNs - (windowCount - 1 - w) * windowNs
      this.addFaults(endNs - windowNs, endNs, counts)
      out[w] = counts.minor + counts.major
    }
    return windowCount
  }

  moments(fromNs: number, toNs: number, out: CountMoments): void {
    const counts = { minor: 0, major: 0 }
    for (let endNs = toNs; endNs - MOMENT_WINDOW_NS >= fromNs; endNs -= MOMENT_WINDOW_NS) {
      counts.minor = 0
      counts.major = 0
      this.addFaults(endNs - MOMENT_WINDOW_NS, endNs, counts)
      const faults = counts.minor + counts.major
      out.count++
      out.sum += faults
      out.squares += faults * faults
    }
  }

  /** A recording is what it is: no action changes it. */
  act(): boolean {
    return false
  }
}

/** Rows whose time is at most `ns`. */
function rowsUpTo(atNs: Float64Array, ns: number): number {
  let low = 0
  let high = atNs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (atNs[middle] <= ns) low = middle + 1
    else high = middle
  }
  return low
}
