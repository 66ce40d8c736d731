/*
 * Prices and signals that tactics read off the host's touch. NaN = there is none: the side is empty, unknown, or beyond the
 * parent's limit. Sides are signed: +1 buys.
 */
import type { Side } from '../order/words.ts'
import type { HostTouch } from './view.ts'

const known = (ticks: number, lots: number): boolean => lots > 0 && !Number.isNaN(ticks)

/**
 * Where a post-only order joins: the best price of its own side, no worse for us than the limit. In a locked or crossed view (it is
 * late) one tick behind the other side, so that it can rest. NaN: own side empty.
 */
export function joinTicks(touch: HostTouch, side: Side, limitTicks: number): number {
  const own = side > 0 ? touch.bidTicks : touch.askTicks
  const other = side > 0 ? touch.askTicks : touch.bidTicks
  if (!known(own, side > 0 ? touch.bidLots : touch.askLots)) return Number.NaN
  const crosses = known(other, side > 0 ? touch.askLots : touch.bidLots) && side * (other - own) <= 0
  return withinLimit(crosses ? other - side : own, side, limitTicks)
}

/** Limit of a take: the other side's best plus `throughTicks`. NaN: that side is empty, or its best is beyond the limit. */
export function takeTicks(touch: HostTouch, side: Side, throughTicks: number, limitTicks: number): number {
  const other = side > 0 ? touch.askTicks : touch.bidTicks
  if (!known(other, side > 0 ? touch.askLots : touch.bidLots)) return Number.NaN
  if (side * (other - limitTicks) > 0) return Number.NaN
  return withinLimit(other + side * throughTicks, side, limitTicks)
}

/** Size imbalance of the touch against an order of `side`, -1..1: 1 = only the other side is there. NaN: both empty. */
export function imbalanceAgainst(touch: HostTouch, side: Side): number {
  return (side * (touch.askLots - touch.bidLots)) / (touch.askLots + touch.bidLots)
}

function withinLimit(ticks: number, side: Side, limitTicks: number): number {
  return side * (ticks - limitTicks) > 0 ? limitTicks : ticks
}
