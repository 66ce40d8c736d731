/*
 * Prices or quantities of a file, whole numbers of its unit 10^-decimals, to whole steps (ticks, lots). The step is given by the user
 * (then it is fixed), or starts at what is usual and is refined to the greatest common divisor whenever a value lies off it: so it ends
 * as the coarsest grid that holds every value. The owner of steps already made multiplies them by the factor that `refine` gives.
 */
import { InputError } from '../kernel/assert.ts'

/** Columns of a tape hold 32-bit lots; a timeline doubles prices. */
export const LOTS_MAX = 2 ** 31 - 1
export const TICKS_MAX = 2 ** 30 - 1
/** Below this a quotient of two whole numbers is a whole number only when the division leaves none. */
const UNITS_MAX = 2 ** 51
/** Where no power of ten divides the step. */
const DIVISORS_TRIED = 100_000

export interface GridOptions {
  /** "tick" or "lot". */
  readonly what: string
  /** A unit of the file is 10^-decimals. */
  readonly decimals: number
  /** The user's step, a decimal. */
  readonly given: string | undefined
  /** Where to start, a decimal; null = the values alone decide. */
  readonly usual: string | null
  /** The greatest number of steps. */
  readonly stepsMax: number
}

export class DecimalGrid {
  readonly decimals: number
  readonly isFixed: boolean
  /** Units in a step; 0 while nothing is known. */
  unitsPerStep: number
  /** Times the step was refined after the first value. */
  refinedCount = 0
  private readonly what: string
  private readonly stepsMax: number
  /** The greatest magnitude of a value on the grid so far, units. */
  private unitsSeen = 0

  /** Errors: InputError for a step that is not a positive whole number of units. */
  constructor({ what, decimals, given, usual, stepsMax }: GridOptions) {
    this.what = what
    this.stepsMax = stepsMax
    this.decimals = decimals
    this.isFixed = given !== undefined
    const step = given ?? usual
    this.unitsPerStep = step === null ? 0 : unitsOf(what, step, decimals)
  }

  /** Steps of a value that lies on the grid; NaN when it does not (see `refine`). */
  exactly(units: number): number {
    const steps = units / this.unitsPerStep
    if (!Number.isInteger(steps)) return Number.NaN
    const size = Math.abs(units)
    if (size > this.unitsSeen) this.unitsSeen = size
    return steps <= this.stepsMax && steps >= -this.stepsMax && size < UNITS_MAX ? steps : Number.NaN
  }

  /** Whole steps at or below a value that need not lie on the grid; NaN when they do not fit. */
  atOrBelow(units: number): number {
    const steps = Math.floor(units / this.unitsPerStep)
    const size = Math.abs(units)
    if (!(steps <= this.stepsMax && steps > -this.stepsMax && size < UNITS_MAX)) return Number.NaN
    if (size > this.unitsSeen) this.unitsSeen = size
    return steps
  }

  /**
   * Makes the grid hold the value too; gives the factor for steps made so far, or null when it cannot: the step is fixed, or values would
   * no longer fit.
   */
  refine(units: number): number | null {
    const size = Math.abs(units)
    if (this.isFixed || size >= UNITS_MAX || !Number.isInteger(units)) return null
    const step = divisor(this.unitsPerStep, size)
    if (step === 0 || Math.max(size, this.unitsSeen) / step > this.stepsMax) return null
    const factor = this.unitsPerStep === 0 ? 1 : this.unitsPerStep / step
    if (this.unitsPerStep !== 0) this.refinedCount++
    this.unitsPerStep = step
    return factor
  }

  /**
   * For values that may be rounded: a finer step, as fine as leaves room for values eight times the greatest so far. Gives the factor for
   * steps made so far, or null when the step is fixed or as fine already.
   */
  refineRoughly(units: number): number | null {
    const size = Math.abs(units)
    if (this.isFixed || this.unitsPerStep === 0 || size >= UNITS_MAX) return null
    if (size > this.unitsSeen) this.unitsSeen = size
    const least = (8 * this.unitsSeen) / this.stepsMax
    let step = 1
    while (step < least) step *= 10
    for (const last = step + DIVISORS_TRIED; this.unitsPerStep % step !== 0; ) if (++step === last) return null
    if (step >= this.unitsPerStep) return null
    const factor = this.unitsPerStep / step
    this.unitsPerStep = step
    this.refinedCount++
    return factor
  }

  /**
   * A coarser step, a power of ten of this one, so that a value fits, and others eight times as large. Gives the factor below one for steps
   * made so far, or null when the step is fixed.
   */
  coarsen(units: number): number | null {
    if (this.isFixed || !(this.unitsPerStep > 0 && units <= Number.MAX_SAFE_INTEGER)) return null
    let factor = 1
    while ((8 * units) / (this.unitsPerStep * factor) > this.stepsMax) factor *= 10
    this.unitsPerStep *= factor
    if (units > this.unitsSeen) this.unitsSeen = units
    return 1 / factor
  }

  /** More steps than can be held: no finer step would help. */
  isBeyond(units: number): boolean {
    return Math.abs(units) >= UNITS_MAX || (this.unitsPerStep > 0 && Math.abs(units) / this.unitsPerStep > this.stepsMax)
  }

  /** The step as in a tape's header: steps * units / 10^decimals. */
  header(): { readonly units: number; readonly decimals: number } {
    let units = this.unitsPerStep === 0 ? 1 : this.unitsPerStep
    let { decimals } = this
    while (decimals > 0 && units % 10 === 0) {
      units /= 10
      decimals--
    }
    return { units, decimals }
  }

  /** The step as a decimal. */
  text(): string {
    const { units, decimals } = this.header()
    if (decimals === 0) return String(units)
    const digits = String(units).padStart(decimals + 1, '0')
    return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  }

  /** A value as a decimal, for messages. */
  valueText(units: number): string {
    return `${units / 10 ** this.decimals}`
  }

  /** Why a value cannot be held, as a sentence. */
  faultOf(units: number): string {
    const { what } = this
    const value = this.valueText(units)
    const noun = what === 'tick' ? 'price' : 'quantity'
    if (Math.abs(units) >= UNITS_MAX || Math.abs(units) / Math.max(1, this.unitsPerStep) > this.stepsMax)
      return `the ${noun} ${value} is too large for a ${what} of ${this.text()}; is the file damaged? Else give a larger ${what}`
    if (this.isFixed) return `the ${noun} ${value} is not a whole number of the ${what} ${this.text()}; give a smaller ${what}`
    return `the ${noun} ${value} and those before it have no common ${what} that fits in 32 bits; give one`
  }
}

/** Steps after a change of the step; what was more than nothing stays so. */
export function scaledLots(steps: number, factor: number): number {
  if (factor >= 1) return steps * factor
  return steps > 0 ? Math.max(1, Math.round(steps * factor)) : 0
}

/** Decimals that a file is to be read with: those of the user's step, so that values of any size fit; without one, `usual`. */
export function decimalsOfStep(given: string | undefined, usual: number): number {
  const match = given === undefined ? null : /^\d*\.?(\d*)$/.exec(given.trim())
  return match === null ? usual : Math.min(match[1].length, 12)
}

/** A positive decimal to units. */
function unitsOf(what: string, text: string, decimals: number): number {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(text.trim())
  const fraction = match === null ? '' : (match[2] ?? '').replace(/0+$/, '')
  const units = match === null || fraction.length > decimals ? 0 : Number(match[1] + fraction.padEnd(decimals, '0'))
  if (!(units > 0 && units < UNITS_MAX)) {
    throw new InputError(`${what}: "${text}" is not a ${what} size; write a multiple of ${(10 ** -decimals).toFixed(decimals)}`)
  }
  return units
}

function divisor(a: number, b: number): number {
  let high = a
  let low = b
  while (low > 0) [high, low] = [low, high % low]
  return high
}
