/*
 * What the desk has sent and not been answered: messages are written here, handed to the host's socket, and watched until
 * their answer is read or the time for it is over. Guarantees: a message is settled once, by its answer or by its timeout, whichever
 * comes first; timeouts come in order of sending.
 */
import { MESSAGE_TYPE, TIME_IN_FORCE } from '../order/words.ts'
import type { ChildOrder } from './child-order.ts'
import type { ControllerSampling } from './controller-sampling.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import { TIMER, type Timers } from './timers.ts'

export class Outbox {
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly timers: Timers
  private readonly sampling: ControllerSampling
  private readonly onUnknown: (message: number) => void
  /** Sent and not answered, oldest first; answered ones are skipped when they reach the front. */
  private readonly unanswered: number[] = []
  private unansweredFirst = 0
  private timeoutArmed = false
  /** By message: answered or given up. */
  private readonly settled: boolean[] = []

  /** `onUnknown` is told of each message that got no answer in time. */
  constructor(
    options: DeskOptions,
    parts: DeskParts,
    timers: Timers,
    sampling: ControllerSampling,
    onUnknown: (message: number) => void
  ) {
    this.onUnknown = onUnknown
    this.options = options
    this.parts = parts
    this.timers = timers
    this.sampling = sampling
  }

  /** Sends a message about a child now; `ledgerRow` is its row of the attempts or cancels table. Gives the message. */
  send(child: ChildOrder, type: number, ledgerRow: number, retryIndex: number, priceTicks: number, lots: number): number {
    const session = this.options.sessions[child.session]
    const message = this.parts.messages.add({
      type,
      session: child.session,
      venue: child.venue,
      parent: child.parentIndex,
      child: child.childId,
      luckKey: child.luckKey,
      ledgerRow,
      retryIndex,
      side: child.side,
      priceTicks,
      lots,
      timeInForce: child.passive ? TIME_IN_FORCE.of.day : TIME_IN_FORCE.of.ioc,
      postOnly: child.passive,
      clientOrderId: type === MESSAGE_TYPE.of.cancel ? -1 : child.clientOrderId,
      bytes:
        type === MESSAGE_TYPE.of.new
          ? session.newMessageBytes
          : type === MESSAGE_TYPE.of.cancel
            ? session.cancelMessageBytes
            : session.replaceMessageBytes
    })
    if (type !== MESSAGE_TYPE.of.cancel) child.sentNs = this.nowNs
    this.settled.push(false)
    this.unanswered.push(message)
    this.sampling.onSend(child.session, message)
    this.parts.gauges.venues[child.venue].onSend(this.nowNs)
    this.parts.host.send(message)
    this.armTimeout()
    return message
  }

  private armTimeout(): void {
    if (this.timeoutArmed || !Number.isFinite(this.options.retry.ackTimeoutNs)) return
    const message = this.oldestUnanswered()
    if (message < 0) return
    this.timeoutArmed = true
    this.timers.at(this.sentAt(message) + this.options.retry.ackTimeoutNs, TIMER.timeout, 0)
  }

  /** Message row; -1 when all are answered. */
  private oldestUnanswered(): number {
    while (this.unansweredFirst < this.unanswered.length && this.settled[this.unanswered[this.unansweredFirst]]) {
      this.unansweredFirst++
    }
    return this.unansweredFirst === this.unanswered.length ? -1 : this.unanswered[this.unansweredFirst]
  }

  /** Asked when the timeout timer is due: has a message's time run out? If not, the timer is moved to the one that is oldest now. */
  isOverdue(): boolean {
    const message = this.oldestUnanswered()
    if (message >= 0 && this.sentAt(message) + this.options.retry.ackTimeoutNs <= this.nowNs) return true
    this.timeoutArmed = false
    this.armTimeout()
    return false
  }

  /** When it was handed to the socket. */
  sentAt(message: number): number {
    const dispatchNs = this.parts.messages.dispatchNs.values[message]
    return Number.isNaN(dispatchNs) ? this.nowNs : dispatchNs
  }

  /** The answer to it was read. */
  settle(message: number): void {
    this.settled[message] = true
  }

  /** The timeout timer is due: hands over each message whose time is over. */
  onTimeouts(): void {
    this.timeoutArmed = false
    const dueNs = this.nowNs - this.options.retry.ackTimeoutNs
    while (this.unansweredFirst < this.unanswered.length) {
      const message = this.unanswered[this.unansweredFirst]
      if (!this.settled[message]) {
        if (this.sentAt(message) > dueNs) break
        this.settled[message] = true
        this.onUnknown(message)
      }
      this.unansweredFirst++
    }
    this.armTimeout()
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }
}
