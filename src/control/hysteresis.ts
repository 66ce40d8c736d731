/*
 * The one engine of all controllers: a machine over ordered states. Between two neighbours stands a boundary: any of its
 * clauses takes the machine up (every condition of the clause has reached its `enter`), and it may come down only when no clause
 * of this boundary or of a higher one holds (every condition still at or above its `exit`). Guarantees: one state per step, never
 * less than the dwell between two transitions, NaN never breaches and never holds, a pure step (the same state and reading give
 * the same answer; at rest the same object comes back). A boundary may also be crossed by time: a breach of the state below that
 * has held without a break for `sustainedNs`. Each transition says since when its reason had held: features come first, then the state.
 * Sources: page-fault, reject-loop and cancel-ack playbooks, "use hysteresis" of their state machines.
 */
import { assert } from '../kernel/assert.ts'
import type { Band } from './options.ts'
import type { Reading } from './reading.ts'

export interface Condition {
  /** The ledger's word for what is measured. */
  readonly feature: string
  readonly read: (reading: Reading) => number
  readonly band: Band
}

/** All conditions together. */
export type Clause = readonly Condition[]

export interface Boundary {
  /** Any of these. */
  readonly clauses: readonly Clause[]
  /** The boundary below has held this long without a break; Infinity = never. */
  readonly sustainedNs: number
}

export interface Machine {
  readonly name: string
  /** From calm to worst. */
  readonly states: readonly string[]
  /** boundaries[i] lies between states i and i + 1. */
  readonly boundaries: readonly Boundary[]
  readonly dwellNs: number
}

/** Why the machine last moved. Recovery names the condition that was last to let go, sustained breaches the feature 'dwell'. */
export interface Trigger {
  readonly feature: string
  readonly value: number
  readonly threshold: number
  /** Time spent in the state that was left. */
  readonly dwellNs: number
  /** The first sample since which the reason has held without a break. */
  readonly sinceNs: number
}

export interface MachineState {
  readonly level: number
  /** When the state was entered; NaN before the first step. */
  readonly sinceNs: number
  /** Since when the breach that keeps the machine in its state holds without a break; NaN when it does not hold. */
  readonly heldSinceNs: number
  /** Since when the reason to leave, upwards or downwards, holds without a break; NaN when there is none. */
  readonly breachSinceNs: number
  readonly releaseSinceNs: number
  /** null before the first transition. */
  readonly trigger: Trigger | null
}

export const REST: MachineState = {
  level: 0,
  sinceNs: Number.NaN,
  heldSinceNs: Number.NaN,
  breachSinceNs: Number.NaN,
  releaseSinceNs: Number.NaN,
  trigger: null
}

/** The next state; the given one when nothing changes. Readings come in order of time. */
export function step(machine: Machine, state: MachineState, reading: Reading): MachineState {
  const nowNs = reading.atNs
  const level = state.level
  const sinceNs = known(state.sinceNs, nowNs)
  const held = level > 0 && holdsFrom(machine, keeper(machine, level), reading)
  const heldSinceNs = held ? known(state.heldSinceNs, nowNs) : Number.NaN
  const up = escalation(machine, level, reading)
  const breachSinceNs = up === null ? Number.NaN : known(state.breachSinceNs, nowNs)
  const releaseSinceNs = level > 0 && !held ? known(state.releaseSinceNs, nowNs) : Number.NaN
  const dwellNs = nowNs - sinceNs
  if (dwellNs >= machine.dwellNs) {
    if (up !== null) {
      const trigger = { feature: up.feature, value: up.read(reading), threshold: up.band.enter, dwellNs, sinceNs: breachSinceNs }
      return moved(level + 1, nowNs, nowNs, trigger)
    }
    if (level < machine.boundaries.length && nowNs - heldSinceNs >= machine.boundaries[level].sustainedNs) {
      const threshold = machine.boundaries[level].sustainedNs
      return moved(level + 1, nowNs, nowNs, {
        feature: 'dwell',
        value: nowNs - heldSinceNs,
        threshold,
        dwellNs,
        sinceNs: heldSinceNs
      })
    }
    if (level > 0 && !held) {
      const last = lastToLetGo(machine.boundaries[keeper(machine, level)], reading)
      const value = last.read(reading)
      return moved(level - 1, nowNs, Number.NaN, {
        feature: last.feature,
        value,
        threshold: last.band.exit,
        dwellNs,
        sinceNs: releaseSinceNs
      })
    }
  }
  if (
    Object.is(sinceNs, state.sinceNs) &&
    Object.is(heldSinceNs, state.heldSinceNs) &&
    Object.is(breachSinceNs, state.breachSinceNs) &&
    Object.is(releaseSinceNs, state.releaseSinceNs)
  ) {
    return state
  }
  return { level, sinceNs, heldSinceNs, breachSinceNs, releaseSinceNs, trigger: state.trigger }
}

function known(ns: number, otherwiseNs: number): number {
  return Number.isNaN(ns) ? otherwiseNs : ns
}

/** Newly in `level`. */
function moved(level: number, nowNs: number, heldSinceNs: number, trigger: Trigger): MachineState {
  return { level, sinceNs: nowNs, heldSinceNs, breachSinceNs: Number.NaN, releaseSinceNs: Number.NaN, trigger }
}

/** Every state, directives and band of a machine fit together; broken ones are a programming error. */
export function checkMachine(machine: Machine): void {
  assert(machine.boundaries.length === machine.states.length - 1, `${machine.name}: one boundary between two states`)
  assert(machine.boundaries[0].clauses.length > 0, `${machine.name}: the first boundary needs a clause`)
  for (const [index, boundary] of machine.boundaries.entries()) {
    const crossable = boundary.clauses.length > 0 || index > 0
    assert(crossable, `${machine.name}: boundary ${index} can never be crossed`)
    for (const { feature, band } of boundary.clauses.flat()) {
      const open = band.enter === Number.POSITIVE_INFINITY
      assert(band.exit < band.enter || open, `${machine.name}: ${feature} needs exit < enter`)
    }
  }
}

/** The boundary whose breach keeps the machine in `level`: the one below it, or further down where time alone led up. */
function keeper(machine: Machine, level: number): number {
  let boundary = level - 1
  while (boundary > 0 && machine.boundaries[boundary].sustainedNs < Number.POSITIVE_INFINITY) boundary--
  return boundary
}

/** True while a clause of this boundary or of a higher one holds: worse never recovers earlier. */
function holdsFrom(machine: Machine, boundary: number, reading: Reading): boolean {
  for (let i = boundary; i < machine.boundaries.length; i++) {
    for (const clause of machine.boundaries[i].clauses) {
      let held = clause.length > 0
      for (const condition of clause) if (!(condition.read(reading) >= condition.band.exit)) held = false
      if (held) return true
    }
  }
  return false
}

/** The condition that completed a clause of the boundary above `level` or of a higher one; null = none is complete. */
function escalation(machine: Machine, level: number, reading: Reading): Condition | null {
  const { boundaries } = machine
  for (let i = level; i < boundaries.length; i++) {
    const { clauses } = boundaries[i]
    for (let j = 0; j < clauses.length; j++) {
      // Nearly always the first condition says no.
      if (clauses[j][0].read(reading) >= clauses[j][0].band.enter) {
        const binding = bindingOf(clauses[j], reading)
        if (binding !== null) return binding
      }
    }
  }
  return null
}

/** Of a clause that is complete, the condition with the least excess; else null. */
function bindingOf(clause: Clause, reading: Reading): Condition | null {
  let binding: Condition | null = null
  let least = Number.POSITIVE_INFINITY
  for (const condition of clause) {
    const value = condition.read(reading)
    if (!(value >= condition.band.enter)) return null
    const excess = value / condition.band.enter
    if (binding === null || excess < least) {
      binding = condition
      least = excess
    }
  }
  return binding
}

/** Among conditions below their exit, the one nearest to it; one that is not known only when none is known. */
function lastToLetGo(boundary: Boundary, reading: Reading): Condition {
  let last = boundary.clauses[0][0]
  let nearest = Number.NEGATIVE_INFINITY
  for (const clause of boundary.clauses) {
    for (const condition of clause) {
      const ratio = condition.read(reading) / condition.band.exit
      if (ratio < 1 && ratio > nearest) {
        last = condition
        nearest = ratio
      }
    }
  }
  return last
}
