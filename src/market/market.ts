/*
 * One venue's market as one world meets it: recorded history, which does not react, and this world's own orders in it.
 * Two implementations give the same answers to the last bit: SequentialMarket replays every row (the oracle), TimelineMarket
 * asks the index and looks at a row only when it can matter.
 *
 * Rules. "Own" means of this world; quantities are lots; a bid's better price is the higher, an ask's the lower.
 *   M1  Instants. At `advanceTo(t)` every row with tNs <= t is in effect, none later.
 *   M2  Levels. A level is a FIFO of known orders behind one anonymous order (what rests there without a known id: a seed, a
 *       re-sync, an L2 level). add appends a known order. reduce and execute take min(lots, rest) off the named order when it is
 *       live at that level, delete takes all of it; a row whose order is not live there takes min(lots, rest) off the anonymous order.
 *       level-set to q: if the known orders' total K <= q they stay and the anonymous order becomes q - K; else all known orders are
 *       dropped and the anonymous order becomes q. clear empties every level. execute-hidden, trade, halt, resume change no level.
 *   M3  Consumption. What this world took from a recorded order stays taken: the order offers max(0, rest - consumed), rest as
 *       recorded. For the anonymous order consumed = min(consumed, rest) after every row. Orders dropped by a level-set pass
 *       their min(consumed, rest before) to the anonymous order (then capped by its rest). Dead orders take their consumption along.
 *   M4  Take. An arriving own order walks the other side from its best recorded level to its limit, in each level the anonymous order first, then known
 *       orders in FIFO order, taking what each offers. One fill per level, cause `take`, in price order. Own resting orders are passed over.
 *   M5  Join. lotsAhead = what the level offers at that instant (M3). Own orders rank among themselves by price, then by join.
 *   M6  A row can fill own resting orders of side s = the row's resting side (execute, execute-hidden, trade), or of the side
 *       opposite to the row's (add; level-set that raises the level's total, by the rise). For own price p and row price x:
 *         execute, p better than x: `through`, up to the row's lots.
 *         execute, p = x: `behind`, up to the lots not explained by what was ahead: order known and joined after ours: all its lots;
 *           known and joined before ours: none; anonymous: lots - min(lots, anonymousAhead).
 *         execute-hidden and trade, p at or better than the print: `hidden` (a displayed order ranks before a hidden one of its price). The
 *           print's price is x, or with flag BETWEEN x + 1/2: so bids p >= x (BETWEEN: p >= x + 1), asks p <= x.
 *         add or rise at x that p would meet (bid p >= x, ask p <= x): `crossed`; the fill is consumed from that order (M3).
 *       Rows flagged ADDED serve like any other: what a re-sync shows was there.
 *       `lots` of the row as written (for add: of the order) is one budget: own orders are served in rank order, each at most budget - what earlier
 *       ones got (behind: its own explained part - what earlier ones got). All fills of M6 are at the own order's price.
 *   M7  anonymousAhead of an own order: the anonymous rest at join; afterwards a row that takes d off the anonymous order lowers it
 *       to max(0, it - d); a level-set makes it min(it, new anonymous rest). lotsAhead later = min(anonymousAhead, what the anonymous order
 *       offers) + what known orders that joined before it offer.
 *   M8  No continuous match. While halted (halt to resume), or when the recorded book before the row (for an arrival: at the
 *       instant) is locked or crossed, M4 and M6 fill nothing; `phase` says which.
 *   M9  Touch notices, when watched: after each row whose recorded best bid or ask *price* differs from before the row.
 *   M10 Recorded touch: best levels with recorded total > 0, own orders and consumption not counted (it is the public feed as recorded).
 *   M11 Tapes by price (L2, header.book). A level is its anonymous order; M1 to M10 hold with these differences. anonymousAhead of an own order
 *       at p changes by a trade at its price, to max(0, it - lots), and by a level-set of its level, as the queue model says of its lots ahead,
 *       the trades at p since the level was last set (or since the join), and the totals before and after (queue-model.ts); a clear makes it
 *       0. It may have fractions of a lot (lotsAhead is told rounded up). A trade of side s fills own orders of side s: p better than the print `through`, up to the
 *       row's lots; p at the print (never BETWEEN) `behind`, up to the whole lots of the row beyond anonymousAhead. The level itself changes by level-sets
 *       only: the feed of depth shows what a trade took.
 *   M12 Whole fills, by option: an own order that a row can fill with at least one lot (M6, M11) fills whole, and leaves the row's lots to the
 *       others as they were. What it consumes (crossed) is at most what the order or level offers. Source: hftbacktest, NoPartialFillExchange.
 *   M13 Self-match, by option. Allowed: own resting orders are passed over (M4). Else an arriving own order that reaches one of the other side meets
 *       the first of them once it has taken what is better and, at its price, as many lots as are ahead of it: cancel-newest ends the take and
 *       cancels what is left of the arriving order, cancel-oldest cancels the resting one and goes on, cancel-both does both. A take may
 *       then fill twice at a price. takeableLots stops where a take would.
 *   M14 Price collar, by option (admission.ts). An order whose limit is further than the width beyond the recorded best of the other side is
 *       refused, or limited to the collar: there it takes and rests. Without a best of the other side, and in a halt, there is no collar.
 *   M15 Halt, by option: an order that arrives in a halt is accepted and rests, or is refused. Either way nothing fills (M8).
 *   M16 Impact, by option, off unless said. Of what was consumed at an order at one instant (M3), the share 2^-(t/halfLife) is missing t later, in
 *       whole lots; consumption added or cut later starts again from what is then missing. And a take of q lots withdraws floor(displacement * q)
 *       lots more from the best levels that still offer some, as if taken.
 *   M17 A cross row (an auction) fills no own order and changes no level: what it traded of displayed orders is told by rows of their own.
 */
import { code } from '../kernel/code.ts'
import type { Source } from '../kernel/simulation.ts'
import type { MatchingOptions } from './matching-options.ts'
import type { Tape } from './tape.ts'

export const MARKET_PHASE = code('open', 'halted', 'crossed')

/** Best prices and the recorded lots there; lots 0 = no such level (its price is then 0). */
export interface Touch {
  bidTicks: number
  bidLots: number
  askTicks: number
  askLots: number
}

/** Called while a row is being served or a take walks: only reading methods (and never advanceTo) may be called back. */
export interface MarketEvents {
  /** `own` traded `lots` at `priceTicks`; `row` is the tape row that did it, or the last row in effect for a take. */
  onFill(own: number, lots: number, priceTicks: number, cause: number, row: number): void
  /** The recorded best bid or ask price changed at `row` (M9). */
  onTouch(row: number): void
  /** M13: the resting `own` was cancelled, by the take that is under way. */
  onSelfMatch?(own: number): void
}

export interface Market extends Source {
  readonly tape: Tape
  readonly matching: MatchingOptions
  bind(events: MarketEvents): void
  /** Makes `nowNs` the instant of the calls below. Non-decreasing; rows due before it have been stepped. */
  advanceTo(nowNs: number): void
  /** MARKET_PHASE at the instant. */
  phase(): number
  readTouch(out: Touch): void
  /** The recorded touch at an earlier instant (a delayed feed). `viewNs` is non-decreasing over calls and never after the instant of the run. */
  readTouchAt(viewNs: number, out: Touch): void
  /** Lots traded since the tape began, auctions not counted, as a feed tells them at `viewNs`: an instant for which the rules of readTouchAt hold. */
  tradedLotsAt(viewNs: number): number
  /** Lots offered at a level (M3), own resting orders not counted. */
  offeredLots(side: number, priceTicks: number): number
  /** Lots an order of `side` with this limit could take now (M4). Stops counting at `lotsMax`. */
  takeableLots(side: number, limitTicks: number, lotsMax: number): number
  /** M4 for `own` of `side` (buy 1 takes asks); gives the lots taken. Calls onFill per level. */
  take(own: number, side: number, limitTicks: number, lots: number): number
  /** M13: the last take was ended by it; what is left of its order is to be cancelled. */
  readonly wasSelfMatched: boolean
  /** M13: would an order of this side and limit, which takes nothing, cross an own one against the rule? */
  meetsOwn(side: number, limitTicks: number): boolean
  /** M5; gives lotsAhead. `own` is a small integer chosen by the caller, not resting now. */
  join(own: number, side: number, priceTicks: number, lots: number): number
  /** Lowers a resting own order's open lots, keeping its rank; 0 removes it. */
  reduceTo(own: number, lots: number): void
  leave(own: number): void
  /** M7, for a resting own order. */
  lotsAhead(own: number): number
  openLots(own: number): number
  watchTouch(on: boolean): void
}

/** A market whose feed can be read by rows, for feeds that were recorded with their times of receipt. */
export interface RecordedMarket extends Market {
  /** The recorded touch after a row in effect, -1 before the first. Rows are non-decreasing over calls; one cursor with readTouchAt. */
  readTouchAfter(row: number, out: Touch): void
}
