/*
 * The regimes of a host's memory over the day: clean, warming, storm, recovery, in the order listed and round again, each for an exponential
 * dwell; inside a regime an optional two-state modulation (calm and burst), drawn afresh from its stationary law on entry. A pure
 * function of (seed, time): the day is cut into spans of many rounds; each span begins in a regime drawn from the stationary law
 * (dwell share) and runs on its own stream, so any span can be made alone. The share of each regime is exact; a dwell that
 * meets a span's border is cut there (about one in thirty rounds, assumed to be of no account).
 */
import { InputError } from '../kernel/assert.ts'
import { ln } from '../kernel/elementary.ts'
import { openStream, type Stream } from '../kernel/random.ts'
import type { StallRegime } from './options.ts'

const ROUNDS_PER_SPAN = 32
const SPAN_NS_MIN = 60_000_000_000

interface Span {
  readonly index: number
  readonly stream: Stream
  /** Piece i begins at startNs[i] and lasts to startNs[i + 1] or `madeUntilNs`. */
  readonly startNs: number[]
  readonly state: number[]
  madeUntilNs: number
  regime: number
  regimeUntilNs: number
  burst: boolean
}

/** State 2r is regime r calm, 2r + 1 regime r in a burst. */
export class RegimePath {
  private readonly regimes: readonly StallRegime[]
  private readonly seed: number
  private readonly spanNs: number
  private readonly spans = new Map<number, Span>()
  private span: Span | null = null
  private hint = 0

  constructor(regimes: readonly StallRegime[], seed: number) {
    this.regimes = regimes
    this.seed = seed
    let roundNs = 0
    for (const regime of regimes) roundNs += regime.dwellMeanNs
    const burst = regimes.length === 1 ? regimes[0].burst : undefined
    if (burst !== undefined) roundNs = burst.dwellMeanNs + burst.gapMeanNs
    const settled = regimes.length === 1 && burst === undefined
    this.spanNs = settled ? Number.POSITIVE_INFINITY : Math.max(SPAN_NS_MIN, Math.ceil(ROUNDS_PER_SPAN * roundNs))
  }

  /** Positions on the piece that holds `ns`: read it by `state` and `untilNs`. */
  seek(ns: number): void {
    const index = this.spanNs === Number.POSITIVE_INFINITY ? 0 : Math.floor(ns / this.spanNs)
    let span = this.span
    if (span === null || span.index !== index) {
      span = this.spans.get(index) ?? this.begin(index)
      this.span = span
      this.hint = 0
    }
    while (span.madeUntilNs <= ns) this.extend(span)
    const { startNs } = span
    const { hint } = this
    if (startNs[hint] <= ns && (hint + 1 === startNs.length || ns < startNs[hint + 1])) return
    if (hint + 1 < startNs.length && startNs[hint + 1] <= ns && (hint + 2 === startNs.length || ns < startNs[hint + 2])) {
      this.hint = hint + 1
      return
    }
    let low = 0
    let high = startNs.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (startNs[middle] <= ns) low = middle
      else high = middle
    }
    this.hint = low
  }

  get state(): number {
    return this.span === null ? 0 : this.span.state[this.hint]
  }

  get untilNs(): number {
    const { span } = this
    if (span === null) return 0
    return this.hint + 1 < span.startNs.length ? span.startNs[this.hint + 1] : span.madeUntilNs
  }

  private begin(index: number): Span {
    const stream = openStream(this.seed, 'stall-regimes', index)
    const { regimes } = this
    let total = 0
    for (const regime of regimes) total += regime.dwellMeanNs
    let u = stream.next() * total
    let regime = 0
    while (regimes.length > 1 && regime < regimes.length - 1 && u >= regimes[regime].dwellMeanNs) {
      u -= regimes[regime].dwellMeanNs
      regime++
    }
    const fromNs = index === 0 ? 0 : index * this.spanNs
    const span: Span = { index, stream, startNs: [], state: [], madeUntilNs: fromNs, regime, regimeUntilNs: 0, burst: false }
    this.enter(span, fromNs)
    this.extend(span)
    this.spans.set(index, span)
    return span
  }

  private enter(span: Span, ns: number): void {
    const regime = this.regimes[span.regime]
    span.regimeUntilNs =
      this.regimes.length === 1 ? Number.POSITIVE_INFINITY : ns + exponentialNs(span.stream, regime.dwellMeanNs)
    const { burst } = regime
    span.burst = burst !== undefined && span.stream.next() < burst.dwellMeanNs / (burst.dwellMeanNs + burst.gapMeanNs)
  }

  /** Adds the piece that begins at `madeUntilNs`. */
  private extend(span: Span): void {
    const fromNs = span.madeUntilNs
    const spanEndNs = this.spanNs === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : (span.index + 1) * this.spanNs
    const { burst } = this.regimes[span.regime]
    span.startNs.push(fromNs)
    span.state.push(2 * span.regime + (span.burst ? 1 : 0))
    const turnNs =
      burst === undefined
        ? Number.POSITIVE_INFINITY
        : fromNs + exponentialNs(span.stream, span.burst ? burst.dwellMeanNs : burst.gapMeanNs)
    span.madeUntilNs = Math.min(span.regimeUntilNs, turnNs, spanEndNs)
    if (span.madeUntilNs === span.regimeUntilNs && span.madeUntilNs < spanEndNs) {
      span.regime = (span.regime + 1) % this.regimes.length
      this.enter(span, span.madeUntilNs)
    } else if (span.madeUntilNs === turnNs) {
      span.burst = !span.burst
    }
  }
}

/** At least 1 ns, so a path always moves on. */
function exponentialNs(stream: Stream, meanNs: number): number {
  return Math.max(1, Math.ceil(-meanNs * ln(1 - stream.next())))
}

/** Throws InputError for no regimes, a rate below 0, a dwell or gap of nothing. */
export function checkRegimes(regimes: readonly StallRegime[]): void {
  if (regimes.length === 0) throw new InputError('generated stalls need at least one regime')
  for (const regime of regimes) {
    const bursts = regime.burst === undefined ? [] : [regime.burst]
    for (const rates of [regime, ...bursts]) {
      const all = [rates.minorPerSecond, rates.majorPerSecond, rates.reclaimPerSecond, rates.compactionPerSecond]
      if (!all.every((rate) => rate >= 0 && Number.isFinite(rate))) {
        throw new InputError(`the regime ${regime.name} has a rate below 0 or none; give faults per second`)
      }
      if (!(rates.dwellMeanNs > 0)) throw new InputError(`the regime ${regime.name} needs a mean dwell above 0`)
    }
    if (regime.burst !== undefined && !(regime.burst.gapMeanNs > 0)) {
      throw new InputError(`the bursts of the regime ${regime.name} need a mean gap above 0`)
    }
  }
}
