/*
 * Benchmark prices of parents: the venue's mid when the mandate begins (decision) and when its time is up (end mark, at which
 * what is unfilled is charged). Observers: nothing in the world depends on them.
 */
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { Engine } from './engine.ts'
import { PHASE } from './phases.ts'

const DECISION = 0
const END = 1

export class ParentMarks implements Component {
  readonly name = 'parent marks'
  private readonly engines: readonly Engine[]
  private readonly ledger: Ledger
  private readonly parents: readonly ParentOrder[]

  constructor(engines: readonly Engine[], ledger: Ledger, parents: readonly ParentOrder[]) {
    this.engines = engines
    this.ledger = ledger
    this.parents = parents
  }

  /** Registers itself and schedules every mark. Call once before the run. */
  start(simulation: Simulation): void {
    const target = simulation.register(this)
    this.parents.forEach((parent, row) => {
      simulation.at(parent.startNs, PHASE.observe, target, DECISION, row)
      simulation.at(parent.endNs, PHASE.observe, target, END, row)
    })
  }

  onEvent(kind: number, row: number): void {
    const parent = this.parents[row]
    const { col } = this.ledger.parents
    const mid = this.engines[parent.venue].midHalfTicks()
    if (kind === DECISION) {
      col.decisionNs[row] = parent.startNs
      col.decisionMidHalfTicks[row] = mid
    } else {
      col.endMidHalfTicks[row] = mid
    }
  }
}
