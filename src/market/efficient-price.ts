/*
 * The efficient price that a venue's flow knows, in ticks: a random walk with jumps and news bursts, moved by surprising takes (Madhavan,
 * Richardson and Roomans 1997). Own: the venue's alone, moved at its own events. Common: the market's, around which several venues quote; it
 * moves on a grid of its own and with the market's takes, which each venue meets with its share, later by its delay.
 *
 * Guarantees: the common price and takes are functions of the seed and of the options named in COMMON_OPTIONS: venues with equal ones see the
 * same market, whichever others there are. It stays within a factor of two of the first price.
 */
import { ln, normalQuantile } from '../kernel/elementary.ts'
import { openStream, type Stream } from '../kernel/random.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { type ArrivalCurve, secondAt } from './arrival-curve.ts'
import { EventClock } from './event-clock.ts'
import type { GeneratorOptions } from './generator-options.ts'
import { OrderSplitting } from './order-splitting.ts'

/** The efficient price stays within this factor of the first. */
export const PRICE_SPAN = 2
/** Assumed: between two moves of the common price. */
const STEP_NS = 20 * NS_PER_MS

export class EfficientPrice {
  ticks: number
  private readonly options: GeneratorOptions
  private readonly curve: ArrivalCurve
  private readonly stream: Stream
  private readonly min: number
  private readonly max: number
  /** Seconds times squared volatility that the price has not moved for yet: short gaps are added up. */
  private pendingSeconds = 0
  private burst = 0
  /** Exponential average of the last takes' signs; signForesight of it is no news. */
  private recentSign = 0

  constructor(options: GeneratorOptions, curve: ArrivalCurve, stream: Stream) {
    this.options = options
    this.curve = curve
    this.stream = stream
    this.ticks = options.initialPriceTicks + 0.5
    this.min = options.initialPriceTicks / PRICE_SPAN
    this.max = options.initialPriceTicks * PRICE_SPAN
  }

  /** Seconds in which the price moves, without moving it yet. */
  await(seconds: number, volatility: number): void {
    this.pendingSeconds += seconds * volatility * volatility
  }

  /** Moves for all that was awaited. `busySeconds` weighs jumps: seconds times intensity. */
  move(tNs: number, busySeconds: number): void {
    const { options, stream, curve } = this
    const u = stream.next()
    const sd = options.sdTicksPerRootSecond * Math.sqrt(this.pendingSeconds)
    this.pendingSeconds = 0
    let next = this.ticks + sd * normalQuantile(u < 1e-12 ? 1e-12 : u)
    if (stream.next() * 3600 < options.jumpsPerHour * busySeconds) {
      const sign = stream.next() < 0.5 ? -1 : 1
      next -= sign * options.jumpMeanTicks * ln(1 - stream.next())
    }
    while (this.burst < curve.bursts.length && curve.bursts[this.burst].atNs <= tNs) next += curve.bursts[this.burst++].jumpTicks
    this.set(next)
  }

  /** A take of the sign: what of it was not foreseen moves the price. */
  take(sign: number): void {
    const { options } = this
    this.set(this.ticks + options.impactTicks * (sign - options.signForesight * this.recentSign))
    this.recentSign += (sign - this.recentSign) / (2 * options.splitterCount)
  }

  /** Reflected into its range, so that the arrays of prices hold it. */
  private set(ticks: number): void {
    let next = ticks
    if (next < this.min) next = Math.min(this.max, 2 * this.min - next)
    if (next > this.max) next = Math.max(this.min, 2 * this.max - next)
    this.ticks = next
  }
}

/** What venues of one market must have in common. */
export const COMMON_OPTIONS = [
  'openNs',
  'closeNs',
  'dayOpenNs',
  'dayCloseNs',
  'warmupNs',
  'initialPriceTicks',
  'sdTicksPerRootSecond',
  'jumpsPerHour',
  'jumpMeanTicks',
  'impactTicks',
  'signForesight',
  'takesPerSecond',
  'splitterCount',
  'splitExponent',
  'splitCountMax'
] as const satisfies readonly (keyof GeneratorOptions)[]

/** The market around one venue: the price as it is met there, and the next take. */
export class CommonMarket {
  /** When the market's next take is met at the venue, and its sign. */
  takeNs: number
  takeSign = 0
  private readonly options: GeneratorOptions
  private readonly curve: ArrivalCurve
  private readonly price: EfficientPrice
  private readonly clock: EventClock
  private readonly splitting: OrderSplitting
  private readonly share: Stream
  private stepNs: number

  constructor(options: GeneratorOptions, curve: ArrivalCurve, seed: number) {
    this.options = options
    this.curve = curve
    this.price = new EfficientPrice(options, curve, openStream(seed, 'market/price'))
    this.clock = new EventClock(options, openStream(seed, 'market/timing'))
    this.splitting = new OrderSplitting(
      openStream(seed, 'market/splitting'),
      options.splitterCount,
      options.splitExponent,
      options.splitCountMax
    )
    this.share = openStream(seed, `market/share/${options.venue}`)
    this.takeNs = options.openNs - options.warmupNs + options.followDelayNs
    this.stepNs = this.takeNs
    this.drawTake()
  }

  /** The price as the venue knows it at an instant; not before the last one asked for, and not after the next take. */
  ticksAt(tNs: number): number {
    const { curve, options, price } = this
    const seconds = STEP_NS / NS_PER_SECOND
    while (this.stepNs + STEP_NS <= tNs) {
      this.stepNs += STEP_NS
      const marketNs = this.stepNs - options.followDelayNs
      const second = secondAt(curve, options, marketNs)
      price.await(seconds, curve.volatility[second])
      price.move(marketNs, seconds * curve.intensity[second])
    }
    return price.ticks
  }

  /** The next take takes place: true when this venue is met by it. */
  meetTake(): boolean {
    this.ticksAt(this.takeNs)
    this.price.take(this.takeSign)
    const met = this.share.next() < this.options.marketShare
    this.drawTake()
    return met
  }

  private drawTake(): void {
    const { options, curve } = this
    const rate = options.takesPerSecond
    if (rate === 0) {
      this.takeNs = Number.POSITIVE_INFINITY
      return
    }
    const second = secondAt(curve, options, this.takeNs - options.followDelayNs)
    const seconds = this.clock.draw(rate, curve.intensity[second])
    this.clock.pass(seconds)
    this.clock.arrive()
    this.takeNs += seconds * NS_PER_SECOND
    this.takeSign = this.splitting.next()
  }
}
