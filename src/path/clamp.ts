/*
 * Clamps: factors over time on a capacity or an intensity of a stage, the what-if lever. A factor is a pure function of time: the
 * product of all clamps of a target, 1 where none is active. A *capacity clock* integrates a target's factor, so a
 * server whose rate is clamped can work in its own operational time (a factor of 0 stops it until the clamp ends).
 * Guarantees: factorAt >= 0; a clock never runs back; without clamps it is real time to the ns.
 * Left out: reaction of a clamp to the run (a clamp is given, never feedback).
 */
import { InputError } from '../kernel/assert.ts'
import type { ClampOptions, ClampTarget } from './options.ts'

/** Pieces of one target's clock at most; a finer pulse train than this is refused. */
const PIECE_COUNT_MAX = 1 << 18
/** Constant pieces that stand for one sloping stretch; each takes the factor at its middle, which is exact for a lone slope. */
const SLOPE_PIECES = 64

/** Throws InputError (one sentence, without a location) for a clamp that cannot be. */
export function checkClamp(clamp: ClampOptions): void {
  const { target, shape, startNs, endNs } = clamp
  const fail = (fact: string): never => {
    throw new InputError(`the ${shape.shape} clamp on ${target} ${fact}`)
  }
  const checkFactor = (factor: number, name: string): void => {
    if (!(factor >= 0) || !Number.isFinite(factor)) fail(`has ${name} ${factor}; a factor is a number of at least 0`)
  }
  if (Number.isNaN(startNs) || Number.isNaN(endNs)) fail('needs a start and an end')
  if (endNs < startNs) fail(`ends (${endNs} ns) before it starts (${startNs} ns); give an end after its start`)
  switch (shape.shape) {
    case 'step':
      checkFactor(shape.factor, 'the factor')
      return
    case 'ramp':
      checkFactor(shape.from, 'from')
      checkFactor(shape.to, 'to')
      if (!Number.isFinite(endNs)) fail('never ends; a ramp needs a finite end')
      return
    case 'pulse':
      checkFactor(shape.factor, 'the factor')
      if (!(shape.periodNs > 0)) fail(`has the period ${shape.periodNs} ns; a period is above 0`)
      if (!(shape.onNs >= 0)) fail(`is on for ${shape.onNs} ns; give a time of at least 0`)
      if (shape.onNs > shape.periodNs) {
        fail(`is on for ${shape.onNs} ns of a period of ${shape.periodNs} ns; make the period at least as long`)
      }
      return
    case 'curve':
      if (shape.atNs.length === 0) fail('has no points; give at least one')
      if (shape.atNs.length !== shape.factors.length) {
        fail(`has ${shape.atNs.length} times and ${shape.factors.length} factors; give one factor per time`)
      }
      for (let i = 0; i < shape.atNs.length; i++) {
        checkFactor(shape.factors[i], `factor ${i + 1}`)
        if (Number.isNaN(shape.atNs[i])) fail(`has no time for point ${i + 1}`)
        if (i > 0 && shape.atNs[i] <= shape.atNs[i - 1]) fail(`goes back in time at point ${i + 1}; sort its points by time`)
      }
  }
}

/** Factor of one clamp. A curve's times are instants of the day; it is linear between its points and held outside them. */
function factorOf(clamp: ClampOptions, ns: number): number {
  if (ns < clamp.startNs || ns >= clamp.endNs) return 1
  const { shape } = clamp
  switch (shape.shape) {
    case 'step':
      return shape.factor
    case 'ramp':
      return shape.from + ((shape.to - shape.from) * (ns - clamp.startNs)) / (clamp.endNs - clamp.startNs)
    case 'pulse':
      return (ns - clamp.startNs) % shape.periodNs < shape.onNs ? shape.factor : 1
    case 'curve': {
      const { atNs, factors } = shape
      const last = atNs.length - 1
      if (ns <= atNs[0]) return factors[0]
      if (ns >= atNs[last]) return factors[last]
      let low = 0
      let high = last
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (atNs[middle] <= ns) low = middle
        else high = middle
      }
      return factors[low] + ((factors[high] - factors[low]) * (ns - atNs[low])) / (atNs[high] - atNs[low])
    }
  }
}

/** Largest factor of one clamp. */
function largestFactor({ shape }: ClampOptions): number {
  switch (shape.shape) {
    case 'step':
    case 'pulse':
      return shape.factor
    case 'ramp':
      return Math.max(shape.from, shape.to)
    case 'curve':
      return Math.max(...shape.factors)
  }
}

export class ClampSchedule {
  private readonly byTarget = new Map<ClampTarget, ClampOptions[]>()

  /** Those on `venue` and on all venues; without a venue, of what all share. Errors: InputError for an impossible clamp. */
  constructor(clamps: readonly ClampOptions[], venue?: number) {
    for (const clamp of clamps) {
      checkClamp(clamp)
      if (clamp.venue !== undefined && clamp.venue !== venue) continue
      const list = this.byTarget.get(clamp.target)
      if (list === undefined) this.byTarget.set(clamp.target, [clamp])
      else list.push(clamp)
    }
  }

  /** True when any clamp, active or not, is on the target. */
  has(target: ClampTarget): boolean {
    return this.byTarget.has(target)
  }

  /** Product of the factors active at `ns`; 1 when none is. */
  factorAt(target: ClampTarget, ns: number): number {
    const list = this.byTarget.get(target)
    if (list === undefined) return 1
    let factor = 1
    for (let i = 0; i < list.length; i++) factor *= factorOf(list[i], ns)
    return factor
  }

  /** A bound that factorAt of the target never exceeds, at least 1. */
  factorMax(target: ClampTarget): number {
    let bound = 1
    for (const clamp of this.byTarget.get(target) ?? []) bound *= Math.max(1, largestFactor(clamp))
    return bound
  }

  /** The target's factor, integrated. Errors: InputError when a pulse train is too fine to be held. */
  clockOf(target: ClampTarget): CapacityClock {
    const list = this.byTarget.get(target)
    if (list === undefined) return new CapacityClock([], [])
    const cuts = new Set<number>()
    for (const clamp of list) addCuts(clamp, cuts)
    const startNs = [...cuts].sort((a, b) => a - b)
    const factors = startNs.map((ns, i) =>
      i + 1 < startNs.length ? this.factorAt(target, (ns + startNs[i + 1]) / 2) : this.factorAt(target, ns)
    )
    return new CapacityClock(startNs, factors)
  }
}

function addCuts(clamp: ClampOptions, cuts: Set<number>): void {
  const { shape, startNs, endNs } = clamp
  const add = (ns: number): void => {
    if (ns < startNs || ns > endNs || !Number.isFinite(ns)) return
    if (cuts.size >= PIECE_COUNT_MAX) {
      throw new InputError(
        `the ${shape.shape} clamp on ${clamp.target} has more than ${PIECE_COUNT_MAX} edges; lengthen its period or shorten it`
      )
    }
    cuts.add(ns)
  }
  const addSlope = (fromNs: number, toNs: number): void => {
    for (let i = 0; i <= SLOPE_PIECES; i++) add(fromNs + ((toNs - fromNs) * i) / SLOPE_PIECES)
  }
  add(startNs)
  add(endNs)
  if (shape.shape === 'ramp') addSlope(startNs, endNs)
  if (shape.shape === 'curve') {
    for (let i = 0; i < shape.atNs.length; i++) {
      add(shape.atNs[i])
      if (i > 0) addSlope(Math.max(startNs, shape.atNs[i - 1]), Math.min(endNs, shape.atNs[i]))
    }
  }
  if (shape.shape === 'pulse') {
    // An endless train is laid out for two days, longer than any session.
    const untilNs = Math.min(endNs, startNs + 172_800_000_000_000)
    for (let ns = startNs; ns < untilNs; ns += shape.periodNs) {
      add(ns)
      add(ns + shape.onNs)
    }
  }
}

/** Operational time of a server: the integral of its rate factor. */
export class CapacityClock {
  /** Piece i runs from startNs[i] to startNs[i + 1] (the last for ever) with factors[i]; before the first the factor is 1. */
  readonly startNs: readonly number[]
  readonly factors: readonly number[]
  private readonly workAtStart: Float64Array
  private hint = 0

  constructor(startNs: readonly number[], factors: readonly number[]) {
    this.startNs = startNs
    this.factors = factors
    this.workAtStart = new Float64Array(startNs.length)
    for (let i = 0; i < startNs.length; i++) {
      this.workAtStart[i] = i === 0 ? startNs[0] : this.workAtStart[i - 1] + (startNs[i] - startNs[i - 1]) * factors[i - 1]
    }
  }

  /** Row of the piece that holds `value` of the column; -1 before the first. */
  private find(column: ArrayLike<number>, value: number): number {
    const count = column.length
    if (count === 0 || value < column[0]) return -1
    const { hint } = this
    if (column[hint] <= value && (hint + 1 === count || value < column[hint + 1])) return hint
    let low = 0
    let high = count
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (column[middle] <= value) low = middle
      else high = middle
    }
    this.hint = low
    return low
  }

  pieceAt(ns: number): number {
    return this.find(this.startNs, ns)
  }

  factorAt(ns: number): number {
    const piece = this.find(this.startNs, ns)
    return piece === -1 ? 1 : this.factors[piece]
  }

  /** Work, in ns of unclamped service, that a server busy since 0 has done by `ns`. */
  workAt(ns: number): number {
    const piece = this.find(this.startNs, ns)
    return piece === -1 ? ns : this.workAtStart[piece] + (ns - this.startNs[piece]) * this.factors[piece]
  }

  /** The earliest instant (a real number) by which that much work is done; Infinity when it never is. */
  timeOf(work: number): number {
    let piece = this.find(this.workAtStart, work)
    if (piece === -1) return work
    // Work done exactly when a stopped piece begins is done at the start of the first piece that begins with that work.
    while (piece > 0 && this.workAtStart[piece] === work) piece--
    const before = this.workAtStart[piece]
    if (work === before) return this.startNs[piece]
    const factor = this.factors[piece]
    return factor > 0 ? this.startNs[piece] + (work - before) / factor : Number.POSITIVE_INFINITY
  }
}
