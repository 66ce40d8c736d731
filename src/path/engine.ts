/*
 * The venue's matching engine, one per venue: applies the order entry rules to what reaches it, in order of arrival, and meets
 * recorded history through a Market (rules of market/market.ts). Nothing of an order fills after its cancel was accepted here.
 *
 * Orders in flight (FIX 4.4 appendix D; OrderRules in options.ts says in what venues differ):
 *   - A cancel or replace that finds the order done is too late (CxlRejReason 0), one of an order never seen is unknown (1).
 *   - Until Replaced is made, fills carry the client order id, quantity and price that were in force.
 *   - A replace down to what was filled, or below, ends the order as filled: the confirmation has no leaves.
 *   - Size down at the same price keeps priority, anything else rejoins at the tail.
 *   - A request is pending from its arrival at the gateway until its confirmation has left the ack server: a venue may refuse a
 *     second one in that time (CxlRejReason 3).
 * A message whose client order id was seen before is refused as a duplicate (a resend is safe). Every message is answered but a too late
 * one on a venue that is silent there. A self-match cancels without a request (M13). Leaves out: auctions.
 */
import { assert } from '../kernel/assert.ts'
import { NumberRing } from '../kernel/number-ring.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Admission } from '../market/admission.ts'
import { MARKET_PHASE, type Market, type MarketEvents, type Touch } from '../market/market.ts'
import { MESSAGE_TYPE, REASON, REJECTED_BY, REPORT_TYPE, TIME_IN_FORCE } from '../order/words.ts'
import { EngineLedger, MARK_NS } from './engine-ledger.ts'
import type { FeedClock } from './feed-clock.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import type { OrderRules } from './options.ts'
import { PHASE } from './phases.ts'
import type { Reports } from './reports.ts'
import { VenueOrders } from './venue-orders.ts'

/** Events: a message arrives; a session is gone and its orders go with it; a mid is recorded for a fill. */
export const ENGINE = { message: 0, disconnect: 1, mark: 2 } as const

export class Engine implements Component, MarketEvents {
  readonly name: string
  /** Told of each new order and replace that arrives. */
  arrivalListener: ((parent: number, child: number) => void) | null = null
  private readonly simulation: Simulation
  private readonly market: Market
  private readonly admission: Admission
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly book: EngineLedger
  private readonly feed: FeedClock
  private readonly rules: OrderRules
  private readonly venue: number
  private target = -1
  /** Fills by horizon of their markout, oldest first. */
  private readonly toMark = MARK_NS.map(() => new NumberRing())
  private answerHop: Hop | undefined
  private touchHop: Hop | undefined
  private readonly orders = new VenueOrders()
  private readonly seenClientOrderIds = new Set<number>()
  private readonly touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  private enteredCount = 0
  private acceptedCount = 0
  private rejectedCount = 0

  constructor(
    simulation: Simulation,
    market: Market,
    tables: { readonly messages: Messages; readonly reports: Reports; readonly ledger: Ledger },
    venue: number,
    feed: FeedClock,
    rules: OrderRules
  ) {
    this.name = `engine ${venue}`
    this.simulation = simulation
    this.market = market
    this.admission = new Admission(market)
    this.messages = tables.messages
    this.reports = tables.reports
    this.book = new EngineLedger(tables.ledger, tables.messages, venue)
    this.venue = venue
    this.feed = feed
    this.rules = rules
    market.bind(this)
  }

  /** `answer` takes report rows, `touch` the venue number at the instant its touch moved as the host will see it. */
  connect(target: number, hops: { readonly answer: Hop; readonly touch: Hop }): void {
    this.target = target
    this.answerHop = hops.answer
    this.touchHop = hops.touch
  }

  onEvent(kind: number, subject: number): void {
    this.market.advanceTo(this.simulation.nowNs)
    if (kind === ENGINE.message) this.onMessage(subject)
    else if (kind === ENGINE.mark) this.onMark(subject)
    else this.onDisconnect(subject)
  }

  /** The recorded touch now. */
  readTouch(out: Touch): void {
    this.market.advanceTo(this.simulation.nowNs)
    this.market.readTouch(out)
  }

  /** A resting or arriving own order traded (MarketEvents). */
  onFill(child: number, lots: number, priceTicks: number, cause: number, tapeRow: number): void {
    const { orders, book } = this
    assert(orders.isOpen(child), 'only an open order fills')
    const leaves = orders.openLots(child) - lots
    assert(leaves >= 0, 'an order never fills more than its quantity')
    orders.filledLots.values[child] += lots
    const { nowNs } = this.simulation
    this.market.readTouch(this.touch)
    const row = book.writeFill(child, orders.side(child), lots, priceTicks, cause, tapeRow, this.touch, nowNs)
    for (let mark = 0; mark < MARK_NS.length; mark++) {
      this.toMark[mark].push(row)
      if (this.toMark[mark].count === 1) this.askForMark(nowNs, mark)
    }
    if (leaves === 0) orders.close(child)
    this.answer(REPORT_TYPE.of.filled, -1, child, lots, priceTicks, leaves, REASON.of.none, row)
  }

  /** A resting own order was met by an arriving one and cancelled (MarketEvents). */
  onSelfMatch(child: number): void {
    const { orders } = this
    orders.close(child)
    const price = orders.priceTicks.values[child]
    this.answer(REPORT_TYPE.of.cancelled, -1, child, 0, price, 0, REASON.of['self-match'], -1)
  }

  /** The recorded touch moved (MarketEvents): the host hears of it when the feed gets there. */
  onTouch(): void {
    const hop = this.touchHop
    if (hop === undefined) return
    this.simulation.at(this.feed.arrivalNs(this.simulation.nowNs), hop.phase, hop.target, hop.kind, this.venue)
  }

  count(): StageCount {
    return {
      stage: this.name,
      entered: this.enteredCount,
      left: this.acceptedCount,
      rejected: this.rejectedCount,
      dropped: 0,
      held: 0
    }
  }

  private onMessage(message: number): void {
    const { messages } = this
    this.enteredCount++
    const child = messages.child.values[message]
    messages.engineNs.values[message] = this.simulation.nowNs
    this.orders.reserve(child)
    this.market.readTouch(this.touch)
    this.book.writeTouch(message, this.touch)
    const type = messages.type.values[message]
    if (type !== MESSAGE_TYPE.of.cancel) this.arrivalListener?.(messages.parent.values[message], child)
    if (type === MESSAGE_TYPE.of.new) this.onNew(message, child)
    else if (type === MESSAGE_TYPE.of.cancel) this.onCancel(message, child)
    else this.onReplace(message, child)
  }

  private onNew(message: number, child: number): void {
    const { messages, market, orders } = this
    const clientOrderId = messages.clientOrderId.values[message]
    if (this.seenClientOrderIds.has(clientOrderId)) {
      this.reject(message, REPORT_TYPE.of.rejected, REASON.of.duplicate)
      return
    }
    this.seenClientOrderIds.add(clientOrderId)
    if (orders.isKnown(child)) {
      this.reject(message, REPORT_TYPE.of.rejected, REASON.of.duplicate)
      return
    }
    const side = messages.isBuy.values[message] === 1 ? 1 : -1
    const lots = messages.lots.values[message]
    const postOnly = messages.postOnly.values[message] === 1
    const timeInForce = messages.timeInForce.values[message]
    const phase = market.phase()
    const refusal = this.refusalOf(side, messages.priceTicks.values[message], postOnly)
    if (refusal !== REASON.of.none) {
      this.reject(message, REPORT_TYPE.of.rejected, refusal)
      return
    }
    const price = this.admission.limitTicks
    orders.isBuy.values[child] = messages.isBuy.values[message]
    orders.session.values[child] = messages.session.values[message]
    orders.luckKey.values[child] = messages.luckKey.values[message]
    orders.postOnly.values[child] = messages.postOnly.values[message]
    this.setTerms(message, child, price, lots)
    orders.open(child)
    this.acceptedCount++
    this.answer(REPORT_TYPE.of.accepted, message, child, 0, price, lots, REASON.of.none, -1)
    if (timeInForce === TIME_IN_FORCE.of.fok && market.takeableLots(side, price, lots) < lots) {
      this.expire(message, child, noMatchReason(phase))
      return
    }
    if (!postOnly) market.take(child, side, price, lots)
    const open = orders.openLots(child)
    if (open === 0) return
    if (!postOnly && market.wasSelfMatched) {
      this.expire(message, child, REASON.of['self-match'])
      return
    }
    if (timeInForce !== TIME_IN_FORCE.of.day) {
      this.expire(message, child, noMatchReason(phase))
      return
    }
    this.book.writeAheadAfter(message, market.join(child, side, price, open))
  }

  /** Why an order with these terms is not let in, or none; then the admission has its limit in force. */
  private refusalOf(side: number, priceTicks: number, postOnly: boolean): number {
    const { market, admission } = this
    const refusal = admission.admit(side, priceTicks)
    if (refusal !== REASON.of.none || !postOnly) return refusal
    if (market.takeableLots(side, admission.limitTicks, 1) > 0) return REASON.of['post-only-would-cross']
    return market.meetsOwn(side, admission.limitTicks) ? REASON.of['self-match'] : REASON.of.none
  }

  private onCancel(message: number, child: number): void {
    const { orders } = this
    if (this.refusesInFlight(message, child, REPORT_TYPE.of['cancel-rejected'], this.rules.whilePending === 'refused')) return
    this.book.writeCancelAhead(message, this.market.lotsAhead(child))
    this.market.leave(child)
    orders.close(child)
    this.acceptedCount++
    const price = orders.priceTicks.values[child]
    orders.confirmation.values[child] = this.answer(REPORT_TYPE.of.cancelled, message, child, 0, price, 0, REASON.of.none, -1)
  }

  private onReplace(message: number, child: number): void {
    const { messages, market, orders } = this
    const refusal = REPORT_TYPE.of['replace-rejected']
    if (this.refusesInFlight(message, child, refusal, this.rules.whilePending !== 'served')) return
    const clientOrderId = messages.clientOrderId.values[message]
    if (this.seenClientOrderIds.has(clientOrderId)) {
      this.reject(message, refusal, REASON.of.duplicate)
      return
    }
    this.seenClientOrderIds.add(clientOrderId)
    const side = orders.side(child)
    const asked = messages.priceTicks.values[message]
    const samePrice = asked === orders.priceTicks.values[child]
    this.book.writeAheadBefore(message, market.lotsAhead(child))
    const reason = samePrice ? REASON.of.none : this.refusalOf(side, asked, orders.postOnly.values[child] === 1)
    if (reason !== REASON.of.none) {
      this.reject(message, refusal, reason)
      return
    }
    const price = samePrice ? asked : this.admission.limitTicks
    this.acceptedCount++
    const filled = orders.filledLots.values[child]
    const openBefore = orders.openLots(child)
    const lots = messages.lots.values[message]
    const open = Math.max(0, this.rules.inFlightMitigation ? lots - filled : lots)
    this.setTerms(message, child, price, filled + open)
    if (open === 0) {
      market.leave(child)
      orders.close(child)
    }
    orders.confirmation.values[child] = this.answer(REPORT_TYPE.of.replaced, message, child, 0, price, open, REASON.of.none, -1)
    if (open === 0) return
    if (samePrice && open <= openBefore && this.rules.sizeDownKeepsPriority) {
      market.reduceTo(child, open)
      this.book.writeAheadAfter(message, market.lotsAhead(child))
      return
    }
    market.leave(child)
    const takes = orders.postOnly.values[child] === 0
    if (takes) market.take(child, side, price, open)
    const rest = orders.openLots(child)
    if (rest > 0 && takes && market.wasSelfMatched) this.expire(message, child, REASON.of['self-match'])
    else if (rest > 0) this.book.writeAheadAfter(message, market.join(child, side, price, rest))
  }

  /** True when a cancel or replace was not served: of an unknown order, behind a pending request, or too late. */
  private refusesInFlight(message: number, child: number, refusal: number, refusesPending: boolean): boolean {
    const { orders } = this
    if (!orders.isKnown(child)) this.reject(message, refusal, REASON.of['unknown-order'])
    else if (refusesPending && this.metPending(message, child)) this.reject(message, refusal, REASON.of['already-pending'])
    else if (orders.isOpen(child)) return false
    else if (this.rules.tooLate === 'rejected') this.reject(message, refusal, REASON.of['too-late'])
    else this.rejectedCount++
    return true
  }

  /** The message came to the venue before the confirmation of an earlier request of its order had left. */
  private metPending(message: number, child: number): boolean {
    const confirmation = this.orders.confirmation.values[child]
    return confirmation >= 0 && !(this.reports.departNs.values[confirmation] <= this.messages.gatewayNs.values[message])
  }

  private setTerms(message: number, child: number, priceTicks: number, quantityLots: number): void {
    const { orders, messages } = this
    orders.priceTicks.values[child] = priceTicks
    orders.quantityLots.values[child] = quantityLots
    orders.clientOrderId.values[child] = messages.clientOrderId.values[message]
  }

  /** The mid is due MARK_NS[mark] after a fill. Fills come in order of time, so only the oldest of a horizon needs an event. */
  private askForMark(fillNs: number, mark: number): void {
    this.simulation.at(fillNs + MARK_NS[mark], PHASE.observe, this.target, ENGINE.mark, mark)
  }

  private onMark(mark: number): void {
    const waiting = this.toMark[mark]
    this.market.readTouch(this.touch)
    this.book.writeMark(waiting.shift(), mark, this.touch)
    if (waiting.count > 0) this.askForMark(this.book.fillNs(waiting.at(0)), mark)
  }

  private onDisconnect(session: number): void {
    const { orders } = this
    for (const child of orders.openOf(session)) {
      this.market.leave(child)
      orders.close(child)
      const price = orders.priceTicks.values[child]
      this.answer(REPORT_TYPE.of.cancelled, -1, child, 0, price, 0, REASON.of['session-down'], -1)
    }
  }

  private expire(message: number, child: number, reason: number): void {
    const { orders } = this
    const leaves = orders.openLots(child)
    orders.close(child)
    this.answer(REPORT_TYPE.of.expired, message, child, leaves, orders.priceTicks.values[child], 0, reason, -1)
  }

  private reject(message: number, type: number, reason: number): void {
    this.rejectedCount++
    const { messages } = this
    const child = messages.child.values[message]
    this.answer(type, message, child, 0, messages.priceTicks.values[message], this.orders.openLots(child), reason, -1)
  }

  /** Makes a report; gives its row. */
  private answer(
    type: number,
    message: number,
    child: number,
    lots: number,
    priceTicks: number,
    leavesLots: number,
    reason: number,
    fillRow: number
  ): number {
    const { messages, orders, answerHop: hop } = this
    assert(hop !== undefined, 'the engine is connected')
    const refused = isReject(type)
    const report = this.reports.add({
      type,
      message,
      child,
      luckKey: message >= 0 ? messages.luckKey.values[message] : orders.luckKey.values[child],
      clientOrderId: refused ? messages.clientOrderId.values[message] : orders.clientOrderId.values[child],
      session: message >= 0 ? messages.session.values[message] : orders.session.values[child],
      lots,
      priceTicks,
      leavesLots,
      rejectedBy: refused ? REJECTED_BY.of.engine : REJECTED_BY.of.none,
      reason,
      fillRow,
      madeNs: this.simulation.nowNs
    })
    this.simulation.at(this.simulation.nowNs, hop.phase, hop.target, hop.kind, report)
    return report
  }
}

function noMatchReason(phase: number): number {
  if (phase === MARKET_PHASE.of.halted) return REASON.of.halted
  if (phase === MARKET_PHASE.of.crossed) return REASON.of['crossed-book']
  return REASON.of['no-liquidity']
}

function isReject(type: number): boolean {
  return (
    type === REPORT_TYPE.of.rejected || type === REPORT_TYPE.of['cancel-rejected'] || type === REPORT_TYPE.of['replace-rejected']
  )
}
