/*
 * The trading application inside the host: it serves the host's tasks, lets each parent's policy decide when its time has come or
 * its world has moved, and hands the wishes to order entry. It sees only what has arrived, and speaks only through messages.
 * Guarantee: what is filled (as reported) plus what is open never exceeds the parent's quantity.
 */
import type { CancelAdvice } from '../order/directives.ts'
import { HOST, type HostApplication } from '../path/host.ts'
import { Answers } from './answers.ts'
import { CancelAdviser } from './cancel-adviser.ts'
import { ControllerSampling } from './controller-sampling.ts'
import { DeskLedger } from './desk-ledger.ts'
import type { DeskOptions, DeskParts } from './desk-parts.ts'
import { OrderEntry } from './order-entry.ts'
import { ParentDesk } from './parent-desk.ts'
import { chooseSessions } from './session-choice.ts'
import { TIMER, Timers } from './timers.ts'

export class Desk implements HostApplication {
  private readonly options: DeskOptions
  private readonly parts: DeskParts
  private readonly book: DeskLedger
  private readonly timers: Timers
  private readonly sampling: ControllerSampling
  private readonly entry: OrderEntry
  private readonly answers: Answers
  private readonly adviser: CancelAdviser
  private readonly parents: ParentDesk[]
  /** Parents under way, by index: a touch is met by these only. */
  private readonly active: ParentDesk[] = []

  constructor(options: DeskOptions, parts: DeskParts) {
    this.options = options
    this.parts = parts
    this.book = new DeskLedger(parts.ledger, parts.messages, options.control)
    this.timers = new Timers(parts.simulation, options.hostTarget)
    this.adviser = new CancelAdviser(options, parts)
    const reads = {
      tradedLots: (venue: number): number => parts.feed.tradedLots(venue),
      cancelAdvice: (childId: number): CancelAdvice => this.adviseCancel(childId)
    }
    this.parents = options.parents.map((parent, index) => new ParentDesk(index, parent, parts.createPolicy, reads))
    const choice = chooseSessions(options.sessions, options.venues.length)
    this.sampling = new ControllerSampling(options, parts, this.book, choice)
    const { book, timers, sampling, parents } = this
    const shared = { options, parts, book, timers, sampling, choice, parents }
    this.entry = new OrderEntry(shared, (parent) => this.retire(parent))
    this.answers = new Answers(shared, this.entry)
  }

  /** Arms the parents' first wake-ups. Call once before the run. */
  start(): void {
    for (const parent of this.parents) {
      this.book.openParent(parent.order, this.options.venues[parent.order.venue].symbol)
      this.wake(parent, parent.order.startNs)
      this.timers.at(parent.order.endNs, TIMER.end, parent.index)
    }
  }

  isDue(timer: number): boolean {
    const of = this.timers.subjectOf(timer)
    switch (this.timers.kindOf(timer)) {
      case TIMER.wake:
        return this.parents[of].wakeTimer === timer
      case TIMER.send:
      case TIMER.cancel:
        return this.entry.children[of].timer === timer
      case TIMER.timeout:
        return this.entry.outbox.isOverdue()
      default:
        return true
    }
  }

  onTask(kind: number, subject: number, queuedNs: number): void {
    this.parts.feed.begin(queuedNs)
    if (kind === HOST.timer) this.onTimer(subject)
    else if (kind === HOST.report) this.onReport(subject)
    else if (kind === HOST.touch) this.onTouch(subject)
    else if (this.active.length > 0) this.sampling.sample(this.entry.pendingCancels, this.active)
  }

  /** Writes what only the end of a run can tell. */
  close(): void {
    this.book.close(this.entry.children, this.parents)
  }

  private get nowNs(): number {
    return this.parts.simulation.nowNs
  }

  private wake(parent: ParentDesk, timeNs: number): void {
    // A timer that is armed for this very instant is left alone: most decisions ask for the wake-up that is due anyway.
    if (parent.wakeTimer !== -1 && parent.wakeNs === timeNs) return
    parent.wakeNs = timeNs
    parent.wakeTimer = this.timers.at(timeNs, TIMER.wake, parent.index)
  }

  private onTimer(timer: number): void {
    const of = this.timers.subjectOf(timer)
    switch (this.timers.kindOf(timer)) {
      case TIMER.wake:
        this.onWake(timer, this.parents[of])
        return
      case TIMER.send:
        this.entry.onSendTimer(timer, of)
        return
      case TIMER.cancel:
        this.entry.onCancelTimer(timer, of)
        return
      case TIMER.end: {
        const parent = this.parents[of]
        for (const child of [...parent.orders]) this.entry.cancel(child, true)
        this.retire(parent)
        return
      }
      default:
        this.entry.onTimeoutTimer()
    }
  }

  private onWake(timer: number, parent: ParentDesk): void {
    if (parent.wakeTimer !== timer) return
    if (!parent.active && !parent.done) this.activate(parent)
    else this.noteGap(parent)
    parent.wakeTimer = -1
    parent.lastWakeNs = this.nowNs
    parent.lastIntendedNs = parent.wakeNs
    this.decide(parent, 'wake')
  }

  private activate(parent: ParentDesk): void {
    parent.active = true
    parent.startMidHalfTicks = this.parts.feed.midHalfTicks(parent.order.venue)
    let at = this.active.length
    while (at > 0 && this.active[at - 1].index > parent.index) at--
    this.active.splice(at, 0, parent)
    if (this.active.length === 1) this.sampling.arm()
  }

  /** The gap between decisions of one parent against the gap its schedule wanted (DGL). */
  private noteGap(parent: ParentDesk): void {
    const intendedNs = parent.wakeNs - parent.lastIntendedNs
    if (intendedNs > 0) this.parts.gauges.onGap(this.nowNs, this.nowNs - parent.lastWakeNs, intendedNs)
  }

  private onReport(report: number): void {
    const parent = this.answers.onReport(report)
    if (parent !== undefined) this.decide(parent, 'report')
  }

  private onTouch(venue: number): void {
    // A decision may end its parent, and take it out of the list.
    for (let i = 0; i < this.active.length; ) {
      const parent = this.active[i]
      if (parent.orders.length > 0 && parent.venues.includes(venue)) this.decide(parent, 'touch')
      if (this.active[i] === parent) i++
    }
  }

  private decide(parent: ParentDesk, cause: 'wake' | 'touch' | 'report'): void {
    if (parent.done) return
    const { entry } = this
    const { venues } = parent
    for (let i = 0; i < venues.length; i++) {
      const venue = venues[i]
      const touch = this.parts.feed.read(venue)
      this.adviser.note(venue, touch)
      parent.show(i, touch, this.sampling.inForce(parent.index, venue), entry.replaceLotsMax(parent, venue))
    }
    const { places, placeCount, cancels, cancelCount, replaces, replaceCount, wakeNs } = parent.decide(cause, this.nowNs)
    for (let i = 0; i < placeCount; i++) entry.place(parent, places[i])
    for (let i = 0; i < cancelCount; i++) entry.cancel(entry.children[cancels[i].childId], cancels[i].essential)
    for (let i = 0; i < replaceCount; i++) {
      const { childId, limitTicks, lots } = replaces[i]
      entry.replace(entry.children[childId], limitTicks, lots)
    }
    if (!Number.isNaN(wakeNs) && !parent.done) this.wake(parent, wakeNs)
    this.retire(parent)
  }

  /** A parent is over when nothing of it is open and it is filled or its time is up. */
  private retire(parent: ParentDesk): void {
    if (parent.done || parent.orders.length > 0) return
    if (parent.filledLots < parent.order.quantityLots && this.nowNs < parent.order.endNs) return
    parent.done = true
    if (parent.active) this.active.splice(this.active.indexOf(parent), 1)
    parent.active = false
    this.parts.ledger.parents.col.doneNs[parent.index] = this.nowNs
    this.sampling.canary
      ?.of(parent.index)
      .onParentDone(parent.filledLots / parent.order.quantityLots, this.opportunityBps(parent))
  }

  /** What the unfilled rest would cost at the mid now, bps of the whole parent. */
  private opportunityBps(parent: ParentDesk): number {
    const { side, quantityLots, venue } = parent.order
    const move = side * (this.parts.feed.midHalfTicks(venue) / parent.startMidHalfTicks - 1)
    return 10_000 * move * (1 - parent.filledLots / quantityLots)
  }

  private adviseCancel(childId: number): CancelAdvice {
    const child = this.entry.children[childId]
    return this.adviser.advise(child, this.sampling.inForce(child.parentIndex, child.venue))
  }
}
