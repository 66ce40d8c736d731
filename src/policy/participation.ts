/*
 * A cap on what a parent may have out, filled and working, as a share of what has traded since its first look, as the host's delayed feed shows it. It
 * holds at every decision and in the finish: a parent that it holds back may end unfilled.
 */
import { roundDown } from './whole-lots.ts'

export class ParticipationCap {
  private readonly shareMax: number
  private firstLots = Number.NaN

  /** `shareMax`: Infinity = no cap. */
  constructor(shareMax: number) {
    this.shareMax = shareMax
  }

  get isOn(): boolean {
    return this.shareMax < Number.POSITIVE_INFINITY
  }

  /** Lots that may be out when so much has traded; Infinity = any. */
  lots(tradedLots: number): number {
    if (!this.isOn) return Number.POSITIVE_INFINITY
    if (Number.isNaN(this.firstLots)) this.firstLots = tradedLots
    return roundDown(this.shareMax * (tradedLots - this.firstLots))
  }
}
