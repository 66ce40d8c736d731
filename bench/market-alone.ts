/*
 * What the market alone costs a world: the calls that a run made to its market, played again on a fresh one without the path. The replay steps the
 * market to each instant as the simulation did, and must give the same answers.
 */
import { strict as assert } from 'node:assert'
import {
  type Market,
  type MarketEvents,
  type MatchingOptions,
  SequentialMarket,
  simulate,
  TimelineMarket,
  type Touch
} from '../src/index.ts'
import { type Line, spreadOf } from './line.ts'
import { time } from './meter.ts'
import { QUICKSTART, readyScenario } from './world-runs.ts'

const RATIO_MIN = 20

/** A call and its answer. */
interface Call {
  readonly play: (market: Market) => number
  readonly answer: number
}

/** Passes every call on to a market and keeps it. */
class RecordedCalls implements Market {
  readonly calls: Call[] = []
  private readonly market: Market
  /** Called back by the market: what is asked then is part of that call. */
  private inside = false

  constructor(market: Market) {
    this.market = market
  }

  get tape(): Market['tape'] {
    return this.market.tape
  }
  get matching(): MatchingOptions {
    return this.market.matching
  }
  get wasSelfMatched(): boolean {
    return this.market.wasSelfMatched
  }
  bind(events: MarketEvents): void {
    this.market.bind(events)
  }
  nextNs(): number {
    return this.market.nextNs()
  }
  step(): void {
    const dueNs = this.market.nextNs()
    this.inside = true
    this.market.step()
    this.inside = false
    this.calls.push({ play: (market) => stepTo(market, dueNs), answer: 0 })
  }
  advanceTo(nowNs: number): void {
    this.keep((market) => {
      stepTo(market, nowNs)
      market.advanceTo(nowNs)
      return 0
    })
  }
  phase(): number {
    return this.keep((market) => market.phase())
  }
  readTouch(out: Touch): void {
    this.market.readTouch(out)
    if (this.inside) return
    this.calls.push({ play: (market) => touchOf(market, null), answer: out.bidTicks + out.askTicks })
  }
  readTouchAt(viewNs: number, out: Touch): void {
    this.market.readTouchAt(viewNs, out)
    this.calls.push({ play: (market) => touchOf(market, viewNs), answer: out.bidTicks + out.askTicks })
  }
  tradedLotsAt(viewNs: number): number {
    return this.market.tradedLotsAt(viewNs)
  }
  offeredLots(side: number, priceTicks: number): number {
    return this.keep((market) => market.offeredLots(side, priceTicks))
  }
  takeableLots(side: number, limitTicks: number, lotsMax: number): number {
    return this.keep((market) => market.takeableLots(side, limitTicks, lotsMax))
  }
  take(own: number, side: number, limitTicks: number, lots: number): number {
    return this.keep((market) => market.take(own, side, limitTicks, lots))
  }
  meetsOwn(side: number, limitTicks: number): boolean {
    return this.market.meetsOwn(side, limitTicks)
  }
  join(own: number, side: number, priceTicks: number, lots: number): number {
    return this.keep((market) => market.join(own, side, priceTicks, lots))
  }
  reduceTo(own: number, lots: number): void {
    this.keep((market) => {
      market.reduceTo(own, lots)
      return 0
    })
  }
  leave(own: number): void {
    this.keep((market) => {
      market.leave(own)
      return 0
    })
  }
  lotsAhead(own: number): number {
    return this.keep((market) => market.lotsAhead(own))
  }
  openLots(own: number): number {
    return this.keep((market) => market.openLots(own))
  }
  watchTouch(on: boolean): void {
    this.keep((market) => {
      market.watchTouch(on)
      return 0
    })
  }

  private keep(play: Call['play']): number {
    if (this.inside) return play(this.market)
    this.inside = true
    const answer = play(this.market)
    this.inside = false
    this.calls.push({ play, answer })
    return answer
  }
}

/** Another market may take more steps to get there: one for each row. */
function stepTo(market: Market, nowNs: number): number {
  while (market.nextNs() <= nowNs) market.step()
  return 0
}

const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }

function touchOf(market: Market, viewNs: number | null): number {
  if (viewNs === null) market.readTouch(touch)
  else {
    // In a run the rows up to now have been stepped, and now is not before the view.
    stepTo(market, viewNs)
    market.readTouchAt(viewNs, touch)
  }
  return touch.bidTicks + touch.askTicks
}

/** Plays the calls on a fresh market. */
function playCalls(calls: readonly Call[], market: Market): void {
  market.bind({ onFill: () => undefined, onTouch: () => undefined })
  for (const { play, answer } of calls) assert.equal(play(market), answer, 'the same answer as in the run')
}

/** Forty parents of five minutes each on a generated day: what they ask of the market, on the timeline and on the oracle. */
export async function measureMarketAlone(): Promise<Line> {
  const day = ['market.venues.0.tape.open=09:30', 'market.venues.0.tape.close=16:00']
  const ready = await readyScenario(QUICKSTART, [...day, 'parents={ count: 40, horizon: 5m }'])
  const [{ tape, timeline }] = ready.venues
  const recorded = new RecordedCalls(new TimelineMarket(timeline))
  simulate({ ...ready.world('baseline', 1), markets: [recorded] })
  const { calls } = recorded
  const indexed = time('timeline', () => playCalls(calls, new TimelineMarket(timeline)), 9)
  const replayed = time('oracle', () => playCalls(calls, new SequentialMarket(tape)), 5)
  const ratio = replayed.medianMs / indexed.medianMs
  return {
    what: `the market alone: 40 parents of 5 minutes, ${calls.length} calls on a day of ${tape.count} rows`,
    figure: `${indexed.medianMs.toFixed(0)} ms`,
    spread: spreadOf(indexed),
    ratio: `oracle ${ratio.toFixed(1)} x timeline`,
    target: { text: '>= 20 x', met: ratio >= RATIO_MIN }
  }
}
