/*
 * The strategy's host: one busy-polling thread that serves its tasks (reports, touches, timers, samples) in order of arrival, each
 * for a service time, suspended by stalls (stall-weather.ts). What the application does in a task happens at the
 * task's finish; each message it sends costs more CPU, leaves at its own instant, in order, before the next task
 * begins. Guarantees: FIFO; finishNs >= enqueuedNs + service; dispatches never go back. Left out: several cores, interrupts.
 */
import { assert } from '../kernel/assert.ts'
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { STALL_KIND } from '../ledger/ledger.ts'
import type { ClampSchedule } from './clamp.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import type { HostOptions } from './options.ts'
import { PHASE } from './phases.ts'
import type { Reports } from './reports.ts'
import { type StallListener, StallWeather } from './stall-weather.ts'

/** Kinds of the host's events. The first four enqueue a task of that kind, their subject passed through. */
export const HOST = { report: 0, touch: 1, timer: 2, sample: 3, done: 4 } as const

/** What runs on the host. */
export interface HostApplication {
  /** A task is finished: now is its finish; it was ready at `enqueuedNs`. `kind` is one of HOST's first four. */
  onTask(kind: number, subject: number, enqueuedNs: number): void
  /** False for a timer that was taken back or armed anew: it never fires, and costs the thread nothing. Absent: all fire. */
  isDue?(subject: number): boolean
  /** CPU time of one task, where it is not the same for all of its kind. */
  taskServiceNs?(kind: number, subject: number): number
}

/** Major stalls met that are remembered for a quantile. */
const MET_COUNT_MAX = 512

export class Host implements Component {
  readonly name = 'host'
  readonly weather: StallWeather
  /** Told of each stall that blocked the thread, after the host has noted it. */
  stallListener: StallListener | null = null
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private readonly options: HostOptions
  private readonly serviceNs: readonly number[]
  private readonly capacity: number
  /** Ring of waiting tasks; the one in service is outside it. */
  private readonly taskKind: Uint8Array
  private readonly taskSubject: Int32Array
  private readonly taskNs: Float64Array
  private head = 0
  private waiting = 0
  private busy = false
  private currentKind = 0
  private currentSubject = 0
  private currentNs = 0
  private inTask = false
  /** When the thread is free of what it has begun, sends included. */
  private freeNs = 0
  private self = -1
  private session: Hop | null = null
  private application: HostApplication | null = null
  private entered = 0
  private left = 0
  private merged = 0
  private readonly metEndNs = new Float64Array(MET_COUNT_MAX)
  private readonly metNs = new Float64Array(MET_COUNT_MAX)
  private metCount = 0
  private readonly met = new Float64Array(MET_COUNT_MAX)

  constructor(
    simulation: Simulation,
    messages: Messages,
    reports: Reports,
    options: HostOptions,
    clamps: ClampSchedule,
    seed: number
  ) {
    assert(options.taskCountMax >= 1, 'a host has room for a task')
    this.simulation = simulation
    this.messages = messages
    this.reports = reports
    this.options = options
    this.serviceNs = [options.ackServiceNs, options.marketDataServiceNs, options.timerServiceNs, options.sampleServiceNs ?? 0]
    this.capacity = options.taskCountMax
    this.taskKind = new Uint8Array(this.capacity)
    this.taskSubject = new Int32Array(this.capacity)
    this.taskNs = new Float64Array(this.capacity)
    this.weather = new StallWeather(options.stalls, seed, clamps)
    this.weather.listener = (startNs, stallNs, kind, blockedNs) => {
      if (kind === STALL_KIND.of.major) {
        const row = this.metCount++ % MET_COUNT_MAX
        this.metEndNs[row] = startNs + stallNs
        this.metNs[row] = stallNs
      }
      this.stallListener?.(startNs, stallNs, kind, blockedNs)
    }
  }

  /** `self` is the host's own target; messages go to `session` at their dispatch instant. */
  connect(hops: { self: number; session: Hop }): void {
    this.self = hops.self
    this.session = hops.session
  }

  bind(application: HostApplication): void {
    this.application = application
  }

  onEvent(kind: number, subject: number): void {
    if (kind === HOST.done) this.finish()
    else if (kind !== HOST.timer || this.application?.isDue?.(subject) !== false) this.enqueue(kind, subject)
  }

  /**
   * Hands a message to the socket, from inside onTask only: costs `sendServiceNs` of CPU after what the task has sent before. Stamps and
   * gives its dispatch instant.
   */
  send(message: number): number {
    assert(this.inTask && this.session !== null, 'a message is sent from inside a task of a connected host')
    const dispatchNs = this.weather.serve(this.freeNs, this.options.sendServiceNs)
    this.freeNs = dispatchNs
    this.messages.dispatchNs.values[message] = dispatchNs
    const { target, kind, phase } = this.session
    this.simulation.at(dispatchNs, phase, target, kind, message)
    return dispatchNs
  }

  /**
   * 95 % quantile (type 7) of the service of the major stalls that blocked the thread and ended in (fromNs, toNs]; NaN
   * when none did. All a live host can know of them. The last 512 are remembered.
   */
  metMajorP95Ns(fromNs: number, toNs: number): number {
    const { met } = this
    let count = 0
    // Ends never go back, so the newest come first until one is too old.
    const oldest = Math.max(0, this.metCount - MET_COUNT_MAX)
    for (let row = this.metCount - 1; row >= oldest; row--) {
      const endNs = this.metEndNs[row % MET_COUNT_MAX]
      if (endNs <= fromNs) break
      if (endNs <= toNs) met[count++] = this.metNs[row % MET_COUNT_MAX]
    }
    if (count === 0) return Number.NaN
    met.subarray(0, count).sort()
    const position = 0.95 * (count - 1)
    const low = Math.floor(position)
    const high = Math.min(count - 1, low + 1)
    return met[low] + (met[high] - met[low]) * (position - low)
  }

  /** Tasks; `dropped` are market-data tasks merged into those that wait. */
  count(): StageCount {
    return {
      stage: 'host',
      entered: this.entered,
      left: this.left,
      rejected: 0,
      dropped: this.merged,
      held: this.waiting + (this.busy ? 1 : 0)
    }
  }

  private enqueue(kind: number, subject: number): void {
    this.entered++
    const { nowNs } = this.simulation
    if (!this.busy) {
      this.begin(kind, subject, nowNs)
      return
    }
    if (this.waiting === this.capacity) {
      assert(kind === HOST.touch, `the host's queue of ${this.capacity} tasks is full; raise its task count`)
      this.merged++
      return
    }
    const slot = (this.head + this.waiting) % this.capacity
    this.taskKind[slot] = kind
    this.taskSubject[slot] = subject
    this.taskNs[slot] = nowNs
    this.waiting++
  }

  private begin(kind: number, subject: number, enqueuedNs: number): void {
    this.busy = true
    this.currentKind = kind
    this.currentSubject = subject
    this.currentNs = enqueuedNs
    const startNs = Math.max(this.simulation.nowNs, this.freeNs)
    const serviceNs = this.application?.taskServiceNs?.(kind, subject) ?? this.serviceNs[kind]
    const finishNs = this.weather.serve(startNs, serviceNs)
    this.freeNs = finishNs
    // A sample that costs the thread nothing needs no event of its own: nothing comes between it and its end.
    if (kind === HOST.sample && finishNs === this.simulation.nowNs) this.finish()
    else this.simulation.at(finishNs, PHASE.hostWork, this.self, HOST.done, 0)
  }

  private finish(): void {
    assert(this.busy && this.application !== null, 'a task is done on a host that runs an application')
    const kind = this.currentKind
    const subject = this.currentSubject
    if (kind === HOST.report) this.reports.hostNs.values[subject] = this.simulation.nowNs
    this.inTask = true
    this.application.onTask(kind, subject, this.currentNs)
    this.inTask = false
    this.left++
    this.busy = false
    if (this.waiting === 0) return
    const slot = this.head
    this.head = (this.head + 1) % this.capacity
    this.waiting--
    this.begin(this.taskKind[slot], this.taskSubject[slot], this.taskNs[slot])
  }
}
