/*
 * When market data of one venue reaches the host: an instant t of it arrives after feed delay and weather, and never before an earlier
 * instant (a FIFO feed). Pure functions of (seed, venue, time), exact to the ns, and each other's inverse: arrivalNs never decreases;
 * arrivalNs(instantNs(h)) <= h < arrivalNs(instantNs(h) + 1). The delay is constant inside a cell (a weather block; where
 * link.delay is clamped, 1 ms at most), so the feed's backlog at a cell's end is a running maximum over cells.
 */
import type { ClampSchedule } from './clamp.ts'
import { LINK_WAY, LinkWeather } from './link.ts'
import type { LinkOptions } from './options.ts'

const CLAMPED_CELL_NS = 1_000_000
const SLOTS = 4096

export class FeedClock {
  private readonly weather: LinkWeather
  private readonly cellNs: number
  /** No instant takes longer, and no two differ by more. */
  private readonly delayNsMax: number
  private readonly spreadNs: number
  /** Cells back from which a late arrival can still be ahead of a cell's own. */
  private readonly lookBack: number
  /** Arrival of the last instant of a cell, direct-mapped by cell. */
  private readonly slotCell = new Float64Array(SLOTS).fill(-1)
  private readonly slotLastNs = new Float64Array(SLOTS)
  private hint = 0

  constructor(options: LinkOptions, clamps: ClampSchedule, seed: number, venue = 0) {
    this.weather = new LinkWeather(options, clamps, seed, venue)
    const { blockNs } = this.weather
    const clamped = !clamps.of('link.delay').isFree
    this.cellNs = clamped ? Math.min(blockNs, CLAMPED_CELL_NS) : blockNs
    this.delayNsMax = this.weather.delayNsMax(LINK_WAY.feed)
    this.spreadNs = clamped ? this.delayNsMax : this.delayNsMax - options.feedDelayNs
    this.lookBack = Math.floor(this.spreadNs / this.cellNs)
  }

  /** When market data of instant `tNs` (>= 0) is at the host. */
  arrivalNs(tNs: number): number {
    const cell = Math.floor(tNs / this.cellNs)
    const startNs = cell * this.cellNs
    const ownNs = tNs + this.weather.delayNs(LINK_WAY.feed, startNs)
    // Whatever set out before this cell has overtaken nothing by now.
    if (tNs - startNs >= this.spreadNs) return ownNs
    const lastNs = this.lastArrivalNs(cell - 1)
    return ownNs > lastNs ? ownNs : lastNs
  }

  /** The latest instant whose market data is at the host by `hostNs`; -1 when none is. */
  instantNs(hostNs: number): number {
    if (hostNs < 0) return -1
    // The first cell whose last instant arrives after hostNs holds the answer or ends just before it. Any cell before `oldest` has arrived.
    const oldest = Math.max(0, Math.floor((hostNs - this.delayNsMax) / this.cellNs))
    let cell = oldest
    if (this.hint > oldest && this.hint <= hostNs / this.cellNs) {
      cell = this.hint
      while (cell > oldest && this.lastArrivalNs(cell - 1) > hostNs) cell--
    }
    while (this.lastArrivalNs(cell) <= hostNs) cell++
    this.hint = cell
    const startNs = cell * this.cellNs
    return Math.max(startNs - 1, hostNs - this.weather.delayNs(LINK_WAY.feed, startNs))
  }

  /** Arrival of the last instant of `cell`; -Infinity before the first cell. */
  private lastArrivalNs(cell: number): number {
    if (cell < 0) return Number.NEGATIVE_INFINITY
    if (this.lookBack === 0) return this.ownLastNs(cell)
    const slot = cell % SLOTS
    if (this.slotCell[slot] === cell) return this.slotLastNs[slot]
    // Forward from the nearest cell that is known, else from so far back that nothing older can arrive later.
    let from = Math.max(0, cell - this.lookBack)
    let exactFrom = from === 0 ? 0 : cell
    let lastNs = Number.NEGATIVE_INFINITY
    for (let back = cell - 1; back >= from; back--) {
      if (this.slotCell[back % SLOTS] === back) {
        lastNs = this.slotLastNs[back % SLOTS]
        from = back + 1
        exactFrom = from
        break
      }
    }
    for (let at = from; at <= cell; at++) {
      const ownNs = this.ownLastNs(at)
      if (ownNs > lastNs) lastNs = ownNs
      if (at < exactFrom) continue
      this.slotCell[at % SLOTS] = at
      this.slotLastNs[at % SLOTS] = lastNs
    }
    return lastNs
  }

  /** Arrival of the last instant of `cell`, were it alone. */
  private ownLastNs(cell: number): number {
    return (cell + 1) * this.cellNs - 1 + this.weather.delayNs(LINK_WAY.feed, cell * this.cellNs)
  }
}
