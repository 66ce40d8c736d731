/*
 * One order at a venue, by hand: quantities, price and whether it is open, followed through the venue's reports in the order of making. It says
 * what is wrong with a report that no venue with these rules would make.
 */
import { REASON, REPORT_TYPE } from '../../src/order/words.ts'
import type { Messages } from '../../src/path/messages.ts'
import type { OrderRules } from '../../src/path/options.ts'
import type { Reports } from '../../src/path/reports.ts'

export class VenueModel {
  known = false
  open = false
  cancelled = false
  quantityLots = 0
  filledLots = 0
  priceTicks = Number.NaN
  private readonly rules: OrderRules

  constructor(rules: OrderRules) {
    this.rules = rules
  }

  get openLots(): number {
    return this.open ? this.quantityLots - this.filledLots : 0
  }

  /** Takes the next report of the order; gives what is wrong with it, or nothing. */
  apply(reports: Reports, messages: Messages, row: number): string | undefined {
    const type = REPORT_TYPE.names[reports.type.values[row]]
    const reason = REASON.names[reports.reason.values[row]]
    const lots = reports.lots.values[row]
    const message = reports.message.values[row]
    if (type === 'accepted') {
      if (this.known) return 'accepted twice'
      this.known = true
      this.open = true
      this.quantityLots = messages.lots.values[message]
      this.priceTicks = messages.priceTicks.values[message]
    } else if (type === 'filled') {
      if (!this.open) return this.cancelled ? 'filled after its cancel was accepted' : 'filled while not open'
      this.filledLots += lots
    } else if (type === 'cancelled') {
      if (!this.open) return 'cancelled while not open'
      this.open = false
      this.cancelled = true
    } else if (type === 'replaced') {
      if (!this.open) return 'replaced while not open'
      const asked = messages.lots.values[message]
      this.quantityLots = this.rules.inFlightMitigation ? Math.max(asked, this.filledLots) : this.filledLots + asked
      this.priceTicks = messages.priceTicks.values[message]
    } else if (reason === 'too-late') {
      if (!this.known || this.open || this.rules.tooLate === 'silent') return 'too late for nothing'
    } else if (reason === 'unknown-order') {
      if (this.known) return 'unknown, though it was known'
    } else if (reason === 'already-pending') {
      if (this.rules.whilePending === 'served') return 'refused as pending on a venue that serves'
      if (type === 'cancel-rejected' && this.rules.whilePending !== 'refused') return 'a cancel refused as pending'
    } else if (reason !== 'duplicate' && reason !== 'session-down') return `${type} for ${reason}`
    if (this.filledLots > this.quantityLots) return `filled ${this.filledLots} of ${this.quantityLots}`
    if (this.filledLots === this.quantityLots) this.open = false
    const tellsLeaves = type === 'accepted' || type === 'filled' || type === 'cancelled' || type === 'replaced'
    if (tellsLeaves && reports.leavesLots.values[row] !== this.openLots) return `${type} leaves ${reports.leavesLots.values[row]}`
    return undefined
  }
}
