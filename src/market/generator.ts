/*
 * Generated L3 tapes: a low-intelligence order flow around an efficient price. Taken from: independent rates of limit
 * orders, takes and cancels per live order (Cont, Stoikov and Talreja 2010; Farmer, Patelli and Zovko 2005), queue lengths that
 * turn newcomers away (Huang, Lehalle and Rosenbaum 2015), power-law placement (Zovko and Farmer 2002), fleeting orders
 * (Hasbrouck and Saar 2009), split parents (order-splitting.ts), surprise impact (Madhavan, Richardson and Roomans 1997).
 *
 * The efficient price is a random walk with jumps that the flow knows: makers keep an edge to it, pull orders that lost theirs, and
 * informed takers hit those that were not pulled. So the book follows it, bounces back from noise, and passive fills are
 * adversely selected. Events: the next one's kind is drawn by the rates of the moment, the gap to it by event-clock.ts (in clusters, or
 * self-exciting: Hawkes), scaled by arrival-curve.ts. Rates and efficient price stand still within a gap. The price is the venue's own or that of a
 * market of several venues (efficient-price.ts).
 *
 * Guarantees: T1 to T4; never crossed or locked; no side ever empty; FIFO executions; the same options and seed give the same tape on any
 * engine. Leaves out auctions, halts, replaces, and any reaction to what a replay does.
 */
import { code } from '../kernel/code.ts'
import { exp, ln, normalQuantile } from '../kernel/elementary.ts'
import { openStream, type Stream } from '../kernel/random.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { type ArrivalCurve, arrivalCurve, secondAt } from './arrival-curve.ts'
import { CommonMarket, EfficientPrice, PRICE_SPAN } from './efficient-price.ts'
import { EventClock } from './event-clock.ts'
import { GeneratorBook, LIFE } from './generator-book.ts'
import { checkGeneratorOptions, type GeneratorOptions, type SizeLaw } from './generator-options.ts'
import { OrderSplitting } from './order-splitting.ts'
import { ROW_FLAG, type Tape, TapeBuilder } from './tape.ts'

/** Assumed: a venue whose flow is quiet looks at the market so often. */
const LOOK_NS = 50 * NS_PER_MS

const EVENT = code(
  'settled-cancel',
  'patient-cancel',
  'limit',
  'fleeting-cancel',
  'take',
  'stale-ask',
  'stale-bid',
  'informed-buy',
  'informed-sell'
)
const EVENT_LAST = EVENT.names.length - 1

/** The tape of these options and this seed. Throws InputError when an option is out of its range. */
export function generateTape(options: GeneratorOptions, seed: number): Tape {
  checkGeneratorOptions(options)
  const curve = arrivalCurve(options, seed)
  const flow = new Flow(options, seed, curve)
  flow.seedBook()
  flow.run(options.openNs - options.warmupNs, options.openNs)
  flow.startRecording()
  flow.run(options.openNs, options.closeNs)
  return flow.finish()
}

class Flow {
  private readonly options: GeneratorOptions
  private readonly curve: ArrivalCurve
  private readonly seed: number
  private readonly clock: EventClock
  private readonly stream: Stream
  private readonly splitting: OrderSplitting
  private readonly tape: TapeBuilder
  private readonly book: GeneratorBook
  private seedRowCount = 0

  /** The price is the venue's own, or that of the market around it. */
  private readonly price: EfficientPrice | null
  private readonly market: CommonMarket | null
  private efficient: number
  /** Events per second at intensity 1 of this venue. */
  private readonly limitRate: number
  private readonly takeRate: number
  private readonly informedRate: number
  /** Factor on makers' edges: above 1 in bursts and stress. */
  private caution = 1
  private tNs = 0
  /** Part of the last sum of rates that answers to a price on the wrong side of the book. */
  private urgentRate = 0
  /** Running sums of the events' rates, by EVENT. */
  private readonly sums = new Float64Array(EVENT.names.length)

  constructor(options: GeneratorOptions, seed: number, curve: ArrivalCurve) {
    this.options = options
    this.seed = seed
    this.curve = curve
    const share = options.marketShare
    const of = share > 0 ? `/${options.venue}` : ''
    this.clock = new EventClock(options, openStream(seed, `generator/timing${of}`))
    this.stream = openStream(seed, `generator/flow${of}`)
    this.splitting = new OrderSplitting(
      openStream(seed, 'generator/splitting'),
      options.splitterCount,
      options.splitExponent,
      options.splitCountMax
    )
    this.price = share > 0 ? null : new EfficientPrice(options, curve, openStream(seed, 'generator/price'))
    this.market = share > 0 ? new CommonMarket(options, curve, seed) : null
    this.limitRate = options.limitsPerSecond * (share > 0 ? share : 1)
    this.takeRate = share > 0 ? 0 : options.takesPerSecond
    this.informedRate = options.informedTakesPerSecond * (share > 0 ? share : 1)
    this.tape = new TapeBuilder(262144)
    this.efficient = options.initialPriceTicks + 0.5
    this.book = new GeneratorBook(this.tape, options.initialPriceTicks * PRICE_SPAN + 2 * options.depthTicksMax + 16)
  }

  /** One order per side at the far end, then the number of limit orders that the rates keep alive. */
  seedBook(): void {
    const { options, book } = this
    const far = options.depthTicksMax
    book.add(0, 1, options.initialPriceTicks - far, drawLots(options.limitSize, this.stream), this.efficient, LIFE.patient)
    book.add(0, -1, options.initialPriceTicks + far, drawLots(options.limitSize, this.stream), this.efficient, LIFE.patient)
    // Settled orders outlive the warm-up, so the book begins with as many of them as the rates keep alive.
    const { settledShare, settledCancelFactor, fleetingShare } = options
    const stay = 1 - settledShare + settledShare / settledCancelFactor
    const patient = (this.limitRate * (1 - fleetingShare) * stay) / options.patientCancelsPerSecond
    const count = settledShare > 0 ? patient / (1 - fleetingShare) : patient
    for (let i = 0; i < count; i++) this.placeLimit(0, settledShare / settledCancelFactor / stay)
  }

  startRecording(): void {
    this.book.startRecording(this.options.openNs)
    this.seedRowCount = this.tape.count
  }

  /** Events from `fromNs` to before `untilNs`. */
  run(fromNs: number, untilNs: number): void {
    const { options, curve, clock, market } = this
    let t = fromNs
    for (;;) {
      const rate = this.sumRates()
      const second = secondAt(curve, options, t)
      const gapSeconds = clock.draw(rate, curve.intensity[second], market === null ? 0 : this.urgentRate)
      const next = t + gapSeconds * NS_PER_SECOND
      if (market !== null) {
        const lookNs = clock.isExcited ? t + LOOK_NS : Number.POSITIVE_INFINITY
        const metNs = Math.min(market.takeNs, lookNs)
        if (metNs < Math.min(next, untilNs)) {
          // What was drawn would have come later, and the rates are others once the market has moved: it is drawn again.
          clock.pass((metNs - t) / NS_PER_SECOND)
          t = metNs
          this.tNs = Math.floor(t)
          this.meetMarket(market)
          continue
        }
      }
      t = next
      if (t >= untilNs) return
      this.tNs = Math.floor(t)
      this.caution = curve.caution[second]
      clock.pass(gapSeconds)
      clock.arrive()
      this.movePrice(curve, second)
      this.act(this.stream.next() * rate)
    }
  }

  /** Rates of the moment, summed up event by event; gives their total per second at intensity 1. */
  private sumRates(): number {
    const { options, book, sums } = this
    const askGap = book.bestAsk - this.efficient
    const bidGap = this.efficient - book.bestBid
    const stale = options.staleCancelsPerSecond
    const edge = options.staleEdgeTicks
    const informed = this.informedRate
    const { liveCount } = book
    const patient = options.patientCancelsPerSecond
    let sum = patient * options.settledCancelFactor * liveCount[LIFE.settled]
    sums[EVENT.of['settled-cancel']] = sum
    sums[EVENT.of['patient-cancel']] = sum += patient * options.driftFactorMax * liveCount[LIFE.patient]
    sums[EVENT.of.limit] = sum += this.limitRate
    sums[EVENT.of['fleeting-cancel']] = sum += options.fleetingCancelsPerSecond * liveCount[LIFE.fleeting]
    sums[EVENT.of.take] = sum += this.takeRate
    const flowRate = sum
    sums[EVENT.of['stale-ask']] = sum += this.reaction(edge - askGap) * stale * book.levelCount[book.bestAsk]
    sums[EVENT.of['stale-bid']] = sum += this.reaction(edge - bidGap) * stale * book.levelCount[book.bestBid]
    sums[EVENT.of['informed-buy']] = sum += this.reaction(-askGap) * informed
    sums[EVENT.of['informed-sell']] = sum += this.reaction(-bidGap) * informed
    this.urgentRate = sum - flowRate
    return sum
  }

  /** Does the event in whose share of the rates `pick` falls. */
  private act(pick: number): void {
    const { sums } = this
    let event = 0
    while (event < EVENT_LAST && pick >= sums[event]) event++
    switch (event) {
      case EVENT.of['settled-cancel']:
        this.cancelOne(this.anyOf(LIFE.settled))
        break
      case EVENT.of['patient-cancel']:
        this.cancelPatient()
        break
      case EVENT.of.limit:
        this.placeLimit(this.tNs, this.options.settledShare)
        break
      case EVENT.of['fleeting-cancel']:
        this.cancelOne(this.anyOf(LIFE.fleeting))
        break
      case EVENT.of.take:
        this.takeNoise(this.drawSign())
        break
      case EVENT.of['stale-ask']:
        this.cancelStale(-1)
        break
      case EVENT.of['stale-bid']:
        this.cancelStale(1)
        break
      case EVENT.of['informed-buy']:
        this.takeInformed(1)
        break
      default:
        this.takeInformed(-1)
        break
    }
  }

  finish(): Tape {
    const { options, seed, curve } = this
    const notes: Record<string, number> = { seedRows: this.seedRowCount }
    curve.bursts.forEach((burst, i) => {
      notes[`burst${i + 1}AtNs`] = burst.atNs
    })
    return this.tape.finish({
      symbol: options.symbol,
      venue: options.venue,
      date: options.date,
      zone: options.zone,
      tickUnits: options.tickUnits,
      priceDecimals: options.priceDecimals,
      lotUnits: options.lotUnits,
      lotDecimals: options.lotDecimals,
      openNs: options.openNs,
      closeNs: options.closeNs,
      source: `generator, preset ${options.preset}, seed ${seed}`,
      notes
    })
  }

  /** Ticks of lacking edge that count: 0 to reactionTicksMax. */
  private reaction(ticks: number): number {
    if (ticks <= 0) return 0
    return ticks < this.options.reactionTicksMax ? ticks : this.options.reactionTicksMax
  }

  private movePrice(curve: ArrivalCurve, second: number): void {
    const { price, market, clock } = this
    if (market !== null) this.efficient = market.ticksAt(this.tNs)
    if (price === null) return
    price.await(clock.priceSeconds, curve.volatility[second])
    if (clock.short) return
    price.move(this.tNs, clock.priceSeconds * curve.intensity[second])
    this.efficient = price.ticks
  }

  /** What the market has done by now: its price, and its next take where that is due. */
  private meetMarket(market: CommonMarket): void {
    const sign = market.takeSign
    if (Math.floor(market.takeNs) <= this.tNs && market.meetTake()) this.takeNoise(sign)
    this.efficient = market.ticksAt(this.tNs)
  }

  private placeLimit(tNs: number, settledShare: number): void {
    const { options, book, stream } = this
    const side = stream.next() < 0.5 ? 1 : -1
    let depth = this.caution * (options.edgeFloorTicks - options.edgeMeanTicks * ln(1 - stream.next()))
    let life: number = stream.next() < options.fleetingShare ? LIFE.fleeting : LIFE.patient
    if (life === LIFE.patient && settledShare > 0 && stream.next() < settledShare) life = LIFE.settled
    if (life !== LIFE.fleeting && stream.next() < options.deepShare) {
      depth += options.deepScaleTicks * (exp(-ln(1 - stream.next()) / options.deepExponent) - 1)
    }
    if (depth > options.depthTicksMax) depth = options.depthTicksMax
    let price: number
    if (side === 1) {
      price = Math.floor(this.efficient - depth)
      if (price >= book.bestAsk) price = book.bestAsk - 1
    } else {
      price = Math.ceil(this.efficient + depth)
      if (price <= book.bestBid) price = book.bestBid + 1
    }
    for (let step = 0; step < 4; step++) {
      const queue = book.levelLots[price]
      if (queue <= options.crowdedLots || stream.next() * queue < options.crowdedLots) break
      price -= side
    }
    book.add(tNs, side, price, drawLots(options.limitSize, stream), this.efficient, life)
  }

  /** The slot of a uniform live order of a LIFE. */
  private anyOf(life: number): number {
    const { book } = this
    return book.live[life][Math.floor(this.stream.next() * book.liveCount[life])]
  }

  /** A uniform live patient order, kept with the odds that its rate falls short of the greatest. */
  private cancelPatient(): void {
    const { options, book, stream } = this
    const slot = this.anyOf(LIFE.patient)
    const drift = Math.abs(this.efficient - book.placedAt[slot])
    const factor = Math.min(options.driftFactorMax, 1 + drift / options.driftScaleTicks)
    if (stream.next() * options.driftFactorMax < factor) this.cancelOne(slot)
  }

  private cancelStale(side: number): void {
    const { book, stream } = this
    const count = book.levelCount[side === 1 ? book.bestBid : book.bestAsk]
    this.cancelOne(book.atBest(side, Math.floor(stream.next() * count)))
  }

  private cancelOne(slot: number): void {
    const { options, book, stream } = this
    const lots = book.lots[slot]
    if (lots > 1 && stream.next() < options.partialCancelShare) {
      book.reduce(this.tNs, slot, 1 + Math.floor(stream.next() * (lots - 1)))
    } else book.cancel(this.tNs, slot)
  }

  /** The side of a take: 1 buys. */
  private drawSign(): number {
    const { options, book, stream } = this
    if (options.imbalanceShare === 0 || stream.next() >= options.imbalanceShare) return this.splitting.next()
    const bid = book.levelLots[book.bestBid]
    return stream.next() * (bid + book.levelLots[book.bestAsk]) < bid ? 1 : -1
  }

  private takeNoise(sign: number): void {
    const { options, book, stream } = this
    let lots = drawLots(options.takeSize, stream)
    if (stream.next() < options.hiddenShare) lots -= this.printHidden(sign, lots)
    if (lots > 0) {
      const best = sign === 1 ? book.bestAsk : book.bestBid
      if (stream.next() < options.takeWithinBestShare) lots = Math.min(lots, book.levelLots[best])
      book.take(this.tNs, -sign, best + sign * options.depthTicksMax, lots)
    }
    if (this.price === null) return
    this.price.take(sign)
    this.efficient = this.price.ticks
  }

  /** Takes what rests on the wrong side of the efficient price, and no further. */
  private takeInformed(sign: number): void {
    const limit = sign === 1 ? Math.floor(this.efficient) : Math.ceil(this.efficient)
    this.book.take(this.tNs, -sign, limit, drawLots(this.options.takeSize, this.stream))
  }

  /** A hidden order inside the spread meets the take first; gives its lots. */
  private printHidden(sign: number, lotsMax: number): number {
    const { options, book, stream } = this
    const lots = Math.min(lotsMax, drawLots(options.hiddenSize, stream))
    const spread = book.bestAsk - book.bestBid
    let price = book.bestBid + Math.floor(spread / 2)
    let flags = spread % 2 === 1 ? ROW_FLAG.between : 0
    if (spread > 1 && stream.next() >= options.hiddenMidpointShare) {
      price = book.bestBid + 1 + Math.floor(stream.next() * (spread - 1))
      flags = 0
    }
    book.printHidden(this.tNs, -sign, price, lots, flags)
    return lots
  }
}

function drawLots(law: SizeLaw, stream: Stream): number {
  let lots: number
  if (stream.next() < law.roundShare) {
    lots = law.roundLots
    while (lots < law.lotsMax && stream.next() < law.nextRoundProbability) lots += law.roundLots
  } else {
    const u = stream.next()
    lots = Math.max(1, Math.round(law.oddMedianLots * exp(law.oddSigma * normalQuantile(u < 1e-12 ? 1e-12 : u))))
  }
  return lots > law.lotsMax ? law.lotsMax : lots
}
