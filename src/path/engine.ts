/*
 * The venue's matching engine, one per venue: applies the order entry rules to what reaches it, in order of arrival, and meets
 * recorded history through a Market (rules M1-M10 of market/market.ts). Every message is answered; fills of resting orders are
 * reported as they happen. A cancel that finds the order done is answered "too late" (FIX CxlRejReason 0); a message whose client order id was
 * seen before is refused as a duplicate (a resend is safe). Nothing of an order fills after its cancel was accepted here.
 * Leaves out: self-match prevention, auctions.
 */
import { assert } from '../kernel/assert.ts'
import { int32Column, uint8Column } from '../kernel/column.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { MARKET_PHASE, type Market, type MarketEvents, type Touch } from '../market/market.ts'
import { FILL_CAUSE, LIQUIDITY, MESSAGE_TYPE, REASON, REJECTED_BY, REPORT_TYPE, TIME_IN_FORCE } from '../order/words.ts'
import type { FeedClock } from './feed-clock.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import { PHASE } from './phases.ts'
import type { Reports } from './reports.ts'

/** Events: a message arrives; a session is gone and its orders go with it; a mid is recorded for a fill. */
export const ENGINE = { message: 0, disconnect: 1, mark: 2 } as const

/** Horizons of the markouts in the fills table. */
const MARK_NS = [100_000_000, 1_000_000_000, 10_000_000_000] as const
const MARK_COLUMNS = ['mid100msHalfTicks', 'mid1sHalfTicks', 'mid10sHalfTicks'] as const

const NEVER_SEEN = 0
const OPEN = 1
const DONE = 2

export class Engine implements Component, MarketEvents {
  readonly name: string
  private readonly simulation: Simulation
  private readonly market: Market
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly ledger: Ledger
  private readonly feed: FeedClock
  private readonly venue: number
  private target = -1
  private answerHop: Hop | undefined
  private touchHop: Hop | undefined
  // Orders by child id.
  private readonly state = uint8Column()
  private readonly isBuy = uint8Column()
  private readonly session = uint8Column()
  private readonly priceTicks = int32Column()
  private readonly quantityLots = int32Column()
  private readonly filledLots = int32Column()
  private readonly postOnly = uint8Column()
  private readonly seenClientOrderIds = new Set<number>()
  private readonly openChildren = new Set<number>()
  private readonly touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  private enteredCount = 0
  private acceptedCount = 0
  private rejectedCount = 0

  constructor(
    simulation: Simulation,
    market: Market,
    tables: { readonly messages: Messages; readonly reports: Reports; readonly ledger: Ledger },
    venue: number,
    feed: FeedClock
  ) {
    this.name = `engine ${venue}`
    this.simulation = simulation
    this.market = market
    this.messages = tables.messages
    this.reports = tables.reports
    this.ledger = tables.ledger
    this.venue = venue
    this.feed = feed
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

  /** Twice the mid, in ticks; NaN when a side is empty. */
  midHalfTicks(): number {
    this.market.advanceTo(this.simulation.nowNs)
    this.market.readTouch(this.touch)
    return midOf(this.touch)
  }

  private onMessage(message: number): void {
    const { messages } = this
    this.enteredCount++
    const child = messages.child.values[message]
    messages.engineNs.values[message] = this.simulation.nowNs
    this.reserve(child)
    this.market.readTouch(this.touch)
    this.writeTouch(message)
    const type = messages.type.values[message]
    if (type === MESSAGE_TYPE.of.new) this.onNew(message, child)
    else if (type === MESSAGE_TYPE.of.cancel) this.onCancel(message, child)
    else this.onReplace(message, child)
  }

  private onNew(message: number, child: number): void {
    const { messages, market } = this
    const clientOrderId = messages.clientOrderId.values[message]
    if (this.seenClientOrderIds.has(clientOrderId)) {
      this.reject(message, REPORT_TYPE.of.rejected, REASON.of.duplicate)
      return
    }
    this.seenClientOrderIds.add(clientOrderId)
    if (this.state.values[child] !== NEVER_SEEN) {
      this.reject(message, REPORT_TYPE.of.rejected, REASON.of.duplicate)
      return
    }
    const side = messages.isBuy.values[message] === 1 ? 1 : -1
    const price = messages.priceTicks.values[message]
    const lots = messages.lots.values[message]
    const postOnly = messages.postOnly.values[message] === 1
    const timeInForce = messages.timeInForce.values[message]
    const phase = market.phase()
    if (postOnly && market.takeableLots(side, price, 1) > 0) {
      this.reject(message, REPORT_TYPE.of.rejected, REASON.of['post-only-would-cross'])
      return
    }
    this.isBuy.values[child] = side === 1 ? 1 : 0
    this.session.values[child] = messages.session.values[message]
    this.priceTicks.values[child] = price
    this.quantityLots.values[child] = lots
    this.filledLots.values[child] = 0
    this.postOnly.values[child] = postOnly ? 1 : 0
    this.state.values[child] = OPEN
    this.openChildren.add(child)
    this.acceptedCount++
    this.answer(REPORT_TYPE.of.accepted, message, child, 0, price, lots, REASON.of.none, -1)
    if (timeInForce === TIME_IN_FORCE.of.fok && market.takeableLots(side, price, lots) < lots) {
      this.expire(message, child, noMatchReason(phase))
      return
    }
    if (!postOnly) market.take(child, side, price, lots)
    const open = lots - this.filledLots.values[child]
    if (open === 0) return
    if (timeInForce !== TIME_IN_FORCE.of.day) {
      this.expire(message, child, noMatchReason(phase))
      return
    }
    const ahead = market.join(child, side, price, open)
    this.ledger.attempts.col.lotsAheadAfter[messages.ledgerRow.values[message]] = ahead
  }

  private onCancel(message: number, child: number): void {
    const { cancels } = this.ledger
    const row = this.messages.ledgerRow.values[message]
    if (this.state.values[child] !== OPEN) {
      const unknown = this.state.values[child] === NEVER_SEEN
      this.reject(message, REPORT_TYPE.of['cancel-rejected'], unknown ? REASON.of['unknown-order'] : REASON.of['too-late'])
      return
    }
    cancels.col.lotsAhead[row] = this.market.lotsAhead(child)
    this.market.leave(child)
    this.close(child)
    this.acceptedCount++
    this.answer(REPORT_TYPE.of.cancelled, message, child, 0, this.priceTicks.values[child], 0, REASON.of.none, -1)
  }

  /**
   * The message's lots are the new order quantity; what was filled counts against it (FIX OrderQty), so a racing fill never overfills.
   * Size down at the same price keeps priority; anything else rejoins at the tail.
   */
  private onReplace(message: number, child: number): void {
    const { messages, market } = this
    const { attempts } = this.ledger
    if (this.state.values[child] !== OPEN) {
      const unknown = this.state.values[child] === NEVER_SEEN
      this.reject(message, REPORT_TYPE.of['replace-rejected'], unknown ? REASON.of['unknown-order'] : REASON.of['too-late'])
      return
    }
    const clientOrderId = messages.clientOrderId.values[message]
    if (this.seenClientOrderIds.has(clientOrderId)) {
      this.reject(message, REPORT_TYPE.of['replace-rejected'], REASON.of.duplicate)
      return
    }
    this.seenClientOrderIds.add(clientOrderId)
    const side = this.isBuy.values[child] === 1 ? 1 : -1
    const price = messages.priceTicks.values[message]
    const lots = messages.lots.values[message]
    const row = messages.ledgerRow.values[message]
    const samePrice = price === this.priceTicks.values[child]
    attempts.col.lotsAheadBefore[row] = market.lotsAhead(child)
    if (!samePrice && this.postOnly.values[child] === 1 && market.takeableLots(side, price, 1) > 0) {
      this.reject(message, REPORT_TYPE.of['replace-rejected'], REASON.of['post-only-would-cross'])
      return
    }
    this.acceptedCount++
    const open = lots - this.filledLots.values[child]
    const openBefore = this.quantityLots.values[child] - this.filledLots.values[child]
    this.quantityLots.values[child] = Math.max(lots, this.filledLots.values[child])
    if (open <= 0) {
      market.leave(child)
      this.close(child)
      this.answer(REPORT_TYPE.of.replaced, message, child, 0, price, 0, REASON.of.none, -1)
      return
    }
    this.answer(REPORT_TYPE.of.replaced, message, child, 0, price, open, REASON.of.none, -1)
    if (samePrice && open <= openBefore) {
      market.reduceTo(child, open)
      attempts.col.lotsAheadAfter[row] = market.lotsAhead(child)
      return
    }
    market.leave(child)
    this.priceTicks.values[child] = price
    if (this.postOnly.values[child] === 0) market.take(child, side, price, open)
    const rest = this.quantityLots.values[child] - this.filledLots.values[child]
    if (rest > 0) attempts.col.lotsAheadAfter[row] = market.join(child, side, price, rest)
  }

  /** A resting or arriving own order traded (MarketEvents). */
  onFill(child: number, lots: number, priceTicks: number, cause: number, tapeRow: number): void {
    assert(this.state.values[child] === OPEN, 'only an open order fills')
    const filled = this.filledLots.values[child] + lots
    assert(filled <= this.quantityLots.values[child], 'an order never fills more than its quantity')
    this.filledLots.values[child] = filled
    const leaves = this.quantityLots.values[child] - filled
    const { fills, children } = this.ledger
    const nowNs = this.simulation.nowNs
    this.market.readTouch(this.touch)
    const row = fills.add()
    fills.col.fillId[row] = row
    fills.col.parentId[row] = children.col.parentId[child]
    fills.col.childId[row] = child
    fills.col.venue[row] = this.venue
    fills.col.side[row] = this.isBuy.values[child] === 1 ? 1 : -1
    fills.col.fillNs[row] = nowNs
    fills.col.priceTicks[row] = priceTicks
    fills.col.lots[row] = lots
    fills.col.liquidity[row] = cause === FILL_CAUSE.of.take ? LIQUIDITY.of.taker : LIQUIDITY.of.maker
    fills.col.cause[row] = cause
    fills.col.tapeRow[row] = tapeRow
    fills.col.midHalfTicks[row] = midOf(this.touch)
    for (let mark = 0; mark < MARK_NS.length; mark++) {
      this.simulation.at(nowNs + MARK_NS[mark], PHASE.observe, this.target, ENGINE.mark, row * MARK_NS.length + mark)
    }
    if (leaves === 0) this.close(child)
    this.answer(REPORT_TYPE.of.filled, -1, child, lots, priceTicks, leaves, REASON.of.none, row)
  }

  /** The recorded touch moved (MarketEvents): the host hears of it when the feed gets there. */
  onTouch(): void {
    const hop = this.touchHop
    if (hop === undefined) return
    this.simulation.at(this.feed.arrivalNs(this.simulation.nowNs), hop.phase, hop.target, hop.kind, this.venue)
  }

  private onMark(subject: number): void {
    this.market.readTouch(this.touch)
    const row = Math.floor(subject / MARK_NS.length)
    this.ledger.fills.col[MARK_COLUMNS[subject % MARK_NS.length]][row] = midOf(this.touch)
  }

  private onDisconnect(session: number): void {
    for (const child of this.openChildren) {
      if (this.session.values[child] !== session) continue
      this.market.leave(child)
      this.close(child)
      this.answer(REPORT_TYPE.of.cancelled, -1, child, 0, this.priceTicks.values[child], 0, REASON.of['session-down'], -1)
    }
  }

  private expire(message: number, child: number, reason: number): void {
    const leaves = this.quantityLots.values[child] - this.filledLots.values[child]
    this.close(child)
    this.answer(REPORT_TYPE.of.expired, message, child, leaves, this.priceTicks.values[child], 0, reason, -1)
  }

  private close(child: number): void {
    this.state.values[child] = DONE
    this.openChildren.delete(child)
  }

  private reject(message: number, type: number, reason: number): void {
    this.rejectedCount++
    const { messages } = this
    const child = messages.child.values[message]
    const open = this.state.values[child] === OPEN ? this.quantityLots.values[child] - this.filledLots.values[child] : 0
    this.answer(type, message, child, 0, messages.priceTicks.values[message], open, reason, -1)
  }

  private answer(
    type: number,
    message: number,
    child: number,
    lots: number,
    priceTicks: number,
    leavesLots: number,
    reason: number,
    fillRow: number
  ): void {
    const hop = this.answerHop
    assert(hop !== undefined, 'the engine is connected')
    const session = message >= 0 ? this.messages.session.values[message] : this.session.values[child]
    const report = this.reports.add({
      type,
      message,
      child,
      session,
      lots,
      priceTicks,
      leavesLots,
      rejectedBy: isReject(type) ? REJECTED_BY.of.engine : REJECTED_BY.of.none,
      reason,
      fillRow,
      madeNs: this.simulation.nowNs
    })
    this.simulation.at(this.simulation.nowNs, hop.phase, hop.target, hop.kind, report)
  }

  /** The book that the message met, for the ledger. */
  private writeTouch(message: number): void {
    const row = this.messages.ledgerRow.values[message]
    const isCancel = this.messages.type.values[message] === MESSAGE_TYPE.of.cancel
    const { col } = isCancel ? this.ledger.cancels : this.ledger.attempts
    col.bidTicks[row] = this.touch.bidLots > 0 ? this.touch.bidTicks : Number.NaN
    col.bidLots[row] = this.touch.bidLots
    col.askTicks[row] = this.touch.askLots > 0 ? this.touch.askTicks : Number.NaN
    col.askLots[row] = this.touch.askLots
    if (!isCancel) {
      const { children } = this.ledger
      const child = this.messages.child.values[message]
      if (Number.isNaN(children.col.arrivalMidHalfTicks[child])) children.col.arrivalMidHalfTicks[child] = midOf(this.touch)
    }
  }

  private reserve(child: number): void {
    while (this.state.count <= child) {
      this.state.push(NEVER_SEEN)
      this.isBuy.push(0)
      this.session.push(0)
      this.priceTicks.push(0)
      this.quantityLots.push(0)
      this.filledLots.push(0)
      this.postOnly.push(0)
    }
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
}

/** Twice the mid of a touch, in ticks; NaN when a side is empty. */
export function midOf(touch: Touch): number {
  return touch.bidLots > 0 && touch.askLots > 0 ? touch.bidTicks + touch.askTicks : Number.NaN
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
