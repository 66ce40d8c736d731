/*
 * The desk's timers: host tasks for later instants. Its owner remembers the number of the timer that counts; one that does not count any
 * more is passed over when it is due (Desk.isDue), as a timer that was cancelled.
 */
import type { Simulation } from '../kernel/simulation.ts'
import { HOST } from '../path/host.ts'
import { PHASE } from '../path/phases.ts'

/** A parent's decision; a child's new order; a child's cancel; the oldest unanswered message; a parent's end. */
export const TIMER = { wake: 0, send: 1, cancel: 2, timeout: 3, end: 4 } as const

export class Timers {
  private readonly simulation: Simulation
  private readonly hostTarget: number
  /** By timer: one of TIMER, and the parent or child it is for. */
  private readonly kinds: number[] = []
  private readonly subjects: number[] = []

  constructor(simulation: Simulation, hostTarget: number) {
    this.simulation = simulation
    this.hostTarget = hostTarget
  }

  /** Arms a timer for an instant, or for now where that has passed; gives its number. */
  at(timeNs: number, kind: number, of: number): number {
    const timer = this.kinds.push(kind) - 1
    this.subjects.push(of)
    const { simulation } = this
    simulation.at(Math.max(timeNs, simulation.nowNs), PHASE.hostTimer, this.hostTarget, HOST.timer, timer)
    return timer
  }

  kindOf(timer: number): number {
    return this.kinds[timer]
  }

  subjectOf(timer: number): number {
    return this.subjects[timer]
  }
}
