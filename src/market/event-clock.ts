/*
 * Gaps between generated events, of two kinds. Renewal: a mix of short and long exponential gaps. Self-exciting: a Hawkes process with two
 * exponential kernels, whose marks (the kinds of event) are drawn by the rates of the book: a queue-reactive Hawkes model in its simplest form
 * (Wu, Rambaldi, Muzy and Bacry 2019, "Queue-reactive Hawkes models for the order flow"; kernels and moments: Bacry, Mastromatteo and Muzy 2015).
 * The next event is the earliest of the base's and each kernel's own, by composition, exactly (Dassios and Zhao 2013).
 *
 * Guarantees, for a steady rate r: events arrive at rate r on average. With branching ratio n = fast + slow the base is r (1 - n), and the
 * variance of counts in windows far longer than the kernels is 1 / (1 - n)^2 of their mean. The excitation is of the flow as a whole: it changes
 * how fast events follow each other, not which. Leaves out kernels between kinds of event.
 */
import { exp, ln } from '../kernel/elementary.ts'
import type { Stream } from '../kernel/random.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'

export interface ClockOptions {
  readonly clusterShare: number
  readonly clusterGapShare: number
  readonly fastExcitation: number
  readonly fastExcitationDecayNs: number
  readonly slowExcitation: number
  readonly slowExcitationDecayNs: number
}

export class EventClock {
  /** Of the last gap drawn: it is one of a cluster, and the price does not move in it. */
  short = false
  /** Of the last gap drawn: seconds in which the price moves; their mean is that of the gaps. */
  priceSeconds = 0
  private readonly stream: Stream
  private readonly clusterShare: number
  private readonly clusterGapShare: number
  private readonly longShare: number
  private readonly baseShare: number
  /** Kernels: decay per second, jump at an event, excitation now (events per second). */
  private readonly fastDecay: number
  private readonly slowDecay: number
  private readonly fastJump: number
  private readonly slowJump: number
  private fast = 0
  private slow = 0

  constructor(options: ClockOptions, stream: Stream) {
    this.stream = stream
    this.clusterShare = options.clusterShare
    this.clusterGapShare = options.clusterGapShare
    this.longShare = (1 - options.clusterShare * options.clusterGapShare) / (1 - options.clusterShare)
    this.baseShare = 1 - options.fastExcitation - options.slowExcitation
    this.fastDecay = NS_PER_SECOND / options.fastExcitationDecayNs
    this.slowDecay = NS_PER_SECOND / options.slowExcitationDecayNs
    this.fastJump = options.fastExcitation * this.fastDecay
    this.slowJump = options.slowExcitation * this.slowDecay
  }

  /** Gaps have no memory beyond the excitation: one that was passed in part may be drawn again. */
  get isExcited(): boolean {
    return this.baseShare !== 1
  }

  /**
   * Seconds to the next event if nothing comes between; `rate` at intensity 1 stands still until then. `urgentRate` is a part of it that
   * answers to the market and does not wait for the flow to excite it: of a self-exciting clock it is wholly in the base.
   */
  draw(rate: number, intensity: number, urgentRate = 0): number {
    return this.isExcited ? this.drawExcited(rate, intensity, urgentRate) : this.drawRenewal(rate, intensity)
  }

  /** Time passes without an event: excitation decays. */
  pass(seconds: number): void {
    if (this.fast > 0) this.fast = decayed(this.fast, this.fastDecay * seconds)
    if (this.slow > 0) this.slow = decayed(this.slow, this.slowDecay * seconds)
  }

  /** An event at the end of the time passed. */
  arrive(): void {
    this.fast += this.fastJump
    this.slow += this.slowJump
  }

  private drawRenewal(rate: number, intensity: number): number {
    const { clusterShare, clusterGapShare, longShare } = this
    const u = this.stream.next()
    const short = u < clusterShare
    const v = short ? u / clusterShare : (u - clusterShare) / (1 - clusterShare)
    const seconds = (-ln(1 - v) * (short ? clusterGapShare : longShare)) / (rate * intensity)
    this.short = short
    this.priceSeconds = seconds
    return seconds
  }

  private drawExcited(rate: number, intensity: number, urgentRate: number): number {
    const { stream, fast, slow } = this
    const base = rate * this.baseShare + urgentRate * (1 - this.baseShare)
    let seconds = -ln(1 - stream.next()) / (base * intensity)
    if (fast > 0) seconds = earlier(seconds, fast, this.fastDecay, stream)
    if (slow > 0) seconds = earlier(seconds, slow, this.slowDecay, stream)
    // Events carry the variance, however close they come (Clark 1973): one event, one mean gap's worth of it.
    this.priceSeconds = 1 / (rate * intensity)
    return seconds
  }
}

/** Beyond this many decays nothing is left: e^-30 of an excitation brings one event in 10^13. */
const DECAY_MAX = 30

function decayed(excitation: number, decays: number): number {
  return decays > DECAY_MAX ? 0 : excitation * exp(-decays)
}

/** `seconds`, or the first event of an intensity that decays from `excitation`, when that comes before; it may never come. */
function earlier(seconds: number, excitation: number, decay: number, stream: Stream): number {
  const u = stream.next()
  // -ln(1 - u) >= u: most kernels that bring nothing are seen without the logarithm.
  if (u * decay >= excitation) return seconds
  const left = 1 + (decay * ln(1 - u)) / excitation
  if (left <= 0) return seconds
  const own = -ln(left) / decay
  return own < seconds ? own : seconds
}
