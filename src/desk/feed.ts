/*
 * The markets as the host knows them: each venue's public feed, late by its own delay, and nothing of the simulator's present. A task
 * that was queued at e has seen exactly the market data that reached the host by e (the host's queue is FIFO).
 */

import type { Market, Touch } from '../market/market.ts'
import { ROW_KIND } from '../market/tape.ts'
import type { FeedClock } from '../path/feed-clock.ts'
import type { HostTouch } from '../policy/view.ts'

const IS_TRADE = Uint8Array.from(ROW_KIND.names, (name) => (['execute', 'execute-hidden', 'trade'].includes(name) ? 1 : 0))

export class Feed {
  private readonly markets: readonly Market[]
  private readonly clocks: readonly FeedClock[]
  private readonly touches: readonly Touch[]
  /** By venue: the instant of the last read. */
  private readonly viewNs: Float64Array
  private readonly watchers: Int32Array
  private queuedNs = 0

  /** Both by venue. */
  constructor(markets: readonly Market[], clocks: readonly FeedClock[]) {
    this.markets = markets
    this.clocks = clocks
    this.touches = markets.map(() => ({ bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }))
    this.viewNs = new Float64Array(markets.length)
    this.watchers = new Int32Array(markets.length)
  }

  /** A task that was queued at `queuedNs` (non-decreasing) begins. */
  begin(queuedNs: number): void {
    this.queuedNs = queuedNs
  }

  /** The venue's touch as the task sees it. The result is reused by the next call for this venue. */
  read(venue: number): HostTouch {
    const viewNs = this.clocks[venue].instantNs(this.queuedNs)
    const touch = this.touches[venue]
    this.viewNs[venue] = viewNs
    this.markets[venue].readTouchAt(viewNs, touch)
    return touch
  }

  /** Bid + ask as the task sees them, half ticks; NaN without both. */
  midHalfTicks(venue: number): number {
    const { bidTicks, bidLots, askTicks, askLots } = this.read(venue)
    return bidLots > 0 && askLots > 0 ? bidTicks + askTicks : Number.NaN
  }

  /** Lots that traded on one side of the venue's book (1 bids) in the last `spanNs` of its feed, hidden ones too, as prints are public. */
  tradedLotsOn(venue: number, side: number, spanNs: number): number {
    const { tNs, kind, side: sides, lots } = this.markets[venue].tape
    const viewNs = this.clocks[venue].instantNs(this.queuedNs)
    let low = 0
    let high = this.markets[venue].tape.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (tNs[middle] <= viewNs) low = middle + 1
      else high = middle
    }
    let traded = 0
    for (let row = low - 1; row >= 0 && tNs[row] > viewNs - spanNs; row--) {
      if (sides[row] === side && IS_TRADE[kind[row]] === 1) traded += lots[row]
    }
    return traded
  }

  /** Lots traded at the venue since its tape began (not auctions), as of the last read. */
  tradedLots(venue: number): number {
    return this.markets[venue].tradedLotsAt(this.viewNs[venue])
  }

  /** Counts one more (or less) reason to be told of the venue's touch; told, from now on, while there is one. */
  watch(venue: number, change: 1 | -1, nowNs: number): void {
    const before = this.watchers[venue]
    this.watchers[venue] += change
    if ((before === 0) === (this.watchers[venue] === 0)) return
    this.markets[venue].advanceTo(nowNs)
    this.markets[venue].watchTouch(this.watchers[venue] > 0)
  }
}
