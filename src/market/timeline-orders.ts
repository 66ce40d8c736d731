/*
 * The resting own orders of one world on the timeline, and their places in the queue (M7, M11). A place is brought up to a position of its level
 * only when somebody asks: it costs the events of the level since it was last asked, and nothing once no anonymous lots are ahead.
 */
import { assert } from '../kernel/assert.ts'
import type { QueueModel } from './queue-model.ts'
import { ROW_KIND } from './tape.ts'
import { DROPPED, NONE, type Timeline } from './timeline.ts'

const CLEAR = ROW_KIND.of.clear
const LEVEL_SET = ROW_KIND.of['level-set']

/** A resting own order. */
export interface Resting {
  readonly own: number
  readonly side: number
  readonly priceTicks: number
  lots: number
  /** Level of the timeline; -1 when the tape never has this price. */
  readonly level: number
  /** Last position of the level at the join: known orders added later are behind. */
  readonly joinPosition: number
  /** Last position taken into account below. */
  position: number
  knownAhead: number
  anonymousAhead: number
  /** M11: lots traded at its price since its level was last set, or since the join. */
  tradedLots: number
  /** Whole lots of the trade being served that those ahead do not explain. */
  behindLots: number
}

export class TimelineOrders {
  readonly bids: Resting[] = []
  readonly asks: Resting[] = []
  private readonly timeline: Timeline
  /** Of a tape by price; null = M7. */
  private readonly queueModel: QueueModel | null
  private readonly byNumber = new Map<number, Resting>()

  constructor(timeline: Timeline, queueModel: QueueModel | null) {
    this.timeline = timeline
    this.queueModel = queueModel
  }

  find(own: number): Resting | undefined {
    return this.byNumber.get(own)
  }

  resting(own: number): Resting {
    const resting = this.byNumber.get(own)
    if (resting === undefined) throw new Error(`own order ${own} does not rest`)
    return resting
  }

  /** Gives its rank among the orders of its side: better price first, then earlier join. */
  insert(resting: Resting): number {
    const { own, side, priceTicks } = resting
    assert(!this.byNumber.has(own), 'an own order joins once while it rests')
    this.byNumber.set(own, resting)
    const queue = side === 1 ? this.bids : this.asks
    let place = queue.length
    while (place > 0 && side * (queue[place - 1].priceTicks - priceTicks) < 0) place--
    queue.splice(place, 0, resting)
    return place
  }

  /** Gives the rank that it had. */
  remove(resting: Resting): number {
    this.byNumber.delete(resting.own)
    const queue = resting.side === 1 ? this.bids : this.asks
    const place = queue.indexOf(resting)
    queue.splice(place, 1)
    return place
  }

  /** M7 and M11, event by event up to `position` of its level. */
  bringUpTo(resting: Resting, position: number): void {
    if (position <= resting.position) return
    if (this.queueModel === null) this.advance(resting, position)
    else if (resting.anonymousAhead > 0) this.advanceByPrice(resting, position, this.queueModel)
    resting.position = position
  }

  private advance(resting: Resting, position: number): void {
    const { timeline } = this
    const { arrival, totalAfter, eventRow, levelStart } = timeline.arrays
    const { kind } = timeline.tape
    const first = levelStart[resting.level]
    for (let p = resting.position + 1; p <= position; p++) {
      const add = arrival[p]
      const rowKind = kind[eventRow[p]]
      if (rowKind === LEVEL_SET || rowKind === CLEAR) {
        if (add === DROPPED) resting.knownAhead = 0
        resting.anonymousAhead = Math.min(resting.anonymousAhead, timeline.anonymousAfter(p))
      } else if (add === NONE) {
        if (resting.anonymousAhead === 0) continue
        const before = p > first ? timeline.anonymousAfter(p - 1) : 0
        resting.anonymousAhead = Math.max(0, resting.anonymousAhead - (before - timeline.anonymousAfter(p)))
      } else if (add !== p && add <= resting.joinPosition) {
        resting.knownAhead -= totalAfter[p - 1] - totalAfter[p]
      }
    }
  }

  /** Every event of a level of a tape by price is a level-set, or a clear. */
  private advanceByPrice(resting: Resting, position: number, model: QueueModel): void {
    const { totalAfter, levelStart } = this.timeline.arrays
    const first = levelStart[resting.level]
    let ahead = resting.anonymousAhead
    let traded = resting.tradedLots
    for (let p = resting.position + 1; p <= position && ahead > 0; p++) {
      ahead = model.aheadAfterSet(ahead, traded, p > first ? totalAfter[p - 1] : 0, totalAfter[p])
      traded = 0
    }
    resting.anonymousAhead = ahead
    resting.tradedLots = traded
  }
}
