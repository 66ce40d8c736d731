/*
 * Which venue gets how much of what a parent sends, where more than one quotes its symbol. By weight: a venue is owed its share of all that was
 * sent while it could take part, less what it got; what is now to be sent goes where most is owed, in round lots, ties to the venue that is
 * written first. So while shares stand still, what a venue was sent is within one round lot of its share (of the children; what comes back
 * unfilled is sent anew, to whom it is then owed). A share is the policy's weight times the factor that the controllers ask for on that path; with
 * every factor at 0 the weights stand. By best price: the best of the prices first, each venue at most the lots that it shows (a take), or
 * all to the best (an order that rests); ties, and what nobody shows, go to whom most is owed among the best. What the desk holds back counts as
 * sent: it is not offered to the same venue for ever. Leaves out: fees, queue length, fill probability by venue.
 */
import type { ParentOrder } from '../order/parent.ts'
import { venuesOf } from '../order/parent.ts'
import type { PolicyView } from './view.ts'

export interface RoutingOptions {
  readonly rule: 'weighted' | 'best-price'
  /** By venue number, at least 0; only their ratios within a symbol count. Absent: equal. */
  readonly weights?: readonly number[]
  /** What is sent to one venue at a time, at least; the last piece may be smaller. */
  readonly roundLots: number
}

/** Assumed: a hundred shares, the round lot of a US stock below 250 dollars. */
export const EQUAL_ROUTING: RoutingOptions = { rule: 'weighted', roundLots: 100 }

export class Router {
  /** By index of the parent's venues: what the last plan sends there. */
  readonly lots: Float64Array
  /** The venue that has most of the flow now. */
  main = 0
  private readonly count: number
  private readonly rule: RoutingOptions['rule']
  private readonly roundLots: number
  private readonly weights: Float64Array
  private readonly shares: Float64Array
  /** Lots: its part of what was sent less what it got. */
  private readonly owed: Float64Array
  /** Of the plan under way: shares among those that it weighs against each other. */
  private readonly parts: Float64Array
  /** Of the price level under way: the same, what is owed with its lots, and what may still be sent there. */
  private readonly level: Float64Array
  private readonly due: Float64Array
  private readonly room: Float64Array

  constructor(parent: ParentOrder, options: RoutingOptions) {
    const venues = venuesOf(parent)
    this.count = venues.length
    this.rule = options.rule
    this.roundLots = options.roundLots
    this.weights = Float64Array.from(venues, (venue) => (options.weights === undefined ? 1 : (options.weights[venue] ?? 0)))
    if (!this.weights.some((weight) => weight > 0)) this.weights.fill(1)
    this.shares = this.weights.slice()
    this.lots = new Float64Array(this.count)
    this.owed = new Float64Array(this.count)
    this.parts = new Float64Array(this.count)
    this.level = new Float64Array(this.count)
    this.due = new Float64Array(this.count)
    this.room = new Float64Array(this.count)
  }

  /** Takes in what the controllers ask for now. */
  look(view: PolicyView): void {
    if (this.count === 1) return
    const { shares, weights } = this
    let total = 0
    for (let i = 0; i < this.count; i++) {
      shares[i] = weights[i] * view.venues[i].directives.venueWeightFactor
      total += shares[i]
    }
    if (total === 0) shares.set(weights)
    this.concentrate(Math.min(...view.venues.map(({ directives }) => directives.venueCountMax)))
    this.main = 0
    for (let i = 1; i < this.count; i++) if (shares[i] > shares[this.main]) this.main = i
  }

  /** Leaves the largest shares, so many of them; of equal ones those that are written first. */
  private concentrate(countMax: number): void {
    const { shares } = this
    for (let used = shares.reduce((count, share) => count + (share > 0 ? 1 : 0), 0); used > Math.max(1, countMax); used--) {
      let least = -1
      for (let i = 0; i < this.count; i++) if (shares[i] > 0 && (least < 0 || shares[i] <= shares[least])) least = i
      shares[least] = 0
    }
  }

  /** May anything be sent to that venue now? */
  uses(index: number): boolean {
    return this.shares[index] > 0
  }

  /**
   * Splits `lots` into `this.lots`. `ticks`: the limit at each venue, NaN where nothing can be sent; `better` is 1 where a higher price comes first
   * and -1 where a lower one does. `shown`: the lots that each venue offers, for a take. Nothing is owed for a plan until it is `sent`.
   */
  plan(lots: number, ticks: Float64Array, better: number, shown: Float64Array | null): void {
    if (this.count === 1) {
      this.lots[0] = Number.isNaN(ticks[0]) ? 0 : lots
      return
    }
    this.lots.fill(0)
    if (this.rule === 'best-price') this.sweep(lots, ticks, better, shown)
    else if (this.enter(ticks, Number.NaN)) {
      this.parts.set(this.level)
      this.room.fill(Number.POSITIVE_INFINITY)
      this.spread(lots)
    }
  }

  /** That many lots were sent to the venue of that index by the last plan. */
  sent(index: number, lots: number): void {
    if (this.count === 1 || this.parts[index] === 0) return
    for (let i = 0; i < this.count; i++) this.owed[i] += this.parts[i] * lots
    this.owed[index] -= lots
  }

  /** Makes `level` the shares of those that have the price `only` (NaN: any); false when there is none. */
  private enter(ticks: Float64Array, only: number): boolean {
    const { level, shares } = this
    let total = 0
    for (let i = 0; i < this.count; i++) {
      level[i] = Number.isNaN(ticks[i]) || (!Number.isNaN(only) && ticks[i] !== only) ? 0 : shares[i]
      total += level[i]
    }
    for (let i = 0; i < this.count; i++) level[i] /= total
    return total > 0
  }

  /** Over the venues of the level, each within its room: whole round lots that are owed, then piece by piece. Gives what is left. */
  private spread(lots: number): number {
    const { due, level, owed, room, roundLots } = this
    for (let i = 0; i < this.count; i++) due[i] = owed[i] + level[i] * lots
    let left = lots
    while (left > 0) {
      let most = -1
      for (let i = 0; i < this.count; i++) {
        if (level[i] > 0 && room[i] > 0 && (most === -1 || due[i] > due[most])) most = i
      }
      if (most === -1) return left
      const wanted = Math.max(roundLots, Math.floor(due[most] / roundLots) * roundLots)
      const piece = Math.min(left, room[most], wanted)
      this.lots[most] += piece
      room[most] -= piece
      due[most] -= piece
      left -= piece
    }
    return 0
  }

  private sweep(lots: number, ticks: Float64Array, better: number, shown: Float64Array | null): void {
    const { room, level, parts } = this
    let left = lots
    let price = Number.NaN
    for (let deeper = false; ; deeper = true) {
      let next = Number.NaN
      for (let i = 0; i < this.count; i++) {
        if (Number.isNaN(ticks[i]) || this.shares[i] === 0 || (deeper && better * (price - ticks[i]) <= 0)) continue
        if (!(better * (next - ticks[i]) >= 0)) next = ticks[i]
      }
      if (Number.isNaN(next) || !this.enter(ticks, next)) break
      price = next
      if (!deeper) parts.set(level)
      if (shown === null) room.fill(Number.POSITIVE_INFINITY)
      else room.set(shown)
      left = this.spread(left)
      if (left === 0) return
    }
    if (Number.isNaN(price)) return
    // More than anybody shows: the rest may find more behind the best price.
    level.set(parts)
    room.fill(Number.POSITIVE_INFINITY)
    this.spread(left)
  }
}
