/*
 * The best bid and offer over several venues that quote one symbol on one tick (what a consolidated tape calls the national best): the highest
 * bid and the lowest offer, each with the lots of all venues at that price. They may lock or cross.
 */

/** Best prices and the lots there; lots 0 = that side is empty. */
interface BestPrices {
  bidTicks: number
  bidLots: number
  askTicks: number
  askLots: number
}

/** Takes one more venue into the best over several; `best` begins with no lots on either side. */
export function widen(best: BestPrices, venue: Readonly<BestPrices>): void {
  if (venue.bidLots > 0) {
    if (best.bidLots === 0 || venue.bidTicks > best.bidTicks) {
      best.bidTicks = venue.bidTicks
      best.bidLots = venue.bidLots
    } else if (venue.bidTicks === best.bidTicks) best.bidLots += venue.bidLots
  }
  if (venue.askLots > 0) {
    if (best.askLots === 0 || venue.askTicks < best.askTicks) {
      best.askTicks = venue.askTicks
      best.askLots = venue.askLots
    } else if (venue.askTicks === best.askTicks) best.askLots += venue.askLots
  }
}
