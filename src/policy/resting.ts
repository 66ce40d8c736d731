/*
 * Care of one resting order: repriced once the touch has left it by enough ticks and it has rested long enough (peg), cancelled or halved when the
 * book turns against it. Directives ask for more patience, or for none of it.
 */
import type { CancelAdvice } from '../order/directives.ts'
import type { Side } from '../order/words.ts'
import type { ExecutionOptions } from './options.ts'
import { imbalanceAgainst, joinTicks } from './prices.ts'
import type { Requests } from './requests.ts'
import { follows } from './tactic.ts'
import type { HostTouch, IntentBuffer, VenueView, WorkingOrder } from './view.ts'

/** Is the size imbalance of the touch against an order of `side` beyond what the options bear? */
export function hasTurned(touch: HostTouch, side: Side, options: ExecutionOptions): boolean {
  return imbalanceAgainst(touch, side) > options.cancelImbalance
}

export class RestingCare {
  private readonly side: Side
  private readonly options: ExecutionOptions
  private readonly requests: Requests
  private readonly follows: boolean

  constructor(side: Side, options: ExecutionOptions, requests: Requests) {
    this.side = side
    this.options = options
    this.requests = requests
    this.follows = follows(options)
  }

  /** Looks after a live order. `pauseNs`: before what was refused is asked again. Gives when to look again; Infinity = when something moves. */
  tend(order: WorkingOrder, venue: VenueView, limitTicks: number, nowNs: number, pauseNs: number, out: IntentBuffer): number {
    const { directives, touch, replaceLotsMax } = venue
    const { requests, side, options } = this
    const desiredTicks = joinTicks(touch, side, limitTicks)
    const distanceTicks = Number.isNaN(desiredTicks) ? 0 : Math.abs(desiredTicks - order.priceTicks)
    const turned = hasTurned(touch, side, options) && distanceTicks >= directives.cancelThresholdTicks
    const left = this.follows && distanceTicks >= Math.max(1, options.repriceTicks) + directives.cancelThresholdTicks
    if (directives.modifySuppressed || (!turned && !left)) return Number.POSITIVE_INFINITY
    const restNs = turned ? directives.cancelDebounceNs : Math.max(options.minimumRestNs, directives.cancelDebounceNs)
    if (nowNs - order.sentNs < restNs) return order.sentNs + restNs
    if (requests.isBlocked(order, nowNs, pauseNs)) return nowNs + pauseNs
    const mayReplace = order.openLots <= replaceLotsMax
    const wantsCancel = turned || (options.reprice === 'cancel-new' && !directives.preferAmend)
    const advice = wantsCancel && !left ? (venue.adviseCancel?.(order.childId) ?? 'cancel') : 'cancel'
    if (advice !== 'cancel') return this.soften(order, advice, mayReplace, touch, nowNs, pauseNs, out)
    if (mayReplace && turned && directives.preferAmend && !left) {
      if (order.openLots > 1) requests.replace(order, order.priceTicks, Math.floor(order.openLots / 2), nowNs, out)
    } else if (!mayReplace || turned || (options.reprice === 'cancel-new' && !directives.preferAmend)) {
      requests.cancel(order, false, nowNs, out)
    } else requests.replace(order, desiredTicks, order.openLots, nowNs, out)
    return Number.POSITIVE_INFINITY
  }

  /** In place of a cancel that is not worth its race. Gives when to look again. */
  private soften(
    order: WorkingOrder,
    advice: CancelAdvice,
    mayReplace: boolean,
    touch: HostTouch,
    nowNs: number,
    pauseNs: number,
    out: IntentBuffer
  ): number {
    const { requests, side } = this
    const bestTicks = side > 0 ? touch.bidTicks : touch.askTicks
    if (mayReplace && advice === 'reduce' && order.openLots > 1) {
      requests.replace(order, order.priceTicks, Math.floor(order.openLots / 2), nowNs, out)
    } else if (mayReplace && advice === 'shade' && order.priceTicks === bestTicks) {
      requests.replace(order, order.priceTicks - side, order.openLots, nowNs, out)
    } else requests.wait(order, nowNs)
    return nowNs + pauseNs
  }
}
