/*
 * The regimes of a host's memory over the day: clean, warming, storm, recovery, in the order listed and round again, each for its dwell;
 * inside a regime an optional two-state modulation (drawn afresh from its stationary law on entry) or an onset that falls
 * from the entry on. A pure function of (seed, time): the day is cut into spans of many rounds; each span begins at a random age of a regime
 * drawn from the stationary law (dwell share) and runs on its own stream, so any span can be made alone.
 * States change between blocks of 10 ms: instants of change are rounded to blocks, so shorter states are lost as often as they are
 * lengthened and the share of each is exact. A dwell that meets a span's border is cut there (one in thirty
 * rounds, assumed to be of no account).
 */
import { ln } from '../kernel/elementary.ts'
import { openStream, type Stream } from '../kernel/random.ts'
import type { StallRegime } from './options.ts'
import { type RegimeStates, STALL_BLOCK_NS } from './stall-states.ts'

const ROUNDS_PER_SPAN = 32
const SPAN_NS_MIN = 60_000_000_000

interface Span {
  readonly index: number
  readonly stream: Stream
  /** Piece i begins at startNs[i] and lasts to startNs[i + 1] or `madeUntilNs`. */
  readonly startNs: number[]
  readonly state: number[]
  madeUntilNs: number
  /** Before rounding to blocks. */
  exactNs: number
  regime: number
  regimeStartNs: number
  regimeUntilNs: number
  burst: boolean
}

export class RegimePath {
  private readonly regimes: readonly StallRegime[]
  private readonly places: readonly RegimeStates[]
  private readonly seed: number
  private readonly spanNs: number
  private readonly spans = new Map<number, Span>()
  private span: Span | null = null
  private hint = 0

  constructor(regimes: readonly StallRegime[], places: readonly RegimeStates[], seed: number) {
    this.regimes = regimes
    this.places = places
    this.seed = seed
    let roundNs = 0
    for (const regime of regimes) roundNs += regime.dwellMeanNs
    const [{ burst, onset }] = regimes
    if (regimes.length === 1 && burst !== undefined) roundNs = burst.dwellMeanNs + burst.gapMeanNs
    const settled = regimes.length === 1 && burst === undefined && onset === undefined
    const spanNs = Math.max(SPAN_NS_MIN, ROUNDS_PER_SPAN * roundNs)
    this.spanNs = settled ? Number.POSITIVE_INFINITY : Math.ceil(spanNs / STALL_BLOCK_NS) * STALL_BLOCK_NS
  }

  /** Positions on the piece that holds `ns`: read it by `state`, `sinceNs` and `untilNs`. */
  seek(ns: number): void {
    const index = this.spanNs === Number.POSITIVE_INFINITY ? 0 : Math.floor(ns / this.spanNs)
    let { span } = this
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

  /** When the piece began, or its span. */
  get sinceNs(): number {
    return this.span === null ? 0 : this.span.startNs[this.hint]
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
    const span: Span = {
      index,
      stream,
      startNs: [],
      state: [],
      madeUntilNs: fromNs,
      exactNs: fromNs,
      regime,
      regimeStartNs: 0,
      regimeUntilNs: 0,
      burst: false
    }
    const { dwellMeanNs } = regimes[regime]
    const ageNs = this.drawDwellNs(span)
    // A constant dwell is met at an even age; an exponential one has no memory.
    if (regimes[regime].dwell === 'constant') this.enter(span, fromNs - Math.floor(ageNs * stream.next()), dwellMeanNs)
    else this.enter(span, fromNs - ageNs, ageNs + this.drawDwellNs(span))
    while (span.startNs.length === 0) this.extend(span)
    this.spans.set(index, span)
    return span
  }

  private drawDwellNs(span: Span): number {
    const { dwell, dwellMeanNs } = this.regimes[span.regime]
    return dwell === 'constant' ? dwellMeanNs : exponentialNs(span.stream, dwellMeanNs)
  }

  private enter(span: Span, ns: number, dwellNs: number): void {
    const { burst, onset } = this.regimes[span.regime]
    span.regimeStartNs = ns
    span.regimeUntilNs = this.regimes.length === 1 && onset === undefined ? Number.POSITIVE_INFINITY : ns + dwellNs
    span.burst = burst !== undefined && span.stream.next() < burst.dwellMeanNs / (burst.dwellMeanNs + burst.gapMeanNs)
  }

  /** Adds the piece that begins at `madeUntilNs`, unless it is lost in the rounding. */
  private extend(span: Span): void {
    const fromNs = span.exactNs
    const spanEndNs = this.spanNs === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : (span.index + 1) * this.spanNs
    const { burst } = this.regimes[span.regime]
    const place = this.places[span.regime]
    let state = place.base
    let turnNs = Number.POSITIVE_INFINITY
    if (burst !== undefined) {
      if (span.burst) state = place.burst
      turnNs = fromNs + exponentialNs(span.stream, span.burst ? burst.dwellMeanNs : burst.gapMeanNs)
    } else if (place.onset !== -1) {
      const step = onsetStepAt(place, fromNs - span.regimeStartNs)
      if (step <= place.onsetStepCount) {
        state = place.onset + step
        turnNs = span.regimeStartNs + onsetStepEndNs(place, step)
      }
    }
    const untilNs = Math.min(span.regimeUntilNs, turnNs, spanEndNs)
    const madeUntilNs = untilNs === Number.POSITIVE_INFINITY ? untilNs : Math.round(untilNs / STALL_BLOCK_NS) * STALL_BLOCK_NS
    if (madeUntilNs > span.madeUntilNs) {
      span.startNs.push(span.madeUntilNs)
      span.state.push(state)
      span.madeUntilNs = madeUntilNs
    }
    span.exactNs = untilNs
    if (untilNs === span.regimeUntilNs && untilNs < spanEndNs) {
      span.regime = (span.regime + 1) % this.regimes.length
      this.enter(span, untilNs, this.drawDwellNs(span))
    } else if (untilNs === turnNs) {
      span.burst = !span.burst
    }
  }
}

/** 0 while the onset holds, then its steps from 1 on. */
function onsetStepAt({ holdBlocks, stepBlocks }: RegimeStates, ageNs: number): number {
  const blocks = ageNs / STALL_BLOCK_NS
  return blocks < holdBlocks ? 0 : 1 + Math.floor((blocks - holdBlocks) / stepBlocks)
}

function onsetStepEndNs({ holdBlocks, stepBlocks }: RegimeStates, step: number): number {
  return (holdBlocks + step * stepBlocks) * STALL_BLOCK_NS
}

/** At least 1 ns, so a path always moves on. */
function exponentialNs(stream: Stream, meanNs: number): number {
  return Math.max(1, Math.ceil(-meanNs * ln(1 - stream.next())))
}
