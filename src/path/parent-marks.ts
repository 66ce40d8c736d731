/*
 * Benchmark prices of parents, in truth: the mid when the mandate begins (decision), when its first order reaches an engine (arrival), and
 * when its time is up (end mark, at which what is unfilled is charged). The mid is that of the best bid and the best offer over the venues
 * where the parent may trade (of one venue: its own), as recorded at that instant, own orders not counted; none when a side is empty on
 * all of them. Best bid and offer of several venues may cross. Observers: nothing in the world depends on them.
 */
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Touch } from '../market/market.ts'
import { type ParentOrder, venuesOf } from '../order/parent.ts'
import { widen } from '../order/touch.ts'
import type { Engine } from './engine.ts'
import { midOf } from './engine-ledger.ts'
import { PHASE } from './phases.ts'

const DECISION = 0
const END = 1

export class ParentMarks implements Component {
  readonly name = 'parent marks'
  private readonly engines: readonly Engine[]
  private readonly ledger: Ledger
  private readonly parents: readonly ParentOrder[]
  private readonly touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  private readonly venueTouch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  /** Of each parent, the child that was the first at an engine; -1 = none yet. */
  private readonly firstChild: Int32Array

  constructor(engines: readonly Engine[], ledger: Ledger, parents: readonly ParentOrder[]) {
    this.engines = engines
    this.ledger = ledger
    this.parents = parents
    this.firstChild = new Int32Array(parents.length).fill(-1)
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
    if (kind === DECISION) {
      col.decisionNs[row] = parent.startNs
      col.decisionMidHalfTicks[row] = this.midOf(parent)
    } else {
      col.endMidHalfTicks[row] = this.midOf(parent)
    }
  }

  /** A new order or a replace of the parent of that row is at an engine. Where its first child meets no mid, the child's next try counts. */
  onArrival(row: number, child: number): void {
    if (this.firstChild[row] === -1) this.firstChild[row] = child
    const { arrivalMidHalfTicks } = this.ledger.parents.col
    if (this.firstChild[row] !== child || !Number.isNaN(arrivalMidHalfTicks[row])) return
    arrivalMidHalfTicks[row] = this.midOf(this.parents[row])
  }

  private midOf(parent: ParentOrder): number {
    const { touch, venueTouch } = this
    touch.bidLots = 0
    touch.askLots = 0
    for (const venue of venuesOf(parent)) {
      this.engines[venue].readTouch(venueTouch)
      widen(touch, venueTouch)
    }
    return midOf(touch)
  }
}
