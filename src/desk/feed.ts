/*
 * The market as the host knows it: the public feed, late by its own delay, and nothing of the simulator's present. A task
 * that was queued at e has seen exactly the market data that reached the host by e (the host's queue is FIFO).
 */

import type { Market, Touch } from '../market/market.ts'
import type { FeedClock } from '../path/feed-clock.ts'
import type { HostTouch } from '../policy/view.ts'

export class Feed {
  private readonly markets: readonly Market[]
  private readonly clock: FeedClock
  private readonly touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  private readonly watchers: Int32Array
  private queuedNs = 0

  constructor(markets: readonly Market[], clock: FeedClock) {
    this.markets = markets
    this.clock = clock
    this.watchers = new Int32Array(markets.length)
  }

  /** A task that was queued at `queuedNs` (non-decreasing) begins. */
  begin(queuedNs: number): void {
    this.queuedNs = queuedNs
  }

  /** The venue's touch as the task sees it. The result is reused by the next call. */
  read(venue: number): HostTouch {
    const viewNs = this.clock.instantNs(this.queuedNs)
    this.markets[venue].readTouchAt(viewNs, this.touch)
    return this.touch
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
