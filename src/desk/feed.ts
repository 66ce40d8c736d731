/*
 * The markets as the host knows them: each venue's public feed, late by its own delay, and nothing of the simulator's present. A task
 * that was queued at e has seen exactly the market data that reached the host by e (the host's queue is FIFO).
 */

import type { Market, Touch } from '../market/market.ts'
import type { FeedClock } from '../path/feed-clock.ts'
import type { HostTouch } from '../policy/view.ts'

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
