/*
 * The strategy "passive-100ms" written against the library's public face: every 100 ms of simulated time one post-only order of one lot at the
 * best price of the host's book, buy and sell in turns, and the order of ten steps ago cancelled. 250 us each way, first in, first out.
 * The host's book is the recorded feed as it was received; the venue is any RecordedMarket. Ties: venue before host, rows before messages.
 * It ends when nothing is left to happen after a step.
 */
import { firstRowAfter, type MarketEvents, type RecordedMarket, type Touch } from '../src/index.ts'

const STEP_NS = 100_000_000
const LATENCY_NS = 250_000
const CANCEL_AFTER_STEPS = 10
const CHECKSUM_MODULUS = 1_000_000_007

/** What the host knows of an order. */
const SENT = 0
const LIVE = 1
const CANCEL_SENT = 2
const DONE = 3

/** Answers of the venue. */
const ACCEPTED = 0
const REFUSED = 1
const FILLED = 2
const CANCELLED = 3

export interface PeerResult {
  readonly stepCount: number
  readonly submittedCount: number
  readonly cancelCount: number
  readonly checksum: number
  readonly fillCount: number
  /** Bought less sold, in lots, and what was received less what was paid, in ticks times lots. */
  readonly positionLots: number
  readonly balanceTickLots: number
}

/** Messages one way, each due LATENCY_NS after it was sent; sent in order of time. */
class Line {
  private readonly dueNs: number[] = []
  private readonly words: number[] = []
  private head = 0

  send(nowNs: number, order: number, word: number): void {
    this.dueNs.push(nowNs + LATENCY_NS)
    this.words.push(order * 4 + word)
  }

  nextNs(): number {
    return this.head < this.dueNs.length ? this.dueNs[this.head] : Number.POSITIVE_INFINITY
  }

  isEmpty(): boolean {
    return this.head === this.dueNs.length
  }

  /** order * 4 + word of the next message. */
  receive(): number {
    return this.words[this.head++]
  }
}

const NEW = 0
const CANCEL = 1

/** An order's number is its step: even steps buy. */
function sideOf(order: number): number {
  return order % 2 === 0 ? 1 : -1
}

/** `receiveNs`: when the host heard of each row of the market's tape, never before the venue had it. */
export function runPassive100ms(market: RecordedMarket, receiveNs: Float64Array): PeerResult {
  const { count, tNs } = market.tape
  const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  const priceTicks: number[] = []
  const state: number[] = []
  const toVenue = new Line()
  const toHost = new Line()
  const events: MarketEvents = {
    onFill: (order, _lots, _ticks, _cause, row) => toHost.send(tNs[row], order, FILLED),
    onTouch: () => undefined
  }
  market.bind(events)
  const serveMessage = (nowNs: number): void => {
    const message = toVenue.receive()
    const order = message >> 2
    market.advanceTo(nowNs)
    if ((message & 3) === CANCEL) {
      if (market.openLots(order) === 0) return
      market.leave(order)
      toHost.send(nowNs, order, CANCELLED)
      return
    }
    market.readTouch(touch)
    const side = sideOf(order)
    const ticks = priceTicks[order]
    const crosses = side === 1 ? touch.askLots > 0 && ticks >= touch.askTicks : touch.bidLots > 0 && ticks <= touch.bidTicks
    if (!crosses) market.join(order, side, ticks, 1)
    toHost.send(nowNs, order, crosses ? REFUSED : ACCEPTED)
  }
  const serveVenue = (untilNs: number): void => {
    for (;;) {
      const messageNs = toVenue.nextNs()
      const endNs = messageNs < untilNs ? messageNs : untilNs
      while (market.nextNs() <= endNs) market.step()
      if (messageNs > untilNs) return
      serveMessage(messageNs)
    }
  }
  let fillCount = 0
  let positionLots = 0
  let balanceTickLots = 0
  const hear = (untilNs: number): void => {
    while (toHost.nextNs() <= untilNs) {
      const answer = toHost.receive()
      const order = answer >> 2
      const word = answer & 3
      state[order] = word === ACCEPTED ? LIVE : DONE
      if (word !== FILLED) continue
      fillCount++
      positionLots += sideOf(order)
      balanceTickLots -= sideOf(order) * priceTicks[order]
    }
  }
  let step = 0
  let cancelCount = 0
  let checksum = 0
  const lastNs = count === 0 ? 0 : Math.max(receiveNs[count - 1], tNs[count - 1])
  let nowNs = (count === 0 ? 0 : receiveNs[0]) + STEP_NS
  for (; ; nowNs += STEP_NS, step++) {
    serveVenue(nowNs)
    hear(nowNs)
    if (nowNs >= lastNs && toVenue.isEmpty() && toHost.isEmpty()) break
    market.advanceTo(nowNs)
    market.readTouchAfter(firstRowAfter(receiveNs, count, nowNs) - 1, touch)
    const old = step - CANCEL_AFTER_STEPS
    if (old >= 0 && state[old] === LIVE) {
      state[old] = CANCEL_SENT
      cancelCount++
      toVenue.send(nowNs, old, CANCEL)
    }
    priceTicks.push(sideOf(step) === 1 ? touch.bidTicks : touch.askTicks)
    state.push(SENT)
    toVenue.send(nowNs, step, NEW)
    checksum = (31 * checksum + touch.bidTicks + touch.askTicks) % CHECKSUM_MODULUS
  }
  return { stepCount: step, submittedCount: priceTicks.length, cancelCount, checksum, fillCount, positionLots, balanceTickLots }
}
