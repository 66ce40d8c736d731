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
  private clientOrderId = -1
  /** Report that confirmed the last cancel or replace. */
  private confirmation = -1
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
    const isCancel = type === 'cancelled' || type === 'cancel-rejected'
    const isAnswer = message >= 0 && (isCancel || type === 'replaced' || type === 'replace-rejected') && reason !== 'session-down'
    if (isAnswer && this.known) {
      const refuses = this.rules.whilePending === 'refused' || (!isCancel && this.rules.whilePending === 'replaces-refused')
      const mustRefuse = refuses && this.wasPending(reports, messages.gatewayNs.values[message])
      if (mustRefuse !== (reason === 'already-pending'))
        return `${type} ${reason}, though it must${mustRefuse ? '' : ' not'} be refused as pending`
    }
    if (type === 'accepted') {
      if (this.known) return 'accepted twice'
      this.known = true
      this.clientOrderId = messages.clientOrderId.values[message]
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
      if (message >= 0) this.confirmation = row
    } else if (type === 'replaced') {
      if (!this.open) return 'replaced while not open'
      const asked = messages.lots.values[message]
      this.quantityLots = this.rules.inFlightMitigation ? Math.max(asked, this.filledLots) : this.filledLots + asked
      this.priceTicks = messages.priceTicks.values[message]
      this.clientOrderId = messages.clientOrderId.values[message]
      this.confirmation = row
    } else if (reason === 'too-late') {
      if (!this.known || this.open || this.rules.tooLate === 'silent') return 'too late for nothing'
    } else if (reason === 'unknown-order') {
      if (this.known) return 'unknown, though it was known'
    } else if (reason !== 'already-pending' && reason !== 'duplicate' && reason !== 'session-down') return `${type} for ${reason}`
    if (this.filledLots > this.quantityLots) return `filled ${this.filledLots} of ${this.quantityLots}`
    if (this.filledLots === this.quantityLots) this.open = false
    const tellsLeaves = type === 'accepted' || type === 'filled' || type === 'cancelled' || type === 'replaced'
    if (tellsLeaves && reports.clientOrderId.values[row] !== this.clientOrderId)
      return `${type} carries the wrong client order id`
    if (tellsLeaves && reports.leavesLots.values[row] !== this.openLots) return `${type} leaves ${reports.leavesLots.values[row]}`
    return undefined
  }

  /** At the instant a request came to the venue, the confirmation of an earlier one had not left it. */
  private wasPending(reports: Reports, atNs: number): boolean {
    if (this.confirmation < 0) return false
    const leftNs = reports.departNs.values[this.confirmation]
    return Number.isNaN(leftNs) || leftNs > atNs
  }
}
