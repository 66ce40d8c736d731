/*
 * What a venue looks at before an own order meets the book: the price collar (M14) and the halt (M15). Asked at the instant of arrival.
 * Source of M14: Nasdaq, Equity Trader Alert 2016-172 (Limit Order Protection): the reference is the best offer for a buy and the best bid for
 * a sell, the threshold the greater of a share of it and an amount, the whole order is refused, and securities that do not trade are exempt.
 * `limited` is how collars of market orders work elsewhere: the order goes no further than the collar.
 */
import { REASON } from '../order/words.ts'
import { MARKET_PHASE, type Market, type Touch } from './market.ts'

export class Admission {
  /** The limit in force after `admit` let the order in. */
  limitTicks = 0
  private readonly market: Market
  private readonly touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }

  constructor(market: Market) {
    this.market = market
  }

  /** REASON of the refusal; none when the order is let in. */
  admit(side: number, limitTicks: number): number {
    const { market } = this
    const { collar, halted } = market.matching
    this.limitTicks = limitTicks
    if (market.phase() === MARKET_PHASE.of.halted) return halted === 'refused' ? REASON.of.halted : REASON.of.none
    if (collar === null) return REASON.of.none
    market.readTouch(this.touch)
    const { bidTicks, bidLots, askTicks, askLots } = this.touch
    if ((side === 1 ? askLots : bidLots) === 0) return REASON.of.none
    const reference = side === 1 ? askTicks : bidTicks
    const width = Math.max(collar.widthTicks, Math.floor((Math.abs(reference) * collar.widthBps) / 10_000))
    const edge = reference + side * width
    if (side * (limitTicks - edge) <= 0) return REASON.of.none
    if (collar.beyond === 'refused') return REASON.of['price-collar']
    this.limitTicks = edge
    return REASON.of.none
  }
}
