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

/** All clamps of one target. */
export class TargetClamps {
  private readonly clamps: readonly ClampOptions[]

  constructor(clamps: readonly ClampOptions[]) {
    this.clamps = clamps
  }

  /** No clamp is ever on this target. */
  get isFree(): boolean {
    return this.clamps.length === 0
  }

  /** Product of the factors active at `ns`; 1 when none is. */
  factorAt(ns: number): number {
    const { clamps } = this
    let factor = 1
    for (let i = 0; i < clamps.length; i++) factor *= factorOf(clamps[i], ns)
    return factor
  }

  /** A bound that factorAt never exceeds, at least 1. */
  factorMax(): number {
    let bound = 1
    for (const clamp of this.clamps) bound *= Math.max(1, largestFactor(clamp))
    return bound
  }

  /** The factor, integrated. Errors: InputError when a pulse train is too fine to be held. */
  clock(): CapacityClock {
    const cuts = new Set<number>()
    for (const clamp of this.clamps) addCuts(clamp, cuts)
    const startNs = [...cuts].sort((a, b) => a - b)
    const factors = startNs.map((ns, i) => this.factorAt(i + 1 < startNs.length ? (ns + startNs[i + 1]) / 2 : ns))
    return new CapacityClock(startNs, factors)
  }
}

const FREE = new TargetClamps([])

export class ClampSchedule {
  private readonly byTarget = new Map<ClampTarget, TargetClamps>()

  /** Those on `venue` and on all venues; without a venue, of what all share. Errors: InputError for an impossible clamp. */
  constructor(clamps: readonly ClampOptions[], venue?: number) {
    for (const clamp of clamps) checkClamp(clamp)
    const own = clamps.filter((clamp) => clamp.venue === undefined || clamp.venue === venue)
    for (const { target } of own) {
      if (this.byTarget.has(target)) continue
      this.byTarget.set(target, new TargetClamps(own.filter((clamp) => clamp.target === target)))
    }
  }

  of(target: ClampTarget): TargetClamps {
    return this.byTarget.get(target) ?? FREE
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
  readonly startNs: Float64Array
  readonly factors: Float64Array
  private readonly workAtStart: Float64Array
  /** The piece used last, from when to when it runs, and the line that work follows in it. */
  private piece = -1
  private fromNs = Number.NEGATIVE_INFINITY
  private untilNs = Number.POSITIVE_INFINITY
  private baseNs = 0
  private baseWork = 0
  private factor = 1

  constructor(startNs: readonly number[], factors: readonly number[]) {
    this.startNs = Float64Array.from(startNs)
    this.factors = Float64Array.from(factors)
    this.workAtStart = new Float64Array(startNs.length)
    for (let i = 0; i < startNs.length; i++) {
      this.workAtStart[i] = i === 0 ? startNs[0] : this.workAtStart[i - 1] + (startNs[i] - startNs[i - 1]) * factors[i - 1]
    }
    if (startNs.length > 0) this.untilNs = startNs[0]
  }

  pieceAt(ns: number): number {
    if (ns < this.fromNs || ns >= this.untilNs) this.enter(ns)
    return this.piece
  }

  factorAt(ns: number): number {
    if (ns < this.fromNs || ns >= this.untilNs) this.enter(ns)
    return this.factor
  }

  /** Work, in ns of unclamped service, that a server busy since 0 has done by `ns`. */
  workAt(ns: number): number {
    if (ns < this.fromNs || ns >= this.untilNs) this.enter(ns)
    return this.baseWork + (ns - this.baseNs) * this.factor
  }

  /** The earliest instant (a real number) by which that much work is done; Infinity when it never is. */
  timeOf(work: number): number {
    const { workAtStart, startNs } = this
    if (workAtStart.length === 0 || work < workAtStart[0]) return work
    let piece = lastAtMost(workAtStart, work)
    // Work done exactly when a stopped piece begins is done at the start of the first piece that begins with that work.
    while (piece > 0 && workAtStart[piece] === work) piece--
    const before = workAtStart[piece]
    if (work === before) return startNs[piece]
    const factor = this.factors[piece]
    return factor > 0 ? startNs[piece] + (work - before) / factor : Number.POSITIVE_INFINITY
  }

  private enter(ns: number): void {
    const { startNs } = this
    const piece = ns < startNs[0] ? -1 : lastAtMost(startNs, ns)
    this.piece = piece
    this.untilNs = piece + 1 < startNs.length ? startNs[piece + 1] : Number.POSITIVE_INFINITY
    this.fromNs = piece < 0 ? Number.NEGATIVE_INFINITY : startNs[piece]
    // Before the first piece work is time.
    this.baseNs = piece < 0 ? 0 : startNs[piece]
    this.baseWork = piece < 0 ? 0 : this.workAtStart[piece]
    this.factor = piece < 0 ? 1 : this.factors[piece]
  }
}

/** Index of the last entry that is at most `value`; the first is. */
function lastAtMost(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (sorted[middle] <= value) low = middle
    else high = middle
  }
  return low
}
